"""Link texts that don't say where a link leads."""

from __future__ import annotations

# The English texts that the audit “link-text” of Lighthouse reports
# (https://github.com/GoogleChrome/lighthouse/blob/main/core/audits/seo/link-text.js).
LIGHTHOUSE_TEXTS = frozenset(
    {
        "click here",
        "click this",
        "go",
        "here",
        "information",
        "learn more",
        "more",
        "more info",
        "more information",
        "read more",
        "right here",
        "see more",
        "start",
        "this",
    }
)
# More texts that don't describe the target (WCAG 2.2, 2.4.4).
OTHER_TEXTS = frozenset({"click", "link", "this link", "this page"})


def is_generic(text: str) -> bool:
    """Return whether a link with `text` doesn't say where it leads. Case and marks around the text don't matter."""
    return text.strip(" .!…→").lower() in LIGHTHOUSE_TEXTS | OTHER_TEXTS
