"""Test change_fact: it changes a fact in all files, and giving the fact its old value again restores each byte."""

import io
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from pages.content import fact_changes, file_changes, library

from ...conftest import FIXTURES, SAMPLE_SITE
from ...support.content_samples import keep_documents
from ...support.facts_file import fact_table

PRICES = FIXTURES / "facts" / "prices"
PRICED = (
    *("facts.toml", "site.toml", "kit.md", "pricing.md", "contact.md", "start.md", "resources/roi-calculator.md"),
    "hire/machine-learning-engineer.md",
)
HEAD = "# A\n## /a\n\n## META\n\n```\nTitle: A page with some prices\nDescription: A page.\n```\n\n## PRICES\n\n"
FACTS = "\n".join(
    [
        fact_table("price.starter", "₹2,500", "One assessment on the Starter plan", names=["Starter"]),
        fact_table("price.growth", "₹1,800", "One assessment on the Growth plan", names=["Growth"]),
        fact_table("price.enterprise", "Custom", "One assessment on the Enterprise plan", names=["Enterprise"]),
        fact_table("assessments.free", "five", phrases=["… free assessments", "… assessments free"]),
        fact_table("minutes.long", "40-50 minutes", phrases=["takes …"]),
        fact_table("company.founded", "2024"),
        fact_table("company.parent", "The Algorithm"),
        fact_table("address.headquarters", "Indore, Madhya Pradesh, India"),
        fact_table("profile.linkedin", "https://www.linkedin.com/showcase/layersrank/"),
        fact_table("phone.UK", "+44 7477 204642"),
        fact_table("phone.India", "+91 89624 12726"),
        fact_table("email", "info@the-algo.com"),
    ]
).replace('"₹1,800"', '"₹1,800" # per assessment')


@pytest.fixture
def folder(tmp_path, settings) -> Path:
    """A content folder with facts.toml, and no document yet."""
    settings.CONTENT_DIR = tmp_path / "content"
    settings.CONTENT_DIR.mkdir()
    (settings.CONTENT_DIR / "facts.toml").write_text(FACTS)
    return settings.CONTENT_DIR


@pytest.fixture
def priced(tmp_path, settings) -> Path:
    """A part of the sample site, with a page that states prices in many ways."""
    settings.CONTENT_DIR = tmp_path / "content"
    for name in PRICED:
        path = settings.CONTENT_DIR / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLE_SITE / name, path)
    shutil.copy(PRICES / "price-guide.md", settings.CONTENT_DIR)
    return settings.CONTENT_DIR


def change(name: str, value: str, *options: str) -> str:
    out = io.StringIO()
    call_command("change_fact", name, value, *(options or ("--yes",)), stdout=out)
    return out.getvalue()


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def changed(folder: Path, body: str, name: str, value: str) -> str:
    """Write a document, change a fact, and change it back. Return the body after the first change."""
    page, facts = folder / "a.md", (folder / "facts.toml").read_text()
    page.write_text(HEAD + body)
    old = library.load(folder).facts.value(name)
    change(name, value)
    after = page.read_text().removeprefix(HEAD)
    change(name, old)
    assert page.read_text() == HEAD + body and (folder / "facts.toml").read_text() == facts
    return after


def check_change_back(content: library.Library, name: str, value: str) -> fact_changes.Plan:
    """Change a fact, and change it back. All files must be as before. Return the plan of the first change."""
    folder, before = content.folder, contents(content.folder)
    plan = fact_changes.plan_change(content, name, value)
    fact_changes.write_change(folder, plan)
    changed_site = library.load(folder, previous=content)
    assert changed_site.facts.value(name) == value
    back = fact_changes.plan_change(changed_site, name, content.facts.value(name))
    fact_changes.write_change(folder, back)
    assert contents(folder) == before
    return plan


