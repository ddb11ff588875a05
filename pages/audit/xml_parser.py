"""Parse XML of any site."""

from __future__ import annotations

import re
from xml.etree import ElementTree

_DECLARES_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class UnreadableXml(Exception):
    """The text isn't well-formed XML, or it declares entities. The message gives the reason."""


def parse_xml(body: bytes) -> ElementTree.Element:
    """Return the root element of `body`.

    Raise UnreadableXml for a document with a DTD: its entities can expand without a limit.
    """
    if _DECLARES_ENTITIES.search(body):
        raise UnreadableXml("The XML has a DOCTYPE, which sitemaps and feeds don't need.")
    try:
        return ElementTree.fromstring(body)  # noqa: S314 (no entities)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableXml(f"The XML is not well-formed: {error}.") from error


def local_name(element: ElementTree.Element) -> str:
    """Return the name of `element` without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def text_of(element: ElementTree.Element, name: str) -> str:
    """Return the text of the first child `name` in any namespace, or ""."""
    return next(((child.text or "").strip() for child in element if local_name(child) == name), "")
