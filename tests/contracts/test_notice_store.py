"""Contacts, notices and the outbox: the same from every store."""

import msgspec
import pytest

from tocsin.model.notices import Contact, ContactRow, NoticeQueued, NoticeTally, OutboxRow, Reach, ReachRow
from tocsin.rules.delivery import queued
from tocsin.store.memory import MemoryStore
from tocsin.store.sqlite import SqliteStore

T0 = 1_800_000_000_000_000


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "tocsin.db")
    yield made
    made.close()


def contact(n, user="user-1", address="value-1"):
    row = ContactRow(address=address, channel="sms", reason="added", tested_at=None, user=user)
    return Contact(f"contact-{n}", row, n)


def notice(n, recipient="user-1", incident="incident-1", cause=1, due_at=T0):
    body = NoticeQueued(
        again_s=None, begins_at=None, ends_at_claim=False,
        exercise=False, expires_at=T0 + 1, incident=incident, number=1, plan=(), priority=1, purpose="incident",
        recipient=recipient, refusal=None, shown_type=None, wanted=None,
    )  # fmt: skip
    return msgspec.structs.replace(queued(body, f"notice-{n}", n, T0, cause), due_at=due_at)


def put(store, **calls):
    with store.transaction() as transaction:
        for name, rows in calls.items():
            getattr(transaction, name)(rows)


def test_contacts_are_found_by_their_person_and_go_with_their_address(store):
    put(store, put_contacts=[contact(5), contact(2, "user-2"), contact(9)])
    assert store.contacts() == [contact(2, "user-2"), contact(5), contact(9)]
    assert store.contacts("user-1") == [contact(5), contact(9)]
    put(store, put_contacts=[contact(5, address=None)])
    assert store.contacts("user-1") == [contact(9)]


def test_last_word_on_when_somebody_may_be_notified_counts(store):
    first = Reach("user-1", ReachRow(kind="on_shift", not_now_until=None, on_duty_until=T0), 3)
    last = Reach("user-1", ReachRow(kind="from_home", not_now_until=T0, on_duty_until=None), 7)
    put(store, put_reach=[first])
    put(store, put_reach=[last])
    assert (store.reach(), store.reach("user-1"), store.reach("user-2")) == ([last], [last], [])


def test_notices_are_found_newest_first_by_what_they_are_of(store):
    made = [notice(1), notice(2, "user-2", cause=9), notice(3, incident=None, cause=None, due_at=None)]
    put(store, put_notices=made)
    assert [one.id for one in store.notices(10)] == ["notice-3", "notice-2", "notice-1"]
    assert [one.id for one in store.notices(1)] == ["notice-3"]
    assert [one.id for one in store.notices(10, before=3)] == ["notice-2", "notice-1"]
    assert [one.id for one in store.notices(10, recipient="user-2")] == ["notice-2"]
    assert [one.id for one in store.notices(10, incident="incident-1")] == ["notice-2", "notice-1"]
    assert [one.id for one in store.notices(10, cause=9)] == ["notice-2"]
    assert store.notices(10, states=("held",)) == []
    assert store.notice("notice-2") == made[1]
    assert store.notice("notice-9") is None


def test_open_notices_of_an_incident_are_those_that_want_something_those_of_the_transaction_too(store):
    put(store, put_notices=[notice(2, due_at=T0 + 5), notice(1), notice(3, due_at=None), notice(4, incident=None)])
    with store.transaction() as transaction:
        transaction.put_notices([notice(7)])
        assert [one.id for one in transaction.open_notices("incident-1")] == ["notice-1", "notice-2", "notice-7"]
        transaction.put_notices([notice(1, due_at=None)])
        assert [one.id for one in transaction.open_notices("incident-1")] == ["notice-2", "notice-7"]
        assert transaction.open_notices("incident-2") == []


def test_outbox_holds_what_notices_want_and_a_lease_ends_with_the_next_word(store):
    put(store, put_notices=[notice(1, due_at=T0 + 5), notice(2, due_at=T0), notice(3, due_at=None)])
    assert [row.notice for row in store.outbox(10)] == ["notice-2", "notice-1"]
    assert [row.notice for row in store.outbox(10, T0 + 4)] == ["notice-2"]
    with store.transaction() as transaction:
        transaction.lease(["notice-2", "notice-9"], T0 + 1)
    assert store.outbox(1) == [OutboxRow(notice="notice-2", due_at=T0, leased_at=T0 + 1)]
    assert store.notice_tally() == NoticeTally(waiting=2, held=0, oldest_due_at=T0)
    held = msgspec.structs.replace(notice(2), state="held", due_at=None)
    put(store, put_notices=[held, notice(1, due_at=T0 + 7)])
    assert store.outbox(10) == [OutboxRow(notice="notice-1", due_at=T0 + 7, leased_at=None)]
    assert store.notice_tally() == NoticeTally(waiting=1, held=1, oldest_due_at=T0 + 7)


def broken(store):
    with store.transaction() as transaction:
        transaction.put_contacts([contact(1)])
        transaction.put_notices([notice(1)])
        assert transaction.notice("notice-1") == notice(1)
        raise ZeroDivisionError


def test_failed_transaction_leaves_no_notice_behind(store):
    with pytest.raises(ZeroDivisionError):
        broken(store)
    assert (store.contacts(), store.notices(5), store.outbox(5)) == ([], [], [])
