"""The templates of a role page look up no missing variables, because Django takes about ten times as long for them."""

import logging

from django.template import Context, Template

from ...conftest import SEED_URL

LOGGER = "django.template"  # with the level DEBUG, Django logs each missing variable


def test_a_role_page_looks_up_no_missing_variable(client, caplog):
    with caplog.at_level(logging.DEBUG, LOGGER):
        Template("{{ missing }}").render(Context())
        assert client.get(SEED_URL).status_code == 200
    [record] = [record for record in caplog.records if record.name == LOGGER]
    assert "'missing'" in record.getMessage()
