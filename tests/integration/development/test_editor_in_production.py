"""In production, the editor can't be imported or requested, and no page or static file refers to it."""

import sys
from importlib import import_module

import pytest
from django.contrib.staticfiles.finders import get_finders

from ...conftest import ROOT, SEED_URL

EDITOR = "pages.development.editor"


@pytest.mark.parametrize("is_debug", [False, True])
@pytest.mark.parametrize("name", ["", ".views", ".urls", ".part_files", ".pencils"])
def test_production_cannot_import_the_editor(settings, monkeypatch, is_debug, name):
    settings.DEBUG, settings.PRODUCTION = is_debug, True
    for module in [each for each in sys.modules if each.startswith(EDITOR)]:
        monkeypatch.delitem(sys.modules, module)
    with pytest.raises(ImportError, match="for development only"):
        import_module(EDITOR + name)


def test_production_has_no_trace_of_the_editor(client, content):
    for path in (SEED_URL, "/", "/hire/none"):
        page = client.get(path, REMOTE_ADDR="127.0.0.1", headers={"Host": "localhost"})
        for trace in (b"editor.", b"__edit__", b"pencil"):
            assert trace not in page.content
    for action in ("open", "check", "save"):
        headers = {"X-Editor": "1", "Host": "localhost"}
        answer = client.post(f"/__edit__/{action}", "{}", content_type="application/json", headers=headers)
        assert answer.status_code in (404, 405)


def test_production_collects_no_file_of_the_editor():
    """The editor's files are in the folder of an app that production doesn't install."""
    collected = {path for finder in get_finders() for path, _ in finder.list([])}
    assert "development/problems.css" in collected
    assert (ROOT / "pages/development/static/development/editor.js").is_file()
    assert [path for path in collected if "editor" in path] == []
