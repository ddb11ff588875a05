"""A document's copy as a reader of the raw file would have it, and a page's as a visitor meets it.

Written for tests alone: it knows Markdown's marks, and nothing of how pages are made.
"""

import html
import re

NO_COPY = re.compile(r"^#{2,3} META\n+```.*?```|<!--.*?-->", re.DOTALL | re.MULTILINE)
HERO_LABELS = re.compile(r"^\*\*(?:Eyebrow|Headline|Subhead|Primary CTA|Secondary CTA):\*\*", re.MULTILINE)
LISTING = re.compile(r"^\*\*Pages under:\*\* /\S*$", re.MULTILINE)
NAME = re.compile(r"\A(?:#+ (.*)|(.*)\n===)")
URL = re.compile(r"^#+ (/\S*)$", re.MULTILINE)
FENCE = re.compile(r"^( *)(```+|~~~+)[^\n]*\n(.*?)^\1\2$", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"(?<=\n\n)(?: {4}[^\n]*\n)+(?=\n)")
CODE = re.compile(r"(?<![`\\])(`+)(?!`) ?(.+?) ?(?<!`)\1(?!`)")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
BARELESS = re.compile(r"^[^|\n][^\n]*\n[-: ]+\|[-| :]*(?:\n.*\|.*)*", re.MULTILINE)
LAYOUT = re.compile(r"-{3,}|={3,}|\*{3}|_{3}|\|?[-: ]+\|[-| :]*|#+ (?:/\S*|HERO)|\[[^\]]+\]: \S+(?: .*)?")
MARK = re.compile(r"(?:#{1,6} |> ?|[-*+] |\d+[.)] |\[[ xX]\] )")
STYLES = re.compile(r"(?<! )\*+|\*+(?! )|~~|(?<!\w)_+|_+(?!\w)")

# Where characters that are copy, and not marks, stand while marks are taken off: each in a private plane.
HIDDEN = 0xF0000


def hide(text: str) -> str:
    return "".join(character if character in "\n " else chr(HIDDEN + ord(character)) for character in text)


def reveal(text: str) -> str:
    return "".join(chr(ord(character) - HIDDEN) if ord(character) >= HIDDEN else character for character in text)


def copy(document: str) -> str:
    """A document as text, with plain line ends, without META and comments."""
    return NO_COPY.sub("", document.removeprefix("\ufeff").replace("\r\n", "\n"))


def sentences(document: str) -> list[str]:
    """What a reader of the raw file would call its copy, without Markdown's marks."""
    document = LISTING.sub("", HERO_LABELS.sub("", copy(document)))
    document = FENCE.sub(lambda code: hide(code[3]), document)
    document = INDENTED.sub(lambda code: hide(code[0]), document)
    document = BARELESS.sub(lambda table: re.sub(r"^", "|", table[0], flags=re.MULTILINE), document)
    found = []
    for line in document.split("\n"):
        found += [" ".join(reveal(part).split()) for part in _sentences_of(line)]
    return [_settled(sentence) for sentence in found if sentence]


def _settled(text: str) -> str:
    """Without the spaces that some write and some do not, and that pages set alike: `45 %`, `**Label:**fact`."""
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
    line = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", line)
    line = re.sub(r"\[([^\]]*?)(?: → \S+)?\]", r"\1", line)
    line = re.sub(r" → (?:[/#]|tel:|mailto:|https?:)\S+$", "", line)
    line = re.sub(r"<((?:https?:|[^\s<>]+@)[^\s<>]+)>", r"\1", line)
    line = STYLES.sub("", line)
    cells = line.strip("|").split("|") if line.startswith("|") else [line]
    pieces = [piece for cell in cells for piece in re.split(r"<br ?/?>", cell)]
    return [part for piece in pieces for part in re.split(r"(?<=[.?!])\s+", piece)]


def name(document: str) -> str:
    """The page's name: the document's first heading, which is not part of its copy."""
    found = NAME.match(document.removeprefix("\ufeff"))
    return (found[1] or found[2]).strip() if found else ""


def url(document: str) -> str:
    found = URL.search(copy(document))
    return found[1] if found else ""


def main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def visible(page: str) -> str:
    """A page's words as a reader meets them, in one line, in lower case (so are headings that shout)."""
    body = re.sub(r'<img [^>]*alt="([^"]*)"[^>]*>', r"\1", main(page))
    return _settled(" ".join(html.unescape(re.sub(r"<[^>]*>", "", body)).split()).lower())


def missing(document: str, page: str) -> list[str]:
    words = visible(page)
    named = name(document)
    return [sentence for sentence in sentences(document) if sentence.lower() not in words and sentence != named]
