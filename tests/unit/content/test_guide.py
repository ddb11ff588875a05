"""The marketers' guide, content/README.md, describes exactly the section kinds, META keys, rules and options."""

import re
import shlex
import shutil
from dataclasses import astuple, fields

import pytest
from django.core.management import get_commands, load_command_class
from PIL import Image

from leads.management.commands import delete_leads
from pages.content import (
    blocks,
    content_folder,
    document,
    facts,
    library,
    meta,
    meta_keys,
    security_contact,
    site_settings,
)
from pages.content.anchors import slugify
from pages.content.blocks import Heading
from pages.content.components import Actions
from pages.content.problems import RULES, Source
from pages.content.sections import KINDS, kind_of
from pages.seo.offers import FREE_ASSESSMENTS
from scripts import guide_pictures, media_pictures
from scripts.guide_pictures import GUIDE, PICTURES, examples, sections_of

from ...conftest import ROOT, SAMPLE_SITE

FACTS = ROOT / "tests" / "fixtures" / "facts" / "hard" / "facts.toml"
TEXT = GUIDE.read_text(encoding="utf-8")
CHAPTERS = guide_pictures.guide()
HEADER = guide_pictures.header()
EXAMPLES = guide_pictures.kind_examples()
KIND_TEXTS = sections_of(3, CHAPTERS["Sections"])
BLOCK_TEXTS = guide_pictures.block_texts()
RULE_TEXTS = sections_of(3, CHAPTERS["Rules"])
# The guide can't show these rules in Markdown examples, because the rules are about kit.md, earlier addresses, another
# page, or a file's bytes, name or incoming links.
WITHOUT_LINES = {"lost-address", "unreadable-file", "document-too-large", "empty-document", "kit-words", "no-url",
                 "scheduled-link", "expiring-link", "few-links-in", "broken-image", "image-too-large", "unsafe-image",
                 "image-row", "video-file", "video-poster"}  # fmt: skip

# The examples of these rules are lines of facts.toml. Other examples in TOML are lines of site.toml.
RULES_OF_FACTS = {"facts", "stale-fact"}

# Pictures that aren't drawn from an example.
OTHER_PICTURES = {"editor"}


def read(text):
    return document.read(
        Source("content/hire/data-engineer.md", text), "/hire/data-engineer", guide_pictures.settings()
    )


