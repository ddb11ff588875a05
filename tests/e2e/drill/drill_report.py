"""The report of a drill: figures, and checks that passed or failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .processes import Site
from .visitors import Visit

COLUMNS = ("posts", "thanks", "rows", "emails", "webhooks", "duplicates", "median s", "slowest s")


@dataclass
class Report:
    """The results of one drill.

    `figures` are keyed by the table's COLUMNS. `notes` are lines that only this drill reports. `events` lists the
    time, in seconds, and the target of each kill. `failures` lists the failed checks.
    """

    seed: int
    figures: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    events: list[tuple[float, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def check(self, description: str, passed: bool) -> None:
        if not passed:
            self.failures.append(description)

    def record_response_times(self, seconds: Iterable[float]) -> None:
        ordered = sorted(seconds)
        self.figures["median s"] = f"{ordered[len(ordered) // 2]:.2f}"
        self.figures["slowest s"] = f"{ordered[-1]:.2f}"

    def check_delivery(self, site: Site, visits: list[Visit], max_duplicates: int) -> None:
        """Check that each visitor has one lead, and that the three messages of each lead arrived."""
        thanked = {visit.email for visit in visits} - {""}
        leads = [email for (email,) in site.rows("SELECT email FROM leads_lead WHERE quarantine = ''")]
        messages = site.rows("SELECT kind, state, message_id FROM leads_message")
        webhook_ids = (f"<{message_id}>" for message_id in site.webhook_receiver.copies)
        received = {*site.mail_server.copies, *webhook_ids}
        self.figures |= {"posts": sum(visit.tries for visit in visits), "thanks": len(thanked), "rows": len(leads)}
        self.record_response_times(visit.seconds for visit in visits)
        self.check("every visitor sees the thank-you page", len(thanked) == len(visits))
        self.check("every visitor who saw it has a lead", thanked <= set(leads))
        self.check("each visitor has exactly one lead", len(leads) == len(set(leads)) == len(visits))
        self.check("each lead has three messages", len(messages) == 3 * len(leads))
        self.check("each message is marked as sent", all(state == "sent" for _, state, _ in messages))
        self.check("each message arrived, and no others", received == {message_id for _, _, message_id in messages})
        self.check_invariants(site, thanked, max_duplicates)

    def check_invariants(self, site: Site, emails: set[str], max_duplicates: int = 0) -> None:
        """Run the checks that every drill must pass."""
        log, peers = site.log.read_text(), (site.mail_server, site.webhook_receiver)
        duplicates = sum(peer.duplicates for peer in peers)
        self.figures |= {
            "emails": len(site.mail_server.copies),
            "webhooks": len(site.webhook_receiver.copies),
            "duplicates": f"{duplicates} of ≤ {max_duplicates}",
        }
        self.check("no more duplicates than at-least-once delivery allows", duplicates <= max_duplicates)
        self.check("no message is sent by two workers at the same time", sum(peer.overlaps for peer in peers) == 0)
        self.check("every webhook has a valid signature", site.webhook_receiver.invalid_signatures == 0)
        self.check("the log contains no email address of a visitor", not any(email in log for email in emails))
        self.check("the log contains no traceback", "Traceback" not in log)
        if self.failures:
            self.notes.append(f"the end of the log:\n{log[-3000:]}")

    def lines(self, drill: str, database: str) -> Iterator[str]:
        """Yield a table row with the drill's figures, then the drill's failures, notes and events."""
        cells = "".join(f"{self.figures.get(column, '')!s:>{max(len(column), 6) + 3}}" for column in COLUMNS)
        yield f"{drill:<13}{database:<12}{cells}   {'FAILED' if self.failures else 'passed'}"
        events = ", ".join(f"{seconds:.2f} s {event}" for seconds, event in self.events)
        yield from (f"             FAILED: {failure}" for failure in self.failures)
        yield from (f"             {line}" for line in (*self.notes, events) if line)

    @staticmethod
    def heading() -> str:
        return f"{'drill':<13}{'database':<12}" + "".join(f"{name:>{max(len(name), 6) + 3}}" for name in COLUMNS)