def test_all_problems_are_the_same_after_a_change(priced):
    def problems() -> list[tuple[str, int, str]]:
        return [(each.path, each.line, each.rule) for each in library.load(priced).all_problems]

    before = problems()
    change("price.growth", "₹1,900")
    change("assessments.free", "six")
    assert problems() == before


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("price.growth", ["₹1,900", "₹2,500", "₹999", "₹12,500", "₹1,25,000", "₹1,799.50", "₹1"]),
        ("price.starter", ["₹1,800", "₹2,777"]),
        ("price.enterprise", ["On request"]),
        ("assessments.free", ["six", "6", "twenty-five", "one"]),
        ("minutes.first_assessment", ["15 minutes", "8 minutes"]),
        ("minutes.machine_learning_engineer", ["30-45 minutes"]),
        ("phone.India", ["+91 11111 22222", "+1 (720) 334-7250"]),
        ("email", ["sales@example.com"]),
        ("company.founded", ["2023"]),
        ("address.headquarters", ["Bhopal, Madhya Pradesh, India"]),
    ],
)
def test_a_change_back_restores_each_byte(priced, name, values):
    content = library.load(priced)
    first, *others = values
    plan = check_change_back(content, name, first)
    # The first value was tested with all documents. To save time, test the other values only with the
    # documents that the first change edited.
    keep_documents(priced, *(change.path.relative_to(priced).as_posix() for change in plan.changes))
    content = library.load(priced, previous=content)
    for value in others:
        check_change_back(content, name, value)


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("Growth costs ₹1,800.", "Growth costs ₹1,900."),
        ("Growth costs Rs 1,800, and Starter ₹2,500.", "Growth costs Rs 1,900, and Starter ₹2,500."),
        ("| Plan | Price |\n|---|---|\n| Growth | ₹1,800 |", "| Plan | Price |\n|---|---|\n| Growth | ₹1,900 |"),
        ("On Growth, 10 × ₹1,800 = ₹18,000 = ₹18,000.", "On Growth, 10 × ₹1,900 = ₹19,000 = ₹19,000."),
        ("Growth: ₹1,800 + ₹2,500 = ₹4,300, × 2 = 8.", "Growth: ₹1,900 + ₹2,500 = ₹4,400, × 2 = 8."),
        ("Ten candidates on Growth cost ₹18,000.", "Ten candidates on Growth cost ₹19,000."),
        ("On Growth, 100 × ₹1,800 = ₹1.8 lakh.", "On Growth, 100 × ₹1,900 = ₹1.9 lakh."),
        ("On Growth, 3 × ₹1,800 is about ₹5,000.", "On Growth, 3 × ₹1,900 is about ₹5,000."),
        ("Growth costs `₹1,800` or **₹1,800**.", "Growth costs `₹1,800` or **₹1,900**."),
        ("An interviewer earns ₹1,800 an hour.", "An interviewer earns ₹1,800 an hour."),
    ],
)
def test_a_price_changes_in_the_style_of_each_place(folder, body, after):
    assert changed(folder, body, "price.growth", "₹1,900") == after


def test_totals_and_products_in_tables_follow(folder):
    body = "| Plan | Ten candidates |\n|---|---|\n| Growth | {} |\n| Starter | ₹25,000 |\n| Total | {} |\n"
    after = changed(folder, body.format("₹18,000", "₹43,000"), "price.growth", "₹1,900")
    assert after == body.format("₹19,000", "₹44,000")
    body = "| Candidates | On Starter | On Growth |\n|---|---|---|\n| 10 | ₹25,000 | {} |\n| 20 | ₹50,000 | {} |\n"
    after = changed(folder, body.format("₹18,000", "₹36,000"), "price.growth", "₹2,500")
    assert after == body.format("₹25,000", "₹50,000")


def test_numbers_keep_their_form_and_their_capitals(folder):
    body = "Five free assessments. FIVE FREE ASSESSMENTS. Get five free assessments, 5 assessments free."
    after = "Six free assessments. SIX FREE ASSESSMENTS. Get six free assessments, 6 assessments free."
    assert changed(folder, body, "assessments.free", "six") == after
    assert changed(folder, body, "assessments.free", "6") == after
    assert changed(folder, "It takes 40–50 min.", "minutes.long", "30-45 minutes") == "It takes 30–45 min."


def test_the_command_asks_to_read_the_lines_after_a_change_to_one(folder):
    (folder / "a.md").write_text(HEAD + "Five free assessments.")
    assert "need the singular" in change("assessments.free", "one")
    assert "One free assessments." in (folder / "a.md").read_text()


