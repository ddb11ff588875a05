"""The site's own words, such as “Skip to content”, and their translations in `site.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from . import languages
from .figure_words import CALCULATOR, CHART, CHART_OF_REPORTS, DUEL, EXAMPLE, RANGE, REPORT
from .languages import ENGLISH, MONTHS, Language
from .problems import Problem, Source

TABLE = "translations"

# The site's own words on pages that come from a document. Each page shows them in its own language. The keys are parts
# of a page, and `shown_words.py` finds out which parts a page has. A word in braces stands for a value. The words of
# all other pages are in WORDS_OF_NOTICES.
WORDS_BY_PART: Mapping[str, tuple[str, ...]] = {
    "page": ("Skip to content", "Search", "Main", "Footer", "Company", "Breadcrumbs", "Home", "Other languages"),
    "banner": ("Announcement",),
    "contents": ("On this page",),
    "weights": ("What counts for how much",),
    "link to a report": ("See a sample report for this role",),
    "questions": ("Question {number}",),
    "question bank": (
        *("Print", "of {count} ticked", "Print these", "Clear", "Competencies", "All {count}"),
        "You need no form and no email address. To print only some of the questions, tick them below.",
        *("Take all {count}", "To read and print", "To score, sort and filter", "For your own tools"),
    ),
    "picture of a file": ("First page of the PDF",),
    "callouts": ("Note", "Tip", "Important", "Warning", "Caution"),
    "notes": ("Notes", "Back to mark {mark} of note {number}"),
    "players": ("Play video:", "Playing this video loads it from {provider}."),
    "article": ("By {author}", "Updated"),
    "months": MONTHS,
    "list of articles": ("Pages of this list", "Page {number}", "Previous", "Next", "All articles in {name}"),
    "problems": ("There is a problem", "Error:"),
    "range": RANGE,
    "calculator": CALCULATOR,
    "example": EXAMPLE,
    "report": REPORT,
    "chart": CHART,
    "chart of reports": CHART_OF_REPORTS,
    "duel": DUEL,
    "form": (
        *("optional", "Leave this empty", "SENT", "Sent:", "Your reference", "Your reference: {reference}"),
        *("Need to change something?", "If you see this message again, email"),
        *("Enter your name", "Enter your email address", "Enter your company’s name", "Enter your phone number"),
        *("Enter the role you’re hiring for", "Enter your message"),
        "Shorten “{label}” to {count} characters or fewer",
        "Check the box to let us store your details and reply to you",
        "Choose a role",
        "Choose a role from the list. We have no files about any other role",
        "Enter an email address in the format name@example.com",
        "Before the @, use only the letters a to z, digits and signs such as . - _ +. "
        "We can’t send email to other addresses",
        "Check the part after the @. It is not a domain name, so we can’t send email to this address",
        "Please send the form again in a minute. Something went wrong on our side, so the form was not saved.",
        "Please check your answers and send the form again. It was open for too long, so it was not sent.",
        "Please fill in the form again. We keep an unsent form for only one hour, and only the browser that you used "
        "can show it.",
        "Please reload this page in a minute. Something went wrong on our side, so what you typed can’t be shown now.",
        "Please send the form again. Your browser did not confirm that the form came from our site, so it was not "
        "sent. If cookies are blocked, allow them for this site.",
    ),
}
WORDS = tuple(text for texts in WORDS_BY_PART.values() for text in texts)

# The texts of pages without a document: search pages and error pages. If all pages below `/hi` are in Hindi, an error
# page below `/hi` is in Hindi, too.
WORDS_OF_NOTICES = (
    *("Similar pages", "Browse the site", "Go to the home page", "Open the page", "Role, skill, or question"),
    *("Page not found", "There is no page at this address. Search the site, or look at the pages below."),
    "This page is no longer available",
    "This page was here for a limited time. Search the site, or look at the pages below.",
    "We have removed this page for good. Search the site, or look at the pages below.",
    *("Results", "1 page for “{query}”", "{count} pages for “{query}”", "No page contains “{query}”", "In"),
    *("1 partial match", "{count} partial matches", "No page contains all of these words."),
    *("1 page contains some of them.", "{count} pages contain some of them."),
    *("Try fewer or different words.", "Try fewer or different words, or browse the site."),
    *("Showing {first}–{last}", "Showing {first}", "Did you mean", "Previous results"),
    *("Next result", "Next {count} results"),
    *("Not sent", "This page doesn’t accept forms", "Nothing that you sent was saved."),
)

# Headings that start a special kind of section. Their translations in `site.toml` start a section of the same kind.
# `…` stands for any text.
HEADINGS = (
    *("… CHALLENGE", "WHAT … EVALUATES", "… QUESTIONS", "… CRITERIA", "HOW IT WORKS", "PRICING", "FAQ"),
    *("… CALCULATOR", "RELATED …", "READY TO …"),
)

_HEADINGS_HELP = (
    f"Of the sections' headings, only these can be translated: {', '.join(f'“{each}”' for each in HEADINGS)}."
)
_TABLE_LINE = re.compile(rf"""\s*\[\s*{TABLE}\s*\.\s*["']?(?P<language>[\w-]+)["']?\s*\]""")
_PLACEHOLDER = re.compile(r"\{[a-z]+\}")


@dataclass(frozen=True)
class Words:
    """The site's own words in one language. `translations` maps English texts to texts in this language."""

    language: Language = ENGLISH
    translations: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, text: str, /, **values: object) -> str:
        """Return `text` in this language, or in English if there is no translation.

        `values` replace the words in braces. Where `text` has a no-break space, the key in `translations`
        has a plain space, because nobody can see the difference in `site.toml`.
        """
        return fill(self.translations.get(text.replace("\N{NO-BREAK SPACE}", " ")) or text, values)


ENGLISH_WORDS = Words()


def fill(text: str, values: Mapping[str, object]) -> str:
    """Replace each word in braces by the value with this name. Leave words without a value as they are."""
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda match: str(values.get(match[0][1:-1], match[0])), text)


