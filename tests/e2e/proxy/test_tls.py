"""The site over HTTPS, with a certificate mounted into nginx."""

import os
import re
import subprocess
import sys
import time
from urllib.parse import urlencode

import pytest

from ...conftest import ROOT, SEED_URL, serving
from .conftest import copy_documents
from .nginx import HOST, needs_tools, run_nginx

pytestmark = needs_tools

PERSON = {"name": "Priya Rao", "email": "priya@visitor.example", "company": "Example", "role": "SRE", "consent": "on"}


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    folder = tmp_path_factory.mktemp("secure")
    copy_documents(folder)
    environment = {
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "TRUSTED_PROXIES": "127.0.0.1",
        "ADMIN_PATH": "desk",
        "WEB_CONCURRENCY": "1",
    }
    with (
        serving(folder, takes_leads=True, **environment) as site,
        run_nginx(folder / "nginx", [site.port], certificate=True) as nginx,
    ):
        site.published(SEED_URL)
        user = os.environ | {
            "DJANGO_SETTINGS_MODULE": "layersrank_site.settings",
            "SECRET_KEY": "a key for one command of the tests, and for nothing else: 5d8e1f0a7c",
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "DJANGO_SUPERUSER_PASSWORD": "a password for one test",
        }
        create = [sys.executable, "manage.py", "createsuperuser", "--noinput", "--username=ann", "--email=a@b.example"]
        subprocess.run(create, cwd=ROOT, env=user, check=True, capture_output=True)
        yield nginx


def curl(nginx, path, *arguments, plain=False):
    """Request `path` from HOST, and keep cookies. Return the HTTP version, status, headers and text."""
    scheme, port = ("http", nginx.port) if plain else ("https", nginx.secure_port)
    default_port = 80 if plain else 443
    output = subprocess.run(
        [
            *("curl", "--silent", "--show-error", "--include", "--http2", "--compressed", "--max-time", "20"),
            *(
                "--cacert",
                nginx.certificates / "fullchain.pem",
                "--connect-to",
                f"{HOST}:{default_port}:127.0.0.1:{port}",
            ),
            *("--cookie", nginx.folder / "cookies", "--cookie-jar", nginx.folder / "cookies"),
            *(*arguments, f"{scheme}://{HOST}{path}"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    head, _, text = output.replace("\r\n", "\n").partition("\n\n")
    first, *lines = head.split("\n")
    version, status = re.match(r"HTTP/(\S+) (\d+)", first).groups()
    return version, int(status), {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}, text


def hidden_fields(text):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', text))


def test_http_redirects_to_https(secure):
    _, status, headers, _ = curl(secure, "/hire?utm_source=x", plain=True)
    assert (status, headers["location"]) == (301, f"https://{HOST}/hire?utm_source=x")


def test_a_page_over_http_2_has_hsts_and_only_https_links(secure):
    version, status, headers, text = curl(secure, SEED_URL)
    assert (version, status) == ("2", 200)
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["content-encoding"] in ("br", "gzip")
    assert f'<link rel="canonical" href="https://{HOST}{SEED_URL}">' in text
    assert "http://" not in re.sub(r"http://www\.w3\.org/|http://127\.0\.0\.1", "", text)


def test_old_tls_versions_are_refused(secure):
    accepted, s_client = {}, ["openssl", "s_client", "-connect", f"127.0.0.1:{secure.secure_port}"]
    for version in ("tls1_1", "tls1_2", "tls1_3"):
        command = [*s_client, f"-{version}", "-cipher", "ALL:@SECLEVEL=0"]
        accepted[version] = subprocess.run(command, input=b"", capture_output=True, check=False).returncode == 0
    assert accepted == {"tls1_1": False, "tls1_2": True, "tls1_3": True}


def test_a_form_is_accepted(secure):
    _, status, headers, text = curl(secure, "/start")
    assert status == 200
    assert headers["set-cookie"].startswith("__Host-csrftoken=")
    assert "Secure" in headers["set-cookie"] and "Path=/" in headers["set-cookie"]
    assert "Domain" not in headers["set-cookie"]
    time.sleep(2.2)  # Wait longer than leads.views.FASTEST_SECONDS. A faster form counts as automated.
    origin = ("--header", f"Origin: https://{HOST}", "--referer", f"https://{HOST}/start")
    form = ("--data", urlencode(hidden_fields(text) | PERSON), *origin)
    _, status, headers, _ = curl(secure, "/start", *form)
    assert status == 303
    assert headers["location"].startswith("/start?sent=")
    _, status, _, text = curl(secure, headers["location"])
    assert status == 200 and 'id="sent"' in text


def test_a_form_from_another_site_is_refused(secure):
    _, _, _, text = curl(secure, "/start")
    form = ("--data", urlencode(hidden_fields(text) | PERSON), "--header", "Origin: https://evil.example")
    assert curl(secure, "/start", *form)[1] == 403


def test_login_to_the_admin(secure):
    _, status, headers, _ = curl(secure, "/desk/")
    assert status == 302
    assert headers["location"] == "/desk/login/?next=/desk/"
    _, _, _, text = curl(secure, headers["location"])
    login = {
        "csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="(\w+)"', text)[1],
        "username": "ann",
        "password": "a password for one test",
        "next": "/desk/",
    }
    _, status, headers, _ = curl(
        secure, "/desk/login/", "--data", urlencode(login), "--header", f"Origin: https://{HOST}"
    )
    assert (status, headers["location"]) == (302, "/desk/")
    _, status, _, text = curl(secure, "/desk/")
    assert status == 200 and "Log out" in text


def test_acme_challenges_are_served_over_http(secure):
    folder = secure.certificates / "webroot" / ".well-known" / "acme-challenge"
    folder.mkdir(parents=True)
    (folder / "token").write_text("proof")
    assert curl(secure, "/.well-known/acme-challenge/token", plain=True)[1::2] == (200, "proof")
    assert curl(secure, "/.well-known/acme-challenge/other", plain=True)[1] == 404
    for path in ("..%2f..%2f..%2fprivkey.pem", "../../../privkey.pem"):
        _, status, _, text = curl(secure, f"/.well-known/acme-challenge/{path}", "--path-as-is")
        assert status in (400, 404) and "PRIVATE KEY" not in text


def test_nginx_does_not_start_if_the_certificate_file_is_missing(tmp_path):
    (tmp_path / "certificates").mkdir()
    (tmp_path / "certificates" / "privkey.pem").write_text("not a key")
    with (
        pytest.raises(pytest.fail.Exception, match=r"cannot load certificate .*fullchain.pem"),
        run_nginx(tmp_path, [1]),
    ):
        pass
