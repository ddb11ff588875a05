"""The header, the footer and the banner in `site.toml`: what they may contain, and the places of their problems."""

from datetime import UTC, datetime

import pytest

from pages.content import library, site_settings
from pages.content.nav_entries import NavEntry
from pages.content.problems import Source
from tests.support.content_samples import DESCRIPTION

DOCUMENT = (
    "# {name}\n## {url}\n\n## META\n\n```\nTitle: {name}\nDescription: {name} {description}\n{meta}\n```\n\n{body}\n"
)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "deck.pdf").write_bytes(b"%PDF-")
    for url, meta in (("/", ""), ("/hire", "Aliases: /jobs"), ("/draft", "Status: draft")):
        text = DOCUMENT.format(
            name=f"Page {url}", url=url, description=DESCRIPTION, meta=meta, body="## Ways\n\nWords."
        )
        (folder / f"{url.strip('/') or 'index'}.md").write_text(text)
    return folder


def parse(text):
    problems = []
    return site_settings.parse(Source("content/site.toml", text), problems), problems


def problems_of(folder, text):
    """Return the rule, the line and the marked text of each problem in site.toml."""
    (folder / "site.toml").write_text(text)
    problems = [problem for problem in library.load(folder).all_problems if problem.path == "content/site.toml"]
    assert all(problem.help and problem.source == text.split("\n")[problem.line - 1] for problem in problems)
    return [(each.rule, each.line, each.source[each.column - 1 :][: each.length]) for each in problems]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("/Hire/", NavEntry("/hire")),
        ("/hire#ways", NavEntry("/hire#ways")),
        ("Log in → https://app.example.com/login?x=1", NavEntry("https://app.example.com/login?x=1", "Log in")),
        ("Brochure→/files/Deck.pdf", NavEntry("/files/Deck.pdf", "Brochure")),
        ("Write to us → mailto:a@example.com", NavEntry("mailto:a@example.com", "Write to us")),
    ],
)
def test_an_entry_is_a_page_or_a_text_and_a_target(text, entry):
    site, problems = parse(f'header = ["{text}"]\nfooter = ["{text}"]\n[footer_groups]\n"A b" = ["{text}"]\n')
    assert problems == []
    assert site.header == site.footer == site.footer_groups["A b"] == (entry,)


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("www.example.com", '"Log in → https://www.example.com"'),
        ("Help → example.com/help", '"Help → https://example.com/help"'),
        ("Help → a@example.com", '"Help → mailto:a@example.com"'),
        ("hire/data-engineer", '"/hire/data-engineer"'),
        ("Jobs → ../hire", '"Jobs → /hire"'),
        ("https://example.com", '"Log in → https://example.com"'),
        ("Log in -> https://example.com", '"Log in → https://example.com"'),
        ("Log in => /hire", '"Log in → /hire"'),
        ("Log in https://example.com", '"Log in → https://example.com"'),
        ("Log in →", '"/pricing" or'),
        ("→ /hire", '"/pricing" or'),
        ("", '"/pricing" or'),
        ("#ways", '"/pricing#ways"'),
        ("Script → javascript:alert(1)", "https://, mailto: or tel:"),
        ("Other → //example.com", '"Other → https://www.example.com"'),
        ("Call → tel:", '"Call → https://www.example.com"'),
    ],
)
def test_an_invalid_entry_is_reported_on_its_own_line(folder, text, help):
    written = f'# header: {text}\nheader = [\n  "/hire",\n  "{text}",\n]\n'
    site, (problem,) = parse(written)
    assert [entry.target for entry in site.header] == ["/hire"]
    assert (problem.rule, problem.line, problem.column) == ("site-settings", 4, 4 if text else 3)
    assert help in problem.help
    assert problems_of(folder, f'[footer_groups]\nA = ["/hire", "{text}"]\n')[0][:2] == ("site-settings", 2)


def test_targets_that_do_not_exist_are_reported_on_their_own_lines(folder):
    text = """header = ["/hire", "/gone", "A deck → /deck.pdf",
  "/deck.pdf", "/jobs", "/hire#nowhere", "/hire/index.md"]
header_button = "Join → /gone"
footer = ["/draft", "/", "/Gone/"]
[footer_groups]
About = ["Status → https://status.example.com", "Gone → /gone"]
"""
    assert problems_of(folder, text) == [
        ("broken-link", 1, "/gone"),
        ("broken-link", 2, "/deck.pdf"),
        ("link-spelling", 2, "/jobs"),
        ("broken-anchor", 2, "/hire#nowhere"),
        ("broken-link", 2, "/hire/index.md"),
        ("broken-link", 3, "Join → /gone"),
        ("broken-link", 4, "/Gone/"),
        ("broken-link", 6, "Gone → /gone"),
    ]


