"""A cache of social cards, images and PDFs, because many tests publish the same pages.

A drawn file depends only on the arguments of the function that draws it.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import typst

from pages.kits import pdf
from pages.media import image_encoding
from pages.media.social_cards import SocialCard

MAX_FILES = 200  # per function


def cache_drawing(patch: pytest.MonkeyPatch) -> None:
    """Let `SocialCard.render`, `encode` and `typst.compile` return earlier results. Encode pictures of PDFs quickly."""
    compile_kit = typst.compile

    @lru_cache(MAX_FILES)
    def compile_once(path: Path, data: str, font_paths: tuple[Path, ...], **options: Any) -> object:
        return compile_kit(path, sys_inputs={"data": data}, font_paths=list(font_paths), **options)

    def compile_or_reuse(path: Path, *, sys_inputs: dict[str, str], font_paths: list[Path], **options: Any) -> object:
        return compile_once(path, sys_inputs["data"], tuple(font_paths), **options)

    patch.setattr(typst, "compile", compile_or_reuse)
    patch.setitem(pdf.PICTURE_OPTIONS, "speed", 10)
    patch.setattr(image_encoding, "encode", lru_cache(MAX_FILES)(image_encoding.encode))
    patch.setattr(SocialCard, "render", lru_cache(MAX_FILES)(SocialCard.render))
