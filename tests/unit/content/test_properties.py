"""Property-based tests of the parser, with random documents."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pages.content import blocks
from pages.content.problems import RULES
from tests.conftest import SEED
from tests.support.content_samples import HEADER, read, visible_text

some_examples = settings(max_examples=150)

# Each `{}` becomes a word that occurs only once in the document.
SHAPES = [
    "{}",
    "**{}:** {}",
    "**{}:**",
    "**{}.** {}",
    "*{}:* {}",
    "**{}**\n- {}\n- {}",
    "**{}?**\n{}",
    "**1. {}?**\n*{}:* {}\n{}",
    "**2. {}",
    "- {}\n- **{}.** {}",
    "- **{}.**\n\n  {}\n  - {}",
    "1. **{}** — {}\n2. {}\n\n   {}",
    "- [{}](/a) — {}\n- [{}](/b)",
    "- [{}](/a)\n\n  {}",
    "- **[{}]**\n- **[{} → /a]**",
    "| {} | {} |\n|---|---|\n| {} | {} | {} |\n| {} |",
    "| {} |\n|---|",
    "> {}\n> > {}",
    "```\n{}\n```",
    "    {}",
    "### {} (45%)",
    "#### {} (30 %)\n{}",
    "### {}",
    "###### {}?",
    "# {}",
    "## {}",
    "{}\n===",
    "{}\n-----",
    "**[{}]**",
    "**[{}]** — {}",
    "**[{} — {}]** {}",
    "**[{} → /a]** | **[{} → /b]** {}",
    "[{} → /a]",
    "{} → /a",
    "**{} → /a**",
    "**Primary CTA:** {} → /a",
    "**Primary CTA:** {}",
    "**Primary CTA:**\n{}",
    "**Headline:** {}\n{}",
    "**Headline:**\n\n{}",
    "**Eyebrow:** {}\n**Subhead:** {}",
    "**Questions?** {}@example.com | +91 89624 12726 {}",
    "[{}]: /unused",
    "[{}]: ₹2,500",
    "![{}](/a.png)",
    "[{}](javascript:x)",
    "{}<br>{} <b>{}</b>",
    "{} <!-- note --> {}",
    "- [ ] {}",
    "{}\n---",
    "---",
    "***{}** {}*",
    "`{}` ~~{}~~",
]
HEADINGS = [
    "## HERO",
    "## THE DEVOPS HIRING CHALLENGE",
    "## WHAT LAYERSRANK EVALUATES",
    "## SAMPLE FULL STACK QUESTIONS",
    "## EVALUATION CRITERIA",
    "## HOW IT WORKS",
    "### PRICING",
    "## FAQ",
    "### RELATED ROLES",
    "## READY TO START?",
    "# Something Else",
    "## META",
]
FRAGMENTS = [
    *SHAPES,
    *HEADINGS,
    "```",
    "~~~",
    "<!--",
    "-->",
    "## /hire/x",
    "Title: x",
    "Publish: soon",
    "Aliases: a, /b",
]
FRAGMENTS += [
    "**",
    "[",
    "](",
    "|",
    "\t",
    ">",
    "- ",
    "    ",
    "\\",
    "&#x0;",
    "<br>",
    "→ /",
    "(120%)",
    "\u2028",
    "\x00",
    "\ufeff",
]


@st.composite
def documents(draw):
    """Build a document from random shapes and headings. Return its text and its words."""
    shapes = draw(st.lists(st.sampled_from([*SHAPES, *HEADINGS[:-1]]), max_size=10))
    count = sum(shape.count("{}") for shape in shapes)
    words = [f"word{number}x" for number in range(count)]
    remaining = iter(words)
    parts = [shape.format(*(next(remaining) for _ in range(shape.count("{}")))) for shape in shapes]
    return draw(st.sampled_from(["", HEADER])) + "\n\n".join(parts), words


fragments = st.lists(st.sampled_from(FRAGMENTS), max_size=25).flatmap(
    lambda parts: st.sampled_from(["\n\n", "\n", " ", ""]).map(lambda separator: separator.join(parts))
)
# The library normalizes line endings before it parses a document.
texts = st.one_of(st.text(), st.text(alphabet="#*_-=[]()|>`<!→%: \n\tab1.", max_size=200), fragments).map(
    lambda text: text.replace("\r", "\n")
)


def assert_problems_are_valid(text, page):
    lines = text.split("\n")
    for problem in page.problems:
        assert problem.rule in RULES
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.source == lines[problem.line - 1]
        assert problem.message
        assert str(problem)


@some_examples
@given(texts)
@example("# META\n```")  # the document ends with META's opening fence
def test_any_text_is_parsed_and_its_problems_have_valid_positions(text):
    assert_problems_are_valid(text, read(text))


@some_examples
@given(fragments)
def test_any_body_under_a_valid_header_is_parsed(text):
    page = read(HEADER + text)
    assert (page.url, page.meta.title) == ("/hire/data-engineer", "A title")
    assert_problems_are_valid(HEADER + text, page)


@some_examples
@given(documents())
def test_no_word_of_a_document_is_dropped(document):
    text, words = document
    page = read(text)
    visible = f"{page.name} {visible_text(page)}".lower()
    assert [word for word in words if word not in visible] == []


@some_examples
@given(st.integers(0, 189), st.integers(1, 12))
def test_seed_document_with_missing_lines_is_parsed(start, count):
    lines = SEED.read_text(encoding="utf-8").split("\n")
    text = "\n".join(lines[:start] + lines[start + count :])
    assert_problems_are_valid(text, read(text))


@some_examples
@given(texts)
def test_every_block_has_a_valid_line(text):
    lines = len(text.split("\n"))
    assert all(1 <= block.line <= lines for block in blocks.parse(text))


@some_examples
@given(texts)
def test_anchors_of_a_page_are_unique(text):
    anchors = [section.anchor for section in read(HEADER + text).sections]
    assert len(anchors) == len(set(anchors))
    assert all(anchors)