@pytest.mark.parametrize("text", ["Start", "Start →", "→ /start"])
def test_the_help_for_the_button_does_not_suggest_an_entry_of_the_header(text):
    _, (problem,) = parse(f'header_button = "{text}"\n')
    assert problem.help.endswith('header_button = "Start free → /start"')


@pytest.mark.parametrize("text", ["name = “LayersRank”", "header = [“/hire”]", "[banner]\ntext = ‘Hi’"])
def test_the_help_for_curly_quotes_names_them(text):
    site, (problem,) = parse(text)
    assert site is None and problem.help.startswith("Replace the curly quotes with straight ones")
    assert problem.source[problem.column - 1] in "“‘"


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ('[banner]\ntext = "Our "Sale" begins"', 'Write \\" for a quote inside a text'),
        ('[footer_groups]\nLegal and privacy = ["/privacy"]', "Put a name of several words in quotes"),
        ('header = ["/hire" "/start"]', "Write a comma between the two texts"),
        ('header = [\n"/hire"\n"/start"\n]', "Write a comma between the two texts"),
        ('header = ["/hire"', "Close each bracket."),
        ('[banner]\ntext = "a"\n\n[banner]\nuntil = "b"', "Join the two: move the lines below this [banner] to the "
         "table on line 1, and delete this [banner]."),
        ('[translations.hi]\n"a" = "b"\n[ translations.hi ]\n"c" = "d"\n', "Join the two: move the lines below"),
        ('name = "a"\nname = "b"\n', "Join the two lines"),
        ('[translations.hi]\n"a b" = "c"\n"a b" = "d"', "Join the two lines"),
        ('words = ["a"]\nwords = [\n"b"\n]\n', "Join the two, or delete one of them."),
        ("name = LayersRank", 'Put the value in quotes: name = "LayersRank"'),
    ],
)  # fmt: skip
def test_the_help_for_invalid_toml_fits_the_mistake(text, help):
    site, (problem,) = parse(text)
    assert site is None and problem.help.startswith(help)


def test_a_banner_with_a_date_in_another_form_has_a_suggestion():
    _, (problem,) = parse("[banner]\ntext = 'Hi'\nfrom = '1 Dec 2026, 9am IST'\n")
    assert problem.help == 'Did you mean from = "2026-12-01 09:00 +05:30"?'


@pytest.mark.parametrize("text", ["Start → /start?plan=a", "Start → /start#form", "/start", "Start -> /start"])
def test_an_invalid_button_is_reported(text):
    site, (problem,) = parse(f'header_button = "{text}"\n')
    assert site.header_button is None
    assert (problem.line, problem.column) == (1, 18)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("footer_groups = 1\n", (1, "footer_groups")),
        ('footer_groups = [{title = "A"}]\n', (1, "footer_groups")),
        ("[footer_groups]\nA = '/hire'\n", (2, "A")),
        ("# until\n[banner]\ntext = 'Hi'\nuntil = 'x'\n", (4, "x")),
        ("[calls_to_action]\nname = '/hire'\n[banner]\ntext = 'Hi'\nnames = ''\n", (5, "names")),
        ("offer = 'name'\nname = 3\n", (2, "name")),
        ("[footer_groups]\nA = ['/hire']\nwords = ['A']\n", (3, "words")),
        ("[banner]\ntext = 'Hi'\nheader = []\n", (3, "header")),
        ("banner = 'Hi'\n", (1, "banner")),
        ("[banner]\n", (1, "banner")),
        ("[banner]\ntext = ''\n", (2, "''")),
        ("[banner]\ntext = 'Hi ![x](a.png)'\n", (2, "Hi ![x](a.png)")),
        ("[banner]\ntext = '# Hi'\n", (2, "# Hi")),
        ("[banner]\ntext = 'Hi'\nuntill = '2027-01-01'\n", (3, "untill")),
        ("[banner]\ntext = 'Hi'\nuntil = 'soon'\n", (3, "soon")),
        ("[banner]\ntext = 'Hi'\nfrom = 3\n", (3, "3")),
        ("[banner]\ntext = 'Hi'\nfrom = '2027-01-02'\nuntil = '2027-01-01'\n", (4, "2027-01-01")),
        ("[banner]\ntext = 'Hi'\npages = ['/hire', 'hire']\n", (3, "hire")),
        ("[banner]\ntext = 'Hi'\npages = '/hire'\n", (3, "pages")),
    ],
)
def test_an_invalid_setting_is_reported_where_it_stands(folder, text, place):
    assert problems_of(folder, text) == [("site-settings", *place)]


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ('"2026-12-01 09:00 +05:30"', (1, 3, 30), (1, 3, 30)),
        ('"2026-12-01"', (1, 0, 0), (2, 0, 0)),
        ("2026-12-01", (1, 0, 0), (2, 0, 0)),
        ("2026-12-01T09:00:00+05:30", (1, 3, 30), (1, 3, 30)),
        ("2026-12-01 09:00:00", (1, 9, 0), (1, 9, 0)),
    ],
)
def test_the_banner_has_a_first_and_a_last_moment(value, start, end):
    starts, ends = datetime(2026, 12, *start, tzinfo=UTC), datetime(2026, 12, *end, tzinfo=UTC)
    site, problems = parse(f"[banner]\ntext = 'Hi'\nfrom = {value}\n")
    assert (problems, site.banner.starts, site.banner.ends) == ([], starts, None)
    site, problems = parse(f"[banner]\ntext = 'Hi'\nuntil = {value}\n")
    assert (problems, site.banner.starts, site.banner.ends) == ([], None, ends)


