"""What search engines, assistants and other programs get with their real headers, through gunicorn."""

import gzip

import brotli
import pytest

from ...conftest import SEED_URL

HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# The headers User-Agent, Accept and Accept-Encoding of each program, and the encoding that it gets.
AGENTS = {
    "Googlebot": (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; "
        "+http://www.google.com/bot.html) Chrome/142.0.0.0 Safari/537.36",
        "text/html,application/xhtml+xml,application/signed-exchange;v=b3,application/xml;q=0.9,*/*;q=0.8",
        "gzip, deflate, br",
        "br",
    ),
    "GPTBot": (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "*/*",
        "gzip, br, deflate",
        "br",
    ),
    "ClaudeBot": (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        "*/*",
        "gzip",
        "gzip",
    ),
    "Firefox": (
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        HTML,
        "gzip, deflate, br, zstd",
        "br",
    ),
    "curl": ("curl/8.14.1", "*/*", "", None),
}
each_agent = pytest.mark.parametrize(("agent", "accept", "encodings", "encoding"), AGENTS.values(), ids=AGENTS)


@each_agent
def test_every_program_gets_the_page_in_an_encoding_that_it_accepts(server, agent, accept, encodings, encoding):
    headers = {"User-Agent": agent, "Accept": accept, "Accept-Encoding": encodings or "identity"}
    response = server.until(SEED_URL, lambda answer: answer.headers["Content-Encoding"] == encoding, **headers)
    assert (response.status, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    decoders = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
    assert decoders[encoding](response.body).startswith(b"<!DOCTYPE html>")


@each_agent
def test_every_program_gets_the_files_for_crawlers_and_errors(server, agent, accept, encodings, encoding):
    headers = {"User-Agent": agent, "Accept": accept, "Accept-Encoding": encodings or "identity"}
    paths = ("/robots.txt", "/sitemap.xml", "/llms.txt", "/favicon.ico", "/no-such-page", f"{SEED_URL}/")
    assert [server.get(path, **headers).status for path in paths] == [200, 200, 200, 200, 404, 301]
