"""The site's settings under drills: production's, but for waits that a drill cannot sit out, and for caps."""

import json
from os import environ

from layersrank_site.settings import *  # noqa: F403

# A worker that was killed keeps its message for as long as its lease.
DELIVERY_SECONDS = {"lease": float(environ["DRILL_LEASE"]), "first_wait": 1, "pause": 1}
LEAD_CAPS = json.loads(environ["DRILL_CAPS"])
