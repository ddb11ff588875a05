"""Search: results and their order, links to sections, and robustness against any query."""

import html
import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from pages.content import document
from pages.content.problems import Source
from pages.repository import current
from pages.search import service
from pages.search.index import create_in_memory
from pages.search.passages import passages
from pages.search.query import HITS_PER_PAGE, MAX_QUERY_LENGTH, Searcher
from pages.search.snippets import SNIPPET_WORDS

from ...conftest import SEED, SEED_URL, serving

PAGE = "# {name}\n## {url}\n\n## META\n\n```\nTitle: {name} | Site\nDescription: What {name} is.\n{more}```\n\n{body}\n"


def page(url, name, body="## WORDS\n\nNothing more.", more=""):
    text = PAGE.format(name=name, url=url, body=body, more=more)
    return document.read(Source(f"content{url}.md", text), url, document.Settings({}))


def urls(results):
    return [hit.url for hit in results.hits]


def matches(fragments):
    return [fragment.text for fragment in fragments if fragment.is_match]


def text(fragments):
    return "".join(fragment.text for fragment in fragments)


def index_of(pages):
    return Searcher(create_in_memory(pages))


SEED_PAGE = document.read(Source("content/hire/x.md", SEED.read_text()), SEED_URL, document.Settings({}))
PAGES = [
    SEED_PAGE,
    page("/pricing", "Pricing", "## WHAT IT COSTS\n\nFive assessments are free. Then you pay for each."),
    page("/about", "About", "## The café\n\n### Straße und Naïveté\n\nWe wrote Node.js, C++ and R&D there. हिन्दी"),
    page("/costs", "Costs", "## WORDS\n\nNothing of the kind.\n\n## PRICING\n\nSee elsewhere."),
    page("/mention", "Mention", f"## WORDS\n\n{'Many other words. ' * 40} The pricing stands elsewhere."),
]
INDEX = Searcher(create_in_memory(PAGES))


# Results


def test_matches_in_the_name_come_before_matches_in_headings_or_text():
    hits = urls(INDEX.search("pricing"))
    assert hits[0] == "/pricing"
    assert hits.index("/costs") < hits.index("/mention")


def test_a_page_with_all_terms_in_its_name_comes_first():
    others = [page(f"/p{n}", f"Page {n}", "## Data engineer\n\nData engineer, data engineer.") for n in range(5)]
    index = index_of([*others, page("/hire/data-engineer", "Hire Data Engineer")])
    assert urls(index.search("data engineer"))[0] == "/hire/data-engineer"


def test_the_shortest_name_comes_first_if_several_names_have_all_terms():
    names = {"/reports/data-engineer": "Report on a Data Engineer", "/hire/data-engineer": "Hire Data Engineer"}
    index = index_of([page(url, name, "## DATA ENGINEER\n\nData engineer.") for url, name in names.items()])
    assert urls(index.search("data engineer")) == ["/hire/data-engineer", "/reports/data-engineer"]


def test_a_result_shows_the_description_without_the_headline():
    hit = INDEX.search("machine learning engineer").hits[0]
    assert hit.url == SEED_URL and not hit.heading
    assert "".join(fragment.text for fragment in hit.snippet) == SEED_PAGE.meta.description


def test_hits_are_ranked_by_exact_name_then_title_then_distance_between_terms():
    words = "## Words\n\nHow do candidates start? It does not take long, and then the bank of questions is read."
    pages = [
        page("/a", "Questions of a Bank", words),
        page("/b", "Elsewhere", "## How long does it take?\n\nIt does not take the questions of a bank."),
        page("/c", "Question Bank", words + " Long questions" * 9),
        document.read(
            Source("content/d.md", PAGE.format(name="D", url="/d", body=words, more="").replace("D |", "Bank |")),
            "/d",
            document.Settings({}),
        ),
    ]
    index = Searcher(create_in_memory(pages))
    assert urls(index.search("question bank"))[0] == "/c"
    assert urls(index.search("bank"))[-1] == "/b"
    assert urls(index.search("how long does it take"))[0] == "/b"


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("assessment", "/pricing"),  # assessments
        ("pays", "/pricing"),  # pay
        ("asses", "/pricing"),  # a prefix
        ("cafe", "/about"),
        ("CAFÉ", "/about"),
        ("cafe\u0301", "/about"),
        ("naivete", "/about"),
        ("node.js", "/about"),
        ("C++", "/about"),
        ("R&D", "/about"),
        ("हिन्दी", "/about"),
        ("pricing costs", "/pricing"),  # The words are in different parts of the page.
        ("  pricing   costs  ", "/pricing"),
        ('"mlops"', SEED_URL),
        ("mlops:", SEED_URL),
        ("evaluati", SEED_URL),  # the stemmer doesn't recognize incomplete words
        ("confidenc", SEED_URL),
    ],
)
def test_a_search_finds_other_forms_of_a_word(query, url):
    assert url in urls(INDEX.search(query))


