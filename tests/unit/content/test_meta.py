"""META, a document's settings: all keys in upper and lower case, invalid values and invalid lines."""

import re
from datetime import UTC, date, datetime

import pytest

from pages.content import meta, meta_keys
from pages.content.autofix import apply_edits
from pages.content.problems import Source
from tests.support.content_samples import DESCRIPTION, HEADER, read, rules, visible_text

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def parse(*lines):
    return meta.parse(Source("content/a.md", "\n".join(lines)), list(enumerate(lines, start=1)))


def value(line, field):
    parsed, problems = parse(line)
    assert problems == []
    return getattr(parsed, field)


def only_problem(*lines):
    _, (problem,) = parse(*lines)
    return problem


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("Title", "Hire people | LayersRank", "Hire people | LayersRank"),
        ("Nav title", "Hire people", "Hire people"),
        ("Description", "Fair: and fast.", "Fair: and fast."),
        ("Keywords", "a, b", "a, b"),
        ("Status", "published", None),
        ("Publish", "2026-12-01 09:00 +05:30", datetime(2026, 12, 1, 3, 30, tzinfo=UTC)),
        ("Aliases", "/hire/ml-engineer, /hire/mle", ("/hire/ml-engineer", "/hire/mle")),
        ("Canonical", "https://layersrank.com/a", "https://layersrank.com/a"),
        ("Robots", "noindex", "noindex"),
        ("Image", "/images/a.png", "/images/a.png"),
        ("Updated", "2026-11-30", date(2026, 11, 30)),
        ("Author", "Asha Rao", "Asha Rao"),
        ("Date", "2026-11-30", date(2026, 11, 30)),
    ],
)
@pytest.mark.parametrize("case", [str, str.lower, str.upper])
def test_every_key_is_read_in_upper_and_lower_case(key, text, expected, case):
    parsed, problems = parse(f"{case(key)}: {text}")
    assert problems == []
    if key != "Status":
        assert getattr(parsed, key.lower().replace(" ", "_")) == expected


def test_the_list_of_keys():
    assert set(meta_keys.KEYS) == {
        "title", "nav title", "description", "keywords", "status", "publish", "expires", "expires to", "aliases",
        "canonical", "robots", "image", "updated", "author", "date", "language", "translation of",
    }  # fmt: skip


@pytest.mark.parametrize("line", ["Title:A", "Title :  A  ", "  Title: A", "Title:\tA"])
def test_space_around_key_and_value_does_not_matter(line):
    assert value(line, "title") == "A"


def test_an_indented_line_continues_the_line_above():
    assert parse("Description: one", "  two")[0].description == "one two"


def test_the_first_of_two_equal_keys_is_used_and_the_second_is_reported():
    parsed, (problem,) = parse("Title: A", "TITLE: B")
    assert parsed.title == "A"
    assert (problem.rule, problem.line, problem.column) == ("doubled-meta-key", 2, 1)


@pytest.mark.parametrize(("written", "suggestion"), [("Titel", "Title"), ("Keyword", "Keywords"), ("alias", "Aliases")])
def test_a_misspelled_key_gets_a_suggestion(written, suggestion):
    problem = only_problem("Robots: noindex", f"{written}: x")
    assert (problem.rule, problem.level, problem.line) == ("unknown-meta-key", "warning", 2)
    assert f"Did you mean “{suggestion}”?" in problem.help


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("Tags: a, b", "Delete this line. It is for other tools."),
        ("LAYOUT: post", "Delete this line. It is for other tools."),
        ("Categories: a", "Delete this line. It is for other tools."),
        ("Slug: prices", "Delete this line. To set the page's URL, write ## /url below the page's name."),
        ("Permalink: /prices/", "Delete this line. To set the page's URL, write ## /prices below the page's name."),
        (
            "url: https://www.example.com/prices",
            "Delete this line. To set the page's URL, write ## /url below the page's name.",
        ),
        ("permalink: /:year/:title", "Delete this line. To set the page's URL, write ## /url below the page's name."),
        ("Hidden: true", "Delete this line. To hide the page, write `Status: draft`."),
        ("Excerpt: x", "Write “Description” instead of “Excerpt”."),
        ("Published: false", "Did you mean “Publish”?"),
        ("Unpublish: 2026-12-05", "Write “Expires” instead of “Unpublish”."),
        ("Expiry date: 2026-12-05", "Write “Expires” instead of “Expiry date”."),
        ("Go live: 2026-12-05", "Write “Publish” instead of “Go live”."),
    ],
)
def test_keys_of_other_tools_get_help(line, help):
    problem = only_problem("Robots: noindex", line)
    assert (problem.rule, problem.help) == ("unknown-meta-key", help)


