"""From draft to live: show a draft to a colleague, and look at the site as it will be."""

from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.django_db


def preview_path(marketer, *arguments):
    return urlsplit(marketer.run("preview_link", *arguments)[0].strip()).path


def test_show_a_draft_to_a_colleague(marketer):
    marketer.write_page("hire/sre", "On call.", "Status: draft\n")
    path = preview_path(marketer, "/hire/sre")
    assert marketer.get("/hire/sre").status_code == 404
    assert "On call." in marketer.get(path).text
    marketer.edit("hire/sre.md", "On call.", "Calm on call.")
    assert "Calm on call." in marketer.get(path).text


def test_see_the_site_as_it_will_be(marketer):
    marketer.write_page("hire/sre", "On call.", "Publish: 2999-12-01 09:00 +05:30\n")
    before = preview_path(marketer, "/", "--at", "2999-12-01 03:29")
    after = preview_path(marketer, "/", "--at", "2999-12-01 09:00 +05:30")
    assert marketer.get(f"{before}hire/sre").status_code == 404
    assert marketer.get(f"{after}hire/sre").status_code == 200
    assert f'href="{after}hire/sre"' in marketer.get(f"{after}hire").text