def test_only_the_last_term_may_be_a_prefix():
    assert urls(INDEX.search("free asses")) == ["/pricing"]
    assert INDEX.search("asses free").is_partial


def test_a_complete_word_finds_longer_words_but_no_words_that_share_only_its_stem():
    names = {"/a": "One interval", "/b": "Two intervals", "/c": "An interview", "/d": "Intervalic"}
    results = index_of([page(url, name) for url, name in names.items()]).search("interval")
    assert set(urls(results)) == {"/a", "/b", "/d"}
    assert {word for hit in results.hits for word in matches(hit.name)} == {"interval", "intervals", "Intervalic"}


def test_search_operators_are_treated_as_plain_words():
    index = index_of([page("/a", "Near and or not"), page("/b", "Pricing")])
    for word in ("NEAR", "AND", "OR", "NOT"):
        assert urls(index.search(word))[0] == "/a"
    for query in ("name: pricing", "pricing OR near", "NOT pricing", "pricing*", "^pricing", "-pricing"):
        assert "/b" in urls(index.search(query))


def test_partial_matches_are_found_only_if_no_page_has_all_terms():
    assert not INDEX.search("assessments free").is_partial
    results = INDEX.search("pricing xylophone")
    assert results.is_partial and "/pricing" in urls(results)


def test_a_hit_links_to_the_best_section():
    hit = next(hit for hit in INDEX.search("machine learning pricing").hits if hit.url == SEED_URL)
    assert hit.href == f"{SEED_URL}#pricing"
    assert matches(hit.name) == ["Machine", "Learning"] and matches(hit.heading) == ["Pricing"]
    hit = INDEX.search("batch real-time").hits[0]
    assert hit.href == f"{SEED_URL}#question-3"
    assert INDEX.search("pricing").hits[0].href == "/pricing"
    assert INDEX.search("naivete").hits[0].href == "/about#straße-und-naïveté"


def test_every_linked_anchor_exists():
    for each in PAGES:
        assert {passage.anchor for passage in passages(each)} - {""} <= each.anchors


def test_a_snippet_contains_the_match():
    (hit,) = [hit for hit in INDEX.search("pricing elsewhere").hits if hit.url == "/mention"]
    assert matches(hit.snippet) == ["pricing", "elsewhere"]
    assert len(text(hit.snippet).split()) <= SNIPPET_WORDS + 2
    assert "  " not in text(hit.snippet)


def test_a_snippet_ends_with_its_paragraph():
    long = "A chart from a biased sample looks as tidy as one from a sound sample."
    (hit,) = index_of([page("/bias", "Charts", f"## WORDS\n\n{long}\n\nAnother subject.")]).search("biased").hits
    assert text(hit.snippet) == long


def test_a_snippet_begins_with_a_sentence():
    body = f"## WORDS\n\n{'Many other words. ' * 20}The pricing of v1.2 stands elsewhere. It stays there for long."
    (hit,) = index_of([page("/a", "A", body)]).search("elsewhere").hits
    assert text(hit.snippet) == "The pricing of v1.2 stands elsewhere. It stays there for long."


def test_a_snippet_marks_a_sentence_that_is_too_long():
    body = f"## WORDS\n\n{'many other words, ' * 20}and biased ones, {'and many more, ' * 20}in the end."
    (hit,) = index_of([page("/a", "A", body)]).search("biased").hits
    assert text(hit.snippet).startswith("… ") and text(hit.snippet).endswith(" …")
    assert matches(hit.snippet) == ["biased"] and len(text(hit.snippet).split()) <= SNIPPET_WORDS + 2


def test_a_snippet_shows_the_description_in_place_of_a_table_row():
    body = "## WORDS\n\n| Part | Score |\n|---|---|\n| Biased | 71 ± 6 |\n| Sound | 3 |"
    each = page("/a", "A", body)
    (hit,) = index_of([each]).search("biased").hits
    assert text(hit.snippet) == each.meta.description


def test_a_snippet_is_the_description_if_it_has_as_many_matches():
    each = page("/a", "A", "## WORDS\n\nA page of words. All about a description.")
    word = each.meta.description.split()[0]
    (hit,) = index_of([each]).search(word).hits
    assert text(hit.snippet) == each.meta.description


def test_hero_and_table_text_is_indexed_but_hero_labels_are_not():
    for query in ("Ship Models to Production", "Chases accuracy", "₹1,800"):
        assert SEED_URL in urls(INDEX.search(query))
    assert SEED_URL not in urls(INDEX.search("subhead"))


