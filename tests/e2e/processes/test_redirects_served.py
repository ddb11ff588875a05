"""Redirects and removed pages, as gunicorn serves them while marketers edit the files."""

from ...conftest import SEED_URL, serving


def status_is(status, location=None):
    return lambda answer: (answer.status, answer.headers["Location"]) == (status, location)


def test_an_edit_of_redirects_takes_effect_and_a_mistake_does_not(tmp_path):
    with serving(tmp_path / "site", WEB_CONCURRENCY="2") as server:
        server.published("/llms.txt")
        file = server.content / "redirects.toml"
        file.write_text('"/blog/*" = "/hire/*"\n"/webinar" = "gone"\n"/?p=123" = "/pricing"\n')
        server.until("/blog/data-engineer?utm_source=x", status_is(301, "/hire/data-engineer?utm_source=x"))
        server.until("/?utm_source=x&p=123", status_is(301, "/pricing?utm_source=x"))
        assert server.get("/?p=1").status == 200
        answer = server.until("/webinar", status_is(410))
        assert "This page is no longer available" in answer.text and answer.headers["Cache-Control"] != "public"
        (server.content / "hire" / "machine-learning-engineer.md").unlink()
        file.write_text(file.read_text() + f'"{SEED_URL}" = "/hire"\n')
        server.until(SEED_URL, status_is(301, "/hire"))
        assert SEED_URL not in server.until("/sitemap.xml", lambda answer: SEED_URL not in answer.text).text
        file.write_text(file.read_text() + '"/broken" = \n"/later" = "/hire"\n')
        server.until("/hire", lambda answer: "redirects.toml" in server.log.read_text())
        assert status_is(301, "/hire")(server.get(SEED_URL)) and server.get("/later").status == 404
    with serving(tmp_path / "site", WEB_CONCURRENCY="2") as server:  # redirects.toml is still invalid
        server.until(SEED_URL, status_is(301, "/hire"))
        assert server.get("/webinar").status == 410


def test_no_request_can_choose_the_site_or_the_headers(tmp_path):
    with serving(tmp_path / "site", WEB_CONCURRENCY="1") as server:
        (server.content / "redirects.toml").write_text('"/out/*" = "https://shop.example/*"\n"/in/*" = "/*"\n')
        for rest in ("/evil.example", "%0d%0aX-Evil:%201", "%5cevil.example"):
            answer = server.until(f"/out/{rest}", lambda answer: answer.status == 301)
            assert answer.headers["Location"].startswith("https://shop.example/") and "X-Evil" not in answer.headers
            assert server.get(f"/in/{rest}").status == 404