def test_contact_details_change_in_text_and_in_links(folder):
    body = "[Write](mailto:info@the-algo.com) or call +91 89624 12726 or [us](tel:+918962412726). By The Algorithm."
    assert "mailto:hi@example.com" in changed(folder, body, "email", "hi@example.com")
    after = changed(folder, body, "phone.India", "+91 11111 22222")
    assert "call +91 11111 22222 or [us](tel:+911111122222)" in after
    assert changed(folder, body, "company.parent", "Big Corp").endswith("By Big Corp.")


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("+91-89624-12726", "+91-11111-22222"),
        ("+91-8962412726", "+91-1111122222"),
        ("+91 (89624) 12726", "+91 (11111) 22222"),
        ("[Chat](https://wa.me/918962412726)", "[Chat](https://wa.me/911111122222)"),
        (
            "[Chat](https://api.whatsapp.com/send?phone=918962412726&text=Hi)",
            "[Chat](https://api.whatsapp.com/send?phone=911111122222&text=Hi)",
        ),
    ],
)
def test_a_phone_number_keeps_its_layout(folder, written, after):
    assert changed(folder, f"Call {written} today.", "phone.India", "+91 11111 22222") == f"Call {after} today."


@pytest.mark.parametrize("number", ["+44 20 1234 56789", "+91 1111 22222"])
def test_a_phone_number_of_another_length_or_country_does_not_fit_into_another_layout(folder, number):
    (folder / "a.md").write_text(HEAD + "Call +91 (89624) 12726.")
    assert "the new value can't be written in the style of “+91 (89624) 12726”" in change("phone.India", number)


def test_a_phone_number_without_a_country_code_is_listed(folder):
    (folder / "a.md").write_text(HEAD + "Call 089624 12726.")
    assert "“089624 12726” has no country code" in change("phone.India", "+91 11111 22222")


def test_a_place_that_only_a_person_can_change_is_listed_with_its_line(folder):
    (folder / "price-list.pdf").write_bytes(b"%PDF-")
    body = "An interviewer earns ₹1,800 an hour.\n\nGrowth: Rs 1800 or ₹1,800.\n\n```\n₹1,800\n```\n"
    (folder / "a.md").write_text(HEAD + body)
    output = change("price.growth", "₹900")
    # “Rs 1800” stays as it is. If it became “Rs 900”, nothing would show whether the author writes “1800” or “1,800”,
    # so changing the price back to ₹1,800 might not restore the text.
    assert (folder / "a.md").read_text() == HEAD + body.replace("or ₹1,800", "or ₹900")
    line = HEAD.count("\n") + 1
    assert f"content/a.md:{line}: “₹1,800” may mean something else.\n   An interviewer earns" in output
    assert f"content/a.md:{line + 2}: the new value can't be written in the style of “Rs 1800”." in output
    assert f"content/a.md:{line + 5}: “₹1,800” may mean something else." in output
    assert "content/price-list.pdf: a download, which this command can't read." in output


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("phone.India", "+91 11111 22222", "In India, dial 089624 12726."),
        ("phone.UK", "+44 7000 111222", "Call (0)7477-204642."),
        ("address.headquarters", "Pune, Maharashtra, India", "Our office in Indore is open."),
        ("address.headquarters", "Pune, India", "Visit Indore, Madhya Pradesh."),
        ("price.enterprise", "On request", "Enterprise has a custom price."),
        ("profile.linkedin", "https://www.linkedin.com/company/lr/", "See linkedin.com/showcase/layersrank."),
    ],
)
def test_a_text_in_another_form_is_listed_with_its_line(folder, name, value, line):
    (folder / "a.md").write_text(HEAD + line)
    output = change(name, value)
    assert f"content/a.md:{HEAD.count(chr(10)) + 1}: " in output and f"   {line}" in output
    assert (folder / "a.md").read_text() == HEAD + line


def test_a_place_changes_without_its_last_parts_too(folder):
    body = "We are in Indore, Madhya Pradesh, India.\n\n- Indore, Madhya Pradesh (headquarters)"
    after = body.replace("Indore, Madhya Pradesh", "Pune, Maharashtra")
    assert changed(folder, body, "address.headquarters", "Pune, Maharashtra, India") == after


def test_places_of_two_facts_with_one_value_are_listed(folder):
    facts = FACTS.replace("+44 7477 204642", "+91 8962412726")
    (folder / "facts.toml").write_text(facts)
    (folder / "a.md").write_text(HEAD + "Call +91 89624 12726.")
    output = change("phone.India", "+91 11111 22222")
    assert f"content/a.md:{HEAD.count(chr(10)) + 1}: the fact “phone.UK” has the same value." in output
    assert (folder / "a.md").read_text() == HEAD + "Call +91 89624 12726."
    change("phone.India", "+91 89624 12726")
    assert (folder / "facts.toml").read_text() == facts


