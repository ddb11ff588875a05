"""Each measurement reports the problem of a broken page, and reports nothing after the page is fixed."""

import pytest

from .measures import (
    animations,
    axe_contrast_violations,
    axe_violations,
    backward_steps,
    clipped_text,
    focus_each,
    layout_shifts,
    low_contrast_in_print,
    low_contrast_text,
    measure,
    overflowing_elements,
    overlapping_text,
    skipped_by_tab,
    small_targets,
    stops_without_focus_indicator,
    tab_stops,
)

BARE = "<!DOCTYPE html><html lang='en'><title>Broken</title><body style='margin: 8px; background: #fff; color: #222'>"
LATE = """<p>Words</p><div id='late' style='height: {height}'></div><p>Words below them</p><script>
    const grow = () => {{ late.style.height = '200px' }}
    addEventListener('load', () => requestAnimationFrame(() => setTimeout(grow, 100)))
</script>"""
OUTLINE = "<style>:focus {{ outline: {} }}</style><a href='/'>A link alone</a>"
SVG = "<svg><rect class='band' width='99' height='9' fill='{}'/></svg>"
SLOWLY_DARK = """<style>
    p { transition: background 2s }
    @media (prefers-color-scheme: dark) { p { background: #222; color: #eee } }
</style><p>Words</p>"""
MARK = "<style>td::before {{ content: '{}' }}</style><table><tr><td class='great'>Words</td></tr></table>"
COVER = "<div style='position: fixed; inset: 0 0 auto; height: {}; background: #eee'></div><a href='/'>A link alone</a>"


def outline_of(page):
    return stops_without_focus_indicator(tab_stops(page))


def outline_without_tab(page):
    return stops_without_focus_indicator(focus_each(page))


def skipped(page):
    return skipped_by_tab(page, tab_stops(page))


def order(page):
    return backward_steps(page, tab_stops(page))


def moved(page):
    page.wait_for_timeout(300)
    return layout_shifts(page)


def arrival(page):
    page.evaluate("location.hash = 'there'")
    return measure(page, "targetProblem", "there")


