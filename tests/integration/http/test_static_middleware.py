"""The middleware for static files, when Django renders synchronously: in the publisher and in Django's test client."""

import threading

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from layersrank_site.middleware import static_files


@pytest.fixture
def middleware(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "base.css").write_text("p { margin: 0 }")
    return static_files(lambda request: HttpResponse("a page"))


def test_static_files_are_served(middleware):
    response = middleware(RequestFactory().get("/static/base.css"))
    assert response.status_code == 200 and response["Content-Type"].startswith("text/css")
    assert b"".join(response).startswith(b"p {")
    assert middleware(RequestFactory().post("/static/base.css")).status_code == 405


def test_a_page_starts_no_thread(middleware, monkeypatch):
    monkeypatch.setattr(threading.Thread, "start", lambda thread: pytest.fail("a thread was started"))
    assert middleware(RequestFactory().get("/pricing")).content == b"a page"
