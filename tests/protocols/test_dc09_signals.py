"""What stands in clear, what is sealed, and which frames are the same one."""

from typing import Any

import pytest
from dc09_tools import KEY, NOW, PAD, account, arrived, framed, judged

from tocsin.model.signals import Arrival, Identity, Quantity, SealedPart, Signal
from tocsin.protocols.dc09.encode import encode_frame, parse_stamp
from tocsin.protocols.dc09.signals import to_arrival

SECRET = "MrsSmithson"


def sia(data: str, blocks: str = "", stamp: str = "") -> str:
    return f'"SIA-DCS"0007R1L2#5512[#5512|{data}]{blocks}{stamp}'


def test_whole_arrival_of_one_event() -> None:
    body = sia("Nri2/FA014^Boiler room^", "[CDP][G2][TF][Ihall]", "_07:05:09,03-04-2027")
    assert arrived(body, account("5512")) == Arrival(
        signals=(
            Signal(
                source="dc09",
                account="5512",
                transmitter="5512",
                account_ref="account-5512",
                data_account=None,
                disputed=False,
                receiver="1",
                line="2",
                sequence="0007",
                token="SIA-DCS",
                format="SIA",
                block="N",
                code="FA",
                qualifier=None,
                address="014",
                address_withheld=False,
                partition="2",
                peripheral=None,
                values=(),
                category="DP",
                path="2",
                trigger="F",
                device_time=parse_stamp("07:05:09,03-04-2027"),
                event_time=None,
                encrypted=False,
                transport="tcp",
            ),
        ),
        sealed=(SealedPart(raw=framed(body).raw, peer="192.0.2.7:50000", text="Boiler room", blocks=("Ihall",)),),
        seal_class="panel",
        identity=Identity(
            b"4:55127:SIA-DCS13:0007R1L2#551229:#5512|Nri2/FA014^Boiler room^3:CDP2:TF5:Ihall", 300_000_000
        ),
        received_at=NOW,
        config=1,
    )


def test_contact_id_event_stands_with_qualifier_group_and_zone() -> None:
    (signal,) = arrived('"ADM-CID"0008L0#5512[#5512|1131 01 015]').signals
    assert (signal.format, signal.block, signal.code, signal.qualifier, signal.partition, signal.address) == (
        "CID",
        None,
        "131",
        "1",
        "01",
        "015",
    )
    (none,) = arrived('"ADM-CID"0008L0#5512[#5512|1602 00 000]').signals
    assert (none.partition, none.address, none.address_withheld) == (None, None, False)


def test_several_events_keep_their_order_and_raw_stands_with_the_first() -> None:
    arrival = arrived(sia("Nri1/BA07^Rear door^/BA08/id5/TA08|AStore room"))
    assert [(signal.code, signal.address) for signal in arrival.signals] == [("BA", "07"), ("BA", "08"), ("TA", "08")]
    first, second, third = arrival.sealed
    assert (first and first.text, first and first.blocks) == ("Rear door", ("AStore room",))
    assert (second, third) == (None, SealedPart(mods={"id": "5"}))
    assert arrival.seal_class == "intake"


def test_frame_without_an_event_is_one_signal_without_a_code() -> None:
    for data in ("AHelp in the lift", "Nri1", "X99"):
        arrival = arrived(sia(data))
        (signal,), (part,) = arrival.signals, arrival.sealed
        assert (signal.format, signal.code, signal.block, signal.address) == (None, None, None, None)
        assert part is not None
        assert part.text == ("Help in the lift" if data.startswith("A") else None)


USER = [
    ('"SIA-DCS"0007L0#5512[#5512|NOP012]', "012"),
    ('"SIA-DCS"0007L0#5512[#5512|NCL3]', "3"),
    ('"SIA-DCS"0007L0#5512[#5512|NCY44]', "44"),  # in no table, but of a family that names users
    ('"SIA-DCS"0007L0#5512[#5512|NJQ44]', "44"),
    ('"ADM-CID"0007L0#5512[#5512|1401 01 015]', "015"),
    ('"ADM-CID"0007L0#5512[#5512|3441 01 000]', "000"),
    ('"ADM-CID"0007L0#5512[#5512|1499 01 015]', "015"),
]


