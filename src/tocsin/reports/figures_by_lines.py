"""Figures from the lines of an export, in plain Python: the computation that needs nothing but the file.

Written apart from `figures_by_sql`, so that what both say is said twice.
"""

import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from tocsin.model.errors import BadInput
from tocsin.model.profiles import Figure
from tocsin.model.values import Seq
from tocsin.reports.figures import (
    ALL,
    CHATTER_SIGNALS,
    DAY_US,
    DIMENSIONS,
    EDGES_S,
    EXCLUSIONS,
    FLOOD_BEGINS_MILLI,
    FLOOD_ENDS_MILLI,
    HOUR_US,
    MINUTE_US,
    NOT_ALARMS,
    PEOPLE_MIN,
    SLOT_US,
    UNHEARD,
    WORST_MAX,
    Ask,
    Dimension,
    Figures,
    Group,
    Load,
    Paths,
    Result,
    Source,
    SourceDimension,
    Span,
    Spread,
    Times,
    join_small,
)
from tocsin.reports.figures_facts import LINE, Case, Facts, Line, Turn, is_person

LINE_BYTES_MAX: Final = 1_048_576
SECOND_US: Final = 1_000_000


def figures_by_lines(lines: Iterable[bytes], ask: Ask) -> Figures:
    """Compute all figures from the lines of an export.

    Raises:
        BadInput: a line is no entry of a journal; its number is named.
    """
    facts = Facts(ask)
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        if len(text) > LINE_BYTES_MAX:
            raise _bad_line(number, f"it has more than {LINE_BYTES_MAX} bytes")
        try:
            facts.take(LINE.decode(text))
        except (msgspec.MsgspecError, KeyError, TypeError, AttributeError) as error:
            raise _bad_line(number, type(error).__name__) from error
    return _Report(facts, ask).figures()


def _bad_line(number: int, why: str) -> BadInput:
    return BadInput(
        f"Line {number} is no entry of a journal ({why}). No figure was computed. Name a file that "
        "`tocsin journal export` wrote, and verify it with `tocsin journal verify --export`",
        "report.export",
    )


