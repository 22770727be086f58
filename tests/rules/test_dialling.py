"""A dial, pure: what each word of a telephone system makes of it, in any order, and until when a desk is in a call."""

import itertools

import msgspec
import pytest

from tocsin.model.dials import DIAL_LOST_MIN, DialAsked
from tocsin.model.rings import GRACE_MIN, IN_CALL_MIN, TALK_HOURS, Ring
from tocsin.rules.dialling import asked, event_of, failed, is_news, may_fail, told
from tocsin.rules.ringing import MINUTE_US, due_at, in_call_until, lost, state_of

T0 = 1_800_000_000_000_000
BODY = DialAsked(
    desk="desk-1", exercise=False, extension="1001", of="keyholder-2", place=2, step="keys", telephone=1
)  # fmt: skip
DIAL = asked(BODY, "0" * 64, 7, T0, "incident-3", "user-2")
AT = {"picked_up": T0 + 1, "answered": T0 + 2, "ended": T0 + 3}


def after(ring, *events):
    for seq, event in enumerate(events, ring.seq + 1):
        if is_news(ring, event):
            ring = told(ring, event, seq, AT[event])
    return ring


def moments(ring):
    return ring.dial.picked_up_at, ring.answered_at, ring.ended_at


def test_a_dial_names_whom_it_is_for_and_holds_no_number():
    assert (DIAL.id, DIAL.incident, DIAL.extension, DIAL.has_number, DIAL.source) == (
        "dial-7", "incident-3", "1001", False, None,
    )  # fmt: skip
    assert msgspec.structs.asdict(DIAL.dial) == {
        "by": "user-2",
        "desk": "desk-1",
        "failed": None,
        "incident": "incident-3",
        "of": "keyholder-2",
        "picked_up_at": None,
        "place": 2,
        "step": "keys",
        "telephone": 1,
    }


@pytest.mark.parametrize(
    ("event", "extension", "found"),
    [
        ("ringing", "1001", None),
        ("answered", "1001", "picked_up"),
        ("answered", None, "answered"),
        ("answered", "4930123", "answered"),
        ("ended", "1001", "ended"),
        ("ended", None, "ended"),
    ],
)
def test_only_the_desks_own_telephone_counts_as_taken_up(event, extension, found):
    assert event_of(DIAL, event, extension) == found


@pytest.mark.parametrize("order", list(itertools.permutations(AT)))
def test_every_order_of_the_three_moments_gives_the_same_times(order):
    assert moments(after(DIAL, *order)) == (T0 + 1, T0 + 2, T0 + 3)


@pytest.mark.parametrize("event", [*AT, None])
def test_the_same_again_is_no_news(event):
    assert not is_news(after(DIAL, *AT), event)
    assert is_news(DIAL, event) == (event is not None)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((), "ringing"),
        (("picked_up",), "answered"),
        (("answered",), "answered"),
        (("picked_up", "answered"), "answered"),
        (("ended",), "over"),
        (("picked_up", "ended"), "over"),
    ],
)
def test_a_dial_is_talked_in_from_the_first_telephone_in_a_hand_and_is_never_to_be_called_back(events, state):
    assert state_of(after(DIAL, *events)) == state


def test_one_that_failed_is_over_until_the_telephone_system_tells_otherwise():
    ring = failed(DIAL, "timeout", 8, T0 + 5)
    assert (state_of(ring), ring.dial.failed, may_fail(ring)) == ("over", "timeout", False)
    back = told(ring, "picked_up", 9, T0 + 6)
    assert (state_of(back), back.dial.failed, back.ended_at) == ("answered", None, None)
    assert is_news(ring, "ended")
    assert after(ring, "ended").dial.failed is None


@pytest.mark.parametrize("event", ["picked_up", "answered", "ended"])
def test_one_that_was_told_of_meanwhile_has_not_failed(event):
    assert may_fail(DIAL)
    assert not may_fail(after(DIAL, event))


def test_one_that_was_lost_is_over_and_a_late_word_opens_it_again():
    ring = lost(DIAL, 8, T0 + 9)
    assert (state_of(ring), ring.is_lost) == ("over", True)
    back = told(ring, "answered", 9, T0 + 10)
    assert (state_of(back), back.is_lost) == ("answered", False)
    assert told(ring, "ended", 9, T0 + 10).ended_at == T0 + 10


@pytest.mark.parametrize(
    ("events", "minutes"), [((), DIAL_LOST_MIN), (("picked_up",), TALK_HOURS * 60), (("ended",), GRACE_MIN)]
)
def test_a_dial_ends_by_itself_in_every_state(events, minutes):
    assert due_at(after(DIAL, *events), T0) == T0 + minutes * MINUTE_US


RUNG = Ring(id="ring-1", begun_at=T0, extension="1001", key="a" * 64, ringing_at=T0, seq=1, source="source-1")


@pytest.mark.parametrize(
    ("ring", "since"),
    [
        (RUNG, None),
        (msgspec.structs.replace(RUNG, answered_at=T0 + 4), T0 + 4),
        (msgspec.structs.replace(RUNG, answered_at=T0 + 4, ended_at=T0 + 5), None),
        (DIAL, None),
        (after(DIAL, "picked_up"), T0 + 1),
        (after(DIAL, "answered"), T0 + 2),
        (after(DIAL, "answered", "picked_up"), T0 + 1),
        (after(DIAL, "picked_up", "ended"), None),
        (failed(DIAL, "refused", 8, T0), None),
    ],
)
def test_a_desk_is_in_a_call_from_answered_to_ended_and_for_half_an_hour_at_most(ring, since):
    assert in_call_until(ring) == (None if since is None else since + IN_CALL_MIN * MINUTE_US)
