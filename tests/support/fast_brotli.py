"""Quick compression, for tests that publish many pages and don't measure their sizes."""

import brotli
import pytest

_compress = brotli.compress
# Environment variables for a test server that runs with the production settings. By default, test servers use
# tests/support/quick_settings.py.
PRODUCTION_SETTINGS = {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings"}


def use_fast_brotli(patch: pytest.MonkeyPatch) -> None:
    """Use a lower quality of Brotli, which is some twenty times faster."""
    patch.setattr(brotli, "compress", lambda body, quality: _compress(body, quality=5))
