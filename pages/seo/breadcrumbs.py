"""The way from the home page to a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..content.document import Page


@dataclass(frozen=True)
class Crumb:
    """A step of the way. `href` is empty for the page itself, and where the step has no page of its own."""

    name: str
    href: str


def breadcrumbs(page: Page, find: Callable[[str], Page | None]) -> tuple[Crumb, ...]:
    """Home, the pages over `page` in the order of its URL, and `page`; `find` gives the page of a URL. Nothing for the
    home page."""
    if page.url == "/":
        return ()
    crumbs = [Crumb("Home", "/")]
    parts = page.url.strip("/").split("/")
    above: Page | None = None
    for count in range(1, len(parts)):
        url = "/" + "/".join(parts[:count])
        above = find(url)
        crumbs.append(Crumb(above.name, url) if above else Crumb(parts[count - 1].replace("-", " ").capitalize(), ""))
    return (*crumbs, Crumb(page.short_name(above) if above else page.name, ""))
