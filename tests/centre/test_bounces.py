"""Bounced mail: an attempt that failed after all, a way that comes next at once, a contact that counts as refused."""

import base64

import pytest

from support.bounced import report
from support.centres import held, make_folder
from support.fakes import ManualClock
from support.staff import ANA, BO, WAYS, Staff
from tocsin.centre.bounces import Bounces
from tocsin.centre.outbox import end_notices
from tocsin.model.errors import BadInput
from tocsin.model.notices import ANSWER_DAYS, REFUSED_MAX, Accepted, Failed
from tocsin.system import SystemClock

DAY_S = 86_400


@pytest.fixture
def staff(tmp_path):
    with held(make_folder(tmp_path / "centre"), clock=ManualClock(SystemClock().now_us())) as made:
        room = Staff(made)
        room.bounces = Bounces(room.outbox)
        room.home(BO, channel="email", address="bo@example.org")
        yield room
        room.check()


def mailed(staff, *people, outcome=None, command="n1"):
    """Have people told by mail; return the notices and the name of each mail."""
    notices = staff.notify(staff.incident(), *(people or (BO,)), command=command)
    sent = {one.notice.id: one.message for one in staff.send(outcome or Accepted("x"))}
    ids = [f"<{sent[one.id].key}.{sent[one.id].bounce_id}@example.org>" for one in notices if one.id in sent]
    return notices, ids


def attempts(staff, notice):
    return [(one.channel, one.state, one.reason) for one in staff.store.notice(notice.id).attempts]


def test_mail_that_bounces_failed_and_the_next_way_begins_at_once(staff):
    staff.home(BO, channel="voice")  # it is called 20 s after the mail
    staff.outbox.use({*WAYS, ("voice", 1)}, "t-1-", "https://c.example", lambda: None)
    (notice,), (id_,) = mailed(staff)
    assert attempts(staff, notice) == [("email", "accepted", None)]
    staff.clock.advance(1)
    assert staff.bounces.take(report(id_)) == "noted"
    staff.send(Accepted("y"))
    assert attempts(staff, notice) == [("email", "failed", "bounced"), ("voice", "accepted", None)]


def test_nobody_else_is_waited_for_where_the_only_mail_bounces(staff):
    (notice,), (id_,) = mailed(staff)
    assert staff.bounces.take(report(id_)) == "noted"
    assert attempts(staff, notice) == [("email", "failed", "bounced")]
    assert staff.bounces.take(report(id_)) == "known"
    assert len(staff.store.notice(notice.id).attempts) == 1
    assert staff.bounces.counts == {"noted": 1, "known": 1, "not_final": 0, "unknown": 0, "unreadable": 0}


def test_bounce_is_as_a_refusal_in_all_that_follows(staff):
    (refused,), _ = mailed(staff, outcome=Failed("smtp_550"), command="n1")
    (bounced,), (id_,) = mailed(staff, command="n2")
    staff.bounces.take(report(id_))
    one, other = (staff.store.notice(at.id) for at in (refused, bounced))
    assert (one.state, one.due_at is None, one.next_at) == (other.state, other.due_at is None, other.next_at)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda id_: id_.replace(".1.", ".2."), lambda id_: id_.replace(id_[-20:-13], "0000000"),
        lambda id_: "<other@example.org>", lambda id_: f"<{'9' * 20}.1.{'0' * 24}@example.org>", lambda id_: "",
        lambda id_: f"<k.999999.1.{'0' * 24}@example.org>",
    ],
)  # fmt: skip
def test_id_that_is_forged_or_not_ours_is_counted_and_changes_nothing(staff, spoil):
    (notice,), (id_,) = mailed(staff)
    facts = len(staff.journal())
    assert staff.bounces.take(report(spoil(id_))) == "unknown"
    assert (len(staff.journal()), staff.bounces.counts["unknown"]) == (facts, 1)
    assert attempts(staff, notice) == [("email", "accepted", None)]


