"""The sheet for scores: a block of rows for each candidate, with the scores of every interviewer."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell

from ..xlsx_format import LINE_HEIGHT, TITLE_HEIGHT, Book, Sheet, formula_text, row_height
from .kit import Kit

SCORING = "Scoring"
MAX_CANDIDATES, MAX_INTERVIEWERS = 8, 4
LOWEST, HIGHEST = 1, 5  # The scale of scores.
GAP = 2  # Interviewers should discuss scores that differ by at least this much.

# With a single row, there is nothing to weigh. With more than MAX_ROWS rows, the sheets would be too long to use.
MIN_ROWS, MAX_ROWS = 2, 40

MAX_NAME = 120  # in characters. Sheets with scores shorten longer names.

# Columns. Each interviewer has two columns, for a score and its interval. The columns AGREED are for scores that the
# interviewers agree on. Formulas in the columns RESULT show the agreed score, or the score that all interviewers gave.
NAME, WEIGHT, FIRST_SCORE = 0, 1, 2
MESSAGE = FIRST_SCORE + 2 * MAX_INTERVIEWERS
AGREED, AGREED_SURE, RESULT, RESULT_SURE, EVIDENCE = range(MESSAGE + 1, MESSAGE + 6)
WIDTHS = (20, 9, *[8, 6] * MAX_INTERVIEWERS, 24, *[8, 6] * 2, 32)  # in characters
FIELDS_PER_ROW = 2

# The heights of rows in points. NAME_HEIGHT is for a row with a candidate's name, and ROW_HEIGHT for a row with scores.
HEAD_HEIGHT, NAME_HEIGHT, ROW_HEIGHT, TOTAL_HEIGHT, EMPTY_HEIGHT = 26, 20, 23, 28, 9

# The sheet is printed at PRINT_SCALE percent, because Excel ignores page breaks on a sheet that is fitted to the page's
# width. At this scale, a page of A4 or US Letter has room for PAGE_HEIGHT points below the head.
PAGE_HEIGHT, PRINT_SCALE = 628, 73


@dataclass(frozen=True)
class Total:
    """The cells of the scoring sheet that hold a candidate's results. Cells are written as “Scoring!$A$5”.

    `scores` has two cells for each row: the score and its ±. `shown_message` is the text in the cell `message`
    before anybody writes a score.
    """

    name: str
    scores: tuple[tuple[str, str], ...]
    score: str
    sure: str
    message: str
    shown_message: str


def write_scoring_sheet(book: Book, kit: Kit) -> tuple[Sheet, tuple[Total, ...]]:
    """Write the sheet. Return the sheet, and a total for each candidate. `write_candidates_sheet` needs the totals."""
    writer = _Writer(book, kit)
    return writer.write(), tuple(writer.totals)


def row_names(kit: Kit) -> list[str]:
    """Return the names of the kit's rows, shortened to MAX_NAME characters."""
    return [textwrap.shorten(row.name, MAX_NAME, placeholder="…") for row in kit.rows]


def can_be_scored(kit: Kit) -> bool:
    return MIN_ROWS <= len(kit.rows) <= MAX_ROWS