class Statement(str):
    """One of the site's own texts in English, with its values. Templates translate it with the tag `{% word %}`."""

    text: str
    values: Mapping[str, str]

    def __new__(cls, text: str, /, **values: str) -> Statement:
        statement = super().__new__(cls, fill(text, values))
        statement.text, statement.values = text, values
        return statement


def read_translations(source: Source, data: Any, problems: list[Problem]) -> dict[str, dict[str, str]]:
    """Return the tables such as `[translations.hi]` in `site.toml`, keyed by language. Leave out invalid entries."""
    translations: dict[str, dict[str, str]] = {}
    for written, table in data.items() if isinstance(data, dict) else [("hi", None)]:
        code = languages.normalize(written)
        if not isinstance(table, dict):
            message = f"The setting “{TABLE}” must have a table for each language."
            problems.append(_problem(source, "site-settings", message, _add_table_help(source, "hi"), written))
        elif not code:
            near = languages.nearest(written)
            help = f"Did you mean [{TABLE}.{near}]?" if near else "Write the code of a language, such as `hi`."
            message = f"“{written}” is not the code of a language, so these words have no effect."
            problems.append(_problem(source, "site-settings", message, help, written))
        else:
            for key in [key for key, value in table.items() if not isinstance(value, str)]:
                message = f"The translation of “{key}” must be text in quotes."
                problems.append(_problem(source, "site-settings", message, f'Write "{key}" = "…"', written, key))
            translations[code] = {key: value for key, value in table.items() if isinstance(value, str)}
    return translations


def words_in(language: Language, translations: Mapping[str, Mapping[str, str]]) -> Words:
    """Return the site's own words in `language`. `translations` are the tables in `site.toml`, keyed by language."""
    tables = [translations.get(code, {}) for code in reversed(language.fallbacks)]
    return Words(language, {text: words for table in tables for text, words in table.items()})


