"""Find unsupported Markdown, which the site shows as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .broken_inlines import CURLY_LINK
from .inlines import Inline, Run
from .problems import Problem, Source
from .url_paths import PHONE, TARGET_PATTERN, phone_url

# Characters without width that often come from a word processor.
_ZERO_WIDTH = r"\u200b-\u200f\u2060\ufeff"
# Characters without width, and whitespace other than spaces and tabs.
_INVISIBLE = rf"(?:[^\S \t]|[{_ZERO_WIDTH}])"
# The possessive quantifiers (`*+`) keep the search linear. Without them, several parts could match the same space.
_HEADING = re.compile(
    rf"[ \t>]*+(?:(?:[-*+]|\d{{1,9}}[.)])[ \t]++)*+(?P<before>{_INVISIBLE}*+)[ \t]*+"
    rf"(?P<marks>#{{1,6}})(?P<after>{_INVISIBLE}*)(?P<next>[^#]?)"
)
_EMPTY_LINK = re.compile(rf"(?<![!\\])\[(?:[\s{_ZERO_WIDTH}]|&nbsp;)*\]\(")
_LINK_WITHOUT_URL = re.compile(r"(?<!\\)\]\(\s*+(?:<\s*>\s*)?\)")
_SPACED_LINK = re.compile(rf"(?<!\\)\[[^\[\]]+(?P<end>\][ \t\u00a0]+\()(?:{TARGET_PATTERN})\)")
_LINK = re.compile(r"\]\(")
_REFERENCE = re.compile(r"(?<![\w)\]])\[[^\[\]]+\]\[[^\[\]]*\]")
_UNESCAPED = re.compile(r"(?<!\\)\][(\[]")
_WWW = re.compile(
    r"(?<![\w./@:-])www(?:\.[\w-]{1,63}){1,8}\.[a-z]{2,63}(?P<path>/(?:[^\s<>\"“”()\]]*[\w/=])?)?", re.IGNORECASE
)
# A URL with a mistake in `https://`.
_MISTYPED_URL = re.compile(
    r"(?<!\w)https?(?!://[^/])[:;/]{1,4}(?P<rest>(?:[\w-]{1,63}\.){1,8}[a-z]{2,63}(?:/[^\s<>\"“”()\]]*[\w/=])?)",
    re.IGNORECASE,
)
_IMAGE_SIZE = re.compile(r"\s=(?=[\dx])(?:\d+%?)?x?(?:\d+%?)?\s*$")
_LOOKS_LIKE_LINK = "This looks like a link or an image, but the page shows it as text."
_MAX_LINK_LENGTH = 2_000  # limits how far a line is searched for a link, so that the search takes linear time


def check_line(source: Source, number: int, text: str) -> Iterator[Problem]:
    """Yield the problems in `text`, a line with spaces in place of code spans."""
    heading = _HEADING.match(text) if "#" in text else None
    if heading and _looks_like_heading(source, number, heading):
        message = "The page shows this line as text, not as a heading."
        help = f"Begin the line with {heading['marks']} and one plain space."
        yield _problem(source, message, help, number, heading.start("marks"), heading["marks"])
    if "]" not in text:
        return
    for link in _LINK_WITHOUT_URL.finditer(text):
        message = "This link or image has no URL, so the page shows only its text."
        help = "Write the URL between the parentheses."
        yield source.problem("broken-link", message, help, line=number, column=link.start() + 1, length=len(link[0]))
    for link in _SPACED_LINK.finditer(text):
        help = "Write [text](/url), without a space before the opening parenthesis."
        yield _problem(source, _LOOKS_LIKE_LINK, help, number, link.start("end"), link["end"])
    for link in _EMPTY_LINK.finditer(text):
        help = "Write the link's text between the square brackets."
        yield source.problem(
            "empty-link",
            "This link has no text, so visitors can't see it.",
            help,
            line=number,
            column=link.start() + 1,
            length=len(link[0]) - 1,
        )


def _looks_like_heading(source: Source, number: int, heading: re.Match[str]) -> bool:
    """Return whether the writer meant a heading, although Markdown reads the line as a paragraph.

    `#word` counts as a heading only in the first line of a document. Elsewhere, it can be a hashtag.
    """
    has_space = heading["next"] in ("", " ", "\t") and not heading["after"]
    if heading["before"]:
        return has_space or bool(heading["after"]) or len(heading["marks"]) > 1
    if has_space:
        return False
    return bool(heading["after"]) or len(heading["marks"]) > 1 or number == source.first_line


def check_links(source: Source, contents: Iterable[Inline]) -> Iterator[Problem]:
    """Yield a problem for each text in `contents` that looks like a link or an image but isn't one."""
    for content in contents:
        for run in content.runs:
            if not run.code and not run.image and "]" in run.text:
                yield from _check_run(source, run)
        if "www." in (lowered := content.text.lower()) or "http" in lowered:
            for line in content.lines():
                yield from _check_addresses(source, line)


