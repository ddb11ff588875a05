"""What the tests of this folder share: documents put together, and all the words that a page shows."""

import re
from dataclasses import fields, is_dataclass
from html import unescape

from pages.content import document, library
from pages.content.problems import Source

from ..conftest import SAMPLE_SITE as CONTENT
from ..conftest import SEED_URL

SETTINGS = document.Settings(
    {"start free trial": "/start", "start free assessment": "/start", "download question bank": "/questions"},
    ("LayersRank", "FAQ", "Python", "React"),
)
_site = library.load(CONTENT).site
SEED_SETTINGS = document.Settings(_site.calls_to_action, _site.words)
# Long enough for the checker to say nothing of it.
DESCRIPTION = "Structured questions, and scores that say how sure they are of themselves."
META = f"```\nTitle: A title\nDescription: {DESCRIPTION}\n```"
HEADER = f"# Hire Data Engineer\n## /hire/data-engineer\n\n## META\n\n{META}\n\n"


def read(text, place="/hire/data-engineer", settings=SETTINGS):
    return document.read(Source("content/hire/data-engineer.md", text), place, settings)


def page_of(body):
    """The page of a document with a sound frame and `body` under it."""
    return read(HEADER + body)


def section_of(body):
    """The one section of such a page."""
    (section,) = page_of(body).sections
    return section


def seed():
    return library.load(CONTENT).pages[SEED_URL]


def part_names(section):
    return [type(part).__name__ for part in section.body]


def rules(page):
    return [problem.rule for problem in page.problems]


def problem_of(page, rule):
    (problem,) = [problem for problem in page.problems if problem.rule == rule]
    return problem


def visible_text(thing):
    """All words of a page, of its sections or of one of them: fields walked, tags taken out."""
    found = thing.sections if hasattr(thing, "sections") else thing
    html = re.sub(r'<img [^<>]*alt="([^"]*)"[^<>]*>', r" \1 ", " ".join(_strings(found)))
    return " ".join(unescape(re.sub(r"<[^<>]*>", " ", html)).split())


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for entry in value:
            yield from _strings(entry)
    elif is_dataclass(value):
        for entry in fields(value):
            yield from _strings(getattr(value, entry.name))
