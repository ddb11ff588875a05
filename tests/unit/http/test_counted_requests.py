"""Which requests for addresses without a page are counted, and under which address."""

import pytest
from django.test import RequestFactory

from pages.http.counted_requests import MAX_LENGTH, counted_address

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def counted(path, method="GET", browser=BROWSER, accept=HTML, **query):
    headers = {"User-Agent": browser, "Accept": accept}
    request = RequestFactory().generic(method, "/", query_params=query, headers=headers)
    request.path_info = path  # `path` is already percent-decoded, as in a real request
    return counted_address(request)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/hire/sre", "/hire/sre"),
        ("/Hire//SRE/", "/hire/sre"),
        ("/pricing.html", "/pricing.html"),
        ("/files/report.pdf", "/files/report.pdf"),
        ("/blog/10-questions-to-ask-every-data-engineer", "/blog/10-questions-to-ask-every-data-engineer"),
        ("/blog/2024/05/structured-interviews", "/blog/2024/05/structured-interviews"),
        ("/blog/2024-05-12-interviews", "/blog/2024-05-12-interviews"),
        ("/über-uns", "/über-uns"),
        ("/internationalization-responsibilities", "/internationalization-responsibilities"),
    ],
)
def test_an_address_is_counted_in_its_normal_form(path, address):
    assert counted(path) == address


def test_the_query_is_dropped():
    assert counted("/hire/sre", email="someone@example.com", utm_source="x") == "/hire/sre"


@pytest.mark.parametrize(
    "path",
    [
        "/unsubscribe/someone@example.com",
        "/unsubscribe/someone%40example.com",
        "/call/+91 89624 12726",
        "/call/919876543210",
        "/call/020-7946-0958",
        "/order/20458813",
        "/reset/9f86d081884c7d659a2feaa0c55ad015",
        "/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        "/user/0b9c1f3e-7a52-4d0b-9a11-5f8e2c3d4b6a",
        "/reset/MjM0NTY3ODkwMTIz_abcDEF",
        "/preview/abcdefgh/hire/sre",
    ],
)
def test_an_address_that_may_identify_somebody_is_not_counted(path):
    assert counted(path) == ""


@pytest.mark.parametrize(
    "path",
    [
        "/wp-login.php",
        "/blog/wp-admin",
        "/index.php",
        "/.env",
        "/hire/.git/config",
        "/cgi-bin/test",
        "/cgi-bin",
        "/phpMyAdmin",
        "/vendor/phpunit",
        "/actuator/health",
        "/backup.zip",
        "/static/old.css",
        "/images/logo.png",
        "/sitemap_index.xml",
        "/livez/x",
        "/",
        "/a b",
        "/a\\b",
        "/a\x00",
        "/\ud800",
        "/../x",
        "/" + "a-" * MAX_LENGTH,
        "/" + "İ-" * (MAX_LENGTH // 2 - 1),
    ],
)
def test_other_paths_are_not_counted(path):
    assert counted(path) == ""


@pytest.mark.parametrize(
    "browser",
    [
        "",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
        "Mozilla/5.0 zgrab/0.x (scanner)",
        "facebookexternalhit/1.1",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0 Safari/537.36",
    ],
)
def test_programs_are_not_counted(browser):
    assert counted("/hire/sre", browser=browser) == ""


@pytest.mark.parametrize(
    "browser",
    [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
        "Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 "
        "Safari/537.36 Edg/138.0.0.0",
        "Opera/9.80 (Android; Opera Mini/36.2/119.132; U; en) Presto/2.12.423 Version/12.16",
    ],
)
def test_browsers_are_counted(browser):
    assert counted("/hire/sre", browser=browser) == "/hire/sre"


def test_only_visits_to_documents_are_counted():
    assert counted("/hire/sre", accept="image/avif,image/webp,*/*") == ""
    assert counted("/hire/sre", method="HEAD") == "/hire/sre"
    assert counted("/hire/sre", method="POST") == ""
