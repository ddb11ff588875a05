"""The pages that this site adds to the admin, in a browser: a user logs in, and axe-core checks each page."""

import os
import subprocess
import sys

import pytest

from ...conftest import ROOT, serving
from ...support.fast_brotli import PRODUCTION_SETTINGS
from .measures import SCHEMES, axe_violations

PASSWORD = "a password of more than twelve letters"
FILES = {
    "site.toml": '[calls_to_action]\n[banner]\ntext = "Closed"\nfrom = "2026-01-01"\n',
    "index.md": "# Home\n## /\n\n## META\n\n```\nTitle: Home\n```\n\nWords.\n",
    "broken.md": "# Broken\n## /broken\n\n## META\n\n```\nPublish: 2050-01-01\n```\n\n[Nowhere](/nowhere).\n",
}
LEAD = (
    "from django.utils import timezone; from leads.models import Lead; "
    "Lead.objects.create(key='1', page='/start', sent_at=timezone.now(), email='a@example.com', "
    "fields={'role': 'Welder'}, campaign={'utm_campaign': 'autumn'}, consent='', mailbox='', client='')"
)
ADDRESS = (
    "from datetime import date; from pages.models import MissingAddress; day = date(2026, 11, 29); "
    "MissingAddress.objects.create(address='/lost', visits=7, first_day=day, last_day=day)"
)
# Check only the site's own parts: Django's parts, such as the breadcrumbs, have a low contrast and small targets.
OWN_PARTS = {"include": [["#content"]], "exclude": [["#changelist-filter"]]}
PAGES = {
    "pages/document/": "errors",
    "pages/document/planned/": "Nothing is planned",
    "pages/missingaddress/": "/lost",
    "leads/leadcount/": "Welder",
}


@pytest.fixture(scope="module")
def admin_site(tmp_path_factory):
    """A small site with an admin, a user and a lead. Its publisher has checked all documents."""
    folder = tmp_path_factory.mktemp("admin")
    (folder / "content").mkdir()
    for name, text in FILES.items():
        (folder / "content" / name).write_text(text)
    environment = PRODUCTION_SETTINGS | {"ADMIN_PATH": "desk", "ADMIN_OTP": "0", "WEB_CONCURRENCY": "1"}
    with serving(folder, takes_leads=True, **environment) as running:
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "layersrank_site.settings",
            "SECRET_KEY": "a key for one run of the tests, and for nothing else: 3f9c2b7d1e8a",
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }
        user = ["createsuperuser", "--noinput", "--username", "keeper", "--email", "keeper@example.com"]
        for command in (user, ["shell", "--command", LEAD], ["shell", "--command", ADDRESS]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, capture_output=True)
        running.until("/readyz", lambda response: b'"content_errors": 0' in response.body)
        yield running


@pytest.fixture
def open_admin(open_page, admin_site):
    def open_admin_page(path, width):
        page = open_page(f"/desk/login/?next=/desk/{path}", width, site=admin_site, reduced_motion="reduce")
        page.fill("[name=username]", "keeper")
        page.fill("[name=password]", PASSWORD)
        page.click("[type=submit]")
        return page

    return open_admin_page


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_axe_core_finds_no_violations(open_admin, axe, path, width):
    page = open_admin(path, width)
    assert PAGES[path] in page.inner_text("#content")
    page.evaluate("document.querySelectorAll('#content details').forEach(details => { details.open = true })")
    violations = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        violations += [f"{scheme}: {violation}" for violation in axe_violations(page, axe, OWN_PARTS)]
    assert violations == []
    assert page.console_messages == []


def test_the_list_of_documents_opens_the_messages_of_a_problem(open_admin):
    page = open_admin("pages/document/?q=broken", 1440)
    message = page.locator("text=This link leads to /nowhere")
    assert not message.is_visible()
    page.click("#result_list summary")
    assert message.is_visible()
    assert "scheduled for 2050-01-01 00:00 UTC" in page.inner_text("#result_list")
