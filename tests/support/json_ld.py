"""Parse the structured data in a page's HTML. Create sample pages with all kinds of structured data."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, SoupStrainer
from django.conf import settings
from django.test import Client

Data = dict[str, Any]

# More articles than one page of a list shows.
ARTICLES = 22
ARTICLE = """# {name}
## /blog/{name}

## META

```
Title: {name}
Description: About it.
Author: {author}
Date: 2026-11-{day:02}
```

Words.
"""
BLOG = "# Blog\n## /blog\n\n## META\n\n```\nTitle: Blog\n```\n\n## POSTS\n\n**Pages under:** /blog\n"
HINDI = "# A\n## /hi/about\n\n## META\n\n```\nTitle: A\nLanguage: hi\nTranslation of: /about\n```\n\nWords.\n"
DOCUMENTS = Path(__file__).parent.parent / "fixtures" / "documents"


def graph_of(html: str | bytes) -> Data:
    """Return the page's JSON-LD graph."""
    scripts = SoupStrainer("script", type="application/ld+json")
    [script] = BeautifulSoup(html, "html.parser", parse_only=scripts).find_all("script")
    return json.loads(script.string)


def items_of(html: str | bytes) -> dict[str, Data]:
    """Return the items of the page's graph by type. The page has at most one item of each type."""
    items = graph_of(html)["@graph"]
    by_type = {item["@type"]: item for item in items}
    assert len(by_type) == len(items)
    return by_type


def objects_in(value: object) -> Iterator[Data]:
    """Yield each object in `value`, at any depth."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects_in(child)


def graphs_of_every_kind(client: Client, content: Path) -> dict[str, Data]:
    """Create the pages of `pages_of_every_kind`. Return each page's JSON-LD graph, keyed by the page's URL."""
    return {url: graph_of(html) for url, html in pages_of_every_kind(client, content).items()}


def pages_of_every_kind(client: Client, content: Path) -> dict[str, bytes]:
    """Add articles, a list with two pages, a translation and the sample documents to the folder `content`.

    Return the HTML of all pages by URL.
    """
    (content / "blog").mkdir()
    (content / "blog.md").write_text(BLOG)
    (content / "hi.md").write_text(HINDI)
    for day in range(1, ARTICLES + 1):
        text = ARTICLE.format(name=f"post-{day}", author="LayersRank" if day % 2 else "Asha Rao", day=day)
        (content / "blog" / f"{day}.md").write_text(text)
    for path in DOCUMENTS.glob("*.md"):
        (content / path.name).write_bytes(path.read_bytes())
    sitemap = client.get("/sitemap.xml").content.decode()
    urls = re.findall(f"<loc>{re.escape(settings.SITE_URL)}(.*?)</loc>", sitemap)
    assert {"/", "/hire", "/pricing", "/blog", "/blog/page/2", "/blog/post-1", "/blog/post-2", "/hi/about"} <= set(urls)
    return {url: client.get(url).content for url in urls}
