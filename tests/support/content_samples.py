"""Sample documents for tests, and the visible text of their pages."""

import re
from dataclasses import fields, is_dataclass
from functools import cache
from html import unescape
from pathlib import Path

from pages.content import document
from pages.content.problems import Source
from pages.content.settings_file import read_site_settings

from ..conftest import SAMPLE_SITE as CONTENT
from ..conftest import SEED, SEED_URL

SETTINGS = document.Settings(
    {"start free trial": "/start", "start free assessment": "/start", "download question bank": "/questions"},
    ("LayersRank", "FAQ", "Python", "React"),
)
_site = read_site_settings(CONTENT, lambda name: "")
SEED_SETTINGS = document.Settings(_site.calls_to_action, _site.words)
# This text is long enough for the rule description-length.
DESCRIPTION = "Structured questions, and scores that say how sure they are of themselves."
META = f"```\nTitle: A title\nDescription: {DESCRIPTION}\n```"
HEADER = f"# Hire Data Engineer\n## /hire/data-engineer\n\n## META\n\n{META}\n\n"


def read(text, default_url="/hire/data-engineer", settings=SETTINGS):
    return document.read(Source("content/hire/data-engineer.md", text), default_url, settings)


def keep_documents(folder: Path, *names: str) -> None:
    """Delete all Markdown files of `folder` except `names`.

    The site reads all documents again if a test changes its settings or facts. With few documents, this takes little
    time.
    """
    for path in folder.rglob("*.md"):
        if path.relative_to(folder).as_posix() not in names:
            path.unlink()


def document_text(url="", meta="", body="words"):
    """Return a document with valid META. `meta` holds extra lines for META."""
    url_line = f"## {url}\n" if url else ""
    return f"# A Name\n{url_line}\n## META\n\n```\nTitle: A\nDescription: {DESCRIPTION}\n{meta}\n```\n\n{body}\n"


def page_text(name, url, body="", meta=""):
    """Return a document that the checker has no complaints about. `meta` holds extra lines for META."""
    meta = f"Title: {name}\nDescription: {name}: {DESCRIPTION}\n{meta}"
    return f"# {name}\n## {url}\n\n## META\n\n```\n{meta.rstrip()}\n```\n\n## ONE\n\n{body or 'Words.'}\n"


def page_of(body):
    """Parse a document with a valid header and `body`. Return its page."""
    return read(HEADER + body)


def section_of(body):
    """Parse a document with `body`. Return its only section."""
    (section,) = page_of(body).sections
    return section


@cache
def seed():
    return document.read(Source(f"site{SEED_URL}.md", SEED.read_text()), SEED_URL, SEED_SETTINGS)


def part_names(section):
    return [type(part).__name__ for part in section.body]


def rules(page):
    return [problem.rule for problem in page.problems]


def problem_of(page, rule):
    (problem,) = [problem for problem in page.problems if problem.rule == rule]
    return problem


def visible_text(content):
    """Return all text in the fields of a page, a section or several sections, without HTML tags."""
    sections = content.sections if hasattr(content, "sections") else content
    html = re.sub(r'<img [^<>]*alt="([^"]*)"[^<>]*>', r" \1 ", " ".join(_strings(sections)))
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
