"""Which account a frame is of, and how it is judged."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.centre.snapshot import AccountSnapshot, policy_of
from tocsin.model.accounts import Account, AccountPolicy, AccountRow, NumberRefused, Refusal, SecretRef
from tocsin.model.errors import KeyMissing

SECOND = 1_000_000
KEY = b"k" * 16


def policy(account, receiver=None, line=None, id_=None, **fields):
    plain = {
        "id": id_ or f"account-{account}-{receiver}-{line}",
        "account": account,
        "receiver": receiver,
        "line": line,
        "key": None,
        "late_max_s": 40,
        "early_max_s": 20,
        "duplicate_window_us": 300 * SECOND,
        "panel_time_zone": None,
        "poll_602": False,
        "carried_by": None,
    }
    return AccountPolicy(**(plain | fields))


def plain_find(policies, receiver, line, account):
    """The rule again, slowly: the one of its number; of several, the one that fits and names most, if it is alone."""
    same = [p for p in policies if p.account.upper() == account.upper()]
    if len(same) == 1:
        return same[0]
    fitting = [p for p in same if p.receiver in (None, receiver) and p.line in (None, line)]
    named = [(p.receiver is not None) + (p.line is not None) for p in fitting]
    best = [p for p, count in zip(fitting, named, strict=True) if count == max(named)]
    return best[0] if len(best) == 1 else None


def plain(found):
    """A policy without its slot, and with its number as a snapshot tells it."""
    return None if found is None else msgspec.structs.replace(found, account=found.account.upper(), slot=-1)


parts = st.none() | st.integers(0, 2)
numbers = st.sampled_from(["12", "12ab", "12AB", "7"])


@given(st.lists(st.builds(policy, numbers, parts, parts), max_size=8), parts, parts, numbers)
def test_account_is_the_one_that_the_plain_rule_finds(policies, receiver, line, account):
    found = AccountSnapshot(policies, 1).find(receiver, line, account)
    assert plain(found) == plain(plain_find(policies, receiver, line, account))


def test_only_account_of_a_number_is_found_by_any_receiver_and_line():
    only = policy("12", receiver=1, line=2)
    snapshot = AccountSnapshot([only], 1)
    assert [plain(snapshot.find(r, n, "12")) for r, n in ((1, 2), (None, None), (9, 0))] == [only] * 3


def test_number_is_compared_without_case_and_nothing_else_is_taken_for_it():
    only = policy("12aB")
    snapshot = AccountSnapshot([only], 1)
    found = [plain(snapshot.find(None, 0, number)) for number in ("12Ab", "012AB", "12A", "")]
    assert found == [plain(only), None, None, None]


def test_of_several_the_one_that_names_more_wins():
    any_, by_receiver, by_both = policy("1"), policy("1", receiver=3), policy("1", receiver=3, line=5)
    snapshot = AccountSnapshot([by_both, any_, by_receiver], 1)
    found = [plain(snapshot.find(r, n, "1")) for r, n in ((3, 5), (3, 6), (4, 5), (None, None))]
    assert found == [by_both, by_receiver, any_, any_]


def test_two_that_receiver_and_line_cannot_tell_apart_are_an_unknown_account():
    snapshot = AccountSnapshot([policy("1", receiver=1), policy("1", line=2), policy("1", line=2, id_="b")], 1)
    assert [snapshot.find(r, n, "1") for r, n in ((1, 2), (4, 2), (4, 4))] == [None, None, None]
    assert plain(snapshot.find(1, 4, "1")) == policy("1", receiver=1)


def test_snapshot_tells_its_size_its_version_and_the_longest_window():
    snapshot = AccountSnapshot([policy("1"), policy("1", line=1, duplicate_window_us=900 * SECOND)], 7)
    assert (snapshot.size, snapshot.config, snapshot.longest_window_us, snapshot.keyless) == (2, 7, 900 * SECOND, ())
    assert AccountSnapshot([], 0).longest_window_us == 300 * SECOND


def test_empty_fields_are_the_defaults():
    assert policy_of(Account("account-4", AccountRow(account="ab"), 4), {}.__getitem__) == policy(
        "AB", id_="account-4", late_max_s=40, early_max_s=20
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"late_max_s": -1, "early_max_s": -1}, {"late_max_s": None, "early_max_s": None}),
        ({"late_max_s": 0, "early_max_s": 86_400}, {"late_max_s": 0, "early_max_s": 86_400}),
        ({"duplicate_window_s": 1}, {"duplicate_window_us": SECOND}),
        ({"receiver": "0F", "line": "00"}, {"receiver": 15, "line": 0}),
        ({"carried_by": "t1"}, {"carried_by": "T1"}),
        ({"poll_602": True, "panel_time_zone": "Europe/Vienna"},) * 2,
        ({"key": SecretRef(bits=128, form="hex", name="key-1")}, {"key": KEY}),
    ],
    ids=lambda fields: ",".join(fields),
)
def test_settings_of_an_account_become_its_policy(fields, expected):
    account = Account("account-4", AccountRow(account="AB", **fields), 4)
    assert policy_of(account, {"key-1": KEY}.__getitem__) == policy("AB", id_="account-4", **expected)


def test_account_whose_key_is_missing_never_becomes_a_clear_one():
    def missing(_name):
        raise KeyMissing("It is not there", "keys.secret_missing")

    account = Account("account-4", AccountRow(account="1", key=SecretRef(bits=128, form="hex", name="key-1")), 4)
    with pytest.raises(KeyMissing):
        policy_of(account, missing)


def test_policy_shows_whether_it_has_a_key_and_never_the_key():
    assert repr(policy("1", key=KEY, id_="account-4")) == "AccountPolicy(account-4, keyed)"


# The next picture, and refused numbers --------------------------------------------------------------------------------


@given(
    st.lists(st.builds(policy, numbers, parts, parts), max_size=6, unique_by=lambda p: p.id),
    st.lists(st.tuples(st.integers(0, 5), st.none() | st.builds(policy, numbers, parts, parts)), max_size=4),
)
def test_next_picture_is_the_one_that_is_made_anew(policies, changes):
    shown = AccountSnapshot(policies, 1, ["account-x"])
    living = list(policies)
    for config, (index, other) in enumerate(changes, 2):
        if not living:
            break
        old = living.pop(index % len(living))
        new = [] if other is None or any(p.id == other.id for p in living) else [other]
        living += new
        shown = shown.changed(config, [(old.account, old.id)], new, [])
    fresh = AccountSnapshot(living, 0)
    assert (shown.size, shown.keyless if changes and policies else ()) == (fresh.size, ())
    for number in ("12", "12AB", "7"):
        assert {repr_of(p) for p in shown.numbered(number)} == {repr_of(p) for p in fresh.numbered(number)}
        for receiver in (None, 0, 1, 2):
            for line in (None, 0, 1, 2):
                assert plain(shown.find(receiver, line, number)) == plain(fresh.find(receiver, line, number))
    for slot in {p.slot for number in ("12", "12AB", "7") for p in shown.numbered(number)}:
        assert shown.watch(slot) is not None


def repr_of(found):
    return tuple(getattr(plain(found), name) for name in found.__struct_fields__)


def test_accounts_keep_their_slots_from_one_picture_to_the_next():
    first = AccountSnapshot([policy(str(n), id_=f"account-{n}", category="SP4") for n in range(4)], 1)
    slots = {p.id: p.slot for n in range(4) for p in first.numbered(str(n))}
    second = first.changed(2, [("1", "account-1"), ("2", "account-2")], [policy("22", id_="account-2")], [])
    assert (second.follows is first.token, second.touched) == (True, (slots["account-1"], slots["account-2"]))
    assert second.find(None, None, "22").slot == slots["account-2"]
    assert second.find(None, None, "3").slot == slots["account-3"]
    assert (second.watch(slots["account-1"]), second.watch(slots["account-3"])) == (None, (3, "SP4", None))
    assert first.watch(slots["account-1"]) == (1, "SP4", None)
    third = second.changed(3, [], [policy("9", id_="account-9", interval_s=60)], [])
    assert third.touched == (slots["account-1"],)
    assert third.watch(slots["account-1"]) == (9, None, 60)


def refusal(account, answer="duh", until=100, receiver=None, line=None):
    row = NumberRefused(account=account, answer=answer, line=line, reason="scanner", receiver=receiver, until=until)
    return Refusal(row, 1)


def test_number_is_refused_with_its_receiver_and_line_alone_and_until_its_time():
    snapshot = AccountSnapshot([], 1, refusals=[refusal("4a", receiver="0F", line="")])
    assert [snapshot.refusal(r, n, "4A", 99) for r, n in ((15, 0), (None, 0), (15, None), (15, 1))] == [
        "duh", None, None, None,
    ]  # fmt: skip
    assert [snapshot.refusal(15, 0, "4a", at) for at in (0, 99, 100)] == ["duh", "duh", None]
    assert snapshot.refusal(15, 0, "4b", 1) is None


def test_refusal_that_was_taken_back_counts_no_more_and_refusals_stay_with_the_next_picture():
    snapshot = AccountSnapshot([], 1, refusals=[refusal("4"), refusal("5", answer=None)])
    assert (snapshot.refusal(None, None, "4", 1), snapshot.refusal(None, None, "5", 1)) == ("duh", None)
    after = snapshot.changed(2, [], [policy("7")], [])
    assert after.refusal(None, None, "4", 1) == "duh"
    assert after.changed(3, [], [], [], []).refusal(None, None, "4", 1) is None
