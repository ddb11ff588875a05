"""What several browser tests measure."""

WIDTHS = [320, 390, 768, 1440]

WIDER = """() => [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
                 && !e.closest('.unseen, .table-scroll, pre') && getComputedStyle(e).position !== 'absolute')
    .map(e => e.tagName + '.' + e.className)"""


def wider_than_the_page(page) -> list[str]:
    """The elements that reach beyond the page's right edge; what scrolls by itself may."""
    wider = page.evaluate(WIDER)
    fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return wider if wider or fits else ["the page"]
