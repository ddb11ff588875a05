"""Each measure finds what is wrong on a page that is broken in one way, and nothing once that is mended."""

import pytest

from .measures import (
    backward_steps,
    barriers,
    cut_words,
    faint_on_paper,
    faint_words,
    keyboard_walk,
    measure,
    motion,
    overlapping_words,
    shifts,
    small_targets,
    unreached,
    unseen_stops,
    wider_than_the_page,
)

BARE = "<!DOCTYPE html><html lang='en'><title>Broken</title><body style='margin: 8px; background: #fff; color: #222'>"
LATE = """<p>Words</p><div id='late' style='height: {height}'></div><p>Words below them</p><script>
    const grow = () => {{ late.style.height = '200px' }}
    addEventListener('load', () => requestAnimationFrame(() => setTimeout(grow, 100)))
</script>"""
OUTLINE = "<style>:focus {{ outline: {} }}</style><a href='/'>A link alone</a>"
SVG = "<svg><rect class='band' width='99' height='9' fill='{}'/></svg>"
MARK = "<style>td::before {{ content: '{}' }}</style><table><tr><td class='great'>Words</td></tr></table>"
COVER = "<div style='position: fixed; inset: 0 0 auto; height: {}; background: #eee'></div><a href='/'>A link alone</a>"


def outline_of(page):
    return unseen_stops(keyboard_walk(page))


def missed(page):
    return unreached(page, keyboard_walk(page))


def order(page):
    return backward_steps(page, keyboard_walk(page))


def moved(page):
    page.wait_for_timeout(300)
    return shifts(page)


def arrival(page):
    page.evaluate("location.hash = 'there'")
    return measure(page, "arrivedAt", "there")


CASES = {
    "too wide": (wider_than_the_page, "<p style='width: 2000px'>Words</p>", "<p>Words</p>"),
    "off to the left": (wider_than_the_page, "<p style='margin-left: -99px'>Words</p>", "<p>Words</p>"),
    "cut off": (
        cut_words,
        "<p style='height: 8px; overflow: hidden'>Words</p>",
        "<p style='height: 40px; overflow: hidden'>Words</p>",
    ),
    "over each other": (
        overlapping_words,
        "<p>Some words</p><p style='margin-top: -2em'>Other words</p>",
        "<p>Some words</p><p>Other words</p>",
    ),
    "moving when late": (moved, LATE.format(height="0"), LATE.format(height="200px")),
    "small": (
        small_targets,
        "<a href='/' style='display: block; width: 20px'>x</a>",
        "<a href='/' style='display: block; width: 24px; height: 24px'>x</a>"
        "<p>A sentence with <a href='/'>a link</a>.</p>",
    ),
    "small and close": (
        small_targets,
        "<div class='prose' style='line-height: 1'><a href='/'>One</a><br><a href='/'>Two</a></div>",
        "<div class='prose' style='line-height: 2.5'><a href='/'>One</a><br><a href='/'>Two</a></div>",
    ),
    "small for its box, large for its reach": (
        small_targets,
        "<div style='position: relative; padding: 9px'><a href='/' style='display: inline-block'>x</a></div>",
        "<div style='position: relative; padding: 9px'><a href='/' style='display: inline-block'>x</a>"
        "<style>a::after { content: ''; position: absolute; inset: 0 }</style></div>",
    ),
    "no outline": (outline_of, OUTLINE.format("none"), OUTLINE.format("3px solid #00f")),
    "a thin outline": (outline_of, OUTLINE.format("1px solid #00f"), OUTLINE.format("2px solid #00f")),
    "a faint outline": (outline_of, OUTLINE.format("3px solid #aaa"), OUTLINE.format("3px solid #777")),
    "something before it": (
        outline_of,
        OUTLINE.format("3px solid #00f") + COVER.format("99px"),
        OUTLINE.format("3px solid #00f") + COVER.format("0"),
    ),
    "out of reach": (
        missed,
        "<a href='/'>One</a><div inert><a href='/'>Two</a></div>",
        "<a href='/'>One</a><a href='/'>Two</a>",
    ),
    "out of order": (
        order,
        "<a href='/'>One</a> <a href='/' tabindex='1'>Two</a>",
        "<a href='/'>One</a> <a href='/'>Two</a>",
    ),
    "up the page": (
        order,
        "<div style='display: flex; flex-direction: column-reverse'><a href='/'>One</a><a href='/'>Two</a></div>",
        "<div style='display: flex; flex-direction: column'><a href='/'>One</a><a href='/'>Two</a></div>",
    ),
    "a region for the mouse alone": (
        lambda page: measure(page, "unreachableScrollers"),
        "<div style='overflow: auto'><p style='width: 3000px'>Words</p></div>",
        "<div style='overflow: auto' tabindex='0'><p style='width: 3000px'>Words</p></div>",
    ),
    "covered where a link leads": (
        arrival,
        COVER.format("99px") + "<div style='height: 3000px'></div><h2 id='there'>Here</h2><div style='height: 3000px'>",
        COVER.format("0px") + "<div style='height: 3000px'></div><h2 id='there'>Here</h2><div style='height: 3000px'>",
    ),
    "a transition": (motion, "<p style='transition: color 1s'>Words</p>", "<p>Words</p>"),
    "a change of page": (
        motion,
        "<style>@view-transition { navigation: auto }</style>",
        "<style>@media (prefers-reduced-motion: no-preference) { @view-transition { navigation: auto } }</style>",
    ),
    "faint words": (faint_words, "<p style='color: #888'>Words</p>", "<p style='color: #666'>Words</p>"),
    "white on paper": (
        faint_on_paper,
        "<div style='background: #000'><p style='color: #fff'>Words</p></div>",
        "<div style='background: #000'><p style='color: #000'>Words</p></div>",
    ),
    "a button without an edge": (
        lambda page: measure(page, "borderless", ".button"),
        "<a class='button' style='border: 2px solid #ddd'>Start</a>",
        "<a class='button' style='border: 2px solid #222'>Start</a>",
    ),
    "a faint drawing": (lambda page: measure(page, "fadedShapes", "rect"), SVG.format("#f5b941"), SVG.format("#222")),
    "no mark": (lambda page: measure(page, "unmarked", "td.great"), MARK.format("Good"), MARK.format("✓")),
}


@pytest.fixture
def shown(chromium):
    context = chromium.new_context(viewport={"width": 800, "height": 600}, reduced_motion="reduce")
    page = context.new_page()

    def written(body: str):
        page.goto("about:blank")
        page.set_content(BARE + body)
        return page

    yield written
    context.close()


@pytest.mark.parametrize("case", CASES)
def test_it_finds_what_is_broken_and_nothing_when_it_is_mended(shown, case):
    found, broken, mended = CASES[case]
    assert found(shown(broken))
    assert not found(shown(mended))


def test_axe_core_finds_what_is_in_the_way_on_a_page_whose_policy_refuses_script(open_page, axe):
    page = open_page("/no-such-page", reduced_motion="reduce")
    assert barriers(page, axe) == []
    page.evaluate("""() => {
        document.querySelector('h1').insertAdjacentHTML('afterend', '<img src="/static/img/icon.svg"><h5>Deep</h5>')
        document.querySelector('h1 ~ h5').style.color = '#556'
    }""")
    assert {barrier.split()[0] for barrier in barriers(page, axe)} >= {"image-alt", "heading-order", "color-contrast"}
