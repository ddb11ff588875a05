"""Calls to action: `**[Start Free Trial]**`, `**[Get all 50 questions → /resources/question-bank]**` and their kin.

They are marked in the runs of a text wherever they stand, so that each is a link; a line that begins with one is set
as buttons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import groupby

from . import markup
from .document_links import Link
from .inlines import Inline, Run, join
from .markup import Html
from .problems import Problem, Source
from .url_paths import TARGET_PATTERN

_ARROWS = ("→", "->", "=>")
_TARGET = re.compile(TARGET_PATTERN)
_DASH = re.compile(r"[—–-]\s+")
_LABEL_ENDS = re.compile(r"\s[—–]\s")
_SEPARATORS = " \u00a0|·•,/"
_LABELLED = re.compile(r"(?:(?:primary|secondary) )?cta(?: \d+)?$", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\[\]]*\]")


NO_HTML = Html()


@dataclass(frozen=True, slots=True)
class CallToAction:
    """One call to action. `href` is empty if its target is unknown. `note` is the text beside it.

    `separator` is the text between label and note, e.g. a dash."""

    label: Html
    href: str
    note: Html = NO_HTML
    separator: str = ""


def is_call_label(name: str) -> bool:
    """Whether `**name:**` announces a call to action."""
    return bool(_LABELLED.match(name))


def _arrow(text: str) -> tuple[int, str] | None:
    """Of words that end in `→ /target`: where the arrow stands, and the target."""
    start, arrow = max((text.rfind(arrow), arrow) for arrow in _ARROWS)
    target = text[start + len(arrow) :].strip()
    return (start, target) if text[: max(start, 0)].strip() and _TARGET.fullmatch(target) else None


def _is_bracketed(text: str) -> bool:
    text = text.strip()
    return bool(_BRACKETS.fullmatch(text) and text[1:-1].strip())


def _may_be_call(run: Run) -> bool:
    return "[" in run.text or (run.strong and (run.href != "" or any(arrow in run.text for arrow in _ARROWS)))


@dataclass
class CallResolver:
    """Finds the calls of one document and looks their targets up in `labels` (label → target, in any case). `links` are
    those of labelled lines, which stand in no run."""

    source: Source
    labels: Mapping[str, str]
    problems: list[Problem]
    links: list[Link] = field(default_factory=list)

    def mark(self, content: Inline) -> Inline:
        """`content` with the runs of each call turned into a link that is marked as one."""
        if not any(_may_be_call(run) for run in content.runs):
            return content
        marked: list[Run] = []
        for is_break, group in groupby(content.runs, key=lambda run: run.is_break):
            runs = tuple(group)
            marked += runs if is_break else self._mark_line(runs)
        return Inline(tuple(marked))

    def _mark_line(self, runs: tuple[Run, ...]) -> Iterator[Run]:
        whole = Inline(runs)
        text = whole.text.strip()
        if _is_bracketed(text) and _arrow(text[:-1]) and not any(run.code for run in runs):
            yield from self._call(whole)
            return
        for strong, group in groupby(runs, key=lambda run: run.strong and not run.code):
            stretch = Inline(tuple(group))
            if not strong:
                yield from stretch.runs
            elif _arrow(stretch.text) and not _BRACKETS.search(stretch.text):
                yield from self._call(stretch)
            elif stretch.strip().runs == whole.strip().runs and all(run.href for run in stretch.runs):
                yield from (run._replace(is_call=True) for run in stretch.runs)
            else:
                yield from self._bracketed_calls(stretch)

    def _bracketed_calls(self, stretch: Inline) -> Iterator[Run]:
        """Of bold words that begin and end with brackets, each bracket's are a call."""
        text = stretch.text.strip()
        if text[:1] != "[" or text[-1:] != "]":
            yield from stretch.runs
            return
        end = 0
        for bracket in _BRACKETS.finditer(stretch.text):
            yield from stretch.drop(end).take(bracket.start() - end).runs
            words = stretch.drop(bracket.start()).take(len(bracket[0]))
            yield from self._call(words) if _is_bracketed(bracket[0]) else words.runs
            end = bracket.end()
        yield from stretch.drop(end).runs

    def _call(self, stretch: Inline) -> tuple[Run, ...]:
        call, href = self.resolve(stretch)
        return tuple(run._replace(href=href, strong=True, is_call=True) for run in call.runs)

    def resolve(self, content: Inline) -> tuple[Inline, str]:
        """The words of a call without brackets and arrow, and its target: empty, and a problem, where it is unknown."""
        content = content.strip()
        if _is_bracketed(content.text):
            content = content.drop(1).take(len(content.text) - 2).strip()
        if arrow := _arrow(content.text):
            return content.take(arrow[0]).rstrip(), arrow[1]
        linked = next((run.href for run in content.runs if run.href), "")
        if linked:
            return content, linked
        label = _LABEL_ENDS.split(content.text)[0].strip()
        known = {known.lower(): known for known in self.labels}
        target = self.labels.get(known.get(label.lower(), ""), "")
        if not target:
            self._unknown(content, label)
        return content, target

    def _unknown(self, content: Inline, label: str) -> None:
        known = {known.lower(): known for known in self.labels}
        near = get_close_matches(label.lower(), known, n=1)
        meant = f"did you mean “{known[near[0]]}”? Else " if near else ""
        self.problems.append(
            self.source.problem(
                "cta-target",
                f"nothing says where “{label}” leads, so it is shown without a link",
                f"{meant}write its target behind an arrow, as [{label} → /start], "
                f'or add "{label}" = "/start" to [calls_to_action] in site.toml',
                line=content.line,
                column=content.column,
                length=len(label),
            )
        )

    def resolve_label(self, content: Inline) -> CallToAction:
        """The call that a `**Primary CTA:**` line names."""
        call, href = self.resolve(content)
        if href:
            self.links.append(Link(href, call.text, call.line, call.column))
        return CallToAction(markup.render_text(markup.without_links(call)), href)


def parse_calls(line: Inline) -> tuple[CallToAction, ...]:
    """The calls of a line that begins with one, each with the words that follow it; none for any other line."""
    line = line.strip()
    if not line.runs or not line.runs[0].is_call:
        return ()
    calls: list[CallToAction] = []
    for is_call, group in groupby(line.runs, key=lambda run: (run.is_call, run.href if run.is_call else "")):
        stretch = Inline(tuple(group))
        if is_call[0]:
            calls.append(CallToAction(markup.render_text(markup.without_links(stretch)), is_call[1]))
        elif stretch.text.strip(_SEPARATORS):
            note = stretch.strip()
            separator = _DASH.match(note.text)
            words = markup.render_inline(note.drop(separator.end()) if separator else note)
            calls[-1] = replace(calls[-1], note=words, separator=separator[0] if separator else "")
    return tuple(calls)


def split_calls(lines: Iterable[Inline], calls: CallResolver) -> Iterator[tuple[tuple[CallToAction, ...], Inline]]:
    """Lines of a paragraph in stretches: the calls of neighboring lines, or the lines that hold none, joined."""

    def of(line: Inline) -> tuple[CallToAction, ...]:
        label = line.split_label()
        if label and is_call_label(label[0]) and label[1]:
            return (calls.resolve_label(label[1]),)
        return parse_calls(line)

    found = [(of(line), line) for line in lines]
    for is_call, group in groupby(found, key=lambda pair: bool(pair[0])):
        pairs = list(group)
        if is_call:
            yield tuple(call for some, _ in pairs for call in some), Inline()
        else:
            yield (), join(line for _, line in pairs)
