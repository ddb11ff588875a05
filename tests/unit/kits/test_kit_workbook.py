"""Tests for the kits' workbooks: sheets, words, print settings and cells to fill in."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from pages.content import library
from pages.kits.kit import Criterion, Kit, Note, Part, Question, QuestionGroup
from pages.kits.page_kit import competency_kits
from pages.kits.scoring_sheet import MAX_CANDIDATES, MAX_ROWS, PRINT_SCALE
from pages.kits.workbook import kit_workbook
from pages.xlsx_format import MAX_TEXT
from tests.support import spreadsheets
from tests.support.kits import WORDS, sample_kit, texts_of

SITE_URL = "https://www.example.com"
ROLE, BANK, SCORECARD = "/hire/machine-learning-engineer", "/resources/question-bank", "/resources/hiring-scorecard"


@pytest.fixture
def kit_at(sample_site):
    return lambda url: sample_kit(sample_site[1], url)


def open_workbook(kit):
    return spreadsheets.read(kit_workbook(kit, SITE_URL))


def words_of(workbook):
    cells = (value for sheet in workbook.worksheets for row in sheet.iter_rows(values_only=True) for value in row)
    return "\n".join(str(value) for value in cells if value is not None)


def criteria_kit(*criteria):
    return Kit("interview kit", "Name", "/name", (), (Part("Criteria", criteria),), WORDS)


@pytest.mark.parametrize("url", [ROLE, BANK, SCORECARD])
def test_the_same_kit_gives_the_same_bytes(kit_at, url):
    assert kit_workbook(kit_at(url), SITE_URL) == kit_workbook(kit_at(url), SITE_URL)


@pytest.mark.parametrize(
    ("url", "names"),
    [
        (ROLE, ["Questions", "Criteria", "Scoring", "Candidates"]),
        (BANK, ["Questions", "Scoring", "Candidates"]),
        (SCORECARD, ["Criteria", "Scoring", "Candidates"]),
    ],
)
def test_a_kit_leaves_out_sheets_for_which_its_page_has_no_content(kit_at, url, names):
    assert open_workbook(kit_at(url)).sheetnames == names


def test_the_kit_of_one_competency_has_no_scoring_sheet(kit_at):
    part = competency_kits(kit_at(BANK))["ownership"]
    assert open_workbook(part).sheetnames == ["Questions"]


def test_a_kit_with_very_many_rows_has_no_scoring_sheet():
    kit = criteria_kit(*(Criterion(f"Competency {n}", ()) for n in range(MAX_ROWS + 1)))
    assert open_workbook(kit).sheetnames == ["Criteria"]


@pytest.mark.parametrize("url", [ROLE, BANK, SCORECARD])
def test_every_text_of_the_kit_is_in_the_workbook(kit_at, url):
    kit = kit_at(url)
    text = words_of(open_workbook(kit))
    assert [each for each in texts_of(kit) if each not in text] == []
    shared = [text for texts in WORDS.texts.values() for text in texts]
    assert [each for each in shared if f"{each.lead} {each.rest}" not in text] == []


def test_texts_that_look_like_formulas_or_links_stay_texts(kit_at):
    """The formulas of a workbook don't depend on the texts of its document."""
    odd = "=1+1", '=HYPERLINK("https://example.com")', "https://example.com", "{=1+1}", "@SUM(1)"
    kits = {}
    for texts in (odd, "abcde"):
        notes = tuple(Note(text, text) for text in texts)
        criteria = Criterion(texts[0], notes, column=texts[0]), Criterion(texts[2], notes)
        questions = QuestionGroup(texts[3], "a", (Question(texts[4], texts[0], notes, texts),))
        parts = (Part(texts[1], (*criteria, *texts)), Part(texts[0], (questions, *texts)))
        kits[texts[0]] = replace(kit_at(ROLE), name=texts[0], fields=tuple(texts), parts=parts)
    parts_of = [zipfile.ZipFile(BytesIO(kit_workbook(kit, SITE_URL))) for kit in kits.values()]
    sheets = [name for name in parts_of[0].namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 4
    for name in sheets:
        formulas, plain_formulas = (re.findall(rb"<f>.*?</f>", archive.read(name)) for archive in parts_of)
        assert formulas == plain_formulas
        assert parts_of[0].read(name).count(b"<hyperlink ") == 1  # the only link is the page's URL below the title


@pytest.mark.parametrize("word", ["word ", "x" * 500, "Line\n"])
def test_a_long_text_continues_in_the_next_rows(kit_at, word):
    long = (word * (MAX_TEXT // len(word) + 20)).strip()
    notes = (Note("Great", long, "great"), Note("Great", "More.", "great"))
    question = QuestionGroup(long, "a", (Question("1", long, notes, (long, "The end.")),))
    parts = (Part("Questions", (question, long)), Part(long, (Criterion("Care", notes), Criterion(long, ()), long)))
    workbook = open_workbook(replace(kit_at(ROLE), name=long, parts=parts))
    for name, columns, ends in (("Questions", 4, (long, f"{long}\n{long}\nThe end.")), ("Criteria", 2, (long,))):
        texts = ["" for _ in range(columns)]
        for row in workbook[name].iter_rows(max_col=columns):
            texts = [text + (cell.value or "") for text, cell in zip(texts, row, strict=True)]
        squeezed = ["".join(text.split()) for text in texts]
        assert "".join(f"{long} More.".split()) in squeezed[-1]
        assert all(any("".join(end.split()) in text for text in squeezed) for end in ends)
    heights = [row.height for sheet in workbook.worksheets for row in sheet.row_dimensions.values() if row.height]
    assert max(heights) <= 409
    rows = workbook["Scoring"].max_row
    assert rows < 60


@pytest.mark.parametrize("url", [ROLE, BANK, SCORECARD])
def test_sheets_print_on_a4_and_keep_their_header_rows_in_view(kit_at, url):
    for sheet in open_workbook(kit_at(url)).worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_area
        column_heads = int(sheet.freeze_panes[1:]) - 1
        assert sheet.cell(column_heads, 1).font.bold and sheet.cell(column_heads + 1, 1).value is not None
        is_fitted = sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage
        is_scaled = sheet.row_breaks.brk and sheet.page_setup.scale == PRINT_SCALE
        assert is_scaled if sheet.title == "Scoring" else is_fitted


@pytest.mark.parametrize("url", [ROLE, BANK, SCORECARD])
def test_frozen_columns_take_less_than_half_of_a_phones_width(kit_at, url):
    for sheet in open_workbook(kit_at(url)).worksheets:
        width = sum(sheet.column_dimensions[name].width for name in "ABCDEF"[: int(sheet.sheet_view.pane.xSplit or 0)])
        assert width <= 21, sheet.title  # A unit is a digit's width, 7 pixels. A phone is about 360 pixels wide.


@pytest.mark.parametrize("url", [ROLE, SCORECARD])
def test_printed_pages_have_whole_blocks_of_scores(kit_at, url):
    kit = kit_at(url)
    sheet = open_workbook(kit)["Scoring"]
    assert {(each.id - 6) % (len(kit.rows) + 3) for each in sheet.row_breaks.brk} == {0}


def test_the_sheet_for_scores_has_the_advice_and_a_blank_for_each_field(kit_at):
    fields = ("candidate", "=1+1", "date", "Team")
    sheet = open_workbook(replace(kit_at(ROLE), fields=fields))["Scoring"]
    texts = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {"How to score. A text about it, for how to score.", "=1+1", "date", "Team"} <= texts
    first = [cell.value for cell in sheet[7]], [cell.value for cell in sheet[8]]
    assert (first[0][2], first[0][6], first[1][2]) == ("=1+1", "date", "Team")


def test_only_scores_on_the_scale_can_be_entered(kit_at):
    sheet = open_workbook(kit_at(ROLE))["Scoring"]
    rules = {rule.formula1: rule for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    (formula,) = rules
    assert formula == '"1,2,3,4,5,not seen"'
    numbers = {(rule.formula1, rule.formula2) for rule in sheet.data_validations.dataValidation} - {(formula, None)}
    assert numbers == {("0", "4"), ("0", "100")}


def test_programs_that_do_not_calculate_show_the_same_message_on_both_sheets(kit_at):
    kit = kit_at(BANK)  # The question bank's competencies have no weights.
    stored = spreadsheets.read_values(kit_workbook(kit, SITE_URL))
    for name in ("Scoring", "Candidates"):
        cells = [cell.value for row in stored[name].iter_rows() for cell in row]
        assert cells.count("wrong weights") == MAX_CANDIDATES, name


def test_a_chart_draws_the_candidates_intervals(kit_at):
    with zipfile.ZipFile(BytesIO(kit_workbook(kit_at(ROLE), SITE_URL))) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    names = re.findall(r"<c:cat><c:strRef><c:f>(.*?)</c:f>", chart)
    values = re.findall(r"<c:val><c:numRef><c:f>(.*?)</c:f>", chart)
    assert names == ["Candidates!$A$4:$A$11"] * 3
    sheet = open_workbook(kit_at(ROLE))["Candidates"]
    columns = [re.fullmatch(r"Candidates!\$(\w+)\$4:\$\1\$11", place)[1] for place in values]
    assert len(columns) == 3 and all("-" in sheet[f"{column}4"].value for column in columns[1:])
    assert "plotVisOnly" not in chart  # The chart shows these columns although they are hidden.
    assert '<c:max val="5"/>' in chart and '<c:min val="1"/>' in chart


def test_the_workbook_links_to_its_page(kit_at):
    sheet = open_workbook(kit_at(ROLE)).worksheets[0]
    assert sheet["A2"].hyperlink.target == SITE_URL + ROLE
    assert "www.example.com" + ROLE in sheet.oddFooter.left.text


def test_a_kit_takes_weights_from_its_table_of_criteria(tmp_path):
    table = (
        "| Area | Weight | Great |\n|---|---|---|\n| Care | 60 | Asks. |\n| Speed | 40% | Ships. |\n| Total | 100 | |"
    )
    text = f"# Name\n## /name\n\n## META\n\n```\nTitle: Name\n```\n\n## EVALUATION CRITERIA\n\n{table}\n"
    (tmp_path / "name.md").write_text(text)
    kit = sample_kit(library.load(tmp_path), "/name")
    assert [(row.name, row.weight) for row in kit.rows] == [("Care", 60), ("Speed", 40)]
    cells = [row[:3] for row in open_workbook(kit)["Criteria"].iter_rows(values_only=True)]
    assert ("Area", "Weight", "Great") in cells and ("Care", "60", "Asks.") in cells and ("Total", "100", None) in cells


def test_a_question_without_a_group_or_notes_has_a_row():
    groups = (QuestionGroup("", "", (Question("1", "Why?", ()),)),)
    kit = Kit("interview kit", "Name", "/name", (), (Part("Questions", groups), Part("More", groups)), WORDS)
    sheet = open_workbook(kit)["Questions"]
    rows = [row[2] for row in sheet.iter_rows(values_only=True) if row[2]]
    assert rows == ["question", "Why?", "Why?"]


def test_a_section_with_questions_and_criteria_is_on_both_sheets():
    group = QuestionGroup("Group", "group", (Question("1", "Why?", ()),))
    kit = Kit("interview kit", "Name", "/name", (), (Part("Both", (group, Criterion("Care", ()), "Below.")),), WORDS)
    workbook = open_workbook(kit)
    texts = [
        {value for row in workbook[name].iter_rows(values_only=True) for value in row if value}
        for name in ("Questions", "Criteria")
    ]
    assert {"Why?", "Below."} <= texts[0] and "Care" in texts[1] and "Below." not in texts[1]


def test_a_column_of_short_notes_is_narrow():
    notes = (Note("Level", "Senior"), Note("Red flags", "Blames the person who wrote it."))
    group = QuestionGroup("Group", "group", (Question("1", "Why?", notes),))
    kit = Kit("interview kit", "Name", "/name", (), (Part("Questions", (group,)),), WORDS)
    columns = open_workbook(kit)["Questions"].column_dimensions
    assert columns["D"].width == columns["A"].width < columns["E"].width
