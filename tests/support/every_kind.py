"""Documents that add the kinds of pages that the sample site lacks: articles, translations, a report and a video.

There are also old addresses, a page that has expired, and a contact for security problems.
"""

from pathlib import Path

from PIL import Image

from tests.conftest import SEED_URL

DESCRIPTION = "What the page about {} says, in as many words as search results show of it."
PAGE = "# {name}\n## {url}\n\n## META\n\n```\nTitle: {name}\nDescription: {description}\n{meta}```\n\n{body}\n"
REPORT = """## ASSESSMENT REPORT

**Role:** /hire/data-engineer

| Dimension | Score |
|---|---|
| Technical | 66 ± 9 |
| Behavioral | 73 ± 4 |
| Contextual | 71 ± 6 |

**Question:** 4
**Answer:** The answer named nobody.
**Follow-up:** Who was told first?
**Second answer:** The second answer named two people.
**Score before:** 69 ± 12
"""
HINDI = "## शुरुआत\n\n**Headline:** शीर्षक\n\n## कुछ\n\nशब्द।\n"
ARTICLES = 21  # the first page of a hub's list shows only 20 articles
REDIRECTS = '"/blog/old" = "/blog/article-1"\n"/older" = "/blog/old"\n"/webinar" = "gone"\n'
SITE_TOML = '\n[security]\ncontact = ["security@example.com"]\n'

ALIAS = "/blog/article-one"
REDIRECTED = ("/blog/old", "/older", ALIAS, "/Pricing/")
GONE = ("/webinar", "/expired")


def write(content: Path) -> None:
    """Add documents of the missing kinds to the folder `content`, which holds the sample site."""

    def page(url: str, name: str, body: str, meta: str = "") -> None:
        path = content / f"{url.strip('/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = PAGE.format(name=name, url=url, description=DESCRIPTION.format(name), meta=meta, body=body)
        path.write_text(text)

    (content / "images").mkdir(exist_ok=True)
    Image.new("RGB", (1200, 630), "navy").save(content / "images" / "shared.png")
    page("/blog", "Blog", "An introduction.\n\n## ARTICLES\n\n**Pages under:** /blog")
    for number in range(1, ARTICLES + 1):
        meta = f"Author: Asha Rao\nDate: 2026-01-{number:02}\nUpdated: 2026-02-{number:02}\n"
        meta += f"Aliases: {ALIAS}\n" if number == 1 else "Image: /images/shared.png\n"  # drawing cards takes time
        page(f"/blog/article-{number}", f"Article {number}", "## WHAT WE SAW\n\nWords.", meta)
    page("/resources/sample-report/data-engineer", "Sample report", REPORT)
    page("/hi/hire/ml", "मशीन लर्निंग", HINDI, f"Language: hi\nTranslation of: {SEED_URL}\n")
    page("/video", "Video", "## TOUR\n\n[Watch the tour](https://www.youtube.com/watch?v=aqz-KE-bpKQ)")
    page("/hidden", "Hidden page", "Words.", "Robots: noindex\n")
    page("/expired", "Expired page", "Words.", "Expires: 2026-01-01\n")
    (content / "redirects.toml").write_text(REDIRECTS)
    with (content / "site.toml").open("a") as file:
        file.write(SITE_TOML)