def test_spelling_suggestions():
    assert INDEX.search("asessments").suggestion == "assessments"
    assert INDEX.search("mlosp pricing").suggestion == "mlops pricing"
    assert INDEX.search("qqqqqq").suggestion == ""
    assert INDEX.search("pricing").suggestion == ""


def test_no_suggestion_for_another_word_that_shares_some_letters():
    index = index_of([page("/a", "A", "## WORDS\n\nCall us by phone.")])
    assert index.search("python").suggestion == ""
    assert index.search("phnoe").suggestion == "phone"


def test_pagination():
    index = index_of(page(f"/p{n}", f"Alpha {n}") for n in range(2 * HITS_PER_PAGE + 3))
    first, last = index.search("alpha"), index.search("alpha", 3)
    assert (len(first.hits), first.total, first.next, first.first, first.last) == (
        HITS_PER_PAGE,
        2 * HITS_PER_PAGE + 3,
        2,
        1,
        HITS_PER_PAGE,
    )
    assert (len(last.hits), last.next, last.first) == (3, 0, 2 * HITS_PER_PAGE + 1)
    assert index.search("alpha", 99) == last and index.search("alpha", 0) == index.search("alpha", -3) == first
    assert len({url for number in (1, 2, 3) for url in urls(index.search("alpha", number))}) == 2 * HITS_PER_PAGE + 3


# Robustness


@given(st.text(max_size=300), st.integers(-5, 10**6))
@example('"', 1)
@example('NEAR("a b", 3) * : ^ - + AND {name} : "', 1)
@example("a\0b", 1)
@example("\ud800 pricing", 1)
@example("😀 🏳️‍🌈", 1)
@example("\u202eتسعير\u202c", 1)
@example("(" * 300, 1)
@example("\x1c\x1d\x1e pricing", 1)
def test_any_text_is_accepted(query, number):
    results = INDEX.search(query, number)
    assert len(results.hits) <= HITS_PER_PAGE <= HITS_PER_PAGE + results.total
    for hit in results.hits:
        assert not {"\x1c", "\x1d", "\x1e"} & set(text((*hit.name, *hit.heading, *hit.snippet)))


@given(
    st.lists(st.sampled_from(['"', "*", ":", "-", "(", ")", "{", "}", "^", "+", " ", "AND", "OR", "NEAR", "pricing"]))
)
def test_query_syntax_is_ignored(signs):
    results = INDEX.search("".join(signs))
    assert urls(results) == urls(INDEX.search(results.query.lower()))
    if "pricing" in results.query.split() and not {"AND", "OR", "NEAR"}.intersection(signs):
        assert "/pricing" in urls(results)


@pytest.mark.parametrize("query", ["pricing " * 2_000, "a" * 10_000, "a b " * 5_000, '"' * 10_000, "é" * 10_000])
def test_long_queries_are_truncated(query):
    assert len(INDEX.search(query).query) <= MAX_QUERY_LENGTH


