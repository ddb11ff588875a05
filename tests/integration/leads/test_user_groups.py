"""Test the two groups of admin users: each sees only its own pages."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection

from layersrank_site.user_groups import GROUPS, create_groups
from leads import intake
from leads.models import Lead

from .conftest import submission

LEADS_PAGES = [
    "/desk/leads/lead/",
    "/desk/leads/lead/?q=visitor",
    "/desk/leads/lead/{lead}/change/",
    "/desk/leads/lead/{lead}/history/",
    "/desk/leads/lead/{lead}/delete/",
    "/desk/leads/message/",
    "/desk/leads/message/{message}/change/",
    "/desk/leads/message/{message}/history/",
    "/desk/leads/leadcount/",
    "/desk/leads/leadcount/?format=csv",
]
OTHER_PAGES = ["/desk/auth/user/", "/desk/auth/group/", "/desk/axes/accessattempt/", "/desk/otp_totp/totpdevice/"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    intake.save_to_database(submission(1))
    return Lead.objects.get()


def admin_links(response):
    links = BeautifulSoup(response.content, "html.parser").select("#content a[href^='/desk/']")
    return {link["href"] for link in links}


def test_leads_users_see_the_leads(log_in_as, lead):
    client, message = log_in_as("Leads"), lead.messages.first()
    for url in LEADS_PAGES:
        assert client.get(url.format(lead=lead.pk, message=message.pk)).status_code == 200
    response = client.post(f"/desk/leads/lead/{lead.pk}/delete/", {"post": "yes"})
    assert response.status_code == 302
    assert not Lead.objects.exists()


def test_leads_users_may_send_messages_again(log_in_as, lead):
    data = {"action": "resend", "_selected_action": [lead.pk]}
    assert b"Messages queued" in log_in_as("Leads").post("/desk/leads/lead/", data, follow=True).content


def test_content_users_see_no_leads(log_in_as, lead):
    client, message = log_in_as("Content"), lead.messages.first()
    for url in LEADS_PAGES:
        response = client.get(url.format(lead=lead.pk, message=message.pk))
        assert response.status_code == 403
        assert b"visitor1" not in response.content
    for url in ("/desk/leads/lead/", f"/desk/leads/lead/{lead.pk}/delete/"):
        assert client.post(url, {"action": "resend", "_selected_action": [lead.pk], "post": "yes"}).status_code == 403
    assert Lead.objects.count() == 1
    assert client.get("/desk/leads/").status_code == 404


@pytest.mark.parametrize("group", GROUPS)
def test_neither_group_sees_users_and_devices(log_in_as, group):
    client = log_in_as(group)
    for url in OTHER_PAGES:
        assert client.get(url).status_code == 403
    for app in ("auth", "axes", "otp_totp", "otp_static"):
        assert client.get(f"/desk/{app}/").status_code == 404


@pytest.mark.parametrize("group", GROUPS)
def test_the_index_lists_only_the_pages_of_the_group(log_in_as, group):
    folder = {"Leads": "/desk/leads/", "Content": "/desk/pages/"}[group]
    links = admin_links(log_in_as(group).get("/desk/"))
    assert {link for link in links if not link.startswith(folder)} == set()


def test_autocompletion_gives_content_users_no_leads(log_in_as, lead):
    fields = {"app_label": "leads", "model_name": "message", "field_name": "lead", "term": "visitor"}
    assert log_in_as("Content").get("/desk/autocomplete/", fields).status_code == 403


def test_the_catalog_of_translations_has_no_leads(log_in_as, lead):
    response = log_in_as("Content").get("/desk/jsi18n/")
    assert response.status_code == 200
    assert b"visitor1" not in response.content


def test_a_changed_group_stays_as_it_is():
    group = Group.objects.get(name="Leads")
    group.permissions.set(Permission.objects.filter(codename="view_lead"))
    create_groups(using=connection.alias)
    assert [permission.codename for permission in group.permissions.all()] == ["view_lead"]


def test_a_group_is_created_only_with_all_of_its_permissions():
    Group.objects.all().delete()
    Permission.objects.filter(codename="view_lead").delete()
    create_groups(using=connection.alias)
    assert [group.name for group in Group.objects.all()] == ["Content"]
