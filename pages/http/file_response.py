"""Responses that stream a file, with conditional requests and byte ranges (RFC 9110, 13 and 14)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from hashlib import file_digest
from io import BufferedReader
from threading import Lock
from time import time
from typing import cast

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date

from .byte_ranges import requested_range
from .caching import PUBLIC

CHUNK_BYTES = 64 * 1024
MAX_ETAGS = 1_000  # how many ETags are cached

_lock = Lock()
_etags: dict[tuple[int, ...], str] = {}


def stream(request: HttpRequest, file: BufferedReader, content_type: str) -> HttpResponseBase:
    """Return a response that sends `file`, or the requested part of it, and then closes the file.

    The response keeps only one chunk of the file in memory.
    """
    if request.method not in ("GET", "HEAD"):
        file.close()
        return HttpResponseNotAllowed(["GET", "HEAD"])
    status = os.fstat(file.fileno())
    modified = int(min(status.st_mtime, time()))
    headers = {
        "Content-Type": content_type,
        "Cache-Control": PUBLIC,
        "ETag": _etag(file, status),
        "Last-Modified": http_date(modified),
        "Accept-Ranges": "bytes",
    }
    whole = HttpResponse(headers=headers)
    conditional = get_conditional_response(request, headers["ETag"], modified, whole)
    if conditional is not whole:
        file.close()
        return cast(HttpResponse, conditional)
    part = _requested_range(request, headers, status.st_size)
    if part is not None and not part:
        file.close()
        del headers["Content-Type"]
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{status.st_size}"})
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{status.st_size}"
    sent = range(status.st_size) if part is None else part
    headers["Content-Length"] = str(len(sent))
    if request.method == "HEAD":
        file.close()
        return HttpResponse(headers=headers)
    # Django would collect the chunks of a synchronous iterator before it sends the first chunk over ASGI.
    chunks = _AsyncChunks(file, sent) if isinstance(request, ASGIRequest) else _Chunks(file, sent)
    return StreamingHttpResponse(chunks, status=200 if part is None else 206, headers=headers)


def _etag(file: BufferedReader, status: os.stat_result) -> str:
    """Return a hash of the file's content, so that all replicas have the same ETag. Hash each version only once."""
    key = status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    with _lock:
        if key not in _etags:
            if len(_etags) >= MAX_ETAGS:
                _etags.clear()
            _etags[key] = f'"{file_digest(file, "sha256").hexdigest()[:32]}"'
        return _etags[key]


def _requested_range(request: HttpRequest, headers: dict[str, str], size: int) -> range | None:
    """Return the range of bytes to send. Return None for the whole file, for HEAD, and if the file has changed."""
    if request.method != "GET" or not _if_range_holds(request, headers):
        return None
    return requested_range(request.headers.get("Range", ""), size)


def _if_range_holds(request: HttpRequest, headers: dict[str, str]) -> bool:
    """Return whether the file is still the version that If-Range names (RFC 9110, 13.1.5).

    Without If-Range, return True. Trust a date only if it is over a second old, because the file may change twice
    within a second (8.8.2.2).
    """
    validator = request.headers.get("If-Range")
    if validator is None or validator == headers["ETag"]:
        return True
    return validator == headers["Last-Modified"] and time() - parse_http_date(validator) > 1


class _Part:
    """A part of a file. At the end of the response, Django calls `close`, which closes the file."""

    def __init__(self, file: BufferedReader, part: range) -> None:
        self._file, self._part = file, part
        self.close = file.close

    def _read(self) -> Iterator[bytes]:
        self._file.seek(self._part.start)
        left = len(self._part)
        while left and (data := self._file.read(min(CHUNK_BYTES, left))):
            left -= len(data)
            yield data


class _Chunks(_Part):
    def __iter__(self) -> Iterator[bytes]:
        return self._read()


class _AsyncChunks(_Part):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = self._read()
        while data := await asyncio.to_thread(next, chunks, b""):
            yield data
