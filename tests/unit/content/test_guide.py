"""The marketers' guide, content/README.md, held to the code: it names all there is, and nothing else."""

import re
import shlex
from dataclasses import astuple, fields

import pytest
from django.core.management import get_commands, load_command_class
from PIL import Image

from pages.content import blocks, document, library, meta, site_settings
from pages.content.blocks import Heading
from pages.content.components import Actions
from pages.content.markup import slugify
from pages.content.problems import RULES, Source
from pages.content.sections import KINDS, kind_of
from scripts import guide_pictures
from scripts.guide_pictures import GUIDE, PICTURES, examples, parts

from ...conftest import ROOT, SAMPLE_SITE

TEXT = GUIDE.read_text(encoding="utf-8")
GUIDED = guide_pictures.guide()
HEADER = guide_pictures.frame()
EXAMPLES = guide_pictures.kinds()
KIND_TEXTS = parts(3, GUIDED["Sections"])
RULE_TEXTS = parts(3, GUIDED["Rules"])
# Rules that are broken by a file's bytes, name or fame, which no lines can show.
WITHOUT_LINES = {"unreadable-file", "empty-document", "no-url", "few-links-in", "broken-image", "image-too-large"}


def read(text):
    return document.read(
        Source("content/hire/data-engineer.md", text), "/hire/data-engineer", guide_pictures.settings()
    )


def keys_of(text):
    """The first column of a section's table."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def name_of(kind):
    return kind.__name__.rpartition(".")[2]


# Kinds


def test_every_kind_has_its_entry_and_its_picture():
    assert list(KIND_TEXTS) == ["hero", "challenge", "dimensions", "questions", "criteria", "steps", "pricing", "faq",
                                "hub", "calculator", "form", "links", "closing", "prose"]  # fmt: skip
    assert set(KIND_TEXTS) == {name_of(kind) for kind in KINDS}
    assert {path.stem for path in PICTURES.iterdir()} == set(KIND_TEXTS)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_example_of_a_kind_becomes_it(kind):
    page = read(f"{HEADER}\n{EXAMPLES[kind]}")
    assert [section.kind for section in page.sections] == [kind]
    assert page.problems == ()


@pytest.mark.parametrize("kind", sorted(set(KIND_TEXTS) - {"hub", "form"}))  # known by a line
def test_the_headings_that_a_kind_names_make_it(kind):
    line = re.search(r"^Headings: (.*)$", KIND_TEXTS[kind], re.MULTILINE)
    other = re.search(r"but (`.*?`)", line[1])
    names = set(re.findall(r"`([^`]+)`", line[1])) - set(re.findall(r"`([^`]+)`", other[1] if other else ""))
    assert {name_of(kind_of(name.replace("…", "DATA ENGINEER"))) for name in names} == {kind}


@pytest.mark.parametrize("kind", KIND_TEXTS)
def test_the_picture_of_a_kind_is_of_its_example(kind):
    """Out of date? `make pictures`."""
    assert re.search(rf"^!\[.{{20,}}\]\(\.\./docs/guide/{kind}\.png\)$", KIND_TEXTS[kind], re.MULTILINE)
    path = PICTURES / f"{kind}.png"
    with Image.open(path) as picture:
        assert (picture.format, picture.width) == ("PNG", guide_pictures.WIDTH)
        assert picture.text[guide_pictures.HASH] == guide_pictures.hash_of(kind)
    assert path.stat().st_size < 80_000


@pytest.mark.parametrize("kind", KIND_TEXTS)
def test_what_a_picture_is_taken_of_is_a_whole_page(kind):
    assert re.search(rf'class="(?:section )?{kind}\b', guide_pictures.html_of(guide_pictures.source_of(kind)))


def test_the_examples_together_are_a_page():
    page = read("\n".join([HEADER, *EXAMPLES.values()]))
    assert [section.kind for section in page.sections] == list(EXAMPLES)
    assert page.problems == ()


def test_every_way_to_write_a_call_to_action_is_one():
    [(_, written)] = examples(GUIDED["Calls to action"])
    page = read(f"{HEADER}\n## ANY\n\n{written}")
    [section] = page.sections
    assert all(isinstance(part, Actions) for part in section.body)
    calls = [call for part in section.body for call in part.calls]
    assert len(calls) == len(written.split("\n\n"))
    assert all(call.href for call in calls)
    assert page.problems == ()


# META and site.toml


def test_the_guide_has_every_key_of_meta():
    assert [key.lower() for key in keys_of(GUIDED["META"])] == list(meta.KEYS)
    [(_, lines)] = examples(GUIDED["META"])
    found, problems = meta.parse(Source("a", lines), list(enumerate(lines.splitlines(), start=1)))
    assert problems == []
    assert all(getattr(found, key) for key in meta.KEYS if key != "status") and found.draft


def test_the_guide_has_every_key_of_the_site_file():
    known = {field.name for field in fields(site_settings.SiteSettings)}
    known |= {f"organization.{field.name}" for field in fields(site_settings.Organization)}
    assert {key.strip("[]") for key in keys_of(GUIDED["site.toml"])} == known
    [(_, lines)] = examples(GUIDED["site.toml"])
    problems = []
    site = site_settings.parse(Source("site.toml", lines), problems)
    assert problems == [] and site.calls_to_action and site.phones and site.words
    assert all(astuple(site.organization))


# Rules


def test_the_guide_has_every_rule_with_its_level():
    levels = {rule: re.match(r"\s*\*\*(\w+)\.\*\*", text)[1].lower() for rule, text in RULE_TEXTS.items()}
    assert levels == RULES


@pytest.fixture
def folder(tmp_path):
    """A site with the guide's page, to which an example can be added."""
    content = tmp_path / "content"
    (content / "hire").mkdir(parents=True)
    (content / "hire" / "data-engineer.md").write_text("\n".join([HEADER, *EXAMPLES.values()]))
    (content / "site.toml").write_text((SAMPLE_SITE / "site.toml").read_text())
    return content


