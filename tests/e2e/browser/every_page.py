"""The pages that the browser tests go through: every kind that there is."""

import pytest

from ...conftest import ROOT, SAMPLE_SITE, SEED_URL
from ...support import copy_words
from .measures import WIDTHS

OTHER_SHAPES = sorted((ROOT / "tests" / "fixtures" / "documents").glob("*.md"))
WRITTEN = sorted(SAMPLE_SITE.rglob("*.md"))
# Role pages have one make, so two of them stand for all: the first, and one with other dimensions.
ROLES = {"machine-learning-engineer", "product-manager", "index"}
WRITTEN = [path for path in WRITTEN if path.parent.name != "hire" or path.stem in ROLES]
NOWHERE = "/no-such-page"


def published(document: str) -> bool:
    """As far as a document says so itself, and not by a date."""
    return not any(line.lower().startswith(("status: draft", "publish:")) for line in document.splitlines())


TEXTS = [path.read_bytes().decode() for path in WRITTEN + OTHER_SHAPES]
DOCUMENTS = [copy_words.url(text) for text in TEXTS if published(text)]
SHIPPED = [path for path in (ROOT / "content").rglob("*.md") if path.name != "README.md"]
SHIPPED_PATHS = sorted(copy_words.url(text) for path in SHIPPED if published(text := path.read_bytes().decode()))
PATHS = list(dict.fromkeys([SEED_URL, "/", NOWHERE, "/search?q=mlops", *DOCUMENTS]))

on_every_page = pytest.mark.parametrize("path", PATHS)
at_every_width = pytest.mark.parametrize("width", WIDTHS)
at_both_ends = pytest.mark.parametrize("width", [WIDTHS[0], WIDTHS[-1]])
