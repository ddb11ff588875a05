"""The sentences of a document, and the visible text of a page, for comparison in tests.

This module knows Markdown syntax, but doesn't use the site's parser and templates.
"""

import html
import re

NOT_TEXT = re.compile(r"^#{2,3} META\n+```.*?```|<!--.*?-->", re.DOTALL | re.MULTILINE)
HERO_LABELS = re.compile(r"^\*\*(?:Eyebrow|Headline|Subhead|Primary CTA|Secondary CTA):\*\*", re.MULTILINE)
LISTING = re.compile(r"^\*\*Pages under:\*\* /\S*$", re.MULTILINE)
REPORT = re.compile(
    r"^\*\*(?:Role:\*\* /\S*$|Question:\*\* \d+$|(?:Answer|Follow-up|Second answer|Score before):\*\*)"
    r"|^\| Dimension \| Score \|\n",
    re.MULTILINE,
)
NAME = re.compile(r"\A(?:#+ (.*)|(.*)\n===)")
URL = re.compile(r"^#+ (/\S*)$", re.MULTILINE)
FENCE = re.compile(r"^( *)(```+|~~~+)[^\n]*\n(.*?)^\1\2$", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"(?<=\n\n)(?: {4}[^\n]*\n)+(?=\n)")
CODE = re.compile(r"(?<![`\\])(`+)(?!`) ?(.+?) ?(?<!`)\1(?!`)")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
TABLE_WITHOUT_OUTER_PIPES = re.compile(r"^[^|\n][^\n]*\n[-: ]+\|[-| :]*(?:\n.*\|.*)*", re.MULTILINE)
LAYOUT = re.compile(
    r"-{3,}|={3,}|\*{3}|_{3}|\|?[-: ]+\|[-| :]*|#+ (?:/\S*|HERO)|\[(?!\^)[^\]]+\]: \S+(?: .*)?|\[![A-Za-z]+\]"
)
MARK = re.compile(r"(?:#{1,6} |> ?|[-*+] |: |\d+[.)] |\[[ xX]\] |\[\^[^\]]+\]: )")
NOTE_MARK = re.compile(r"\[\^[^\]]+\]")
STYLES = re.compile(r"(?<! )\*+|\*+(?! )|~~|(?<!\w)_+|_+(?!\w)")

# This offset moves a literal character to a private-use plane, to protect it while Markdown syntax is removed.
HIDDEN = 0xF0000


def hide(text: str) -> str:
    return "".join(character if character in "\n " else chr(HIDDEN + ord(character)) for character in text)


def reveal(text: str) -> str:
    return "".join(chr(ord(character) - HIDDEN) if ord(character) >= HIDDEN else character for character in text)


def copy(document: str) -> str:
    """Return a document with LF line endings, without META and comments."""
    return NOT_TEXT.sub("", document.removeprefix("\ufeff").replace("\r\n", "\n"))


def sentences(document: str) -> list[str]:
    """Return the sentences of a document, without Markdown syntax."""
    document = REPORT.sub("", LISTING.sub("", HERO_LABELS.sub("", copy(document))))
    document = FENCE.sub(lambda code: hide(code[3]), document)
    document = INDENTED.sub(lambda code: hide(code[0]), document)
    document = TABLE_WITHOUT_OUTER_PIPES.sub(lambda table: re.sub(r"^", "|", table[0], flags=re.MULTILINE), document)
    parts = []
    for line in document.split("\n"):
        parts += [" ".join(reveal(part).split()) for part in _sentences_of(line)]
    return [_normalize(sentence) for sentence in parts if sentence]


def _normalize(text: str) -> str:
    """Remove the spaces in `45 %` and after `**Label:**`, because pages may add or omit them."""
    return re.sub(r"(?<=\d) (?=%)|(?<=:) ", "", text)


def _sentences_of(line: str) -> list[str]:
    line = line.strip()
    if LAYOUT.fullmatch(line):
        return []
    while mark := MARK.match(line):
        line = line[mark.end() :].lstrip()
        if LAYOUT.fullmatch(line):
            return []
    line = re.sub(r" #+$|\\$", "", line)
    line = CODE.sub(lambda code: hide(code[2]), line)
    line = ESCAPE.sub(lambda escape: hide(escape[1]), line)
    line = re.sub(r"&#?\w+;", lambda entity: hide(html.unescape(entity[0])), line)
    line = NOTE_MARK.sub("", line)
    line = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", line)
    line = re.sub(r"\[([^\]]*?)(?: → \S+)?\]", r"\1", line)
    line = re.sub(r" → (?:[/#]|tel:|mailto:|https?:)\S+$", "", line)
    line = re.sub(r"<((?:https?:|[^\s<>]+@)[^\s<>]+)>", r"\1", line)
    line = STYLES.sub("", line)
    cells = line.strip("|").split("|") if line.startswith("|") else [line]
    lines = [line for cell in cells for line in re.split(r"<br ?/?>", cell)]
    return [sentence for line in lines for sentence in re.split(r"(?<=[.?!])\s+", line)]


def name(document: str) -> str:
    """Return the page's name, which is the document's first heading. The name isn't part of the document's text."""
    match = NAME.match(document.removeprefix("\ufeff"))
    return (match[1] or match[2]).strip() if match else ""


def url(document: str) -> str:
    match = URL.search(copy(document))
    return match[1] if match else ""


def main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def visible(page: str) -> str:
    """Return a page's text on one line, in lower case because the site changes the case of all-caps headings."""
    page = re.sub(r'<sup class="note-mark">.*?</sup>', "", page)
    body = re.sub(r'<img [^>]*alt="([^"]*)"[^>]*>', r"\1", main(page))
    return _normalize(" ".join(html.unescape(re.sub(r"<[^>]*>", "", body)).split()).lower())


def missing(document: str, page: str) -> list[str]:
    """Return the sentences of `document` that `page` lacks."""
    text, page_name = visible(page), _normalize(name(document))
    return [sentence for sentence in sentences(document) if sentence.lower() not in text and sentence != page_name]
