"""Find the phone numbers and email addresses in the targets of links, which readers don't see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .document_links import Link
from .fact_passages import Passage
from .located_text import LocatedText
from .problems import Source

# A phone number after `tel:`, or in a link to WhatsApp. WhatsApp's links have no plus sign.
_PHONE = re.compile(
    r"(?P<start>tel:|https://wa\.me/|https://api\.whatsapp\.com/send/?\?phone=)(?P<plus>\+)?(?P<digits>\d[\d.()-]*)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"mailto:(?P<address>[^?]+)", re.IGNORECASE)


def find_contacts(source: Source, links: Iterable[Link]) -> Iterator[Passage]:
    """Yield the contact details in the targets of `links`. A number without a country code is left out."""
    places = {place: link.href for link in links if (place := _place_of(source, link))}
    for (line, column), href in places.items():
        phone, email = _PHONE.match(href), _EMAIL.match(href)
        if phone and (phone["plus"] or not phone["start"].lower().startswith("tel:")):
            place = line, column + phone.start("digits") - 1
            yield Passage(LocatedText(f"+{phone['digits']}", (0,), (place,)))
        elif email:
            yield Passage(LocatedText(email["address"], (0,), ((line, column + email.start("address")),)))


def _place_of(source: Source, link: Link) -> tuple[int, int] | None:
    """Return the line and the column of a link's target, or None if the target isn't in the document."""
    if link.target:
        return link.target.line, link.target.column
    column = source.line(link.line).find(link.href) + 1
    return (link.line, column) if column else None
