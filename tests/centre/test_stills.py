"""Stills of incidents: who sees what, for how long, and what is left of them."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from support.centres import held, make_folder
from support.cores import rebuild_findings
from support.fakes import ManualClock, arrival
from tocsin.centre.core import Core
from tocsin.centre.stills import StillEnds
from tocsin.model.commands import Claim, Close, Command, Merge, Unmerge, WaiveStep
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.retention import Hold, SetHold
from tocsin.model.stills import (
    FETCH_S,
    STILL_ENDS,
    STILL_HOURS,
    STILLS_MAX,
    DrawnStill,
    StillBox,
    incident_of,
    stills_named,
)
from tocsin.model.vault import Timer
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.system import SystemClock

ANA, BO = "user-7", "user-8"
BOX = StillBox(x=100, y=100, width=300, height=300)
CLEAR, MASKED = b"planted clear picture", b"masked picture"
DRAWN = DrawnStill(height_px=540, masked=MASKED, original=CLEAR, width_px=960)
HOUR_US = 3_600_000_000


class Room:
    """A held centre with a core and somebody who sends pictures."""

    def __init__(self, made, folder):
        self.made, self.store, self.clock, self.stills = made, made.store, made.clock, made.centre.stills
        self.folder = folder
        made.add(b"account\n1001\n1002\n")
        core = Core(
            made.store, made.clock, shipped_catalogue(), made.centre.places(), keeper=made.centre.keeper,
            follower=made.centre.escalating, planner=made.centre.planning,
        )  # fmt: skip
        made.journal.attach(core)
        made.centre.use_core(core)
        self.told = []
        self.stills.on_committed = self.told.append
        self._count = 0

    def incident(self, code="FA", account="1001"):
        self._count += 1
        found = self.store.accounts()[account == "1002"]
        made = arrival(
            b"%d" % self._count, account=account, code=code, account_ref=found.id, received_at=self.clock.now_us()
        )
        self.made.journal.store([made])
        self.made.journal.store([])
        return self.store.signal_rows(0, 1000)[-1].incident

    def send(self, incident, id_=None, drawn=DRAWN, actor=ANA):
        self._count += 1
        return self.stills.add(incident, drawn, BOX, "duty", actor, id_ or f"s{self._count}")[0]

    def act(self, incident, act, actor=ANA):
        self._count += 1
        version = self.store.incident(incident).version
        command = Command(actor=actor, id=f"c{self._count}", incident=incident, version=version, act=act)
        return self.made.centre.handle(command)[0]

    def close(self, incident):
        self.act(incident, Claim())
        while (plan := self.store.incident(incident).plan) is not None and plan.step is not None:
            self.act(incident, WaiveStep(step=plan.step, reason="not_needed"))
        self.act(incident, Close(disposition="unwanted"))

    def pass_(self, hours):
        self.clock.advance(hours * 3_600)
        while self.made.centre.timers.run_due(self.made.journal, self.clock.now_us(), is_clock_sure=True):
            pass

    def facts(self, *kinds):
        entries = [json.loads(one.row.entry) for one in self.store.entries(0, 1_000)]
        return [one for one in entries if one["kind"] in kinds]

    def bytes(self):
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def room(tmp_path):
    turn = threading.Lock()  # one writer, as in a centre that runs

    def run(made, work):
        with turn:
            return work(made.journal)

    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us()), run=run) as made:
        room = Room(made, tmp_path / "centre")
        yield room
        assert rebuild_findings(made.store) == []


def test_a_still_is_shown_masked_and_that_somebody_saw_it_is_a_fact_once_a_claim(room):
    incident = room.incident()
    still = room.send(incident)
    assert room.stills.of(incident) == [still]
    assert (still.by, still.incident, still.erased_at) == (ANA, incident, None)
    assert [one.personal for one in room.told] == [(incident,)], "screens that show it are told"
    for _ in range(2):
        assert room.stills.masked(incident, still.id, BO) == MASKED
    (read,) = room.facts("vault.read")
    assert (read["actor"], read["ref"], read["body"]["what"]) == (BO, incident, "stills")
    assert CLEAR not in room.bytes()
    assert MASKED not in room.bytes()


def test_the_same_still_sent_again_is_one_and_another_under_its_id_is_refused(room):
    incident = room.incident()
    first = room.send(incident, id_="once")
    assert room.send(incident, id_="once") == first
    assert len(room.stills.of(incident)) == 1
    other = DrawnStill(height_px=540, masked=MASKED, original=b"another", width_px=960)
    with pytest.raises(Conflict) as refused:
        room.send(incident, id_="once", drawn=other)
    assert refused.value.code == "command.reused"


def test_an_incident_takes_six_stills_in_all_its_life_and_says_so_at_the_seventh(room):
    incident = room.incident()
    stills = [room.send(incident) for _ in range(STILLS_MAX)]
    assert len({one.id for one in stills}) == STILLS_MAX
    room.pass_(STILL_HOURS + 1)
    assert all(one.erased_at is not None for one in room.stills.of(incident))
    with pytest.raises(Conflict, match="at most 6 pictures") as refused:
        room.send(incident)
    assert refused.value.code == "still.full"


def test_the_last_one_that_was_taken_can_be_sent_again_by_a_telephone_that_heard_no_answer(room):
    incident = room.incident()
    stills = [room.send(incident, id_=f"n{count}") for count in range(STILLS_MAX)]
    assert room.send(incident, id_="n5") == stills[-1]
    room.close(incident)
    assert room.send(incident, id_="n5") == stills[-1]


@pytest.mark.parametrize("code", ["PA", "MA", "BA"])
def test_incidents_whose_pictures_would_be_of_people_take_none(room, code):
    incident = room.incident(code)
    with pytest.raises(Conflict, match="would be of people") as refused:
        room.send(incident)
    assert (refused.value.code, room.stills.of(incident)) == ("still.class", [])


def test_a_closed_incident_takes_none_and_lifts_none(room):
    incident = room.incident()
    still = room.send(incident)
    room.close(incident)
    for act in (
        lambda: room.send(incident),
        lambda: room.stills.lift(incident, still.id, "in_danger", BO, "session-1"),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "still.closed"
    assert room.stills.masked(incident, still.id, BO) == MASKED


def test_a_mask_is_lifted_for_one_sign_in_once_and_who_and_why_is_a_fact_before(room):
    incident = room.incident()
    still = room.send(incident)
    word, _ = room.stills.lift(incident, still.id, "which_door", BO, "session-1")
    (lifted,) = room.facts("still.lifted")
    assert (lifted["actor"], lifted["ref"], lifted["body"]["reason"]) == (BO, incident, "which_door")

    def fetch(word=word, still=still.id, viewer="session-1", incident=incident):
        with pytest.raises(BadInput, match="Nothing was shown") as refused:
            room.stills.unmasked(incident, still, word, viewer)
        return refused.value.code

    other = room.incident("BA")
    assert other != incident
    assert fetch(viewer="session-2") == fetch(word="0" * 48) == fetch(incident=other) == "still.not_lifted"
    assert room.stills.unmasked(incident, still.id, word, "session-1") == CLEAR
    assert fetch() == "still.not_lifted", "once"
    room.clock.advance(47)
    assert not room.stills.mask_again(incident, still.id, word, "session-2", "by_hand")
    assert room.stills.mask_again(incident, still.id, word, "session-1", "by_hand")
    assert not room.stills.mask_again(incident, still.id, word, "session-1", "by_hand")
    (masked,) = room.facts("still.masked")
    assert (masked["actor"], masked["body"]["seconds"], masked["body"]["reason"]) == (BO, 47, "by_hand")


def test_the_address_of_a_clear_picture_is_good_for_half_a_minute(room):
    incident = room.incident()
    still = room.send(incident)
    word, _ = room.stills.lift(incident, still.id, "in_danger", BO, "session-1")
    room.clock.advance(FETCH_S + 1)
    with pytest.raises(BadInput) as refused:
        room.stills.unmasked(incident, still.id, word, "session-1")
    assert refused.value.code == "still.not_lifted"


def test_a_still_is_erased_after_three_days_with_its_incident_open_or_closed(room):
    incident = room.incident()
    still = room.send(incident)
    keys = room.store.holder_keys(still.id)
    word, _ = room.stills.lift(incident, still.id, "in_danger", BO, "session-1")
    room.pass_(STILL_HOURS - 1)
    assert room.stills.masked(incident, still.id, BO) == MASKED
    room.pass_(1)
    (erased,) = room.facts("still.erased")
    assert (erased["ref"], erased["body"]["keys"], erased["body"]["values"]) == (incident, keys, 2)
    assert room.stills.of(incident)[0].erased_at is not None
    assert room.store.values(still.id) == []
    for ask in (
        lambda: room.stills.masked(incident, still.id, BO),
        lambda: room.stills.lift(incident, still.id, "in_danger", BO, "session-1"),
        lambda: room.stills.unmasked(incident, still.id, word, "session-1"),
    ):
        with pytest.raises(BadInput):
            ask()


def test_stills_go_with_the_texts_of_their_incident_when_those_are_erased_before(room):
    incident = room.incident()
    stills = [room.send(incident), room.send(incident)]
    keys = {key for one in stills for key in room.store.holder_keys(one.id)}
    room.close(incident)
    room.made.centre.erasing.erase_now(room.made.journal, incident, "data_subject", None, BO, room.clock.now_us())
    (erased,) = room.facts("incident.erased")
    assert keys <= set(erased["body"]["keys"])
    for one in stills:
        assert room.store.values(one.id) == []
        with pytest.raises(BadInput):
            room.stills.masked(incident, one.id, BO)


def test_a_legal_hold_keeps_stills_as_it_keeps_texts(room):
    incident = room.incident()
    still = room.send(incident)
    day = 24 * HOUR_US
    hold = Hold(
        id="hold-1", incident=incident, lifted_at=None, lifted_by=None, lifted_reason=None, reason="court_order",
        set_at=room.clock.now_us(), set_by=BO, until=room.clock.now_us() + 10 * day,
    )  # fmt: skip
    ends = StillEnds(room.store, room.made.centre.values)
    timer = Timer(kind=STILL_ENDS, ref=still.id, due_at=room.clock.now_us() + 3 * day)
    assert ends.not_before(timer, timer.due_at) is None
    room.made.journal.decide(lambda transaction, _appender: transaction.put_hold(hold))
    assert ends.not_before(timer, timer.due_at) == hold.until
    room.made.journal.decide(
        lambda transaction, _appender: transaction.put_hold(
            msgspec.structs.replace(hold, lifted_at=room.clock.now_us(), lifted_by=BO, lifted_reason="settled")
        )
    )
    assert ends.not_before(timer, timer.due_at) is None


def test_two_that_come_at_once_are_two(room):
    incident = room.incident()
    with ThreadPoolExecutor(4) as pool:
        stills = list(pool.map(lambda count: room.send(incident, id_=f"t{count}"), range(4)))
    assert sorted(one.id for one in stills) == [one.id for one in room.stills.of(incident)]
    assert all(room.stills.masked(incident, one.id, BO) == MASKED for one in stills)


@pytest.mark.parametrize(
    ("incident", "names"), [("incident-7", ["still-71", "still-76"]), ("incident-41", ["still-411", "still-416"])]
)
def test_a_still_names_its_incident(incident, names):
    every = stills_named(incident)
    assert (every[0], every[-1]) == tuple(names)
    assert {incident_of(one) for one in every} == {incident}


def merged(room):
    """Two fires, each with a picture; the second is merged into the first."""
    into, one = room.incident(), room.incident(account="1002")
    assert into != one
    theirs, ours = room.send(one, id_="theirs"), room.send(into)
    room.act(one, Merge(into=into, seen=room.store.incident(into).version))
    return into, one, ours, theirs


def test_pictures_of_what_was_merged_are_seen_from_what_stands_and_go_back_when_it_is_undone(room):
    into, one, ours, theirs = merged(room)
    assert [still.id for still in room.stills.of(into)] == [theirs.id, ours.id]
    assert room.stills.masked(into, theirs.id, BO) == MASKED
    word, _ = room.stills.lift(into, theirs.id, "which_door", BO, "session-1")
    with pytest.raises(BadInput):
        room.stills.unmasked(one, theirs.id, word, "session-1")
    assert room.stills.unmasked(into, theirs.id, word, "session-1") == CLEAR
    assert room.facts("still.lifted")[-1]["ref"] == into, "it stands in the time line of what was looked at"
    assert room.send(into, id_="theirs") == theirs, "sent again by a telephone that heard no answer"
    # All of them count: with four more it has six.
    for _ in range(STILLS_MAX - 2):
        room.send(into)
    with pytest.raises(Conflict) as refused:
        room.send(into)
    assert refused.value.code == "still.full"
    room.act(one, Unmerge())
    assert [still.id for still in room.stills.of(one)] == [theirs.id]
    assert theirs.id not in {still.id for still in room.stills.of(into)}
    with pytest.raises(BadInput):
        room.stills.masked(into, theirs.id, BO)
    room.send(into)


def test_pictures_of_what_was_merged_are_held_and_erased_with_what_stands(room):
    into, one, ours, theirs = merged(room)
    room.close(into)
    assert len(room.stills.of(into)) == 2, "closing takes none of them away"
    room.made.centre.erasing.erase_now(room.made.journal, into, "data_subject", None, BO, room.clock.now_us())
    assert [still.erased_at is not None for still in room.stills.of(into)] == [True, True]
    assert room.stills.of(one)[0].id == theirs.id
    for still in (ours, theirs):
        assert room.store.values(still.id, "still_masked", 1) == []


def test_a_legal_hold_of_what_stands_keeps_pictures_of_what_was_merged_for_its_time_and_no_longer(room):
    into, one, _, theirs = merged(room)
    until = room.clock.now_us() + 90 * 24 * HOUR_US
    wanted = SetHold(incident=into, reason="court_order", until=until)
    room.made.centre.holds.set_again(room.made.journal, wanted, BO)
    room.pass_(24 * 60)  # the texts of what was merged end as those of what was closed
    assert room.store.erasure(one) is not None
    assert room.stills.masked(into, theirs.id, BO) == MASKED
    room.pass_(24 * 31)
    assert room.store.values(theirs.id, "still_masked", 1) == []
