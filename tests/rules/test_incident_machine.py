"""Signals and acts in any order: what holds for incidents whatever happens."""

import collections

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from support.events import CATALOGUE, Room, cid, event, sia, user, zones
from tocsin.journal.canonical import canonical
from tocsin.model.commands import AddNote, Claim, Close, Release, Reopen, Shelve, Unshelve
from tocsin.model.errors import Refused
from tocsin.model.incidents import DISPOSITIONS, POINTS_MAX, REOPEN_REASONS, Incident
from tocsin.rules import reasons
from tocsin.rules.chatter import LIFE_SAFETY

pytestmark = pytest.mark.slow

SITES = {"5512": "site-1", "7001": "site-1", "9000": "site-2"}
ZONES = zones(z3=("FIRE-SMOKE", None), z4=(None, 1), z5=("HOLD-UP", None))
ACCOUNTS = ["5512", "7001", "9000", "9001", "4711"]
"""Two at one site, one at another, one without a site; the last is unknown."""

CODES = sorted(CATALOGUE.codes)
OFTEN = [
    ("SIA", code) for code in ("FA", "FR", "FH", "BA", "BR", "BT", "BJ", "BV", "OP", "OR", "HA", "TA", "UA", "AT", "AR")
]
OFTEN += [
    ("CID", code) for code in ("110", "111", "118", "121", "130", "131", "151", "301", "401", "406", "450", "750")
]
UNKNOWN = [("SIA", "FE"), ("SIA", "NX"), ("SIA", "HQ"), ("CID", "199"), ("CID", "129"), ("CID", "12F")]
ACTORS = ["user-1", "user-2"]


@st.composite
def signals(draw):
    format_, code = draw(st.sampled_from(OFTEN) | st.sampled_from(CODES) | st.sampled_from(UNKNOWN))
    account = draw(st.sampled_from(ACCOUNTS))
    fields = {"account": account, "known": account != "4711", "exercise": draw(st.sampled_from([False] * 7 + [True]))}
    if draw(st.integers(0, 15)) == 15:
        fields |= {"disputed": True, "data_account": draw(st.sampled_from(["8000", "8001", None]))}
    if draw(st.integers(0, 30)) == 30:
        return event(**fields)
    zone = draw(st.sampled_from(["1", "001", "2", "3", "4", "5", "0", None]))
    if format_ == "SIA":
        made = sia(code, zone, block=draw(st.sampled_from("NNNO")), **fields)
    else:
        made = cid(code, zone, draw(st.sampled_from("113366")), **fields)
    one = CATALOGUE.codes.get((format_, code))
    return user(made) if one is not None and one.address_is == "user" else made


ACTS = st.one_of(
    st.builds(Claim, take_over=st.booleans()),
    st.just(Release()),
    st.builds(AddNote, note=st.just("text-1")),
    st.builds(Close, disposition=st.sampled_from(DISPOSITIONS), note=st.none() | st.just("text-2")),
    st.builds(Reopen, reason=st.sampled_from(REOPEN_REASONS)),
    st.builds(Shelve, reason=st.just("weather"), minutes=st.sampled_from([0, 10, 15, 480, 481]), is_lead=st.booleans()),
    st.just(Unshelve()),
)