def keys_of(text):
    """Return the first column of the tables in `text`."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def name_of(kind):
    return kind.__name__.rpartition(".")[2]


# Kinds


def test_every_section_kind_has_an_entry_and_a_picture():
    assert list(KIND_TEXTS) == ["hero", "challenge", "dimensions", "questions", "criteria", "steps", "pricing", "faq",
                                "hub", "report", "calculator", "form", "links", "closing", "prose"]  # fmt: skip
    assert set(KIND_TEXTS) == {name_of(kind) for kind in KINDS}
    drawn = {*KIND_TEXTS, *BLOCK_TEXTS, *media_pictures.HEADINGS}
    assert {path.stem for path in PICTURES.iterdir()} == drawn | OTHER_PICTURES


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_example_of_a_section_kind_has_that_kind(kind):
    page = read(f"{HEADER}\n{EXAMPLES[kind]}")
    assert [section.kind for section in page.sections] == [kind]
    assert page.problems == ()


@pytest.mark.parametrize("kind", sorted(set(KIND_TEXTS) - {"hub", "report", "form"}))  # recognized by a line
def test_the_headings_listed_for_a_section_kind_produce_that_kind(kind):
    line = re.search(r"^Headings that start [^:]+: ((?:.+\n)+)", KIND_TEXTS[kind], re.MULTILINE)
    other = re.search(r"but (`.*?`)", line[1])
    names = set(re.findall(r"`([^`]+)`", line[1])) - set(re.findall(r"`([^`]+)`", other[1] if other else ""))
    assert {name_of(kind_of(name.replace("…", "DATA ENGINEER"))) for name in names} == {kind}


@pytest.mark.parametrize("name", KIND_TEXTS | BLOCK_TEXTS)
def test_the_picture_of_a_section_kind_or_a_block_is_up_to_date(name):
    """If this fails, run `make pictures`."""
    text = (KIND_TEXTS | BLOCK_TEXTS)[name]
    assert re.search(rf"^!\[.{{20,}}\]\(\.\./docs/guide/{name}\.png\)$", text, re.MULTILINE)
    path = PICTURES / f"{name}.png"
    with Image.open(path) as picture:
        assert (picture.format, picture.width) == ("PNG", guide_pictures.WIDTH)
        assert picture.text[guide_pictures.HASH] == guide_pictures.hash_of(name)
    assert path.stat().st_size < 80_000


@pytest.mark.parametrize("kind", KIND_TEXTS)
def test_each_guide_picture_is_rendered_from_a_section_of_its_kind(kind):
    assert re.search(rf'class="(?:section )?{kind}\b', guide_pictures.render_page(guide_pictures.source_of(kind)))


BLOCK_MARKUP = {
    "quotations": '<figure class="quotation">',
    "callouts": '<div class="callout callout-caution"',
    "footnotes": '<li id="note:1"',
    "definition-lists": '<dl class="definitions">',
    "statements": '<ul class="statements plain-statements',
    "task-lists": '<span class="task"',
    "tables": '<div class="table-scroll',
    "code": '<figure class="code">',
}


def test_the_example_of_each_block_has_that_block_and_no_problems():
    assert set(BLOCK_TEXTS) == set(BLOCK_MARKUP)
    for name, markup in BLOCK_MARKUP.items():
        assert read(guide_pictures.source_of(name)).problems == ()
        assert markup in guide_pictures.render_page(guide_pictures.source_of(name))


def test_a_page_without_these_blocks_has_none_of_their_styles():
    plain = guide_pictures.render_page(guide_pictures.source_of("prose"))
    styles = (".quotation", ".callout", ".definitions", ".note-list", ".note-mark", ".statements", ".plain-statements")
    assert [name for name in styles if name in plain] == []
    assert ".plain-statements" not in guide_pictures.render_page(guide_pictures.source_of("challenge"))


def test_the_examples_together_are_a_valid_page():
    page = read("\n".join([HEADER, *EXAMPLES.values()]))
    assert [section.kind for section in page.sections] == list(EXAMPLES)
    assert page.problems == ()


def test_every_call_to_action_example_is_valid():
    [(_, written)] = examples(CHAPTERS["Calls to action"])
    page = read(f"{HEADER}\n## ANY\n\n{written}")
    [section] = page.sections
    assert all(isinstance(part, Actions) for part in section.body)
    calls = [call for part in section.body for call in part.calls]
    assert len(calls) == len(written.split("\n\n"))
    assert all(call.href for call in calls)
    assert page.problems == ()


# META and site.toml


def test_the_guide_lists_every_meta_key():
    assert [key.lower() for key in keys_of(CHAPTERS["META"])] == list(meta_keys.KEYS)
    [(_, lines)] = examples(CHAPTERS["META"])
    parsed, problems = meta.parse(Source("a", lines), list(enumerate(lines.splitlines(), start=1)))
    assert problems == []
    assert all(getattr(parsed, key.replace(" ", "_")) for key in meta_keys.KEYS if key != "status") and not parsed.draft


def test_the_guide_lists_every_key_of_the_site_settings():
    keys = {field.name for field in fields(site_settings.SiteSettings)} - {"facts"}
    keys |= {f"banner.{key}" for key in ("text", "from", "until", "pages")}
    keys |= {f"security.{key}" for key in security_contact.KEYS}
    assert {key.strip("[]") for key in keys_of(CHAPTERS["site.toml"]) if '"' not in key} == keys
    problems = []
    sites = [site_settings.parse(Source("site.toml", lines), problems) for _, lines in examples(CHAPTERS["site.toml"])]
    assert problems == []
    assert all(getattr(sites[0], field.name) for field in fields(site_settings.SiteSettings) if field.name != "facts")
    assert sites[1].footer_groups and sites[2].banner
    links = re.findall(r'^\| `(".*?")` \|', CHAPTERS["site.toml"], re.MULTILINE)
    sites = [site_settings.parse(Source("site.toml", f"header = [{link}]"), problems) for link in links]
    assert problems == [] and all(site.header for site in sites)


def test_the_guide_lists_every_key_of_a_fact():
    keys = [field.name for field in fields(facts.Fact)][1:]
    names = ["email", "phone.India", "address.headquarters", "company.parent", "company.founded", "profile.linkedin",
             "price.growth", FREE_ASSESSMENTS, delete_leads.FACT]  # fmt: skip
    assert keys_of(CHAPTERS["facts.toml"]) == [*keys, *names]
    problems = []
    [(_, lines)] = examples(CHAPTERS["facts.toml"])
    found = facts.parse(Source("facts.toml", lines), problems)
    assert problems == [] and all(map(any, zip(*map(astuple, found.facts.values()), strict=True)))


# Rules


def test_the_guide_lists_every_rule_with_its_level():
    levels = {rule: re.match(r"\s*\*\*(\w+)\.\*\*", text)[1].lower() for rule, text in RULE_TEXTS.items()}
    assert levels == RULES


@pytest.fixture
def folder(tmp_path):
    """A content folder with the guide's example page."""
    content = tmp_path / "content"
    (content / "hire").mkdir(parents=True)
    (content / "hire" / "data-engineer.md").write_text("\n".join([HEADER, *EXAMPLES.values()]))
    (content / "site.toml").write_text((SAMPLE_SITE / "site.toml").read_text())
    return content


