"""A wrong target in site.toml or kit.md is reported in that file, and only there."""

import pytest

from pages.content import library
from tests.support.content_samples import document_text
from tests.support.kits import kit_document

SITE = """name = "Site"
words = ["/gone"]

[calls_to_action]
"Begin" = "/gone"
'Get It' = '/hire/'
Do = "/gone"
"Say \\"hi\\"" = "/gone#a"
"Later" = "/draft"
"Old" = "/old"
"File" = "/files/a.pdf"
"Unused" = "/nothing"
"Right" = "/hire"

[banner]
text = "Go"
"""


def problems_of(folder):
    return [
        problem for problem in library.load(folder).all_problems if problem.rule not in ("few-links-in", "no-links-out")
    ]


def places(folder):
    return [(problem.path, problem.line, problem.column, problem.rule) for problem in problems_of(folder)]


def pages(*bodies):
    files = {f"{name}.md": document_text(f"/{name}", body=body) for name, body in zip("abc", bodies, strict=False)}
    files["hire.md"] = document_text("/hire", meta="Aliases: /old").replace("Title: A", "Title: Hire")
    files["draft.md"] = document_text("/draft", meta="Status: draft")
    return {name: text.replace("Title: A", f"Title: {name}").replace("Description: ", f"Description: {name} ")
            for name, text in files.items()}  # fmt: skip


@pytest.mark.parametrize(
    ("label", "place"),
    [
        ("Begin", (5, 12, "broken-link")),
        ("BEGIN — free", (5, 12, "broken-link")),
        ("Do", (7, 7, "broken-link")),
        ('Say "hi"', (8, 17, "broken-link")),
        ("Later", (9, 12, "broken-link")),
        ("Old", (10, 10, "link-spelling")),
        ("File", (11, 11, "missing-file")),
    ],
)
def test_a_wrong_target_in_site_toml_is_one_problem_in_its_own_line(write, label, place):
    bodies = (f"**[{label}]** and **[{label}]**", f"## HERO\n\n**Headline:** A\n\n**CTA:** {label}", f"**[{label}]**")
    folder = write(named={"site.toml": SITE, **pages(*bodies)})
    assert places(folder) == [("content/site.toml", *place)]
    [problem] = problems_of(folder)
    assert problem.source == SITE.split("\n")[place[0] - 1]
    assert [edit.text for edit in problem.edits] == (["/hire"] if label == "Old" else [])


def test_right_and_unused_targets_in_site_toml_are_not_reported(write):
    assert places(write(named={"site.toml": SITE, **pages("**[Right]**", "**[Get It]**")})) == []


def test_a_target_that_a_document_gives_is_reported_in_the_document(write):
    body = "**[Begin → /gone]** and [Begin](/gone) and [Begin now][s]\n\n[s]: /gone"
    found = places(write(named={"site.toml": SITE, **pages(body)}))
    assert [path for path, *_ in found] == ["content/a.md"] * 3


KIT = "## LAST LINE\n\nSee [it](/gone), [that](/old), [this](/draft), [one](hire) and [the file](/files/a.pdf).\n\n"


def test_the_links_in_kit_md_are_checked(write):
    text = kit_document().replace("## LAST LINE\n\n", KIT)
    line = text.split("\n").index("## LAST LINE") + 3
    written = text.split("\n")[line - 1]
    found = places(write(named={"kit.md": text, **pages("**[Words](/hire)**")}))
    expected = [
        ("it]", "broken-link"),
        ("that]", "link-spelling"),
        ("this]", "broken-link"),
        ("the file]", "missing-file"),
    ]
    assert found == [("content/kit.md", line, written.index(word) + 1, rule) for word, rule in expected]


def test_a_renamed_page_is_reported_in_kit_md(write):
    text = kit_document().replace("## LAST LINE\n\n", "## LAST LINE\n\n[Start](/a)\n\n")
    folder = write(named={"kit.md": text, **pages("[Words](/hire)")})
    assert places(folder) == []
    (folder / "a.md").unlink()
    assert [(path, rule) for path, _, _, rule in places(folder)] == [("content/kit.md", "broken-link")]


def test_kit_md_without_links_or_readable_text_has_no_link_problems(write):
    assert places(write(named={"kit.md": kit_document(), **pages("[Words](/hire)")})) == []
    assert "broken-link" not in str(places(write(named={"kit.md": b"\xff", **pages("[Words](/hire)")})))
