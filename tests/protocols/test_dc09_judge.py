"""Steps 3 to 9 in their order: each outcome, each reason, each answer."""

import pytest
from dc09_tools import KEY, NOW, PAD, Directory, account, framed, judged

from tocsin.model.values import Micros
from tocsin.protocols.dc09.answers import acknowledge, acknowledge_poll, refuse
from tocsin.protocols.dc09.encode import encode_frame, format_stamp, parse_stamp
from tocsin.protocols.dc09.judge import ReceiverPolicy, Verdict, judge

EVENT = '"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014]'
SECOND = 1_000_000


def secret(
    data: str | None = "#5512|NFA014",
    *,
    token: str = "SIA-DCS",
    off_s: float = 0,
    stamp: str | None = "now",
    key: bytes = KEY,
    number: str = "5512",
) -> bytes:
    return encode_frame(
        token=token,
        sequence="0010",
        receiver=None,
        line="0",
        account=number,
        data=data,
        key=key,
        pad=PAD,
        timestamp=format_stamp(Micros(NOW + int(off_s * SECOND))) if stamp == "now" else stamp,
    )


def said(verdict: Verdict) -> tuple[str, str | None, str | None, str | None]:
    return verdict.outcome, verdict.reason, verdict.kind, verdict.reply


# -- 3 header --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        '""0001L0#5512[#5512|NFA014]',
        '"SIA DCS"0001L0#5512[#5512|NFA014]',
        '"SIA-DCS"001L0#5512[#5512|NFA014]',
        '"SIA-DCS"00AFL0#5512[#5512|NFA014]',
        '"SIA-DCS"00001L0#5512[#5512|NFA014]',
        '"SIA-DCS"0001RL0#5512[#5512|NFA014]',
        '"SIA-DCS"0001R1234567L0#5512[#5512|NFA014]',
        '"SIA-DCS"0001L1234567#5512[#5512|NFA014]',
        '"SIA-DCS"0001LG#5512[#5512|NFA014]',
        '"SIA-DCS"0001L05512[#5512|NFA014]',
        '"SIA-DCS"0001L0#[#5512|NFA014]',
        '"SIA-DCS"0001L0#12345678901234567[#5512|NFA014]',
        '"SIA-DCS"0001L0#55-2[#5512|NFA014]',
        '"SIA-DCS"0001L0A0[#5512|NFA014]',
        '"SIA-DCS"0001L0#5512[#5512|NFA014',
        '"SIA-DCS"0001L0#5512#5512|NFA014]',
        '"SIA-DCS"0001L0#5512[#5512|NFA014]]',
        '"SIA-DCS"0001L0#5512[[#5512|NFA014]',
        '"SIA-DCS"0001L0#5512[#5512|NFA014][I',
        '"SIA-DCS"0001L0#5512[#5512|NFA014]x',
        '"SIA-DCS"0001L0#5512',
        '"',
    ],
)
def test_broken_head_or_bracket_is_header_without_answer(body: str) -> None:
    verdict = judged(body, account("5512"))
    assert said(verdict) == ("discarded", "header", None, None)
    assert refuse(verdict, NOW) is None


def test_header_names_the_reason_before_everything_behind_it() -> None:
    assert judged('"SIA-PUL"0001L0#9999[', unknown_accounts="silent").reason == "header"


# -- 4 account -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("ack", ("accepted", None, "event", "ACK")),
        ("duh", ("refused", "account", None, "DUH")),
        ("silent", ("discarded", "account", None, None)),
    ],
)
def test_unknown_account_follows_its_setting(setting: str, expected: tuple[str, ...]) -> None:
    verdict = judged(EVENT, unknown_accounts=setting)
    assert said(verdict) == expected
    assert (verdict.policy, verdict.object_policy, verdict.account, verdict.transmitter) == (None, None, "5512", "5512")


