"""Find the numbers that a reader could take for a claim about the site's company, such as “90% of our customers”.

False alarms are worse than missed claims. So each pattern looks only at the words directly beside a number and at its
sentence. The patterns are English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .figures import Figure, FigureKind

WINDOW = 90  # A pattern sees at most this many characters before and after a number.

_US = r"(?:our|we|us|layersrank)\b"
_GROUPS = (
    r"(?:customers?|clients?|users|companies|teams|firms|startups|scale-ups|enterprises|organi[sz]ations|employers"
    r"|recruiters|agencies|brands|businesses|hiring managers)\b"
)
_WORK = r"(?:assessments|candidates|interviews|hires|reports|scores)\b"
_OUTCOME = (
    r"(?:accura|precis(?:e|ion)|reliab|satisf|complet|renew|recommend|agree|predict|bias|fewer|less\b|faster|quicker"
    r"|shorter|cheaper|better|sav(?:e|ing)|cut|reduc|lower|slash|boost|increas|improv|success|retention|retain|prefer"
    r"|trust|stopp|fill|spend|remov|halv|correlat)"
)
_CHANGE = (
    r"(?:faster|quicker|shorter|cheaper|fewer|less\b|sav(?:e[sd]?|ings?)\b|cuts?\b|reduc|lower|slash|boost|increas"
    r"|improv|better|higher|drop)"
)
_HIRING = r"(?:hir(?:e[sd]?|ing)\b|interview|screening|assessments?\b|recruit|layersrank)"
MIN_MANY = 50  # A lower number of assessments or candidates is one of the reader’s own, not a claim.
_SUPPOSED = re.compile(r"\W*(?:if|suppose|imagine|say|when|unless)\b", re.IGNORECASE)
_WITH_US = re.compile(r"(?:with|using|after) layersrank\b|layersrank$", re.IGNORECASE)


class _Claim(NamedTuple):
    """A figure of one of `kinds` is a claim if all patterns match: `before` and `after` it, and in its sentence."""

    kinds: frozenset[FigureKind]
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    sentence: tuple[re.Pattern[str], ...] = ()
    lowest: int = 0


def _claim(kinds: str, *, before: str = "", after: str = "", sentence: tuple[str, ...] = (), lowest: int = 0) -> _Claim:
    names: dict[str, FigureKind] = {
        "%": "percentage",
        "×": "multiple",
        "n": "count",
        "t": "duration",
        "₹": "money",
    }
    return _Claim(
        frozenset(names[each] for each in kinds.split()),
        re.compile(rf"(?:{before})$", re.IGNORECASE) if before else None,
        re.compile(after, re.IGNORECASE) if after else None,
        tuple(re.compile(rf"\b{each}", re.IGNORECASE) for each in sentence),
        lowest,
    )


_MORE_THAN = r"(?:(?:over|more than|about|some|nearly|almost|up to|the|just|only|under|less than|at least) ){0,2}"

_CLAIMS = (
    # 90% of our customers; our customers renew in 75% of all cases; four out of five of our clients
    _claim("%", after=r"\W{0,3}of (?:all )?(?:our|layersrank(?:[’']s)?)\b"),
    _claim("%", sentence=(rf"(?:our|layersrank(?:[’']s)?) {_GROUPS}",)),
    _claim("n", before=r"(?<!out of )(?<! in )", after=rf" (?:(?:out of|in) \w+ )?of (?:all )?our (?:\w+ )?{_GROUPS}"),
    # Trusted by 200 companies; join 350 hiring teams; 200 companies trust us
    _claim(
        "n",
        before=rf"\b(?:(?:trusted|loved|chosen|preferred|recommended) by|join) {_MORE_THAN}",
        after=rf"\W?(?:\w+ ){{0,3}}{_GROUPS}",
    ),
    _claim(
        "n",
        after=rf"\W?(?:\w+ ){{0,2}}{_GROUPS} (?:already |now )?(?:trust|rely|use|choose|chose|hire with|work with)\b",
        sentence=(_US,),
        lowest=2,
    ),
    # Our reports are 95% accurate; LayersRank reduces interview time by 60%
    _claim("% ×", sentence=(_US, _OUTCOME)),
    # Hire 3× faster; each hire costs you 30% less; cut your time to hire by 40%
    _claim(
        "% ×",
        after=r"\W{0,2}(?:faster|quicker|shorter|cheaper|fewer|less|lower|better|higher)\b",
        sentence=(_HIRING, _CHANGE),
    ),
    _claim(
        "%",
        before=rf"{_CHANGE}\w*\b[^.]{{0,50}} by {_MORE_THAN}",
        sentence=(r"(?:assessments?|layersrank|you|your)\b", _HIRING),
    ),
    # Over 1,000 assessments completed; our team has read more than 5,000 reports
    _claim(
        "n",
        after=rf"\W{{0,2}}(?:\w+ ){{0,2}}{_WORK}.{{0,20}}"
        r"\b(?:completed|assessed|delivered|scored|evaluated|so far|to date)\b",
        lowest=MIN_MANY,
    ),
    _claim("n", before=r"\b(?:over|more than|already) ", after=rf"\W{{0,2}}{_WORK}", sentence=(_US,), lowest=MIN_MANY),
    # We serve customers in 12 countries; our team of 45 people; we have 15 years of experience
    _claim(
        "n",
        before=rf"\b{_US}(?:\W+\w+){{0,6}}\W+",
        after=r"\W?(?:\w+ )?(?:countries|employees|customers|clients|companies|users|investors|psychologists)\b",
        lowest=2,
    ),
    _claim("n", before=r"\bour (?:\w+ )?team of ", lowest=2),
    _claim("t", before=rf"\b{_US}(?:\W+\w+){{0,4}}\W+", after=r" of (?:\w+ )?(?:experience|expertise|research)\b"),
    # Every score comes with a 95% confidence interval
    _claim(
        "%",
        after=r"[ -](?:confidence|certain)",
        sentence=(r"(?:every|each|all|our|we|layersrank)\b", r"(?:scores?|reports?|assessments?|bands?)\b"),
    ),
    # A 14-day free trial; a 30-day money-back guarantee; free for three months; a 20% discount
    _claim("t", after=r"\W(?:free )?trial\b|\W(?:money.back|refund)"),
    _claim("t", before=r"\bfree for (?:the first )?"),
    _claim("% ₹", after=r" (?:discount|rebate)\b| off\b(?!-| the\b)"),
    _claim("% ₹", before=r"\bdiscount of (?:up to )?"),
    # The assessment takes 30 minutes; a 30-minute assessment; assess engineers in 35 minutes
    _claim("t", before=rf"\bassessments?(?: \w+){{0,4}} (?:takes?|lasts?|needs?|requires?|is|are) {_MORE_THAN}"),
    _claim("t", after=r"[ -](?:\w+ )?assessments?\b"),
    _claim("t", before=rf"^\W*(?:[\w ]+:)?\W*assess\b[^.,]{{0,60}} in {_MORE_THAN}"),
    # We reply within 24 hours; your report is ready in two days; you get your scores within an hour
    _claim(
        "t",
        before=rf"\b(?:we|our team|someone|support)(?:[’']ll)?\b[^.]{{0,40}}"
        r"\b(?:reply|respond|answer|call|contact|get back|confirm|send|deliver|review)\b[^.]{0,40}"
        rf"\b(?:within|in|under) {_MORE_THAN}",
    ),
    _claim(
        "t",
        before=r"\breports?\b[^.]{0,30}\b(?:ready|available|delivered|sent|arrives?) "
        rf"(?:within|in|under|after) {_MORE_THAN}",
    ),
    _claim(
        "t",
        before=r"\byou(?:[’']ll| will)? (?:get|receive) (?:your|the|a|our)\b[^.]{0,40}"
        rf"\b(?:within|in|under) {_MORE_THAN}",
    ),
    # Customers save ten hours per hire; LayersRank saves you two days
    _claim(
        "t",
        before=r"\b(?:customers|clients|users|layersrank|assessments|we)(?: \w+){0,3} saved?s?(?: you| them)? "
        rf"{_MORE_THAN}",
    ),
    _claim("t", before=rf"\bsaves? you {_MORE_THAN}"),
)

# Claims without a number in digits.
_VAGUE = re.compile(
    r"[DHMTdhmt](?<![A-Za-z]{2})(?:wice as\b|alf the (?:time|cost|price)\b|(?:undred|housand|ozen|illion)s of (?=\w))"
)
_VAGUE_GROUP = re.compile(rf"(?:\w+ ){{0,2}}(?:{_GROUPS}|{_WORK})", re.IGNORECASE)
_RATING = re.compile(r"(?<![\w.,/])\d(?:\.\d)?(?=(?: ?/ ?| out of )(?:5|10|five|ten)\b| stars?\b)")
_RATED = re.compile(r"\b(?:rated|ratings?|reviews?|g2|capterra|glassdoor)\b", re.IGNORECASE)
_DURATION_QUESTION = re.compile(r"\bhow (?:long|much time)\b.*\bassess", re.IGNORECASE)


def is_claim(figure: Figure, text: str, sentence: tuple[int, int], question: str, column: str) -> bool:
    """Return whether `figure` in `text` could be taken for a claim about the company.

    `sentence` is the start and end of its sentence, and `question` the question that the sentence answers. `column` is
    the heading of the figure's table column, if the figure is a whole cell.
    """
    start, end = sentence
    if column and _WITH_US.search(column) and "without" not in column.lower():
        return True
    words = text[start:end]
    if _SUPPOSED.match(words) or words.rstrip().endswith("?"):
        return False
    if figure.kind == "duration" and _DURATION_QUESTION.search(question):
        return True
    before = text[max(figure.start - WINDOW, start) : figure.start]
    after = text[figure.end : min(figure.end + WINDOW, end)]
    nearby = text[max(figure.start - 3 * WINDOW, start) : min(figure.end + 3 * WINDOW, end)]
    return any(_is(claim, figure, before, after, nearby) for claim in _CLAIMS if figure.kind in claim.kinds)


def _is(claim: _Claim, figure: Figure, before: str, after: str, sentence: str) -> bool:
    return (
        figure.low >= claim.lowest
        and (claim.after is None or bool(claim.after.match(after)))
        and (claim.before is None or bool(claim.before.search(before)))
        and all(pattern.search(sentence) for pattern in claim.sentence)
    )


def find_vague_claims(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of claims such as “twice as fast”, “hundreds of companies” and “rated 4.9/5”."""
    for match in _VAGUE.finditer(text):
        around = text[max(match.start() - WINDOW, 0) : match.end() + WINDOW]
        is_about_us = re.search(rf"\b(?:{_US}|trust)", around, re.IGNORECASE)
        is_group = " of " not in match[0] or _VAGUE_GROUP.match(text, match.end())
        if is_about_us and is_group:
            yield match.start(), match.start() + len(match[0].split()[0])
    if ("/" in text or "out of" in text or " star" in text) and _RATED.search(text):
        yield from (match.span() for match in _RATING.finditer(text))
