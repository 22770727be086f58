"""Scenario files and captured files: strict, bounded, and told apart by their place."""

from pathlib import Path

import pytest

from tocsin.model.errors import BadInput
from tocsin.panel.capture import Capture, parse_capture, read_capture
from tocsin.panel.fleet import Due, RawFrameDue
from tocsin.panel.messages import Message
from tocsin.panel.scenario import panels_of, parse_scenario, plan, read_scenario

EVENING = """
name = "An evening"

[[step]]
at = 10.0
panel = 1
code = "BA"
zone = "01"
area = "2"
text = "Back door"

[[step]]
at = 0.0
every = 5.0
until = 10.0
panel = "all"
token = "NULL"

[[step]]
at = 2
every = 1
count = 2
panel = [2]
token = "ADM-CID"
data = "#{account}|1131 01 {number}"
blocks = ["X009E10.5"]
fault = "bad-crc"
"""


def test_a_scenario_becomes_one_plan_a_panel_in_order_of_time():
    scenario = parse_scenario(EVENING)
    assert panels_of(scenario) == 2
    first, second = plan(scenario, ["5512", "5513"])
    null = [(0.0, 1), (5.0, 2)]
    assert first == [
        *(Due(at, Message(number, "NULL", "")) for at, number in null),
        Due(10.0, Message(3, "SIA-DCS", "#5512|Nri2/BA01^Back door^")),
        Due(10.0, Message(4, "NULL", "")),
    ]
    assert [(due.at_s, due.message.data, due.message.blocks) for due in second] == [
        (0.0, "", ()),
        (2.0, "#5513|1131 01 000002", ("X009E10.5",)),
        (3.0, "#5513|1131 01 000003", ("X009E10.5",)),
        (5.0, "", ()),
        (10.0, "", ()),
    ]
    assert [due.message.fault.name for due in second if due.message.fault] == ["bad-crc", "bad-crc"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[[step]]\ncoed = "BA"', "In step 1 there is no 'coed'; did you mean 'code'?"),
        ('[[steps]]\ncode = "BA"', "In the scenario there is no 'steps'; did you mean 'step'?"),
        ('[[step]]\ncode = "BA"\nfault = "bad-crk"', "There is no fault 'bad-crk'; did you mean 'bad-crc'?"),
        ('[[step]]\ncode = "BA"\nfault = "bad-crc=0.5"', "A fault in a scenario has no share"),
        ("name = 'empty'", "at least one"),
        ("this is not", "This is no TOML"),
        ("[[step]]\ncode = 5", "Expected `str | null`, got `int` - at `step[0].code`"),
        ('[[step]]\ncode = "BAA"', "step 1: a code has two capital letters"),
        ('[[step]]\ncode = "BA"\nzone = "Hall"', "step 1: zone has 1 to 8 digits"),
        ('[[step]]\ncode = "131"\nqualifier = "2"', "qualifier 1, 3 or 6"),
        ('[[step]]\ncode = "BA"\nat = -1', "In step 1, at must lie between"),
        ('[[step]]\ncode = "BA"\nevery = 1', "every needs either count or until"),
        ('[[step]]\ncode = "BA"\ncount = 3', "count and until belong to every"),
        ('[[step]]\ncode = "BA"\ndata = "x"', "either data or a code"),
        ('[[step]]\ntoken = "SIA-DCS"\ndata = "a]b"', "neither brackets nor line ends"),
        ("[[step]]\n" * 10_001, "at most 10000 steps"),
    ],
)
def test_a_bad_scenario_is_refused_with_its_place(text: str, sentence: str):
    with pytest.raises(BadInput) as caught:
        parse_scenario(text)
    assert sentence in str(caught.value)


def test_a_panel_that_is_not_there_is_named():
    with pytest.raises(BadInput, match="there is no panel 9; the run has 1 to 2"):
        plan(parse_scenario('[[step]]\ncode = "BA"\npanel = 9'), ["1", "2"])


def test_a_scenario_without_end_is_refused_before_it_fills_the_memory():
    scenario = parse_scenario('[[step]]\ncode = "BA"\nevery = 0.001\nuntil = 2000000')
    with pytest.raises(BadInput, match="more than 1000000 messages"):
        plan(scenario, ["1"])


def test_a_scenario_file_is_named_in_its_error(tmp_path: Path):
    path = tmp_path / "evening.toml"
    path.write_text('[[step]]\ncoed = "BA"')
    with pytest.raises(BadInput, match=r"^evening.toml: In step 1 .* \[panel.scenario\]$"):
        read_scenario(path)
    with pytest.raises(BadInput, match="cannot be read"):
        read_scenario(tmp_path / "none.toml")


# -- captured files --------------------------------------------------------------------------------------------------

FRAME = b'\n86530049"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room^]_07:05:09,03-04-2027\r'
NULL = b'\nE3A70013"NULL"0000L0#5512[]\r'
BINARY = bytes.fromhex("0AE3A730303133224E554C4C22303030304C3023353531325B5D0D")
ACK = b'\n326A0014"ACK"0007R1L2#5512[]\r'


def due(raw: bytes, number: int, at_s: float = 0.0) -> RawFrameDue:
    head = ("SIA-DCS", "0007", "1", "2") if raw == FRAME else ("NULL", "0000", None, "0")
    return RawFrameDue(at_s, number, raw, *head, "5512", is_encrypted=False)


def test_text_hex_and_json_lines_are_the_same_frames():
    lines = [
        b"# a comment",
        b"",
        FRAME.strip(),
        NULL.hex().encode(),
        BINARY.hex().upper().encode(),
        b'{"raw": "%s", "at": 1804143909000000}' % FRAME.hex().encode(),
        b'{"derived": {"raw": "%s"}, "at": "2027-03-04T07:05:19Z"}' % NULL.hex().encode(),
        ACK.strip(),
    ]
    expected = [due(FRAME, 1), due(NULL, 2), due(BINARY, 3), due(FRAME, 4), due(NULL, 5, 2.5)]
    assert parse_capture(lines, speed=4.0) == Capture({"5512": expected}, 5, 1)
    assert [one.is_poll for one in expected] == [False, True, True, False, True]


def test_a_broken_frame_is_kept_and_awaits_no_answer():
    broken = b'86540049"SIA-DCS"0007R1L2#5512[x]'
    (only,) = parse_capture([broken]).by_account[""]
    assert (only.raw, only.sequence) == (b"\n" + broken + b"\r", None)


@pytest.mark.parametrize(
    "line", [b"hello", b'{"raw": 5}', b'{"at": 5}', b"{", b'{"raw": "0A", "at": "yesterday"}', b'{"raw": "0G"}', b"[1]"]
)
def test_a_line_of_no_form_is_named(line: bytes):
    with pytest.raises(BadInput, match="Line 2"):
        parse_capture([FRAME.strip(), line])


def test_a_file_without_a_frame_is_refused(tmp_path: Path):
    path = tmp_path / "answers.txt"
    path.write_bytes(ACK.strip() + b"\n")
    with pytest.raises(BadInput, match=r"answers\.txt: There is no frame of a panel in it"):
        read_capture(path)
    with pytest.raises(BadInput, match="cannot be read"):
        read_capture(tmp_path)