def test_the_links_of_the_banner_lead_to_the_same_target_on_all_pages():
    text = "[A](hire) [B](#ways) [C](https://example.com) **[Start]** *now* <b>"
    site, problems = parse(f"[calls_to_action]\nStart = '/start'\n[banner]\ntext = '{text}'\n")
    assert problems == []
    assert site.banner.html == (
        '<a href="/hire">A</a> <a href="/#ways">B</a> <a href="https://example.com">C</a> '
        '<a href="/start" class="call"><strong>Start</strong></a> <em>now</em> &lt;b&gt;'
    )


def test_the_text_of_the_banner_is_checked_like_a_document(folder):
    text = r"""[banner]
pages = ["/hire", "/gone"]
text = "A \"q\" [here](/gone), [x](/hire), [y](#nowhere), [z](www.example.com), <b> TODO [w](foo:bar) **[Go]**"
"""
    assert problems_of(folder, text) == [
        ("broken-link", 2, "/gone"),
        ("bare-link-text", 3, "here"),
        ("broken-link", 3, "here"),
        ("broken-anchor", 3, "y"),
        ("broken-link", 3, "z"),
        ("html", 3, "<b>"),
        ("gap", 3, "TODO [w](foo:bar)"),
        ("link-scheme", 3, "w"),
        ("cta-target", 3, "Go"),
    ]
    text = '[banner]\ntext = """\nFirst line,\nsecond [line](/gone)"""\n'
    assert problems_of(folder, text) == [("broken-link", 4, "line")]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (
            "from = '2019-01-01'\nuntil = '2020-01-01'",
            [("scheduled-link", 2, "A"), ("expired-banner", 4, "2020-01-01")],
        ),
        ("from = '2019-01-01'", [("scheduled-link", 2, "A")]),
        ("from = '2999-01-01'", []),
    ],
)
def test_the_banner_may_announce_a_page_that_goes_live_at_the_same_time(folder, times, expected):
    path = folder / "draft.md"
    path.write_text(path.read_text().replace("Status: draft", "Publish: 2999-01-01"))
    assert problems_of(folder, f"[banner]\ntext = '[A](/draft)'\n{times}\n") == expected


def test_links_are_checked_although_another_setting_is_invalid(folder):
    found = problems_of(folder, 'name = 3\nheader = ["/gone"]\n')
    assert found == [("site-settings", 1, "name"), ("broken-link", 2, "/gone")]


def test_an_entry_on_another_line_does_not_change_the_settings():
    assert parse('header = ["/hire"]\n')[0] == parse('\n\nheader = [ "/hire"]\n')[0]
    assert repr(parse('header = ["/hire"]\n')[0]) == repr(parse('\n\nheader = [ "/hire"]\n')[0])


def test_a_long_nav_title_is_reported(folder):
    path = folder / "hire.md"
    path.write_text(path.read_text().replace("Aliases", f"Nav title: {'Hire ' * 6}\nAliases"))
    (folder / "site.toml").write_text('header = ["/hire"]\n')
    content = library.load(folder)
    (problem,) = [each for each in content.all_problems if each.rule == "title-length"]
    assert (problem.line, problem.column, problem.length) == (9, 12, 29)
