"""Inspect SVG files: their width and height, and whether they contain anything that a browser could run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

NAMESPACE = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"

# Elements that run scripts or show HTML (https://www.w3.org/TR/SVG2/embedded.html, https://www.w3.org/TR/SVGTiny12).
_ACTIVE_ELEMENTS = frozenset({"script", "foreignobject", "iframe", "embed", "object", "handler", "listener"})
_ANIMATIONS = frozenset({"animate", "set"})
_RUNNABLE = re.compile(r"(?:java|vb|live)script:")
_SAFE_DATA = re.compile(r"data:image/(?:avif|gif|jpeg|jpg|png|webp)[;,]")
_IGNORED = re.compile(r"[\x00-\x20]")  # browsers ignore these characters within a URL's scheme
_PIXELS = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)(?:px)?\s*")
_VIEW_BOX = re.compile(r"[\s,]+")


class ActiveContent(Exception):
    """The file contains something that a browser could run. The exception's message names this content."""


class NotSvg(Exception):
    """The file is not an SVG."""


class MissingNamespace(Exception):
    """The file's <svg> tag is not in the SVG namespace. Browsers show such a file as a broken image."""


def inspect(raw: bytes) -> tuple[int, int]:
    """Return the width and height of an SVG in pixels.

    If the SVG doesn't state both in pixels, return the width and height of its viewBox. Without a viewBox, return
    (0, 0).

    Raise an exception if the site can't show the file. The whole file is parsed to detect incomplete files. Nested and
    external entities are rejected. expat itself limits the expansion of other entities. expat also reports the elements
    and attributes in expanded entities, so these are checked too.
    """
    roots: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local_name = name.rpartition(" ")
        if not roots:
            if local_name != "svg":
                raise NotSvg
            if namespace != NAMESPACE:
                raise MissingNamespace
            roots.append(attributes)
        _check_element(namespace, local_name, attributes)

    def reject_entity(name: str, is_parameter: bool, value: str | None, *rest: object) -> None:
        if value is None or "&" in value or "%" in value:
            raise ValueError("the file declares nested or external entities")

    def reject_stylesheet(target: str, data: str) -> None:
        if target == "xml-stylesheet":
            raise ActiveContent("<?xml-stylesheet?>")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EntityDeclHandler = reject_entity
    parser.ProcessingInstructionHandler = reject_stylesheet
    parser.Parse(raw, True)
    root = roots[0]
    own = tuple(_lengths(root.get("width", ""), root.get("height", "")))
    box = tuple(_lengths(*_VIEW_BOX.split(root.get("viewBox", "").strip())[2:]))
    width, height = own if len(own) == 2 else box if len(box) == 2 else (0, 0)
    return width, height


def _check_element(namespace: str, name: str, attributes: dict[str, str]) -> None:
    """Raise ActiveContent if an element or one of its attributes could run a script or show HTML."""
    if namespace == _XHTML or name.lower() in _ACTIVE_ELEMENTS:
        raise ActiveContent(f"<{name}>")
    for full_name, written in attributes.items():
        attribute = full_name.rpartition(" ")[2].lower()
        value = _IGNORED.sub("", written).lower()
        if attribute.startswith("on"):
            raise ActiveContent(f"the attribute {attribute}")
        if _RUNNABLE.search(value):
            raise ActiveContent("a javascript: link")
        if attribute in ("href", "src") and value.startswith("data:") and not _SAFE_DATA.match(value):
            raise ActiveContent("a data: link to something other than an image")
        if name.lower() in _ANIMATIONS and attribute == "attributename" and _is_active(value):
            raise ActiveContent(f"an animation of the attribute {value}")


def _is_active(attribute: str) -> bool:
    return attribute.startswith("on") or attribute.rpartition(":")[2] == "href"


def _lengths(*values: str) -> Iterator[int]:
    """Yield each length in pixels, as a whole number. Skip zeros, and lengths in other units."""
    for value in values:
        match = _PIXELS.fullmatch(value)
        if match and (pixels := round(float(match[1]))):
            yield pixels
