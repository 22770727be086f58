"""What is read back when a simulated centre has ended: the journal, each table, and the ledgers of those outside."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from tocsin.access.rebuild import rebuild_people
from tocsin.centre.accounts import rebuild_accounts
from tocsin.centre.action_plans import rebuild_action_plans
from tocsin.centre.chains import rebuild_chains
from tocsin.centre.contacts import rebuild_contacts
from tocsin.centre.holiday_rows import stored_holidays
from tocsin.centre.holidays import rebuild_holidays
from tocsin.centre.outbox import rebuild_notices
from tocsin.centre.queue_parts import rebuild_parts, stored_parts
from tocsin.centre.rebuild import Rebuild
from tocsin.centre.retention_rebuild import rebuild_retention
from tocsin.centre.ruling import rebuild_rules, stored_versions
from tocsin.journal.notes import read_heads
from tocsin.journal.verify import WHOLE, verify_columns
from tocsin.model.commands import AddNote
from tocsin.model.errors import TocsinError
from tocsin.model.escalation import INCIDENT_ESCALATED, UNCLAIMED, IncidentEscalated
from tocsin.model.incidents import Incident, SignalRow
from tocsin.model.journal import EntryColumns, StoredEntry
from tocsin.model.notices import ATTEMPTS_MAX, Notice, NoticeStep
from tocsin.model.values import Actor, Code, Micros, Ref, Seq
from tocsin.model.vault import Timer
from tocsin.rules.chains import last_built_in
from tocsin.rules.escalation import is_waiting
from tocsin.rules.incident import BODIES, IncidentBody
from tocsin.rules.on_test import HELD
from tocsin.rules.runaway import is_runaway
from tocsin.settings import load
from tocsin.simulation.duty_judge import left_behind
from tocsin.simulation.panels import Panel, Reported
from tocsin.simulation.part_judge import PartEnd
from tocsin.simulation.people import Operator
from tocsin.simulation.place_judge import PlaceEnd
from tocsin.simulation.place_work import Places
from tocsin.simulation.plan_judge import of_fact
from tocsin.simulation.providers import KEY, Phones
from tocsin.simulation.reach_judge import reaching_findings
from tocsin.simulation.shelf_judge import ShelfEnd, uncounted
from tocsin.store.sqlite import SqliteStore

PAGE: Final = 5_000
NAMED_MAX: Final = 3
_RECEIVED: Final = ("delivered", "seen", "answered")
_TAKEN: Final = ("accepted", "delivered", "seen", "answered", "silent")


class Ledgers(NamedTuple):
    """What those outside know."""

    panels: Sequence[Panel]
    operators: Sequence[Operator]
    phones: Phones
    clock_steps: Sequence[float]
    """When the clock was set: around these a repeat cannot be told from a new message, and shows twice."""
    settled_seq: Seq
    """Notices up to here have had their time."""
    places: Places


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    cause: Seq | None
    kind: str
    ref: Ref | None


class _Signal(msgspec.Struct, gc=False):
    account: str
    code: str | None
    sequence: str | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
PLANNED: Final = {kind: BODIES[kind] for kind in ("incident.plan_begun", "incident.closed")}
_SIGNAL: Final = msgspec.json.Decoder(_Signal)
_ESCALATED: Final = msgspec.json.Decoder(IncidentEscalated)


def findings_at_the_end(folder: Path, ledgers: Ledgers, now: Micros) -> tuple[list[str], str, dict[str, int]]:
    """What is wrong, in sentences; the hash of the journal's last entry; and figures of the run."""
    settings = load(folder, {})
    store = SqliteStore(settings.database_path)
    try:
        end = _End(store, ledgers, now)
        found = end.verify(settings.heads_path)
        if not found:
            found = end.findings()
        return found, store.head().hash, end.figures
    finally:
        store.close()


