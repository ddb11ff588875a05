"""Kits as PDF, typeset by typst (https://typst.app).

The files conform to PDF/UA-1 (ISO 14289-1). This standard forbids missing letters, so typst refuses a document with a
letter that no font has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import typst
from PIL import Image

from ..content.kit_letters import with_similar_signs, without_missing_letters
from ..content.kit_words import Text
from ..content.page_files import PICTURE_SIZE
from ..content.role_reports import dimension_key
from .kit import Criterion, Dimension, Item, Kit, Link, Part, Question, QuestionGroup

FOLDER = Path(__file__).parent

# The creation date in each file. A fixed date gives the same bytes for the same kit.
TIMESTAMP = 1_767_225_600  # 1 January 2026, UTC

A4_WIDTH = 8.27  # in inches

# A picture may have about 7 kB. On wide screens, the first visit to a page loads up to two pictures, and the budget for
# a first visit is 45 kB (docs/benchmarks.md).
PICTURE_OPTIONS = {"quality": 30, "speed": 4, "max_threads": 1}

# A weight's label fits under its segment of the bar if the weight is at least this many percent.
MIN_LEGIBLE = 14


# A question of at most SHORT_LINES lines fits on one page. A line has room for at least CHARACTERS characters.
CHARACTERS, SHORT_LINES = 30, 30


# The maximum length of a URL, in bytes. Typst refuses longer URLs.
MAX_URL = 8_000


class NotTypeset(Exception):
    """Typst can't typeset the kit. The message is typst's."""


def render(kit: Kit, site_name: str, site_url: str) -> bytes:
    """Return the kit as PDF. The same kit always gives the same bytes. Raises NotTypeset."""
    return bytes(_compile(kit, site_name, site_url, format="pdf", pdf_standards="ua-1", timestamp=TIMESTAMP))


def first_page(kit: Kit, site_name: str, site_url: str) -> bytes:
    """Return the PDF's first page as an AVIF image of PICTURE_SIZE pixels. Raises NotTypeset."""
    pages = _compile(kit, site_name, site_url, format="png", ppi=PICTURE_SIZE[0] / A4_WIDTH)
    first = pages[0] if isinstance(pages, list) else pages
    output = BytesIO()
    with Image.open(BytesIO(first)) as picture:
        picture.convert("RGB").save(output, "AVIF", **PICTURE_OPTIONS)
    return output.getvalue()


def _compile(kit: Kit, site_name: str, site_url: str, **options: Any) -> Any:
    data = with_similar_signs(json.dumps(_data(kit, site_name, site_url), ensure_ascii=False))
    try:
        return typst.compile(
            FOLDER / "kit.typ",
            root=FOLDER,
            font_paths=[FOLDER / "fonts"],
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            **options,
        )
    except (RuntimeError, typst.TypstError) as error:
        raise NotTypeset(str(error)) from error


def _data(kit: Kit, site_name: str, site_url: str) -> dict[str, Any]:
    """Return the data for kit.typ. Questions come first, because interviewers need them first."""
    label = kit.words.labels[kit.kind]
    dimensions, texts = kit.dimensions, kit.words.texts
    weights = [
        {"name": each.short_name, "weight": each.weight, "percent": _percent(each.weight)} for each in dimensions
    ]
    parts = sorted(kit.parts, key=lambda part: not any(isinstance(item, QuestionGroup) for item in part.items))
    url = site_url + kit.url
    return {
        "lang": kit.language.split("-")[0],
        "title": kit.title,
        "label": label,
        "name": kit.name,
        "site": without_missing_letters(site_name),
        "home": site_url,
        "url": url,
        "shown-url": _shown(url),
        "fields": kit.fields,
        "words": {name.replace(" ", "-"): words for name, words in kit.words.labels.items()},
        "weights": weights,
        "to-scale": all(each.weight >= MIN_LEGIBLE for each in dimensions),
        "before": list(_texts(texts["BEFORE THE INTERVIEW"], site_url)),
        "parts": _without_lone_questions(
            [{"heading": part.heading, "items": list(_items(part, dimensions, url))} for part in parts]
        ),
        "rows": [{"name": row.name, "weight": _percent(row.weight)} for row in kit.rows],
        "row-label": kit.words.labels["dimension" if dimensions else "competency"],
        "total": _percent(sum(row.weight or 0 for row in kit.rows) or None),
        "scoring": list(_texts(texts["HOW TO SCORE"], site_url)),
        "calibration": list(_texts(texts["HOW TO CALIBRATE"], site_url)),
        "last": list(_texts(texts["LAST LINE"], site_url)),
    }