@pytest.mark.parametrize(("setting", "outcome"), [("ack", "accepted"), ("duh", "refused"), ("silent", "discarded")])
def test_unknown_account_of_a_poll_follows_the_same_setting(setting: str, outcome: str) -> None:
    assert judged('"NULL"0000L0#5512[]', unknown_accounts=setting).outcome == outcome


@pytest.mark.parametrize(
    ("head", "asked"),
    [
        ("R1L2#5512", (1, 2, "5512")),
        ("RffffffLa0#5512", (0xFFFFFF, 0xA0, "5512")),
        ("L0#foc7688", (None, 0, "foc7688")),
        ("L#1", (None, 0, "1")),
        ("#000110", (None, None, "000110")),
    ],
)
def test_account_is_looked_up_by_receiver_line_and_number_as_sent(head: str, asked: tuple[int | None, ...]) -> None:
    directory = Directory()
    judge(framed(f'"NULL"0000{head}[]'), directory, ReceiverPolicy(), NOW)
    assert directory.asked == [asked]


# -- 5 downgrade -----------------------------------------------------------------------------------------------------


def test_clear_frame_of_an_account_with_a_key_is_not_answered() -> None:
    verdict = judged(EVENT, account("5512", KEY))
    assert said(verdict) == ("discarded", "downgrade", None, None)
    assert (refuse(verdict, NOW), verdict.account, verdict.events[0].code) == (None, "5512", "FA")


def test_downgrade_may_be_answered_duh() -> None:
    verdict = judged(EVENT, account("5512", KEY), downgrade="duh")
    assert said(verdict) == ("refused", "downgrade", None, "DUH")
    assert refuse(verdict, NOW) == b'\n42B20014"DUH"0007R1L2#5512[]\r'


def test_clear_poll_of_an_account_with_a_key_is_a_downgrade_too() -> None:
    assert judged('"NULL"0000L0#5512[]', account("5512", KEY)).reason == "downgrade"


# -- 6 decrypt -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        '"*SIA-DCS"0010L0#5512[',
        '"*SIA-DCS"0010L0#5512[4',
        '"*SIA-DCS"0010L0#5512[4159BB9EE369F493CE3E0D1C69143934]',
        '"*SIA-DCS"0010L0#5512[4159BB9EE369F493CE3E0D1C6914393Z',
        '"*SIA-DCS"0010L0#5512[4159BB9EE369F493CE3E0D1C691439',
        '"*SIA-DCS"0010L0#5512[' + "00" * 48,
        '"*SIA-DCS"0010L0#5512[#5512|NFA014]_07:05:09,03-04-2027',
    ],
)
def test_whatever_cannot_be_decrypted_is_treated_alike(body: str) -> None:
    for policies in ((account("5512", KEY),), (account("5512"),), ()):
        verdict = judged(body, *policies)
        assert said(verdict) == ("discarded", "decrypt", None, None)
        assert (refuse(verdict, NOW), verdict.transmitter, verdict.events) == (None, "5512", ())


def test_wrong_key_is_decrypt() -> None:
    assert judged(secret(key=bytes(16)), account("5512", KEY)).reason == "decrypt"


def test_encrypted_frame_of_an_account_without_a_key_is_decrypt() -> None:
    assert judged(secret(), account("5512")).reason == "decrypt"


@pytest.mark.parametrize("size", [16, 24, 32])
def test_each_key_length_is_read(size: int) -> None:
    key = bytes(range(size))
    assert said(judged(secret(key=key), account("5512", key))) == ("accepted", None, "event", "*ACK")


# -- 7 time ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off_s", "is_in"), [(-40, True), (-41, False), (0, True), (20, True), (21, False), (-3600, False), (86_400, False)]
)
def test_encrypted_stamp_must_lie_in_the_window(off_s: int, *, is_in: bool) -> None:
    verdict = judged(secret(off_s=off_s), account("5512", KEY))
    assert said(verdict) == (("accepted", None, "event", "*ACK") if is_in else ("refused", "time", None, "NAK"))
    assert verdict.clock_off_s == (None if is_in else off_s)


