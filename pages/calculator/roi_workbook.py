"""The ROI calculator as a workbook. For all figures, its formulas give the same numbers as the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from ..content.components import Prose
from ..content.document import Page
from ..content.markup import text_segments
from ..content.numbers import group_digits
from ..content.sections import calculator, prose
from ..content.sections.base import Section
from ..content.sections.calculator import Inputs, Quantity
from ..xlsx_format import FONT, INK, OFF, RED, YELLOW, Book, Sheet
from .digit_grouping import COUNT, EXACT_RUPEES, RUPEES, SIGNED_RUPEES, DigitGrouping
from .forms import calculate
from .roi import Comparison
from .roi_steps import Step, steps_of

SHEET = "Calculator"
CHART_ROWS = 12
# The widths of columns, in characters.
WIDTHS, STEP_WIDTHS, TEXT_WIDTH = (31, 22, 22, 40), (30, 58, 24), 82

Case = tuple[str, bool, str]


def roi_workbook(page: Page, site_url: str) -> bytes:
    """Return the calculator of `page` as XLSX. `site_url` is the site's absolute URL.

    Raise ValueError if the page has no calculator.
    """
    inputs = page.calculator
    result = calculate(inputs, {}).comparison if inputs else None
    if inputs is None or result is None:
        raise ValueError(f"{page.url} has no calculator")
    return _Writer(page, inputs, result, site_url + page.url).write()


class _Writer:
    def __init__(self, page: Page, inputs: Inputs, result: Comparison, url: str) -> None:
        self.page, self.inputs, self.result = page, inputs, result
        self.book = Book(page.name, url)
        self.digits = DigitGrouping(self.book)
        self.steps = {
            step.name: step for step in steps_of(result, {each.name: each.label for each in inputs.quantities})
        }

    def write(self) -> bytes:
        self.write_calculator(self.book.add_sheet(SHEET, WIDTHS))
        self.write_steps(self.book.add_sheet("Steps", STEP_WIDTHS))
        assumptions = [section for section in self.page.sections if isinstance(section, prose.Prose)]
        if assumptions:
            self.write_texts(self.book.add_sheet("Assumptions", (TEXT_WIDTH,)), assumptions)
        self.digits.write()
        return self.book.to_bytes()

    def write_calculator(self, sheet: Sheet) -> None:
        sheet.write_title(self.page.name)
        self.write_verdict(sheet)
        sheet.worksheet.freeze_panes(sheet.row, 0)
        sheet.row += 1
        self.write_inputs(sheet)
        sheet.row += 1
        self.write_break_even(sheet)
        sheet.row += 1
        self.write_costs(sheet)
        sheet.print_all()
        sheet.worksheet.fit_to_pages(1, 1)

    def write_verdict(self, sheet: Sheet) -> None:
        savings = self.result.savings
        verdict = (
            ("NOT(inputs_are_valid)", False, "Correct the marked figures to see the result."),
            ("savings>0", savings > 0, "With these figures, assessments save per year:"),
            ("savings<0", savings < 0, "With these figures, assessments cost more per year:"),
            ("TRUE", True, "With these figures, both ways cost the same."),
        )
        self.write_choice(sheet, 0, verdict, "bold", "middle", "line")
        amount = 'IF(inputs_are_valid,IF(savings=0,"",ABS(savings)),"")'
        style = self.book.style("large", "middle", "left", "line", number=RUPEES)
        sheet.write_formula(3, amount, style, float(abs(savings)) if savings else "")
        self.digits.group(sheet, 3, RUPEES)
        sheet.write_cells([], 30)

    def write_inputs(self, sheet: Sheet) -> None:
        section = next(each for each in self.page.sections if isinstance(each, calculator.Calculator) and each.inputs)
        for text in _texts(section):
            sheet.write_paragraph(text, "soft")
        head = self.book.style("head")
        sheet.write_cells([(name, head) for name in ("Input", "Your figure", "Unit", "What it means")])
        first = sheet.row + 1
        for quantity in self.inputs.quantities:
            self.write_input(sheet, quantity)
        ranges = [f"{each.name}>={each.lowest:f},{each.name}<={each.highest:f}" for each in self.inputs.quantities]
        is_valid = f"=AND(COUNT({SHEET}!$B${first}:$B${sheet.row})={len(ranges)},{','.join(ranges)})"
        self.book.workbook.define_name("inputs_are_valid", is_valid)

    def write_input(self, sheet: Sheet, quantity: Quantity) -> None:
        style, place = self.book.style, (sheet.row, 1, sheet.row, 1)
        is_amount = quantity.unit.startswith("rupees")
        help = " ".join(text_segments(quantity.help))
        range_text = f"{group_digits(quantity.lowest)} to {group_digits(quantity.highest)}"
        cell = xl_rowcol_to_cell(sheet.row, 1, True, True)
        self.book.workbook.define_name(quantity.name, f"={SHEET}!{cell}")
        bad = f"=NOT(AND(ISNUMBER({cell}),{cell}>={quantity.lowest:f},{cell}<={quantity.highest:f}))"
        mark = self.book.workbook.add_format({"bg_color": RED, "font_color": "#FFFFFF"})
        sheet.worksheet.conditional_format(*place, {"type": "formula", "criteria": bad, "format": mark})
        number = EXACT_RUPEES if is_amount else COUNT
        self.digits.group(sheet, 1, number)
        rule = {"validate": "decimal", "criteria": "between", "ignore_blank": False}
        limits = {"minimum": float(quantity.lowest), "maximum": float(quantity.highest)}
        message = {"error_title": "Out of range", "error_message": f"Enter a number from {range_text}."}
        sheet.worksheet.data_validation(*place, rule | limits | message)
        figure, row = style("input", "middle", "right", number=number), sheet.row
        sheet.write_cells(
            [
                (quantity.label, style("row", "bold", "middle")),
                ("", figure),
                (quantity.unit, style("row", "middle")),
                (f"{help} From {range_text}.".strip(), style("row", "soft", "middle")),
            ]
        )
        sheet.worksheet.write_number(row, 1, float(quantity.default), figure)

    def write_break_even(self, sheet: Sheet) -> None:
        """Write the savings at which assessments pay for themselves."""
        hours, mishires = self.result.hours_to_break_even, self.result.mishires_to_break_even
        sheet.write_heading("Assessments pay for themselves if")
        invalid = ("NOT(inputs_are_valid)", False, "")
        hour_note = (
            invalid,
            ('hours_to_break_even=""', hours is None, "The cost per hour is 0, so saved hours don't help."),
            (
                "hours_to_break_even<=0",
                hours is not None and hours <= 0,
                "The avoided wrong hires pay for the assessments, even without saved hours.",
            ),
            (
                "hours_to_break_even>hours",
                hours is not None and hours > self.result.assumptions.hours,
                "This is more than the hours you entered.",
            ),
            ("TRUE", True, ""),
        )
        mishire_note = (
            invalid,
            ('mishires_to_break_even=""', mishires is None, "A wrong hire costs 0, so avoiding one doesn't help."),
            (
                "mishires_to_break_even<=0",
                mishires is not None and mishires <= 0,
                "The saved hours pay for the assessments, even without fewer wrong hires.",
            ),
            (
                "mishires_to_break_even>all_mishires",
                mishires is not None and mishires > self.result.mishires,
                "This is more than you would make without assessments.",
            ),
            ("TRUE", True, ""),
        )
        label = "each saves this much interview time,"
        self.write_minimum(sheet, label, "hours", self.steps["hours_to_break_even"], hour_note)
        label = "or if all assessments together avoid"
        self.write_minimum(sheet, label, "wrong hires a year", self.steps["mishires_to_break_even"], mishire_note)

    def write_minimum(self, sheet: Sheet, label: str, unit: str, step: Step, note: tuple[Case, ...]) -> None:
        style = self.book.style
        # Round up, because a lower number would not be enough. First remove the rounding error of binary fractions.
        formula = f'IF(inputs_are_valid,IF({step.name}="","",MAX(0,ROUNDUP(ROUND({step.name},9),2))),"")'
        value: Decimal | None = step.value
        if value is not None:
            value = max(value, Decimal()).quantize(Decimal("0.01"), rounding=ROUND_CEILING)
        large = style("row", "large", "right", "middle", number=COUNT)
        sheet.write_formula(1, formula, large, "" if value is None else float(value))
        self.digits.group(sheet, 1, COUNT)
        self.write_choice(sheet, 3, note, "row", "soft", "middle")
        sheet.worksheet.write_string(sheet.row, 2, unit, style("row", "middle"))
        sheet.write_cells([(label, style("row", "middle"))], 34)

    def write_costs(self, sheet: Sheet) -> None:
        """Write the costs without and with assessments side by side, with a chart."""
        style = self.book.style
        sheet.write_heading("Cost of a year, side by side")
        head = sheet.row
        names = ("Interviews alone", "With assessments")
        sheet.write_cells([("", style("head")), *((name, style("head", "right")) for name in names)])
        lines = (
            ("Assessments", "0", "assessment_cost"),
            ("Interviews", "interview_cost", "remaining_interview_cost"),
            ("Wrong hires", "all_mishire_cost", "remaining_mishire_cost"),
            ("Total", "total_without", "total_with"),
        )
        for label, *formulas in lines:
            kind = "sum" if label == "Total" else "row"
            for column, formula in enumerate(formulas, start=1):
                value = self.steps[formula].value if formula in self.steps else None
                sheet.write_formula(column, formula, style(kind, "right", "middle", number=RUPEES), float(value or 0))
                self.digits.group(sheet, column, RUPEES)
            sheet.write_cells([(label, style(kind, "middle"))], 20)
        self.insert_chart(sheet.worksheet, head, sheet.row + 1)
        sheet.row += CHART_ROWS

    def insert_chart(self, sheet: Worksheet, head: int, row: int) -> None:
        chart = self.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
        for offset, color in enumerate((YELLOW, OFF, RED), start=1):
            chart.add_series(
                {
                    "name": [SHEET, head + offset, 0],
                    "categories": [SHEET, head, 1, head, 2],
                    "values": [SHEET, head + offset, 1, head + offset, 2],
                    "fill": {"color": color},
                    "border": {"color": INK},
                    "gap": 45,
                }
            )
        font = {"name": FONT, "size": 9, "color": INK}
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_y_axis({"reverse": True, "num_font": font, "line": {"none": True}})
        chart.set_legend({"position": "bottom", "font": font})
        chart.set_chartarea({"border": {"none": True}})
        chart.set_plotarea({"layout": {"x": 0.16, "y": 0.02, "width": 0.8, "height": 0.78}})
        chart.set_size({"width": 820, "height": 200})
        description = "Two stacked bars: the cost of a year with interviews alone, and with assessments."
        sheet.insert_chart(row, 0, chart, {"description": description, "object_position": 2})

    def write_steps(self, sheet: Sheet) -> None:
        style = self.book.style
        sheet.write_title("Every step")
        sheet.write_paragraph("Each step rounds amounts to whole rupees.", "soft")
        sheet.write_cells([("Step", style("head")), ("Calculation", style("head")), ("Result", style("head", "right"))])
        sheet.worksheet.freeze_panes(sheet.row, 1)
        sheet.worksheet.repeat_rows(sheet.row - 1)
        for step in self.steps.values():
            kind = "sum" if step.is_sum else "row"
            number = COUNT if step.is_count else SIGNED_RUPEES if step.name == "savings" else RUPEES
            self.book.workbook.define_name(step.name, f"=Steps!{xl_rowcol_to_cell(sheet.row, 2, True, True)}")
            formula, result = f'IF(inputs_are_valid,{step.formula},"")', style(kind, "right", "middle", number=number)
            sheet.write_formula(2, formula, result, "" if step.value is None else float(step.value))
            self.digits.group(sheet, 2, number)
            label, explanation = style(kind, "middle"), style(kind, "soft", "middle")
            sheet.write_cells([(step.label, label), (step.explanation, explanation)])
        sheet.print_all()

    def write_texts(self, sheet: Sheet, sections: list[prose.Prose]) -> None:
        sheet.write_title("Assumptions")
        for section in sections:
            sheet.row += 1
            sheet.write_heading(" ".join(text_segments(section.heading)))
            html = " ".join(part.html for part in section.body if isinstance(part, Prose))
            headings = {" ".join(text_segments(each)) for each in re.findall(r"<h\d.*?</h\d>", html)}
            for text in _texts(section):
                sheet.write_paragraph(text, *(["bold"] if text in headings else []))
        sheet.print_all()

    def write_choice(self, sheet: Sheet, column: int, cases: tuple[Case, ...], *style: str) -> None:
        """Write a formula that shows the text of the first case whose condition holds.

        Each case has three parts: a condition (as a formula), whether it holds for the document's figures, and a text.
        The condition of the last case is always true.
        """
        formula = f'"{cases[-1][2]}"'
        for condition, _, text in reversed(cases[:-1]):
            formula = f'IF({condition},"{text}",{formula})'
        value = next(text for _, holds, text in cases if holds)
        sheet.write_formula(column, formula, self.book.style(*style), value)


def _texts(section: Section) -> Iterator[str]:
    for part in section.body:
        if isinstance(part, Prose):
            yield from text_segments(part.html)
