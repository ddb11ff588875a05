"""What a request says of the answer that it would like."""

from collections.abc import Iterable

# The names of old that still mean a coding (RFC 9110, 8.4.1.3).
_LEGACY_NAMES = {"x-gzip": "gzip"}


def preferred_codings(accept_encoding: str, codings: Iterable[str]) -> list[str]:
    """Those of `codings` that an Accept-Encoding takes, most liked first; of those liked as much, in their order. As
    they are (`identity`) bodies may be sent unless that is refused (RFC 9110, 12.5.3)."""
    liked: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        if name:
            liked[_LEGACY_NAMES.get(name, name)] = _quality(parameters)
    others = liked.get("*")

    def quality(coding: str) -> float:
        if coding in liked:
            return liked[coding]
        # What is not named at all may be sent, but is liked less than anything that is.
        return others if others is not None else 1e-4 if coding == "identity" else 0

    return sorted((coding for coding in codings if quality(coding)), key=quality, reverse=True)


def _quality(parameters: list[str]) -> float:
    """From 0 to 1; 0, which refuses, where it is none."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0
            return quality if 0 <= quality <= 1 else 0
    return 1


def etag_matches(if_none_match: str, etag: str) -> bool:
    """Whether an If-None-Match names `etag`, be it as a weak one (RFC 9110, 13.1.2)."""
    if if_none_match.strip() == "*":
        return True
    return any(each.strip().removeprefix("W/") == etag for each in if_none_match.split(","))
