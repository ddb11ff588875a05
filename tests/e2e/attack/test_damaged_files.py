"""The site repairs files in BUILD_DIR that were damaged while it ran or while it was stopped.

These tests damage each kind of file in one way. `make attack` damages each kind in every way.
"""

import pytest

from .damaged_files import DAMAGES, KINDS, Site, check_repair, create_content, damage_all, run

# Each pair is a kind of file, and one way to damage it. The pairs use all DAMAGES in turn.
WHILE_RUNNING = [(name, list(DAMAGES)[number % len(DAMAGES)]) for number, name in enumerate(KINDS)]
WHILE_STOPPED = {name: list(DAMAGES)[(number + 3) % len(DAMAGES)] for number, name in enumerate(KINDS)}
# The test damages all files of a group at once, and then starts the site. So don't put two files into one group if the
# site needs one of them to repair the other.
GROUPS = (
    ("manifest", "image"),
    ("snapshot", "card", "lock"),
    ("search-index", "bodies", "artifact lock"),
    ("search-index-digest", "pending-requests", "content-status"),
)


@pytest.fixture(scope="module")
def running_site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("running")
    create_content(folder)
    with run(folder) as server:
        yield Site(server)


@pytest.fixture(scope="module")
def stopped_site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stopped")
    create_content(folder)
    with run(folder) as server:
        site = Site(server)
    return folder, site


@pytest.mark.parametrize(("name", "change"), WHILE_RUNNING)
def test_a_running_site_repairs_damaged_files(running_site, name, change):
    damage_all(running_site, name, DAMAGES[change])
    check_repair(running_site)


def test_each_kind_of_file_is_in_one_group():
    assert sorted(name for group in GROUPS for name in group) == sorted(KINDS)


@pytest.mark.parametrize("group", GROUPS, ids=", ".join)
def test_a_stopped_site_repairs_damaged_files_at_its_next_start(stopped_site, group):
    folder, site = stopped_site
    for name in group:
        damage_all(site, name, DAMAGES[WHILE_STOPPED[name]])
    with run(folder) as site.server:
        check_repair(site)