def _check_addresses(source: Source, line: Inline) -> Iterator[Problem]:
    """Yield a problem for each address in `line` that begins with “www.” or a mistyped “https://”, and isn't a link.

    In a sentence, an address without a path may be just the name of a website. Such an address is a problem only if
    the line has nothing else but a label, as in “Website: www.example.com”.
    """
    hidden = (run.code or run.image or run.href or run.rejected for run in line.runs)
    text = "".join(
        "\0" * len(run.text) if is_hidden else run.text for run, is_hidden in zip(line.runs, hidden, strict=True)
    )
    for url in _MISTYPED_URL.finditer(text):
        message = "This looks like a link, but “https://” is mistyped, so the page shows it as text."
        help = f"Write https://{url['rest']}"
        yield source.problem_at("unsupported-markdown", message, help, line=line.line, text=url[0])
    for address in _WWW.finditer(text):
        before, after = text[: address.start()].rstrip(), text[address.end() :].strip(" .")
        is_alone = not after and (not before or before.endswith(":"))
        if is_alone or address["path"]:
            message = "This looks like a link, but the page shows it as text."
            help = (
                f"Write https://{address[0]}, or [text](https://{address[0]}). To show text, put it between backticks."
            )
            yield source.problem_at("unsupported-markdown", message, help, line=line.line, text=address[0])


def _check_run(source: Source, run: Run) -> Iterator[Problem]:
    start = max(run.column - 1, 0)
    written = _UNESCAPED.search(source.line(run.line), start, start + _MAX_LINK_LENGTH)
    if written is None or CURLY_LINK.search(run.text):
        return
    if _LINK.search(run.text):
        starts = [written.start()]
        if run.is_exact:
            starts = [start + link.start() for link in _LINK.finditer(run.text)]
        for place in starts:
            help = _link_help(source.line(run.line)[place + 2 : place + _MAX_LINK_LENGTH])
            yield _problem(source, _LOOKS_LIKE_LINK, help, run.line, place, "](")
    elif _REFERENCE.search(run.text):
        message = "This looks like a link, but the page shows it as text. The document doesn't define the link's label."
        help = "Write the URL in parentheses: [text](/url)"
        yield _problem(source, message, help, run.line, written.start(), written[0])


def _link_help(rest: str) -> str:
    """Return how to correct a link that the page shows as text. `rest` is the text after the link's `(`."""
    target, end, _ = rest.partition(")")
    if not end or "](" in target:
        return "Close the link with a parenthesis: [text](/url)"
    if PHONE.fullmatch(target.strip()):
        return f"Write the number like this: ({phone_url(target.strip())})"
    if size := _IMAGE_SIZE.search(target):
        return f"Delete the size: ({target[: size.start()].strip()}). The site chooses the image's size."
    if " " in target.strip() and not re.search(r"[\"'()]", target):
        return f"Write each space in the URL as %20: ({target.strip().replace(' ', '%20')})"
    return "Write [text](/url), without spaces inside the parentheses. In a file's name, write each space as %20."


def _problem(source: Source, message: str, help: str, line: int, start: int, text: str) -> Problem:
    return source.problem("unsupported-markdown", message, help, line=line, column=start + 1, length=len(text))