def test_window_is_the_accounts_own() -> None:
    wide = account("5512", KEY, late_max_s=120, early_max_s=None)
    assert judged(secret(off_s=-120), wide).outcome == "accepted"
    assert judged(secret(off_s=-121), wide).reason == "time"
    assert judged(secret(off_s=10**7), wide).outcome == "accepted"
    assert judged(secret(off_s=-(10**7)), account("5512", KEY, late_max_s=None)).outcome == "accepted"


def test_stamp_of_a_panel_with_local_time_is_read_in_its_zone() -> None:
    berlin = account("5512", KEY, panel_time_zone="Europe/Berlin")
    assert judged(secret(off_s=3600), berlin).outcome == "accepted"
    assert judged(secret(), berlin).reason == "time"
    assert judged(secret(off_s=3600), berlin).device_time == NOW // SECOND * SECOND


def test_zone_that_does_not_exist_counts_as_utc() -> None:
    assert judged(secret(), account("5512", KEY, panel_time_zone="Europe/Atlantis")).outcome == "accepted"
    assert judged(secret(), account("5512", KEY, panel_time_zone="../etc/passwd")).outcome == "accepted"


@pytest.mark.parametrize("stamp", [None, "", "25:61:00,03-04-2027", "07:05:09,13-04-2027", "07:05:09", "x" * 30])
def test_encrypted_frame_without_a_stamp_is_never_accepted(stamp: str | None) -> None:
    for policy in (account("5512", KEY), account("5512", KEY, late_max_s=None, early_max_s=None)):
        assert said(judged(secret(stamp=stamp), policy)) == ("refused", "time", None, "NAK")
        assert said(judged(secret(stamp=stamp), policy, now=None)) == ("refused", "time", None, "NAK")
        assert said(judged(secret(stamp=stamp), policy, unstamped="silent")) == ("discarded", "time", None, None)


def test_silence_is_for_missing_stamps_alone() -> None:
    assert said(judged(secret(off_s=99), account("5512", KEY), unstamped="silent")) == ("refused", "time", None, "NAK")


def test_clear_stamp_is_information_only() -> None:
    for stamp, off_s in (("07:05:09,03-04-2027", None), ("08:05:11,03-04-2027", 3600), ("25:61:00,03-04-2027", None)):
        verdict = judged(f"{EVENT}_{stamp}", account("5512"))
        assert (*said(verdict), verdict.clock_off_s) == ("accepted", None, "event", "ACK", off_s)
    assert verdict.device_time is None


def test_clear_stamp_of_an_unknown_account_is_held_against_the_defaults() -> None:
    assert judged(f"{EVENT}_07:04:30,03-04-2027").clock_off_s == -41
    assert judged(f"{EVENT}_07:04:31,03-04-2027").clock_off_s is None


def test_without_now_no_stamp_is_judged() -> None:
    assert judged(secret(off_s=-9999), account("5512", KEY), now=None).outcome == "accepted"


# -- 8 token, 9 payload ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["SIA-PUL", "ACR-SF", "SCN-S8", "SIA-S2K", "VIS-BBA", "sia-dcs", "X"])
def test_token_that_is_not_implemented_gets_duh(token: str) -> None:
    verdict = judged(f'"{token}"0009L0#5512[#5512|anything]', account("5512"))
    assert (*said(verdict), verdict.token, verdict.data) == ("refused", "token", None, "DUH", token, "#5512|anything")
    assert refuse(verdict, NOW) == b'\n32CB0012"DUH"0009L0#5512[]\r'