def test_searches_are_thread_safe():
    expected, results = INDEX.search("pricing assessments"), []

    def ask():
        results.extend(INDEX.search("pricing assessments") for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 160 and all(each == expected for each in results)


# The page


def soup(client, query=""):
    return BeautifulSoup(client.get(f"/search{query}").content, "html.parser")


def test_without_a_query_only_the_form_is_shown(client, content):
    page = soup(client)
    form = page.find("form", role="search")
    assert (form["action"], form.get("method", "get")) == ("/search", "get")
    field = form.find("input", {"type": "search"})
    assert form.find("label", {"for": field["id"]}).text and field["value"] == ""
    assert [tag["content"] for tag in page.find_all("meta", {"name": "robots"})] == ["noindex"]
    assert not page.select(".search-results") and page.title.string == "Search | LayersRank"
    assert soup(client, "?q=%20%00").select(".search-results") == []


def test_hits_are_links_with_highlighted_matches(client, content):
    page = soup(client, "?q=mlops+training")
    link = page.select_one(".search-results ol li a")
    assert link["href"].startswith(SEED_URL)
    assert page.select(".search-results mark")
    assert page.title.string == "Search: mlops training | LayersRank"
    assert page.find("input", {"type": "search"})["value"] == "mlops training"


def test_a_hit_in_a_section_names_the_section(client, content):
    place = soup(client, "?q=mlops+training").select_one(".search-results .place")
    assert re.fullmatch("In “[^“”]+”", place.text)


def test_the_query_is_escaped(client, content):
    evil = '"><script>alert(1)</script>'
    response = client.get("/search", {"q": evil}).content.decode()
    assert "<script>alert" not in response and html.escape(evil) in response


def test_document_text_is_escaped(client, content):
    path = content / "hire" / "machine-learning-engineer.md"
    path.write_text(path.read_text() + "\n\n## XYLOPHONE\n\nA xylophone in `<script>alert(1)</script>` &amp; more.\n")
    response = client.get("/search?q=xylophone").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response and "<script>alert" not in response
    assert f'href="{SEED_URL}#xylophone"' in response


def test_a_search_without_hits_shows_links_to_the_hub_pages(client, content):
    (content / "hire" / "index.md").write_text(PAGE.format(name="All Roles", url="/hire", body="", more=""))
    page = soup(client, "?q=mlosp")
    assert "No page contains “mlosp”" in page.select_one(".search-results").text
    suggestion = page.find("a", string="mlops")
    assert suggestion["href"] == "/search?q=mlops" and suggestion["rel"] == ["nofollow"]
    assert [link["href"] for link in page.select(".search-results .cards a")] == ["/hire", "/resources"]


def test_pagination_links_keep_the_query(client, content):
    for number in range(HITS_PER_PAGE + 1):
        (content / f"p{number}.md").write_text(PAGE.format(name=f"R&D {number}", url=f"/p{number}", body="", more=""))
    page = soup(client, "?q=R%26D")
    link = page.find("a", rel="next")
    assert link["href"] == "/search?q=R%26D&page=2"
    last = BeautifulSoup(client.get(link["href"]).content, "html.parser")
    assert len(last.select(".search-results ol li")) == 1
    summary = " ".join(last.select_one(".search-results p").text.split())
    assert summary == f"Showing {HITS_PER_PAGE + 1}"
    assert link.text == "Next result" and page.select_one(".search-results p").text.split()[-1] == f"1–{HITS_PER_PAGE}"
    assert last.find("a", rel="next") is None and page.find("a", rel="prev") is None
    assert last.find("a", rel="prev")["href"] == "/search?q=R%26D&page=1"
    for odd in ("x", "-1", "9" * 5_000, "٣", "1e5", ""):
        assert client.get("/search", {"q": "R&D", "page": odd}).status_code == 200


def test_drafts_are_found_in_development_only(client, content, settings):
    (content / "draft.md").write_text(PAGE.format(name="Xylophone", url="/draft", body="", more="Status: draft\n"))
    assert not soup(client, "?q=xylophone").select(".search-results ol li")
    assert "xylophone" not in soup(client, "?q=xylophon").select_one(".search-results").text.replace("xylophon”", "")
    settings.DEBUG = True
    assert soup(client, "?q=xylophone").select_one(".search-results ol li a")["href"] == "/draft"


def test_a_page_with_noindex_is_not_found(client, content):
    (content / "x.md").write_text(PAGE.format(name="Xylophone", url="/x", body="", more="Robots: noindex\n"))
    assert client.get("/x").status_code == 200
    assert not soup(client, "?q=xylophone").select(".search-results ol li")


def test_a_page_is_found_only_after_its_publication_time(client, content, monkeypatch):
    later = datetime.now(UTC) + timedelta(days=2)
    more = f"Publish: {later:%Y-%m-%d %H:%M}\n"
    (content / "later.md").write_text(PAGE.format(name="Xylophone", url="/later", body="", more=more))
    assert not soup(client, "?q=xylophone").select(".search-results ol li")
    library = current.get_library()
    monkeypatch.setattr(
        current, "visible_pages", lambda: current.VisiblePages(library, later + timedelta(minutes=1), drafts=False)
    )
    assert soup(client, "?q=xylophone").select_one(".search-results ol li a")["href"] == "/later"


def test_the_search_index_is_rebuilt_only_if_pages_change(client, content):
    soup(client, "?q=one")
    before = service._current
    soup(client, "?q=two")
    assert service._current is before
    (content / "new.md").write_text(PAGE.format(name="Xylophone", url="/new", body="", more=""))
    assert soup(client, "?q=xylophone").select(".search-results ol li")
    assert service._current is not before


def test_the_server_accepts_any_query(server):
    server.until("/search?q=mlops", lambda response: "<mark>MLOps</mark>" in response.text)
    odd = ["", "q=", "q=%00", "q=%ff%fe", "q=%22", "q=NEAR(", "q=" + "a" * 3_000, "q=%F0%9F%98%80", "q=a&q=b", "page=2"]
    for query in odd:
        response = server.get(f"/search?{query}")
        assert (response.status, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    refusal = server.get("/search", "POST")
    assert refusal.status == 405 and "Open the page" in refusal.body.decode()
    response = server.get("/search?q=mlops")
    assert "Set-Cookie" not in response.headers


def test_the_running_server_finds_an_edit(few_documents):
    with serving(few_documents, WEB_CONCURRENCY="1") as running:
        running.published("/llms.txt")
        assert "<mark>" not in running.get("/search?q=xylophone").text
        (running.content / "new.md").write_text(PAGE.format(name="Xylophone", url="/new", body="", more=""))
        running.until("/search?q=xylophone", lambda response: "<mark>Xylophone</mark>" in response.text)
