"""Keep old links working: rename, retire, and redirect the addresses of a former site."""


def test_rename_a_page_with_the_command(marketer):
    marketer.run("rename_page", "/hire/data-engineer", "/hire/platform-engineer", "--yes")
    assert marketer.problems() == []
    response = marketer.get("/hire/data-engineer")
    assert (response.status_code, response["Location"]) == (301, "/hire/platform-engineer")
    assert marketer.page("/pricing").select("main a[href='/hire/platform-engineer']")


def test_retire_a_page_that_another_page_replaces(marketer):
    marketer.run("retire_page", "/start", "--to", "/pricing", "--yes")
    assert marketer.get("/start")["Location"] == "/pricing"
    assert not any("redirect" in problem or "link" in problem for problem in marketer.problems())
    assert marketer.page("/hire").select("header a[href='/pricing']")
    assert "/start<" not in marketer.get("/sitemap.xml").text


def test_retire_a_page_for_good(marketer):
    marketer.run("retire_page", "/hire/data-engineer", "--yes")
    assert marketer.get("/hire/data-engineer").status_code == 410
    assert {problem.rpartition(" ")[2] for problem in marketer.problems()} >= {"broken-link"}


def test_redirect_the_addresses_of_a_former_site(marketer):
    marketer.write("redirects.toml", '"/index.php" = "/"\n"/jobs/*" = "/hire/*"\n"/team" = "gone"\n')
    assert marketer.problems() == []
    assert marketer.get("/index.php")["Location"] == "/"
    assert marketer.get("/jobs/data-engineer?utm_source=mail")["Location"] == "/hire/data-engineer?utm_source=mail"
    assert marketer.get("/team").status_code == 410


def test_redirect_the_addresses_of_a_former_wordpress_site(marketer):
    marketer.write("redirects.toml", '"/?p=123" = "/hire/data-engineer"\n"/?page_id=2" = "gone"\n')
    assert marketer.problems() == []
    assert marketer.get("/?p=123")["Location"] == "/hire/data-engineer"
    assert (marketer.get("/?page_id=2").status_code, marketer.get("/?p=4").status_code) == (410, 200)


def test_a_slip_in_one_line_keeps_the_other_redirects(marketer):
    marketer.write("redirects.toml", '"/jobs" = "/hire"\n')
    assert marketer.get("/jobs")["Location"] == "/hire"
    marketer.write("redirects.toml", '"/jobs" = "/hire"\n/team = gone\n')
    assert [problem.rpartition(" ")[2] for problem in marketer.problems()] == ["redirect-line"]
    assert marketer.get("/jobs")["Location"] == "/hire"


def test_fix_corrects_links_to_old_addresses(marketer):
    lines = ('"/jobs/*" = "/hire/*"', '"/cost" = "/pricing"', '"/a" = "/cost"', '"/team" = "gone"')
    marketer.write("redirects.toml", "\n".join((*lines, '"/faq" = "/start#more-to-read"', "")))
    text = "[A](/jobs/data-engineer) [B](/cost) [C](/team) [D](/Cost/?x=1#y) [E](/faq#other)"
    marketer.edit("pricing.md", "Words.", text)
    found = marketer.problems()
    assert [problem.rpartition(" ")[2] for problem in found if "pricing.md" in problem] == [
        *("link-spelling", "link-spelling", "broken-link", "link-spelling", "link-spelling")
    ]
    marketer.run("check_content", "--fix")
    text = (marketer.folder / "pricing.md").read_text()
    assert "[A](/hire/data-engineer) [B](/pricing) [C](/team) [D](/pricing?x=1#y) [E](/start#more-to-read)" in text
    assert '"/a" = "/pricing"' in (marketer.folder / "redirects.toml").read_text()
