"""`/.well-known/security.txt`, read as RFC 9116 says."""

from datetime import UTC, datetime, timedelta

import pytest

from pages import clock
from pages.content.url_paths import is_reserved
from pages.http.security_txt import PATH

from ...support.content_samples import keep_documents

CONTACT = '[security]\ncontact = ["security@example.com", "+91 89624 12726"]\n'
WITH_ALL = f'{CONTACT}policy = "/about"\npreferred_languages = ["en", "hi"]\n'


@pytest.fixture
def fields(client, content, settings):
    keep_documents(content, "index.md", "about.md")

    def read(table, site_url="https://www.example.com"):
        settings.SITE_URL = site_url
        (content / "site.toml").write_text(table)
        response = client.get(PATH)
        assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
        return [tuple(line.split(": ", 1)) for line in response.content.decode().splitlines()]

    return read


def test_the_file_has_each_field_of_the_settings(fields):
    found = fields(WITH_ALL)
    assert [value for name, value in found if name == "Contact"] == [
        "mailto:security@example.com",
        "tel:+918962412726",
    ]
    assert dict(found) | {"Contact": "", "Expires": ""} == {
        "Contact": "",
        "Expires": "",
        "Preferred-Languages": "en, hi",
        "Canonical": f"https://www.example.com{PATH}",
        "Policy": "https://www.example.com/about",
    }


def test_addresses_of_web_pages_begin_with_https(fields):
    assert {name for name, _ in fields(WITH_ALL, "http://127.0.0.1:8000")} == {
        *("Contact", "Expires", "Preferred-Languages")
    }
    policy = f'{CONTACT}policy = "https://example.com/policy"\n'
    assert ("Policy", "https://example.com/policy") in fields(policy, "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 8, 31, 12, tzinfo=UTC),
        datetime(2027, 12, 31, 23, tzinfo=UTC),
        datetime(2028, 2, 29, tzinfo=UTC),
    ],
)
def test_the_file_expires_in_one_month_to_one_year(fields, now):
    with clock.fixed_at(now):
        [expires] = [value for name, value in fields(CONTACT) if name == "Expires"]
    left = datetime.strptime(expires, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) - now
    assert timedelta(days=30) <= left <= timedelta(days=365)


def test_caches_keep_the_file_until_the_next_month_at_most(client, content):
    (content / "site.toml").write_text(CONTACT)
    with clock.fixed_at(datetime(2026, 1, 31, 23, 59, 30, tzinfo=UTC)):
        assert "s-maxage=30," in client.get(PATH)["Cache-Control"]


def test_without_a_contact_there_is_no_file(client, content):
    for settings in ("", "[security]\n"):
        (content / "site.toml").write_text(f'name = "Ours"\n{settings}')
        assert client.get(PATH).status_code == 404


def test_no_document_can_use_the_address():
    assert is_reserved(PATH)
