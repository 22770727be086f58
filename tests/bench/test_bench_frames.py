"""Frames of the bench are what panels send, each one new, and their answers are checked."""

import pytest

from tocsin.bench import frames
from tocsin.bench.frames import SEQUENCES, account, accounts_csv, is_acknowledged, poll, prepare
from tocsin.centre.account_import import plan_accounts
from tocsin.centre.snapshot import AccountSnapshot
from tocsin.centre.table_plan import Known
from tocsin.model.accounts import AccountPolicy
from tocsin.model.signals import Receipt
from tocsin.model.values import AccountNumber, Micros, Ref, Seq, SignalId
from tocsin.protocols.dc09.answers import acknowledge, acknowledge_poll
from tocsin.protocols.dc09.framing import RawFrame, read_datagram
from tocsin.protocols.dc09.judge import ReceiverPolicy, Verdict, judge
from tocsin.protocols.dc09.signals import to_arrival

NOW = Micros(1_790_000_000_000_000)
RECEIPT = Receipt(SignalId("main-1"), Seq(1), None)
BOTH = pytest.mark.parametrize("is_encrypted", [False, True])


def judged(of: frames.Account, frame: bytes) -> Verdict:
    policy = AccountPolicy(
        id=Ref("account-1"),
        account=AccountNumber(of.number),
        receiver=None,
        line=None,
        key=of.key,
        late_max_s=40,
        early_max_s=20,
        duplicate_window_us=300_000_000,
        panel_time_zone=None,
        poll_602=False,
        carried_by=None,
    )
    (piece,) = read_datagram(frame)
    assert isinstance(piece, RawFrame)
    return judge(piece, AccountSnapshot([policy], 1), ReceiverPolicy(), NOW)


@BOTH
def test_receiver_accepts_every_frame_and_its_answer_is_the_one_that_is_due(is_encrypted):
    of = account(7, is_encrypted=is_encrypted)
    for sent in prepare(of, 0, 5, NOW):
        verdict = judged(of, sent.frame)
        assert (verdict.outcome, verdict.kind, verdict.encrypted) == ("accepted", "event", is_encrypted)
        assert verdict.object_policy is not None
        assert is_acknowledged(of, sent, acknowledge(verdict, RECEIPT, NOW, b"p" * 27))


@BOTH
def test_no_two_frames_of_an_account_are_repeats(is_encrypted):
    of = account(0, is_encrypted=is_encrypted)
    # Round the corner of the sequence numbers, where the zone goes on.
    sent = prepare(of, SEQUENCES - 3, 6, NOW) + prepare(of, 0, 2, NOW)
    arrivals = [to_arrival(judged(of, one.frame), peer="p", transport="tcp", received_at=NOW, config=1) for one in sent]
    materials = {arrival.identity.material for arrival in arrivals if arrival.identity}
    assert len(materials) == 8


@BOTH
def test_answer_to_another_frame_is_no_acknowledgement(is_encrypted):
    of = account(1, is_encrypted=is_encrypted)
    first, second = prepare(of, 0, 2, NOW)
    answer = acknowledge(judged(of, second.frame), RECEIPT, NOW, b"p" * 27)
    assert not is_acknowledged(of, first, answer)
    assert not is_acknowledged(of, second, answer[:-2] + b"0\r")


def test_poll_is_answered_as_it_is_due():
    of = account(2, is_encrypted=False)
    sent = poll(of)
    verdict = judged(of, sent.frame)
    assert verdict.kind == "poll"
    assert acknowledge_poll(verdict, NOW, b"") == sent.due


def test_accounts_file_can_be_imported_whole():
    plan = plan_accounts(accounts_csv(3, 2), "csv", Known())
    assert [planned.row.account for planned in plan.new] == ["000000", "000001", "000002", "E00000", "E00001"]
    keys = [planned.secret.value for planned in plan.new if planned.secret]
    assert keys == [account(0, is_encrypted=True).key, account(1, is_encrypted=True).key]