@pytest.mark.parametrize("key", ["Unpublish", "Expiry date", "Valid until", "Ends", "Go live", "Published at"])
def test_a_page_with_another_name_for_a_time_stays_a_draft(key):
    parsed, (problem,) = parse(f"{key}: 2026-01-05")
    assert "The page stays a draft until you correct this line." in problem.message
    assert not parsed.is_published(NOW)


def test_help_for_an_unknown_key_lists_all_keys():
    assert only_problem("Zzz: x").help.startswith("Delete this line, or use one of these keys: ")
    assert all(key.capitalize() in only_problem("Zzz: x").help for key in meta_keys.KEYS)


def test_an_invalid_line_is_reported_and_the_others_are_read():
    parsed, (problem,) = parse("Title: A", "just words", "Robots: noindex")
    assert (problem.rule, problem.line) == ("meta-line", 2)
    assert (parsed.title, parsed.robots) == ("A", "noindex")


@pytest.mark.parametrize(
    ("text", "draft"), [("draft", True), ("DRAFT", True), ("published", False), ("Published", False)]
)
def test_status(text, draft):
    assert value(f"Status: {text}", "draft") is draft


@pytest.mark.parametrize("text", ["live", "draft!", "no", "publish"])
def test_an_invalid_status_makes_the_page_a_draft(text):
    parsed, (problem,) = parse(f"Status: {text}")
    assert not parsed.is_published(NOW)
    assert (problem.rule, problem.column, problem.length) == ("meta-value", 9, len(text))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-12-01 09:00 +05:30", datetime(2026, 12, 1, 3, 30, tzinfo=UTC)),
        ("2026-12-01 09:00 -0800", datetime(2026, 12, 1, 17, 0, tzinfo=UTC)),
        ("2026-12-01T09:00Z", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
        ("2026-12-01 09:00", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
        ("2026-12-01 9:00", datetime(2026, 12, 1, 9, 0, tzinfo=UTC)),
        ("2026-12-01T09:00:00+05:30", datetime(2026, 12, 1, 3, 30, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_publish(text, time):
    assert value(f"Publish: {text}", "publish") == time


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2026-13-01",
        "2026-02-30 09:00 +05:30",
        "2026-12-01 25:00",
        "2026-12-01 09:00 IST",
        "1 December 2026",
        "2026-12-01 09:00 +99:00",
        "0001-01-01 00:00 +05:30",
        "9999-12-31 23:59 -05:00",
        "٢٠٢٦-١٢-٠١",
    ],
)
def test_an_invalid_publish_date_makes_the_page_a_draft(text):
    parsed, (problem,) = parse(f"Publish: {text}")
    assert not parsed.is_published(datetime.max.replace(tzinfo=UTC))
    assert (problem.rule, problem.level, problem.column) == ("meta-value", "error", 10)
    assert re.search(r"`Publish: \d{4}-\d\d-\d\d", problem.help)


@pytest.mark.parametrize(
    ("lines", "is_unfinished", "reason"),
    [
        (["Status: draft"], True, "is a draft"),
        (["Draft: true"], True, "is a draft"),
        (["Status: draft", "Publish: soon"], True, "is a draft"),
        (["Publish: 2999-12-01 09:00 +05:30"], True, "is not live until 2999-12-01 03:30 UTC"),
        (["Publish: soon"], False, "is a draft"),
        (["Status: drafft"], False, "is a draft"),
        (["Status: published", "Status: draft"], False, "is a draft"),
        (["Staus: published"], False, "is a draft"),
        (["Expires: 2026-11-01 18:00 +05:30"], True, "expired on 2026-11-01 12:30 UTC"),
        (["Expires: 2026-11-01"], True, "expired on 2026-11-02 00:00 UTC"),
        (["Publish: 2026-10-01", "Expires: 2026-11-01"], True, "expired on 2026-11-02 00:00 UTC"),
        (["Publish: 2998-12-01", "Expires: 2999-12-01"], True, "is not live until 2998-12-01 00:00 UTC"),
        (["Publish: 2026-11-01", "Expires: 2026-11-01 00:00"], False, "is a draft"),
        (["Expires: soon"], False, "is a draft"),
        (["Expire: 2026-11-01"], False, "is a draft"),
        (["Status: draft", "Expires: 2026-11-01"], True, "is a draft"),
        (["Expires: 2999-12-01"], False, None),
        (["Title: Live"], False, None),
    ],
)
def test_a_page_is_unfinished_only_if_its_author_says_so(lines, is_unfinished, reason):
    parsed, _ = parse(*lines)
    assert parsed.is_unfinished(NOW) == is_unfinished
    assert parsed.is_published(NOW) == (reason is None)
    assert reason is None or parsed.reason_unpublished(NOW) == reason


def test_an_invalid_publish_date_overrides_a_published_status():
    assert not parse("Status: published", "Publish: soon")[0].is_published(NOW)


def test_a_page_appears_at_its_publish_date_but_a_draft_never_does():
    parsed = parse("Publish: 2026-12-01 12:00")[0]
    assert [parsed.is_published(NOW.replace(hour=hour)) for hour in (11, 12, 13)] == [False, True, True]
    assert not parse("Status: draft", "Publish: 2020-01-01")[0].is_published(NOW)
    assert meta.Meta().is_published(NOW)


def test_a_time_on_a_draft_is_reported_because_the_page_would_never_go_live():
    problem = only_problem("Status: draft", "Publish: 2026-12-01 09:00 +05:30")
    assert (problem.rule, problem.line) == ("meta-line", 2) and "delete the line “Status: draft”" in problem.help


def test_aliases_are_normalized():
    assert value("Aliases: /A/ , /b//c,", "aliases") == ("/a", "/b/c")


@pytest.mark.parametrize(
    "text",
    [
        *("old", "//x.example", "/\\x.example", "/a b", "https://x.example/a", "/a?b=1", "/a#b", "/a\\b"),
        *("/a/../b", "/./a", "/a/%2E%2e", "/a%00", "/caf%E9"),
    ],
)
def test_an_invalid_alias_is_reported_and_the_others_are_kept(text):
    parsed, (problem,) = parse(f"Aliases: /good, {text}")
    assert parsed.aliases == ("/good",)
    assert (problem.rule, problem.column, problem.length) == ("meta-value", 17, len(text))
    assert text in problem.message


def test_an_invalid_alias_on_a_continuation_line_is_reported():
    parsed, (problem,) = parse("Aliases: /good,", "  old")
    assert (parsed.aliases, problem.line, problem.column) == (("/good",), 1, 10)


@pytest.mark.parametrize("text", ["/hire/a", "https://layersrank.com/a", "HTTPS://x.example/A"])
def test_canonical(text):
    assert value(f"Canonical: {text}", "canonical") == text


@pytest.mark.parametrize("text", ["/Hire/A", "/hire/a/", "/hire//a", "/hire/%61"])
@pytest.mark.parametrize("line", ["Canonical: {}", "  canonical :  {}  ", "**Canonical:** {}"])
def test_the_spelling_of_a_canonical_path_is_corrected(text, line):
    line = line.format(text)
    source = Source("content/a.md", line)
    parsed, (problem,) = meta.parse(source, [(1, line.replace("**", ""))])
    assert (parsed.canonical, problem.rule) == ("/hire/a", "link-spelling")
    assert apply_edits(line, problem.edits) == line.replace(text, "/hire/a")


@pytest.mark.parametrize("text", ["/a%0Ab", "/a%2520b", "/A?b", "/A#b", "/a%20b", "/a b", "/caf%C3%A9"])
def test_a_canonical_path_that_no_page_can_have_is_not_corrected(text):
    assert value(f"Canonical: {text}", "canonical") == text


@pytest.mark.parametrize(
    "text",
    [
        *("hire/a", "javascript:alert(1)", "ftp://x.example", "//x.example", "/\\x.example"),
        *("http://x.example/a", "https://", "https:///a", "https:x.example", "https://x.example/a b", "https://[x"),
    ],
)
def test_an_invalid_canonical_url_is_ignored(text):
    parsed, (problem,) = parse(f"Canonical: {text}")
    assert (parsed.canonical, problem.rule, problem.column) == ("", "meta-value", 12)


@pytest.mark.parametrize("text", ["images/a.png", "https://", "https://x.example/a b.png", "ftp://x.example/a.png"])
def test_an_invalid_image_url_is_ignored(text):
    parsed, (problem,) = parse(f"Image: {text}")
    assert (parsed.image, problem.rule, problem.column) == ("", "meta-value", 8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("noindex", "noindex"),
        ("NoIndex,nofollow", "noindex, nofollow"),
        ("noindex nofollow", "noindex, nofollow"),
        ("max-snippet: 20, max-image-preview:large", "max-snippet:20, max-image-preview:large"),
        ("max-video-preview:-1", "max-video-preview:-1"),
        ("unavailable_after: 2027-01-31", "unavailable_after:2027-01-31"),
    ],
)
def test_robots(text, expected):
    assert value(f"Robots: {text}", "robots") == expected


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        *(("no-follow", "nofollow"), ("max-snippet", "max-snippet:50"), ("max-image-preview:big", "max-image-preview")),
        *(("unavailable_after:2026-02-30", "unavailable_after:2026-12-31"), ("secret", "noindex, nofollow, none")),
        ("noarchive:1", "noarchive"),
    ],
)
def test_unknown_robots_directives_are_reported_and_have_no_effect(text, suggestion):
    parsed, (problem,) = parse(f"Robots: nosnippet, {text}")
    assert (parsed.robots, parsed.keeps_out_search_engines) == ("nosnippet", False)
    assert (problem.rule, problem.column, problem.length) == ("meta-value", 20, len(text))
    assert suggestion in problem.help


