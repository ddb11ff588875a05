"""The checker reports syntax of other Markdown tools, and broken Markdown. It doesn't report harmless text."""

import pytest

from pages.content.autofix import apply_edits
from tests.support.content_samples import page_of, visible_text

SECTION = "## A PLAIN SECTION\n\n"
FIRST_LINE = 13  # the section's text begins on this line of the document


def problems_of(body):
    return page_of(SECTION + body).problems


def places(body):
    return [(problem.rule, problem.line - FIRST_LINE, problem.column) for problem in problems_of(body)]


FOREIGN = {
    ":::note": 1,
    "::: tip Mind this": 1,
    "> :::": 1,
    "!!! note": 1,
    "??? note": 1,
    "[TOC]": 1,
    "[[_TOC_]]": 1,
    "{:toc}": 1,
    "Words {#id}": 7,
    "Words {.big .red}": 7,
    "Words {: .big}": 7,
    '[A](/a){:target="_blank"}': 8,
    "![A dot](images/x.png){width=50%}": 23,
    "Ship it :rocket: now": 9,
    "Good :+1:": 6,
    "Dear {{ first_name }}": 6,
    "{% include x.html %}": 1,
    "A tag {{< figure": 7,
    "{% if a": 1,
    "{# a note #}": 1,
    "{/* a note */}": 1,
    "<% name %>": 1,
    "<?php echo 1; ?>": 1,
    "Dear «First_Name»": 6,
    "%%a note%%": 1,
    "Some %% note %% words": 6,
    "%%": 1,
    "*[HTML]: Hypertext Markup Language": 1,
    "![A dot|200](images/x.png)": 8,
    "![A dot|200x100](images/x.png)": 8,
    "See [[Pricing]] now": 5,
    "![[panel.png]]": 1,
    "Some ==marked== words": 6,
    "Some ++new++ words": 6,
    "E = mc^2^": 7,
    "H~2~O": 2,
    "Some ~struck~ words": 6,
    "Teams differ.^[A note]": 14,
    "- [] Agree": 3,
    "-[ ] Agree": 1,
    "$$x = y$$": 1,
    "{{< youtube 123 >}}": 1,
    '[caption id="1"]A dot[/caption]': 1,
    "[gallery]": 1,
    '[video src="a.mp4"]': 1,
    "Some [b]bold[/b] words": 6,
    "[/caption]": 1,
    "@[youtube](abc)": 1,
    "'''bold'''": 1,
    "== A heading ==": 1,
    "h2. A heading": 1,
    "{code:java}": 1,
    ".. note:: Mind this": 1,
    "\\newpage": 1,
    "import Tab from './tab'": 1,
    "export const a = 1": 1,
}


@pytest.mark.parametrize("line", FOREIGN)
def test_the_syntax_of_another_tool_is_shown_and_reported(line):
    assert [place for place in places(line) if place[0] != "broken-link"] == [
        ("unsupported-markdown", 0, FOREIGN[line])
    ]
    [problem] = [problem for problem in problems_of(line) if problem.rule == "unsupported-markdown"]
    assert problem.message.endswith(".") and problem.help
    words = page_of(SECTION + line)
    assert visible_text(words)