@pytest.mark.parametrize(("body", "number"), USER)
def test_number_of_a_user_is_sealed_under_the_short_key(body: str, number: str) -> None:
    arrival = arrived(body)
    (signal,), (part,) = arrival.signals, arrival.sealed
    assert (signal.address, signal.address_withheld, arrival.seal_class) == (None, True, "intake")
    assert part is not None
    assert part.address == number


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ('"SIA-DCS"0007L0#5512[#5512|NFA012]', "012"),
        ('"SIA-DCS"0007L0#5512[#5512|NBQ44]', "44"),  # in no table, of a family that names zones
        ('"SIA-DCS"0007L0#5512[#5512|NCA1]', "1"),  # of such a family, but its row says otherwise
        ('"ADM-CID"0007L0#5512[#5512|1470 01 015]', None),
        ('"ADM-CID"0007L0#5512[#5512|1199 01 015]', "015"),
    ],
)
def test_other_addresses_stand_in_clear(body: str, address: str | None) -> None:
    (signal,) = arrived(body).signals
    assert (signal.address, signal.address_withheld) == (address, address is None)


def test_code_of_a_user_without_a_number_withholds_nothing() -> None:
    arrival = arrived(sia("Nri1/OP"))
    assert (arrival.signals[0].address_withheld, arrival.seal_class) == (False, "panel")


@pytest.mark.parametrize("data", ["Nid5/BA01", "Nph0301234/BA01", "Nid7", "BA01|Nid5"])
def test_user_and_telephone_put_the_frame_under_the_short_key(data: str) -> None:
    assert arrived(sia(data)).seal_class == "intake"