@pytest.mark.parametrize(
    "text", ["No-Index", "noidex", "no_index", "noindexx", "non", "noindex;nofollow", "googlebot:noindex", "“noindex”"]
)
def test_a_misspelled_noindex_keeps_the_page_out_of_search_results(text):
    parsed, (problem,) = parse(f"Robots: {text}")
    assert parsed.keeps_out_search_engines
    assert (problem.rule, problem.column, problem.length) == ("meta-value", 9, len(text))


def test_a_problem_marks_the_word_or_url_that_causes_it():
    assert only_problem("Robots: noindex, no").column == 18
    assert only_problem("Aliases: /old-a, a").column == 18


@pytest.mark.parametrize("text", ["2026-02-30", "yesterday", "30.11.2026"])
def test_an_invalid_updated_date_is_ignored_and_the_page_stays_published(text):
    parsed, (problem,) = parse(f"Updated: {text}")
    assert (parsed.updated, problem.rule) == (None, "meta-value")
    assert parsed.is_published(NOW)


def test_a_missing_title_is_an_error_and_a_missing_description_is_a_warning():
    page = read(
        HEADER.replace(
            f"Title: A title\nDescription: {DESCRIPTION}\n",
            "Keywords: a\n",
        )
    )
    assert {(problem.rule, problem.level) for problem in page.problems} == {
        ("missing-title", "error"),
        ("missing-description", "warning"),
    }


