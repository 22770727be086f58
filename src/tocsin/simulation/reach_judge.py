"""What must be true of reaching people, by the journal's own order, whatever befell the centre.

Nothing begins that nobody is needed for; nobody has two notices of one incident at a time; and that a device has one
ends none: an answer does, or what makes an answer needless.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from tocsin.model.escalation import INCIDENT_ESCALATED
from tocsin.model.journal import StoredEntry
from tocsin.model.notices import NOTICE_MOVED, NOTICE_QUEUED, Notice, NoticeMoved, NoticeQueued
from tocsin.model.values import Actor, Ref
from tocsin.rules.delivery import MISSED_MAX_S, MISSED_S, SECOND_US, moved, queued
from tocsin.simulation.providers import Phones

NAMED_MAX: Final = 5
SLACK_S: Final = 5.0
"""Between what the centre went by and the time of its fact."""


class _Entry(msgspec.Struct, gc=False):
    body: msgspec.Raw
    ref: Ref | None = None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_QUEUED: Final = msgspec.json.Decoder(NoticeQueued)
_MOVED: Final = msgspec.json.Decoder(NoticeMoved)


class _Reaching:
    def __init__(self) -> None:
        self.found: list[str] = []
        self._notices: dict[Ref, Notice] = {}
        self._closed: set[Ref] = set()
        self._claimed: set[Ref] = set()
        self._aside: set[Ref] = set()
        self._living: dict[tuple[Ref, Actor], set[Ref]] = {}

    def incident(self, kind: str, ref: Ref) -> None:
        """A fact of an incident."""
        match kind:
            case "incident.claimed":
                self._claimed.add(ref)
                self._aside.discard(ref)
            case "incident.released":
                self._claimed.discard(ref)
            case "incident.shelved":
                self._claimed.discard(ref)
                self._aside.add(ref)
            case "incident.unshelved":
                self._aside.discard(ref)
            case "incident.closed":
                self._aside.discard(ref)
                self._closed.add(ref)
                self._claimed.discard(ref)
            case "incident.reopened":
                self._closed.discard(ref)
                self._claimed.add(ref)
            case _:
                pass

    def put(self, notice: Notice) -> None:
        """A notice as it is after a fact."""
        before = self._notices.get(notice.id)
        self._notices[notice.id] = notice
        if notice.incident is None:
            return
        if len(notice.attempts) > (0 if before is None else len(before.attempts)):
            self._look_at_begun(notice, notice.incident)
        if before is not None:
            self._look_at_end(before, notice)
        if notice.purpose != "incident":
            return
        living = self._living.setdefault((notice.incident, notice.recipient), set())
        living.discard(notice.id)
        if notice.due_at is not None:
            living.add(notice.id)
        if len(living) > 1 and len(notice.attempts) > (0 if before is None else len(before.attempts)):
            self.found.append(f"{notice.recipient} is told of {notice.incident} by {len(living)} notices at a time.")
        ends = before is not None and before.due_at is not None and notice.due_at is None
        if ends and notice.state in ("delivered", "seen") and notice.reason is None:
            self.found.append(f"{notice.id} ended as {notice.state}: nobody had answered, and nobody is called.")

    def _look_at_end(self, before: Notice, notice: Notice) -> None:
        """What the centre itself has missed takes nothing of a notice's time."""
        if before.due_at is None or notice.reason != "no_time_left" or before.due_at >= before.expires_at:
            return
        missed_s = (notice.changed_at - max(before.due_at, before.changed_at)) / SECOND_US
        if MISSED_S + SLACK_S < missed_s <= MISSED_MAX_S - SLACK_S:
            self.found.append(f"the time of {notice.id} was over, though the centre had missed {missed_s:.0f} s of it.")

    def _look_at_begun(self, notice: Notice, incident: Ref) -> None:
        who = f"{notice.recipient} is told of {incident} by {notice.attempts[-1].channel}"
        if incident in self._closed:
            self.found.append(f"{who}, which was closed before.")
        if incident in self._claimed and notice.ends_at_claim:
            self.found.append(f"{who}, which somebody had claimed.")
        if incident in self._aside:
            self.found.append(f"{who}, which is put aside.")
        if notice.answer is not None:
            self.found.append(f"{who}, and had answered.")


def reaching_findings(entries: Iterable[StoredEntry], phones: Phones) -> list[str]:
    """What is wrong, in sentences."""
    reaching = _Reaching()
    notices: dict[Ref, Notice] = {}
    for stored in entries:
        row = stored.row
        if row.kind == NOTICE_QUEUED:
            id_ = Ref(f"notice-{row.seq}")
            notices[id_] = queued(_QUEUED.decode(_ENTRY.decode(row.entry).body), id_, row.seq, row.at, None)
            reaching.put(notices[id_])
        elif row.kind == NOTICE_MOVED:
            entry = _ENTRY.decode(row.entry)
            assert entry.ref is not None, "it names a notice"
            notices[entry.ref] = moved(notices[entry.ref], _MOVED.decode(entry.body), row.seq, row.at)
            reaching.put(notices[entry.ref])
        elif row.kind.startswith("incident.") and row.kind != INCIDENT_ESCALATED:
            ref = _ENTRY.decode(row.entry).ref
            if ref is not None:
                reaching.incident(row.kind, ref)
    return [*reaching.found, *phones.wrong][:NAMED_MAX]


__all__ = ["reaching_findings"]