class IncidentMachine(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.room = Room(SITES, ZONES)
        self.steps = []
        self.taken = 0
        self.active = collections.defaultdict(set)
        """By incident: states of Contact ID that began and have not ended, kept by hand."""

    @rule(signal=signals(), seconds=st.sampled_from([0, 0, 1, 30, 599, 601, 1_801, 90_000, -5_000]))
    def take(self, signal, seconds):
        before = dict(self.room.incidents)
        self.steps.append(("take", signal, seconds))
        self.room.wait(seconds).take(signal)
        self.taken += 1
        outcome, reason, into = self.room.ended[-1]
        assert len(self.room.ended) == self.taken, "a signal ends in one place"
        assert reason in {"opened": reasons.OPENING, "joined": reasons.JOINING, "filed": reasons.FILING}[outcome]
        changed = {id_ for id_, now in self.room.incidents.items() if before.get(id_) is not now}
        assert (into is not None) == (outcome != "filed")
        assert changed >= ({into} if into else set())
        for id_ in changed:
            self.check_change(before.get(id_), self.room.incidents[id_], signal, is_its=id_ == into)
        if outcome == "opened":
            assert into not in before
        self.note_states(signal, outcome, into)

    def check_change(self, was: Incident | None, now: Incident, signal, *, is_its):
        assert now.exercise == signal.exercise, "an exercise joins no real incident"
        assert (now.account_id is None) == (not signal.known)
        if was is None:
            assert (now.signals, now.state, now.condition) == (1, "open", "active")
            return
        assert was.state == "open", "a closed incident is changed by no signal"
        assert now.priority <= was.priority, "a signal lowers nothing"
        assert (now.silent, now.confirmed, now.points_full) >= (was.silent, was.confirmed, was.points_full)
        assert (now.claimed_by, now.acted, now.type, now.state) == (was.claimed_by, was.acted, was.type, "open")
        assert now.signals == was.signals + is_its
        if not is_its:
            assert len(now.points) < len(was.points), "another incident is only eased"
            assert (now.priority, now.alarmed, now.last_at) == (was.priority, was.alarmed, was.last_at)
        if signal.disputed:
            assert set(was.points) <= set(now.points), "a disputed message ends nothing"

    def note_states(self, signal, outcome, into):
        one = CATALOGUE.codes.get((signal.format, signal.code))
        if signal.format != "CID":
            return
        zone = (signal.address or "0").lstrip("0") or None
        account = (signal.data_account or signal.account) if signal.disputed else signal.account
        state = (account, signal.code, zone)
        over = signal.qualifier == "3" and (one is None or one.kind_restore != one.kind)
        if over and not signal.disputed:
            for incident in self.room.open:
                is_ours = incident.exercise == signal.exercise and not incident.reason.startswith("disputed")
                if is_ours and (incident.account_id is None) == (not signal.known):
                    self.active[incident.id].discard(state)
        elif outcome != "filed" and not over and (one is None or one.priority < 5):
            happened = one is not None and not signal.disputed and one.type != "TECH-UNCLASSIFIED"
            if not (happened and (one.kind == "other" or one.kind == one.kind_restore)):
                self.active[into].add(state)

    @precondition(lambda self: self.room.incidents)
    @rule(data=st.data(), act=ACTS, actor=st.sampled_from(ACTORS), stale=st.integers(0, 6))
    def act(self, data, act, actor, stale):
        id_ = data.draw(st.sampled_from(list(self.room.incidents)))
        was = self.room.incidents[id_]
        version = max(was.version - stale, 1)
        self.steps.append(("act", id_, act, actor, version))
        facts = len(self.room.facts)
        try:
            now = self.room.act(was, act, actor, version)
        except Refused:
            assert (self.room.incidents[id_], len(self.room.facts)) == (was, facts), "a refusal changes nothing"
            return
        assert (now.points, now.priority, now.signals, now.alarmed, now.condition) == (
            was.points,
            was.priority,
            was.signals,
            was.alarmed,
            was.condition,
        ), "an act changes nothing of what signals say"
        match act:
            case Close():
                assert (was.state, was.claimed_by, now.state) == ("open", actor, "closed")
                assert version >= max(was.alarmed, was.acted), "nobody closes over an alarm that they did not see"
            case Claim():
                assert (was.state, now.claimed_by) == ("open", actor)
                assert was.claimed_by in (None, actor) or act.take_over
            case Reopen():
                assert (was.state, now.state, now.claimed_by) == ("closed", "open", actor)
            case Release():
                assert (was.claimed_by, now.claimed_by) == (actor, None)
            case AddNote():
                assert now.state == was.state

    @invariant()
    def incidents_make_sense(self):
        if not hasattr(self, "room"):
            return
        for one in self.room.incidents.values():
            keys = [(p.account, p.account_id, p.format, p.code, p.zone) for p in one.points]
            assert len(keys) == len(set(keys)) <= POINTS_MAX
            assert one.condition == "active" or not one.points
            assert one.condition == "active" or not one.points_full
            assert (one.state == "closed") == (one.disposition is not None) == (one.closed_at is not None)
            assert one.claimed_by is None or one.state == "open"
            assert (one.claimed_by is None) == (one.claimed_at is None)
            assert one.acted <= one.version >= one.alarmed
            # Nothing is lost on the shelf: it is open, nobody's, and has an end.
            assert (one.presentation == "shelved") == (one.shelved is not None)
            if one.shelved is not None:
                assert (one.state, one.claimed_by, one.is_room) == ("open", None, False)
                longest_min = 10 if one.priority == 1 or one.hazard in LIFE_SAFETY else 480
                assert 0 < one.shelved.until - one.shelved.at <= longest_min * 60_000_000
            assert 1 <= one.priority <= 4
            # `door-3` of the point is 3 of the message
            states = {(p.account, p.code, p.zone and p.zone.split("-")[-1]) for p in one.points if p.format == "CID"}
            assert one.points_full or states == self.active[one.id]
        joined = [one for one in self.room.ended if one[0] != "filed"]
        assert sum(one.signals for one in self.room.incidents.values()) == len(joined)

    def teardown(self):
        if not hasattr(self, "room"):
            return
        made = self.room.rebuilt()
        assert [msgspec.json.encode(one) for one in made.values()] == [
            msgspec.json.encode(one) for one in self.room.incidents.values()
        ], "a rebuild from the facts equals the incidents byte for byte"
        for *_, body in self.room.facts:
            assert canonical(msgspec.json.decode(body)) == body
        for one in made.values():
            encoded = msgspec.json.encode(one)
            assert canonical(msgspec.json.decode(encoded)) == encoded
            assert msgspec.json.decode(encoded, type=Incident) == one
        again = Room(SITES, ZONES)
        for step in self.steps:
            if step[0] == "take":
                again.wait(step[2]).take(step[1])
            else:
                try:
                    again.act(again.incidents[step[1]], *step[2:])
                except Refused:
                    continue
        assert again.facts == self.room.facts, "same input, same output"


IncidentMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestIncidentMachine = IncidentMachine.TestCase
