"""Merging and splitting by a person: every signal in one place, later ones where they belong, and a way back."""

import json

import msgspec
import pytest

from support.cores import CoreAtWork, PlacesOf
from tocsin.model.commands import Claim, Close, Merge, Reopen, Split, Unmerge, Unsplit
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import MERGED_MAX
from tocsin.rules import reasons
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.incident import BODIES
from tocsin.rules.regroup import UNDO_HOURS
from tocsin.rules.words import tell
from tocsin.store.sqlite import SqliteStore

CATALOGUE = shipped_catalogue()
PLACES = PlacesOf({f"account-{number}": f"site-{number}" for number in range(1, 40)})


@pytest.fixture(params=["memory", "sqlite"])
def centre(request, tmp_path):
    store = SqliteStore(tmp_path / "tocsin.db") if request.param == "sqlite" else None
    made = CoreAtWork(store, places=PLACES)
    yield made
    assert made.findings() == []
    kept = {one.id: one for one in made.core.open_incidents()[1]}
    assert kept == {one.id: one for one in made.again(places=PLACES).core.open_incidents()[1]}, "as a restart reads it"
    made.store.close()


def two(centre, code="BA", other="BA"):
    """Two incidents of neighbouring sites."""
    centre.signal(code, "1", account_ref="account-1", address="5")
    centre.signal(other, "2", account_ref="account-2", address="7")
    return centre.open()


def merge(centre, one, into, actor="user-1", **fields):
    act = Merge(into=into.id, seen=centre.store.incident(into.id).version, **fields)
    return centre.handle(one.id, act, actor)[0]


def where(centre):
    return {row.seq: row.incident for row in centre.rows()}


def lines(centre, id_):
    made = []
    for stored in centre.store.incident_facts(id_, 100):
        entry = json.loads(stored.row.entry)
        if stored.row.kind in BODIES:
            body = msgspec.convert(entry["body"], BODIES[stored.row.kind])
            made.append(tell(body, entry["actor"], CATALOGUE))
    return made


# Merge ---------------------------------------------------------------------------------------------------------------


def test_merged_incident_is_closed_as_a_duplicate_and_points_at_the_other_and_no_signal_moves(centre):
    one, into = two(centre)
    before = where(centre)
    answer = merge(centre, one, into)
    assert (answer.id, answer.state, answer.disposition, answer.merged_into) == (one.id, "closed", "duplicate", into.id)
    now = centre.store.incident(into.id)
    assert (now.signals, len(now.points), [merged.incident for merged in now.merged_here]) == (2, 2, [one.id])
    assert where(centre) == before
    assert centre.open() == [now]
    assert {incident.id for incident in centre.committed[-1].incidents} == {one.id, into.id}
    assert lines(centre, one.id)[-1] == (
        f"{{user-1}} merged it into incident {into.number}: the same happening. What comes of it goes there."
    )
    assert lines(centre, into.id)[-1] == (
        f"{{user-1}} merged incident {one.number} into this one: the same happening, with 1 signal. What comes of that "
        "comes here."
    )


def test_what_comes_of_a_merged_incident_goes_to_the_other_while_that_is_open(centre):
    one, into = two(centre)
    merge(centre, one, into)
    for code, reason in (("BA", "merged_here"), ("BR", "restored"), ("BA", "merged_here")):
        row = centre.signal(code, "1", account_ref="account-1", address="6" if code == "BA" else "5")
        assert (row.incident, row.reason) in ((into.id, reason), (into.id, "same_point"))
    now = centre.store.incident(into.id)
    assert {point.zone for point in now.points} == {"6", "7"}
    centre.handle(into.id, Claim())
    centre.handle(into.id, Close(disposition="real"))
    row = centre.signal("BA", "1", account_ref="account-1", address="9")
    assert row.outcome == "opened"


def test_what_comes_of_a_merged_incident_goes_to_the_other_after_a_restart():
    centre = CoreAtWork(places=PLACES)
    one, into = two(centre)
    merge(centre, one, into)
    again = centre.again(places=PLACES)
    assert again.signal("BA", "1", account_ref="account-1", address="8").incident == into.id
    assert again.findings() == []


def test_merge_of_incidents_that_two_people_have_names_both_and_needs_consent(centre):
    one, into = two(centre)
    centre.handle(one.id, Claim(), "user-7")
    centre.handle(into.id, Claim(), "user-8")
    with pytest.raises(Conflict, match=r"\{user-7\} has incident 1, \{user-8\} has incident 2") as refused:
        merge(centre, one, into, "user-9")
    assert refused.value.code == "merge.claimed_by_others"
    with pytest.raises(Conflict, match=r"\{user-8\} has incident 2"):
        merge(centre, one, into, "user-7")
    assert len(centre.open()) == 2
    merge(centre, one, into, "user-7", take_over=True)
    assert centre.store.incident(into.id).claimed_by == "user-7"


def test_unclaimed_ones_stay_unclaimed_and_whose_was_claimed_has_both(centre):
    one, into = two(centre)
    merge(centre, one, into)
    assert centre.store.incident(into.id).claimed_by is None
    centre.signal("BA", "3", account_ref="account-3", address="1")
    third = centre.open()[-1]
    centre.handle(third.id, Claim(), "user-1")
    merge(centre, third, into)
    assert centre.store.incident(into.id).claimed_by == "user-1"


