"""The tasks of a marketer's week. Each test edits the content folder, reads the checker's report, and visits the site.

More tasks are in the folder `marketers_week`.
"""

import re

import pytest

from tests.support.marketer import FIRST_LINE
from tests.support.sample_images import photo, saved
from tests.support.sample_videos import mp4

YOUTUBE = "[![A panel](images/panel.jpg)](https://www.youtube.com/watch?v=aqz-KE-bpKQ)"
VIMEO = "[![A panel](images/panel.jpg)](https://vimeo.com/76979871)"
PICTURE = saved(photo(320, 180), "JPEG")


def pricing(line, *rules):
    """Return the expected problems in a line of the text of pricing.md. Line 0 is the first line."""
    return [f"pricing.md:{FIRST_LINE + line}: {rule}" for rule in rules]


def test_a_marketer_starts_with_a_folder_without_problems(marketer):
    assert marketer.problems() == []
    assert marketer.get("/pricing").status_code == 200


# Blocks in the text of a page. The checker reports no problems in them.

BLOCKS = {
    "quote a customer by name": (
        "> Read the interval first.\n> — Priya Sharma, Head of Data, Example Ltd",
        {
            "figure blockquote": ["Read the interval first."],
            "figcaption": ["— Priya Sharma, Head of Data, Example Ltd"],
        },
    ),
    "quote without a name": ("> Read the interval first.", {"blockquote": ["Read the interval first."]}),
    **{
        f"set a {kind} apart": (
            f"> [!{kind.upper()}]\n> Mind this.",
            {f".callout-{kind}": [f"{kind.title()} Mind this."]},
        )
        for kind in ("note", "tip", "important", "warning", "caution")
    },
    "add a footnote": (
        "Most teams differ.[^a]\n\n[^a]: See your notes.",
        {"sup a": ["1"], "li[id] p": ["See your notes."], "a[href='#mark:1']": ["↩︎"]},
    ),
    "explain terms": ("Dimension\n: A group of skills.", {"dl dt": ["Dimension"], "dl dd": ["A group of skills."]}),
    "set statements in columns": (
        "- **One.** First.\n- **Two.** Second.\n- **Three.** Third.",
        {".statements li": ["One. First.", "Two. Second.", "Three. Third."]},
    ),
    "add a checklist": ("- [x] Agree\n- [ ] Invite", {"li": ["☑ Agree", "☐ Invite"]}),
    "strike words out": ("A ~~struck~~ word.", {"s, del": ["struck"]}),
    "add a table": (
        "| Stage | Minutes |\n|---|--:|\n| Report | 10 |",
        {"thead th": ["Stage", "Minutes"], "tbody tr": ["Report10"]},
    ),
    "show code": ("```sql\nSELECT 1\n```", {"pre code": ["SELECT 1"]}),
    "link to a part of a page": ("[In short](/start#in-short)", {"a[href='/start#in-short']": ["In short"]}),
}


@pytest.mark.parametrize("task", BLOCKS)
def test_a_marketer_can(marketer, task):
    body, expected = BLOCKS[task]
    marketer.write_page("pricing", body)
    assert marketer.problems() == []
    section = marketer.page("/pricing").select_one("#in-short").find_parent("section")
    shown = {selector: [" ".join(each.text.split()) for each in section.select(selector)] for selector in expected}
    assert shown == expected


@pytest.mark.parametrize("heading", ["## FAQ", "## HOW IT WORKS", "## THE HIRING CHALLENGE", "## READY TO START?"])
def test_blocks_work_in_other_sections(marketer, heading):
    body = "> [!NOTE]\n> Mind this.\n\n> Read it.\n> — Priya Sharma\n\nDimension\n: A group of skills."
    marketer.write_page("pricing", f"Words.\n\n{heading}\n\n{body}")
    assert marketer.problems() == []
    page = marketer.page("/pricing").main
    assert [len(page.select(selector)) for selector in (".callout-note", "figcaption", "dl dt")] == [1, 1, 1]


