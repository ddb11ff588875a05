"""The sheets for scores: one with every interviewer's scores, and one that compares the candidates."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from ..xlsx_format import EDGE, FONT, INK, YELLOW, Book, Sheet
from .kit import Kit

SCORING, CANDIDATES = "Scoring", "Candidates"
MAX_CANDIDATES, MAX_INTERVIEWERS = 8, 4
LOWEST, HIGHEST = 1, 5  # the scale of scores
GAP = 2  # interviewers with such different scores should discuss them

# A kit has at least two rows to weigh. With more rows than this, the sheets would be too long to use.
MIN_ROWS, MAX_ROWS = 2, 40

# Columns of the sheet with scores. Each interviewer has two columns, for a score and its interval.
NAME, WEIGHT, FIRST_SCORE = 0, 1, 2
GAP_COLUMN = FIRST_SCORE + 2 * MAX_INTERVIEWERS
AGREED, AGREED_SURE, EVIDENCE = GAP_COLUMN + 1, GAP_COLUMN + 2, GAP_COLUMN + 3
WIDTHS = (25, 9, *[8, 6] * MAX_INTERVIEWERS, 18, 11, 8, 40)  # in characters

CHART_ROWS = 18

# Heights in points: of a row with scores, of the other rows of a candidate, and of the rows that fit on a page of A4 or
# US Letter at PRINT_SCALE percent. Excel ignores page breaks on a sheet that is fitted to the page's width.
ROW_HEIGHT, OTHER_HEIGHT, PAGE_HEIGHT, PRINT_SCALE = 26, 63, 580, 74


@dataclass(frozen=True)
class _Total:
    """A candidate's cells on the sheet with scores, such as “Scoring!$A$5”."""

    name: str
    scores: tuple[tuple[str, str], ...]
    score: str
    sure: str
    message: str


def write_scoring_sheets(book: Book, kit: Kit) -> tuple[Sheet, ...]:
    """Write both sheets, and return them. Return () if the kit has too few or too many rows to score."""
    if not MIN_ROWS <= len(kit.rows) <= MAX_ROWS:
        return ()
    writer = _Writer(book, kit)
    return writer.write_scores(), writer.write_candidates()