def translated_headings(translations: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return a dict that maps the translations of HEADINGS, in all languages, to the English headings."""
    return {table[text]: text for table in translations for text in HEADINGS if table.get(text)}


def english_heading(heading: str, headings: Mapping[str, str]) -> str:
    """Return the English heading that `heading` translates, or `heading` itself.

    `headings` is the result of `translated_headings`.
    """
    if not headings:
        return heading
    normalized = " ".join(heading.upper().split())
    for translated, english in headings.items():
        pattern = re.escape(" ".join(translated.upper().split())).replace("…", ".+")
        if re.fullmatch(pattern, normalized):
            return english
    return heading


def check_words(source: Source, words: Words, required: Sequence[str], allowed: Iterable[str]) -> Iterator[Problem]:
    """Yield problems of the translations `words`: missing or unknown texts, and missing values such as {count}.

    `source` is `site.toml`. `required` are the texts that need a translation. `allowed` are other texts that may have a
    translation.
    """
    code, name = words.language.code, words.language.english_name
    missing = [text for text in dict.fromkeys(required) if not words.translations.get(text)]
    if missing:
        shown = f"Pages in {name} show {len(missing)} of the site's own words in English"
        message = f"{shown}, because there is no translation."
        lines = "\n".join(f"{_quote(text)} = {_quote('…')}" for text in missing)
        yield _problem(source, "site-words", message, f"{_add_table_help(source, code)}\n{lines}", code)
    known = {*required, *allowed}
    for text, translation in words.translations.items():
        lost = [value for value in _PLACEHOLDER.findall(text) if value not in translation]
        if text not in known:
            message = f"“{text}” is not one of the site's own words, so this line has no effect."
            near = _nearest(text, known)
            help = f"Did you mean “{near}”?" if near else f"Delete this line. {_HEADINGS_HELP}"
            yield _problem(source, "site-words", message, help, code, text)
        elif lost and translation:
            message = f"The translation of “{text}” has no {lost[0]}, so pages don't show this value."
            yield _problem(source, "site-words", message, f"Write {lost[0]} where the value belongs.", code, text)


def _nearest(text: str, known: Iterable[str]) -> str:
    """Return the text in `known`, or the heading in HEADINGS, that the writer of `text` probably meant, or "".

    In headings, capitals make no difference.
    """
    heading = " ".join(text.lstrip("#").upper().split())
    for english in HEADINGS:
        if re.fullmatch(re.escape(english).replace("…", ".+"), heading):
            return english
    near = get_close_matches(text, known, n=1, cutoff=0.8) or get_close_matches(heading, HEADINGS, n=1, cutoff=0.8)
    return near[0] if near else ""


def _add_table_help(source: Source, code: str) -> str:
    """Return where to add translations: in the table of their language, or in a new table if there is none."""
    for line in source.lines:
        if (match := _TABLE_LINE.match(line)) and languages.normalize(match["language"]) == code:
            return f"Below the line {match[0].strip()}, add:"
    return f"In site.toml, write [{TABLE}.{code}] on a line of its own, and the translations below:"


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _problem(source: Source, rule: str, message: str, help: str, code: str, key: str = "") -> Problem:
    """Return a problem that marks `key` in the table of the language `code`. Without `key`, mark the table's name."""
    table = re.compile(rf"""\s*\[?\s*{TABLE}\s*(\.\s*["']?{re.escape(code)}(?![\w-])|=)""")
    start = next((number for number, line in enumerate(source.lines, 1) if table.match(line)), 0)
    line, text = start, code
    for number, written in enumerate(source.lines[start:], start + 1):
        if not key or not start or written.lstrip().startswith("["):
            break
        if re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", written):
            line, text = number, key
            break
    return source.problem_at(rule, message, help, line=max(line, 1), text=text if start else "")