class _End:
    def __init__(self, store: SqliteStore, ledgers: Ledgers, now: Micros) -> None:
        self._store = store
        self._ledgers = ledgers
        self._now = now
        self.figures: dict[str, int] = {}

    def verify(self, heads: Path) -> list[str]:
        """The chain, as `tocsin journal verify` judges it."""
        verdict = verify_columns(self._columns(), heads=read_heads(heads))
        if verdict.exit_code == WHOLE:
            return []
        return [f"the journal does not verify: {' '.join(verdict.words)}"]

    def findings(self) -> list[str]:
        """Everything else, the gravest first."""
        entries = list(self._entries())
        self.figures = {"entries": len(entries)}
        return [
            *self._acknowledged(entries),
            *self._rebuilt(entries),
            *self._notices(),
            *reaching_findings(entries, self._ledgers.phones),
            *self._commands(entries),
            *self._shifts(),
            *self._places(entries),
            *self._left_open(),
        ]

    def _columns(self) -> Iterator[EntryColumns]:
        after = Seq(0)
        while page := self._store.verified_columns(after, PAGE):
            after = Seq(page[-1][0])
            yield from page

    def _entries(self) -> Iterator[StoredEntry]:
        after = Seq(0)
        while page := self._store.entries(after, PAGE):
            after = page[-1].row.seq
            yield from page

    # Promise 1 and 2 -------------------------------------------------------------------------------------------------

    def _acknowledged(self, entries: Sequence[StoredEntry]) -> list[str]:
        """What was acknowledged is there, once; and nothing is there that nobody sent."""
        stored: Counter[tuple[str, str, str]] = Counter()
        for one in entries:
            if one.row.kind == "signal":
                body = _SIGNAL.decode(_ENTRY.decode(one.row.entry).body)
                stored[body.account, body.sequence or "", body.code or ""] += 1
        self.figures["signals"] = stored.total()
        reported = {
            (one.account, one.sequence, one.code): one for panel in self._ledgers.panels for one in panel.ledger
        }
        self.figures["acknowledged"] = sum(one.acked_s is not None for one in reported.values())
        lost = [one for key, one in reported.items() if one.acked_s is not None and not stored[key]]
        twice = [one for key, one in reported.items() if stored[key] > 1 and not self._is_in_doubt(one)]
        strange = [key for key in stored if key not in reported]
        found: list[str] = []
        for one in lost[:NAMED_MAX]:
            found.append(
                f"{_named(one)} was acknowledged, and is not in the journal: {len(lost)} such, an acknowledged alarm "
                "was lost."
            )
        for one in twice[:NAMED_MAX]:
            times = stored[one.account, one.sequence, one.code]
            found.append(
                f"{_named(one)} is in the journal {times} times, though it was one message within its window: "
                f"{len(twice)} such."
            )
        found += [f"the journal holds a signal that nobody sent: {key}" for key in strange[:NAMED_MAX]]
        return found

    def _is_in_doubt(self, one: Reported) -> bool:
        """The clock was set while it was on its way: two that can be seen are better than a merge."""
        return any(one.sent_s - 1 <= at_s <= one.last_s + 120 for at_s in self._ledgers.clock_steps)

    # Promise 4 -------------------------------------------------------------------------------------------------------

    def _rebuilt(self, entries: Sequence[StoredEntry]) -> list[str]:
        """Each table equals what the journal makes of it again; and each signal ends in one place, each step once."""
        store = self._store
        rows: list[SignalRow] = []
        facts: list[tuple[Ref, Seq]] = []
        rebuilt = Rebuild(rows.append, lambda incident, seq: facts.append((incident, seq)))
        shelves = ShelfEnd([one.id for one in self._ledgers.operators if "supervisor" in one.roles and one.id])
        parts = PartEnd()
        found: list[str] = []
        for one in entries:
            if one.row.kind == INCIDENT_ESCALATED:
                found += self._step(rebuilt, _ENTRY.decode(one.row.entry))
            if one.row.kind in PLANNED:
                found += of_fact(*_planned(rebuilt, one))
            found += shelves.take(rebuilt.incidents, one.row)
            found += parts.take(rebuilt.incidents, lambda user: _desk_of(rebuilt, user), one.row)
            try:
                rebuilt.take(one)
            except (TocsinError, KeyError) as error:
                return [*found, f"the journal cannot be applied again at seq {one.row.seq}: {error!r}"]
        signals = sum(one.row.kind == "signal" for one in entries)
        ended = Counter(row.seq for row in rows)
        if len(ended) != signals:
            found.append(f"of {signals} stored signals {len(ended)} ended somewhere: an alarm fell silent.")
        if any(count > 1 for count in ended.values()):
            found.append("a signal ended in two places: one happening is handled twice.")
        stored = {i.id: i for state in ("open", "closed") for i in store.incidents(state, None, 1_000_000)}
        self.figures["incidents"] = len(stored)
        found += shelves.left(rebuilt.incidents)
        found += uncounted(stored.values(), list(map(rebuilt.placed, rows)))
        found += parts.told(self._ledgers.operators)
        self.figures |= shelves.figures | parts.figures
        self.figures["steps_facts"] = sum(one.row.kind == INCIDENT_ESCALATED for one in entries)
        differing = [
            id_
            for id_ in sorted(stored.keys() | rebuilt.incidents.keys())
            if stored.get(id_) != rebuilt.incidents.get(id_)
        ]
        if differing:
            found.append(
                f"the table of incidents differs from a rebuild, at {differing[0]} and {len(differing)} in all."
            )
        watched, retention = rebuilt.supervision, rebuild_retention(entries)
        contacts, reach = rebuild_contacts(entries)
        people = rebuild_people(entries)
        chains, groups = rebuild_chains(entries)
        plans, switches = rebuild_action_plans(entries)
        pairs: tuple[tuple[str, Any, Any], ...] = (
            (
                "signals",
                sorted(map(rebuilt.placed, rows), key=lambda row: row.seq),
                store.signal_rows(Seq(0), 10_000_000),
            ),
            ("missing paths", [row for _, row in sorted(watched.outages.items())], store.outages()),
            ("what is armed", [row for _, row in sorted(watched.armed.items())], store.armed()),
            ("tests of sites", list(rebuilt.on_test.found.values()), store.site_tests(ended_after=Micros(0))),
            ("zones out of service", list(rebuilt.out.found.values()), store.zones_out(ended_after=Micros(0))),
            ("schedules", _by_id(list(rebuilt.schedules.schedules.values())), _by_id(store.schedules())),
            ("codes", _by_id(list(rebuilt.test_codes.codes.values())), _by_id(store.site_test_codes(Micros(0)))),
            (
                "timers",
                retention.timers,
                sorted(store.timers(), key=lambda timer: (timer.due_at, timer.ref, timer.kind)),
            ),
            ("notices", rebuild_notices(entries)[::-1], store.notices(1_000_000)),
            ("contacts", _by_id(contacts), _by_id(store.contacts())),
            ("reach", _by_user(reach), _by_user(store.reach())),
            ("users", people.users, store.users()),
            ("credentials", people.credentials, store.credentials()),
            ("accounts", rebuild_accounts(entries), store.accounts()),
            ("desks", sorted(rebuilt.shifts.desks.values(), key=lambda one: int(one.id[5:])), store.desks()),
            ("shifts", list(rebuilt.shifts.shifts.values()), store.shifts(ended_after=Micros(0))),
            ("rosters", list(rebuilt.rosters.rosters.values()), store.rosters()),
            ("chains", chains, store.chains()),
            ("groups", groups, store.groups()),
            ("action plans", plans, store.action_plan_versions()),
            ("what plans may do alone", switches, store.plan_switches()),
            ("calendars of holidays", list(rebuild_holidays(entries)), list(stored_holidays(store))),
            ("parts of the queue", list(rebuild_parts(entries)), list(stored_parts(store))),
            ("parameters of judgement", list(rebuild_rules(entries)), list(stored_versions(store))),
        )
        for name, again, kept in pairs:
            if again != kept:
                found.append(f"the table of {name} differs from a rebuild: {_difference(again, kept)}")
        by_incident: dict[Ref, list[Seq]] = {}
        for incident, seq in facts:
            by_incident.setdefault(incident, []).append(seq)
        for id_, seqs in by_incident.items():
            if [one.row.seq for one in store.incident_facts(id_, 1_000_000)] != seqs:
                found.append(f"the time line of {id_} differs from a rebuild.")
                break
        return found

    def _step(self, rebuilt: Rebuild, entry: _Entry) -> list[str]:
        """A step is taken once, in its order, for as long as nobody has claimed it; the last one reaches somebody."""
        assert entry.ref is not None, "it names an incident"
        incident, body = rebuilt.incidents[entry.ref], _ESCALATED.decode(entry.body)
        is_meant = incident.state == "open" and incident.presentation == "shown"
        is_meant &= body.counts or incident.claimed_by is None
        if not is_meant or (body.chain is None and not is_waiting(incident)):
            return [f"incident {incident.number} was escalated, though it waits for nobody."]
        way = body.chain, body.version
        so_far = (one for one in incident.escalated if (one.chain, one.version) == way)
        if any(one.step >= body.step and (one.chain or one.priority <= body.priority) for one in so_far):
            return [f"step {body.step} of incident {incident.number} was taken twice."]
        if body.chain is None and body.tell == "telephone" and body.told + body.bundled + body.refused == 0:
            return [f"the last step of incident {incident.number} reached nobody, and says so to nobody."]
        return []

    # Reaching people -------------------------------------------------------------------------------------------------

    def _notices(self) -> list[str]:
        """Each notice went out, at least once, or says that it was given up."""
        phones = self._ledgers.phones
        accepted = _steps_of(phones.accepted)
        sent_ids = phones.handed_notices
        had = _steps_of(phones.had)
        found: list[str] = []
        notices = self._store.notices(1_000_000)
        self.figures["told"] = sum(one.state in _TAKEN for one in notices)
        for one in notices:
            if one.due_at is not None and one.seq <= self._ledgers.settled_seq:
                found.append(f"{one.id} to {one.recipient} is over by its time, and still wants something.")
            for attempt in one.attempts:
                way = one.id, attempt.step
                if attempt.state in _TAKEN and way not in accepted and one.answer is None:
                    found.append(f"{one.id} stands as taken by {attempt.channel}, and no provider ever took it.")
                if attempt.state in _RECEIVED and way not in had:
                    found.append(f"{one.id} stands as {attempt.state}, and no telephone ever had it.")
            is_settled = one.seq <= self._ledgers.settled_seq
            if is_settled and (left := _untried(one)):
                found.append(
                    f"{one.id} was given up after {len(one.attempts)} attempts, nobody having received it, and "
                    f"{left.channel} {left.provider} was never asked."
                )
            if is_settled and one.state not in ("failed", "expired", "held") and one.id not in sent_ids:
                found.append(f"{one.id} to {one.recipient} was handed to no provider, and stands as {one.state}.")
        return found[:NAMED_MAX]

    def _commands(self, entries: Sequence[StoredEntry]) -> list[str]:
        """What people were told is done was done, once."""
        found: list[str] = []
        by_seq = {one.row.seq: one.row for one in entries}
        noted: Counter[Actor] = Counter()
        for row in by_seq.values():
            if row.kind == "incident.noted":
                actor = _ENTRY.decode(row.entry).actor
                assert actor is not None, "somebody wrote it"
                noted[actor] += 1
        for operator in self._ledgers.operators:
            found += operator.doubles
            notes = [one for one in operator.given if isinstance(one.command.act, AddNote)]
            done = [one.answer for one in notes if one.answer is not None]
            assert operator.id is not None, "enrolled"
            for seq in done:
                row = by_seq.get(seq)
                if row is None or row.kind != "incident.noted":
                    found.append(f"{operator.name} was told that a note stands at seq {seq}, and it does not.")
            unanswered = sum(one.answer is None and one.refused is None for one in notes)
            if not len(set(done)) <= noted[operator.id] <= len(done) + unanswered:
                found.append(
                    f"{operator.name} wrote {len(done)} notes, {unanswered} more without an answer, and "
                    f"{noted[operator.id]} are in the journal."
                )
        return found[:NAMED_MAX]

    def _shifts(self) -> list[str]:
        """Whoever was told to be on shift was, what was taken over is theirs, and nobody is on twice."""
        shifts = {one.id: one for one in self._store.shifts(ended_after=Micros(0))}
        self.figures["shifts"] = len(shifts)
        self.figures["handed_over"] = sum(one.to is not None for one in shifts.values())
        found: list[str] = []
        for one in (told for operator in self._ledgers.operators if operator.work for told in operator.work.told):
            shift = shifts.get(one.shift)
            if shift is None or one.person != (shift.user if one.is_begun else shift.to):
                found.append(f"{one.person} was told to have {one.shift}, and has not.")
        on = Counter(one.user for one in shifts.values() if one.ended_at is None)
        found += [f"{user} is on shift {count} times." for user, count in on.items() if count > 1]
        handed = [one for one in shifts.values() if one.to is not None]
        found += left_behind(handed, self._store.incidents("open", None, 1_000_000), self._now)
        return found[:NAMED_MAX]

    def _places(self, entries: Sequence[StoredEntry]) -> list[str]:
        """What is out of service hides what it is to hide and nothing else; hours and codes are kept."""
        end = PlaceEnd(self._ledgers.places, self._ledgers.clock_steps)
        for one in entries:
            end.take(one)
        found = end.findings()
        self.figures |= {
            "zones_out": self._ledgers.places.outs,
            "kept_back": end.hidden,
            "opened_in_time": end.kept,
            "stayed_shut": end.waited,
            "sites_lost": end.sites_lost,
            "code_visits": len(self._ledgers.places.visits),
        }
        return found

    def _left_open(self) -> list[str]:
        """After a quiet time no test goes on past its end, nothing runs away, and every chain has come to its end."""
        found: list[str] = []
        for test in self._store.site_tests(ended_after=Micros(0)):
            if test.ended_at is None and test.until < self._now - 10_000_000:
                found.append(f"{test.id} should have ended, and its place is still on test.")
        for out in self._store.zones_out(ended_after=Micros(0)):
            if out.ended_at is None and out.until < self._now - 10_000_000:
                found.append(f"{out.id} should have ended, and its zones are still out of service.")
        held = {one.id for one in (*self._store.site_tests(), *self._store.zones_out())}
        for one in self._store.incidents("open", None, 1_000_000):
            if one.presentation in HELD and one.test not in held:
                found.append(f"incident {one.number} is held back by {one.test}, which is over.")
        runaways = Counter[str]()
        for one in self._store.incidents("open", None, 1_000_000):
            if not is_runaway(one):
                continue
            runaways[one.account_id or one.account or ""] += 1
            if one.condition == "active" and not one.points_full and self._now - one.last_at > 1_200_000_000:
                found.append(f"incident {one.number} says that a detector runs away, and it is long quiet.")
        found += [f"{account} runs away in {count} incidents." for account, count in runaways.items() if count > 1]
        for one in self._store.incidents("open", None, 1_000_000):
            waited_us = self._now - max(one.opened_at, one.last_at)
            if is_waiting(one) and waited_us > 1_200_000_000:
                taken = last_built_in(
                    one
                )  # a chain of the centre's own may go on beside it, and has a judge of its own
                last = "nothing" if taken is None else taken.tell
                if last != "telephone" and self._store.timer(UNCLAIMED, one.id) is None:
                    found.append(f"incident {one.number} waits for somebody, and its chain ended with {last}.")
        return found[:NAMED_MAX]