@pytest.mark.parametrize(
    "content",
    [
        "SIA-DCS []",
        "SIA-DCS [#5512]",
        "SIA-DCS [#5512|]",
        "SIA-DCS [|]",
        "SIA-DCS [#5512|N???]",
        "SIA-DCS [#5512|N]",
        "ADM-CID []",
        "ADM-CID [#5512]",
        "ADM-CID [#5512|2131 01 015]",
        "ADM-CID [#5512|1A31 01 015]",
        "ADM-CID [#5512|1131 01 15]",
        "ADM-CID [#5512|1131  01 015]",
        "ADM-CID [#5512|113101015]",
        "ADM-CID [#5512|NFA014]",
    ],
)
def test_data_that_are_empty_or_cannot_be_read_get_duh(content: str) -> None:
    token, data = content.split(" ", 1)
    verdict = judged(f'"{token}"0009L0#5512{data}', account("5512"))
    assert said(verdict) == ("refused", "payload", None, "DUH")


def test_a_frame_full_of_events_is_taken_whole() -> None:
    """As many as fit: nothing is refused for being much."""
    for count in (256, 257, 1350):
        verdict = judged('"SIA-DCS"0001L0#5512[#5512|N' + "/".join(["BA"] * count) + "]", account("5512"))
        assert (verdict.outcome, len(verdict.events)) == ("accepted", count)


def test_time_names_the_reason_before_token_and_token_before_payload() -> None:
    assert judged(secret(token="SIA-PUL", off_s=99), account("5512", KEY)).reason == "time"
    assert judged(secret(token="SIA-PUL", data=None), account("5512", KEY)).reason == "token"


# -- answers and polls -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        '"ACK"0001L0#5512[]',
        '"NAK"0000R0L0A0[]_07:05:12,03-04-2027',
        '"NAK"0000R0L0#0[]',
        '"DUH"0001L0#5512[]',
        '"RSP"0001L0#5512[#5512|X][KAABB]',
    ],
)
def test_answer_is_never_answered(body: str) -> None:
    for policies in ((), (account("5512"),), (account("5512", KEY),)):
        verdict = judged(body, *policies, unknown_accounts="duh")
        assert said(verdict) == ("answer", None, "answer", None)
        assert refuse(verdict, NOW) is None


def test_answer_whose_brackets_are_broken_is_header() -> None:
    assert judged('"ACK"0001L0#5512[').reason == "header"


def test_encrypted_answer_is_decrypted_where_there_is_a_key() -> None:
    answer = secret(None, token="ACK")
    assert said(judged(answer)) == ("answer", None, "answer", None)
    with_key = judged(answer, account("5512", KEY))
    assert (*said(with_key), with_key.timestamp) == ("answer", None, "answer", None, format_stamp(NOW))
    assert judged(answer, account("5512", bytes(16))).reason == "decrypt"


@pytest.mark.parametrize(
    "body", ['"NULL"0000L0#5512[]', '"NULL"0001L0#5512[#0000|0000 00 000]', '"XNM"0001L0#5512[][G2]']
)
def test_null_is_a_poll_whatever_it_holds(body: str) -> None:
    verdict = judged(body, account("5512"))
    assert (*said(verdict), verdict.events) == ("accepted", None, "poll", "ACK", ())


def test_periodic_test_is_a_poll_where_the_account_says_so() -> None:
    body = '"ADM-CID"0001L0#5512[#5512|1602 00 000]'
    assert judged(body, account("5512")).kind == "event"
    assert judged(body, account("5512", poll_602=True)).kind == "poll"
    assert judged(body.replace("1602", "1131"), account("5512", poll_602=True)).kind == "event"
    assert judged(body.replace("000]", "000|1131 01 015]"), account("5512", poll_602=True)).kind == "event"
    assert judged('"SIA-DCS"0001L0#5512[#5512|NRP0]', account("5512", poll_602=True)).kind == "event"


# -- the object (section 4) ------------------------------------------------------------------------------------------

CARRIED = "#0012|NFA014"


def about(verdict: Verdict) -> tuple[str, str | None, str | None, bool]:
    return (
        verdict.account,
        verdict.object_policy and verdict.object_policy.account,
        verdict.data_account,
        verdict.disputed,
    )