def test_who_has_not_seen_what_is_new_merges_nothing(centre):
    one, into = two(centre)
    seen = into.version
    centre.signal("BA", "2", account_ref="account-2", address="8")
    with pytest.raises(Conflict, match=r"incident\.changed"):
        centre.handle(one.id, Merge(into=into.id, seen=seen))
    centre.signal("BA", "1", account_ref="account-1", address="9")
    with pytest.raises(Conflict, match=r"incident\.changed"):
        centre.handle(one.id, Merge(into=into.id, seen=centre.store.incident(into.id).version), version=one.version)


@pytest.mark.parametrize(
    ("code", "other", "refusal"),
    [
        ("FA", "BA", "merge.more_urgent"),  # a fire in a break-in
        ("BA", "AT", "merge.more_urgent"),
        ("GA", "FA", "merge.more_urgent"),  # about lives, of another class
        ("HA", "PA", "merge.silent"),
    ],
)
def test_merge_that_would_hide_an_alarm_is_refused(centre, code, other, refusal):
    one, into = two(centre, code, other)
    with pytest.raises(BadInput) as refused:
        merge(centre, one, into)
    assert refused.value.code == refusal
    assert len(centre.open()) == 2


def test_fault_may_be_merged_into_a_fire_and_its_next_fault_goes_there(centre):
    one, into = two(centre, "AT", "FA")
    merge(centre, one, into)
    assert centre.store.incident(into.id).priority == 1
    assert centre.signal("AT", "1", account_ref="account-1").incident == into.id
    assert centre.signal("FA", "1", account_ref="account-1", address="1").outcome == "opened", "a fire of its own site"


def test_merge_into_itself_into_what_is_closed_or_unknown_is_refused(centre):
    one, into = two(centre)
    for act in (Merge(into=one.id, seen=one.version), Merge(into="incident-999", seen=1)):
        with pytest.raises(BadInput):
            centre.handle(one.id, act)
    centre.handle(into.id, Claim())
    centre.handle(into.id, Close(disposition="real"))
    with pytest.raises(Conflict, match=r"incident\.closed"):
        merge(centre, one, into)


def test_many_are_merged_to_a_limit_and_what_holds_others_is_merged_into_nothing(centre):
    one, into = two(centre)
    merge(centre, one, into)
    for number in range(3, MERGED_MAX + 3):
        centre.signal("BA", str(number), account_ref=f"account-{number}", address="1")
        last = centre.open()[-1]
        if number < MERGED_MAX + 2:
            merge(centre, last, into)
    with pytest.raises(Conflict, match=r"merge\.full"):
        merge(centre, last, into)
    with pytest.raises(Conflict, match=r"merge\.holds_others"):
        merge(centre, into, last)


def test_same_merge_again_is_answered_alike_and_done_once(centre):
    one, into = two(centre)
    act = Merge(into=into.id, seen=into.version)
    first = centre.handle(one.id, act, id_="once", version=one.version)
    assert centre.handle(one.id, act, id_="once", version=one.version) == first
    assert len(centre.store.incident(into.id).merged_here) == 1


# Undo of a merge -----------------------------------------------------------------------------------------------------


def test_undone_merge_leaves_both_as_they_were(centre):
    one, into = two(centre)
    merge(centre, one, into)
    answer = centre.handle(one.id, Unmerge())[0]
    assert (answer.state, answer.merged_into, answer.points, answer.claimed_by) == ("open", None, one.points, "user-1")
    now = centre.store.incident(into.id)
    assert (now.points, now.signals, now.merged_here, now.confirmed) == (into.points, 1, (), False)
    assert centre.signal("BA", "1", account_ref="account-1", address="6").incident == one.id
    assert centre.signal("BA", "2", account_ref="account-2", address="8").incident == into.id


def test_undo_keeps_what_is_over_over(centre):
    one, into = two(centre)
    centre.signal("BA", "2", account_ref="account-2", address="8")
    merge(centre, one, into)
    centre.signal("BR", "2", account_ref="account-2", address="8")
    centre.handle(one.id, Unmerge())
    assert [point.zone for point in centre.store.incident(into.id).points] == ["7"]


def test_undo_is_refused_where_something_contradicts(centre):
    one, into = two(centre)
    with pytest.raises(Conflict, match=r"merge\.none"):
        centre.handle(one.id, Unmerge())
    merge(centre, one, into)
    centre.signal("BA", "1", account_ref="account-1", address="6")
    with pytest.raises(Conflict, match=r"merge\.signals_since"):
        centre.handle(one.id, Unmerge())


def test_undo_is_refused_once_the_other_is_closed_or_the_shift_is_over(centre):
    one, into = two(centre)
    merge(centre, one, into)
    centre.clock.advance(UNDO_HOURS * 3_600 + 60)
    with pytest.raises(Conflict, match=r"regroup\.too_late"):
        centre.handle(one.id, Unmerge())
    centre.clock.advance(-3_600)
    centre.handle(into.id, Claim())
    centre.handle(into.id, Close(disposition="real"))
    with pytest.raises(Conflict, match=r"incident\.closed"):
        centre.handle(one.id, Unmerge())