def test_link_of_a_mail_does_not_bounce_it_and_its_name_answers_nothing(staff):
    (notice,), (id_,) = mailed(staff)
    page, _ = staff.outbox.links(staff.store.notice(notice.id), 1)
    assert staff.bounces.take(report(f"<k.{page.rpartition('/')[2]}@example.org>")) == "unknown"
    assert staff.outbox.link(id_.strip("<>").partition("@")[0].partition(".")[2]) is None
    # However it is written: what proves the one proves nothing of the other.
    number, attempt, mac = page.rpartition("/")[2].split(".")
    as_name = base64.urlsafe_b64decode(mac).hex()
    assert staff.bounces.take(report(f"<k.{number}.{attempt}.{as_name}@example.org>")) == "unknown"


def test_name_of_what_was_no_mail_bounces_nothing(staff):
    staff.home(ANA, channel="sms")
    (notice,), (id_,) = mailed(staff, ANA)
    assert staff.bounces.take(report(id_)) == "unknown"
    assert attempts(staff, notice) == [("sms", "accepted", None)]


def test_id_that_was_written_small_on_its_way_is_ours_all_the_same(staff):
    _, (id_,) = mailed(staff)
    assert staff.bounces.take(report(id_.upper())) == "noted"


def test_mail_that_is_late_or_passed_on_has_not_bounced(staff):
    (notice,), (id_,) = mailed(staff)
    assert staff.bounces.take(report(id_, action="delayed")) == "not_final"
    assert attempts(staff, notice) == [("email", "accepted", None)]


def test_what_is_no_report_is_refused_and_counted(staff):
    with pytest.raises(BadInput) as refused:
        staff.bounces.take(b"Subject: on holiday\r\n\r\nUntil Monday.")
    assert (refused.value.code, staff.bounces.counts["unreadable"]) == ("notice_bounce.form", 1)


def answered(staff, notice):
    staff.outbox.answer(staff.link(notice), "coming")


def closed(staff, notice):
    """The incident is; the core ends its notices with it, in the same transaction."""
    staff.close(notice.incident)
    staff.made.journal.decide(
        lambda transaction, appender: end_notices(transaction, appender, notice.incident, "closed")
    )


def let_go(staff, notice):
    staff.outbox.drop(notice.id, ANA)


@pytest.mark.parametrize("over", [closed, let_go])
def test_bounce_of_what_is_over_sends_nothing_and_counts_against_the_contact(staff, over):
    for number in range(REFUSED_MAX):
        (made,), (id_,) = mailed(staff, command=f"n{number}")
        notice = staff.store.notice(made.id)
        over(staff, notice)
        state = staff.store.notice(notice.id).state
        staff.clock.advance(60)
        assert staff.bounces.take(report(id_)) == "noted"
        assert (staff.store.notice(notice.id).state, staff.store.notice(notice.id).due_at) == (state, None)
        assert staff.send(Accepted("z")) == []
    assert staff.store.contacts(BO)[0].row.reason == "failing"


def test_bounce_of_a_mail_whose_link_was_used_says_nothing_of_its_address(staff):
    (notice,), (id_,) = mailed(staff)
    answered(staff, notice)
    assert staff.bounces.take(report(id_)) == "known"
    assert staff.store.notice(notice.id).answer == "coming"


def test_contact_whose_mail_bounces_again_and_again_is_failing(staff):
    for number in range(REFUSED_MAX):
        assert staff.store.contacts(BO)[0].row.reason == "added"
        _, (id_,) = mailed(staff, command=f"n{number}")
        staff.clock.advance(3 * 3600)
        assert staff.bounces.take(report(id_)) == "noted"
    assert staff.store.contacts(BO)[0].row.reason == "failing"


def test_bounce_that_comes_after_a_week_is_too_old(staff):
    _, (id_,) = mailed(staff)
    staff.clock.advance(ANSWER_DAYS * DAY_S + 1)
    assert staff.bounces.take(report(id_)) == "unknown"
