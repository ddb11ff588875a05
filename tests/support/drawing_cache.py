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

_compile_kit = typst.compile
_encode_once = lru_cache(MAX_FILES)(image_encoding.encode)
_render_once = lru_cache(MAX_FILES)(SocialCard.render)


@lru_cache(MAX_FILES)
def _compile_once(path: Path, data: str, font_paths: tuple[Path, ...], **options: Any) -> object:
    return _compile_kit(path, sys_inputs={"data": data}, font_paths=list(font_paths), **options)


def _compile(path: Path, *, sys_inputs: dict[str, str], font_paths: list[Path], **options: Any) -> object:
    return _compile_once(path, sys_inputs["data"], tuple(font_paths), **options)


def cache_drawing(patch: pytest.MonkeyPatch) -> None:
    """Let `SocialCard.render`, `encode` and `typst.compile` return earlier results. Encode pictures of PDFs quickly."""
    patch.setattr(typst, "compile", _compile)
    patch.setitem(pdf.PICTURE_OPTIONS, "speed", 10)
    patch.setattr(image_encoding, "encode", _encode_once)
    patch.setattr(SocialCard, "render", _render_once)
