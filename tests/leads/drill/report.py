"""What a drill found: figures to look at, and claims that held or did not."""

from __future__ import annotations

from dataclasses import dataclass, field

from .processes import Site
from .visitors import Sent


@dataclass
class Report:
    seed: int
    figures: dict[str, object] = field(default_factory=dict)
    moments: list[tuple[float, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def claim(self, what: str, holds: bool) -> None:
        if not holds:
            self.broken.append(what)

    def tell_times(self, seconds: list[float]) -> None:
        ordered = sorted(seconds)
        self.figures["slowest post, s"] = f"{ordered[-1]:.2f}"
        self.figures["median post, s"] = f"{ordered[len(ordered) // 2]:.2f}"

    def look_at(self, site: Site, sent: list[Sent], allowed: int) -> None:
        """That everyone who was thanked is in one row, and that each row's three messages arrived; no more than
        `allowed` of them twice."""
        thanked = {each.email for each in sent} - {""}
        rows = [email for (email,) in site.rows("SELECT email FROM leads_lead WHERE quarantine = ''")]
        messages = site.rows("SELECT kind, state, message_id FROM leads_message")
        duplicates = site.sink.duplicates + site.receiver.duplicates
        came = {*site.sink.copies, *(f"<{identity}>" for identity in site.receiver.copies)}
        self.figures |= {
            "visitors": len(sent),
            "thanks": len(thanked),
            "tries": sum(each.tries for each in sent),
            "rows": len(rows),
            "mails": len(site.sink.copies),
            "webhooks": len(site.receiver.copies),
            "duplicates": f"{duplicates} of at most {allowed}",
        }
        self.claim("every visitor is thanked", len(thanked) == len(sent))
        self.claim("every thank-you has its row", thanked <= set(rows))
        self.claim("each lead is one row", len(rows) == len(set(rows)) == len(sent))
        self.claim("each row has its three messages", len(messages) == 3 * len(rows))
        self.claim("each message is marked as sent", all(state == "sent" for _, state, _ in messages))
        self.claim("each message arrived, and no other", came == {identity for _, _, identity in messages})
        self.claim("no more copies than workers that were killed", duplicates <= allowed)
        self.look_around(site, thanked)

    def look_around(self, site: Site, emails: set[str]) -> None:
        """What holds of every drill."""
        log = site.log.read_text()
        overlaps = site.sink.overlaps + site.receiver.overlaps
        self.claim("no message is sent by two workers at once", overlaps == 0)
        self.claim("every webhook is signed", site.receiver.unsigned == 0)
        self.claim("the log names nobody", not any(email in log for email in emails))
        self.claim("nothing broke unforeseen (the log has a traceback)", "Traceback" not in log)
        if self.broken:
            self.broken.append(f"the end of the log:\n{log[-3000:]}")
