"""What of an export's lines counts for figures: incidents as they are gathered, shifts, desks, and paths."""

from typing import Any, Final

import msgspec

from tocsin.model.incidents import REPORTED
from tocsin.reports.figures import ACTIVE_AFTER, NO_DESK, Ask, Exclusion

MERGED: Final = "incident.merged"
CLOSINGS: Final = frozenset({"incident.closed", MERGED})
REOPENINGS: Final = frozenset({"incident.reopened", "incident.unmerged"})
TAKEN: Final = REOPENINGS | {"incident.claimed"}
"""Since then it is somebody's."""
ACTS: Final = TAKEN | CLOSINGS | {"incident.released"}


class Line(msgspec.Struct, gc=False):
    """As much of a line as is needed."""

    seq: int
    at: int
    kind: str
    body: dict[str, Any]
    ref: str | None = None
    actor: str | None = None
    cause: int | None = None


LINE: Final = msgspec.json.Decoder(Line)


class Case:
    """An incident as it is gathered."""

    def __init__(self, line: Line) -> None:
        body = line.body
        self.body = body
        self.opened_at: int = body["opened_at"]
        self.made_at = line.at
        self.hazard: str = body["hazard"]
        self.priority: int = body["priority"]
        self.account: str | None = body["account"]
        self.acts: list[Line] = []
        """Claimed, released, closed, reopened, in order."""
        self.alarms: list[tuple[int, int, str | None, str | None]] = [
            (self.opened_at, line.seq, body.get("zone"), body.get("code"))
        ]
        self.claimed_at: int | None = None
        self.claimer: str | None = None
        self.closed_at: int | None = None
        """First closing."""
        self.is_after_plan = False
        """Its plan began to handle it without an operator."""
        self.disposition: str | None = None
        """Of the last closing; None while it is open."""

    def act(self, line: Line) -> None:
        """Take what somebody did with it."""
        self.acts.append(line)
        if line.kind == "incident.claimed" and self.claimed_at is None and is_person(line.actor):
            self.claimed_at, self.claimer = line.at, line.actor
        elif line.kind in CLOSINGS:
            self.closed_at = line.at if self.closed_at is None else self.closed_at
            self.disposition = line.body["disposition"]
        elif line.kind in REOPENINGS:
            self.disposition = None

    @property
    def exclusion(self) -> Exclusion | None:
        """Why it is left out of reaction and handling."""
        presentation = self.body.get("presentation", "shown")
        if self.body["exercise"]:
            return "exercise"
        if presentation in ("on_test", "out_of_service", "shelved"):
            return presentation
        if self.body["reason"] in ACTIVE_AFTER:
            return "after_test"
        if self.body.get("origin") in REPORTED and self.claimed_at == self.made_at:
            return "by_call"
        first = next((one for one in self.acts if one.kind in CLOSINGS), None)
        is_unclaimed = first is not None and (self.claimed_at is None or self.claimed_at > first.at)
        if self.body.get("split") is not None or (is_unclaimed and first is not None and first.kind == MERGED):
            return "regrouped"
        if is_unclaimed and first is not None and first.actor is None:
            return "by_plan"
        return "after_plan" if self.is_after_plan else None

    @property
    def reaction_us(self) -> int | None:
        """First signal received to the first claim by a person."""
        return None if self.claimed_at is None else max(0, self.claimed_at - self.opened_at)

    @property
    def handling_us(self) -> int | None:
        """Claimed to first closed."""
        if self.claimed_at is None or self.closed_at is None or self.closed_at < self.claimed_at:
            return None
        return self.closed_at - self.claimed_at

    def operator_us(self, as_of: int) -> int:
        """How long it was somebody's."""
        ends = [one.at for one in self.acts[1:]] + [as_of]
        return sum(max(0, end - one.at) for one, end in zip(self.acts, ends, strict=True) if one.kind in TAKEN)

    @property
    def holders(self) -> set[str]:
        """People who had it."""
        return {one.actor for one in self.acts if one.kind in TAKEN and one.actor is not None and is_person(one.actor)}


class Turn:
    """Somebody's shift at a desk."""

    def __init__(self, line: Line) -> None:
        self.user = line.actor or ""
        self.desk: str = line.body["desk"]
        self.seq = line.seq
        self.begun_at = line.at
        self.ended_at: int | None = None


class Facts:
    """What of the journal counts."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.entries = 0
        self.last_seq = 0
        self.signals = 0
        self.cases: dict[str, Case] = {}
        self.shifts: dict[str, Turn] = {}
        self.desks: dict[str, dict[str, Any]] = {}
        self.missing: list[Line] = []
        self.returned: list[Line] = []
        self.raised: dict[int, int] = {}
        """Seq of a cause -> when the first incident that it opened or joined says so."""

    def take(self, line: Line) -> None:
        """Take one more line, in the order of the journal."""
        self.entries += 1
        self.last_seq = max(self.last_seq, line.seq)
        match line.kind:
            case "signal":
                self.signals += (
                    not line.body["exercise"] and self._ask.since <= line.body["received_at"] < self._ask.until
                )
            case "incident.opened":
                self.cases[f"incident-{line.seq}"] = Case(line)
                self._raised(line)
            case "incident.joined":
                case = self.cases.get(line.ref or "")
                if case is not None and line.body["is_alarm"]:
                    case.alarms.append((line.body["at"], line.seq, line.body["zone"], line.body["code"]))
                self._raised(line)
            case "incident.plan_begun":
                case = self.cases.get(line.ref or "")
                if case is not None and line.body["alone"]:
                    case.is_after_plan = True
            case kind if kind in ACTS:
                case = self.cases.get(line.ref or "")
                if case is not None:
                    case.act(line)
            case "shift.begun":
                self.shifts[f"shift-{line.seq}"] = Turn(line)
            case "shift.ended":
                if line.ref in self.shifts:
                    self.shifts[line.ref].ended_at = line.at
            case "desk.set":
                self.desks[line.ref or f"desk-{line.seq}"] = line.body
            case "supervision.missing":
                self.missing.append(line)
            case "supervision.returned":
                self.returned.append(line)
            case _:
                pass

    def _raised(self, line: Line) -> None:
        if line.cause is not None:
            self.raised.setdefault(line.cause, line.at)

    def desk_of(self, case: Case) -> str | None:
        """The desk at which its claimer was on shift then; None: nobody has claimed it."""
        if case.claimed_at is None:
            return None
        found = [
            one
            for one in self.shifts.values()
            if one.user == case.claimer
            and one.begun_at <= case.claimed_at
            and (one.ended_at is None or one.ended_at > case.claimed_at)
        ]
        return self.label(max(found, key=lambda one: one.seq).desk) if found else NO_DESK

    def label(self, desk: str) -> str:
        """What stands on a desk."""
        row = self.desks.get(desk)
        return desk if row is None else row["label"]


def is_person(actor: str | None) -> bool:
    """A user, and no program, command or the centre itself."""
    return actor is not None and actor.startswith("user-")