def _items(part: Part, dimensions: tuple[Dimension, ...], page_url: str) -> Iterator[dict[str, Any]]:
    """Yield the items of a part as dicts for the typst template.

    Consecutive dimensions become a single dict, and so do consecutive criteria.
    """
    for kind, group in groupby(part.items, key=type):
        items: list[Item] = list(group)
        if kind is Dimension:
            yield {"type": "dimensions", "items": [_dimension(item) for item in items if isinstance(item, Dimension)]}
        elif kind is Criterion:
            yield {"type": "criteria", "items": [asdict(item) for item in items if isinstance(item, Criterion)]}
        for item in items:
            match item:
                case str():
                    yield {"type": "text", "text": item}
                case Link():
                    yield {"type": "link", "text": item.text, "url": _absolute_url(page_url, item.href)}
                case QuestionGroup():
                    evidence = _evidence(item, dimensions)
                    questions = [asdict(each) | {"is-short": _is_short(each, evidence)} for each in item.questions]
                    yield {"type": "group", "name": item.name, "questions": questions, "evidence": evidence}


def _without_lone_questions(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mark each item that must be on the same page as the next item, so that no question is alone on its page.

    Keep the first two questions, and everything between them, on one page. Do the same with the last two questions.
    """
    items = [each for part in parts for item in part["items"] for each in item.get("questions", [item])]
    asked = [index for index, item in enumerate(items) if "number" in item]
    pairs = (asked[:2], asked[-2:]) if len(asked) > 1 else ()
    sticky = {index for first, second in pairs for index in range(first, second)}
    for index, item in enumerate(items):
        item["is-sticky"] = index in sticky
    return parts


def _is_short(question: Question, evidence: Iterable[str]) -> bool:
    """Return whether the question is so short that it always fits on one page."""
    notes = (f"{note.label}\n{note.text}" for note in question.notes)
    texts = (question.text, *question.texts, *notes, *evidence)
    return sum(len(text) // CHARACTERS + text.count("\n") + 1 for text in texts) <= SHORT_LINES


def _dimension(dimension: Dimension) -> dict[str, Any]:
    return {**asdict(dimension), "percent": _percent(dimension.weight)}


def _evidence(group: QuestionGroup, dimensions: Iterable[Dimension]) -> list[str]:
    """Return the skills of the dimension that matches the group: “Technical Dimension” for “Technical Questions”."""
    named = (each for each in dimensions if dimension_key(each.name) == dimension_key(group.name))
    return [skill.name for each in named for skill in each.skills]


def _texts(texts: Iterable[Text], site_url: str) -> Iterator[dict[str, str]]:
    for text in texts:
        url = _absolute_url(site_url, text.href) if text.href else ""
        yield {"lead": text.lead, "rest": text.rest, "url": url, "shown-url": _shown(url)}


def _absolute_url(base: str, href: str) -> str:
    """Return the URL of a link on the page `base`, or "" if a PDF can't have this link."""
    try:
        url = urljoin(base, href)
    except ValueError:  # such as http://[
        return ""
    return url if len(url.encode()) <= MAX_URL else ""


def _percent(weight: float | None) -> str:
    return "" if weight is None else f"{weight:g}%"


def _shown(url: str) -> str:
    """Return `url` as printed: without its scheme and a leading “www.”."""
    parts = urlsplit(url)
    return f"{parts.netloc.removeprefix('www.')}{parts.path}"
