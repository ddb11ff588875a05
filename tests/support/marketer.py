"""A marketer at work on a small content folder: edit files, run the checker, and look at the site as a visitor does."""

import io
import json
import re
from pathlib import Path

from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client

from .facts_file import fact_table

# The pages of the folder. Each page links to all other pages, so no page has a problem with links.
PAGES = {
    "index": "Home",
    "hire/index": "Hire",
    "hire/data-engineer": "Hire Data Engineer",
    "pricing": "Pricing",
    "start": "Start a trial",
    "privacy": "Privacy",
}
DESCRIPTION = "Structured questions, a scorecard, and scores that say how sure they are of themselves."
SITE = """\
name = "LayersRank"
description = "Structured hiring assessments."
language = "en"
header = ["/hire", "/pricing"]
header_button = "Start free → /start"
footer = ["/hire", "/pricing", "/privacy"]
words = ["LayersRank", "FAQ", "QA"]

[calls_to_action]
"Start Free Trial" = "/start"
"""
FACTS = "\n".join(
    [
        fact_table("email", "info@the-algo.com", "The address for all questions"),
        fact_table("phone.India", "+91 89624 12726", "The phone in Indore"),
    ]
)
FIRST_LINE = 13  # the line where a document's text begins, if META has no extra lines


def url_of(path: str) -> str:
    return "/" + re.sub(r"(^|/)index$", "", path)


def document(path: str, name: str, body: str, meta: str = "") -> str:
    """Return a document. `meta` holds more lines for META, each with its line break."""
    links = " ".join(f"[{title}]({url_of(other)})" for other, title in PAGES.items() if other != path)
    return (
        f"# {name}\n## {url_of(path)}\n\n"
        f"## META\n\n```\nTitle: {name} | LayersRank\nDescription: {name}: {DESCRIPTION}\n{meta}```\n\n"
        f"## IN SHORT\n\n{body}\n\n## MORE TO READ\n\n{links}\n"
    )


class Marketer:
    """Edits a content folder, runs the checker and visits the site. At first, the folder has no problems."""

    def __init__(self, folder: Path, client: Client) -> None:
        self.folder, self.client = folder, client

    def start_folder(self) -> None:
        for path, name in PAGES.items():
            body = "**Pages under:** /hire" if path == "hire/index" else "Words."
            self.write(f"{path}.md", document(path, name, body))
        self.write("site.toml", SITE)
        self.write("facts.toml", FACTS)

    # What the marketer does in an editor and a file manager

    def write(self, path: str, text: str | bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def write_page(self, path: str, body: str = "Words.", meta: str = "", name: str = "") -> None:
        """Write the page's text, and keep the page's name. `path` is the file's path without `.md`."""
        self.write(f"{path}.md", document(path, name or PAGES.get(path, path.rpartition("/")[2].title()), body, meta))

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text()
        assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times"
        (self.folder / path).write_text(text.replace(old, new))

    def add_to_site(self, table: str) -> None:
        self.write("site.toml", f"{(self.folder / 'site.toml').read_text()}\n{table}\n")

    # The checker

    def run(self, *arguments: str) -> tuple[str, bool]:
        """Run a command of `manage.py`. Return its output, and whether it succeeded."""
        out = io.StringIO()
        try:
            call_command(*arguments, stdout=out)
        except SystemExit as error:
            return out.getvalue(), not error.code
        return out.getvalue(), True

    def reports(self, *options: str) -> list[dict[str, str]]:
        output, passes = self.run("check_content", "--strict", "--format", "json", *options)
        problems = [each for each in json.loads(output) if each["level"] != "notice"]
        assert passes == (not problems)
        return problems

    def problems(self, *options: str) -> list[str]:
        """Return the problems that make the strict check fail, such as `pricing.md:13: html`."""
        return [
            f"{each['path'].removeprefix('content/')}:{each['line']}: {each['rule']}" for each in self.reports(*options)
        ]

    # The site

    def get(self, url: str, **headers: str):
        return self.client.get(url, headers=headers)

    def page(self, url: str) -> BeautifulSoup:
        response = self.get(url)
        assert response.status_code == 200, f"{url} has the status {response.status_code}"
        return BeautifulSoup(response.content, "html.parser")

    def text(self, url: str, selector: str = "main") -> str:
        return " ".join(" ".join(each.text.split()) for each in self.page(url).select(selector))

    def policy(self, url: str) -> dict[str, str]:
        parts = (part.partition(" ") for part in self.get(url)["Content-Security-Policy"].split("; "))
        return {name: value for name, _, value in parts}
