"""Rules about how a page looks when it is shared: Open Graph, X's cards, icons and the web manifest."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from .absolute_urls import requested_url
from .fetched_site import FetchedSite, icons_of
from .finding import Finding
from .web_client import Answer

_REQUIRED = ("og:title", "og:type", "og:image", "og:url")
_CARDS = ("summary", "summary_large_image", "app", "player")
_CARD_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")
MAX_CARD_BYTES = 5 * 1024 * 1024
# Width divided by height. Networks crop images outside these limits. The usual size is 1200 × 630.
_MIN_RATIO, _MAX_RATIO = 1.85, 2.05
_MIN_CARD_WIDTH = 600
# A browser's tab needs 16 pixels, and search results 48.
_MIN_ICON, _TOUCH_ICON = 48, 180
_MANIFEST_SIZES = (192, 512)


def check_open_graph(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.indexable.items():
        required = (*_REQUIRED, "og:description") if page.meta("description") else _REQUIRED
        missing = [name for name in required if not page.meta(name)]
        if missing:
            message = f"The page has no {', '.join(missing)}."
            yield Finding(url, message, 'Write a tag such as <meta property="og:title" content="…">.')
        for name in ("og:image", "og:url"):
            if page.meta(name) and not page.meta(name).startswith(("http://", "https://")):
                yield Finding(url, f"{name} is “{page.meta(name)}”, not an absolute URL.", "Write the whole URL.")
        if page.meta("og:url") not in ("", site.canonical_of(url)):
            message = f"og:url is {page.meta('og:url')}, but the canonical link is {site.canonical_of(url)}."
            yield Finding(url, message, "Write the same URL in og:url and in the canonical link.")


def check_twitter(site: FetchedSite) -> Iterator[Finding]:
    """X needs `twitter:card`. If there is no `twitter:` tag for the title, description or image, X reads `og:`."""
    for url, page in site.indexable.items():
        if page.meta("twitter:card") not in _CARDS:
            help = 'Write <meta name="twitter:card" content="summary_large_image">.'
            yield Finding(url, f"twitter:card is “{page.meta('twitter:card')}”.", help)
        for name in ("title", "description", "image") if page.meta("description") else ("title", "image"):
            if not page.meta(f"twitter:{name}") and not page.meta(f"og:{name}"):
                yield Finding(url, f"The page has neither twitter:{name} nor og:{name}.", f"Write og:{name}.")


def check_card_images(site: FetchedSite) -> Iterator[Finding]:
    for url, page in site.indexable.items():
        image = page.meta("og:image")
        answer = site.answers.get(requested_url(url, image)) if image else None
        if answer is None:
            continue
        size = _size(answer)
        if answer.status != 200 or answer.content_type not in _CARD_TYPES or size is None:
            message = f"og:image {answer.url} answers with {answer.what} and the type “{answer.content_type}”."
            yield Finding(url, message, "Use a PNG, JPEG, WebP or GIF image.")
            continue
        width, height = size
        declared = (page.meta("og:image:width"), page.meta("og:image:height"))
        if any(declared) and declared != (str(width), str(height)):
            message = f"og:image has {width} × {height} pixels, but the tags say {' × '.join(declared)}."
            yield Finding(url, message, "Correct og:image:width and og:image:height.")
        if width < _MIN_CARD_WIDTH or not _MIN_RATIO <= width / height <= _MAX_RATIO:
            message = f"og:image has {width} × {height} pixels, so networks cut it off or show it small."
            yield Finding(url, message, "Use an image of 1200 × 630 pixels.")
        if len(answer.body) > MAX_CARD_BYTES:
            yield Finding(url, "og:image is larger than 5 MB.", "Use a smaller file.")


def check_icons(site: FetchedSite) -> Iterator[Finding]:
    page = site.pages[site.start]
    links = [*page.links_with("icon"), *page.links_with("apple-touch-icon")]
    icons = {requested_url(site.start, link.get("href", "")): link for link in links}
    usable = False
    for url in (site.origin + "/favicon.ico", *icons):
        answer = site.answers.get(url)
        if answer is None:
            continue
        if answer.status != 200 or not answer.content_type.startswith("image/"):
            message = f"The icon answers with {answer.what} and the type “{answer.content_type}”."
            yield Finding(url, message, "Put an image at this address.")
        elif answer.content_type == "image/svg+xml" or (_size(answer) or (0, 0))[0] >= _MIN_ICON:
            usable |= url not in icons or "icon" in icons[url].get("rel", "").split()
    if not usable:
        message = f"No icon is an SVG or has at least {_MIN_ICON} × {_MIN_ICON} pixels."
        yield Finding(site.start, message, "Add a larger size to favicon.ico, or an SVG icon.")
    touch = [site.answers.get(url) for url, link in icons.items() if "apple-touch-icon" in link["rel"].lower().split()]
    if not any(answer and _size(answer) == (_TOUCH_ICON, _TOUCH_ICON) for answer in touch):
        message = f"There is no apple-touch-icon of {_TOUCH_ICON} × {_TOUCH_ICON} pixels."
        yield Finding(site.start, message, 'Write <link rel="apple-touch-icon" href="…"> with a PNG image.')


def check_manifest(site: FetchedSite) -> Iterator[Finding]:
    links = site.pages[site.start].links_with("manifest")
    url = requested_url(site.start, links[0].get("href", "")) if links else ""
    manifest = site.json_at(url)
    if not isinstance(manifest, dict) or site.answers[url].status != 200:
        help = 'Write <link rel="manifest" href="/site.webmanifest">, and put a JSON file at this address.'
        yield Finding(url or site.start, "The start page has no web manifest that can be read.", help)
        return
    missing = [name for name in ("name", "start_url", "display", "icons") if not manifest.get(name)]
    if missing:
        yield Finding(url, f"The web manifest has no {', '.join(missing)}.", "Add these members.")
    icons = [(icon["sizes"].lower().split(), requested_url(url, icon["src"])) for icon in icons_of(manifest)]
    for size in _MANIFEST_SIZES:
        if not any(f"{size}x{size}" in sizes for sizes, _ in icons):
            yield Finding(url, f"The web manifest has no icon of {size}x{size} pixels.", "Add one.")
    for sizes, icon in icons:
        answer = site.answers.get(icon)
        if answer and (answer.status != 200 or not {size_text(answer), "any"} & set(sizes)):
            answered = f"answers with {answer.what} {size_text(answer)}"
            message = f"The icon {icon} should have {' '.join(sizes)} pixels, but {answered}."
            yield Finding(url, message, "Correct the icon or its entry.")


def size_text(answer: Answer) -> str:
    return "{}x{}".format(*(_size(answer) or (0, 0)))


def _size(answer: Answer) -> tuple[int, int] | None:
    """Return the width and height of an image, or None if it can't be read."""
    try:
        with Image.open(BytesIO(answer.body)) as image:
            return image.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