def test_help_for_missing_meta_explains_how_to_add_it():
    page = read("# A\n\nwords")
    assert rules(page) == ["missing-meta"]
    assert "## META" in page.problems[0].help


@pytest.mark.parametrize("heading", ["## META", "## Meta", "### META", "# META", "META\n===="])
@pytest.mark.parametrize("fence", ["```", "~~~", "````", "```yaml"])
def test_meta_is_read_with_any_kind_of_heading_and_fence(heading, fence):
    close = fence.removesuffix("yaml")
    page = read(f"{heading}\n\n{fence}\nTitle: A\nDescription: {DESCRIPTION}\n{close}\n\n## FAQ\n\n**Who?**\nWe.\n")
    assert (page.meta.title, page.meta.description, rules(page)) == (
        "A",
        DESCRIPTION,
        [],
    )
    assert "Title" not in visible_text(page)


@pytest.mark.parametrize(
    "lines",
    [
        "Title: A\nDescription: B",
        "**Title:** A\n**Description:** B",
        "Title: A\n\nDescription: B",
        "Title: A\nDescription: B\nKeyword: c",
        "Titel: c\nTitle: A\nDescription: B",
        "Title: A\n<!-- note -->\nDescription: B",
    ],
)
def test_meta_without_a_fence_is_read_and_hidden(lines):
    page = read(f"# Name\n## /a\n\n## META\n\n{lines}\n\n## FAQ\n\n**Who?**\nWe.\n")
    assert (page.meta.title, page.meta.description) == (
        "A",
        "B",
    )
    assert visible_text(page).split()[0] == "FAQ"