def problems_of_example(folder, rule, language, lines):
    """Save an example from the guide as a TOML file or as a page at /hire/example. Return its problems."""
    if language == "toml":
        name = "facts.toml" if rule in RULES_OF_FACTS else "site.toml"
        name = "redirects.toml" if rule.startswith("redirect-") else name
        (folder / name).write_text(lines)
        return [problem for problem in library.load(folder).all_problems if problem.path == f"content/{name}"]
    before = "# Example\n## /hire/example\n\n## META\n\n"
    description = "Evaluate analysts on SQL, statistics, and judgment. Every score has its interval."
    if language == "text":
        text = f"{before}```\n{lines}```\n\n## SECTION\n\nWords.\n"
    elif lines.startswith(("# ", "---")):
        text = lines
    else:
        start = "" if lines.startswith("## ") else "## SECTION\n\n"
        text = f"{before}```\nTitle: Example\nDescription: {description}\n```\n\n{start}{lines}"
    (folder / "hire" / "example.md").write_text(text)
    shutil.copy(FACTS, folder)
    return [problem for problem in library.load(folder).all_problems if problem.path == "content/hire/example.md"]


@pytest.mark.parametrize("rule", RULE_TEXTS)
def test_the_example_of_a_rule_violates_that_rule(rule, folder):
    fences = examples(RULE_TEXTS[rule])
    assert "Fix: " in RULE_TEXTS[rule]
    if rule in WITHOUT_LINES:
        assert fences == [] and "\nExample: " in RULE_TEXTS[rule]
        return
    [(language, lines)] = fences
    problems = [problem for problem in problems_of_example(folder, rule, language, lines) if problem.rule == rule]
    assert problems
    assert ("`--fix` does" in RULE_TEXTS[rule]) == any(problem.edits for problem in problems)


def test_the_checker_output_in_the_guide_is_correct():
    shown = next(
        lines for language, lines in examples(CHAPTERS["Write, preview and check a page"]) if language == "text"
    )
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
    commands = {"new_page", "check_content", "content_report", "rename_page", "retire_page", "addresses", "change_fact"}
    commands |= {"check_links", "content_log"}
    assert {call[0] for call in calls} == commands
    for name, *arguments in calls:
        parser_of(name).parse_args(arguments)


def parser_of(name):
    return load_command_class(get_commands()[name], name).create_parser("manage.py", name)


def test_every_option_in_the_guide_exists():
    options = keys_of(CHAPTERS["Write, preview and check a page"])
    for option in options:
        parser_of("check_content").parse_args(option.split())
    offered = set(parser_of("check_content")._option_string_actions) - set(parser_of("migrate")._option_string_actions)
    # The guide leaves out --report, because only the publisher uses it.
    assert {option.split()[0] for option in options} == offered - {"--report"}


def test_every_anchor_in_the_guide_exists():
    headings = [block.raw_text for block in blocks.parse(TEXT) if isinstance(block, Heading)]
    # GitHub's anchors drop periods from headings. The site's own anchors replace periods with hyphens.
    anchors = {heading if heading in RULES else slugify(heading.replace(".", "")) for heading in headings}
    links = re.findall(r"\]\(#([^)]+)\)", re.sub(r"`[^`\n]+`", "", TEXT))
    assert set(links) - anchors == set()
    listed = re.findall(r"^- \[[^]]+\]\(#([^)]+)\)", TEXT.partition("## ")[0], re.MULTILINE)
    assert listed == [slugify(name.replace(".", "")) for name in CHAPTERS]


def test_the_guide_is_not_a_page():
    assert GUIDE not in content_folder.scan(ROOT / "content")