def test_a_value_that_another_fact_has_is_not_written_to_documents(folder):
    (folder / "a.md").write_text(HEAD + "In India, call +91 89624 12726, or +44 7477 204642 in the UK.")
    before = contents(folder)
    assert "+44 7477 204642 in the UK" in change("phone.UK", "+91 89624 12726")
    assert contents(folder)[folder / "a.md"] == before[folder / "a.md"]
    change("phone.UK", "+44 7477 204642")
    assert contents(folder) == before


def test_lines_that_have_the_new_value_already_are_listed(folder):
    (folder / "a.md").write_text(HEAD + "By The Algorithm.\n\nBy Big Corp.")
    output = change("company.parent", "Big Corp")
    assert f"content/a.md:{HEAD.count(chr(10)) + 3}: changing the fact back would change this line, too." in output


@pytest.mark.parametrize("written", [1, 2, 3])
def test_after_an_interruption_the_same_command_changes_the_other_files(folder, written):
    for name in ("a", "b", "c"):
        (folder / f"{name}.md").write_text(HEAD + "Growth costs ₹1,800, and ten candidates 10 × ₹1,800 = ₹18,000.")
    before = contents(folder)
    plan = fact_changes.plan_change(library.load(folder), "price.growth", "₹1,900")
    for each in plan.changes[:written]:
        each.path.write_bytes(each.after)
    change("price.growth", "₹1,900")
    assert not any("1,800" in path.read_text() for path in before)
    change("price.growth", "₹1,800")
    assert contents(folder) == before


def test_a_time_in_another_unit_is_listed(folder):
    (folder / "facts.toml").write_text(FACTS.replace("40-50 minutes", "24 months"))
    (folder / "a.md").write_text(HEAD + "It takes two years.")
    assert "“two years” may mean something else" in change("minutes.long", "18 months")
    assert (folder / "a.md").read_text() == HEAD + "It takes two years."


def test_newlines_a_byte_order_mark_and_the_mode_stay(folder):
    page = folder / "a.md"
    page.write_bytes(b"\xef\xbb\xbf" + (HEAD + "Growth costs ₹1,800.\n\nAnd ₹2,500.").replace("\n", "\r\n").encode())
    page.chmod(0o640)
    before = page.read_bytes()
    change("price.growth", "₹1,900")
    assert page.read_bytes() == before.replace(b"1,800", b"1,900")
    assert page.stat().st_mode & 0o777 == 0o640


def test_files_behind_symbolic_links_change_and_the_links_stay(tmp_path, folder, settings):
    (folder / "..data").mkdir()
    (folder / "..data" / "a.md").write_text(HEAD + "Growth costs ₹1,800.")
    (folder / "a.md").symlink_to("..data/a.md")
    settings.CONTENT_DIR = tmp_path / "current"
    settings.CONTENT_DIR.symlink_to(folder)
    change("price.growth", "₹1,900")
    assert (folder / "a.md").is_symlink() and (folder / "a.md").read_text().endswith("Growth costs ₹1,900.")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("price.grwth", "₹1,900", "Did you mean price.growth?"),
        ("colour", "red", "Use one of these: price.starter, price.growth,"),
        ("price.growth", "₹1,800", "The value of price.growth is already “₹1,800”."),
        ("price.growth", "₹abc", "Write an amount of money with its currency, such as ₹1,900."),
        ("price.growth", "1,900", "Write an amount of money with its currency, such as ₹1,900."),
        ("price.growth", "$19", "Write an amount of money with its currency, such as ₹1,900."),
        ("price.growth", "₹0", "Write an amount of money with its currency, such as ₹1,900."),
        ("price.growth", " ", "The new value is empty."),
        ("price.growth", '₹1,900"', "can't have line breaks, quotes"),
        ("assessments.free", "many", "Write a number, such as six or 6."),
        ("minutes.long", "1 hour", "Write a time in minutes, such as 15 minutes."),
        ("minutes.long", "50-40 minutes", "Write a time in minutes, such as 15 minutes."),
        ("phone.India", "089624 12726", "Write a phone number with + and the country code"),
        ("email", "the-algo.com", "Write an email address, such as"),
        ("price.enterprise", "₹900", "Write words that are not a figure, an email address or a URL."),
        ("company.founded", "12", "“12” is not a year, such as 2024."),
    ],
)
def test_a_wrong_name_or_value_is_refused(folder, name, value, message):
    (folder / "a.md").write_text(HEAD + "Growth costs ₹1,800.")
    before = contents(folder)
    with pytest.raises(CommandError) as error:
        change(name, value)
    assert message in str(error.value) and contents(folder) == before


