"""`manage.py preview_link` creates, lists and revokes links."""

from datetime import timedelta
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command

from pages.models import PreviewLink

from .conftest import NOW

pytestmark = pytest.mark.django_db


def run(*arguments, **streams):
    output = StringIO()
    call_command("preview_link", *arguments, **{"stdout": output, "stderr": StringIO()} | streams)
    return output.getvalue()


def notes(*arguments):
    """Return the lines that the command writes to standard error."""
    errors = StringIO()
    run(*arguments, stderr=errors)
    return errors.getvalue().splitlines()


def test_the_command_prints_a_link_that_works(write, client, settings):
    settings.SITE_URL = "https://www.example.com"
    url = run("/hire/sre", "--for", "12h")
    assert url.startswith("https://www.example.com/preview/")
    assert client.get(urlsplit(url.strip()).path).status_code == 200
    link = PreviewLink.objects.get()
    assert link.expires_at == NOW + timedelta(hours=12) and link.created_by is None


def test_a_link_works_for_a_week_unless_told_otherwise(write):
    run("/hire/sre")
    assert PreviewLink.objects.get().expires_at == NOW + timedelta(days=7)


def test_a_link_to_an_alias_leads_to_the_page(write):
    write("/pricing", "Aliases: /prices\n")
    assert run("/prices").strip().endswith("/pricing")


def test_the_command_says_what_the_link_shows_and_how_to_revoke_it(write):
    shown = notes("/hire/sre")
    assert shown == [
        "This link shows the site as if /hire/sre were live.",
        "It works until 2026-11-08 12:00 UTC for everyone who has it.",
        f"To revoke it, run “preview_link --revoke {PreviewLink.objects.get().pk}”.",
    ]
    assert "as it will be on 2026-12-01 03:30 UTC." in notes("/pricing", "--at", "2026-12-01 09:00 +05:30")[0]


def test_the_command_says_that_a_page_is_live(write):
    assert notes("/pricing")[-1] == "This page is live, so visitors can see it without a preview link."
    assert not any("is live" in line for line in notes("/pricing", "--at", "2026-12-01"))


def test_links_are_listed_and_revoked(write, client):
    urls = [run("/hire/sre"), run("/", "--at", "2026-12-01 09:00 +05:30"), run("/pricing")]
    paths = [urlsplit(url.strip()).path for url in urls]
    first, second, third = PreviewLink.objects.order_by("pk")
    assert run("--list").splitlines() == [
        f"{first.pk}  /hire/sre, until 2026-11-08 12:00 UTC",
        f"{second.pk}  /, until 2026-11-08 12:00 UTC, shows the site at 2026-12-01 03:30 UTC",
        f"{third.pk}  /pricing, until 2026-11-08 12:00 UTC",
    ]
    run("--revoke", str(first.pk))
    assert [client.get(path).status_code for path in paths] == [404, 200, 200]
    assert run("--revoke-all") == "Links revoked: 2\n"
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    assert run("--list") == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Give the URL of a page"),
        (["/hire/sri"], "Did you mean /hire/sre?"),
        (["/hire/sre", "--for", "0d"], "Write a number and a unit"),
        (["/hire/sre", "--for", "14w"], "at most 90 days"),
        (["/hire/sre", "--at", "tomorrow"], "is not a time"),
        (["/hire/sre", "--at", "2026-10-31"], "This time has passed"),
        (["--revoke", "99"], "no working link with the number 99"),
        (["--revoke", "panel"], "no working link with the number panel"),
        (["--revoke", "9" * 30], "no working link with the number 9"),
    ],
)
def test_a_mistake_is_explained(write, arguments, message):
    with pytest.raises(CommandError, match=message.replace("?", r"\?")):
        run(*arguments)
    assert not PreviewLink.objects.exists()