CASES = {
    "too wide": (overflowing_elements, "<p style='width: 2000px'>Words</p>", "<p>Words</p>"),
    "off to the left": (overflowing_elements, "<p style='margin-left: -99px'>Words</p>", "<p>Words</p>"),
    "clipped": (
        clipped_text,
        "<p style='height: 8px; overflow: hidden'>Words</p>",
        "<p style='height: 40px; overflow: hidden'>Words</p>",
    ),
    "overlapping": (
        overlapping_text,
        "<p>Some words</p><p style='margin-top: -2em'>Other words</p>",
        "<p>Some words</p><p>Other words</p>",
    ),
    "layout shift": (moved, LATE.format(height="0"), LATE.format(height="200px")),
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
    "small box with a large pseudo-element": (
        small_targets,
        "<div style='position: relative; padding: 9px'><a href='/' style='display: inline-block'>x</a></div>",
        "<div style='position: relative; padding: 9px'><a href='/' style='display: inline-block'>x</a>"
        "<style>a::after { content: ''; position: absolute; inset: 0 }</style></div>",
    ),
    "small box in a label without a size": (
        small_targets,
        "<label style='display: contents'><b style='display: block; width: 20px'><input type='checkbox'></b></label>",
        "<label style='display: contents'><b style='display: block; width: 24px; height: 24px'>"
        "<input type='checkbox'></b></label>",
    ),
    "no outline": (outline_of, OUTLINE.format("none"), OUTLINE.format("3px solid #00f")),
    "no outline after a script moves the focus": (
        outline_without_tab,
        "<a href='/'>Another link</a>" + OUTLINE.format("none"),
        "<a href='/'>Another link</a>" + OUTLINE.format("3px solid #00f"),
    ),
    "a thin outline": (outline_of, OUTLINE.format("1px solid #00f"), OUTLINE.format("2px solid #00f")),
    "a faint outline": (outline_of, OUTLINE.format("3px solid #aaa"), OUTLINE.format("3px solid #777")),
    "covered": (
        outline_of,
        OUTLINE.format("3px solid #00f") + COVER.format("99px"),
        OUTLINE.format("3px solid #00f") + COVER.format("0"),
    ),
    "not focusable": (
        skipped,
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
    "a scrollable region without keyboard access": (
        lambda page: measure(page, "unreachableScrollers"),
        "<div style='overflow: auto'><p style='width: 3000px'>Words</p></div>",
        "<div style='overflow: auto' tabindex='0'><p style='width: 3000px'>Words</p></div>",
    ),
    "a covered link target": (
        arrival,
        COVER.format("99px") + "<div style='height: 3000px'></div><h2 id='there'>Here</h2><div style='height: 3000px'>",
        COVER.format("0px") + "<div style='height: 3000px'></div><h2 id='there'>Here</h2><div style='height: 3000px'>",
    ),
    "a link to a missing part": (
        lambda page: [problem for problem in measure(page, "followLinksWithinPage").values() if problem],
        "<a href='#there'>One</a><p id='here'>Words</p>",
        "<a href='#here'>One</a><p id='here'>Words</p>",
    ),
    "a transition": (animations, "<p style='transition: color 1s'>Words</p>", "<p>Words</p>"),
    "a view transition": (
        animations,
        "<style>@view-transition { navigation: auto }</style>",
        "<style>@media (prefers-reduced-motion: no-preference) { @view-transition { navigation: auto } }</style>",
    ),
    "low contrast": (low_contrast_text, "<p style='color: #888'>Words</p>", "<p style='color: #666'>Words</p>"),
    "white text in print": (
        low_contrast_in_print,
        "<div style='background: #000'><p style='color: #fff'>Words</p></div>",
        "<div style='background: #000'><p style='color: #000'>Words</p></div>",
    ),
    "a button with a faint border": (
        lambda page: measure(page, "withoutBorder", ".button"),
        "<a class='button' style='border: 2px solid #ddd'>Start</a>",
        "<a class='button' style='border: 2px solid #222'>Start</a>",
    ),
    "a faint SVG shape": (
        lambda page: measure(page, "lowContrastShapes", "rect"),
        SVG.format("#f5b941"),
        SVG.format("#222"),
    ),
    "no marker": (lambda page: measure(page, "withoutMarker", "td.great"), MARK.format("Good"), MARK.format("✓")),
}


@pytest.fixture
def show(chromium):
    context = chromium.new_context(viewport={"width": 800, "height": 600}, reduced_motion="reduce")
    page = context.new_page()

    def show_body(body: str):
        page.goto("about:blank")
        page.set_content(BARE + body)
        return page

    yield show_body
    context.close()


@pytest.mark.parametrize("case", CASES)
def test_each_measurement_fails_on_the_broken_page_and_passes_on_the_fixed_page(show, case):
    measurement, broken, fixed = CASES[case]
    assert measurement(show(broken))
    assert not measurement(show(fixed))


def test_a_measurement_waits_until_colors_stop_changing(show):
    page = show(SLOWLY_DARK)
    page.emulate_media(color_scheme="dark")
    assert low_contrast_text(page) == []


def test_axe_core_waits_until_colors_stop_changing(show, axe):
    page = show(f"<main><h1>Title</h1><label>Name <input></label><button>Send</button>{SLOWLY_DARK}</main>")
    page.emulate_media(color_scheme="dark")
    assert not [violation for violation in axe_violations(page, axe) if violation.startswith("color-contrast")]


def test_axe_core_runs_despite_the_csp(open_page, axe):
    page = open_page("/no-such-page", reduced_motion="reduce")
    assert axe_violations(page, axe) == []
    page.evaluate("""() => {
        const added = '<img src="/static/img/icon.svg"><h5>Deep</h5><p>Words with <a href="/">a link</a> in them.</p>'
        document.querySelector('h1').insertAdjacentHTML('afterend', added)
        document.querySelector('h1 ~ h5').style.color = '#556'
        const link = document.querySelector('h1 ~ p a')
        Object.assign(link.style, {textDecoration: 'none', fontWeight: 'inherit', color: '#fff'})
    }""")
    assert {violation.split()[0] for violation in axe_violations(page, axe)} >= {
        "image-alt",
        "heading-order",
        "color-contrast",
        "link-in-text-block",
    }
    rules_about_contrast = {violation.split()[0] for violation in axe_contrast_violations(page, axe)}
    assert rules_about_contrast == {"color-contrast", "link-in-text-block"}