def test_mistakes_in_facts_toml_are_reported_first(folder):
    (folder / "facts.toml").write_text(FACTS + "\n[price.growth]\n")
    with pytest.raises(CommandError, match=r"facts.toml has mistakes. Correct them first.\ncontent/facts.toml:"):
        change("price.growth", "₹1,900")


def test_without_a_terminal_and_without_yes_nothing_changes(folder, monkeypatch):
    (folder / "a.md").write_text(HEAD + "Growth costs ₹1,800.")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    before = contents(folder)
    with pytest.raises(CommandError, match="add --yes"):
        change("price.growth", "₹1,900", "--no-color")
    assert contents(folder) == before


@pytest.mark.parametrize(("answer", "is_changed"), [("y", True), ("Yes", True), ("", False), ("n", False)])
def test_the_command_shows_the_changes_and_asks(folder, monkeypatch, answer, is_changed):
    (folder / "a.md").write_text(HEAD + "Growth costs ₹1,800.")
    questions = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: questions.append(question) or answer)
    output = change("price.growth", "₹1,900", "--no-color")
    assert "-Growth costs ₹1,800.\n+Growth costs ₹1,900." in output and '+value = "₹1,900" # per assessment' in output
    assert questions == ["Change 2 places in 2 files? [y/N] "]
    assert ("1,900" in (folder / "a.md").read_text()) == is_changed
    assert output.rstrip().endswith("make check ARGS=--strict." if is_changed else "Nothing has been changed.")


@pytest.mark.parametrize("error", [EOFError, KeyboardInterrupt])
def test_nothing_changes_if_someone_stops_the_command_instead_of_answering(folder, monkeypatch, error):
    def stop(question):
        raise error

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", stop)
    before = contents(folder)
    assert change("price.growth", "₹1,900", "--no-color").rstrip().endswith("Nothing has been changed.")
    assert contents(folder) == before


def test_nothing_changes_if_a_file_was_changed_meanwhile(folder):
    (folder / "a.md").write_text(HEAD + "Growth costs ₹1,800.")
    (folder / "b.md").write_text(HEAD + "Growth costs ₹1,800.")
    plan = fact_changes.plan_change(library.load(folder), "price.growth", "₹1,900")
    (folder / "b.md").write_text(HEAD + "Somebody else saved this file.")
    before = contents(folder)
    message = r"Another program has just changed content/b\.md\. Run the command again\."
    with pytest.raises(fact_changes.ChangeRefused, match=message):
        fact_changes.write_change(folder, plan)
    assert contents(folder) == before


def test_nothing_changes_if_one_file_cannot_be_written(folder, monkeypatch):
    for name in ("a", "b", "c"):
        (folder / f"{name}.md").write_text(HEAD + "Growth costs ₹1,800.")
    before = contents(folder)
    plan = fact_changes.plan_change(library.load(folder), "price.growth", "₹1,900")
    replace_file = file_changes.replace_file

    failed: list[Path] = []

    @contextmanager
    def fail(path, **options):
        if path.name == "b.md" and not failed:
            failed.append(path)
            raise OSError(28, os.strerror(28))
        with replace_file(path, **options) as file:
            yield file

    monkeypatch.setattr(file_changes, "replace_file", fail)
    with pytest.raises(fact_changes.ChangeRefused, match=r"A file can't be written: No space left on device"):
        fact_changes.write_change(folder, plan)
    assert contents(folder) == before


def test_a_read_only_file_is_named_before_anything_changes(folder, monkeypatch):
    (folder / "a.md").write_text(HEAD + "Growth costs ₹1,800.")
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "a.md" or mode != os.W_OK)
    before = contents(folder)
    with pytest.raises(CommandError, match=r"a.md is read-only. Make it writable.*This command changed nothing."):
        change("price.growth", "₹1,900")
    assert contents(folder) == before
