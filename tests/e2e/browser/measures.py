"""What several browser tests measure, by the functions of measures.js. Each gives what is wrong, so [] is good."""

from itertools import pairwise
from pathlib import Path

WIDTHS = [320, 390, 768, 1440]
SCHEMES = ["light", "dark"]

FUNCTIONS = Path(__file__).with_suffix(".js").read_text()


def measure(page, name: str, *arguments: object):
    return page.evaluate(f"arguments => {{ {FUNCTIONS}\nreturn {name}(...arguments) }}", list(arguments))


def wider_than_the_page(page) -> list[str]:
    """The elements that reach beyond the page's edges; what scrolls by itself may."""
    return measure(page, "sideways")


def cut_words(page) -> list[str]:
    """The elements that hide a part of what is in them."""
    return measure(page, "cut")


def overlapping_words(page) -> list[str]:
    return measure(page, "overlapping")


def shifts(page) -> list[str]:
    """What moved without being asked to, from the page's start until now, after going down the whole of it."""
    measure(page, "scrollThrough")
    return measure(page, "shifts")


def small_targets(page) -> list[str]:
    """What can be pressed and is less than 24 pixels wide or high; links in a sentence may be."""
    return measure(page, "small")


def motion(page) -> list[str]:
    return measure(page, "moving")


def faint_words(page) -> list[str]:
    """Words with less than 4.5:1 against what they stand on. For pages whose colors axe-core does not know: those of
    forced colors, which it takes for what the stylesheet says."""
    return measure(page, "faint", False)


def faint_on_paper(page) -> list[str]:
    return measure(page, "faint", True)


def open_answers(page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(answer => { answer.open = true })")


# WCAG 2.2 A and AA, and what axe holds to be good practice.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_RUN = """async tags => {
    const {violations, passes} = await axe.run(document, {runOnly: {type: 'tag', values: tags}})
    if (passes.length < 10) throw new Error('axe-core hardly looked at the page')
    return violations.flatMap(violation => violation.nodes.map(
        node => `${violation.id} at ${node.target}: ${node.failureSummary.replace(/\\s+/g, ' ')}`))
}"""


def barriers(page, axe: str) -> list[str]:
    """What axe-core, whose source is `axe`, holds to be in a visitor's way."""
    page.evaluate(f"() => {{ {axe} }}")
    return page.evaluate(AXE_RUN, AXE_TAGS)


def keyboard_walk(page) -> list[dict[str, object]]:
    """Where the keyboard stands after each press of Tab, from the page's start to its end."""
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0) }")
    stops: list[dict[str, object]] = []
    while (stop := _after_tab(page)) and stop["place"] not in [earlier["place"] for earlier in stops]:
        stops.append(stop)
    return stops


def _after_tab(page):
    page.keyboard.press("Tab")
    return measure(page, "focused")


def unseen_stops(stops: list[dict[str, object]]) -> list[str]:
    """Where one cannot see where the keyboard stands: no line of 2 pixels at 3:1, or something in front of it."""
    return [
        f"{stop['name']}: {stop['width']} px at {stop['contrast']:.2f}:1{'' if stop['seen'] else ', covered'}"
        for stop in stops
        if stop["width"] < 2 or stop["contrast"] < 3 or not stop["seen"]
    ]


def unreached(page, stops: list[dict[str, object]]) -> list[str]:
    places = {stop["place"] for stop in stops}
    return [name for place, name in measure(page, "reachable") if place not in places]


def backward_steps(page, stops: list[dict[str, object]]) -> list[str]:
    """Steps of the keyboard against the order of the document, or up the page."""
    against = [b["name"] for a, b in pairwise(stops) if b["place"] < a["place"]]
    return against + measure(page, "backwards", [stop["place"] for stop in stops])