def _untried(notice: Notice) -> NoticeStep | None:
    """A way that nobody tried of a notice whose time is over, and which nobody answered, whatever devices had it.

    The second provider is asked where the first could not; where nobody heard of it, whatever ended the notice then.
    """
    if notice.purpose != "incident" or len(notice.attempts) >= ATTEMPTS_MAX:
        return None
    is_whole = notice.reason == "no_time_left" and notice.answer is None
    last = {one.contact: one for one in notice.attempts}
    tried = {(one.contact, one.provider) for one in notice.attempts}
    for way in notice.plan:
        if (way.contact, way.provider) in tried:
            continue
        state = last[way.contact].state if way.contact in last else None
        is_missed = way.at_s is not None or state in ("accepted", "retry", "failed")
        if state == "silent" or (is_whole and is_missed):
            return way
    return None


def _named(one: Reported) -> str:
    return f"message {one.sequence} ({one.code}, zone {one.zone}) of account {one.account}"


def _steps_of(keys: Any) -> set[tuple[str, int]]:
    found = (KEY.search(key) for key in keys)
    return {(match[1], int(match[2])) for match in found if match is not None}


def _placed(rebuilt: Rebuild, rows: Sequence[SignalRow]) -> list[SignalRow]:
    return sorted(map(rebuilt.placed, rows), key=lambda row: row.seq)