def broken_by(folder, holds, lines):
    """The problems that an example makes, as a page at /hire/example beside the guide's."""
    if holds == "toml":
        (folder / "site.toml").write_text(lines)
        return [problem for problem in library.load(folder).all_problems if problem.path == "content/site.toml"]
    before = "# Example\n## /hire/example\n\n## META\n\n"
    description = "Evaluate analysts on SQL, statistics, and judgment. Every score has its interval."
    if holds == "text":
        text = f"{before}```\n{lines}```\n\n## SECTION\n\nWords.\n"
    elif lines.startswith("# "):
        text = lines
    else:
        start = "" if lines.startswith("## ") else "## SECTION\n\n"
        text = f"{before}```\nTitle: Example\nDescription: {description}\n```\n\n{start}{lines}"
    (folder / "hire" / "example.md").write_text(text)
    return [problem for problem in library.load(folder).all_problems if problem.path == "content/hire/example.md"]


@pytest.mark.parametrize("rule", RULE_TEXTS)
def test_the_example_of_a_rule_breaks_it(rule, folder):
    found = examples(RULE_TEXTS[rule])
    assert "Fix: " in RULE_TEXTS[rule]
    if rule in WITHOUT_LINES:
        assert found == [] and "\nExample: " in RULE_TEXTS[rule]
        return
    [(holds, lines)] = found
    problems = [problem for problem in broken_by(folder, holds, lines) if problem.rule == rule]
    assert problems
    assert ("`--fix` does" in RULE_TEXTS[rule]) == any(problem.edits for problem in problems)


def test_the_answer_that_the_guide_shows_is_the_checkers():
    shown = next(lines for holds, lines in examples(GUIDED["Write, preview and check a page"]) if holds == "text")
    example = EXAMPLES["dimensions"].replace("(45%)", "(54%)")
    document_ = f"{HEADER}\n{example}"
    line = document_.split("\n").index("### Technical Dimension (54%)") + 1
    filled = "\n" * (46 - line) + document_
    assert [f"{problem}\n" for problem in read(filled).problems] == [shown]


# Commands and anchors


def test_every_command_in_the_guide_exists():
    code = [*(lines for _, lines in examples(TEXT)), *re.findall(r"`([^`\n]+)`", TEXT)]
    targets = {name for text in code for name in re.findall(r"\bmake ([a-z]+)", text)}
    assert targets >= {"dev", "check", "report", "pictures"}
    makefile = (ROOT / "Makefile").read_text()
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
    calls = [shlex.split(call) for text in code for call in re.findall(r"manage\.py (.+)", text)]
    assert {call[0] for call in calls} == {"new_page", "check_content", "content_report"}
    for name, *arguments in calls:
        parser_of(name).parse_args(arguments)


def parser_of(name):
    return load_command_class(get_commands()[name], name).create_parser("manage.py", name)


def test_every_option_in_the_guide_exists():
    options = keys_of(GUIDED["Write, preview and check a page"])
    for option in options:
        parser_of("check_content").parse_args(option.split())
    offered = set(parser_of("check_content")._option_string_actions) - set(parser_of("migrate")._option_string_actions)
    assert {option.split()[0] for option in options} == offered


def test_every_anchor_of_the_guide_leads_somewhere():
    headings = [block.raw_text for block in blocks.parse(TEXT) if isinstance(block, Heading)]
    # GitHub drops a period and keeps the letters together, where the site's own anchors part them.
    anchors = {heading if heading in RULES else slugify(heading.replace(".", "")) for heading in headings}
    links = re.findall(r"\]\(#([^)]+)\)", re.sub(r"`[^`\n]+`", "", TEXT))
    assert set(links) - anchors == set()
    listed = re.findall(r"^- \[[^]]+\]\(#([^)]+)\)", TEXT.partition("## ")[0], re.MULTILINE)
    assert listed == [slugify(name.replace(".", "")) for name in GUIDED]


def test_the_guide_is_no_page():
    assert GUIDE not in library.scan(ROOT / "content")
