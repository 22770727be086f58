"""What somebody was granted, asked by many threads while it changes."""

import threading

from tocsin.access.base import Base, Change
from tocsin.access.grants import Grants
from tocsin.model.access import Grant, GrantRow
from tocsin.store.memory import MemoryStore
from tocsin.system import SystemClock, SystemIds

CLI = "cli"
USER = "user-7"
CONTACT = ("site_contact",)


class Slow(str):
    """The id of a site. Whoever looks what it is of waits, once, until somebody else has done something."""

    __slots__ = ("meanwhile",)

    def __new__(cls, value, meanwhile):
        made = super().__new__(cls, value)
        made.meanwhile = meanwhile
        return made

    def partition(self, sep):
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            other = threading.Thread(target=meanwhile)
            other.start()
            other.join()
        return str(self).partition(sep)


class SlowStore(MemoryStore):
    """A store whose first grant is slow to look at."""

    def __init__(self, meanwhile, *targets):
        super().__init__()
        first, *others = targets
        with self.transaction() as transaction:
            transaction.put_grants([Grant(USER, GrantRow(target=one), 5) for one in (Slow(first, meanwhile), *others)])


def grants_of(store):
    def record(facts, apply):
        with store.transaction() as transaction:
            apply(transaction, list(range(9, 9 + len(facts))))

    base = Base(store, None, SystemClock(), SystemIds(), record)
    return base, Grants(base)


def take_back(base, grants, *targets):
    with base.changing:
        change = Change()
        for target in targets:
            grants.take_back(USER, target, CLI, change)
        change.commit(base)


def test_grant_that_is_taken_back_while_somebody_asks_is_gone_for_the_next():
    store = SlowStore(lambda: take_back(base, grants, "site-1"), "site-1", "site-2")
    base, grants = grants_of(store)
    assert grants.of(USER, CONTACT) <= {"site-1", "site-2"}
    assert grants.of(USER, CONTACT) == {"site-2"}


def test_user_who_is_removed_while_somebody_asks_has_no_grant_left():
    store = SlowStore(lambda: grants.forgotten(USER), "site-1", "site-2")
    _, grants = grants_of(store)
    grants.of(USER, CONTACT)
    assert grants.of(USER, CONTACT) == frozenset()


def test_asking_is_answered_while_grants_are_taken_back():
    targets = [f"site-{number}" for number in range(1, 50)]
    store = SlowStore(lambda: take_back(base, grants, *targets), *targets)
    base, grants = grants_of(store)
    assert grants.of(USER, CONTACT) <= set(targets)
    assert grants.of(USER, CONTACT) == frozenset()