def test_data_account_that_we_know_and_that_has_no_key_becomes_the_object() -> None:
    verdict = judged(f'"SIA-DCS"0001L0#5512[{CARRIED}]', account("5512"), account("0012"))
    assert about(verdict) == ("0012", "0012", "0012", False)
    assert (verdict.transmitter, verdict.policy and verdict.policy.account) == ("5512", "5512")
    encrypted = judged(secret(CARRIED), account("5512", KEY), account("0012"))
    assert about(encrypted) == ("0012", "0012", "0012", False)


def test_unknown_data_account_leaves_the_header_account_the_object() -> None:
    assert about(judged(f'"SIA-DCS"0001L0#5512[{CARRIED}]', account("5512"))) == ("5512", "5512", "0012", False)
    assert about(judged('"SIA-DCS"0001L0#5512[#0000|NFA014]', account("5512"))) == ("5512", "5512", "0000", False)


def test_clear_frame_never_speaks_for_an_account_with_a_key() -> None:
    for more in ({}, {"carried_by": "5512"}):
        verdict = judged(f'"SIA-DCS"0001L0#5512[{CARRIED}]', account("5512"), account("0012", KEY, **more))
        assert (verdict.outcome, about(verdict)) == ("accepted", ("5512", "5512", "0012", True))
    unknown = judged(f'"SIA-DCS"0001L0#5512[{CARRIED}]', account("0012", KEY))
    assert (unknown.outcome, about(unknown)) == ("accepted", ("5512", None, "0012", True))


def test_encrypted_frame_speaks_for_an_account_with_a_key_only_where_that_one_says_so() -> None:
    other = bytes(16)
    carried = judged(secret(CARRIED), account("5512", KEY), account("0012", other, carried_by="5512"))
    assert about(carried) == ("0012", "0012", "0012", False)
    for more in ({}, {"carried_by": "0012"}, {"carried_by": "551"}):
        verdict = judged(secret(CARRIED), account("5512", KEY), account("0012", other, **more))
        assert (verdict.outcome, about(verdict)) == ("accepted", ("5512", "5512", "0012", True))


def test_carrier_is_compared_without_case() -> None:
    verdict = judged(
        secret("#0012|NFA01", number="ab1"), account("AB1", KEY), account("0012", bytes(16), carried_by="AB1")
    )
    assert about(verdict) == ("0012", "0012", "0012", False)


def test_same_account_in_other_case_is_no_other_account() -> None:
    assert about(judged('"SIA-DCS"0001L0#ab1[#AB1|NFA01]', account("AB1"))) == ("ab1", "AB1", "AB1", False)


def test_nothing_personal_stands_in_the_repr() -> None:
    assert repr(judged('"SIA-DCS"0001L0#5512[#5512|NFA01^Mrs Smith^]')) == "Verdict(accepted, event)"
    assert repr(judged(EVENT, account("5512", KEY))) == "Verdict(discarded, downgrade)"


def test_only_an_event_takes_a_receipt_and_only_a_poll_goes_without() -> None:
    from dc09_tools import RECEIPT

    event, poll, refused = judged(EVENT), judged('"NULL"0000L0#5512[]'), judged('"SIA-DCS"0009L0#5512[]')
    for verdict in (poll, refused):
        with pytest.raises(AssertionError):
            acknowledge(verdict, RECEIPT, NOW, PAD)
    for verdict in (event, refused):
        with pytest.raises(AssertionError):
            acknowledge_poll(verdict, NOW, PAD)
    with pytest.raises(AssertionError):
        acknowledge(event, None, NOW, PAD)  # pyright: ignore[reportArgumentType]


def test_periodic_test_is_a_poll_where_the_object_says_so() -> None:
    body = '"ADM-CID"0001L0#5512[#0012|1602 00 000]'
    assert judged(body, account("5512"), account("0012", poll_602=True)).kind == "poll"
    assert judged(body, account("5512", poll_602=True), account("0012")).kind == "event"
    assert judged(body, account("5512", poll_602=True)).kind == "poll"


