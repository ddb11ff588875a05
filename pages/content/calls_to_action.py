"""Parse calls to action such as `**[Start Free Trial]**` and `**[Get all 50 questions → /resources/question-bank]**`.

Every call to action becomes a link. A call to action at the start of a line becomes a button.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from . import markup
from .document_links import Link
from .inlines import Inline, Run, join
from .markup import Html
from .problems import Edit, Problem, Source, Span, Suggestions
from .url_paths import TARGET_PATTERN

ARROW = "→"
# Signs that writers use in place of the arrow. The site accepts them, but the checker asks for the arrow.
ARROWS = re.compile(rf"{ARROW}|(?<![-=–—])[-=–—]{{1,5}}>{{1,2}}|>>|[»⇒⇨➔➜➙➡⟶►▶]\ufe0f?|(?<=\s)>(?=\s)")
_ARROW_SIGN = re.compile(rf"[{ARROW}>»⇒⇨➔➜➙➡⟶►▶]")  # Each match of ARROWS contains one of these signs.
_TARGET = re.compile(TARGET_PATTERN)
_DASH = re.compile(r"[—–-]\s+")
_LABEL_END = re.compile(r"\s[—–]\s")
_SEPARATORS = " \u00a0|·•,/"
_CALL_LABEL = re.compile(r"(?:(?:primary|secondary) )?cta(?: \d+)?$", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\[\]]*\]")

NO_HTML = Html()


@dataclass(frozen=True, slots=True)
class CallToAction:
    """A call to action. `href` is empty if its target is unknown.

    `note` is the text after the call to action. `separator` is the dash before that text, if any.
    """

    label: Html
    href: str
    note: Html = NO_HTML
    separator: str = ""


def is_call_label(name: str) -> bool:
    """Return whether the label `**name:**`, such as `**Primary CTA:**`, announces a call to action."""
    return bool(_CALL_LABEL.match(name))


def label_of(text: str) -> str:
    """Return the label in the text of a call to action: the part before ` — `."""
    return _LABEL_END.split(text)[0].strip()


def _find_arrow(text: str) -> tuple[re.Match[str], str] | None:
    """Return the arrow and the target if `text` ends in `→ /target`; otherwise None."""
    arrow = next(iter(deque(ARROWS.finditer(text), maxlen=1)), None)
    if arrow is None or not text[: arrow.start()].strip():
        return None
    target = text[arrow.end() :].strip()
    return (arrow, target) if _TARGET.fullmatch(target) else None


def _span_at_end(content: Inline, target: str) -> Span | None:
    """Return the place of `target` in the document, or None if the place is unknown.

    `content` is a call to action, such as “Start free → /start”. `target` is the text after the arrow.
    """
    run = content.runs[-1]
    if not run.is_exact or not run.text.endswith(target):
        return None
    return Span(run.line, run.column + len(run.text) - len(target), len(target))


def _is_bracketed(text: str) -> bool:
    text = text.strip()
    return bool(_BRACKETS.fullmatch(text) and text[1:-1].strip())


def may_have_calls(content: Inline) -> bool:
    """Return whether `content` may have a call to action."""
    for run in content.runs:  # noqa: SIM110  called very often, and a generator would be slower
        if "[" in run.text or (run.strong and (run.href or _ARROW_SIGN.search(run.text))):
            return True
    return False


@dataclass
class CallResolver:
    """Finds the calls to action of one document and their targets.

    `labels` maps labels to targets; case doesn't matter. `links` collects the links in labeled lines, such as
    `**Primary CTA:** …`. Those links aren't in the document's own list of links.
    """

    source: Source
    labels: Mapping[str, str]
    problems: list[Problem]
    links: list[Link] = field(default_factory=list)
    _suggestions: Suggestions = field(default_factory=Suggestions)

    def mark(self, content: Inline) -> Inline:
        """Return `content` with each call to action turned into a link that has `is_call` set."""
        if not may_have_calls(content):
            return content
        marked: list[Run] = []
        for is_break, group in groupby(content.runs, key=lambda run: run.is_break):
            runs = tuple(group)
            marked += runs if is_break else self._mark_line(runs)
        return Inline(tuple(marked))

    def _mark_line(self, runs: tuple[Run, ...]) -> Iterator[Run]:
        line = Inline(runs)
        text = line.text.strip()
        if _is_bracketed(text) and _find_arrow(text[:-1]) and not any(run.code for run in runs):
            yield from self._mark_call(line)
            return
        stripped = line.strip()
        for strong, group in groupby(runs, key=lambda run: run.strong and not run.code):
            part = Inline(tuple(group))
            if not strong:
                yield from part.runs
            elif _find_arrow(part.text) and not _BRACKETS.search(part.text):
                yield from self._mark_call(part)
            elif part.strip().runs == stripped.runs and all(run.href for run in part.runs):
                yield from (run._replace(is_call=True) for run in part.runs)
            else:
                yield from self._mark_brackets(part)

    def _mark_brackets(self, content: Inline) -> Iterator[Run]:
        """Mark each text in brackets as a call to action, as in **[Start free] or [Contact us]**.

        Bold `content` that doesn't start and end with a bracket stays as it is.
        """
        text = content.text.strip()
        if text[:1] != "[" or text[-1:] != "]":
            yield from content.runs
            return
        cuts = [cut for bracket in _BRACKETS.finditer(content.text) for cut in bracket.span()]
        for index, part in enumerate(content.split_at(cuts)):  # parts alternate: outside brackets, inside brackets
            yield from self._mark_call(part) if index % 2 and _is_bracketed(part.text) else part.runs

    def _mark_call(self, content: Inline) -> tuple[Run, ...]:
        label, href, span = self.resolve(content)
        return tuple(run._replace(href=href, href_span=span, strong=True, is_call=True) for run in label.runs)

    def resolve(self, content: Inline) -> tuple[Inline, str, Span | None]:
        """Return the label and the target of a call to action, and the target's place in the document.

        The label has no brackets and no arrow. If the target is unknown, report a problem and return an empty string as
        the target.
        """
        content = content.strip()
        if _is_bracketed(content.text):
            content = content.drop(1).take(len(content.text) - 2).strip()
        if found := _find_arrow(content.text):
            arrow, target = found
            self._check_arrow(content, arrow)
            return content.take(arrow.start()).rstrip(), target, _span_at_end(content, target)
        linked = next((run for run in content.runs if run.href), None)
        if linked:
            return content, linked.href, linked.href_span
        label = label_of(content.text)
        target = self.labels.get(self._lowercase_labels.get(label.lower(), ""), "")
        if not target:
            self._report_unknown(content, label)
        return content, target, None

    def _check_arrow(self, content: Inline, arrow: re.Match[str]) -> None:
        """Report a problem if the writer typed another sign, such as `->`, in place of the arrow →."""
        written = arrow[0]
        if written == ARROW:
            return
        run = content.drop(arrow.start()).runs[0]
        span = Span(run.line, run.column, len(written))
        edits = (Edit(span, ARROW),) if self.source.text_at(span) == written else ()
        message = f"This call to action has {written} in place of the arrow {ARROW}."
        problem = self.source.problem("cta-arrow", message, f"Write {ARROW}", **span._asdict(), edits=edits)
        self.problems.append(problem)

    @cached_property
    def _lowercase_labels(self) -> Mapping[str, str]:
        return {label.lower(): label for label in self.labels}

    def _report_unknown(self, content: Inline, label: str) -> None:
        similar = self._suggestions.nearest(label.lower(), self._lowercase_labels)
        help = f"Write the target after an arrow: [{label} → /start]."
        in_site = f' Or add a line to [calls_to_action] in site.toml: "{label}" = "/start"'
        before, arrow, target = label.rpartition(ARROW)
        if arrow and target.strip():
            start = "https://" if re.match(r"\s*[\w-]+\.\w", target) else "/"
            help = f"Begin the target with / or https://: [{before.strip()} {ARROW} {start}{target.strip()}]."
            in_site = ""
        elif similar:
            help = f"If you meant “{self._lowercase_labels[similar]}”, write that. Otherwise, w{help[1:]}"
        self.problems.append(
            self.source.problem(
                "cta-target",
                f"The call to action “{label}” has no target, so the page shows the text without a link.",
                help + in_site,
                line=content.line,
                column=content.column,
                length=len(label),
            )
        )

    def resolve_label(self, content: Inline) -> CallToAction:
        """Return the call to action in a line such as `**Primary CTA:** …`. `content` is the text after the label."""
        label, href, span = self.resolve(content)
        if href:
            self.links.append(Link(href, label.text, label.line, label.column, target=span))
        return CallToAction(markup.render_text(markup.without_links(label)), href)


def parse_calls(line: Inline) -> tuple[CallToAction, ...]:
    """Return the calls to action in `line`, or () if the line doesn't start with a call to action.

    The text after each call to action becomes its note.
    """
    line = line.strip()
    if not line.runs or not line.runs[0].is_call:
        return ()
    calls: list[CallToAction] = []
    for (is_call, href), group in groupby(line.runs, key=lambda run: (run.is_call, run.href if run.is_call else "")):
        part = Inline(tuple(group))
        if is_call:
            calls.append(CallToAction(markup.render_text(markup.without_links(part)), href))
        elif part.text.strip(_SEPARATORS):
            note = part.strip()
            dash = _DASH.match(note.text)
            html = markup.render_inline(note.drop(dash.end()) if dash else note)
            calls[-1] = replace(calls[-1], note=html, separator=dash[0] if dash else "")
    return tuple(calls)


def split_calls(lines: Iterable[Inline], resolver: CallResolver) -> Iterator[tuple[tuple[CallToAction, ...], Inline]]:
    """Separate the calls to action in a paragraph from its other text.

    Yield `(calls, Inline())` for neighboring lines that start with a call to action. Yield `((), text)` for
    neighboring lines that don't.
    """

    def calls_in(line: Inline) -> tuple[CallToAction, ...]:
        label = line.split_label()
        if label and is_call_label(label[0]) and label[1]:
            return (resolver.resolve_label(label[1]),)
        return parse_calls(line)

    pairs = [(calls_in(line), line) for line in lines]
    for has_calls, pair_group in groupby(pairs, key=lambda pair: bool(pair[0])):
        group = list(pair_group)
        if has_calls:
            yield tuple(call for calls, _ in group for call in calls), Inline()
        else:
            yield (), join(line for _, line in group)