class _Writer:
    def __init__(self, book: Book, kit: Kit) -> None:
        self.book, self.kit, self.labels = book, kit, kit.words.labels
        self.totals: list[_Total] = []
        self.gap_mark = book.workbook.add_format({"bg_color": "#F7CFC8"})

    def write_scores(self) -> Sheet:
        """Write a block of rows for each candidate."""
        sheet = self.book.add_sheet(SCORING, WIDTHS, landscape=True)
        sheet.write_title(self.kit.name)
        self.write_head(sheet)
        sheet.worksheet.freeze_panes(sheet.row, 1)
        sheet.worksheet.repeat_rows(sheet.row - 2, sheet.row - 1)
        first = sheet.row + 1
        for number in range(1, MAX_CANDIDATES + 1):
            self.write_candidate(sheet, number, first)
        # Each page has whole blocks.
        rows = len(self.kit.rows)
        blocks = max(1, PAGE_HEIGHT // (OTHER_HEIGHT + ROW_HEIGHT * rows))
        breaks = [first - 1 + (rows + 3) * number for number in range(blocks, MAX_CANDIDATES, blocks)]
        sheet.worksheet.set_h_pagebreaks(breaks)
        sheet.worksheet.set_print_scale(PRINT_SCALE)
        return sheet

    def write_head(self, sheet: Sheet) -> None:
        style, words = self.book.style, self.labels
        head, center = style("head"), style("head", "center")
        names = [("", head), ("", head)]
        for number in range(1, MAX_INTERVIEWERS + 1):
            column = FIRST_SCORE + 2 * (number - 1)
            sheet.worksheet.merge_range(
                sheet.row, column, sheet.row, column + 1, "", style("input", "center", "middle")
            )
            names += [
                (f"{words['interviewer']} {number}", style("input", "center", "middle")),
                ("", style("input", "center")),
            ]
        names += [("", head), (words["agreed"], center), ("", center), ("", head)]
        sheet.write_cells(names)
        row_label = words["dimension" if self.kit.dimensions else "competency"]
        pairs = [(words["score"], center), ("±", center)]
        cells = [(row_label, head), (words["weight"], center), *pairs * MAX_INTERVIEWERS, ("", head), *pairs]
        sheet.write_cells([*cells, (words["evidence"], head)])

    def write_candidate(self, sheet: Sheet, number: int, first: int) -> None:
        """Write a candidate's block. `first` is the row of the first block's first score, where the weights are."""
        style, rows = self.book.style, self.kit.rows
        self.write_name(sheet, number)
        start = sheet.row
        for offset in range(len(rows)):
            self.write_row(sheet, offset, first + offset)
        end = sheet.row - 1
        self.validate(sheet, start, end)
        self.mark_gaps(sheet, start, end)
        scores, sures, weights = (
            f"{xl_rowcol_to_cell(start, column, True, True)}:{xl_rowcol_to_cell(end, column, True, True)}"
            for column in (AGREED, AGREED_SURE, WEIGHT)
        )
        unseen, count = _text(self.labels["not seen"]), len(rows)
        has_weights = f"ROUND(SUM({weights}),2)=100"
        is_complete = (
            f'AND({has_weights},COUNTIFS({scores},">={LOWEST}",{scores},"<={HIGHEST}")={count},'
            f'COUNTIFS({sures},">=0",{sures},"<={HIGHEST - LOWEST}")={count})'
        )
        message = (
            f"IF(NOT({has_weights}),{_text(self.labels['wrong weights'])},IF(COUNTIF({scores},{unseen})>0,"
            f'{_text(self.labels["no total"])},IF(OR(COUNT({scores},{sures})=0,{is_complete}),"",'
            f"{_text(self.labels['incomplete'])})))"
        )
        total = sum(row.weight or 0 for row in rows)
        shown = "" if round(total, 2) == 100 else self.labels["wrong weights"]
        sheet.write_formula(WEIGHT, f"SUM({weights})", style("sum", "center", "middle"), total)
        sheet.write_formula(GAP_COLUMN, message, style("sum", "flag", "middle"), shown)
        for column, values in ((AGREED, scores), (AGREED_SURE, sures)):
            formula = f'IF({is_complete},SUMPRODUCT({weights},{values})/100,"")'
            sheet.write_formula(column, formula, style("sum", "center", "middle", number="0.00"), "")
        blank = style("sum")
        for column in (*range(FIRST_SCORE, GAP_COLUMN), EVIDENCE):
            sheet.worksheet.write_blank(sheet.row, column, None, blank)
        place = self.total_cells(sheet.row, start)
        self.totals.append(place)
        sheet.write_cells([(self.labels["total"], style("sum", "middle"))], ROW_HEIGHT)
        sheet.row += 1

    def total_cells(self, row: int, start: int) -> _Total:
        def cell(row: int, column: int) -> str:
            return f"{SCORING}!{xl_rowcol_to_cell(row, column, True, True)}"

        scores = tuple((cell(each, AGREED), cell(each, AGREED_SURE)) for each in range(start, row))
        return _Total(cell(start - 1, NAME), scores, cell(row, AGREED), cell(row, AGREED_SURE), cell(row, GAP_COLUMN))

    def write_name(self, sheet: Sheet, number: int) -> None:
        """Write the row with the candidate's name, and with blanks for the kit's other fields, such as the date."""
        style, words = self.book.style, self.labels
        taken = (words["candidate"], words["interviewer"])
        fields = [field for field in self.kit.fields if field not in taken]
        for column, field in zip(range(FIRST_SCORE, GAP_COLUMN, 4), fields, strict=False):
            for offset, text, kind in ((0, field, style("soft", "right", "middle")), (2, "", style("input"))):
                left = column + offset
                sheet.worksheet.merge_range(sheet.row, left, sheet.row, left + 1, text, kind)
        sheet.write_cells([(f"{words['candidate']} {number}", style("input", "bold", "middle"))])

    def write_row(self, sheet: Sheet, offset: int, weight_row: int) -> None:
        """Write the row of one dimension or competency. Its weight is in `weight_row`, or comes from there."""
        style, row, worksheet = self.book.style, self.kit.rows[offset], sheet.worksheet
        weight = style("row", "center", "middle")
        if sheet.row == weight_row:
            weight = style("input", "center", "middle")
            worksheet.write(sheet.row, WEIGHT, row.weight, weight)
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
            worksheet.data_validation(sheet.row, WEIGHT, sheet.row, WEIGHT, rule)
        else:
            source = xl_rowcol_to_cell(weight_row, WEIGHT, True, True)
            sheet.write_formula(WEIGHT, source, weight, row.weight or 0)
        blank = style("input", "center", "middle")
        columns = range(FIRST_SCORE, GAP_COLUMN)
        scores, sures = (
            [xl_rowcol_to_cell(sheet.row, column, False, True) for column in columns[first::2]] for first in (0, 1)
        )
        for column in columns:
            worksheet.write_blank(sheet.row, column, None, blank)
        highest, lowest = f"MAX({','.join(scores)})", f"MIN({','.join(scores)})"
        gap = f'IF({highest}-{lowest}>={GAP},{_text(self.labels["discuss"])},"")'
        sheet.write_formula(GAP_COLUMN, gap, style("row", "flag", "bold", "middle"), "")
        unseen = _text(self.labels["not seen"])
        if_unscored = f'IF(OR({",".join(f"{score}={unseen}" for score in scores)}),{unseen},"")'
        agreed = f'IF(COUNT({",".join(scores)})=0,{if_unscored},IF({highest}={lowest},{highest},""))'
        sheet.write_formula(AGREED, agreed, blank, "")
        highest, lowest = f"MAX({','.join(sures)})", f"MIN({','.join(sures)})"
        agreed = f'IF(COUNT({",".join(scores)})*COUNT({",".join(sures)})=0,"",IF({highest}={lowest},{highest},""))'
        sheet.write_formula(AGREED_SURE, agreed, blank, "")
        worksheet.write_blank(sheet.row, EVIDENCE, None, style("input"))
        sheet.write_cells([(row.name, style("row", "bold", "middle"))], ROW_HEIGHT)

    def validate(self, sheet: Sheet, start: int, end: int) -> None:
        """Allow only scores of the scale and “not seen” in the rows from `start` to `end`. An interval is a number."""
        scores = {"validate": "list", "source": [*range(LOWEST, HIGHEST + 1), self.labels["not seen"]]}
        sures = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": HIGHEST - LOWEST}
        for column in (*range(FIRST_SCORE, GAP_COLUMN, 2), AGREED):
            sheet.worksheet.data_validation(start, column, end, column, scores)
            sheet.worksheet.data_validation(start, column + 1, end, column + 1, sures)

    def mark_gaps(self, sheet: Sheet, start: int, end: int) -> None:
        """Color the interviewers' scores in each row if they should discuss them."""
        is_marked = f'={xl_rowcol_to_cell(start, GAP_COLUMN, False, True)}<>""'
        rule = {"type": "formula", "criteria": is_marked, "format": self.gap_mark}
        sheet.worksheet.conditional_format(start, FIRST_SCORE, end, GAP_COLUMN - 1, rule)

    def write_candidates(self) -> Sheet:
        """Write one row for each candidate, and a chart of the intervals."""
        style, words = self.book.style, self.labels
        names = [row.name for row in self.kit.rows]
        widths = (25, *[max(15.0, 60 / len(names))] * len(names), 14, 8, 8, 8, 26)
        sheet = self.book.add_sheet(CANDIDATES, widths, landscape=True)
        sheet.worksheet.fit_to_pages(1, 1)
        sheet.write_title(self.kit.name)
        score = len(names) + 1  # the column of the weighted score
        head = [words["candidate"], *names, words["weighted score"], "±", words["from"], words["to"], ""]
        sheet.write_cells([(text, style("head", *(["center"] if index else []))) for index, text in enumerate(head)])
        sheet.worksheet.freeze_panes(sheet.row, 1)
        first = sheet.row
        number = style("row", "center", "middle", number="0.00")
        for index, total in enumerate(self.totals, start=1):
            sheet.write_formula(0, total.name, style("row", "bold", "middle"), f"{words['candidate']} {index}")
            for column, (value, sure) in enumerate(total.scores, start=1):
                sheet.write_formula(
                    column, f'IF({value}="","",{value}&IF(COUNT({value},{sure})=2," ± "&{sure},""))', number, ""
                )
            value, sure = (xl_rowcol_to_cell(sheet.row, column) for column in (score, score + 1))
            sheet.write_formula(score, total.score, style("row", "center", "middle", "bold", number="0.00"), "")
            sheet.write_formula(score + 1, total.sure, number, "")
            low, high = f"MAX({LOWEST},{value}-{sure})", f"MIN({HIGHEST},{value}+{sure})"
            sheet.write_formula(score + 2, f'IF({value}="","",{low})', number, "")
            sheet.write_formula(score + 3, f'IF({value}="","",{high})', number, "")
            sheet.write_formula(score + 4, total.message, style("row", "flag", "middle"), "")
            # The chart stacks these lengths: up to the interval, up to the score, and up to the interval's end.
            ends = [xl_rowcol_to_cell(sheet.row, column) for column in (score + 2, score, score + 3)]
            lengths = (ends[0], f"{ends[1]}-{ends[0]}", f"{ends[2]}-{ends[1]}")
            for column, length in enumerate(lengths, start=score + 5):
                sheet.write_formula(column, f'IF({value}="",0,{length})', style(), 0)
            sheet.write_cells([], 24)
        sheet.worksheet.set_column(score + 5, score + 7, None, None, {"hidden": True})
        sheet.row += 1
        sheet.write_heading(words["intervals"])
        self.insert_chart(sheet, first, score + 5)
        sheet.row += CHART_ROWS
        return sheet

    def insert_chart(self, sheet: Sheet, first: int, column: int) -> None:
        """Draw each interval as a bar with a line at the score. `column` is the first column with lengths."""
        chart = self.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
        last = first + MAX_CANDIDATES - 1
        for offset in range(3):
            visible = {"fill": {"color": YELLOW}, "border": {"color": INK, "width": 1.25}}
            hidden = {"fill": {"none": True}, "border": {"none": True}}
            series = {
                "categories": [CANDIDATES, first, 0, last, 0],
                "values": [CANDIDATES, first, column + offset, last, column + offset],
            }
            chart.add_series(series | (visible if offset else hidden) | {"gap": 60})
        font = {"name": FONT, "size": 9, "color": INK}
        lines = {"visible": True, "line": {"color": EDGE, "width": 0.5}}
        scale = {"min": LOWEST, "max": HIGHEST, "major_unit": 1, "num_format": "0"}
        chart.set_x_axis(scale | {"num_font": font, "major_gridlines": lines})
        chart.set_y_axis({"reverse": True, "num_font": font})
        chart.set_legend({"none": True})
        chart.set_chartarea({"border": {"none": True}})
        chart.show_hidden_data()
        chart.set_size({"width": 1000, "height": 340})
        sheet.worksheet.insert_chart(sheet.row, 0, chart, {"description": self.labels["intervals"]})


def _text(text: str) -> str:
    """Return `text` as a text in a formula."""
    return '"' + text.replace('"', '""') + '"'
