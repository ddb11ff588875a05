"""The sheet that compares the candidates: a row for each candidate, and a chart of the intervals."""

from __future__ import annotations

from collections.abc import Iterable

from xlsxwriter.utility import xl_rowcol_to_cell

from ..xlsx_format import EDGE, FONT, INK, YELLOW, Book, Sheet, formula_text
from .kit import Kit
from .scoring_sheet import HIGHEST, LOWEST, MAX_CANDIDATES, Total, row_names

CANDIDATES = "Candidates"
CHART_ROWS = 18


def write_candidates_sheet(book: Book, kit: Kit, totals: Iterable[Total]) -> Sheet:
    """Write a sheet that compares the candidates, in a table and a chart.

    `totals` has an item for each candidate: the cells of the scoring sheet that hold the candidate's results.
    """
    style, words = book.style, kit.words.labels
    names = row_names(kit)
    widths = (20, *[max(15.0, 60 / len(names))] * len(names), 14, 8, 8, 8, 26)
    sheet = book.add_sheet(CANDIDATES, widths, landscape=True)
    sheet.worksheet.fit_to_pages(1, 1)
    sheet.write_title(kit.name)
    head = [words["candidate"], *names, words["weighted score"], "±", words["from"], words["to"], ""]
    sheet.write_cells([(text, style("head", *(["center"] if index else []))) for index, text in enumerate(head)])
    sheet.worksheet.freeze_panes(sheet.row, 1)
    first, lengths = sheet.row, len(names) + 6  # the first candidate's row, and the first of the chart's columns
    for index, total in enumerate(totals, start=1):
        _write_candidate(sheet, f"{words['candidate']} {index}", total)
    sheet.worksheet.set_column(lengths, lengths + 2, None, None, {"hidden": True})
    sheet.row += 1
    sheet.write_heading(words["intervals"])
    _insert_chart(sheet, first, lengths, words["intervals"])
    sheet.row += CHART_ROWS
    return sheet


def _write_candidate(sheet: Sheet, name: str, total: Total) -> None:
    style, score = sheet.book.style, len(total.scores) + 1  # the column of the weighted score
    number = style("row", "center", "middle", number="0.00")
    shown_name = f'IF({total.name}="",{formula_text(name)},{total.name})'
    sheet.write_formula(0, shown_name, style("row", "bold", "middle"), name)
    for column, (value, sure) in enumerate(total.scores, start=1):
        formula = f'IF({value}="","",{value}&IF(COUNT({value},{sure})=2," ± "&{sure},""))'
        sheet.write_formula(column, formula, number, "")
    value, sure = (xl_rowcol_to_cell(sheet.row, column) for column in (score, score + 1))
    sheet.write_formula(score, total.score, style("row", "center", "middle", "bold", number="0.00"), "")
    sheet.write_formula(score + 1, total.sure, number, "")
    low, high = f"MAX({LOWEST},{value}-{sure})", f"MIN({HIGHEST},{value}+{sure})"
    sheet.write_formula(score + 2, f'IF({value}="","",{low})', number, "")
    sheet.write_formula(score + 3, f'IF({value}="","",{high})', number, "")
    sheet.write_formula(score + 4, total.message, style("row", "flag", "middle"), total.shown_message)
    # The chart stacks three lengths: the start of the interval, the distance from the start to the score, and the
    # distance from the score to the end of the interval.
    ends = [xl_rowcol_to_cell(sheet.row, column) for column in (score + 2, score, score + 3)]
    lengths = (ends[0], f"{ends[1]}-{ends[0]}", f"{ends[2]}-{ends[1]}")
    for column, length in enumerate(lengths, start=score + 5):
        sheet.write_formula(column, f'IF({value}="",0,{length})', style(), 0)
    sheet.write_cells([], 24)


def _insert_chart(sheet: Sheet, first: int, column: int, description: str) -> None:
    """Insert a chart that shows each candidate's interval as a bar with a line at the score.

    `first` is the row of the first candidate. `column` is the first of the three columns that the chart stacks.
    """
    chart = sheet.book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
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
    sheet.worksheet.insert_chart(sheet.row, 0, chart, {"description": description, "y_offset": 6})
