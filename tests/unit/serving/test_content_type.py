"""Test that Content-Type reaches Django without its parameters."""

import codecs
import encodings
from uuid import uuid4

import pytest
from django.core.asgi import get_asgi_application

from layersrank_site.serving.content_type import drop_content_type_parameters
from tests.support.asgi_client import ask


def unknown_encodings():
    """Return the names of unknown encodings that Python has cached. Python caches each name that it can't find."""
    return {name for name, codec in encodings._cache.items() if codec is None}


@pytest.mark.parametrize("parameter", ["charset={}", "x*={}''%41"])
def test_unknown_encodings_are_not_remembered(parameter):
    application = drop_content_type_parameters(get_asgi_application())
    before = unknown_encodings()
    for number in range(20):
        value = "application/x-www-form-urlencoded; " + parameter.format(f"no-such-encoding-{number}")
        assert ask(application, "/livez", "POST", content_type=value).status == 200
    assert unknown_encodings() == before
    with pytest.raises(LookupError):
        codecs.lookup(f"unknown-{uuid4().hex}")
    assert len(unknown_encodings()) == len(before) + 1  # `codecs.lookup` itself makes Python remember the unknown name


def test_the_media_type_is_kept():
    seen = []

    async def application(scope, receive, send):
        seen.append(dict(scope["headers"])[b"content-type"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    for value in ("text/plain", "text/plain; charset=utf-8", "multipart/form-data;boundary=x"):
        ask(drop_content_type_parameters(application), "/", content_type=value)
    assert seen == [b"text/plain", b"text/plain", b"multipart/form-data"]