LEAKS = [
    sia(f"NBA01^{SECRET}^"),
    sia(f"NBA01*'{SECRET}'NM"),
    sia(f"Nri{SECRET}1/BA01"),
    sia(f"Npi{SECRET}1/BA01"),
    sia(f"Nri1^{SECRET}^/BA01"),
    sia(f"Nid{SECRET}/BA01"),
    sia(f"Nph{SECRET}/BA01"),
    sia(f"Nlv{SECRET}/rg{SECRET}/BA01"),
    sia(f"Nti{SECRET}/da{SECRET}/BA01"),
    sia(f"NBA01*17{SECRET}"),
    sia(f"A{SECRET}"),
    sia(f"NBA01|A{SECRET}|X{SECRET}|{SECRET}"),
    *[sia("NBA01", f"[{letter}{SECRET}]") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ$"],
    sia("NBA01", f"[{SECRET}][]"),
    sia("NBA01", "", f"_{SECRET}"),
    sia(f"NBA{'0' * 20}"),
]


@pytest.mark.parametrize("body", LEAKS, ids=range(len(LEAKS)))
def test_nothing_beyond_the_allow_list_stands_in_clear(body: str) -> None:
    arrival = arrived(body)
    clear = repr(arrival.signals)
    assert SECRET not in clear
    assert "Smith" not in clear
    assert "0" * 17 not in clear
    assert arrival.sealed[0] is not None
    assert arrival.sealed[0].raw == framed(body).raw


@pytest.mark.parametrize(
    ("block", "field", "value"),
    [
        ("CDP", "category", "DP"),
        ("CDP-1", "category", None),
        ("C", "category", None),
        ("C123456789", "category", None),
        ("G2", "path", "2"),
        ("G999", "path", "999"),
        ("G1000", "path", None),
        ("G-1", "path", None),
        ("Gx", "path", None),
        ("TF", "trigger", "F"),
        ("TX", "trigger", None),
        ("TFG", "trigger", None),
        ("T", "trigger", None),
    ],
)
def test_block_stands_in_clear_in_its_form_alone(block: str, field: str, value: str | None) -> None:
    arrival = arrived(sia("NBA01", f"[{block}]"))
    assert getattr(arrival.signals[0], field) == value
    assert arrival.sealed[0] is not None
    assert arrival.sealed[0].blocks == (() if value is not None else (block,))


def test_second_block_of_a_letter_is_sealed() -> None:
    arrival = arrived(sia("NBA01", "[CDP][CSP][G1][G2]"))
    assert (arrival.signals[0].category, arrival.signals[0].path) == ("DP", "1")
    assert arrival.sealed[0] is not None
    assert arrival.sealed[0].blocks == ("CSP", "G2")


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ("17C_", Quantity(17_000, "degC")),
        ("-4.5C_", Quantity(-4500, "degC")),
        ("+3,25V_", Quantity(3250, "V")),
        ("100P_", Quantity(100_000, "%")),
        ("2A_", Quantity(2000, "A")),
        ("5M_", Quantity(300_000, "s")),
        ("2H_", Quantity(7_200_000, "s")),
        ("12600MV", Quantity(12_600, "V")),
        ("250MA", Quantity(250, "A")),
        ("212F_", Quantity(100_000, "degC")),
        ("32F_", Quantity(0, "degC")),
        ("98.6F_", Quantity(37_000, "degC")),
        ("-40F_", Quantity(-40_000, "degC")),
        ("0F_", Quantity(-17_778, "degC")),
        ("1MV", Quantity(1, "V")),
        ("0.5MV", Quantity(1, "V")),
        ("-0.5MV", Quantity(-1, "V")),
        ("0.4MV", Quantity(0, "V")),
        ("1.2345V_", Quantity(1235, "V")),
        ("3GM", None),
        ("3IM", None),
        ("3", None),
        ("C_", None),
        ("17c_", None),
        ("3 persons", None),
        ("1.V_", None),
        ("1234567890V_", None),
    ],
)
def test_value_is_converted_to_our_units_or_sealed(units: str, expected: Quantity | None) -> None:
    arrival = arrived(sia(f"NWA004*{units}"))
    assert arrival.signals[0].values == (() if expected is None else (expected,))
    assert arrival.sealed[0] is not None
    assert arrival.sealed[0].mods == (None if expected is not None else {"*": units})


def test_several_values_stand_together_or_not_at_all() -> None:
    assert arrived(sia("NWA004*17C_*3V_")).signals[0].values == (Quantity(17_000, "degC"), Quantity(3000, "V"))
    assert arrived(sia("NWA004*17C_*3GM")).signals[0].values == ()
    assert arrived(sia("NWA004" + "*1V_" * 100)).signals[0].values == ()


def test_text_is_cut_at_120_characters_and_raw_keeps_all() -> None:
    for body, kept in ((sia(f"NBA01^{'ä' * 121}^"), "ä" * 120), (sia(f"A{'b' * 121}"), "b" * 120)):
        (part,) = arrived(body).sealed
        assert part is not None
        assert (part.text, part.raw) == (kept, framed(body).raw)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"K\xc3\xbcche", "Küche"),
        (b"K\xfcche", "Küche"),
        (b"\x80 \x93x\x94", "€ “x”"),
        (b"\x81\x8d\x8f\x90\x9d", "\x81\x8d\x8f\x90\x9d"),
        (b"\xff", "ÿ"),
    ],
)
def test_text_is_utf_8_where_that_is_valid_else_windows_1252(raw: bytes, text: str) -> None:
    verdict = judged(framed(b'"SIA-DCS"0001L0#5512[#5512|NBA01^' + raw + b"^][I" + raw + b"][S\xc3\xa9]"))
    assert verdict.events[0].text == text  # pyright: ignore[reportAttributeAccessIssue]
    assert verdict.xdata == ("I" + text, "Sé")


# -- times -----------------------------------------------------------------------------------------------------------


def event_time(data: str, blocks: str = "", stamp: str = "", **settings: Any) -> int | None:
    return arrived(sia(data, blocks, stamp), account("5512", **settings)).signals[0].event_time


