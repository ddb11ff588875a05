"""Sample video files for tests."""

import struct


def mp4(brand: bytes = b"isom", size: int = 0) -> bytes:
    """Return an MP4 file without pictures and sound, but with `size` bytes of data."""
    file_type = struct.pack(">I4s4sI4s", 20, b"ftyp", brand, 512, b"isom")
    header = struct.pack(">I4s", 8 + 100 + 8, b"moov") + struct.pack(">I4s", 108, b"mvhd") + _movie_header()
    return file_type + header + struct.pack(">I4s", 8 + size, b"mdat") + bytes(size)


def _movie_header() -> bytes:
    """Return the fields of the box `mvhd`, version 0: a movie of one second (ISO/IEC 14496-12, 8.2.2)."""
    matrix = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    return struct.pack(">IIIIIIH10x9I24xI", 0, 0, 0, 1000, 1000, 0x10000, 0x100, *matrix, 1)
