"""Turn markdown-it's inline tokens into runs (see `inlines`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from . import url_paths
from .inlines import Inline, NoteMark, Run
from .problems import Span
from .source_positions import Cursor


def read(token: Token, lines: list[str], first_line: int) -> Inline:
    """Return the runs of an inline token. Opening and closing tokens switch the style of the runs that follow.

    `lines` are the document's lines. The token starts in the line with the number `first_line`.
    """
    runs: list[Run] = []
    cursor = Cursor(token, lines, first_line)
    children = token.children or ()
    if len(children) == 1 and children[0].type == "text":  # Most content is plain text.
        line, column, exact = cursor.find(children[0].content)
        run = Run(children[0].content, line, column, is_exact=exact)
        return Inline(tuple(_with_phone_links([run])))
    styles = {"strong": 0, "em": 0, "s": 0}
    strong = emphasis = struck = False
    href = title = rejected = ""
    href_span: Span | None = None
    for child in children:
        if child.type == "text":
            line, column, exact = cursor.find(child.content)
            link = False, href, rejected, title
            run = Run(child.content, line, column, strong, emphasis, struck, *link, href_span=href_span, is_exact=exact)
            runs.append(run)
            continue
        if not child.nesting:
            link = False, href, rejected, title
            style = Run("", 1, 1, strong, emphasis, struck, *link, href_span=href_span)
        match child.type:
            case "softbreak" | "hardbreak":
                line, column, _ = cursor.find("")
                runs.append(style._replace(text="\n", line=line, column=column, hard_break=child.type == "hardbreak"))
            case "code_inline":
                cursor.skip(len(child.markup))
                line, column, _ = cursor.find(child.content)
                runs.append(style._replace(text=child.content, line=line, column=column, code=True))
            case "image":
                line, column, _ = cursor.find(child.content)
                source, bad = split_rejected(child.attrGet("src"))
                image = style._replace(text=_alt_text(child), line=line, column=column, image=source)
                image = image._replace(title=str(child.attrGet("title") or ""), rejected=bad or rejected)
                runs.append(image._replace(image_span=cursor.span(child.meta.get("target"))))
            case "footnote_ref":
                line, column, _ = cursor.find("")
                runs.append(style._replace(line=line, column=column, note=NoteMark(child.meta["label"])))
            case "link_open":
                href, rejected = split_rejected(child.attrGet("href"))
                title = str(child.attrGet("title") or "")
                href_span = cursor.span(child.meta.get("target"))
            case "link_close":
                href, title, href_span, rejected = "", "", None, ""
            case _ if child.tag in styles:
                styles[child.tag] += child.nesting
                strong, emphasis, struck = [count > 0 for count in styles.values()]
        if "end" in child.meta:
            # markdown-it reads a closing `**` as two tokens, and keeps only the first token. This token ends after the
            # first `*`, so add the length of the second `*`.
            cursor.move_to(child.meta["end"] + (len(child.markup) - 1 if child.nesting < 0 else 0))
    return Inline(tuple(_with_phone_links([run for run in runs if run.text or run.image or run.note])))


def split_rejected(target: str | int | float | None) -> tuple[str, str]:
    """Return `(target, "")` if the scheme of `target` is allowed, otherwise `("", target)`."""
    text = str(target or "")
    return (text, "") if url_paths.is_allowed_url(text) else ("", text)


def _alt_text(image: Token) -> str:
    return "".join(part.content or " " for part in image.children or () if not part.nesting)


def _with_phone_links(runs: list[Run]) -> Iterable[Run]:
    return _link_phones(runs) if "+" in "".join([run.text for run in runs]) else runs


def _link_phones(runs: Iterable[Run]) -> Iterator[Run]:
    for run in runs:
        if run.href or run.code or run.image or "+" not in run.text:
            yield run
            continue
        end = 0
        for number in url_paths.PHONE.finditer(run.text):
            if number.start() > end:
                yield run._replace(text=run.text[end : number.start()], column=run.column + end)
            link = url_paths.phone_url(number[0])
            yield run._replace(text=number[0], column=run.column + number.start(), href=link)
            end = number.end()
        if end < len(run.text):
            yield run._replace(text=run.text[end:], column=run.column + end)
