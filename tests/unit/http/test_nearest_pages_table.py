"""Requested addresses, and the page that the 404 page suggests first for each of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import NamedTuple

import pytest

from pages.content.languages import Language
from pages.content.meta import Meta
from pages.http.suggestions import nearest_pages


class Library(SimpleNamespace):
    """A stand-in for a library. Unlike SimpleNamespace itself, it can be the target of weak references."""


class Row(NamedTuple):
    url: str
    name: str
    title: str = ""
    keywords: str = ""
    aliases: tuple[str, ...] = ()
    language: str = "en"


MACHINE_LEARNING, DATA, SCIENTIST = "/hire/machine-learning-engineer", "/hire/data-engineer", "/hire/data-scientist"
RELIABILITY, QUALITY, STACK = "/hire/site-reliability-engineer", "/hire/qa-engineer", "/hire/full-stack-developer"
PRODUCT, MANAGER, DEVOPS = "/hire/product-manager", "/hire/engineering-manager", "/hire/devops-engineer"
FRONTEND, BACKEND, BANK = "/hire/frontend-engineer", "/hire/backend-engineer", "/resources/question-bank"
ROI, SCORECARD, REPORT = "/resources/roi-calculator", "/resources/hiring-scorecard", "/resources/sample-report"

PAGES = (
    Row("/", "Home", "Structured Hiring Assessments | LayersRank", "hiring assessment, technical hiring"),
    Row("/hire", "Hire", "Hire by Role | LayersRank", "technical hiring by role, hire engineers"),
    Row(
        MACHINE_LEARNING,
        "Hire Machine Learning Engineer",
        "Hire Machine Learning Engineers | Structured Assessment | LayersRank",
        "machine learning interview questions, ML engineer assessment, MLOps evaluation, AI engineer screening",
    ),
    Row(DATA, "Hire Data Engineer", "Hire Data Engineers | LayersRank", "data pipeline interview, analytics engineer"),
    Row(SCIENTIST, "Hire Data Scientist", "Hire Data Scientists | LayersRank", "data science assessment"),
    Row(RELIABILITY, "Hire Site Reliability Engineer", "Hire Site Reliability Engineers | LayersRank"),
    Row(QUALITY, "Hire QA Engineer", "Hire QA Engineers | LayersRank", "SDET interview questions", ("/hire/tester",)),
    Row(STACK, "Hire Full Stack Developer", "Hire Full Stack Developers | LayersRank", "web developer evaluation"),
    Row(
        PRODUCT, "Hire Product Manager", "Hire Product Managers | LayersRank", "product sense evaluation, PM screening"
    ),
    Row(MANAGER, "Hire Engineering Manager", "Hire Engineering Managers | LayersRank", "engineering leadership"),
    Row(DEVOPS, "Hire DevOps Engineer", "Hire DevOps Engineers | LayersRank", "platform engineer screening"),
    Row(FRONTEND, "Hire Frontend Engineer", "Hire Frontend Engineers | LayersRank", "UI engineer screening"),
    Row(BACKEND, "Hire Backend Engineer", "Hire Backend Engineers | LayersRank", "API design interview"),
    Row("/resources", "Resources", "Free Hiring Resources | LayersRank", "hiring resources"),
    Row(
        BANK, "Question Bank", "50 Behavioral Interview Questions for Technical Teams", "behavioral interview questions"
    ),
    Row(ROI, "ROI Calculator", "ROI Calculator for Hiring Assessments | LayersRank", "cost of a bad hire"),
    Row(SCORECARD, "Hiring Scorecard", "Hiring Scorecard Template | LayersRank", "interview scorecard"),
    Row(REPORT, "Sample Report", "See a Sample Report | LayersRank", "candidate report", ("/resources/example",)),
    Row("/pricing", "Pricing", "Pricing per Assessment | LayersRank", "assessment price, candidate assessment cost"),
    Row("/about", "About", "About Us | LayersRank", "The Algorithm Indore"),
    Row("/contact", "Contact", "Contact Us: Email, Phone, and Offices | LayersRank", "phone, offices"),
    Row("/privacy", "Privacy", "Privacy on This Website | LayersRank", "data deletion request", ("/data-protection",)),
    Row("/terms", "Terms", "Terms of Use for This Website | LayersRank", "website terms of use"),
    Row("/start", "Start free", "Start Free: 5 Assessments | LayersRank", "free trial", ("/signup",)),
    Row("/de", "Startseite", "Strukturierte Assessments | LayersRank", language="de"),
    Row("/de/preise", "Preise", "Preise pro Assessment | LayersRank", "Kosten", language="de"),
    Row("/de/hire/data-engineer", "Data Engineer einstellen", "Data Engineers einstellen | LayersRank", language="de"),
)

NEAREST = {
    # Abbreviations: the initials of a name, or keywords in META.
    "/hire/ml-engineer": MACHINE_LEARNING,
    "/hire/mle": MACHINE_LEARNING,
    "/ml": MACHINE_LEARNING,
    "/hire/ml-engineers": MACHINE_LEARNING,
    "/hire/senior-ml-engineer": MACHINE_LEARNING,
    "/hire/ai-engineer": MACHINE_LEARNING,
    "/hire/mlops": MACHINE_LEARNING,
    "/hire/sre": RELIABILITY,
    "/sre": RELIABILITY,
    "/roles/sre": RELIABILITY,
    "/hire/pm": PRODUCT,
    "/hire/qa": QUALITY,
    "/hire/sdet": QUALITY,
    "/hire/ui-engineer": FRONTEND,
    "/hire/em": MANAGER,
    # aliases
    "/tester": QUALITY,
    "/hire/testers": QUALITY,
    "/resources/examples": REPORT,
    "/sign-up": "/start",
    "/en/data-protection": "/privacy",
    # words of titles and keywords
    "/free-trial": "/start",
    "/terms-of-use": "/terms",
    "/phone": "/contact",
    "/web-developer": STACK,
    "/hire/platform-engineer": DEVOPS,
    "/cost": "/pricing",
    "/50-behavioral-interview-questions": BANK,
    # singular and plural
    "/hire/data-engineers": DATA,
    "/prices": "/pricing",
    "/hire/data-scientists": SCIENTIST,
    "/resource": "/resources",
    "/question-banks": BANK,
    "/resources/sample-reports": REPORT,
    # word order and separators
    "/hire/engineer-data": DATA,
    "/hire/scientist-data": SCIENTIST,
    "/report-sample": REPORT,
    "/hire/data_engineer": DATA,
    "/hire/dataengineer": DATA,
    "/hire/fullstack-developer": STACK,
    "/hire/front-end-engineer": FRONTEND,
    "/hire/back-end-engineer": BACKEND,
    "/hire/dev-ops-engineer": DEVOPS,
    "/hire-data-engineer": DATA,
    "/hire/data/scientist": SCIENTIST,
    "/hire/Data Engineer": DATA,
    # other folders and endings
    "/blog/hire/data-scientist": SCIENTIST,
    "/data-scientist": SCIENTIST,
    "/en-us/pricing": "/pricing",
    "/pricing.html": "/pricing",
    "/pricing.php": "/pricing",
    "/pricing/enterprise": "/pricing",
    "/hire/data-engineer/interview": DATA,
    "/roi-calculator": ROI,
    "/roi": ROI,
    "/tools/roi-calculator.aspx": ROI,
    "/hire/data-engineer-2": DATA,
    "/hire/data-engineer)": DATA,
    "/about-us": "/about",
    "/contact-us": "/contact",
    "/privacy-policy": "/privacy",
    "/hire/beekeeper": "/hire",
    # typos
    "/pricng": "/pricing",
    "/prcing": "/pricing",
    "/abuot": "/about",
    "/contcat": "/contact",
    "/hire/machin-lerning-enginer": MACHINE_LEARNING,
    "/hire/data-sientist": SCIENTIST,
    "/hire/devop-enginer": DEVOPS,
    "/hire/prodct-manger": PRODUCT,
    "/resorces": "/resources",
    "/resources/question-bnak": BANK,
    "/hiring-scorcard": SCORECARD,
    # other languages
    "/de/preis": "/de/preise",
    "/de/data-engineer": "/de/hire/data-engineer",
    "/de/hire/data-enginer": "/de/hire/data-engineer",
}

NOTHING = (
    "/",
    "/wp-login.php",
    "/wp-admin/setup-config.php",
    "/blog/wp-content/plugins/hire/readme.txt",
    "/.env",
    "/hire/.env",
    "/.git/config",
    "/.well-known/security.txt",
    "/admin.php",
    "/admin",
    "/phpmyadmin",
    "/cgi-bin/report.cgi",
    "/xmlrpc.php",
    "/server-status",
    "/qwertz",
    "/xkcdvbnm",
    "/a",
    "/zz",
    "/12345",
    "/3f9a1c7e",
    "/nothing-here",
    "/beekeeper",
    "/preise",
    "/-",
    "/%",
    "/index.html",
    "/login",
)


@pytest.fixture(scope="module")
def visible():
    rows = {row.url: row for row in PAGES}
    pages = {
        row.url: SimpleNamespace(
            url=row.url, name=row.name, meta=Meta(row.title, keywords=row.keywords, aliases=row.aliases)
        )
        for row in PAGES
    }
    library = Library(pages=pages, folder_languages={}, children=dict.fromkeys(("/hire", "/resources", "/de"), ()))

    def language_of(page):
        return Language(rows[page.url].language if page else "en")

    return SimpleNamespace(library=library, page=pages.get, language_of=language_of)


@pytest.mark.parametrize(("path", "nearest"), NEAREST.items())
def test_the_nearest_page_is_first(visible, path, nearest):
    assert next((page.url for page in nearest_pages(path, visible)), None) == nearest


def test_pages_that_match_much_worse_than_the_first_are_left_out(visible):
    assert [page.url for page in nearest_pages("/hire/machine-lerning-engineer", visible)] == [
        "/hire/machine-learning-engineer",
        "/hire",
    ]


@pytest.mark.parametrize("path", NOTHING)
def test_nothing_is_better_than_nonsense(visible, path):
    assert [page.url for page in nearest_pages(path, visible)] == []


@pytest.mark.parametrize("path", NEAREST)
def test_all_suggestions_are_in_the_language_of_the_address(visible, path):
    languages = {visible.language_of(page).code for page in nearest_pages(path, visible)}
    assert languages == {"de" if path.startswith("/de/") else "en"}