@pytest.mark.parametrize(
    ("data", "blocks", "stamp", "expected"),
    [
        ("NBA01", "[H07:04:58,03-04-2027]", "", "07:04:58,03-04-2027"),
        ("Nti06:00/BA01", "[H07:04:58,03-04-2027]", "", "07:04:58,03-04-2027"),
        ("Nti07:04/da03-03-27/BA01", "", "", "07:04:00,03-03-2027"),
        ("Nti07:04:30/BA01", "", "", "07:04:30,03-04-2027"),
        ("Nti23:59/BA01", "", "_00:00:10,03-04-2027", "23:59:00,03-03-2027"),
        ("Nti00:01/BA01", "", "_23:59:50,03-04-2027", "00:01:00,03-05-2027"),
        ("Nti23:59/BA01", "", "", "23:59:00,03-03-2027"),
        ("Nda03-03-27/BA01", "", "", None),
        ("Nti25:00/BA01", "", "", None),
        ("Nti07:04/da13-13-27/BA01", "", "", None),
        ("NBA01", "[H25:04:58,03-04-2027]", "", None),
    ],
)
def test_time_of_the_event_is_read(data: str, blocks: str, stamp: str, expected: str | None) -> None:
    assert event_time(data, blocks, stamp) == (None if expected is None else parse_stamp(expected))


def test_time_of_the_event_is_in_the_panels_zone() -> None:
    for data, blocks in (
        ("NBA01", "[H08:04:58,03-04-2027]"),
        ("Nti08:04:58/BA01", ""),
        ("Nti08:04:58/da03-04-27/BA01", ""),
    ):
        assert event_time(data, blocks, panel_time_zone="Europe/Vienna") == parse_stamp("07:04:58,03-04-2027")


def test_modifiers_that_gave_the_time_are_not_sealed_and_those_that_did_not_are() -> None:
    (part,) = arrived(sia("Nti07:04/da03-03-27/BA01")).sealed
    assert part is not None
    assert part.mods is None
    (part,) = arrived(sia("Nti77:04/da03-03-27/BA01")).sealed
    assert part is not None
    assert part.mods == {"ti": "77:04", "da": "03-03-27"}


# -- identity --------------------------------------------------------------------------------------------------------


def identity(body: str | bytes, *policies: Any) -> Identity:
    found = arrived(body, *(policies or (account("5512"), account("0012")))).identity
    assert found is not None
    return found


BASE = sia("NFA014", "[CDP]", "_07:05:09,03-04-2027")


@pytest.mark.parametrize(
    "body",
    [
        BASE,
        sia("NFA014", "[CDP]", "_07:05:20,03-04-2027"),
        sia("NFA014", "[CDP]"),
        sia("NFA014", "[AFF00][CDP][G2][KAABB][N10.0.0.1]"),
    ],
)
def test_repeat_has_the_same_identity(body: str) -> None:
    assert identity(body) == identity(BASE)


@pytest.mark.parametrize(
    "body",
    [
        BASE.replace("0007", "0008"),
        BASE.replace("R1L2", "R2L2"),
        BASE.replace("R1L2", "R1L1"),
        BASE.replace("R1L2", "L2"),
        BASE.replace("#5512[", "#5513["),
        BASE.replace("#5512|", "#0012|"),
        sia("NFA015", "[CDP]"),
        sia("NFA014", "[CSP]"),
        sia("NFA014", "[CDP][Ix]"),
        sia("NFA014"),
        sia("NFA014", "[CD][P]"),
        sia("NFA014", "[CDP3:abc]"),
    ],
)
def test_other_message_has_another_identity(body: str) -> None:
    assert identity(body).material != identity(BASE).material


def test_identity_has_one_reading_only() -> None:
    bodies = [
        sia("NFA01", blocks)
        for blocks in ("[I1:X][Ia]", "[I1:X4:][Ia]", "[I1:X2:Ia]", "[I1:X][Ia][Ib]", "[I1:X2:Ia2:Ib]")
    ]
    assert len({identity(body).material for body in bodies}) == len(bodies)


