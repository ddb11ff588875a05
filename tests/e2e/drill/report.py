"""What a drill found: figures to look at, and claims that held or did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .processes import Site
from .visitors import Sent

COLUMNS = ("posts", "thanks", "rows", "mails", "webhooks", "duplicates", "median s", "slowest s")


@dataclass
class Report:
    """`figures` by COLUMNS; `notes` are what one drill alone has to say; `moments` say when what was killed."""

    seed: int
    figures: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    moments: list[tuple[float, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def claim(self, what: str, holds: bool) -> None:
        if not holds:
            self.broken.append(what)

    def tell_times(self, seconds: Iterable[float]) -> None:
        ordered = sorted(seconds)
        self.figures["median s"] = f"{ordered[len(ordered) // 2]:.2f}"
        self.figures["slowest s"] = f"{ordered[-1]:.2f}"

    def look_at(self, site: Site, sent: list[Sent], allowed: int) -> None:
        """That everyone who was thanked is in one row, and that each row's three messages arrived; no more than
        `allowed` of them twice."""
        thanked = {each.email for each in sent} - {""}
        rows = [email for (email,) in site.rows("SELECT email FROM leads_lead WHERE quarantine = ''")]
        messages = site.rows("SELECT kind, state, message_id FROM leads_message")
        came = {*site.sink.copies, *(f"<{identity}>" for identity in site.receiver.copies)}
        self.figures |= {"posts": sum(each.tries for each in sent), "thanks": len(thanked), "rows": len(rows)}
        self.tell_times(each.seconds for each in sent)
        self.claim("every visitor is thanked", len(thanked) == len(sent))
        self.claim("every thank-you has its row", thanked <= set(rows))
        self.claim("each lead is one row", len(rows) == len(set(rows)) == len(sent))
        self.claim("each row has its three messages", len(messages) == 3 * len(rows))
        self.claim("each message is marked as sent", all(state == "sent" for _, state, _ in messages))
        self.claim("each message arrived, and no other", came == {identity for _, _, identity in messages})
        self.look_around(site, thanked, allowed)

    def look_around(self, site: Site, emails: set[str], allowed: int = 0) -> None:
        """What holds of every drill."""
        log, peers = site.log.read_text(), (site.sink, site.receiver)
        duplicates = sum(peer.duplicates for peer in peers)
        self.figures |= {
            "mails": len(site.sink.copies),
            "webhooks": len(site.receiver.copies),
            "duplicates": f"{duplicates} of ≤ {allowed}",
        }
        self.claim("no more second copies than at-least-once allows", duplicates <= allowed)
        self.claim("no message is sent by two workers at once", sum(peer.overlaps for peer in peers) == 0)
        self.claim("every webhook is signed", site.receiver.unsigned == 0)
        self.claim("the log names nobody", not any(email in log for email in emails))
        self.claim("nothing breaks unforeseen", "Traceback" not in log)
        if self.broken:
            self.notes.append(f"the end of the log:\n{log[-3000:]}")

    def lines(self, drill: str, database: str) -> Iterator[str]:
        """A row of the table, and what stands under it."""
        cells = "".join(f"{self.figures.get(column, '')!s:>{max(len(column), 6) + 3}}" for column in COLUMNS)
        yield f"{drill:<13}{database:<12}{cells}   {'BROKEN' if self.broken else 'held'}"
        moments = [f"{moment:.2f} s {what}" for moment, what in self.moments]
        yield from (f"             BROKEN: {claim}" for claim in self.broken)
        yield from (f"             {line}" for line in (*self.notes, ", ".join(moments)) if line)

    @staticmethod
    def heading() -> str:
        return f"{'drill':<13}{'database':<12}" + "".join(f"{name:>{max(len(name), 6) + 3}}" for name in COLUMNS)
