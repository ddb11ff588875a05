"""Responses that refuse a request before Django sees it."""

from __future__ import annotations

from collections.abc import Mapping

from asgiref.typing import ASGISendCallable


async def refuse(send: ASGISendCallable, status: int, text: bytes, headers: Mapping[str, str]) -> None:
    """Send `text`, and close the connection. The rest of the request isn't read."""
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(text)),
        "Connection": "close",
        **headers,
    }
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded, "trailers": False})
    await send({"type": "http.response.body", "body": text, "more_body": False})