def encrypted(stamp: str, pad: bytes = PAD, data: str = "#5512|NFA014") -> bytes:
    return encode_frame(
        token="SIA-DCS",
        sequence="0007",
        receiver="1",
        line="2",
        account="5512",
        data=data,
        key=KEY,
        pad=pad,
        timestamp=stamp,
    )


def test_repeat_that_is_encrypted_anew_has_the_same_identity() -> None:
    keyed = account("5512", KEY)
    first, again = encrypted("07:05:09,03-04-2027"), encrypted("07:05:20,03-04-2027", bytes(31))
    assert first != again
    assert identity(first, keyed) == identity(again, keyed)


def test_window_is_the_objects_else_the_transmitters_else_the_default() -> None:
    short, long = account("5512", duplicate_window_us=7_000_000), account("0012", duplicate_window_us=9_000_000)
    carried = BASE.replace("#5512|", "#0012|")
    assert identity(BASE, short).window_us == 7_000_000
    assert identity(carried, short, long).window_us == 9_000_000
    assert identity(carried, short).window_us == 7_000_000
    assert identity(BASE, account("9")).window_us == 300_000_000


def test_window_of_an_encrypted_frame_outlasts_its_time_check() -> None:
    keyed, plain = account("5512", KEY, duplicate_window_us=90_000_000), account("0012", duplicate_window_us=1_000_000)
    assert identity(encrypted("07:05:09,03-04-2027", data="#0012|NFA014"), keyed, plain).window_us == 61_000_000
    assert identity(encrypted("07:05:09,03-04-2027"), keyed).window_us == 90_000_000


# -- who ------------------------------------------------------------------------------------------------------------


def test_object_and_transmitter_are_kept_apart() -> None:
    (signal,) = arrived('"SIA-DCS"0013L0#5512[#0012|NWA004]', account("5512"), account("0012")).signals
    assert (signal.account, signal.transmitter, signal.account_ref, signal.data_account, signal.disputed) == (
        "0012",
        "5512",
        "account-0012",
        "0012",
        False,
    )
    (signal,) = arrived('"SIA-DCS"0013L0#5512[#0012|NWA004]', account("5512"), account("0012", KEY)).signals
    assert (signal.account, signal.account_ref, signal.data_account, signal.disputed) == (
        "5512",
        "account-5512",
        "0012",
        True,
    )
    (signal,) = arrived('"SIA-DCS"0013L0#5512[#0012|NWA004]').signals
    assert (signal.account, signal.account_ref, signal.data_account, signal.disputed) == ("5512", None, "0012", False)


@pytest.mark.parametrize("body", ['"NULL"0000L0#5512[]', '"SIA-DCS"0001L0#5512[]', '"ACK"0001L0#5512[]'])
def test_only_an_accepted_event_is_stored(body: str) -> None:
    with pytest.raises(AssertionError):
        to_arrival(judged(body), peer="x", transport="tcp", received_at=NOW, config=1)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("[#5512|NriJaneDoe/BA53]", "partition"),
        ("[#5512|NpiJaneDoe/BA54]", "peripheral"),
        ("[#5512|NBA55][CJaneDoe]", "category"),
        ("[#JaneDoe|NBA56]", "data_account"),
    ],
)
def test_no_short_name_passes_for_a_machine_s_code(content: str, field: str) -> None:
    (signal,) = arrived(f'"SIA-DCS"0001L0#5512{content}').signals
    assert getattr(signal, field) is None
    assert "JaneDoe" not in repr(signal)


def test_a_user_glued_to_the_area_is_sealed() -> None:
    found = arrived('"SIA-DCS"0001L0#5512[#5512|Nri1id58117/BA51]')
    assert found.signals[0].partition == "1"
    assert "58117" not in repr(found.signals)
    assert found.seal_class == "intake"
