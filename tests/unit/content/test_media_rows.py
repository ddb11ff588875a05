"""Rows of images: which paragraphs are rows, and the size of each image."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from pages.content.images import Picture
from tests.support.content_samples import HEADER, SETTINGS, problem_of, read, rules, visible_text


def picture(url, width, height, format="PNG"):
    return Picture(url, width, height, format, "0123456789abcdef")


PICTURES = {
    each.url: each
    for each in (
        picture("/logo.png", 300, 100),
        picture("/wide.png", 800, 100),
        picture("/large.png", 1200, 800),
        picture("/tall.png", 800, 1200),
        picture("/tiny.png", 30, 20),
        picture("/drawn.svg", 60, 20, "SVG"),
        picture("/unsized.svg", 0, 0, "SVG"),
    )
}


def render(body, pictures=PICTURES):
    """Parse a document whose only section has `body`. Return the page, and its HTML as parsed by BeautifulSoup."""
    page = read(f"{HEADER}## A\n\n{body}", settings=replace(SETTINGS, pictures=pictures))
    html = "".join(part.html for section in page.sections for part in section.body)
    return page, BeautifulSoup(html, "html.parser")


def sizes(body):
    _, soup = render(body)
    return [(image.get("width"), image.get("height")) for image in soup.find_all("img")]


@pytest.mark.parametrize(
    "body",
    [
        "![a](logo.png) ![b](wide.png)",
        "![a](logo.png)\n![b](wide.png)",
        "![a](logo.png)<br>![b](wide.png)",
        "[![a](logo.png)](https://example.com) ![b](wide.png)",
        "- ![a](logo.png) ![b](wide.png)",
        "> ![a](logo.png) ![b](wide.png)",
        "![a](logo.png) ![b](missing.png)",
    ],
)
def test_images_alone_in_a_paragraph_are_a_row(body):
    page, soup = render(body)
    [row] = soup.select(".image-row")
    assert [image["alt"] for image in row.find_all("img")] == ["a", "b"]
    assert soup.get_text(strip=True) == ""
    assert rules(page) == []


@pytest.mark.parametrize(
    "body",
    ["![a](logo.png)", "![a](logo.png) and ![b](wide.png)", "| ![a](logo.png) ![b](wide.png) |\n|---|\n| c |"],
)
def test_other_images_are_not_a_row(body):
    assert render(body)[1].select(".image-row") == []


def test_all_images_of_a_row_have_the_same_height():
    assert sizes("![a](logo.png) ![b](wide.png)") == [("168", "56"), ("448", "56")]


def test_a_row_is_as_wide_as_the_text():
    widths = [int(width) for width, _ in sizes("![a](large.png) ![b](tall.png)")]
    assert sum(widths) + 16 == pytest.approx(640, abs=3)


def test_a_row_of_many_logos_wraps_instead_of_becoming_too_low():
    assert {height for _, height in sizes(" ".join(["![a](wide.png)"] * 5))} == {"48"}


def test_only_a_row_that_fits_into_the_text_stays_on_one_line():
    assert render("![a](large.png) ![b](tall.png)")[1].select(".one-line")
    assert not render(" ".join(["![a](wide.png)"] * 5))[1].select(".one-line")


def test_no_image_is_larger_than_its_file():
    assert sizes("![a](logo.png) ![b](logo.png)") == [("300", "100")] * 2


def test_a_small_image_does_not_make_the_others_small_and_is_reported():
    body = "![a](logo.png) ![tiny one](tiny.png) ![c](logo.png)"
    assert sizes(body)[1] == ("30", "20")
    assert {sizes(body)[0][1], sizes(body)[2][1]} == {"81"}
    page, _ = render(body)
    problem = problem_of(page, "image-row")
    assert page.source.line(problem.line)[problem.column - 1 :][: problem.length] == "tiny one"
    assert "The image tiny.png is much smaller" in problem.message and "81 pixels" in problem.help


def test_a_small_svg_is_enlarged_without_loss_and_is_reported():
    page, soup = render("![a](logo.png) ![b](drawn.svg) ![c](logo.png)")
    assert len({image["height"] for image in soup.find_all("img")}) == 1
    assert rules(page) == ["image-row"]


def test_an_image_without_a_size_has_no_attributes_for_it():
    assert sizes("![a](logo.png) ![b](unsized.svg)") == [("300", "100"), (None, None)]
    assert sizes("![a](unsized.svg) ![b](unsized.svg)") == [(None, None)] * 2


def test_the_browser_learns_how_wide_each_image_is():
    _, soup = render("![a](large.png) ![b](tall.png)")
    width = soup.img["width"]
    assert soup.source["sizes"] == f"(min-width: {int(width) + 64}px) {width}px, 100vw"


def test_captions_of_a_row_stand_under_their_images():
    page, soup = render('![a](logo.png "Acme & Co.") ![b](wide.png)')
    [figure] = soup.select(".image-row > figure")
    assert (figure.img["alt"], figure.figcaption.text) == ("a", "Acme & Co.")
    assert "Acme & Co." in visible_text(page)


def test_an_image_of_a_row_without_alternative_text_is_reported():
    page, _ = render("![a](logo.png) ![](wide.png)")
    problem = problem_of(page, "image-alt")
    assert page.source.line(problem.line)[: problem.column - 1] == "![a](logo.png) "