SLIPS = {
    "A **bold word": [(0, 3)],
    "A bold** word": [(0, 7)],
    "**Label: words": [(0, 1)],
    "A ~~struck word": [(0, 3)],
    "Some __bold words": [(0, 6)],
    "Some bold__ words": [(0, 10)],
    "Some *italic words": [(0, 6)],
    "*Italic words": [(0, 1)],
    "**Label:* words": [(0, 1)],
    "*Label:** words": [(0, 9)],
    "A ***bold** word": [(0, 3)],
    "**bold **words": [(0, 1)],
    "A ** bold** word": [(0, 3)],
    "Some `code": [(0, 6)],
    "We don`t": [(0, 7)],
    "&nbsp;**bold": [(0, 7)],
    "\\*\\*a and **b": [(0, 11)],
    "| a | **b |\n|---|---|": [(0, 7)],
    "| a | b |\n| c | d |": [(0, 1)],
    "| a | b |": [(0, 1)],
    "a | b\nc | d\ne | f": [(0, 1)],
    "| a | b | c |\n|---|---|\n| d | e | f |": [(0, 1)],
    "+---+---+\n| a | b |\n+---+---+": [(0, 1)],
    "a\tb\nc\td": [(0, 1)],
    "• One\n• Two": [(0, 1)],
    "Text:\n• One • Two": [(1, 1)],
    "\uf0b7 One": [(0, 1)],
    "– One\n– Two": [(0, 1)],
    "→ One\n→ Two": [(0, 1)],
    "✓ One\n✓ Two": [(0, 1)],
    "-- One\n-- Two": [(0, 1)],
    "Text:\n(1) One\n(2) Two": [(1, 1)],
    "1.) One\n2.) Two": [(0, 1)],
    "a) One\nb) Two": [(0, 1)],
    "-One\n-Two": [(0, 1)],
    "o One\no Two": [(0, 1)],
    "o One\n\no Two": [(0, 1)],
    "Text:\n§ One\n§ Two": [(1, 1)],
    "- One\n\n* Two": [(2, 1)],
    "1. One\n\n1) Two": [(2, 1)],
    "- One\n  - Inner\n  + Inner": [(2, 3)],
    "1.One\n2.Two": [(0, 1)],
    "1) One 2) Two 3) Three": [(0, 4)],
    "1. One 2. Two 3. Three": [(0, 4)],
    "-\u00a0One": [(0, 1)],
    "\u00a0- One": [(0, 1)],
    "\u00a0\u00a0\u00a0Words": [(0, 1)],
    "- One\n-": [(1, 1)],
    "* *": [(0, 1)],
    "#NoSpace": [(0, 1)],
    "#Our prices": [(0, 1)],
    "#nospace": [(0, 1)],
    "A long text\nin two lines\n----": [(2, 1)],
    "This is a sentence.\n===": [(1, 1)],
    "    A paragraph of words, indented by a tab.": [(0, 5)],
    "    Our offer": [(0, 5)],
    "    हमारा प्रस्ताव": [(0, 5)],
    "    Example Ltd.\n    Indore, India": [(0, 5)],
    "Our offer\n-----\n\n## ANOTHER SECTION\n\nWords": [(1, 1)],
    "\t- One\n\t- Two": [(0, 2)],
    "    Some **bold** words": [(0, 5)],
    "(Pricing)[/pricing]": [(0, 1)],
    "[Pricing(/pricing)": [(0, 1)],
    "See [our prices /pricing)": [(0, 5)],
    "[Pricing]/pricing)": [(0, 1)],
    "**[Start → /start**": [(0, 3)],
    "[Start → /start": [(0, 1)],
    "**Start → /start]**": [(0, 3)],
    "**[Start] → /start**": [(0, 3)],
    "Words and [Our prices] → https://example.com/prices": [(0, 11)],
    "!(A dot)[images/x.png]": [(0, 1)],
    "! [A dot](/images/x.png)": [(0, 1)],
    "Words\n\n—": [(2, 1)],
    "Words\n\n--": [(2, 1)],
    "###\n\nWords": [(0, 1)],
    "[A]（/a）": [(0, 4)],
    "［A］(/a)": [(0, 3)],
    "＃ A heading": [(0, 1)],
    "＊＊bold＊＊": [(0, 1), (0, 7)],
    "！[A dot](/a)": [(0, 1)],
}


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_in_markdown_is_shown_and_reported(text):
    found = [(line, column) for rule, line, column in places(text) if rule == "broken-markdown"]
    assert found == SLIPS[text]
    problem = next(problem for problem in problems_of(text) if problem.rule == "broken-markdown")
    assert problem.message.endswith(".") and problem.help


