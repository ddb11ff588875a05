"""Find calculations in a text, such as “10 × ₹1,800 = ₹18,000”, and check whether their results are right.

False alarms are worse than missed mistakes. So a calculation counts as unclear if a reader could understand it in
another way: if its units differ, or if the words near it mention an average, tax or a discount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from .figures import Figure, find_figures
from .written_figures import precision

MAX_FIGURES = 200  # A text with more figures isn't searched.
MAX_GAP = 150  # Two neighboring figures of a calculation are at most this many characters apart.
# Up to four words, with the spaces around them.
_WORDS = r"(?:[\s\u00a0]*+[A-Za-z][\w'’-]{0,30}+){0,4}[\s\u00a0]*+"
_OPERATORS = {
    **dict.fromkeys(("×", "✕", "x", "X", "*", "·", "times", "multiplied by", "at", "@", "of"), "×"),
    **dict.fromkeys(("+", "plus"), "+"),
    **dict.fromkeys(("−", "-", "–", "minus"), "−"),
    **dict.fromkeys(("÷", "/", "divided by"), "÷"),
}
_EQUALITIES = frozenset({"=", "≈", "is"})
_OPERATOR = re.compile(
    rf"{_WORDS}(?P<operator>[×✕*·+−÷@]|(?<=[\s\u00a0])[xX/–-](?=[\s\u00a0])"
    r"|\b(?:times|multiplied\ by|plus|minus|divided\ by|at|of)\b)[\s\u00a0]*",
)
# A text without these operators has no calculation. A search for operators is faster than a search for figures.
_DIGIT = re.compile(r"\d")
_HAS_OPERATOR = re.compile(
    r"[×✕*·+−÷@]|\d[\s\u00a0]?[xX]\b|[\s\u00a0][xX/–-][\s\u00a0]"
    r"|\b(?:times|multiplied|plus|minus|divided|at|adds?|adding|sums?)\b|%|percent"
)
_ABOUT = (
    r"about|around|roughly|approximately|nearly|almost|some|just (?:over|under)|over|under|up to|at (?:least|most)|~"
)
_VERBS = "is|equals?|makes?|gives?|totals?|comes? to|amounts? to|adds? up to|sums? to|costs?"
_EQUALS = re.compile(
    rf"{_WORDS}(?:(?P<sign>[=≈])|\b(?:{_VERBS})\b)"
    rf"[\s\u00a0]*(?:a total of )?(?P<about>(?:{_ABOUT})[\s\u00a0]*)?"
)
_VARIABLE = re.compile(r"\b[A-Za-z][\s\u00a0]?=")  # in “n = 30”, 30 is not the result of a calculation
_LIST_GAP = re.compile(rf"\)?{_WORDS}(?:[,;&]{_WORDS})?\(?")
_ADDS_UP = re.compile(rf"\)?{_WORDS}\b(?:adds? up|adding up|sums?) to[\s\u00a0]*(?:a total of )?")
# The result comes first: “₹18,000 (10 × ₹1,800)”.
_RESULT_FIRST = re.compile(rf"{_WORDS}\(")
# If one of these characters is before or after a calculation, the calculation is a part of a longer calculation.
_CONTINUES_BEFORE = re.compile(r"[×✕*·+−÷/±^<>][\s\u00a0]?(?:[A-Za-z]\b)?[\s\u00a0]?$")
_CONTINUES_AFTER = re.compile(r"[\s\u00a0]?(?:[×✕*·+−÷/±^=<>!]|[–-][\s\u00a0]?[\d₹$€£]|to[\s\u00a0][\d₹$€£])")
# Words beside a calculation that can explain why its result differs.
_UNCLEAR_WORDS = (
    "gst|vat|tax|taxes|discounts?|discounted|fees?|incl|including|excluding|averages?|mean|median|rounded|less|more"
    "|fewer|extra|off|not|never|wrong|weighted|log"
)
_UNCLEAR = re.compile(rf"\b(?:{_UNCLEAR_WORDS})\b|n[’']t\b", re.IGNORECASE)
_UNCLEAR_LIST = re.compile(rf"\b(?:{_UNCLEAR_WORDS}|each|per|every|must|should|if)\b|n[’']t\b", re.IGNORECASE)
_CONTEXT = 40  # Search for _UNCLEAR in this many characters before and after a calculation.
_SENTENCE_END = re.compile(r"[.!?;:][\s\u00a0]|\n")
# A result in one of these units can be right although its number seems wrong: 10 × 200 MB = 2 GB.
_CONVERTIBLE = frozenset(
    ("ms", "s", "KB", "kB", "MB", "GB", "TB", "g", "kg", "mm", "cm", "m", "km", "Hz", "kHz", "MHz")
)
_WORD_AFTER = re.compile(r"[\s\u00a0]?([A-Za-z]+)")


@dataclass(frozen=True)
class Calculation:
    """Figures, and the operators between them."""

    figures: tuple[Figure, ...]
    operators: tuple[str, ...] = ()

    @property
    def value(self) -> Decimal | None:
        """The result, or None for a division by zero. The result of 50% × 20 is 10.

        An added percentage refers to the amount before it: ₹1,800 + 18% is ₹2,124.
        """
        total, sign, term, is_percentage = Decimal(), "+", _number(self.figures[0]), _is_percentage(self.figures[0])
        is_all_percentages = all(map(_is_percentage, self.figures))
        for operator, figure in zip((*self.operators, ""), (*self.figures[1:], None), strict=True):
            if operator == "×" and figure:
                term, is_percentage = term * _number(figure), False
            elif operator == "÷" and figure:
                if not figure.low:
                    return None
                term, is_percentage = term / _number(figure), False
            else:
                change = total * term if is_percentage and not is_all_percentages and total else term
                total += change if sign == "+" else -change
                if figure:
                    sign, term, is_percentage = operator, _number(figure), _is_percentage(figure)
        return total


@dataclass(frozen=True)
class Equation:
    """A calculation and its result as written. `step` is the value of the result's last digit: 10,000 for ₹1.8 lakh.

    `is_about` is True if the text calls the result approximate. A wrong result is reported only if `is_clear` is True.
    """

    calculation: Calculation
    result: Figure
    step: Decimal
    is_about: bool = False
    is_clear: bool = True

    @property
    def expected(self) -> Decimal | None:
        """The right result, rounded to the last digit of the written result. None if there is no result."""
        value = self.exact
        return None if value is None else _round(value, self.step)

    @property
    def holds(self) -> bool:
        """Whether the written result is right. If it has fewer digits than the exact result, it may be rounded."""
        exact, written = self.exact, self.result.low
        if exact is None or self.is_about:
            return True
        figures = self.calculation.figures
        if len({figure.value for figure in figures}) == 1 and all(map(_is_percentage, (*figures, self.result))):
            return abs(exact - written) <= self.step * len(figures) / 2  # rounded: 33% + 33% + 33% = 100%
        return exact == written or (exact % self.step != 0 and abs(exact - written) < self.step)

    @property
    def exact(self) -> Decimal | None:
        """The right result. If the written result is a percentage, the right result is a percentage, too."""
        value = self.calculation.value
        # A writer may leave out the “%” of a sum: 45% + 35% = 80. But in 45% + 35% = 0.8, no “%” is missing.
        is_sum_of_percentages = all(map(_is_percentage, self.calculation.figures)) and abs(self.result.low) > 2
        return value * 100 if value is not None and (_is_percentage(self.result) or is_sum_of_percentages) else value


def may_have_equation(text: str) -> bool:
    """Return whether `text` may have a calculation. This is much faster than `find_equations`."""
    return bool(_DIGIT.search(text) and _HAS_OPERATOR.search(text))


def find_equations(text: str) -> Iterator[Equation]:
    """Yield the calculations in `text` that have a result, whether the result is right or wrong."""
    if not may_have_equation(text):
        return
    figures = _separate_operators(text, find_figures(text))
    if not 2 < len(figures) <= MAX_FIGURES:
        return
    gaps = [text[before.end : after.start] for before, after in pairwise(figures)]
    yield from _find_chains(text, figures, gaps)
    yield from _find_lists(text, figures, gaps)


def _separate_operators(text: str, figures: Sequence[Figure]) -> list[Figure]:
    """Return `figures`. In a text such as “10 x Rs 1,800”, “x” is an operator, so change the figure “10 x” to “10”."""
    separate = list(figures)
    for index, (figure, after) in enumerate(pairwise(figures)):
        if figure.kind == "multiple" and not text[figure.end : after.start].strip():
            end = len(text[: figure.end].rstrip("x×").rstrip())
            separate[index] = figure._replace(kind="count", end=end)
    return separate


def _find_chains(text: str, figures: Sequence[Figure], gaps: Sequence[str]) -> Iterator[Equation]:
    """Yield the equations in chains of figures, such as 2 × 3 = 6. Signs or words, such as “plus”, join the figures."""
    first = 0
    while first < len(figures):
        last, operators = first, list[str]()
        while last < len(gaps) and (operator := _joint(figures[last], gaps[last], figures[last + 1])):
            operators.append(operator)
            last += 1
        chain = figures[first : last + 1]
        if set(operators) - _EQUALITIES and _is_whole(text, chain):
            before = figures[first - 1] if first and _RESULT_FIRST.fullmatch(gaps[first - 1]) else None
            yield from _read_chain(text, chain, operators, before)
        first = last + 1


def _joint(before: Figure, gap: str, after: Figure) -> str:
    """Return the operator or the equality in `gap`, the text between two figures, or "" if there is neither.

    For an equality, return “≈” if the second figure is approximate, “=” for an equals sign, or “is” for a verb.
    """
    if (
        len(gap) > MAX_GAP
        or before.low != before.high
        or after.low != after.high
        or "phone" in (before.kind, after.kind)
    ):
        return ""
    if match := _OPERATOR.fullmatch(gap):
        written = match["operator"]
        if written in ("at", "@"):
            return "×" if after.kind == "money" and before.kind in ("count", "duration") else ""
        return _OPERATORS[written] if written != "of" or _is_percentage(before) else ""
    if (match := _EQUALS.fullmatch(gap)) and not _VARIABLE.search(gap):
        return "≈" if match["about"] or match["sign"] == "≈" else match["sign"] or "is"
    return ""


def _is_whole(text: str, chain: Sequence[Figure]) -> bool:
    """Return False if a sign before or after `chain`, such as ×, shows that the calculation is longer than `chain`."""
    before, after = text[max(chain[0].start - 4, 0) : chain[0].start], text[chain[-1].end : chain[-1].end + 4]
    return not _CONTINUES_BEFORE.search(before) and not _CONTINUES_AFTER.match(after)


def _read_chain(
    text: str, chain: Sequence[Figure], operators: Sequence[str], before: Figure | None
) -> Iterator[Equation]:
    """Yield each calculation in `chain`. `before` is a result that comes first: ₹18,000 in “₹18,000 (10 × ₹1,800)”.

    In 10 × ₹1,800 = ₹18,000 + ₹3,240 = ₹21,240, the first result is also the start of the next calculation.
    """
    sides, signs, start = list[Calculation](), list[str](), 0
    for index in (*(i for i, each in enumerate(operators) if each in _EQUALITIES), len(operators)):
        sides.append(Calculation(tuple(chain[start : index + 1]), tuple(operators[start:index])))
        signs += operators[index : index + 1]
        start = index + 1
    is_clear = not _UNCLEAR.search(_context(text, chain[0].start, chain[-1].end))
    if len(sides) == 1 and before and text[chain[-1].end : chain[-1].end + 1] == ")":
        if before.kind == "money" and before.low == before.high:
            yield _equation(text, sides[0], before, is_clear=is_clear)
        return
    for sign, (left, right) in zip(signs, pairwise(sides), strict=True):
        if left.operators and not (right.operators and left.value == right.value):
            yield _equation(text, left, right.figures[0], is_about=sign == "≈", is_clear=is_clear)
        elif right.operators and not left.operators and sign == "=":
            yield _equation(text, right, left.figures[0], is_about=sign == "≈", is_clear=is_clear)


def _find_lists(text: str, figures: Sequence[Figure], gaps: Sequence[str]) -> Iterator[Equation]:
    """Yield the lists that are said to add up to a number, such as “45%, 35% and 20% add up to 100%”."""
    for index, gap in enumerate(gaps):
        if not _ADDS_UP.fullmatch(gap):
            continue
        first, result = index, figures[index + 1]
        while first and _LIST_GAP.fullmatch(gaps[first - 1]) and figures[first - 1].kind == figures[index].kind:
            first -= 1
        parts = tuple(figures[first : index + 1])
        if len(parts) > 1 and parts[0].kind in ("percentage", "money"):
            context = _context(text, parts[0].start, result.end, includes_inside=True)
            is_clear = not _UNCLEAR_LIST.search(context) and _is_whole(text, (*parts, result))
            yield _equation(text, Calculation(parts, ("+",) * (len(parts) - 1)), result, is_clear=is_clear)


def _equation(
    text: str, calculation: Calculation, result: Figure, *, is_about: bool = False, is_clear: bool = True
) -> Equation:
    is_clear = is_clear and _has_fitting_units(text, calculation, result)
    return Equation(calculation, result, precision(text, result), is_about, is_clear)


def _has_fitting_units(text: str, calculation: Calculation, result: Figure) -> bool:
    """Return whether the calculation and its result have fitting units, for example if all figures are rupees."""
    figures = (*calculation.figures, result)
    words = (match[1] for figure in figures if (match := _WORD_AFTER.match(text, figure.end)))
    units = {figure.unit for figure in figures if figure.kind == "duration"} | _CONVERTIBLE.intersection(words)
    currencies = {figure.unit for figure in figures if figure.kind == "money"}
    if len(units) > 1 or len(currencies) > 1 or any(figure.low != figure.high for figure in figures):
        return False
    if any(figure.kind in ("multiple", "phone") for figure in figures):
        return False
    is_idiom = calculation.operators == ("+",) and all(_is_digit(figure) for figure in calculation.figures)
    if is_idiom and all(figure.kind == "count" for figure in figures):
        return False  # an idiom such as “1 + 1 = 3”
    kinds = [figure.kind for figure in calculation.figures if not _is_percentage(figure)]
    if "×" not in calculation.operators and "÷" not in calculation.operators:
        return len(set(kinds)) < 2 and (not kinds or result.kind in (kinds[0], "count") or kinds[0] == "count")
    if "÷" in calculation.operators:
        return True
    is_one_product = set(calculation.operators) == {"×"}
    return not is_one_product or kinds.count("money") < 2


def _context(text: str, start: int, end: int, *, includes_inside: bool = False) -> str:
    """Return the sentence around a calculation. Leave out the calculation, unless `includes_inside` is True."""
    before = _SENTENCE_END.split(text[max(start - _CONTEXT, 0) : start])[-1]
    after = _SENTENCE_END.split(text[end : end + _CONTEXT])[0]
    return f"{before} {text[start:end] if includes_inside else ''} {after}"


def _number(figure: Figure) -> Decimal:
    return figure.low / 100 if _is_percentage(figure) else figure.low


def _is_percentage(figure: Figure) -> bool:
    return figure.kind == "percentage"


def _is_digit(figure: Figure) -> bool:
    return figure.low < 10 and figure.low == int(figure.low)


def _round(value: Decimal, step: Decimal) -> Decimal:
    return value if value % step == 0 else round(value / step) * step
