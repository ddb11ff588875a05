"""Explain links to pages that aren't live now, or that will expire."""

from __future__ import annotations

from datetime import datetime

from . import dates
from .document import Page
from .missing_targets import Explanation


def explain(page: Page, url: str, target: Page, now: datetime) -> Explanation | None:
    """Return an explanation if visitors can't follow the link from `page` to `url`, now or after `target` expires.

    Otherwise, return None. Also return None if `page` itself isn't live now. `target` is the page at `url`, or the page
    from which the file at `url` is made.
    """
    if not page.meta.is_published(now):
        return None
    if target.meta.is_published(now):
        return _explain_expiry(page, url, target)
    subject = "that page" if url == target.url else f"that file comes from {target.url}, which"
    message = f"This link leads to {url}, but {subject} {target.meta.reason_unpublished(now)}."
    if target.meta.draft:
        help = f"Publish {target.path}, or remove the link for now."
        return Explanation("broken-link", f"{message} Visitors see the text without a link.", help)
    if target.meta.has_expired(now):
        other = target.meta.expires_to
        help = f"Link to {other}, or remove the link." if other else "Remove the link."
        return Explanation("expiring-link", f"{message} Visitors see the text without a link.", help)
    help = "You don't need to do anything: the link appears when that page is live."
    return Explanation("scheduled-link", f"{message} Until then, visitors see the text without a link.", help)


def _explain_expiry(page: Page, url: str, target: Page) -> Explanation | None:
    expires = target.meta.expires
    if expires is None or (page.meta.expires and page.meta.expires <= expires) or page.url == target.url:
        return None
    message = f"This link leads to {url}, but that page expires on {dates.format_time(expires)}."
    help = "If the text makes no sense without the link, change the text before that page expires."
    return Explanation("expiring-link", f"{message} From then on, visitors see the text without a link.", help)
