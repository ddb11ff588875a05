"""Header, footer, breadcrumbs, "On this page", and the lines about linked pages."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from pages.content.document import MIN_LISTED_SECTIONS
from pages.repository import current
from pages.repository.visible_pages import FOOTER_PAGES, VisiblePages

from ...conftest import SEED_URL

PAGE = "# {name}\n## {url}\n\n## META\n\n```\nTitle: {name} | Site\nDescription: What {name} is.\n{more}```\n\n{body}\n"


@pytest.fixture
def write(content):
    def write_page(url, name, body="## WORDS\n\nWords.", more=""):
        path = content / f"{url.strip('/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(name=name, url=url, body=body, more=more))

    for path in content.rglob("*.md"):
        path.unlink()
    settings = 'header = ["/hire", "/pricing", "/gone"]\nfooter = ["/hire", "/pricing", "/gone"]\n[calls_to_action]\n'
    (content / "site.toml").write_text(settings)
    current.reset()
    return write_page


def page_at(client, url):
    return BeautifulSoup(client.get(url).content, "html.parser")


def links(nav):
    return [(way.text, way["href"], way.get("aria-current")) for way in nav.find_all("a")]


def test_the_header_links_to_the_configured_pages_and_marks_the_current_page(client, write):
    write("/hire", "Hire")
    write("/hire/data-engineer", "Hire Data Engineer")
    write("/pricing", "Pricing")
    header = page_at(client, "/hire/data-engineer").find("nav", {"aria-label": "Main"})
    assert links(header) == [("Hire", "/hire", "true"), ("Pricing", "/pricing", None)]
    assert links(page_at(client, "/hire").find("nav", {"aria-label": "Main"}))[0] == ("Hire", "/hire", "page")


def test_the_header_has_a_button_except_on_the_page_that_the_button_leads_to(client, write, content):
    (content / "site.toml").write_text('header_button = "Start free → /start"\n')
    current.reset()
    write("/hire/data-engineer", "Hire Data Engineer")
    write("/hire", "Hire", "## WORDS\n\n**[Ask us → /start]**")

    def buttons(url):
        return [(link.text, link["href"]) for link in page_at(client, url).select(".site-header .button")]

    assert buttons("/hire") == []  # its page is missing
    write("/start", "Start")
    assert buttons("/hire") == [("Start free", "/start")]
    assert buttons("/hire/data-engineer") == [("Start free", "/start?role=data-engineer")]
    assert buttons("/start") == buttons("/hire/no-such-role")[1:] == []
    assert page_at(client, "/hire").select_one(".actions a")["href"] == "/start"


def test_the_footer_lists_the_pages_of_a_hub(client, write):
    write("/hire", "Hire")
    for number in range(FOOTER_PAGES + 2):
        write(f"/hire/role-{number:02}", f"Hire Role {number:02}")
    write("/hire/draft", "Hire A Draft", more="Status: draft\n")
    write("/pricing", "Pricing")
    footer = page_at(client, "/hire/role-01").find("nav", {"aria-label": "Footer"})
    roles = [
        (f"Role {number:02}", f"/hire/role-{number:02}", "page" if number == 1 else None)
        for number in range(FOOTER_PAGES)
    ]
    assert links(footer) == [("Hire", "/hire", "true"), *roles, ("Pricing", "/pricing", None)]


def test_the_footer_does_not_repeat_a_list_that_is_on_the_page(client, write):
    write("/hire", "Hire", "## ROLES\n\n**Pages under:** /hire")
    write("/hire/data-engineer", "Hire Data Engineer")
    write("/pricing", "Pricing", "## ROLES\n\n**Pages under:** /hire")
    for url in ("/hire", "/pricing"):
        footer = page_at(client, url).find("nav", {"aria-label": "Footer"})
        assert [href for _, href, _ in links(footer)] == ["/pricing"]
        assert [heading.text.strip() for heading in footer.find_all("p")] == ["Company"]


def test_a_broken_link_in_the_settings_is_reported_where_it_stands(write):
    write("/hire", "Hire")
    write("/pricing", "Pricing")
    problems = [each for each in current.get_library().all_problems if each.path == "content/site.toml"]
    assert [(each.rule, each.line, each.column) for each in problems] == [
        ("broken-link", 1, 33),
        ("broken-link", 2, 33),
    ]
    assert all("/gone" in problem.message for problem in problems)


def settings(content, text):
    (content / "site.toml").write_text(text)
    current.reset()


def test_entries_have_labels_and_lead_to_other_sites_and_files(client, write, content):
    settings(
        content,
        'header = ["Jobs → /hire", "/hire#words", "Log in → https://app.example.com", "Deck → /deck.pdf",'
        '  "Old → /old", "Later → /later", "/sitemap.xml", "Map → /sitemap.xml", "No file → /no.pdf",'
        '  "Document → /hire.md", "/"]\n'
        'header_button = "Book a demo → https://demo.example.com"\n',
    )
    (content / "deck.pdf").write_bytes(b"%PDF-")
    write("/hire", "Hire")
    write("/new", "New", more="Aliases: /old\n")
    write("/later", "Later", more="Status: draft\n")
    header = page_at(client, "/hire").select_one(".site-header")
    assert links(header.find("nav")) == [
        ("Jobs", "/hire", "page"),
        ("Hire", "/hire#words", None),
        ("Log in", "https://app.example.com", None),
        ("Deck", "/deck.pdf", None),
        ("Old", "/new", None),
        ("Map", "/sitemap.xml", None),
        ("Home", "/", None),
    ]
    external = header.select("a[rel]")
    assert [(link.text, link["rel"]) for link in external] == [
        ("Book a demo", ["external", "noreferrer"]),
        ("Log in", ["external", "noreferrer"]),
    ]


def test_the_footer_has_groups_that_repeat_no_link(client, write, content):
    settings(
        content,
        'footer = ["/hire", "/pricing", "/terms"]\n[footer_groups]\n'
        '"Roles & more" = ["/hire/cook", "/hire", "/terms"]\n'
        'Company = ["Status → https://status.example.com"]\nEmpty = []\nGone = ["/gone"]\n',
    )
    write("/hire", "Hire", "## ROLES\n\n**Pages under:** /hire")
    write("/hire/cook", "Cook")
    write("/pricing", "Pricing")
    write("/terms", "Terms")

    def groups(url):
        footer = page_at(client, url).find("nav", {"aria-label": "Footer"})
        return {
            group.p.text.strip(): [link["href"] for link in group.ul.find_all("a")] for group in footer.find_all("div")
        }

    company = {"Company": ["https://status.example.com", "/pricing"]}
    assert groups("/pricing") == {"Hire": ["/hire/cook"], "Roles & more": ["/terms"], **company}
    assert groups("/hire") == {"Roles & more": ["/hire", "/terms"], **company}


def test_a_page_has_a_shorter_name_in_the_navigation(client, write, content):
    settings(content, 'header = ["/hire"]\nfooter = ["/hire", "Prices → /pricing"]\n')
    write("/hire", "Hire the Right People", more="Nav title: Hire\n")
    write("/hire/cook", "Hire the Right People: Cook")
    write("/hire/clerk", "A Clerk for Your Office", more="Nav title: Clerk\n")
    write("/pricing", "Pricing", more="Nav title: What it costs\n")
    page = page_at(client, "/hire/clerk")
    assert [link.text for link in page.select(".site-header nav a")] == ["Hire"]
    assert [link.text for link in page.select(".site-footer nav a")] == ["Hire", "Clerk", "Cook", "Prices"]
    assert [crumb.text.strip() for crumb in page.select(".breadcrumbs li")] == ["Home", "Hire", "Clerk"]
    assert page.h1.text == "A Clerk for Your Office"


BANNER = '[banner]\ntext = "Closed until **2 January**. [See prices](/pricing)"\n'


def test_every_page_shows_the_banner_after_the_skip_link(client, write, content):
    write("/pricing", "Pricing")
    css = ".banner{"
    settings(content, "")
    assert page_at(client, "/pricing").aside is None and css not in client.get("/pricing").text
    settings(content, BANNER)
    for url in ("/pricing", "/search", "/gone"):
        page = page_at(client, url)
        assert str(page.aside.p.decode_contents()) == (
            'Closed until <strong>2 January</strong>. <a href="/pricing">See prices</a>'
        )
        assert [link["href"] for link in page.find_all("a")][:2] == ["#content", "/pricing"]
        assert css in page.style.text and page.aside["aria-label"]


def test_only_some_pages_show_the_banner(client, write, content):
    settings(content, BANNER + 'pages = ["/pricing"]\n')
    write("/pricing", "Pricing")
    write("/hire", "Hire")
    assert [bool(page_at(client, url).aside) for url in ("/pricing", "/hire", "/gone")] == [True, False, False]


@pytest.mark.parametrize("debug", [False, True])
def test_the_banner_has_a_first_and_a_last_moment(write, content, debug):
    settings(content, BANNER + 'from = "2030-01-01 09:00"\nuntil = "2030-01-02"\n')
    write("/pricing", "Pricing")
    times = (datetime(2030, 1, day, hour, 59, tzinfo=UTC) for day, hour in ((1, 8), (1, 9), (2, 23), (3, 0)))
    shown = [VisiblePages(current.get_library(), time, debug).banner("/pricing") is not None for time in times]
    assert shown == [debug, True, True, False]


def test_breadcrumbs_use_short_names(client, write):
    write("/hire", "Hire")
    write("/hire/data-engineer", "Hire Data Engineer")
    crumbs = page_at(client, "/hire/data-engineer").find("nav", {"aria-label": "Breadcrumbs"})
    assert [crumb.text.strip() for crumb in crumbs.find_all("li")] == ["Home", "Hire", "Data Engineer"]


def test_a_page_with_many_sections_has_a_table_of_contents(client, write, content):
    body = "\n\n".join(f"## Part {number}\n\nWords." for number in range(MIN_LISTED_SECTIONS))
    ending = "\n\n## RELATED PAGES\n\n- [Hire](/hire)\n\n## READY TO START?\n\nWords."
    write("/pricing", "Pricing", body + ending)
    contents = page_at(client, "/pricing").find("nav", {"aria-label": "On this page"})
    assert links(contents) == [(f"Part {number}", f"#part-{number}", None) for number in range(MIN_LISTED_SECTIONS)]
    write("/pricing", "Pricing", body.replace("## Part 0", "Part 0") + ending)
    assert page_at(client, "/pricing").find("nav", {"aria-label": "On this page"}) is None


def test_a_card_shows_a_line_about_the_linked_page(client, write):
    write("/pricing", "Pricing")
    write("/hire/cook", "Cook", "## THE CHALLENGE\n\nCooks are rare. Good cooks are rarer.\n")
    write(
        "/hire",
        "Hire",
        "## RELATED PAGES\n\n- [Prices](/pricing#words)\n- [Start](/start)\n- [Prices](/pricing) — Our own line\n"
        "- [Cook](/hire/cook)\n",
    )
    cards = page_at(client, "/hire").select(".cards li")
    assert [card.select_one(".about").text if card.select_one(".about") else "" for card in cards] == [
        "What Pricing is.",
        "",
        "Our own line",
        "Cooks are rare.",
    ]


def test_every_link_in_the_table_of_contents_has_a_target(client, content):
    page = page_at(client, SEED_URL)
    listed = [link["href"][1:] for link in page.find("nav", {"aria-label": "On this page"}).find_all("a")]
    assert len(listed) == 7 and all(page.find(id=anchor) for anchor in listed)
