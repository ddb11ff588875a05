"""Production settings with short delays, and with rate limits from the environment."""

import json
from os import environ

from layersrank_site.settings import *  # noqa: F403

# When a worker is killed, its message stays leased until the lease expires. Drills that kill workers use a short lease.
DELIVERY_SECONDS = {"lease": float(environ["DRILL_LEASE"]), "first_retry": 1, "pause": 1}
LEAD_LIMITS = json.loads(environ["DRILL_LIMITS"])