def test_show_a_row_of_logos(marketer):
    for name in ("acme", "globex", "initech"):
        marketer.write(f"images/{name}.jpg", PICTURE)
    marketer.write_page(
        "pricing", "![Acme](images/acme.jpg) ![Globex](images/globex.jpg) ![Initech](images/initech.jpg)"
    )
    assert marketer.problems() == []
    assert [image["alt"] for image in marketer.page("/pricing").select(".image-row img")] == [
        "Acme",
        "Globex",
        "Initech",
    ]
    assert "image-row" in marketer.get("/pricing").text and "image-row" not in marketer.get("/start").text


@pytest.mark.parametrize(
    ("video", "host", "name"),
    [(YOUTUBE, "https://www.youtube-nocookie.com", "YouTube"), (VIMEO, "https://player.vimeo.com", "Vimeo")],
)
def test_show_a_video_after_the_privacy_page_says_so(marketer, video, host, name):
    marketer.write("images/panel.jpg", PICTURE)
    marketer.write_page("pricing", video)
    [report] = marketer.reports()
    assert marketer.problems() == pricing(0, "video-privacy")
    assert name in report["help"] and "content/privacy.md" in report["help"]
    marketer.write_page("privacy", f"If you play a video, {name} receives your IP address.")
    assert marketer.problems() == []
    page = marketer.page("/pricing")
    assert page.select(".player img[alt='A panel']") and not page.select("iframe")
    assert marketer.policy("/pricing")["frame-src"] == host
    assert "frame-src" not in marketer.policy("/start") and "player" not in marketer.get("/start").text


def test_show_a_video_of_our_own(marketer):
    marketer.write("files/demo.mp4", mp4(size=1000))
    marketer.write_page("pricing", "![A report](files/demo.mp4)")
    assert marketer.problems() == pricing(0, "video-poster")
    marketer.write("files/demo.jpg", PICTURE)
    assert marketer.problems() == []
    video = marketer.page("/pricing").select_one("video[controls]")
    assert video["poster"]
    address = (video.get("src") or video.source["src"]).partition("#")[0]
    part = marketer.get(address, range="bytes=0-9")
    assert (part.status_code, len(part.getvalue())) == (206, 10)
    assert marketer.policy("/pricing")["media-src"] == "'self'" and "media-src" not in marketer.policy("/start")


# Settings of the whole site


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        ("", True),
        ('from = "2020-01-01"', True),
        ('from = "2999-01-01 09:00 +05:30"', False),
        ('until = "2999-01-01"', True),
        ('until = "2020-01-01"', False),
    ],
)
def test_show_a_banner_now_or_later(marketer, times, shown):
    marketer.add_to_site(f'[banner]\ntext = "Closed until Monday. [Write to us](/start)"\n{times}')
    assert marketer.problems() == []
    over = "2020-01-01" in times and "until" in times
    assert ("expired-banner" in marketer.run("check_content", "--drafts")[0]) == over
    for url in ("/", "/pricing"):
        assert ("Closed until Monday." in marketer.get(url).text) == shown
    assert bool(marketer.page("/").select(".banner a[href='/start']")) == shown


def test_show_a_banner_on_some_pages_only(marketer):
    marketer.add_to_site('[banner]\ntext = "New prices"\npages = ["/pricing"]')
    assert marketer.problems() == []
    assert ["New prices" in marketer.get(url).text for url in ("/pricing", "/")] == [True, False]


def test_add_a_login_link_to_the_header(marketer):
    marketer.edit(
        "site.toml", '["/hire", "/pricing"]', '["/hire", "/pricing", "Log in → https://app.example.com/login"]'
    )
    assert marketer.problems() == []
    assert marketer.text("/", "header a[href='https://app.example.com/login']") == "Log in"


def test_lead_the_header_button_elsewhere(marketer):
    marketer.edit("site.toml", "Start free → /start", "Book a demo → https://cal.example.com/demo")
    assert marketer.problems() == []
    assert marketer.text("/", "header a.button[href='https://cal.example.com/demo']") == "Book a demo"


