"""A visitor can use the site during a flood that stays within nginx's limits. `make attack` runs more floods."""

import pytest

from ..proxy.nginx import needs_tools
from .floods import SEARCH, UNKNOWN_PATH, login_flood, request_flood, visit_during
from .outcome import SHORT

pytestmark = needs_tools


@pytest.mark.parametrize("path", [SEARCH, UNKNOWN_PATH])
def test_a_visitor_can_use_the_site_during_a_flood(path, tmp_path):
    visit = visit_during(request_flood(path), tmp_path, SHORT)
    assert visit.statuses == {200, 303}
    assert sum(visit.flood.values()) > 0 and visit.flood.keys() <= {200, 404, 429}
    assert len(visit.forms) == len(visit.probes) > 0


def test_searches_have_a_rate_limit_of_their_own(tmp_path):
    visit = visit_during(request_flood(SEARCH), tmp_path, SHORT)
    # nginx forwards 1 + `delay` searches at once, then `rate` per second (zone `searches` in nginx.conf).
    assert visit.flood  # on a busy machine, nginx may have answered all of them with an error
    assert visit.flood[200] <= 51 + 5 * visit.flood_seconds


def test_a_visitor_can_use_the_site_while_an_attacker_guesses_passwords(tmp_path):
    visit = visit_during(login_flood, tmp_path, SHORT)
    assert visit.statuses == {200, 303}
    assert visit.flood[200] > 0
    assert visit.flood.keys() <= {200, 429, 503, 504}  # 504: on a busy machine, nginx gave up waiting
