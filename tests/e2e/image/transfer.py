"""Measure how much of a new image a server must fetch, if the server has an older image."""

from __future__ import annotations

import json
import tarfile
import zlib
from tempfile import NamedTemporaryFile

from .engine import Engine


def transferred(engine: Engine, old: str, new: str) -> tuple[int, int]:
    """Return the number of the layers that only `new` has, and their size in bytes, compressed as in a registry."""
    known = _layers(engine, old)
    size = count = 0
    with NamedTemporaryFile(dir=engine.folder) as saved:
        engine.docker("save", "--output", saved.name, new)
        with tarfile.open(saved.name) as archive:
            (image,) = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
            for name, layer in zip(image["Layers"], _layers(engine, new), strict=True):
                if layer not in known:
                    count += 1
                    size += _compressed_size(archive, name)
    return count, size


def _layers(engine: Engine, image: str) -> list[str]:
    """Return the hashes of an image's layers."""
    return list(json.loads(engine.docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", image)))


def _compressed_size(archive: tarfile.TarFile, name: str) -> int:
    layer, compressor, size = archive.extractfile(name), zlib.compressobj(), 0
    assert layer
    while data := layer.read(1 << 20):
        size += len(compressor.compress(data))
    return size + len(compressor.flush())