def test_group_the_links_in_the_footer(marketer):
    marketer.add_to_site('[footer_groups]\n"Legal and privacy" = ["/privacy", "Status → https://status.example.com"]')
    marketer.edit("site.toml", ', "/privacy"]\nwords', "]\nwords")
    assert marketer.problems() == []
    footer = marketer.page("/").footer
    title = footer.find(string=re.compile("Legal and privacy"))
    links = title.find_parent().find_next("ul").select("a")
    assert [(link.text, link["href"]) for link in links] == [
        ("Privacy", "/privacy"),
        ("Status", "https://status.example.com"),
    ]


def test_shorten_a_long_name_in_the_navigation(marketer):
    marketer.write_page("pricing", name="Prices of Structured Assessments", meta="Nav title: Prices\n")
    assert marketer.problems() == []
    assert marketer.text("/", "header a[href='/pricing']") == "Prices"
    assert marketer.text("/pricing", "h1") == "Prices of Structured Assessments"


@pytest.mark.parametrize(
    ("entry", "advice"),
    [
        ("www.example.com", "https://www.example.com"),
        ("Log in → www.example.com/login", "https://www.example.com/login"),
        ("hire/data-engineer", "/hire/data-engineer"),
        ("../pricing", "/pricing"),
    ],
)
def test_an_incomplete_address_in_the_header_has_a_message_on_its_own_line(marketer, entry, advice):
    marketer.edit("site.toml", '["/hire", "/pricing"]', f'[\n  "/hire",\n  "{entry}",\n]')
    [report] = marketer.reports()
    assert marketer.problems() == ["site.toml:6: site-settings"] and advice in report["help"]
    assert marketer.get("/").status_code == 200


def test_change_the_target_of_a_button_on_all_pages(marketer):
    marketer.write_page("pricing", "**[Start Free Trial]**")
    marketer.write_page("start", "**Primary CTA:** Start Free Trial")
    marketer.edit("site.toml", '"Start Free Trial" = "/start"', '"Start Free Trial" = "/hire"')
    assert marketer.problems() == []
    for url in ("/pricing", "/start"):
        assert marketer.text(url, "main a.button[href='/hire']") == "Start Free Trial"


def test_change_a_phone_number(marketer):
    marketer.edit("facts.toml", "+91 89624 12726", "+91 731 400 0000")
    assert marketer.problems() == []
    assert marketer.page("/").select("footer a[href='tel:+917314000000']")
    assert "89624" not in marketer.get("/pricing").text


def test_a_phone_number_without_a_country_code_is_named(marketer):
    marketer.page("/")
    marketer.edit("facts.toml", "+91 89624 12726", "089624 12726")
    assert marketer.problems() == ["facts.toml:8: facts"]
    assert marketer.page("/").select("footer a[href='tel:+918962412726']"), "the site keeps the last valid number"


def test_give_a_button_another_label_on_all_pages(marketer):
    for path in ("pricing", "start"):
        marketer.write_page(path, "**[Start Free Trial]**")
    marketer.edit("site.toml", '"Start Free Trial" = "/start"', '"Try It Free" = "/start"')
    assert marketer.problems() == [f"{path}.md:{FIRST_LINE}: cta-target" for path in ("pricing", "start")]
    for path in ("pricing", "start"):
        marketer.write_page(path, "**[Try It Free]**")
    assert marketer.problems() == []
    assert marketer.text("/pricing", "main a.button[href='/start']") == "Try It Free"


@pytest.mark.parametrize(
    ("old", "new", "line", "advice"),
    [
        ('name = "LayersRank"', "name = “LayersRank”", 1, "straight"),
        ('"/pricing"]\nheader_b', '"/pricing", "Log in -> https://app.example.com"]\nheader_b', 4, "Log in → https://"),
        ("[calls_to_action]", "[call_to_action]", 9, "calls_to_action"),
        ('"Start free → /start"', '"Start free"', 5, "Start free → /start"),
    ],
)
def test_a_slip_in_site_toml_keeps_the_site_as_it_was(marketer, old, new, line, advice):
    before = marketer.text("/", "header")
    marketer.edit("site.toml", old, new)
    assert marketer.problems() == [f"site.toml:{line}: site-settings"]
    [report] = marketer.reports()
    assert advice in report["help"] and marketer.text("/", "header") == before
