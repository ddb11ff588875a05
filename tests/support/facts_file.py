"""Facts for the `facts.toml` of a test."""

import json


def fact_table(name: str, value: str, what: str = "A fact", **lists: list[str]) -> str:
    """Return the TOML table of a fact. `lists` has the keys whose values are lists of texts, such as `names`."""
    entries = {"value": value, "what": what, "source": "The owner", **lists}
    lines = (f"{key} = {json.dumps(entry, ensure_ascii=False)}\n" for key, entry in entries.items())
    return f"[{name}]\n{''.join(lines)}confirmed = 2026-11-29\n"