def test_duplicate_is_reopened_once_the_other_is_closed_and_takes_its_own_signals(centre):
    one, into = two(centre)
    merge(centre, one, into)
    with pytest.raises(Conflict, match=r"merge\.undo_instead"):
        centre.handle(one.id, Reopen(reason="closed_by_mistake"))
    centre.handle(into.id, Claim())
    centre.handle(into.id, Close(disposition="real"))
    centre.handle(one.id, Reopen(reason="closed_by_mistake"))
    centre.handle(into.id, Reopen(reason="more_to_do"))
    assert centre.store.incident(one.id).merged_into is None
    assert centre.store.incident(into.id).merged_here == ()
    assert centre.signal("BA", "1", account_ref="account-1", address="6").incident == one.id


# Split ---------------------------------------------------------------------------------------------------------------


def fire(centre):
    """Three detectors of one fire."""
    rows = [centre.signal("FA", "1", account_ref="account-1", address=str(zone)) for zone in (1, 2, 3)]
    return centre.open()[0], [row.seq for row in rows]


def test_split_makes_an_incident_of_its_own_and_its_signals_end_there_and_nowhere_else(centre):
    incident, seqs = fire(centre)
    after = centre.handle(incident.id, Split(signals=(seqs[2],)))[0]
    (new,) = [one for one in centre.open() if one.id != incident.id]
    assert (new.type, new.priority, new.zone, new.signals, new.site_id) == ("FIRE-ALARM", 1, "3", 1, "site-1")
    assert (after.id, after.signals, [point.zone for point in after.points]) == (incident.id, 2, ["1", "2"])
    assert [point.zone for point in new.points] == ["3"]
    assert where(centre) == {seqs[0]: incident.id, seqs[1]: incident.id, seqs[2]: new.id}
    assert [row.seq for row, _ in centre.store.incident_signals(new.id, 9)] == [seqs[2]]
    assert new.claimed_by is None, "it sounds: nobody has claimed it"
    assert new.number == incident.number + 1
    assert lines(centre, incident.id)[-1] == f"{{user-1}} split 1 signal off into incident {new.number}."
    assert centre.signal("FH", "1", account_ref="account-1", address="3").incident == new.id
    centre.signal("WA", "9", account_ref="account-9")
    assert sorted({one.number for one in centre.open()}) == [incident.number, new.number, new.number + 1]


def test_split_is_refused_where_nothing_would_be_left_or_nothing_is_to_be_handled(centre):
    incident, seqs = fire(centre)
    restoral = centre.signal("FH", "1", account_ref="account-1", address="2").seq
    with pytest.raises(Conflict, match=r"split\.all"):
        centre.handle(incident.id, Split(signals=(*seqs, restoral)))
    with pytest.raises(BadInput, match=r"split\.no_alarm"):
        centre.handle(incident.id, Split(signals=(restoral,)))
    with pytest.raises(BadInput, match=r"split\.unknown_signal"):
        centre.handle(incident.id, Split(signals=(999,)))
    with pytest.raises(BadInput, match=r"split\.signals"):
        centre.handle(incident.id, Split(signals=()))
    assert len(centre.open()) == 1


def test_undone_split_brings_the_signals_back(centre):
    incident, seqs = fire(centre)
    centre.handle(incident.id, Split(signals=(seqs[2],)))
    (new,) = [one for one in centre.open() if one.id != incident.id]
    answer = centre.handle(new.id, Unsplit())[0]
    assert (answer.id, answer.state, answer.merged_into) == (new.id, "closed", incident.id)
    now = centre.store.incident(incident.id)
    assert (now.signals, {point.zone for point in now.points}, now.merged_here) == (3, {"1", "2", "3"}, ())
    assert set(where(centre).values()) == {incident.id}
    assert {row.reason for row in centre.rows()} >= {reasons.SPLIT_UNDONE}


def test_undo_of_a_split_is_refused_once_more_has_come(centre):
    incident, seqs = fire(centre)
    with pytest.raises(Conflict, match=r"split\.none"):
        centre.handle(incident.id, Unsplit())
    centre.handle(incident.id, Split(signals=(seqs[2],)))
    (new,) = [one for one in centre.open() if one.id != incident.id]
    centre.signal("FA", "1", account_ref="account-1", address="3")
    with pytest.raises(Conflict, match=r"split\.signals_since"):
        centre.handle(new.id, Unsplit())
    merge(centre, centre.store.incident(new.id), centre.store.incident(incident.id))
    assert len(centre.open()) == 1


def test_undo_of_another_ones_split_asks_first(centre):
    incident, seqs = fire(centre)
    centre.handle(incident.id, Split(signals=(seqs[2],)))
    (new,) = [one for one in centre.open() if one.id != incident.id]
    centre.handle(new.id, Claim(), "user-7")
    with pytest.raises(Conflict, match=r"\{user-7\} has incident"):
        centre.handle(new.id, Unsplit(), "user-1")
