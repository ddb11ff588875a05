"""The pages that browser tests visit."""

import pytest

from ...conftest import ROOT, SAMPLE_SITE, SEED_URL
from ...support import copy_words
from .measures import WIDTHS

EXTRA_DOCUMENTS = sorted((ROOT / "tests" / "fixtures" / "documents").glob("*.md"))
SAMPLE_DOCUMENTS = sorted(SAMPLE_SITE.rglob("*.md"))
# All role pages have the same structure, so two are enough. The second one assesses other skills.
ROLES = {"machine-learning-engineer", "product-manager", "index"}
SAMPLE_DOCUMENTS = [path for path in SAMPLE_DOCUMENTS if path.parent.name != "hire" or path.stem in ROLES]
MISSING_PATH = "/no-such-page"


def published(document: str) -> bool:
    """Return True unless the document is a draft or scheduled."""
    return not any(line.lower().startswith(("status: draft", "publish:")) for line in document.splitlines())


TEXTS = [path.read_bytes().decode() for path in SAMPLE_DOCUMENTS + EXTRA_DOCUMENTS]
DOCUMENTS = [copy_words.url(text) or "/" for text in TEXTS if published(text)]
SHIPPED = [path for path in (ROOT / "content").rglob("*.md") if path.name != "README.md"]
SHIPPED_PATHS = sorted(copy_words.url(text) for path in SHIPPED if published(text := path.read_bytes().decode()))
PATHS = list(dict.fromkeys([SEED_URL, "/", MISSING_PATH, "/search?q=mlops", *DOCUMENTS]))

# These pages have the same structure as other pages in PATHS. Tests skip them if a page's words make no difference.
SIMILAR = {"/hire/product-manager", "/hire/platform-engineer", "/hire/test-engineer", "/privacy", "/terms"}
assert set(PATHS) >= SIMILAR

on_every_page = pytest.mark.parametrize("path", PATHS)
on_each_kind_of_page = pytest.mark.parametrize("path", [path for path in PATHS if path not in SIMILAR])
at_every_width = pytest.mark.parametrize("width", WIDTHS)
at_both_ends = pytest.mark.parametrize("width", [WIDTHS[0], WIDTHS[-1]])
