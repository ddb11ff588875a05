"""The groups of admin users: “Content” sees the content but no leads, and “Leads” sees only the leads."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission

GROUPS = {
    "Content": {
        "pages": [
            *("view_document", "view_previewlink", "add_previewlink"),
            *("view_missingaddress", "delete_missingaddress"),
        ],
    },
    "Leads": {
        "leads": ["view_lead", "change_lead", "delete_lead", "view_leadcount", "view_message", "delete_message"],
    },
}


def create_groups(using: str, **kwargs: Any) -> None:
    """Create the missing groups. Django calls this function after the migrations of each app.

    A group is created as soon as all of its permissions exist. Existing groups are left unchanged, so that the site's
    operators can change them.
    """
    for name, codenames in GROUPS.items():
        if Group.objects.using(using).filter(name=name).exists():
            continue
        permissions = [
            permission
            for app, names in codenames.items()
            for permission in Permission.objects.using(using).filter(content_type__app_label=app, codename__in=names)
        ]
        if len(permissions) == sum(map(len, codenames.values())):
            Group.objects.using(using).create(name=name).permissions.set(permissions)
