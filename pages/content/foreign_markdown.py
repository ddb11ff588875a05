"""Find the syntax of other tools, which the site shows as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .masked_lines import blank_literals
from .problems import Problem, Source

_CALLOUT = "For a callout, write > [!NOTE] on a line, and its text below, with > at the start of each line."
_PLAIN = "Write the words themselves. To show readers these marks, put them between backticks."
_DELETE = "Delete this part."
_MAX_MARKED = 60  # a problem marks at most this many characters

# The words that WordPress, forums and other tools put in square brackets, such as [gallery].
_SHORTCODES = (
    "caption|gallery|embed|video|audio|playlist|youtube|vimeo|button|contact-form|contact-form-7|form|quote|code"
    "|b|i|u|s|url|img|color|size|center|list|spoiler|table|row|column|columns|tabs|tab|accordion|map|vc_row|vc_column"
)


class Syntax(NamedTuple):
    """One piece of another tool's syntax.

    `pattern` matches the syntax in a line, such as `!!! note`. Messages call the syntax `name`.

    Each line with the syntax contains `sign`, such as `!!!` or `toc`. The sign is in lowercase, but the line may have
    capitals. Some signs, such as `:`, are in most documents. A syntax with such a sign can have a `hint`: the
    checker then skips the syntax in documents that don't match the hint.
    """

    sign: str
    pattern: re.Pattern[str]
    name: str
    help: str
    hint: re.Pattern[str] | None = None


def _syntax(sign: str, pattern: str, name: str, help: str, hint: str = "") -> Syntax:
    return Syntax(sign, re.compile(pattern), name, help, re.compile(hint) if hint else None)


# Each pattern takes linear time: a match begins with a rare mark, and has a limited length or ends before the next mark
# of the same kind.
SYNTAXES = (
    _syntax(":::", r"^[\s>]*:{3,}.*", "a “:::” container of another tool", _CALLOUT),
    _syntax("!!!", r"^\s*!!!\s+\w.*", "a “!!!” callout of another tool", _CALLOUT),
    _syntax("???", r"^\s*\?\?\?\+?\s+\w.*", "a “???” callout of another tool", _CALLOUT),
    _syntax(
        "toc",
        r"(?i)^\s*(?P<mark>\[{1,2}_?toc_?\]{1,2}|@\[toc\]\S*|\$\{toc\}|\{:\s*toc\s*\})",
        "a table of contents of another tool",
        "Delete this line. A page with six or more sections lists its sections by itself.",
    ),
    _syntax(
        "[[",
        r"(?i)!\[\[(?!_?toc_?\]\])[^\[\]]{1,200}\]\]",
        "an embedded file of another tool",
        "For an image, write ![What the image shows](images/file.png).",
    ),
    _syntax(
        "[[",
        r"(?i)(?<![!\[])\[\[(?!_?toc_?\]\])[^\[\]]{1,200}\]\](?!\()",
        "a link of another tool",
        "Write [the link's text](/the-url-of-the-page).",
    ),
    _syntax(
        "{",
        r"\{(?:#[\w-]+|\.[A-Za-z][\w-]*|:[^{}]{0,200})(?:\s[^{}]{0,200})?\}|(?<=\))\{\s*[\w-]+=[^{}]{0,200}\}",
        "attributes of another tool",
        "Delete this part. The anchor of a heading comes from its words, and the site chooses the layout.",
    ),
    _syntax("{{", r"\{\{.{0,200}?(?:\}\}|$)", "a placeholder or a template tag", _PLAIN),
    _syntax("{%", r"\{%.{0,200}?(?:%\}|$)", "a template tag", "Delete the tag, and write its content in Markdown."),
    _syntax("{#", r"\{#\s.{0,200}?#\}", "a template comment", _DELETE),
    _syntax("{/*", r"\{/\*.{0,200}?(?:\*/\}|$)", "a comment of another tool", _DELETE),
    _syntax("<%", r"<%.{0,200}?(?:%>|$)", "a template tag", "Delete the tag, and write its content in Markdown."),
    _syntax("<?", r"<\?(?:php|=|xml).{0,200}", "code of another tool", _DELETE),
    _syntax("%%", r"(?<![\w%])%%[^%]{1,200}%%(?![\w%])|^\s*%%\s*$", "a comment of another tool", _DELETE),
    _syntax(
        "*[",
        r"^\s*\*\[[^\[\]]{1,100}\]:.*",
        "an abbreviation of another tool",
        "Delete this line, and explain the abbreviation where the text uses it: HTML (Hypertext Markup Language).",
    ),
    _syntax(
        "|",
        r"!\[[^\[\]|]{0,200}(?P<mark>\|\s*\d{1,4}%?(?:x\d{1,4})?)\s*\]\(",
        "the size of an image",
        "Delete the size. The site chooses the image's size.",
    ),
    _syntax("«", r"«\w{1,50}_\w{1,50}»", "a placeholder of a mail merge", _PLAIN),
    _syntax(
        ":",
        r"(?<![\w:/.-]):(?:[a-z][a-z0-9_+-]{1,30}|[+-]1):(?![\w:/])",
        "the name of an emoji",
        "Write the emoji itself, such as 🚀, or delete the name.",
        hint=r":[a-z+-]",
    ),
    _syntax("==", r"(?<![\w=])==(?=[^\s=])[^=]{0,200}(?<=\S)==(?![\w=])", "a highlight", "Write **bold** text."),
    _syntax("++", r"(?<![\w+])\+\+(?=[^\s+])[^+]{0,200}(?<=\S)\+\+(?![\w+])", "an insertion", "Delete the plus signs."),
    _syntax("^", r"(?<=[\w)])\^[^\s^\[\]]{1,30}\^", "a superscript", "Write the character itself: ² or ™."),
    _syntax("~", r"(?<=[\w)])(?<!~)~[^\s~/]{1,20}~(?![~/])", "a subscript", "Write the character itself: H₂O."),
    _syntax(
        "~",
        r"(?<![\w~)/\\])~(?=[^\W\d_])[^~]{1,200}(?<=\S)~(?![\w~/])",
        "crossed-out text",
        "Write two tildes before and after the text: ~~text~~.",
    ),
    _syntax(
        "^[",
        r"(?<=\S)\^\[[^\[\]]{1,200}\]",
        "a footnote of another tool",
        "Write a mark such as [^1] here, and the footnote on a line of its own: [^1]: …",
    ),
    _syntax(
        "[",
        r"^[\s>]*(?:[-*+]\s+(?P<mark>\[\])|[-*+]?\[[ xX]?\])(?=\s)",
        "an item of a task list",
        "Write - [ ] or - [x], with a hyphen, and with a space before and inside the brackets.",
    ),
    _syntax(
        "$$", r"\$\$(?=[^$]{0,200}\w)[^$\s][^$]{0,200}\$\$", "a formula", "Write the formula in words, or add an image."
    ),
    _syntax("{<", r"\{<.{0,200}?(?:>\}|$)", "a shortcode", "Delete the shortcode, and write its content in Markdown."),
    _syntax(
        "[",
        rf"(?i)(?<![\w!\]])(?:\[({_SHORTCODES})(?:[=\s][^\[\]]{{0,200}})?\].{{0,200}}?\[/\1\]|\[/(?:{_SHORTCODES})\]"
        rf"|\[(?:(?:gallery|embed|playlist)\]|(?:{_SHORTCODES})(?:=|\s+[\w-]+=)[^\[\]]{{1,200}}\])(?!\())",
        "a shortcode",
        "Delete the shortcode, and write its content in Markdown.",
    ),
    _syntax(
        "@[",
        r"(?<!\S)@\[(?:youtube|vimeo|gist|tweet|codepen)\]",
        "an embed of another tool",
        "Write [text](https://…).",
    ),
    _syntax("'''", r"'''[^']{1,200}'''", "bold text of a wiki", "Write **bold**."),
    _syntax("==", r"^\s*={2,6}\s[^=]{1,200}\s={2,6}\s*$", "a heading of a wiki", "Write ## and the heading's text."),
    _syntax(
        ". ",
        r"^\s*h[1-6]\. \S.*",
        "a heading of another tool",
        "Write ## and the heading's text.",
        hint=r"h[1-6]\. ",
    ),
    _syntax(
        "{",
        r"^\s*\{(?:code|quote|panel|noformat|info|note|warning|tip)(?::[^{}]{0,200})?\}",
        "a macro of another tool",
        "Delete the macro. For code, write three backticks on a line of their own before and after the code.",
    ),
    _syntax(".. ", r"^\s*\.\. [\w-]+::.*", "a directive of another tool", "Delete the directive, and write Markdown."),
    _syntax("\\", r"^\s*\\(?:newpage|pagebreak|clearpage)\b.*", "a page break of another tool", "Delete this line."),
    _syntax("import ", r"^import\s[^'\"]{1,200}\sfrom\s+['\"].*", "code of another tool (MDX)", _DELETE),
    _syntax("export ", r"^export\s+(?:const|let|default|function)\s.*", "code of another tool (MDX)", _DELETE),
)


# Python finds a single character much faster than a longer text. So `find_signs` searches for a sign only if the text
# contains each character of the sign.
_SIGN_CHARACTERS = frozenset("".join(syntax.sign for syntax in SYNTAXES))


def find_signs(text: str) -> list[Syntax]:
    """Return each syntax that `text` may use, because the text contains the syntax's sign.

    The function doesn't check the syntax's pattern, so `text` may contain the sign for another reason.
    """
    lowered = text.lower()
    present = {character for character in _SIGN_CHARACTERS if character in lowered}
    possible = [syntax for syntax in SYNTAXES if present.issuperset(syntax.sign)]
    found = [syntax for syntax in possible if syntax.sign in lowered]
    return [syntax for syntax in found if syntax.hint is None or syntax.hint.search(lowered)]


def check_line(source: Source, number: int, text: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Problem]:
    """Yield a problem for each place where `text` uses one of `syntaxes`.

    `text` is line `number` of the document, with spaces in place of code spans.
    """
    lowered = text.lower()
    found = [syntax for syntax in syntaxes if syntax.sign in lowered]
    if not found:
        return
    end = 0
    for start, stop, syntax in sorted(_matches(blank_literals(text), found), key=lambda match: (match[0], -match[1])):
        if start < end:  # this match is inside the previous match
            continue
        end = stop
        message = f"This looks like {syntax.name}, but the page shows it as text."
        length = min(stop - start, _MAX_MARKED)
        yield source.problem("unsupported-markdown", message, syntax.help, line=number, column=start + 1, length=length)


def _matches(text: str, syntaxes: list[Syntax]) -> Iterator[tuple[int, int, Syntax]]:
    for syntax in syntaxes:
        for match in syntax.pattern.finditer(text):
            group = "mark" if match.groupdict().get("mark") else 0
            start, stop = match.span(group)
            yield start + len(match[group]) - len(match[group].lstrip()), stop, syntax