def test_text_after_the_meta_block_is_shown():
    assert "kept" in visible_text(read(HEADER + "kept\n\n## FAQ\n"))


def test_meta_at_the_end_of_a_document_is_read():
    page = read("# A\n## /a\n\n## FAQ\n\n**Who?**\nWe.\n\n## META\n\n```\nTitle: T\nDescription: B\n```\n")
    assert (page.meta.title, [section.kind for section in page.sections]) == ("T", ["faq"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20 November 2026", "2026-11-20"),
        ("November 5, 2026", "2026-11-05"),
        ("5 Nov 2026", "2026-11-05"),
        ("2026-11-20T09:00:00+05:30", "2026-11-20"),
        ("2026-11-20 09:00", "2026-11-20"),
        ("2026/11/5", "2026-11-05"),
        ("05/11/2026", "2026-11-05"),  # this may also be 11 May, so the help also suggests 2026-05-11
        ("31 November 2026", "2026-11-30"),
        ("soon", "2026-11-30"),
    ],
)
@pytest.mark.parametrize("key", ["Date", "Updated"])
def test_the_help_for_a_date_in_another_form_gives_the_same_date(key, text, expected):
    parsed, [problem] = parse(f"{key}: {text}")
    assert getattr(parsed, key.lower()) is None
    assert problem.rule == "meta-value" and f"`{key}: {expected}`" in problem.help


def test_a_page_leaves_the_site_at_its_expiry():
    parsed = parse("Publish: 2026-12-01 10:00", "Expires: 2026-12-01 12:00")[0]
    times = [NOW.replace(hour=hour) for hour in (9, 10, 11, 12, 13)]
    assert [parsed.is_published(time) for time in times] == [False, True, True, False, False]
    assert [parsed.has_expired(time) for time in times] == [False, False, False, True, True]
    assert parsed.publication_times == (times[1], times[3])
    assert not parse("Status: draft", "Expires: 2026-12-01")[0].publication_times


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        (["Publish: 2026-12-01", "Expires: 2026-11-30"], 2, "“Expires” must be later than “Publish”."),
        (["Expires to: /pricing"], 1, "“Expires to” has no effect without “Expires”."),
        (["Expires: 2026-12-01", "Expires to: https://example.com/"], 2, "“Expires to” must be the URL of a page"),
        (["Expires: in May"], 1, "“Expires” must be a date, not “in May”."),
    ],
)
def test_lines_about_the_expiry_that_have_no_effect_are_reported(lines, line, message):
    problem = only_problem(*lines)
    assert (problem.rule, problem.line) == ("meta-value", line)
    assert problem.message.startswith(message)


def test_the_page_after_the_expiry_is_a_normalized_path():
    assert parse("Expires: 2026-12-01", "Expires to: /pricing")[0].expires_to == "/pricing"
