"""Which link texts are too vague."""

import pytest

from pages.content.link_texts import is_generic


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Start", "en", True),
        ("Read more …", "en-IN", True),
        ("→ here!", "en", True),
        ("Start free", "en", False),
        ("Mehr", "de", True),
        ("Mehr", "en", False),
        ("IR", "en", False),
        ("ir", "pt-BR", True),
        ("más información", "es", True),
        ("続きを読む", "ja", True),
        ("start", "hi", True),
        ("this page", "hi", True),
        ("mehr", "", True),
        ("start", "", True),
    ],
)
def test_a_text_is_vague_in_its_language(text, language, expected):
    assert is_generic(text, language) == expected