def test_hour_that_comes_twice_is_read_as_the_nearer_one() -> None:
    # 2027-10-31 in Vienna: 02:30 is 00:30 UTC and again 01:30 UTC. In spring 02:30 does not exist and fits nothing.
    vienna = account("5512", KEY, panel_time_zone="Europe/Vienna")
    for now, is_in in (("00:30:05,10-31-2027", True), ("01:30:05,10-31-2027", True), ("02:30:05,10-31-2027", False)):
        verdict = judged(secret(stamp="02:30:00,10-31-2027"), vienna, now=parse_stamp(now))
        assert (verdict.outcome == "accepted") == is_in, now
    assert judged(secret(stamp="23:59:59,12-31-9999"), vienna).reason == "time"
    assert judged(secret(stamp="00:00:00,01-01-0001"), vienna).reason == "time"


# Numbers that a person refused ----------------------------------------------------------------------------------------


class Refusing(Directory):
    """Accounts, and unknown numbers that are answered so."""

    def __init__(self, refused, *policies):
        super().__init__(*policies)
        self.refused = refused
        self.refusals_asked = []

    def refusal(self, receiver, line, account, now):
        self.refusals_asked.append((receiver, line, account, now))
        return self.refused.get(account)


def verdict_of(frame, directory, now=NOW, **policy):
    return judge(framed(frame), directory, ReceiverPolicy(**policy), now)


@pytest.mark.parametrize(
    ("answer", "outcome", "reply"), [("duh", "refused", "DUH"), ("silent", "discarded", None)],
)  # fmt: skip
def test_refused_number_is_answered_as_the_person_said_events_and_polls_alike(answer, outcome, reply):
    directory = Refusing({"99": answer})
    for body in ('"SIA-DCS"0001L0#99[#99|NBA01]', '"NULL"0001L0#99[]'):
        verdict = verdict_of(body, directory)
        assert (verdict.outcome, verdict.reason, verdict.reply) == (outcome, "account", reply)
    assert directory.refusals_asked[0] == (None, 0, "99", NOW)
    assert verdict_of('"SIA-DCS"0001L0#98[#98|NBA01]', directory).outcome == "accepted"


def test_account_of_ours_is_never_refused_and_nobody_asks():
    directory = Refusing({"1234": "silent"}, account("1234", None))
    assert verdict_of('"SIA-DCS"0001L0#1234[#1234|NBA01]', directory).outcome == "accepted"
    assert directory.refusals_asked == []


def test_refused_number_that_speaks_for_an_account_of_ours_is_heard():
    directory = Refusing({"99": "silent"}, account("1234", None))
    verdict = verdict_of('"SIA-DCS"0001L0#99[#1234|NFA01]', directory)
    assert (verdict.outcome, verdict.account) == ("accepted", "1234")


def test_refused_number_that_names_a_keyed_account_in_clear_is_stored_as_disputed():
    directory = Refusing({"99": "silent"}, account("1234", bytes(16)))
    verdict = verdict_of('"SIA-DCS"0001L0#99[#1234|NFA01]', directory)
    assert (verdict.outcome, verdict.disputed, verdict.account) == ("accepted", True, "99")


def test_refusal_says_more_than_the_receivers_own_way_with_unknown_numbers():
    directory = Refusing({"99": "silent"})
    assert verdict_of('"SIA-DCS"0001L0#99[#99|NBA01]', directory, unknown_accounts="duh").outcome == "discarded"
    assert verdict_of('"SIA-DCS"0001L0#98[#98|NBA01]', directory, unknown_accounts="duh").outcome == "refused"


def test_where_no_time_is_given_nobody_is_refused():
    assert verdict_of('"SIA-DCS"0001L0#99[#99|NBA01]', Refusing({"99": "silent"}), now=None).outcome == "accepted"
