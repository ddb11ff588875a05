"""Social cards: their content, margins and file size."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageDraw

from pages.content import document
from pages.content.blocks import parse
from pages.content.duel import find_duel
from pages.content.problems import Source
from pages.media import card_canvas, card_drawing, social_cards, typesetting
from pages.media.card_canvas import INK
from pages.media.card_drawing import Prices, ReportScores
from pages.media.social_cards import SocialCard, card_of, cards_of

from ...conftest import SEED_URL

WEIGHTS = (("Technical", 45.0), ("Behavioral", 35.0), ("Contextual", 20.0))
PLAIN = SocialCard("hire/a", "LayersRank", "HIRE ENGINEERS", "Find Engineers Who Ship", WEIGHTS)


def duel_of(*rows):
    table = "| Candidate | Score |\n|---|---|\n" + "".join(f"| {name} | {score} |\n" for name, score in rows)
    return find_duel(parse(table))


DUEL = replace(PLAIN, weights=(), duel=duel_of(("A", "74 ± 9"), ("B", "71 ± 3")))

REPORT = replace(PLAIN, weights=(), report=ReportScores(DUEL.duel.candidates, DUEL.duel.axis))
PRICES = replace(PLAIN, weights=(), prices=Prices("Per assessment", (("Small", "₹2,500"), ("Large", "Custom")), "Free"))

HARD = {
    "empty": replace(PLAIN, eyebrow="", headline="", weights=()),
    "a word of 60 letters": replace(PLAIN, headline="W" * 60),
    "600 letters without a space": replace(PLAIN, headline="W" * 600),
    "600 letters": replace(PLAIN, headline=("Reading scores with their bands " * 19)[:600], eyebrow="EYE " * 30),
    "one letter": replace(PLAIN, headline="g", eyebrow="y"),
    "many letters of other faces": replace(PLAIN, headline="Über Łódź → ₹1,500, €20 и Київ, Αθήνα " * 8),
    "right to left": replace(PLAIN, headline="كيف توظف مهندس تعلم الآلة مع LayersRank", weights=()),
    "thirty dimensions": replace(PLAIN, weights=tuple((f"Dimension {n}", 10 / 3) for n in range(30))),
    "weights over 100%": replace(PLAIN, weights=(("All of it", 900.0), ("More", 999.0), ("None", 0.0))),
    "long names": replace(PLAIN, weights=tuple(("A Dimension with a Name of Some Length", 25.0) for _ in range(4))),
    "a duel with long names": replace(
        DUEL, duel=duel_of(("A Name of Some Length " * 3, "74 ± 9"), ("W" * 60, "1 ± 3"))
    ),
    "a duel of large numbers": replace(DUEL, duel=duel_of(("A", "999999.5 ± 100000.25"), ("B", "0 ± 0"))),
    "a duel and a long headline": replace(DUEL, headline="Reading scores with their bands " * 9),
    "four scores": replace(REPORT, report=replace(REPORT.report, rows=DUEL.duel.candidates * 2)),
    "one score": replace(REPORT, report=replace(REPORT.report, rows=DUEL.duel.candidates[:1])),
    "two plans": PRICES,
    "four plans with long texts": replace(
        PRICES, prices=Prices("W" * 60, (("Name of a plan " * 4, "W" * 60),) * 4, "W" * 60)
    ),
    "a long site name": replace(PLAIN, site_name="The Society for Interviews that Say How Sure They Are of Themselves"),
}


def picture(card):
    return Image.open(BytesIO(card.render())).convert("RGB")


def ink(image):
    """Return the bounding box of everything but the background."""
    return ImageChops.difference(image, Image.new("RGB", image.size, INK)).getbbox()


def page_of(text):
    return document.read(Source("content/a.md", text), "/a", document.Settings({}))


@pytest.fixture(scope="module")
def seed(sample_site):
    site = sample_site[1]
    return card_of(site.pages[SEED_URL], site.site.name)


def test_a_card_has_the_headline_and_weights_of_its_page(seed):
    assert seed.headline == "Find ML Engineers Who Ship Models to Production"
    assert seed.eyebrow == "HIRE MACHINE LEARNING ENGINEERS"
    assert seed.weights == WEIGHTS
    assert seed.url.startswith("/social/hire/machine-learning-engineer.")
    assert seed.alt == (
        "HIRE MACHINE LEARNING ENGINEERS. Find ML Engineers Who Ship Models to Production. "
        "A bar drawn to scale: Technical 45%, Behavioral 35%, Contextual 20%. LayersRank"
    )


def test_a_card_shows_the_duel_of_its_page_instead_of_weights(sample_site):
    site = sample_site[1]
    card = card_of(site.pages["/"], site.site.name)
    assert card.duel.candidates == site.pages["/"].hero.duel.candidates and card.weights == ()
    assert "Candidate A 74 ± 9, Candidate B 71 ± 3. The intervals overlap" in card.alt
    assert "Example. All figures made up." in card.alt


def test_a_card_shows_the_scores_of_a_sample_report_or_the_prices_of_plans():
    report = page_of(
        "# A\n\n## HERO\n\n**Headline:** H\n\n## REPORT\n\n**Role:** /hire/a\n\n"
        "| Dimension | Score |\n|---|---|\n| Technical | 66 ± 9 |\n| People | 73 ± 4 |\n| Delivery | 71 ± 6 |\n"
    )
    assert (
        "Technical 66 ± 9, People 73 ± 4, Delivery 71 ± 6. Example. All figures made up." in card_of(report, "Site").alt
    )
    pricing = page_of(
        "# A\n\n## PLANS\n\n| Plan | Per seat | For | No card needed |\n|---|---|---|---|\n"
        "| Solo | ₹5 | One | **[Start → /start]** |\n| Team | Custom | Many | **[Start → /start]** |\n"
    )
    assert "Per seat: Solo ₹5, Team Custom. No card needed" in card_of(pricing, "Site").alt


def test_a_duel_is_drawn_to_scale():
    row = picture(DUEL).crop((card_drawing.ASIDE_LEFT, 246, card_canvas.RIGHT, 247))
    yellow = tuple(bytes.fromhex(card_canvas.YELLOW[1:]))
    band = [x / row.width for x in range(row.width) if row.getpixel((x, 0)) == yellow]
    assert (band[0], band[-1]) == pytest.approx((0.30, 0.66), abs=0.02)


def test_a_card_without_scores_has_no_interval():
    plain = picture(replace(PLAIN, weights=()))
    yellow = tuple(bytes.fromhex(card_canvas.YELLOW[1:]))
    below = plain.crop((0, 500, card_canvas.WIDTH, card_canvas.HEIGHT))
    assert yellow not in {color for _, color in below.getcolors(1 << 16)}


def test_every_page_has_a_card(sample_site):
    site = sample_site[1]
    assert [card.path for card in cards_of(site)] == [url.strip("/") or "index" for url in site.pages]


def test_a_card_is_a_png_of_1200_by_630_pixels(seed):
    image = Image.open(BytesIO(seed.render()))
    assert (image.format, image.size) == ("PNG", (card_canvas.WIDTH, card_canvas.HEIGHT)) == ("PNG", (1200, 630))


@pytest.mark.parametrize("card", [PLAIN, *HARD.values()], ids=["plain", *HARD])
def test_every_card_stays_within_the_margins_and_is_at_most_80_kb(card):
    assert len(card.render()) <= 80_000
    left, top, right, bottom = ink(picture(card))
    assert left >= card_canvas.MARGIN - 2 and right <= card_canvas.RIGHT + 2
    assert top >= 70 and bottom <= card_canvas.HEIGHT - 70


@pytest.mark.parametrize("card", [PLAIN, *HARD.values()], ids=["plain", *HARD])
def test_every_letter_of_the_headline_is_drawn(card, monkeypatch):
    drawn = []
    draw = lambda line, *place: drawn.extend(letters for letters, *_ in line.glyphs)  # noqa: E731
    monkeypatch.setattr(typesetting.Line, "draw", draw)
    card.render()
    headline = "".join(card.headline.split())
    assert headline in "".join("".join(drawn).split())


@pytest.mark.parametrize("name", HARD)
def test_nothing_overlaps_the_headline(name):
    card = replace(HARD[name], eyebrow="", headline=HARD[name].headline or "g")
    without = picture(replace(card, headline=""))
    headline = ImageChops.difference(picture(card), without).getbbox()
    assert ink(without.crop(headline)) is None


def test_rendering_is_deterministic(seed):
    assert seed.render() == replace(seed).render()


@pytest.mark.parametrize(
    "change",
    [
        {"eyebrow": "B"},
        {"headline": "B"},
        {"site_name": "B"},
        {"weights": WEIGHTS[:2]},
        {"duel": DUEL.duel},
        {"path": "hire/b"},
    ],
)
def test_the_card_url_depends_on_the_content(change):
    assert replace(PLAIN, **change).url != replace(PLAIN).url == replace(PLAIN).url


def test_the_card_url_depends_on_the_design_version_and_fonts(monkeypatch):
    plain = replace(PLAIN).url
    monkeypatch.setattr(social_cards, "DESIGN_VERSION", social_cards.DESIGN_VERSION + 1)
    other = replace(PLAIN).url
    monkeypatch.setattr(typesetting, "fonts_digest", lambda: b"another font")
    assert len({plain, other, replace(PLAIN).url}) == 3


def test_the_card_url_is_computed_without_drawing(monkeypatch, seed):
    monkeypatch.setattr(ImageDraw, "Draw", lambda *_: pytest.fail("it drew"))
    assert replace(seed).url == seed.url


def test_bands_are_drawn_to_scale():
    row = picture(PLAIN).crop((card_canvas.MARGIN, 470, card_canvas.RIGHT, 471))
    seen = [row.getpixel((x, 0)) for x in range(row.width)]
    starts = [seen.index(tuple(bytes.fromhex(hue[1:]))) / row.width for hue in card_canvas.HUES[:3]]
    assert starts == pytest.approx([0, 0.45, 0.80], abs=0.005)


@pytest.mark.parametrize(
    ("text", "drawable"),
    [
        ("Ship  models\nto production", "Ship models to production"),
        ("Launch 🚀 day 👩‍💻!", "Launch day !"),
        ("Zoe\u0308", "Zoë"),
        ("Łódź → €20, ₹1,500 и Київ", "Łódź → €20, ₹1,500 и Київ"),
        ("इंजीनियर, क्\u200dष। 5 AI", "इंजीनियर, क्\u200dष। 5 AI"),
        ("a\u200db", "ab"),
        ("தமிழ்", ""),
        ("招聘工程师", ""),
        ("Hire 工程师 now", ""),
        ("🚀", ""),
    ],
)
def test_symbols_missing_from_the_fonts_are_dropped_but_a_text_with_a_missing_letter_is_rejected(text, drawable):
    assert typesetting.drawable(text) == drawable


def test_fonts_draw_nothing_for_missing_glyphs():
    """With these fonts, a missing glyph leaves a gap. Many other fonts draw a box."""
    for font in typesetting.FONTS:
        assert typesetting._font(font, 40).getmask("\uffff").getbbox() is None


@pytest.mark.parametrize("text", ["مهندس", "इंजीनियर"])
def test_letters_that_join_are_dropped_without_raqm(monkeypatch, text):
    typesetting._font_for.cache_clear()
    monkeypatch.setattr(typesetting, "HAS_RAQM", False)
    assert typesetting.drawable(text) == ""
    typesetting._font_for.cache_clear()


def test_words_in_devanagari_are_shaped_as_a_whole():
    line = typesetting.set_line("AI क्षमता", -0.02)
    assert [letters for letters, _, _ in line.glyphs] == ["A", "I", " ", "क्षमता"]
    assert line.glyphs[-1][1] == typesetting.DEVANAGARI
    # The font draws “क्ष” as one shape. With U+200C inside, the font draws two letters, which are wider.
    width, letters = (typesetting._width(text, typesetting.DEVANAGARI) for text in ("क्ष", "क्\u200cष"))
    assert width < letters


def test_letters_that_join_in_devanagari_stay_on_one_line():
    parts = [*typesetting._LineBreaker(0.5, 0).split_word("क्षमतापूर्ण")]
    assert parts == ["क्ष", "म", "ता", "पू", "र्ण"]


def test_text_in_devanagari_is_recognized():
    assert [typesetting.has_devanagari(text) for text in ("AI क", "AI")] == [True, False]


@pytest.mark.parametrize(
    ("hero", "headline"),
    [
        ("**Headline:** Fish & *Chips* <3", "Fish & Chips <3"),
        ("**Headline:** 招聘工程师", "The Page"),
        ("**Headline:** " + "Too long to read. " * 40, "The Page"),
        ("**Subhead:** No headline", "The Page"),
    ],
)
def test_the_page_name_replaces_a_headline_that_cannot_be_drawn(hero, headline):
    assert card_of(page_of(f"# The Page\n## /a\n\n## HERO\n\n{hero}\n"), "LayersRank").headline == headline


def test_the_card_of_a_page_without_a_hero_shows_the_page_or_site_name():
    assert card_of(page_of("# The Page\n## /a\n\nWords.\n"), "LayersRank").headline == "The Page"
    assert card_of(page_of("# 招聘\n## /a\n\nWords.\n"), "LayersRank").headline == "LayersRank"


def test_headline_lines_have_similar_lengths():
    setting = typesetting.fit(
        "Find engineers who ship what they promised to ship and say so", 1040, 300, 96, 1.06, -0.025
    )
    widths = [line.width for line in setting.lines]
    assert len(widths) > 1 and min(widths) > 0.6 * max(widths)