@pytest.mark.parametrize("link", ["[A](“/a”)", "[A](/a “A title”)", "[A]( ‘/a’)"])
def test_curly_quotes_in_a_link_are_reported(link):
    assert [place for place in places(link) if place[0] != "broken-link"] == [("broken-markdown", 0, 3)]


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("**bold **words", "**bold** words"),
        ("a** bold** b", "a **bold** b"),
        ("A ** bold ** word", "A **bold** word"),
        ("A ~~struck ~~.", "A ~~struck~~ ."),
        ("[Go **on ** -> /there]", "[Go **on** → /there]"),
        ("**Label: **words and **more **", "**Label:** words and **more**"),
    ],
)
def test_the_space_inside_bold_marks_has_an_automatic_fix(text, fixed):
    page = page_of(SECTION + text)
    edits = [edit for problem in page.problems for edit in problem.edits]
    assert apply_edits(page.source.text, edits).endswith(fixed)


# “⏎” stands for a line break within an example.
HARMLESS = """
Words⏎⏎    pip install example⏎    SELECT name FROM roles⏎    ├── hire⏎    └── start
Words⏎⏎    key: value⏎    Total = 5⏎    Get(“a”)
Our offer⏎=========⏎⏎## ANOTHER SECTION⏎⏎Words
One⏎---⏎⏎Words⏎⏎Two⏎---⏎⏎Words⏎⏎Three⏎---⏎⏎Words
The pages at www.example.com. The `www.example.com` and [www.example.com](https://www.example.com)
http/1.1 and HTTP: a protocol, https and https://example.com/http:/b.example
[http:/example.com](/a) and `http:/example.com`
hello@www.example.com and https://www.example.com/a and the prefix www. and www
`**` and `:::` and `[[x]]` and `{{ x }}` and `<b>` and `:rocket:` and `a\\`
``a ` b`` and `==a==` and `==`
At 10:30:00, or 9:00–17:00, or 10:30:45.123
C# and F# and C++ and A++ and Notepad++
#1 in hiring
Follow #hiring, a hashtag
#hiring #Jobs #C
The field `{name}` in code, and {name} in words
Smileys :) ;-) :-D :P ^_^ (: and emoji 🚀 👍🏽
One a | b in a sentence
info@the-algo.com | +91 89624 12726
₹2,500 and $5 and $10, or $$–$$$ and 5$
5 > 3 and 3 < 5 and 2 <= 3 and a => b and a -> b
snake_case_name and __init__.py and _leading
2 * 3 * 4 = 24 and 2 ** 3 ** 4 and 2**3
x^2 + y^2 and 2^10 and x_1 and ~5 to ~10 and ~/home
https://example.com/a_b_c/~user/:x:/==y==?q={{z}}
<https://example.com/a**b**c>
[A link](/a_b_c#d "A title") and [one](https://example.com/x~y~z^2^)
[A link](https://en.wikipedia.org/wiki/Bracket_(mathematics))
[sic] and [1] and [a] [b] and (see [below])
[[1]](/a) and [x]
\\[a\\](/b) and \\*\\*not bold\\*\\* and \\#NoSpace and \\:::
\\#NoSpace
\\• One
- [ ] to do
- [x] done
~Asha and ~Priya, or ~a week
- ~~struck~~ words and a ~~struck~~.
Some **bold**, **bold:** and **bold.**Words
***All three*** and *leaning* and _leaning_ and **bold *and leaning***
**Label:** words
**Label**: words
Price* and another price* and **₹2,500*** and **a***b*
5 * *three* and \\**three*
Price*⏎⏎*Terms apply
Snake_case, __init__ and __init__.py
§ 5 BDSG⏎§ 6 BDSG
O que é?⏎o nome e⏎a nota
100%% sure, and 5%%
5 *3 and *3
[0, 1) and [a/b) and [see a / b)
[Open /hire] and [A → B]
From [1] → /start
* One item of a list
– A dialog begins with a dash.
— Jane Doe, CTO, Example
Pune • Indore • London
Great! [A link](/b) and Wow!(see below)[1]
We ask 1) what and 2) why and 3) how
1. We have version 2. It works
1. In 2025 2. was the best place
2019. A year at the start
1) One
a) One\\⏎b) Two
(a) One⏎⏎(b) Two
✓ One of them
[A link](/b) → /c and [1] → /start and [Go → /start]
-5 °C at night
-5 °C at night and⏎-7 °C later
+91 89624 12726
+91 89624 12726⏎+44 7477 204642
1.\u00a0Dezember 2026
Words with\u00a0a no-break space, 10\u00a0000 and 5\u00a0%
Candidate ______\\⏎Date ______
72 ± 4 and 72 +/- 4 and ½ and 3/4
A: B: C: and a:b:c and std::vector and ::before
Ratio 1:2:3 and 16:9 and key:value
“Curly quotes” and ‘single’ and don’t and 5'10" and l'eau
«Bonjour» and « bonjour » and 「引用」（注）：文
中文：这是一个句子（注）！
हिन्दी: यह एक वाक्य है।
What?! Really!!! And… ??? or !!!
Hello (world)[1] and f(x)[0] and array[0][1]
[Source: Example (https://example.com)]
[See the page (/hire)]
if a == b and b == c, or a===b, or x==y==z
i++ and ++i; a += 1; j--
a -- b --- c and -- and ---x
Use Ctrl+Shift+P, or Cmd + K
100% and 50%[1] and %d and {0} and {1}
A/B test, CI/CD, R&D, Q&A, AT&T; &amp; &lt;b&gt;
@name and @media and a@b.example
A line that ends with a backslash\\
`a | b` and `| a | b |`
`| a | b |`⏎and words
> A quotation⏎> — Jane Doe, CTO
> [!NOTE]⏎> A callout
Term⏎: A definition
[A call] and **[Start Free Trial]**
Import duties from the EU and exports to it
{ } and {} and {…} and {a, b}
1 + 1 = 2⏎2 + 2 = 4
one | two⏎three
[![What the video shows](images/x.jpg)](https://www.youtube.com/watch?v=a_b-c)
![What the video shows](files/demo.mp4)
> [!warning]⏎> A callout
\u00a0Words
Ask for “A → B” or A → B
Open Settings > Users > Roles
A [link][b], an ![image](images/x.png "A title")⏎⏎[b]: /b
https://example.com/[[x]]
The price is 5 $ (about 4 €)*.
""".strip("\n").split("\n")


@pytest.mark.parametrize("line", HARMLESS)
def test_harmless_text_is_not_reported(line):
    text = line.replace("⏎", "\n")
    rules = {problem.rule for problem in problems_of(text)}
    assert not rules & {"unsupported-markdown", "broken-markdown", "misspelled-name", "cta-arrow", "html"}


def test_there_are_many_harmless_lines():
    assert len(HARMLESS) >= 60


@pytest.mark.parametrize(
    "block",
    [
        "```\n:::note\n**bold\n| a | b |\n• one\n```",
        "~~~html\n<b>bold</b>\n~~~",
        "    def f(x):\n        return x  # a comment",
        "    indented by four spaces\n        keeps its inner space",
        "| a | b |\n|---|---|\n| • c<br>• d | 1) e 2) f |",
        "A heading\n---------",
        "A heading\n=========",
        "Words\n---\n\nWords",
        "**Label:**\n- one\n- two",
        "- one\n\n- two",
        "- one\n\n1. two",
        "o One",
        "> quoted\n>\n> - one\n> - two",
        "Line one  \nLine two\\\nLine three<br>Line four",
    ],
)
def test_harmless_blocks_are_not_reported(block):
    assert places(block) == []
