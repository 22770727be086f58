"""What is said of a chain when it is saved: who could not be told, by what alone, and what waits too long."""

import msgspec
import pytest

from support.chains import chain, group, step, strength, wait
from tocsin.centre.profiles import shipped
from tocsin.model.chains import NAMED_MAX
from tocsin.model.notices import Contact, ContactRow, ReachRow
from tocsin.model.profiles import Figure
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.rules.chain_check import World, problems_of

HOME = ReachRow(kind="from_home", not_now_until=None, on_duty_until=None)
EN = shipped("en50518-2019")


def contact(user, channel, number=1):
    row = ContactRow(address="value-1", channel=channel, reason="tested", tested_at=1, user=user)
    return Contact(f"contact-{user}-{channel}-{number}", row, 1)


def world(profile=EN, groups=None, roles=("responder",), **channels):
    """People by id with `_` for `-`, each with the channels of the own contacts."""
    owned = {user.replace("_", "-"): own for user, own in channels.items()}
    return World(
        contacts={user: [contact(user, one, place) for place, one in enumerate(own)] for user, own in owned.items()},
        desks={"desk-1": ()},
        groups=groups or {},
        living=dict.fromkeys(owned, roles),
        now=1_800_000_000_000_000,
        profile=profile,
        reach=dict.fromkeys(owned, HOME),
        sites=set(),
        turns={},
        types=shipped_catalogue().types,
        ways={(one, 1) for one in ("push", "sms", "voice")},
    )


def said(row, of):
    return [(one.code, one.is_refused, one.step, one.about) for one in problems_of(row, of)]


BOTH = ("sms", "push")


def test_nothing_is_said_of_a_chain_whose_people_have_two_channels_each_and_that_waits_no_longer_than_the_target():
    of = world(user_3=BOTH, user_4=("voice", "sms"))
    assert said(chain(step("notify", users=("user-3",)), wait(30), step("notify", users=("user-4",))), of) == []


def test_person_without_any_address_is_named_at_the_first_step_that_would_tell_them():
    of = world(user_3=BOTH, user_4=(), user_5=("email",))
    found = said(chain(step("notify", roles=("responder",)), wait(20), step("notify", users=("user-3", "user-4"))), of)
    assert found == [("chain.no_address", False, 1, ("user-4", "user-5"))], "e-mail is switched on for nobody here"


def test_step_that_reaches_nobody_names_no_people_beside():
    of = world(user_3=BOTH, user_4=())
    found = said(chain(step("notify", users=("user-4",)), wait(20), step("notify", users=("user-3",))), of)
    assert found == [("chain.nobody", False, 1, ())]


def test_last_step_whose_people_all_have_no_address_is_refused():
    of = world(user_3=BOTH, user_4=())
    found = said(chain(step("notify", users=("user-3",)), wait(20), step("notify", users=("user-4",))), of)
    assert found == [("chain.nobody", True, 3, ())]


def test_person_with_one_channel_alone_is_named_and_two_contacts_of_a_kind_are_one_channel():
    of = world(groups={"group-1": group(user_3=(), user_4=())}, user_3=BOTH, user_4=("sms", "sms"))
    assert said(chain(step("notify", groups=("group-1",))), of) == [("chain.one_channel", False, 1, ("user-4",))]


def test_channel_of_a_later_step_is_a_second_one():
    of = world(user_3=("push", "voice"))
    by_push = step("notify", users=("user-3",), channels=("push",))
    assert said(chain(by_push), of) == [("chain.one_channel", False, 1, ("user-3",))]
    assert said(chain(by_push, wait(20), step("notify", users=("user-3",), channels=("voice",))), of) == []


def test_many_without_a_second_channel_are_counted_and_the_first_are_named():
    people = {f"user_{number}": ("sms",) for number in range(100, 125)}
    (one,) = problems_of(chain(step("notify", roles=("responder",))), world(**people))
    assert (one.code, len(one.about)) == ("chain.one_channel", NAMED_MAX)
    assert one.words == "By one channel alone, so that nothing is left where it fails: 25 of 25 people"


def test_wait_longer_than_the_time_to_claim_names_target_class_and_profile():
    row = chain(step("notify", users=("user-3",)), wait(31), step("notify", users=("user-3",)))
    (one,) = problems_of(row, world(user_3=BOTH))
    assert (one.code, one.is_refused, one.step) == ("chain.late", False, 2)
    assert one.words == (
        "It waits 31 s, and fire of priority 1 is to be claimed within 30 s by EN 50518:2019, alarm receiving centre, "
        "an unconfirmed figure"
    )


@pytest.mark.parametrize(
    ("fields", "most_s"),
    [
        ({"types": ("INT-BURGLARY",), "priorities": (2,)}, 90),
        ({"types": ("FIRE-ALARM", "INT-BURGLARY"), "priorities": ()}, 30),
        ({"types": ("FIRE-ALARM",), "priorities": (2,)}, 30),
        ({"types": (), "priorities": (4,)}, 90),
    ],
)
def test_target_is_the_shortest_of_the_classes_that_a_chain_is_for(fields, most_s):
    def row(seconds):
        return chain(step("notify", users=("user-3",)), wait(seconds), step("notify", users=("user-3",)), **fields)

    of = world(user_3=BOTH)
    assert said(row(most_s), of) == []
    assert said(row(most_s + 1), of) == [("chain.late", False, 2, ())]


def test_two_waits_in_a_row_are_one_and_a_program_between_tells_nobody():
    told, program = step("notify", users=("user-3",)), step("webhook", users=("user-3",))
    found = said(chain(wait(20), program, wait(20), told), world(user_3=(*BOTH, "webhook")))
    assert [one for one in found if one[0] == "chain.late"] == [("chain.late", False, 1, ())]


def test_chain_that_counts_who_is_coming_waits_for_them_as_long_as_it_likes_but_not_for_its_first():
    told, of = step("notify", users=("user-3",)), world(user_3=BOTH)
    assert said(chain(told, wait(300), told, strength=strength(1)), of) == []
    assert said(chain(wait(60), told, strength=strength(1)), of) == [("chain.late", False, 1, ())]


def test_profile_that_says_nothing_of_these_incidents_finds_no_wait_too_long():
    told = step("notify", users=("user-3",))
    row = chain(told, wait(3000), told)
    assert said(row, world(shipped("nfpa-1225-2022"), user_3=BOTH)) == []
    own = Figure(
        evidence="C", hazards=("fire",), id="own", limit_s=10, measure="reaction", share_permille=900, source="here"
    )
    mine = msgspec.structs.replace(EN, figures=(own,), title="Harbour")
    (one,) = problems_of(chain(told, wait(11), told), world(mine, user_3=BOTH))
    assert one.words == "It waits 11 s, and fire of priority 1 is to be claimed within 10 s by Harbour"