def _by_id(rows: Sequence[Any]) -> list[Any]:
    return sorted(rows, key=lambda one: one.id)


def _by_time(timer: Timer) -> tuple[Micros, Ref, Code]:
    """As a rebuild has them: two of one object may be due at once."""
    return timer.due_at, timer.ref, timer.kind


def _by_user(rows: Sequence[Any]) -> list[Any]:
    return sorted(rows, key=lambda one: one.user)


def _desk_of(rebuilt: Rebuild, user: Actor | None) -> Ref | None:
    """Where somebody is on shift."""
    going_on = (one for one in rebuilt.shifts.shifts.values() if one.ended_at is None)
    return next((one.desk for one in going_on if one.user == user), None)


def _planned(rebuilt: Rebuild, stored: StoredEntry) -> tuple[Incident, IncidentBody]:
    """A fact that says something of a plan, and its incident before it."""
    entry = _ENTRY.decode(stored.row.entry)
    assert entry.ref is not None, "it names an incident"
    return rebuilt.incidents[entry.ref], msgspec.json.decode(entry.body, type=PLANNED[stored.row.kind])


def _difference(again: Sequence[Any], kept: Sequence[Any]) -> str:
    if len(again) != len(kept):
        return f"{len(kept)} rows, and {len(again)} by the journal."
    first = next((pair for pair in zip(again, kept, strict=True) if pair[0] != pair[1]), None)
    return (
        ""
        if first is None
        else f"{type(first[0]).__name__} stands as {first[1]!r:.300}, by the journal {first[0]!r:.300}"
    )
