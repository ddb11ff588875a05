"""Measurements for browser tests, with functions from measures.js. Each measurement returns a list of problems."""

from pathlib import Path

WIDTHS = [320, 390, 768, 1440]
SCHEMES = ["light", "dark"]

FUNCTIONS = Path(__file__).with_suffix(".js").read_text()


def measure(page, name: str, *arguments: object):
    function = f"async arguments => {{ {FUNCTIONS}\nawait transitionsEnd()\nreturn {name}(...arguments) }}"
    return page.evaluate(function, list(arguments))


def overflowing_elements(page) -> list[str]:
    """Return elements that extend beyond the page's edges, except inside scrollable elements."""
    return measure(page, "overflowing")


def clipped_text(page) -> list[str]:
    """Return elements that clip their content."""
    return measure(page, "clipped")


def overlapping_text(page) -> list[str]:
    return measure(page, "overlapping")


def layout_shifts(page) -> list[str]:
    """Scroll through the page, and return all layout shifts since it was opened."""
    measure(page, "scrollThrough")
    return measure(page, "shifts")


def small_targets(page) -> list[str]:
    """Return targets smaller than 24 by 24 pixels, except links in a sentence (WCAG 2.5.8)."""
    return measure(page, "smallTargets")


def animations(page) -> list[str]:
    return measure(page, "animations")


def low_contrast_text(page) -> list[str]:
    """Return text with a contrast below 4.5:1. Unlike axe-core, this also works with forced colors."""
    return measure(page, "lowContrast", False)


def low_contrast_in_print(page) -> list[str]:
    return measure(page, "lowContrast", True)


def open_faq_answers(page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


# axe-core's rules for WCAG 2.2 levels A and AA, and its best practices.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_RUN = """async ([context, rules, fewestPasses]) => {
    const {violations, passes} = await axe.run(context, {runOnly: rules})
    if (passes.length < fewestPasses) throw new Error('axe-core checked almost nothing')
    return violations.flatMap(violation => violation.nodes.map(
        node => `${violation.id} at ${node.target}: ${node.failureSummary.replace(/\\s+/g, ' ')}`))
}"""


def axe_violations(page, axe: str, context: object = "html") -> list[str]:
    """Return the violations that axe-core finds. `axe` is the source code of axe-core.

    `context` says which part of the page to check (https://github.com/dequelabs/axe-core/blob/develop/doc/context.md).
    """
    return _run_axe(page, axe, context, AXE_TAGS, fewest_passes=10)


def axe_contrast_violations(page, axe: str) -> list[str]:
    """Return text with too low a contrast, and links that only a faint difference in color sets apart from their text.

    Only these rules of axe-core depend on the color scheme.
    """
    return _run_axe(page, axe, "html", ["color-contrast", "link-in-text-block"], fewest_passes=1)


def _run_axe(page, axe: str, context: object, rules: list[str], *, fewest_passes: int) -> list[str]:
    measure(page, "transitionsEnd")
    page.evaluate(f"() => {{ {axe} }}")
    return page.evaluate(AXE_RUN, [context, rules, fewest_passes])


def tab_stops(page) -> list[dict[str, object]]:
    """Press Tab through the whole page, and return each focused element."""
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0) }")
    stops: list[dict[str, object]] = []
    while (stop := _after_tab(page)) and stop["position"] not in [earlier["position"] for earlier in stops]:
        stops.append(stop)
    return stops


def _after_tab(page):
    page.keyboard.press("Tab")
    return measure(page, "focusedElement")


def focus_each(page) -> list[dict[str, object]]:
    """Focus each control with a script, and return the focused elements as `tab_stops` does, but five times faster."""
    # Chromium shows the focus indicator of an element that a script focuses, but only if the last input was a key.
    page.keyboard.press("Tab")
    return measure(page, "focusEach")


def stops_without_focus_indicator(stops: list[dict[str, object]]) -> list[str]:
    """Return focused elements that are covered, or whose outline is too thin or too faint (WCAG 2.4.11, 2.4.13)."""
    return [
        f"{stop['name']}: {stop['width']} px at {stop['contrast']:.2f}:1{'' if stop['isUncovered'] else ', covered'}"
        for stop in stops
        if stop["width"] < 2 or stop["contrast"] < 3 or not stop["isUncovered"]
    ]


def skipped_by_tab(page, stops: list[dict[str, object]]) -> list[str]:
    positions = {stop["position"] for stop in stops}
    return [name for position, name in measure(page, "focusable") if position not in positions]


def backward_steps(page, stops: list[dict[str, object]]) -> list[str]:
    """Return the presses of Tab that move the focus up or to the left on the page."""
    return measure(page, "backwardSteps", [stop["position"] for stop in stops])
