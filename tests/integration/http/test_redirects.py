"""Test that redirects and links never lead to another site, and that each page and file has only one URL."""

import re
import shutil
from urllib.parse import quote

import pytest
from django.test import Client, RequestFactory
from hypothesis import example, given
from hypothesis import strategies as st

from pages.content.url_paths import TARGET_PATTERN, alias_path, normalize_path

from ...conftest import SEED_URL

OTHER_SITE = "evil.example"


@pytest.fixture
def get(content):
    """Request a path exactly as given. Django's client would parse `//host` as a URL."""

    def get(path, **environment):
        return Client().generic("GET", "/", **{"PATH_INFO": path, **environment})

    return get


@pytest.mark.parametrize(
    "path",
    [
        f"//{OTHER_SITE}",
        f"//{OTHER_SITE}/",
        f"//{OTHER_SITE}{SEED_URL}",
        f"//{OTHER_SITE}/..{SEED_URL}",
        f"///{OTHER_SITE}/%2f..",
        f"/\\{OTHER_SITE}",
        f"/\\/{OTHER_SITE}",
        f"/\t/{OTHER_SITE}",
        f"/.//{OTHER_SITE}",
        f"/@{OTHER_SITE}",
        f"http://{OTHER_SITE}/",
        f"{SEED_URL}//{OTHER_SITE}",
        f"/desk//{OTHER_SITE}",
        f"/static//{OTHER_SITE}",
        f"/search//{OTHER_SITE}",
    ],
)
def test_no_path_leads_to_another_site(get, path):
    response = get(path, QUERY_STRING=f"next=//{OTHER_SITE}")
    assert response.status_code == 404 or response["Location"].startswith("/desk/login/?next=/desk/")
    assert f'href="//{OTHER_SITE}' not in response.text and f'action="//{OTHER_SITE}' not in response.text


@pytest.mark.parametrize("path", [f"/{SEED_URL}", f"{SEED_URL}/", f"{SEED_URL}//", SEED_URL.upper(), f"//{SEED_URL}/"])
def test_other_spellings_of_a_url_redirect_to_the_page(get, path):
    response = get(path, QUERY_STRING=f"next=//{OTHER_SITE}")
    assert (response.status_code, response["Location"]) == (301, f"{SEED_URL}?next=//{OTHER_SITE}")


@given(st.text(alphabet="/aZé%20.Ec3fF?#\\ \t\u0130\u0301\0", max_size=12).map("/x".__add__))
@example("/x%20y")
@example("/caf%C3%A9")
@example("/caf%E9")
@example("/x/%2E%2e")
def test_an_alias_and_a_request_for_it_have_the_same_path(alias):
    """If a path is valid UTF-8, servers and Django's test client decode it in the same way."""
    if path := alias_path(alias):
        assert normalize_path(RequestFactory().get(alias).path_info) == path
        assert normalize_path(RequestFactory().get(quote(alias, safe="/%")).path_info) == path


@pytest.mark.parametrize(
    "alias", ["/old%20page", "/caf%C3%A9", "/café", "/Old/Page/", "/100%", "/a%2Fb", "/.well/x.php"]
)
def test_an_alias_redirects_to_its_page(client, content, alias):
    text = (content / "about.md").read_text()
    (content / "about.md").write_text(text.replace("Title:", f"Aliases: {alias}\nTitle:", 1))
    response = client.get(alias)
    assert (response.status_code, response["Location"]) == (301, "/about")


def test_a_file_has_only_one_url(get, content):
    (content / "files").mkdir()
    shutil.copy(content / "about.md", content / "files" / "prices.csv")
    assert get("/files/prices.csv").getvalue()
    for path in ("//files/prices.csv", "/files//prices.csv", "/./files/prices.csv", "/x/../files/prices.csv"):
        assert get(path).status_code == 404


@pytest.mark.parametrize("target", [f"//{OTHER_SITE}", f"/\\{OTHER_SITE}", f"//{OTHER_SITE}/pricing"])
def test_a_scheme_relative_url_is_not_a_valid_target(target):
    assert not re.fullmatch(TARGET_PATTERN, target)
    assert re.fullmatch(TARGET_PATTERN, f"https://{OTHER_SITE}") and re.fullmatch(TARGET_PATTERN, "/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", [f"//{OTHER_SITE}", f"/\\{OTHER_SITE}", f"https://{OTHER_SITE}", f"\t//{OTHER_SITE}"]
)
def test_a_login_redirects_only_to_this_site(client, admin_user, target):
    response = client.post("/desk/login/", {"username": "admin", "password": "password", "next": target})
    assert response.status_code in (200, 302, 429) and OTHER_SITE not in response.headers.get("Location", "")
