"""The conditions of the parser's rules change no result."""

import pytest

from pages.content import markdown, rule_guards

TEXTS = [
    "Words\nand more words.\n\nA line  \nwith a break.",
    "# Heading\n## Other #\nUnderlined\n===\nAlso\n----\n***\n___\n- - -",
    "- a\n  - b\n    * c\n+ d\n\n1. e\n2) f\n10. g\n\n   - h",
    "> quote\n> - item\n>   ```\n>   code\n>   ```\n> > inner\nlazy",
    "> [!NOTE]\n> A callout.\n\n```\ncode\n```\n\n~~~ python\nx\n~~~\n\n    indented",
    "| a | b |\n|---|:-:|\n| `c` | **d** | e |\n\na | b\n-|-\n1 | 2\n\n:- | -:\n:- | -:\nx | y",
    "Term\n: Explanation\n\nOther\n:   Two\n    lines\n\n> Term\n> : In a quote\n\n- Term\n  : In a list",
    "Mark[^1] and [link][a] and [b](/c \"d\").\n\n[^1]: Note.\n    More.\n\n[a]: /x\n[unused]: /y",
    "*a* **b** ~~c~~ `d` ![e](/f.png) <https://g.example> h@i.example \\* &amp; j<br>k <!-- l -->",
    "<!-- a\n\nb -->\n\n**Label:**\nText\n\n- item\n**Label:** text",
    "\t- tab\n\n \u00a0text\n\n\u000cform feed\n\n:\n\n: no term\n\n\ta\n\t: b",
    "",
]  # fmt: skip


@pytest.fixture
def unguarded(monkeypatch):
    """The parser without the conditions."""
    monkeypatch.setattr(rule_guards, "add_guards", lambda parser: None)
    return markdown._build_parser()


@pytest.mark.parametrize("text", [*TEXTS, "\n\n".join(TEXTS), "\n".join(TEXTS)])
def test_the_parser_finds_the_same_tokens_as_without_conditions(unguarded, text):
    tokens = unguarded.parse(text, {"references": markdown.References()})
    assert list(markdown.tokenize(text)[0]) == tokens
