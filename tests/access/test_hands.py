"""Two users that come from one pair of hands are one person to the two-person rule, for a week, over restarts too."""

import pytest

from support.people import CLI, Phone, refused
from tocsin.access.approvals import digest_of
from tocsin.access.hands import HANDS_DAYS, Hands
from tocsin.model.retention import SetHold

DAY_S = 86_400
DIGEST = digest_of("hold.set", SetHold(incident="incident-7", reason="complaint", until=9))


def ask(people, actor):
    return people.access.approvals.ask("hold.set", DIGEST, "incident-7", "complaint", actor)


def may_two(people, asker, answerer):
    """Whether these two may be two persons now."""
    approval = ask(people, asker)
    book = people.access.approvals
    if book.may_answer(approval, answerer):
        # What is refused may be asked anew, so that the next question is another one.
        book.answer(approval.id, answerer, False)
        return True
    refused("approval.same_hands", book.answer, approval.id, answerer, True)
    refused("approval.same_hands", book.answer, approval.id, answerer, False)
    return False


@pytest.fixture
def ada(people):
    # The journal's time never runs back, and the folder was made by the machine's clock.
    people.clock.wall_us = people.held.store.head().at
    return people.user("Ada", "administrator", "supervisor")


@pytest.fixture
def bo(people):
    return people.user("Bo", "supervisor")


def takes_authenticator(people, ada, bo):
    offer = people.access.begin_totp(bo)
    people.access.confirm_totp(bo, Phone(offer.secret, people.clock).code())
    people.access.remove_totp(bo, ada)


ACTS = {
    "a link": lambda people, ada, bo: people.access.create_link(bo, ada),
    "other roles": lambda people, ada, bo: people.access.set_roles(bo, ["supervisor", "operator"], ada),
    "another name": lambda people, ada, bo: people.access.rename_user(bo, "Bodo", ada),
    "no authenticator": takes_authenticator,
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_whoever_was_in_the_askers_hands_is_no_second_person_for_a_week_nor_the_other_way_round(people, ada, bo, act):
    assert may_two(people, ada, bo)
    act(people, ada, bo)
    assert not may_two(people, ada, bo)
    assert not may_two(people, bo, ada)
    people.restart()
    assert not may_two(people, ada, bo)
    people.clock.advance(HANDS_DAYS * DAY_S - 60)
    assert not may_two(people, ada, bo)
    people.clock.advance(60)
    assert may_two(people, ada, bo)
    people.restart()
    assert may_two(people, ada, bo)


def test_user_that_the_asker_made_is_no_second_person_for_a_week(people, ada):
    carl = people.access.set_user("Carl", ["supervisor"], ada)
    assert not may_two(people, ada, carl)
    people.clock.advance(HANDS_DAYS * DAY_S)
    assert may_two(people, ada, carl)


def test_two_users_that_one_administrator_made_are_one_and_so_are_those_whom_they_made(people, ada, bo):
    carl = people.access.set_user("Carl", ["supervisor"], ada)
    dan = people.access.set_user("Dan", ["supervisor", "administrator"], ada)
    eve = people.access.set_user("Eve", ["supervisor"], dan)
    for one, other in ((carl, dan), (carl, eve), (eve, ada), (dan, eve)):
        assert not may_two(people, one, other)
    for one in (ada, carl, dan, eve):
        assert may_two(people, one, bo), "nobody had Bo in their hands"


def test_users_that_the_machine_made_are_two_at_once_and_what_one_does_to_oneself_counts_for_nobody(people, ada, bo):
    people.access.create_link(bo, CLI)
    people.access.set_roles(bo, ["supervisor", "auditor"], CLI)
    people.access.rename_user(ada, "Ada Moor", ada)
    phone = people.authenticator(bo)[0]
    assert phone.code()
    people.access.remove_totp(bo, bo)
    assert may_two(people, ada, bo)


def test_answer_that_was_given_is_worth_nothing_once_one_came_into_the_others_hands(people, ada, bo):
    approval = ask(people, ada)
    people.access.approvals.answer(approval.id, bo, True)
    people.access.create_link(bo, ada)
    refused("approval.same_hands", people.access.approvals.take, approval.id, "hold.set", DIGEST, ada)


def test_hands_are_found_in_a_journal_of_many_other_facts(people, ada, bo):
    people.access.create_link(bo, ada)
    for _ in range(60):
        people.by_password("Ada")
    assert not may_two(people, ada, bo)
    people.restart()
    people.clock.advance(3 * DAY_S)
    carl = people.access.set_user("Carl", ["supervisor"], bo)
    assert not may_two(people, ada, carl)
    people.clock.advance(4 * DAY_S)
    assert may_two(people, ada, bo)
    assert may_two(people, ada, carl)
    assert not may_two(people, bo, carl)


def test_what_was_read_once_is_not_read_again(people, ada, bo):
    asked: list[int] = []

    class Counting:
        """The store, and from where on facts were asked of it."""

        def __getattr__(self, name):
            return getattr(people.held.store, name)

        def facts(self, kinds, after, limit, looked_max):
            asked.append(after)
            return people.held.store.facts(kinds, after, limit, looked_max)

    hands = Hands(Counting(), people.clock)
    for _ in range(3):
        assert not hands.meet(ada, bo)
    assert len(asked) == 1
    people.access.create_link(bo, ada)
    made = people.held.store.head().seq
    assert hands.meet(ada, bo)
    assert len(asked) == 2
    assert asked[1] < made
