"""A quick parser for simple text of a paragraph, heading, list item or table cell.

markdown-it takes several times as long, and most texts are simple: they consist of plain text, bold and italic text,
line breaks, and links to the site's own pages. The quick parser refuses all other texts, and also a text in which the
meaning of a mark depends on more than the characters beside it. For the texts that it accepts, `inline_reader` reads
the same content from its tokens as from markdown-it's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

# The characters at which an inline rule of markdown-it can match. Text without them is plain.
_MARKS = r"\n\\`~*_\[\]!<&"
MARK = re.compile(f"[{_MARKS}]")
_PIECE = re.compile(
    rf"""
      (?P<plain> [^{_MARKS}]+ )
      # Bold or italic text with a space, a line break or the text's end on both sides. Punctuation may follow a letter.
    | (?<! [^ \n] ) (?P<mark> \*\*? ) (?=\S) (?P<styled> [^{_MARKS}]+ ) (?<=\S) (?:
          (?P=mark) (?= [ \n] | \Z )
        | (?<=\w) (?P=mark) (?= [.,:;?)] )
      )
    | \[ (?P<label> (?!\^) [^{_MARKS}]+ ) \] \( (?P<target> (?: / (?!/) | \# ) [A-Za-z0-9/_.\#-]* ) \)
      # A line break without spaces around it.
    | (?<!\ ) \n (?! [ \t] )
    """,
    re.VERBOSE,
)


def parse(text: str) -> list[Token] | None:
    """Return the tokens of `text`, or None if `text` is not simple."""
    if not text:
        return None
    if not MARK.search(text):
        return [Token("text", "", 0, content=text)]
    tokens: list[Token] = []
    end = 0
    for piece in _PIECE.finditer(text):
        if piece.start() != end:
            return None
        end = piece.end()
        tokens += _tokens(piece)
    return tokens if end == len(text) else None


def _tokens(piece: re.Match[str]) -> Iterator[Token]:
    """Yield the tokens of a piece, with their positions in `meta` (see `token_positions`)."""
    start, end = piece.span()
    match piece.lastgroup:
        case "plain":
            yield Token("text", "", 0, content=piece[0])
        case "styled":
            mark = piece["mark"]
            tag = "em" if mark == "*" else "strong"
            yield Token(f"{tag}_open", tag, 1, markup=mark, meta={"end": start + len(mark)})
            yield Token("text", "", 0, content=piece["styled"], level=1)
            yield Token(f"{tag}_close", tag, -1, markup=mark, meta={"end": end - len(mark) + 1})
        case "target":
            href = piece["target"]
            yield Token("link_open", "a", 1, {"href": href}, meta={"end": start + 1, "target": piece.span("target")})
            yield Token("text", "", 0, content=piece["label"], level=1)
            yield Token("link_close", "a", -1, meta={"end": end})
        case _:
            yield Token("softbreak", "br", 0, meta={"end": end})
