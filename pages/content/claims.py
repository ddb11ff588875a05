"""Find the numbers that a reader could take for a claim about the site's company, such as “90% of our customers”.

False alarms are worse than missed claims. So a number is a claim only if its sentence is about the company, or if the
words beside the number are typical of claims. The patterns are English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, get_args

from .fact_passages import Passage
from .figures import Figure, FigureKind

WINDOW = 90  # A pattern sees at most this many characters before and after a number.

# Smaller numbers aren't claims about the company. They may count the reader's own candidates or assessments (MIN_MANY),
# the countries of the company's offices (MIN_COUNTRIES), or the reader's own teams or colleagues (MIN_GROUP).
MIN_MANY = 50
MIN_COUNTRIES = 4
MIN_GROUP = 10

_GROUPS = (
    r"(?:customers?|clients?|users|companies|teams|firms|startups|scale-ups|enterprises|organi[sz]ations|employers"
    r"|recruiters|agencies|brands|businesses|hiring managers)\b"
)
_EXPERTS = (
    r"(?:employees|people|colleagues|engineers|developers|psychologists|scientists|experts|investors|interviewers)\b"
)
_WORK = r"(?:assessments|candidates|interviews|hires|reports|scores|answers|shortlists|placements)\b"
_DONE = r"(?:completed|assessed|delivered|scored|evaluated|answered|placed|so far|to date)\b"
_CHANGE = (
    r"(?:faster|quicker|shorter|cheaper|fewer|less\b|sav(?:e[sd]?|ings?)\b|cuts?\b|reduc|lower|slash|boost|increas"
    r"|improv|better|higher|drop|grew|rose|fell|down\b)"
)
_HIRING = r"(?:hir(?:e[sd]?|ing)\b|interview|screening|assessments?\b|recruit|positions?\b|openings\b|layersrank)"
_MORE_THAN = r"(?:(?:over|more than|about|some|nearly|almost|up to|the|just|only|under|less than|at least|a) ){0,2}"
_TO = rf"(?:within|in|under|in less than|in under) {_MORE_THAN}"
_RATIO = r" (?:of|in|out of) (?:every )?(?:\d|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred)"

# If this pattern matches, the sentence is about the company.
_WE = re.compile(r"\b(?:we|our|layersrank|(?:with|by|uses?|using|trust|rate|like|love) us)\b", re.IGNORECASE)
# In a sentence about the company, a percentage is no claim if the sentence is about weights or a calculator's inputs.
_WEIGHTS = re.compile(r"\b(?:weigh|dimensions?\b|for example\b|calculator|default)", re.IGNORECASE)
# A duration is no claim if the sentence is about how long data is stored.
_KEPT = re.compile(r"\b(?:keep|kept|delete|store[sd]?|expire|cookie)", re.IGNORECASE)
# If a sentence begins with a word such as “if”, none of its figures is a claim.
_SUPPOSED = re.compile(r"\W*(?:if|suppose|imagine|say|when|unless)\b", re.IGNORECASE)
# Sentences that deny a claim, and sentences about the reader, such as “you can invite 100 people”, make no claims.
_DENIED = re.compile(
    r"(?:n[’']t|\b(?:never|nobody|no one|cannot|not))\b(?! (?:just|only|merely)\b)"
    r"[^.]{0,25}\b(?:promis|claim|guarantee|quot|say\b(?! no\b))",
    re.IGNORECASE,
)
_READER_CAN = re.compile(
    r"\byou (?:can|could|may|might|want to|plan to|have to|need to) "
    r"(?:hire|invite|assess|interview|screen|compare|test) $",
    re.IGNORECASE,
)
# The heading of a column about the company, in a table that compares the company with something else.
_COLUMN = re.compile(r"(?<!without )(?:(?:with|using|after) layersrank\b|layersrank$)", re.IGNORECASE)
_GROUP_QUESTION = re.compile(rf"\bhow many (?:\w+ )?{_GROUPS}", re.IGNORECASE)
_LENGTH_QUESTION = re.compile(
    r"\b(?:how long|how much time|longer|minutes|takes?)\b.*\bassess|\bassess.*\b(?:long|longer|minutes|takes?)\b",
    re.IGNORECASE,
)


class _Claim(NamedTuple):
    """A pattern for claims. A figure matches if all conditions are true:

    - It has one of `kinds`, and is at least `lowest`.
    - `before` and `after` match the text before and after it.
    - Each pattern of `words` occurs near it.
    """

    kinds: frozenset[FigureKind]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    words: tuple[re.Pattern[str], ...]
    lowest: int


_KINDS: dict[str, FigureKind] = {"%": "percentage", "×": "multiple", "n": "count", "t": "duration", "₹": "money"}


def _claim(kinds: str, before: str = "", after: str = "", *, words: tuple[str, ...] = (), lowest: int = 0) -> _Claim:
    return _Claim(
        frozenset(_KINDS[each] for each in kinds.split()),
        re.compile(rf"(?:{before})$", re.IGNORECASE) if before else None,
        re.compile(after, re.IGNORECASE) if after else None,
        tuple(re.compile(rf"\b{each}", re.IGNORECASE) for each in words),
        lowest,
    )


# Claims in a sentence about the company. Percentages in sentences about weights aren't claims. The comment above each
# group of patterns gives examples.
_CLAIMS_OF_OURS = (
    # Our reports are 95% accurate; four out of five of our customers renew
    _claim("×"),
    _claim("n", "", _RATIO),
    _claim("n", r"(?<!out of )(?<! in )", rf" of (?:all )?our (?:\w+ )?{_GROUPS}"),
    # 200 companies trust us; our team of 45; we have scored 25,000 answers; we serve customers in 12 countries
    _claim("n", r"(?<!out of )(?<! in )", rf"\W?(?:\w+ ){{0,2}}(?:{_GROUPS}|{_EXPERTS})", lowest=MIN_GROUP),
    _claim("n", "", rf"\W{{0,2}}(?:\w+ )?{_WORK}", lowest=MIN_MANY),
    _claim("n", "", r" (?:\w+ )?(?:countries|continents)\b", lowest=MIN_COUNTRIES),
    _claim("n", r"\breplaces? "),
    _claim("n", r"\bteam of (?:\w+ )?|\b(?:nps|net promoter score|correlation) (?:is|of) "),
    # We reply within two hours; we have 15 years of experience
    _claim("t", rf"\b{_TO}"),
    _claim("t", "", r" of (?:\w+ )?(?:experience|expertise|research)\b"),
)

# Claims in any sentence. The comment above each group of patterns gives examples.
_OTHER_CLAIMS = (
    # Trusted by 200 companies; join 350 hiring teams
    _claim(
        "n",
        rf"\b(?:(?:trusted|loved|chosen|preferred|recommended) by|join) {_MORE_THAN}",
        rf"\W?(?:\w+ ){{0,3}}{_GROUPS}",
    ),
    # Hire 3× faster; each hire costs you 30% less; cut your time to hire by 40%, or from 40 days to 12
    _claim(
        "% ×",
        "",
        r"\W{0,2}(?:faster|quicker|shorter|cheaper|fewer|less|lower|better|higher)\b",
        words=(_HIRING, _CHANGE),
    ),
    _claim("%", rf"{_CHANGE}\w*\b[^.]{{0,50}} by {_MORE_THAN}", words=(r"(?:assess|layersrank|you)", _HIRING)),
    _claim("% n t", r"\bfrom \S+ (?:\w+ )?to ", words=(r"(?:you|your|we|our|layersrank)\b", _HIRING, _CHANGE)),
    # Over 1,000 assessments completed; see what 5,000 candidates answered
    _claim("n", "", rf"\W{{0,2}}(?:\w+ ){{0,2}}{_WORK}.{{0,20}}\b{_DONE}", lowest=MIN_MANY),
    # Every score comes with a 95% confidence interval
    _claim(
        "%",
        "",
        r"[ -](?:confidence|certain)",
        words=(
            r"(?:every|each|all|our|we|layersrank|reports with)\b",
            r"(?:scores?|reports?|assessments?|bands?|(?:every|each|our) intervals?)\b",
        ),
    ),
    # Pay for a year and save 15%
    _claim("%", r"\bsave (?:up to )?", words=(r"(?:pay|plans?\b|yearly|annual|order|buy|subscri)",)),
    # A 14-day free trial; a 30-day money-back guarantee; free for three months; a 20% discount
    _claim("t", "", r"\W(?:free )?trial\b|\W(?:money.back|refund)"),
    _claim("t", rf"\btrial (?:of|is|lasts|runs) {_MORE_THAN}"),
    _claim("t", r"\bfree for (?:the first )?"),
    _claim("% ₹", "", r" (?:discount|rebate)\b| off\b(?!-| the\b)"),
    _claim("% ₹", r"\bdiscount of (?:up to )?"),
    # The assessment takes 30 minutes; a 30-minute assessment; assess engineers in 35 minutes; candidates need an hour
    _claim("t", rf"\bassessments?(?: \w+){{0,4}} (?:takes?|lasts?|needs?|requires?|is|are) {_MORE_THAN}"),
    _claim("t", rf"\bassessments? of {_MORE_THAN}", r"(?! of\b)"),
    # They complete the assessment in 25 minutes; complete the assessment async (25 min)
    _claim(
        "t", rf"\bcomplete (?:the|an|our|your|each|every) assessments?\b[^.]{{0,20}}(?:\b(?:in|within) {_MORE_THAN}|\()"
    ),
    _claim("t", "", r"[ -](?:\w+ )?assessments?\b"),
    _claim("t", rf"\b(?:(?:setting|set) ?up|configur\w+)\b[^.]{{0,40}} takes? {_MORE_THAN}|\btakes you {_MORE_THAN}"),
    _claim("t", rf"^\W*(?:[\w ]+:)?\W*assess\b[^.,]{{0,60}} in {_MORE_THAN}"),
    _claim("t", rf"\bcandidates (?:need|take|spend) {_MORE_THAN}", words=(r"assessment\b",)),
    # Your report is ready in two days; you get your scores within an hour; a shortlist in 48 hours; hire in five days
    _claim(
        "t", rf"\breports?\b[^.]{{0,30}}\b(?:ready|available|delivered|sent|arrives?|reach(?:es)? you) (?:{_TO}|after )"
    ),
    _claim("t", rf"\byou(?:[’']ll| will)? (?:get|receive|see|have) (?:your|the|a|our)\b[^.]{{0,40}}\b{_TO}"),
    _claim("t", rf"\b(?:shortlist|^\W*(?:[\w ]+:)?\W*hire\b(?: \w+){{0,3}}) {_TO}"),
    # Customers save ten hours per hire; it saves you two days
    _claim(
        "% × t",
        r"\b(?:customers|clients|users|agencies|employers|founders|layersrank|assessments|we)(?: \w+){0,5} "
        rf"(?:save|cut|reduce|gain|win)[sd]?(?: you| them)? {_MORE_THAN}",
    ),
    _claim("t", rf"\bsaves? you {_MORE_THAN}"),
)

_OURS, _OTHERS = (
    {kind: [claim for claim in claims if kind in claim.kinds] for kind in get_args(FigureKind)}
    for claims in (_CLAIMS_OF_OURS, _OTHER_CLAIMS)
)

# Claims without a number, such as “twice as fast”. The pattern begins with all possible first letters, so it is fast.
_VAGUE = re.compile(
    r"[DHMThmdt](?<![A-Za-z]{2})"
    r"(?:wice as\b|alf the (?:time|cost|price)\b|(?:undred|housand|ozen|illion)s of (?=\w)|(?:oubl|ripl)ed our\b"
    r"|(?<=by h)alf\b|(?<=by a t)hird\b)"
)
# We reply within an hour; the assessment takes half an hour
_VAGUE_TIME = re.compile(
    r"\b(?:we(?: \w+){0,2} (?:reply|answer|respond|get back)[^.?]{0,30} within"
    r"|assessment(?: \w+){0,3} takes(?: about)?) "
    r"((?:half )?an? (?:(?:business|working) )?(?:hour|day|week)\b)(?![^.!?]{0,90}\?)",
    re.IGNORECASE,
)
_VAGUE_GROUP = re.compile(rf"(?:\w+ ){{0,2}}(?:{_GROUPS}|{_WORK})", re.IGNORECASE)
_RATING = re.compile(r"(?<![\w.,/])\d(?:\.\d)?(?=(?: ?/ ?| out of )(?:5|10|five|ten)\b| stars?\b)")
_RATED = re.compile(r"\b(?:rated|rate us|ratings?|reviews?|g2|capterra|glassdoor)\b", re.IGNORECASE)


def is_claim(figure: Figure, passage: Passage, column: str = "") -> bool:
    """Return whether a figure of a passage could be taken for a claim about the company.

    If the figure begins a short table cell, `column` is the heading of its column. Otherwise, `column` is "".
    """
    if column and _COLUMN.search(column):
        return True
    words, question = passage.words_near(figure), passage.question_before(figure)
    if _SUPPOSED.match(words) or words.rstrip().endswith("?"):
        return False
    if _DENIED.search(words) or (figure.kind == "duration" and _KEPT.search(words)):
        return False
    if figure.kind == "duration" and _LENGTH_QUESTION.search(question):
        return True
    if figure.kind == "count" and _GROUP_QUESTION.search(question):
        return True
    is_ours = _WE.search(words)
    if figure.kind == "percentage" and is_ours:
        return not _WEIGHTS.search(words)
    start, end = passage.sentence_at(figure.start)
    before = passage.text[max(figure.start - WINDOW, start) : figure.start]
    after = passage.text[figure.end : min(figure.end + WINDOW, end)]
    if figure.kind == "count" and _READER_CAN.search(before):
        return False
    claims = [*(_OURS[figure.kind] if is_ours else ()), *_OTHERS[figure.kind]]
    return any(_is(claim, figure, before, after, words) for claim in claims)


def _is(claim: _Claim, figure: Figure, before: str, after: str, words: str) -> bool:
    return (
        figure.low >= claim.lowest
        and (claim.after is None or bool(claim.after.match(after)))
        and (claim.before is None or bool(claim.before.search(before)))
        and all(pattern.search(words) for pattern in claim.words)
    )


def find_vague_claims(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of claims such as “twice as fast”, “hundreds of companies” and “rated 4.9/5”."""
    for match in _VAGUE.finditer(text):
        around = text[max(match.start() - WINDOW, 0) : match.end() + WINDOW]
        is_about_us = _WE.search(around) or re.search(r"\b(?:trust|hired)\b", around, re.IGNORECASE)
        is_group = not match[0].endswith(" of ") or _VAGUE_GROUP.match(text, match.end())
        if is_about_us and is_group:
            start = match.start() - len("a ") * match[0].endswith("hird")  # “a third”
            yield start, match.start() + len(match[0].split()[0])
    if " a" in text and (" within " in text or " takes " in text) and not _DENIED.search(text):
        yield from (match.span(1) for match in _VAGUE_TIME.finditer(text))
    if ("/" in text or "out of" in text or " star" in text) and _RATED.search(text):
        yield from (match.span() for match in _RATING.finditer(text))