class _Report:
    def __init__(self, facts: Facts, ask: Ask) -> None:
        self._facts = facts
        self._ask = ask
        self._end = min(ask.until, ask.as_of)
        # A call of the control room for itself stays unseen as long as it is open.
        self._every = [
            one for one in facts.cases.values() if not (one.body.get("is_room", False) and one.disposition is None)
        ]
        self._period = [one for one in self._every if ask.since <= one.opened_at < ask.until]
        self._cases = [one for one in self._period if one.exclusion is None]
        self._heard = [one for one in self._period if one.exclusion not in UNHEARD]

    def figures(self) -> Figures:
        excluded = Counter(one.exclusion for one in self._period)
        groups, is_withheld = self._groups()
        load, joined = self._load()
        return Figures(
            entries=self._facts.entries,
            last_seq=Seq(self._facts.last_seq),
            signals=self._facts.signals,
            incidents=len(self._period),
            excluded=tuple((one, excluded[one]) for one in EXCLUSIONS),
            unclaimed=sum(one.claimed_at is None for one in self._cases),
            claimed_by_programs=sum(_is_programs(one) for one in self._cases),
            reopened=sum(any(act.kind == "incident.reopened" for act in one.acts) for one in self._cases),
            is_withheld=is_withheld,
            groups=groups,
            spreads=self._spreads(),
            load=load,
            load_joined=joined,
            bars=self._bars(),
            worst_ten=sum(
                count
                for _, count in Counter(one.account for one in self._heard if one.account is not None).most_common(10)
            ),
            chattering=self._chattering(),
            stale=self._stale(),
            sources=self._sources(),
            paths=self._paths(),
        )

    # Reaction and handling -------------------------------------------------------------------------------------------

    def _key(self, case: Case, dimension: Dimension) -> str | None:
        match dimension:
            case "all":
                return ALL
            case "hazard":
                return case.hazard
            case "desk":
                return self._facts.desk_of(case)
            case "shift":
                return _span_of(case.opened_at, self._ask.shifts)
            case "month":
                return _span_of(case.opened_at, self._ask.months)

    def _groups(self) -> tuple[tuple[Group, ...], bool]:
        found: list[Group] = []
        for dimension in DIMENSIONS:
            by_key: dict[str, list[Case]] = defaultdict(list)
            for case in self._cases:
                key = self._key(case, dimension)
                if key is not None:
                    by_key[key].append(case)
            parts = join_small({key: (len(cases), _people(cases)) for key, cases in by_key.items()})
            if dimension == "all" and not parts:
                return (), bool(self._cases)
            found += [
                self._group(dimension, labels, [case for label in labels for case in by_key[label]]) for labels in parts
            ]
        return tuple(found), False

    def _group(self, dimension: Dimension, labels: tuple[str, ...], cases: list[Case]) -> Group:
        closed = [one for one in cases if one.handling_us is not None]
        return Group(
            dimension=dimension,
            labels=labels,
            cases=len(cases),
            unclaimed=sum(one.claimed_at is None for one in cases),
            reaction=_times([one.reaction_us for one in cases if one.reaction_us is not None]),
            handling=_times([one.handling_us for one in closed if one.handling_us is not None])
            if len(_people(closed)) >= PEOPLE_MIN
            else None,
            results=tuple(
                self._result(figure, cases)
                for figure in self._ask.profile.figures
                if figure.measure in ("reaction", "handling")
            ),
        )

    def _result(self, figure: Figure, cases: list[Case]) -> Result:
        about = [one for one in cases if figure.is_about(one.hazard, one.priority)]
        if figure.measure == "handling":
            about = [one for one in about if one.handling_us is not None]
        if len(_people(about)) < PEOPLE_MIN:
            return Result(figure=figure.id, cases=0, within=0, waiting=0, is_withheld=bool(about))
        limit_us = (figure.limit_s or 0) * SECOND_US
        if figure.measure == "handling":
            within = sum((one.handling_us or 0) <= limit_us for one in about)
            return Result(figure=figure.id, cases=len(about), within=within, waiting=0, is_withheld=False)
        within = waiting = 0
        for one in about:
            if one.reaction_us is not None:
                within += one.reaction_us <= limit_us
            else:
                waiting += self._ask.as_of - one.opened_at <= limit_us
        return Result(figure=figure.id, cases=len(about) - waiting, within=within, waiting=waiting, is_withheld=False)

    def _spreads(self) -> tuple[Spread, ...]:
        sets = dict.fromkeys(one.hazards for one in self._ask.profile.figures if one.measure == "reaction") or {
            (): None
        }
        made: list[Spread] = []
        for hazards in sets:
            about = [one for one in self._cases if not hazards or one.hazard in hazards]
            if len(_people(about)) < PEOPLE_MIN:
                continue
            times = [one.reaction_us for one in about if one.reaction_us is not None]
            within = tuple(sum(time <= edge * SECOND_US for time in times) for edge in EDGES_S)
            made.append(Spread(hazards=hazards, cases=len(about), claimed_within=within))
        return tuple(made)

    # Load ------------------------------------------------------------------------------------------------------------

    def _load(self) -> tuple[tuple[Load, ...], tuple[str, ...]]:
        ask = self._ask
        room = [(int(ask.since), int(self._end))] if self._end > ask.since else []
        made = [self._load_of("room", ALL, room, self._heard)]
        turns: dict[str, list[tuple[int, int]]] = {}
        for turn in ask.shifts:
            begin, end = max(turn.since, ask.since), min(turn.until, self._end)
            turns.setdefault(turn.label, [])
            if end > begin:
                turns[turn.label].append((begin, end))
        made += [self._load_of("shift", label, _union(spans), self._heard) for label, spans in sorted(turns.items())]
        joined: list[str] = []
        by_desk: dict[str, list[Turn]] = defaultdict(list)
        for shift in self._facts.shifts.values():
            begin, end = self._clipped(shift)
            if end > begin:
                by_desk[shift.desk].append(shift)
        for desk in sorted(by_desk, key=lambda one: (self._facts.label(one), one)):
            label = self._facts.label(desk)
            if len({one.user for one in by_desk[desk]}) < PEOPLE_MIN:
                joined.append(label)
                continue
            row = self._facts.desks.get(desk, {"hazards": [], "priorities": []})
            taken = [
                one
                for one in self._heard
                if (not row["hazards"] or one.hazard in row["hazards"])
                and (not row["priorities"] or one.priority in row["priorities"])
            ]
            made.append(self._load_of("desk", label, _union([self._clipped(one) for one in by_desk[desk]]), taken))
        return tuple(made), tuple(joined)

    def _clipped(self, shift: Turn) -> tuple[int, int]:
        ended = self._end if shift.ended_at is None else shift.ended_at
        return max(shift.begun_at, self._ask.since), min(ended, self._end)

    def _load_of(self, kind: Any, label: str, staffed: list[tuple[int, int]], cases: list[Case]) -> Load:
        heard = sorted(
            (one.opened_at, one.priority)
            for one in cases
            if any(begin <= one.opened_at < end for begin, end in staffed)
        )
        times = [at for at, _ in heard]
        slots: set[int] = set()
        for begin, end in staffed:
            slots.update(range(begin // SLOT_US, (end - 1) // SLOT_US + 1))
        floods, flood_us = self._floods(times)
        mix = Counter(priority for _, priority in heard)
        return Load(
            kind=kind,
            label=label,
            annunciated=len(heard),
            slots=len(slots),
            mean_milli=_rounded(len(heard) * 1000, len(slots)),
            peak_slot=_peak(times, SLOT_US),
            peak_hour=_peak(times, HOUR_US),
            peak_minute=_peak(times, MINUTE_US),
            floods=floods,
            flood_us=flood_us,
            staffed_us=sum(end - begin for begin, end in staffed),
            priorities=(mix[1], mix[2], mix[3], mix[4]),
        )

    def _floods(self, times: list[int]) -> tuple[int, int]:
        """How many floods there were, and how long they lasted, up to the end of what is looked at."""
        targets = {one.measure: one.target_milli or 0 for one in self._ask.load_profile.figures}
        begins = targets.get("load.flood_begins", FLOOD_BEGINS_MILLI)
        ends = min(begins, targets.get("load.flood_ends", FLOOD_ENDS_MILLI))
        changes = sorted([(at, 1) for at in times] + [(at + SLOT_US, -1) for at in times])
        now, since, count, total = 0, None, 0, 0
        for at, step in changes:
            now += step
            if since is None and step > 0 and now * 1000 > begins:
                since, count = at, count + 1
            elif since is not None and now * 1000 < ends:
                total += max(0, min(at, self._end) - since)
                since = None
        if since is not None:
            total += max(0, self._end - since)
        return count, total

    def _bars(self) -> tuple[tuple[int, int, int, int], ...]:
        made = [[0, 0, 0, 0] for _ in self._ask.buckets]
        for one in self._heard:
            place = bisect.bisect_right(self._ask.buckets, one.opened_at) - 1
            if place >= 0:
                made[place][one.priority - 1] += 1
        return tuple((a, b, c, d) for a, b, c, d in made)

    def _chattering(self) -> int:
        events: dict[tuple[str | None, ...], list[tuple[int, int]]] = defaultdict(list)
        for one in self._every:
            if one.exclusion in UNHEARD:
                continue
            for at, seq, zone, code in one.alarms:
                if self._ask.since <= at < self._ask.until:
                    events[one.account, zone, code].append((at, seq))
        found = 0
        for times in events.values():
            times.sort()
            found += any(
                late[0] - early[0] < MINUTE_US for early, late in zip(times, times[CHATTER_SIGNALS - 1 :], strict=False)
            )
        return found

    def _stale(self) -> int:
        return max(
            (
                sum(
                    one.opened_at <= day - DAY_US and (one.closed_at is None or one.closed_at > day)
                    for one in self._every
                    if one.exclusion not in UNHEARD
                )
                for day in self._ask.days
                if day <= self._ask.as_of
            ),
            default=0,
        )

    # Unwanted alarms -------------------------------------------------------------------------------------------------

    def _sources(self) -> tuple[Source, ...]:
        closed = [one for one in self._heard if one.disposition is not None and one.disposition not in NOT_ALARMS]
        made: list[Source] = []
        for dimension in ("hazard", "type", "account", "zone"):
            by_key: dict[str, list[Case]] = defaultdict(list)
            for one in closed:
                key = _source_key(one, dimension)
                if key is not None:
                    by_key[key].append(one)
            rows = [self._source(dimension, key, cases) for key, cases in by_key.items()]
            rows.sort(key=lambda one: (-one.unwanted, -one.closed, one.key))
            if dimension in ("account", "zone"):
                rows = [one for one in rows if one.unwanted][:WORST_MAX]
            made += rows
        return tuple(made)

    def _source(self, dimension: SourceDimension, key: str, cases: list[Case]) -> Source:
        unwanted = [one for one in cases if one.disposition == "unwanted"]
        people: set[str] = set().union(*(one.holders for one in unwanted))
        return Source(
            dimension=dimension,
            key=key,
            closed=len(cases),
            real=sum(one.disposition == "real" for one in cases),
            unwanted=len(unwanted),
            operator_us=sum(one.operator_us(self._ask.as_of) for one in unwanted)
            if len(people) >= PEOPLE_MIN
            else None,
        )

    # Paths -----------------------------------------------------------------------------------------------------------

    def _paths(self) -> Paths:
        ask = self._ask
        losses: list[tuple[Line, dict[str, Any]]] = [
            (line, path)
            for line in self._facts.missing
            if ask.since <= line.at < ask.until and not line.body["exercise"]
            for path in line.body["paths"]
        ]
        returns: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
        for line in self._facts.returned:
            for path in line.body["paths"]:
                returns[path["account_id"], path["path"]].append((line.seq, line.at, path["reason"]))
        faults: list[int] = []
        restorals: list[int] = []
        within = unwatched = still = 0
        for line, path in losses:
            raised = self._facts.raised.get(line.seq)
            if raised is not None:
                faults.append(max(0, raised - path["heard_at"]))
                within += faults[-1] <= path["limit_s"] * SECOND_US
            after = [one for one in returns[path["account_id"], path["path"]] if one[0] > line.seq]
            if not after:
                still += 1
            elif after[0][2] == "heard":
                restorals.append(max(0, after[0][1] - line.at))
            else:
                unwatched += 1
        by_account = Counter(path["account"] for _, path in losses)
        measured = {"path_fault": faults, "restoral": restorals}
        return Paths(
            losses=len(losses),
            own=sum(line.body["cause"] is None for line, _ in losses),
            common=sum(line.body["cause"] is not None for line, _ in losses),
            all_lost=sum(path["all_lost"] for _, path in losses),
            without_incident=len(losses) - len(faults),
            within=within,
            fault=_times(faults),
            returned=len(restorals),
            unwatched=unwatched,
            still_missing=still,
            restoral=_times(restorals),
            results=tuple(
                Result(
                    figure=one.id,
                    cases=len(measured[one.measure]),
                    within=sum(time <= (one.limit_s or 0) * SECOND_US for time in measured[one.measure]),
                    waiting=0,
                    is_withheld=False,
                )
                for one in ask.profile.figures
                if one.measure in measured
            ),
            worst=tuple(sorted(by_account.items(), key=lambda one: (-one[1], one[0]))[:WORST_MAX]),
        )


def _is_programs(case: Case) -> bool:
    first = next((one for one in case.acts if one.kind == "incident.claimed"), None)
    return first is not None and not is_person(first.actor)


def _people(cases: Iterable[Case]) -> set[str]:
    return {one.claimer for one in cases if one.claimer is not None}


def _span_of(at: int, spans: Sequence[Span]) -> str:
    return next((one.label for one in spans if one.since <= at < one.until), "")


def _source_key(case: Case, dimension: str) -> str | None:
    match dimension:
        case "hazard":
            return case.hazard
        case "type":
            return case.body["type"]
        case "account":
            return case.account
        case _:
            zone = case.body.get("zone")
            return None if case.account is None or zone is None else f"{case.account} zone {zone}"


def _times(found: list[int]) -> Times | None:
    if not found:
        return None
    found = sorted(found)
    return Times(
        cases=len(found),
        median_us=found[(len(found) + 1) // 2 - 1],
        p90_us=found[-(-len(found) * 9 // 10) - 1],
        longest_us=found[-1],
    )


def _union(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if made and begin <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((begin, end))
    return made


def _peak(times: list[int], width_us: int) -> int:
    """The most that came within a stretch of this length."""
    most = first = 0
    for place, at in enumerate(times):
        while at - times[first] >= width_us:
            first += 1
        most = max(most, place - first + 1)
    return most


def _rounded(part: int, whole: int) -> int:
    """Half up; 0 of nothing."""
    return 0 if whole == 0 else (2 * part + whole) // (2 * whole)
