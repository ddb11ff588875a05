"""The ROI calculator as a workbook. Its formulas give the page's numbers, and follow the visitor's own figures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from ..content.components import Prose
from ..content.document import Page
from ..content.markup import text_segments
from ..content.numbers import group_digits
from ..content.sections import calculator, prose
from ..content.sections.base import Section
from ..content.sections.calculator import Inputs, Quantity
from ..xlsx_format import FONT, GREY, INK, RED, YELLOW, Book, row_height, write_text
from .forms import calculate
from .roi import Comparison
from .steps import Step, steps_of

SHEET = "Calculator"
# In characters.
WIDTHS, STEP_WIDTHS, TEXT_WIDTH = (31, 17, 19, 40), (30, 58, 18), 82

# Number formats with Indian digit grouping. A format has at most two conditions.
_GROUPED = r"[>=10000000]{0}##\,##\,##\,##0;[>=100000]{0}##\,##\,##0;{0}#,##0"
COUNT, RUPEES = _GROUPED.format(""), _GROUPED.format('"₹"')
# The formats of numbers with decimals. Programs without conditional formats show all numbers so.
EXACT_COUNT, EXACT_RUPEES = "General", '"₹"General'
SIGNED_RUPEES = '"₹"#,##0;"−₹"#,##0'
# The formats of negative amounts up to each limit.
NEGATIVE_RUPEES = ((-10_000_000, r';"−₹"##\,##\,##\,##0'), (-100_000, r';"−₹"##\,##\,##0'))

Case = tuple[str, bool, str]


def roi_workbook(page: Page, site_url: str) -> bytes:
    """Return the calculator of `page` as XLSX. `site_url` is the site's absolute URL.

    Raise TextTooLong if a text doesn't fit into a cell, and ValueError if the page has no calculator.
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
        self.steps = {
            step.name: step for step in steps_of(result, {each.name: each.label for each in inputs.quantities})
        }

    def write(self) -> bytes:
        self.write_calculator(self.book.add_sheet(SHEET, WIDTHS))
        self.write_steps(self.book.add_sheet("Steps", STEP_WIDTHS))
        assumptions = [section for section in self.page.sections if isinstance(section, prose.Prose)]
        if assumptions:
            self.write_texts(self.book.add_sheet("Assumptions", (TEXT_WIDTH,)), assumptions)
        return self.book.to_bytes()

    def write_calculator(self, sheet: Worksheet) -> None:
        self.book.write_title(sheet, self.page.name)
        self.write_verdict(sheet, 2)
        sheet.freeze_panes(3, 0)
        row = self.write_inputs(sheet, 4)
        row = self.write_break_even(sheet, row + 1)
        row = self.write_costs(sheet, row + 1)
        sheet.print_area(0, 0, row, len(WIDTHS) - 1)
        sheet.fit_to_pages(1, 1)

    def write_verdict(self, sheet: Worksheet, row: int) -> None:
        savings = self.result.savings
        verdict = (
            ("NOT(inputs_are_valid)", False, "Correct the marked figures to see the result."),
            ("savings>0", savings > 0, "With these figures, assessments save per year:"),
            ("savings<0", savings < 0, "With these figures, assessments cost more per year:"),
            ("TRUE", True, "With these figures, both ways cost the same."),
        )
        sheet.set_row(row, 30)
        self.write_choice(sheet, row, 0, verdict, "bold", "middle", "line")
        amount = 'IF(inputs_are_valid,IF(savings=0,"",ABS(savings)),"")'
        style = self.book.style("large", "middle", "left", "line", number=RUPEES)
        sheet.write_formula(row, 3, "=" + amount, style, float(abs(savings)) if savings else "")

    def write_inputs(self, sheet: Worksheet, row: int) -> int:
        """Write the inputs, and return the row below them."""
        section = next(each for each in self.page.sections if isinstance(each, calculator.Calculator) and each.inputs)
        for text in _texts(section):
            sheet.merge_range(row, 0, row, 3, "", self.book.style("soft"))
            write_text(sheet, row, 0, text, self.book.style("soft"))
            sheet.set_row(row, row_height([(text, sum(WIDTHS))]))
            row += 1
        for column, name in enumerate(("Input", "Your figure", "Unit", "What it means")):
            write_text(sheet, row, column, name, self.book.style("head"))
        first = row + 1
        for row, quantity in enumerate(self.inputs.quantities, start=first):
            self.write_input(sheet, row, quantity)
        cells = f"{SHEET}!$B${first + 1}:$B${row + 1}"
        ranges = [f"{each.name}>={each.lowest:f},{each.name}<={each.highest:f}" for each in self.inputs.quantities]
        is_valid = f"=AND(COUNT({cells})={len(ranges)},{','.join(ranges)})"
        self.book.workbook.define_name("inputs_are_valid", is_valid)
        return row + 1

    def write_input(self, sheet: Worksheet, row: int, quantity: Quantity) -> None:
        style = self.book.style
        is_amount = quantity.unit.startswith("rupees")
        help = " ".join(text_segments(quantity.help))
        range_text = f"{group_digits(quantity.lowest)} to {group_digits(quantity.highest)}"
        note = f"{help} From {range_text}.".strip()
        write_text(sheet, row, 0, quantity.label, style("row", "bold", "middle"))
        write_text(sheet, row, 2, quantity.unit, style("row", "middle"))
        write_text(sheet, row, 3, note, style("row", "soft", "middle"))
        sheet.set_row(row, row_height([(quantity.label, WIDTHS[0]), (note, WIDTHS[3])], least=22))
        exact = EXACT_RUPEES if is_amount else EXACT_COUNT
        sheet.write_number(row, 1, float(quantity.default), style("input", "middle", "right", number=exact))
        self.group_digits(sheet, row, 1, RUPEES if is_amount else COUNT)
        self.book.workbook.define_name(quantity.name, f"={SHEET}!$B${row + 1}")
        limits = {"minimum": float(quantity.lowest), "maximum": float(quantity.highest)}
        cell = f"$B${row + 1}"
        bad = f"NOT(AND(ISNUMBER({cell}),{cell}>={quantity.lowest:f},{cell}<={quantity.highest:f}))"
        mark = self.book.workbook.add_format({"bg_color": RED, "font_color": "#FFFFFF"})
        sheet.conditional_format(row, 1, row, 1, {"type": "formula", "criteria": "=" + bad, "format": mark})
        sheet.data_validation(
            *(row, 1, row, 1),
            {"validate": "decimal", "criteria": "between", "ignore_blank": False, **limits}
            | {"error_title": "Out of range", "error_message": f"Enter a number from {range_text}."},
        )

    def write_break_even(self, sheet: Worksheet, row: int) -> int:
        """Write the savings at which assessments pay for themselves, and return the row below."""
        hours, mishires = self.result.hours_to_break_even, self.result.mishires_to_break_even
        self.book.write_heading(sheet, row, "Assessments pay for themselves if", len(WIDTHS))
        hour_note = (
            ('hours_to_break_even=""', hours is None, "An hour costs nothing, so saved hours don't help."),
            (
                "hours_to_break_even<=0",
                hours is not None and hours <= 0,
                "The wrong hires avoided pay for the assessments, even without saved hours.",
            ),
            (
                "hours_to_break_even>hours",
                hours is not None and hours > self.result.assumptions.hours,
                "This is more than the hours you entered.",
            ),
            ("TRUE", True, ""),
        )
        mishire_note = (
            ('mishires_to_break_even=""', mishires is None, "A wrong hire costs nothing, so fewer of them don't help."),
            (
                "mishires_to_break_even<=0",
                mishires is not None and mishires <= 0,
                "The hours saved pay for the assessments, even without fewer wrong hires.",
            ),
            (
                "mishires_to_break_even>all_mishires",
                mishires is not None and mishires > self.result.mishires,
                "This is more than you would make without assessments.",
            ),
            ("TRUE", True, ""),
        )
        self.write_minimum(
            sheet, row + 1, "each saves this much interview time,", "hours", self.steps["hours_to_break_even"]
        )
        self.write_choice(sheet, row + 1, 3, hour_note, "row", "soft", "middle")
        label = "or if together they avoid this many"
        self.write_minimum(sheet, row + 2, label, "wrong hires a year", self.steps["mishires_to_break_even"])
        self.write_choice(sheet, row + 2, 3, mishire_note, "row", "soft", "middle")
        return row + 3

    def write_minimum(self, sheet: Worksheet, row: int, label: str, unit: str, step: Step) -> None:
        style = self.book.style
        write_text(sheet, row, 0, label, style("row", "middle"))
        write_text(sheet, row, 2, unit, style("row", "middle"))
        sheet.set_row(row, 34)
        # Round up, because a lower number would not be enough. First remove the error of binary fractions.
        formula = f'IF(inputs_are_valid,IF({step.name}="","",MAX(0,ROUNDUP(ROUND({step.name},9),2))),"")'
        value: Decimal | None = step.value
        if value is not None:
            value = max(value, Decimal()).quantize(Decimal("0.01"), rounding=ROUND_CEILING)
        shown = "" if value is None else float(value)
        sheet.write_formula(row, 1, "=" + formula, style("row", "large", "right", "middle", number=EXACT_COUNT), shown)

    def write_costs(self, sheet: Worksheet, row: int) -> int:
        """Write both ways side by side, with a chart. Return the last row of the chart."""
        style = self.book.style
        self.book.write_heading(sheet, row, "Cost of a year, side by side", len(WIDTHS))
        head = row + 1
        names = ("", "Interviews alone", "With assessments")
        for column, name in enumerate(names):
            write_text(sheet, head, column, name, style("head", "right") if column else style("head"))
        lines = (
            ("Assessments", "", "assessment_cost"),
            ("Interviews", "interview_cost", "remaining_interview_cost"),
            ("Wrong hires", "all_mishire_cost", "remaining_mishire_cost"),
            ("Total", "total_without", "total_with"),
        )
        for row, (label, *formulas) in enumerate(lines, start=head + 1):
            sheet.set_row(row, 20)
            kind = "sum" if label == "Total" else "row"
            write_text(sheet, row, 0, label, style(kind, "middle"))
            for column, name in enumerate(formulas, start=1):
                value = self.steps[name].value if name else Decimal()
                sheet.write_formula(
                    row, column, f"={name or 0}", style(kind, "right", "middle", number=RUPEES), float(value or 0)
                )
        self.insert_chart(sheet, head, row + 2)
        return row + 13

    def insert_chart(self, sheet: Worksheet, head: int, row: int) -> None:
        chart = self.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
        for offset, color in enumerate((YELLOW, GREY, RED), start=1):
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
        chart.set_x_axis({"num_format": RUPEES, "num_font": font, "major_gridlines": {"visible": False}})
        chart.set_y_axis({"reverse": True, "num_font": font, "line": {"none": True}})
        chart.set_legend({"position": "bottom", "font": font})
        chart.set_chartarea({"border": {"none": True}})
        chart.set_plotarea({"layout": {"x": 0.16, "y": 0.14, "width": 0.76, "height": 0.68}})
        chart.set_size({"width": 770, "height": 200})
        description = "Two stacked bars: the cost of a year with interviews alone, and with assessments."
        sheet.insert_chart(row, 0, chart, {"description": description, "object_position": 2})

    def write_steps(self, sheet: Worksheet) -> None:
        style = self.book.style
        self.book.write_title(sheet, "Every step")
        write_text(sheet, 2, 0, "Each step rounds amounts to whole rupees.", style("soft", "line"))
        for column, name in enumerate(("Step", "Calculation", "Result")):
            write_text(sheet, 4, column, name, style("head", "right") if column == 2 else style("head"))
        sheet.freeze_panes(5, 1)
        sheet.repeat_rows(4)
        for row, step in enumerate(self.steps.values(), start=5):
            kind = "sum" if step.is_sum else "row"
            write_text(sheet, row, 0, step.label, style(kind, "middle"))
            write_text(sheet, row, 1, step.explanation, style(kind, "soft", "middle"))
            sheet.set_row(row, row_height([(step.explanation, STEP_WIDTHS[1])], least=22))
            number = EXACT_COUNT if step.is_count else SIGNED_RUPEES if step.name == "savings" else RUPEES
            shown = "" if step.value is None else float(step.value)
            formula = f'=IF(inputs_are_valid,{step.formula},"")'
            sheet.write_formula(row, 2, formula, style(kind, "right", "middle", number=number), shown)
            if step.is_count:
                self.group_digits(sheet, row, 2, COUNT)
            elif step.name == "savings":
                self.group_negative_rupees(sheet, row, 2)
            self.book.workbook.define_name(step.name, f"=Steps!$C${row + 1}")
        sheet.print_area(0, 0, row, 2)

    def write_texts(self, sheet: Worksheet, sections: list[prose.Prose]) -> None:
        self.book.write_title(sheet, "Assumptions")
        row = 3
        for section in sections:
            self.book.write_heading(sheet, row, " ".join(text_segments(section.heading)), 1)
            for row, text in enumerate(_texts(section), start=row + 1):
                write_text(sheet, row, 0, text, self.book.style())
                sheet.set_row(row, row_height([(text, TEXT_WIDTH)]))
            row += 2
        sheet.print_area(0, 0, row, 0)

    def write_choice(self, sheet: Worksheet, row: int, column: int, cases: tuple[Case, ...], *style: str) -> None:
        """Write a formula that shows the text of the first case whose condition holds.

        A case is a condition as a formula, whether it holds for the document's figures, and a text. The condition of
        the last case is always true.
        """
        formula = f'"{cases[-1][2]}"'
        for condition, _, text in reversed(cases[:-1]):
            formula = f'IF({condition},"{text}",{formula})'
        value = next(text for _, holds, text in cases if holds)
        sheet.write_formula(row, column, "=" + formula, self.book.style(*style), value)

    def group_digits(self, sheet: Worksheet, row: int, column: int, number: str) -> None:
        """Show whole numbers with Indian digit grouping. Fractions keep all their decimals."""
        whole = {"type": "formula", "criteria": f"=MOD({xl_rowcol_to_cell(row, column, True, True)},1)=0"}
        sheet.conditional_format(row, column, row, column, whole | {"format": self.number_format(number)})

    def group_negative_rupees(self, sheet: Worksheet, row: int, column: int) -> None:
        for limit, number in NEGATIVE_RUPEES:
            rule = {"type": "cell", "criteria": "<=", "value": limit, "format": self.number_format(number)}
            sheet.conditional_format(row, column, row, column, rule | {"stop_if_true": True})
        rule = {"type": "cell", "criteria": ">=", "value": 0, "format": self.number_format(RUPEES)}
        sheet.conditional_format(row, column, row, column, rule)

    def number_format(self, number: str) -> Format:
        return self.book.workbook.add_format({"num_format": number})


def _texts(section: Section) -> Iterator[str]:
    for part in section.body:
        if isinstance(part, Prose):
            yield from text_segments(part.html)
