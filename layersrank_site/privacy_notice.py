"""Warn at start-up if reports go to an error tracker that the privacy page doesn't mention."""

import logging

from pages import error_tracker
from pages.repository import current

logger = logging.getLogger(__name__)

PRIVACY_URL = "/privacy"


def warn_about_error_tracker(dsn: str) -> None:
    """Log a warning if `dsn` is set and the privacy page doesn't mention the tracker's name."""
    if not dsn:
        return
    name = error_tracker.tracker_name(dsn)
    page = current.visible_pages().page(PRIVACY_URL)
    if page is None or name.lower() not in page.plain_text.lower():
        logger.warning(
            "SENTRY_DSN is set, but the privacy page doesn't mention %s: say on %s that this service receives errors",
            *(name, PRIVACY_URL),
        )