class _Writer:
    def __init__(self, book: Book, kit: Kit) -> None:
        self.book, self.kit, self.labels = book, kit, kit.words.labels
        self.names, self.totals = row_names(kit), list[Total]()
        self.gap_mark = book.workbook.add_format({"bg_color": "#F7CFC8"})
        taken = {self.labels[name].casefold() for name in ("candidate", "interviewer")}
        self.fields = [field for field in kit.fields if field.casefold() not in taken]
        self.name_rows = max(1, -(-len(self.fields) // FIELDS_PER_ROW))
        self.sheet = book.add_sheet(SCORING, WIDTHS, landscape=True)

    def write(self) -> Sheet:
        sheet = self.sheet
        sheet.write_title(self.kit.name)
        self.write_head()
        sheet.worksheet.freeze_panes(sheet.row, 1)
        sheet.worksheet.repeat_rows(sheet.row - 2, sheet.row - 1)
        # The advice is below the head. Above the head, the advice would make the frozen rows too high for a phone.
        advice = [text.plain for text in self.kit.words.texts["HOW TO SCORE"]]
        for text in advice:
            sheet.write_paragraph(text, "soft")
        self.write_empty_row()
        first = sheet.row + self.name_rows
        block = NAME_HEIGHT * self.name_rows + ROW_HEIGHT * len(self.kit.rows) + TOTAL_HEIGHT + EMPTY_HEIGHT
        used = TITLE_HEIGHT + LINE_HEIGHT + sum(row_height([(text, sum(WIDTHS))]) for text in advice) + EMPTY_HEIGHT
        breaks = []
        for number in range(1, MAX_CANDIDATES + 1):
            # Break pages only between blocks.
            if number > 1 and used + block > PAGE_HEIGHT:
                breaks.append(sheet.row)
                used = 0
            used += block
            self.write_candidate(number, first)
        sheet.worksheet.set_h_pagebreaks(breaks)
        sheet.worksheet.set_print_scale(PRINT_SCALE)
        return sheet

    def write_head(self) -> None:
        sheet, style, words = self.sheet, self.book.style, self.labels
        head, center, name = style("head"), style("head", "center"), style("input", "center", "middle")
        for column in (NAME, WEIGHT, MESSAGE, EVIDENCE):
            sheet.worksheet.write_blank(sheet.row, column, None, head)
        for number in range(MAX_INTERVIEWERS):
            column = FIRST_SCORE + 2 * number
            sheet.write_merged(column, column + 1, f"{words['interviewer']} {number + 1}", name)
        sheet.write_merged(AGREED, AGREED_SURE, words["agreed"], center)
        sheet.write_merged(RESULT, RESULT_SURE, words["result"], center)
        sheet.worksheet.set_row(sheet.row, HEAD_HEIGHT)
        sheet.row += 1
        row_label = words["dimension" if self.kit.dimensions else "competency"]
        pair = [(words["score"], center), ("±", center)]
        cells = [(row_label, head), (words["weight"], center), *pair * MAX_INTERVIEWERS, ("", head), *pair * 2]
        sheet.write_cells([*cells, (words["evidence"], head)])

    def write_candidate(self, number: int, first: int) -> None:
        """Write a candidate's block.

        The weights are entered in the first candidate's block. `first` is the first row of scores in that block.
        """
        sheet, count = self.sheet, len(self.kit.rows)
        name = f"{SCORING}!{xl_rowcol_to_cell(sheet.row, NAME, True, True)}"
        self.write_name(number)
        start = sheet.row
        for offset in range(count):
            self.write_row(offset, first + offset)
        self.validate(start, sheet.row - 1)
        self.mark_gaps(start, sheet.row - 1)
        self.write_total(name, start)
        self.write_empty_row()

    def write_empty_row(self) -> None:
        self.sheet.worksheet.set_row(self.sheet.row, EMPTY_HEIGHT)
        self.sheet.row += 1

    def write_name(self, number: int) -> None:
        """Write the candidate's name, and blanks for the kit's other fields, such as the date."""
        sheet, style = self.sheet, self.book.style
        label, blank = style("soft", "right", "middle"), style("input")
        for row in range(self.name_rows):
            fields = self.fields[row * FIELDS_PER_ROW : (row + 1) * FIELDS_PER_ROW]
            for column, field in zip(range(FIRST_SCORE, MESSAGE, 4), fields, strict=False):
                sheet.write_merged(column, column + 1, field, label)
                sheet.write_merged(column + 2, column + 3, "", blank)
            name = [(f"{self.labels['candidate']} {number}", style("input", "bold", "middle"))]
            sheet.write_cells([] if row else name, NAME_HEIGHT)

    def write_row(self, offset: int, weight_row: int) -> None:
        """Write one row of a candidate's block: the name of what is scored, its weight, and cells for scores.

        Users enter the weight only in the first candidate's block, in `weight_row`. All other blocks copy this cell.
        """
        sheet, style, row = self.sheet, self.book.style, self.kit.rows[offset]
        weight = style("row", "center", "middle")
        if sheet.row == weight_row:
            sheet.worksheet.write(sheet.row, WEIGHT, row.weight, style("input", "center", "middle"))
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
            sheet.worksheet.data_validation(sheet.row, WEIGHT, sheet.row, WEIGHT, rule)
        else:
            source = xl_rowcol_to_cell(weight_row, WEIGHT, True, True)
            sheet.write_formula(WEIGHT, source, weight, row.weight or 0)
        for column in (*range(FIRST_SCORE, MESSAGE), AGREED, AGREED_SURE):
            sheet.worksheet.write_blank(sheet.row, column, None, style("input", "center", "middle"))
        message, result, sure = self.row_formulas(sheet.row)
        sheet.write_formula(MESSAGE, message, style("row", "flag", "bold", "middle"), "")
        sheet.write_formula(RESULT, result, style("row", "center", "bold", "middle"), "")
        sheet.write_formula(RESULT_SURE, sure, style("row", "center", "middle"), "")
        sheet.worksheet.write_blank(sheet.row, EVIDENCE, None, style("input"))
        sheet.write_cells([(self.names[offset], style("row", "bold", "middle"))], ROW_HEIGHT)

    def row_formulas(self, row: int) -> tuple[str, str, str]:
        """Return the formulas for the message, the resulting score and its ±.

        The result is the agreed score. If no score was agreed, but all interviewers gave the same score, the result is
        this score with the widest of their intervals. Interviewers who entered “not seen” are ignored.
        """
        cells = [xl_rowcol_to_cell(row, column, False, True) for column in range(FIRST_SCORE, MESSAGE)]
        scores, sures = cells[::2], cells[1::2]
        agreed, agreed_sure, result = (
            xl_rowcol_to_cell(row, column, False, True) for column in (AGREED, AGREED_SURE, RESULT)
        )
        unseen, all_scores = self.text("not seen"), ",".join(scores)
        highest, lowest = f"MAX({all_scores})", f"MIN({all_scores})"
        is_odd = f"AND(COUNT({agreed})=1,COUNT({all_scores})>0,OR({agreed}<{lowest},{agreed}>{highest}))"
        message = (
            f'IF({agreed}<>"",IF({is_odd},{self.text("check agreed")},""),'
            f"IF({highest}-{lowest}>={GAP},{self.text('discuss')},"
            f'IF({highest}>{lowest},{self.text("agree")},"")))'
        )
        is_unseen = ",".join(f"{score}={unseen}" for score in scores)
        score = (
            f'IF({agreed}<>"",{agreed},IF(COUNT({all_scores})=0,IF(OR({is_unseen}),{unseen},""),'
            f'IF({highest}={lowest},{highest},"")))'
        )
        pairs = list(zip(scores, sures, strict=True))
        are_paired = ",".join(f"OR({score}={unseen},COUNT({score})=COUNT({sure}))" for score, sure in pairs)
        widest = ",".join(f"IF(COUNT({score})=1,{sure},0)" for score, sure in pairs)
        sure = (
            f'IF(COUNTA({agreed},{agreed_sure})>0,IF(COUNT({agreed},{agreed_sure})=2,{agreed_sure},""),'
            f'IF(AND(COUNT({result})=1,{are_paired}),MAX({widest}),""))'
        )
        return message, score, sure

    def write_total(self, name: str, start: int) -> None:
        sheet, style, end = self.sheet, self.book.style, self.sheet.row - 1

        def cells(first: int, last: int) -> str:
            return f"{xl_rowcol_to_cell(start, first, True, True)}:{xl_rowcol_to_cell(end, last, True, True)}"

        def place(row: int, column: int) -> str:
            return f"{SCORING}!{xl_rowcol_to_cell(row, column, True, True)}"

        scores, sures, weights = (cells(column, column) for column in (RESULT, RESULT_SURE, WEIGHT))
        messages, count = cells(MESSAGE, MESSAGE), end - start + 1
        has_weights = f"ROUND(SUM({weights}),2)=100"
        is_complete = (
            f'AND({has_weights},COUNTIFS({scores},">={LOWEST}",{scores},"<={HIGHEST}")={count},'
            f'COUNTIFS({sures},">=0",{sures},"<={HIGHEST - LOWEST}")={count})'
        )
        is_empty = f"COUNTA({cells(FIRST_SCORE, MESSAGE - 1)},{cells(AGREED, AGREED_SURE)})=0"
        # COUNTIF would treat a question mark in a label as a wildcard.
        is_unseen = f"SUMPRODUCT(({scores}={self.text('not seen')})*1)>0"
        is_disputed = f"SUMPRODUCT(({messages}={self.text('discuss')})+({messages}={self.text('agree')}))>0"
        message = (
            f"IF(NOT({has_weights}),{self.text('wrong weights')},IF({is_unseen},{self.text('no total')},"
            f'IF(OR({is_empty},{is_complete}),"",'
            f"IF({is_disputed},{self.text('not agreed')},{self.text('incomplete')}))))"
        )
        total = sum(row.weight or 0 for row in self.kit.rows)
        shown = "" if round(total, 2) == 100 else self.labels["wrong weights"]
        for column in (*range(FIRST_SCORE, MESSAGE), AGREED, AGREED_SURE, EVIDENCE):
            sheet.worksheet.write_blank(sheet.row, column, None, style("sum"))
        sheet.write_formula(WEIGHT, f"SUM({weights})", style("sum", "center", "middle"), total)
        sheet.write_formula(MESSAGE, message, style("sum", "flag", "middle"), shown)
        for column, values in ((RESULT, scores), (RESULT_SURE, sures)):
            formula = f'IF({is_complete},SUMPRODUCT({weights},{values})/100,"")'
            sheet.write_formula(column, formula, style("sum", "center", "middle", number="0.00"), "")
        row = sheet.row
        sheet.write_cells([(self.labels["total"], style("sum", "middle"))], TOTAL_HEIGHT)
        pairs = tuple((place(each, RESULT), place(each, RESULT_SURE)) for each in range(start, row))
        self.totals.append(Total(name, pairs, place(row, RESULT), place(row, RESULT_SURE), place(row, MESSAGE), shown))

    def validate(self, start: int, end: int) -> None:
        """Restrict what users may enter in the rows from `start` to `end`.

        The cells for scores accept the scores of the scale and “not seen”. The cells for ± accept numbers.
        """
        scores = {"validate": "list", "source": [*range(LOWEST, HIGHEST + 1), self.labels["not seen"]]}
        sures = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": HIGHEST - LOWEST}
        for column in (*range(FIRST_SCORE, MESSAGE, 2), AGREED):
            self.sheet.worksheet.data_validation(start, column, end, column, scores)
            self.sheet.worksheet.data_validation(start, column + 1, end, column + 1, sures)

    def mark_gaps(self, start: int, end: int) -> None:
        """Color the interviewers' scores in each row where two of them are far apart."""
        scores = ",".join(xl_rowcol_to_cell(start, column, False, True) for column in range(FIRST_SCORE, MESSAGE, 2))
        rule = {"type": "formula", "criteria": f"=MAX({scores})-MIN({scores})>={GAP}", "format": self.gap_mark}
        self.sheet.worksheet.conditional_format(start, FIRST_SCORE, end, MESSAGE - 1, rule)

    def text(self, label: str) -> str:
        return formula_text(self.labels[label])
