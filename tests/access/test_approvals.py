"""The two-person rule: never the same person, never something else, never twice, never later."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

import msgspec
import pytest

from support.people import CLI, refused
from tocsin.access.approvals import APPROVAL_S, WAITING_EACH_MAX, digest_of
from tocsin.model.access import ACTS, ROLES, Act
from tocsin.model.errors import Conflict, JournalFull
from tocsin.model.values import Actor


class Parameters(msgspec.Struct):
    incident: str
    days: int


DIGEST = digest_of("hold.set", Parameters("incident-7", 30))
OTHER = digest_of("hold.set", Parameters("incident-7", 31))


@pytest.fixture
def ana(people):
    return people.user("Ana", "supervisor", password=None)


@pytest.fixture
def bo(people):
    return people.user("Bo", "auditor", password=None)


@pytest.fixture
def book(people):
    return people.access.approvals


def ask(book, actor, digest=DIGEST, act="hold.set"):
    return book.ask(act, digest, "incident-7", "complaint", actor)


def test_what_one_asks_and_another_gives_is_done_once(people, book, ana, bo):
    asked = ask(book, ana)
    assert (asked.act, asked.subject, asked.reason, asked.asked_by, asked.given) == (
        "hold.set", "incident-7", "complaint", ana, None,
    )  # fmt: skip
    given = book.answer(asked.id, bo, True)
    assert (given.answered_by, given.given, given.used) == (bo, True, False)
    assert book.take(asked.id, "hold.set", DIGEST, ana).used
    refused("approval.used", book.take, asked.id, "hold.set", DIGEST, ana)
    body = {"act": "hold.set", "digest": asked.digest, "expires_at": asked.expires_at}
    assert people.facts("approval") == [
        ("approval.asked", None, ana, {**body, "reason": "complaint", "subject": "incident-7"}),
        ("approval.answered", asked.id, bo, {"given": True}),
        ("approval.used", asked.id, ana, {"act": "hold.set"}),
    ]
    people.restart()
    refused("approval.used", people.access.approvals.take, asked.id, "hold.set", DIGEST, ana)


def test_same_person_never_answers_whatever_the_roles(people, book):
    both = people.user("Ana", *ROLES, password=None)
    asked = ask(book, both)
    for given in (True, False):
        refused("approval.same_person", book.answer, asked.id, both, given)
    refused("approval.waiting", book.take, asked.id, "hold.set", DIGEST, both)
    people.restart()
    refused("approval.same_person", people.access.approvals.answer, asked.id, both, True)


@pytest.mark.parametrize("act", get_args(Act))
def test_only_the_roles_of_the_table_ask_and_answer(people, book, act):
    users = {role: people.user(f"The {role}", role, password=None) for role in ROLES}
    asker = next(users[role] for role in ACTS[act].ask)
    approval = ask(book, people.user("The asker", *ACTS[act].ask, password=None), act=act)
    for role, user in users.items():
        if role not in ACTS[act].ask:
            refused("approval.forbidden", ask, book, user, act=act)
        if role not in ACTS[act].answer:
            refused("approval.forbidden", book.answer, approval.id, user, True)
    refused("approval.forbidden", ask, book, CLI, act=act)
    refused("approval.forbidden", book.answer, approval.id, CLI, True)
    for role in ACTS[act].answer:
        asked = ask(book, asker, act=act, digest=digest_of(act, Parameters(role, 1)))
        if users[role] != asker:
            assert book.answer(asked.id, users[role], True).given


def test_every_act_has_roles_that_two_people_can_have():
    assert set(ACTS) == set(get_args(Act))
    for rule in ACTS.values():
        assert rule.ask
        assert rule.answer
        assert set(rule.ask) | set(rule.answer) <= set(ROLES)
        assert not {"operator", "responder", "site_contact", "installer"} & {*rule.ask, *rule.answer}


def test_refused_is_refused_and_may_be_asked_anew(book, ana, bo):
    asked = ask(book, ana)
    book.answer(asked.id, bo, False)
    refused("approval.refused", book.take, asked.id, "hold.set", DIGEST, ana)
    refused("approval.answered", book.answer, asked.id, bo, True)
    assert ask(book, ana).id != asked.id


def test_given_cannot_be_taken_back_or_given_twice(book, ana, bo):
    asked = ask(book, ana)
    book.answer(asked.id, bo, True)
    for given in (True, False):
        refused("approval.answered", book.answer, asked.id, bo, given)


def test_approval_is_for_one_act_with_what_it_was_asked_with(book, ana, bo):
    asked = ask(book, ana)
    book.answer(asked.id, bo, True)
    refused("approval.other", book.take, asked.id, "hold.set", OTHER, ana)
    refused("approval.other", book.take, asked.id, "hold.lift", DIGEST, ana)
    refused("approval.other", book.take, asked.id, "hold.lift", digest_of("hold.lift", Parameters("x", 1)), ana)
    assert book.take(asked.id, "hold.set", DIGEST, ana)


def test_only_the_one_who_asked_may_act(people, book, ana, bo):
    asked = ask(book, ana)
    book.answer(asked.id, bo, True)
    refused("approval.other_person", book.take, asked.id, "hold.set", DIGEST, bo)
    refused("approval.other_person", book.take, asked.id, "hold.set", DIGEST, people.user("Cy", "supervisor"))


@pytest.mark.parametrize("who", ["asker", "answerer"])
@pytest.mark.parametrize("how", ["role", "removed"])
def test_role_that_one_of_the_two_lost_meanwhile_counts_no_more(people, book, ana, bo, who, how):
    asked = ask(book, ana)
    book.answer(asked.id, bo, True)
    lost = ana if who == "asker" else bo
    if how == "role":
        people.access.set_roles(lost, ["operator"], CLI)
    else:
        people.access.remove_user(lost, CLI)
    refused("approval.forbidden", book.take, asked.id, "hold.set", DIGEST, ana)


def test_approval_ends_after_five_minutes_asked_or_given(people, book, ana, bo):
    first, second = ask(book, ana), ask(book, ana, OTHER)
    book.answer(second.id, bo, True)
    people.clock.advance(APPROVAL_S - 1)
    assert book.get(first.id)
    people.clock.advance(1)
    assert book.get(first.id) is None
    refused("approval.expired", book.answer, first.id, bo, True)
    refused("approval.expired", book.take, second.id, "hold.set", OTHER, ana)
    assert ask(book, ana).id != first.id


def test_clock_set_back_lengthens_no_approval(people, book, ana, bo):
    asked = ask(book, ana)
    people.clock.wall_us -= 3_600_000_000
    people.clock.advance(APPROVAL_S)
    refused("approval.expired", book.answer, asked.id, bo, True)
    asked = ask(book, ana)
    people.clock.wall_us -= 3_600_000_000
    people.restart()
    people.clock.advance(APPROVAL_S)
    refused("approval.expired", people.access.approvals.answer, asked.id, bo, True)


def test_clock_set_back_before_a_restart_gives_an_approval_no_second_time(people, book, ana, bo):
    people.clock.wall_us = people.held.store.head().at
    asked = ask(book, ana)
    people.clock.advance(APPROVAL_S - 10)
    people.access.create_link(ana, CLI)
    people.clock.wall_us -= 3_600_000_000
    people.restart()
    people.clock.advance(9)
    assert people.access.approvals.get(asked.id) is not None
    people.clock.advance(1)
    refused("approval.expired", people.access.approvals.answer, asked.id, bo, True)


def test_approval_survives_a_restart_and_is_the_same(people, book, ana, bo):
    asked = ask(book, ana)
    people.restart()
    book = people.access.approvals
    assert book.get(asked.id) == asked
    assert ask(book, ana) == asked
    book.answer(asked.id, bo, True)
    people.restart()
    assert people.access.approvals.take(asked.id, "hold.set", DIGEST, ana).used


def test_same_asked_again_while_it_lives_is_one(people, book, ana, bo):
    asked = ask(book, ana)
    assert ask(book, ana) == asked
    assert ask(book, ana, OTHER).id != asked.id
    given = book.answer(asked.id, bo, True)
    assert ask(book, ana) == given
    book.take(asked.id, "hold.set", DIGEST, ana)
    assert ask(book, ana).id != asked.id
    assert ask(book, people.user("Cy", "supervisor", password=None)).asked_by != ana


def test_list_shows_what_one_asked_and_what_one_may_answer(people, book, ana, bo):
    cy = people.user("Cy", "operator", password=None)
    di = people.user("Di", "supervisor", password=None)
    first, second = ask(book, ana), ask(book, di, OTHER)
    assert [one.id for one in book.waiting(ana)] == [first.id, second.id]
    assert [one.id for one in book.waiting(bo)] == [first.id, second.id]
    assert book.waiting(cy) == []
    book.answer(first.id, di, True)
    assert [one.id for one in book.waiting(bo)] == [second.id]
    assert [(one.id, one.given) for one in book.waiting(ana)] == [(first.id, True), (second.id, None)]
    people.clock.advance(APPROVAL_S)
    assert book.waiting(ana) == []


def test_approvals_of_one_person_have_a_limit_that_those_of_others_do_not_count_for(people, book, ana):
    for number in range(WAITING_EACH_MAX):
        ask(book, ana, digest_of("hold.set", Parameters("x", number)))
    refused("approval.full", ask, book, ana)
    assert ask(book, people.user("Di", "supervisor", password=None))
    people.clock.advance(APPROVAL_S)
    assert ask(book, ana)


@pytest.mark.parametrize("id_", ["", "approval-1", "approval-x", "session-3", "x" * 1000])
def test_approval_that_is_not_there_is_refused(book, ana, bo, id_):
    refused("approval.unknown", book.answer, id_, bo, True)
    refused("approval.unknown", book.take, id_, "hold.set", DIGEST, ana)
    assert book.get(id_) is None


def test_two_who_take_at_once_get_one_act(book, ana, bo):
    asked = ask(book, ana)
    book.answer(asked.id, bo, True)
    barrier = threading.Barrier(6)

    def press(_):
        barrier.wait(30)
        try:
            return book.take(asked.id, "hold.set", DIGEST, ana).used
        except Conflict as refusal:
            return refusal.code

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(press, range(6)))
    assert sorted(map(str, found)) == ["True", *["approval.used"] * 5]


def test_act_that_could_not_be_noted_is_not_allowed(people, book, ana, bo):
    asked = ask(book, ana)
    book.answer(asked.id, bo, True)

    def full(*_arguments):
        raise JournalFull("The disk is full", "store.full")

    people.options["record"] = full
    people.restart()
    with pytest.raises(JournalFull):
        people.access.approvals.take(asked.id, "hold.set", DIGEST, ana)
    people.options.pop("record")
    people.restart()
    assert people.access.approvals.take(asked.id, "hold.set", DIGEST, ana).used


def test_digest_is_of_all_parameters_and_the_act_and_of_their_values_alone():
    class Turned(msgspec.Struct):
        days: int
        incident: str

    assert digest_of("hold.set", Turned(30, "incident-7")) == DIGEST
    assert len({DIGEST, OTHER, digest_of("hold.lift", Parameters("incident-7", 30))}) == 3


def test_fact_holds_the_digest_only_under_the_centres_key(people, book, ana):
    asked = ask(book, ana)
    assert asked.digest != DIGEST
    assert DIGEST.encode() not in people.settings.database_path.read_bytes()
    assert Actor(asked.asked_by) == ana
