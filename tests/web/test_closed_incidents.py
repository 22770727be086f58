"""A closed incident is its handler's for seven days, and after that a supervisor's."""

import msgspec
import pytest

from tocsin.model.access import Role
from tocsin.model.values import Actor, Micros
from tocsin.web.api.incidents import OWN_CLOSED_S, may_see
from tocsin.web.permissions import of_roles, of_scopes
from tocsin.web.security import Principal

ANA, BO = Actor("user-3"), Actor("user-4")
CLOSED_AT = Micros(1_700_000_000_000_000)


class Case(msgspec.Struct):
    """As much of an incident as its visibility hangs on."""

    closed_at: Micros | None
    closed_by: Actor | None = None
    claimed_by: Actor | None = None


def somebody(actor, *roles: Role):
    return Principal(actor, of_roles(roles))


@pytest.mark.parametrize(("after_s", "is_seen"), [(0, True), (OWN_CLOSED_S - 1, True), (OWN_CLOSED_S, False)])
def test_who_closed_or_had_it_sees_it_for_seven_days(after_s, is_seen):
    now = Micros(CLOSED_AT + after_s * 1_000_000)
    for case in (Case(CLOSED_AT, closed_by=ANA), Case(CLOSED_AT, closed_by=BO, claimed_by=ANA)):
        assert may_see(case, somebody(ANA, "operator"), now) is is_seen


def test_another_operator_does_not_and_a_supervisor_and_a_reading_program_do():
    case = Case(CLOSED_AT, closed_by=ANA, claimed_by=ANA)
    assert may_see(case, somebody(BO, "operator"), CLOSED_AT) is False
    assert may_see(case, somebody(BO, "supervisor"), CLOSED_AT) is True
    assert may_see(case, Principal(Actor("token-9"), of_scopes(["read"])), CLOSED_AT) is True
    assert may_see(case, Principal(Actor("token-9"), of_scopes(["handle"])), CLOSED_AT) is False


def test_open_one_is_the_whole_rooms():
    assert may_see(Case(None, claimed_by=ANA), somebody(BO, "operator"), CLOSED_AT) is True
