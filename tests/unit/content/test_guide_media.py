"""The marketers' guide shows rows of images and videos as the site does."""

import re
from dataclasses import replace

import pytest
from PIL import Image

from pages.content import document
from pages.content.problems import Source
from scripts import guide_pictures, media_pictures
from scripts.guide_pictures import GUIDE, PICTURES

NAMES = media_pictures.HEADINGS
PICTURES_OF_EXAMPLES = media_pictures.pictures()


def read(name):
    settings = replace(guide_pictures.settings(), pictures=PICTURES_OF_EXAMPLES)
    text = f"{guide_pictures.header()}\n## AN EXAMPLE\n\n{media_pictures.example(name)}"
    return document.read(Source("content/hire/data-engineer.md", text), "/hire/data-engineer", settings)


@pytest.mark.parametrize("name", NAMES)
def test_the_example_is_valid_and_makes_what_its_heading_says(name):
    page = read(name)
    assert page.problems == ()
    assert f'class="{name}' in page.sections[0].body[0].html


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_is_up_to_date(name):
    """If this fails, run `make pictures`."""
    assert re.search(rf"^!\[.{{20,}}\]\(\.\./docs/guide/{name}\.png\)$", GUIDE.read_text(), re.MULTILINE)
    path = PICTURES / f"{name}.png"
    with Image.open(path) as picture:
        assert picture.format == "PNG" and 300 < picture.width <= guide_pictures.WIDTH
        assert picture.text[guide_pictures.HASH] == media_pictures.hash_of(name)
    assert path.stat().st_size < 80_000
