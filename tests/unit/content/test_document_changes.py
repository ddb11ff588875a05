"""What changed between two versions of a document, in words for marketers."""

import pytest

from pages.content.document_changes import MAX_QUOTE, describe_changes, read_version
from pages.content.file_versions import MAX_SENTENCES, describe_other_file
from pages.content.problems import Source

META = "Title: Prices\nDescription: What it costs."
FAQ = ("FAQ", "**Is there a trial?**\nYes, five assessments are free.")
STEPS = ("HOW IT WORKS", "1. **Choose** — a role, in ten minutes.\n2. **Invite** — the candidates.")
PLANS = ("PLANS", "Starter costs ₹2,500. [Start now](/start)")


def version(*sections, meta=META, name="Pricing", url="/pricing"):
    text = f"# {name}\n## {url}\n\n## META\n\n```\n{meta}\n```\n"
    return read_version(Source("content/pricing.md", text + "".join(f"\n## {h}\n\n{b}\n" for h, b in sections)), "/x")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([FAQ], [FAQ, STEPS], ["The section “HOW IT WORKS” was added."]),
        ([FAQ, STEPS], [STEPS], ["The section “FAQ” was removed."]),
        (
            [FAQ, STEPS, PLANS],
            [STEPS, PLANS, FAQ],
            ["The section “FAQ” was moved. It now follows the section “PLANS”."],
        ),
        (
            [FAQ, STEPS, PLANS],
            [STEPS, FAQ, PLANS],
            ["The section “HOW IT WORKS” was moved. It now comes first."],
        ),
        (
            [("QUESTIONS WE GET", FAQ[1])],
            [FAQ],
            ["The section “QUESTIONS WE GET” is now the section “FAQ”."],
        ),
        (
            [STEPS],
            [(STEPS[0], STEPS[1].replace("ten", "five"))],
            ["The section “HOW IT WORKS” was reworded: “in ten minutes.” is now “in five minutes.”."],
        ),
        (
            [PLANS],
            [(PLANS[0], PLANS[1].replace("/start", "/contact"))],
            ["In the section “PLANS”, links or images were changed: /start is now /contact."],
        ),
        ([PLANS], [(PLANS[0], PLANS[1].replace("Starter", "**Starter**"))], ["Only the formatting changed."]),
    ],
    ids=("added", "removed", "moved", "first", "heading", "reworded", "link", "formatting"),
)
def test_sections(old, new, expected):
    assert describe_changes(version(*old), version(*new)) == expected


def test_a_section_that_was_rewritten_in_many_places_is_not_quoted():
    words = [f"word{number}" for number in range(100)]
    other = [f"{word}x" if number % 5 == 0 else word for number, word in enumerate(words)]
    found = describe_changes(version(("NOTES", " ".join(words))), version(("NOTES", " ".join(other))))
    assert found == ["The section “NOTES” was reworded."]


def test_two_sections_with_the_same_heading_are_compared_one_by_one():
    found = describe_changes(
        version(PLANS, PLANS), version(PLANS, (PLANS[0], "Growth costs ₹1,800. [Start now](/start)"))
    )
    assert len(found) == 1 and "“PLANS” was reworded" in found[0]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (META, META.replace("Prices", "Plans"), "META: “Title” is now “Plans”. Before, it was “Prices”."),
        (META, META + "\nStatus: draft", "META: “Status” was added: “draft”."),
        (META + "\nAliases: /plans, /cost", META, "META: “Aliases” was removed. It was “/plans, /cost”."),
        (
            META,
            META + "\nPublish: 2026-12-01 09:00 +05:30",
            "META: “Publish” was added: “2026-12-01 03:30 UTC”.",
        ),
        (
            f"{META} {'word ' * 40}end",
            f"{META} {'word ' * 40}finish",
            "META: “Description” was reworded: “word end” is now “word finish”.",
        ),
    ],
)
def test_meta(old, new, expected):
    assert describe_changes(version(FAQ, meta=old), version(FAQ, meta=new)) == [expected]


def test_the_url_and_the_name():
    found = describe_changes(version(FAQ), version(FAQ, url="/plans", name="Plans"))
    assert found == [
        "The URL is now /plans. Before, it was /pricing.",
        "The page's name is now “Plans”. Before, it was “Pricing”.",
    ]


def test_added_and_deleted_pages():
    assert describe_changes(None, version(FAQ)) == ["The page was added."]
    assert describe_changes(None, version(FAQ, meta=f"{META}\nStatus: draft")) == ["The page was added, as a draft."]
    assert describe_changes(version(FAQ), None) == ["The page was deleted."]


def test_long_values_are_shortened():
    found = describe_changes(version(FAQ), version(FAQ, meta=f"{META}\nKeywords: {'a' * 500}"))
    assert len(found) == 1 and len(found[0]) < MAX_QUOTE + 50 and found[0].endswith("…”.")


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (
            "facts.toml",
            '[price.starter]\nvalue = "₹2,500"\n',
            '[price.starter]\nvalue = "₹2,600"\n',
            ("Facts", ("“price.starter” is now “₹2,600”. Before, it was “₹2,500”.",)),
        ),
        ("redirects.toml", None, '"/a" = "/b"\n', ("Redirects", ("“/a” was added: “/b”.",))),
        ("redirects.toml", '"/a" = "/b"\n', '# why\n"/a" = "/b"\n', None),
        (
            "site.toml",
            '[banner]\ntext = "Old"\n',
            '[banner]\ntext = "New"\n',
            ("Site settings", ("“banner.text” is now “New”. Before, it was “Old”.",)),
        ),
        ("site.toml", "[banner\n", "[banner\n# broken\n", None),
        ("images/a.png", None, "", ("Pictures and files", ("images/a.png was added.",))),
        ("images/a.png", "", None, ("Pictures and files", ("images/a.png was deleted.",))),
        ("images/a.png", "", "", ("Pictures and files", ("images/a.png was replaced.",))),
        ("kit.md", "a", "b", ("Interview kits", ("The texts in kit.md were changed.",))),
    ],
)
def test_other_files(path, old, new, expected):
    found = describe_other_file(path, path, old, new)
    assert (found and (found.subject, found.sentences)) == expected


def test_a_moved_picture():
    found = describe_other_file("images/b.png", "images/a.png", "", "")
    assert found and found.sentences == ("images/a.png was moved to images/b.png.",)


def test_a_file_with_many_changes_is_cut_off():
    lines = "".join(f'"/old-{number}" = "/"\n' for number in range(MAX_SENTENCES + 5))
    found = describe_other_file("redirects.toml", "redirects.toml", "", lines)
    assert found and len(found.sentences) == MAX_SENTENCES + 1 and found.sentences[-1] == "5 more changes."
