"""`tocsin frame`: hex or text in, sentences or JSON out, and the lines that a program exchanges with it."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from tocsin.cli import main
from tocsin.cli.frame import LINE_MAX, answer_lines
from tocsin.model.errors import BadInput
from tocsin.protocols.dc09.encode import encode_frame, parse_stamp, wrap
from tocsin.protocols.dc09.questions import read_frame, read_time

pytestmark = pytest.mark.slow  # whole processes, or long lists: not for `make quick`

TEXT = '86530049"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room^]_07:05:09,03-04-2027'
FRAME = b"\n" + TEXT.encode() + b"\r"
KEY = "00112233445566778899AABBCCDDEEFF"
COMMAND = [sys.executable, "-c", "from tocsin.cli import main; raise SystemExit(main())", "frame"]


def lines_for(*lines: bytes) -> list[dict[str, Any]]:
    sink = io.BytesIO()
    answer_lines(io.BytesIO(b"".join(lines)), sink)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def question(**fields: Any) -> bytes:
    return (
        json.dumps({"id": "1", "now": None, "accounts": None, "key": None, "raw": FRAME.hex()} | fields).encode()
        + b"\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\n{TEXT}\r",
        f"\\n{TEXT}\\r",
        f"  {TEXT}\r\n",
        f"<LF>{TEXT}<CR>",
        f"<lf> {TEXT} <cr><lf>",
        f"<0A>{TEXT}<0D>",
        f"\\x0a{TEXT}\\x0D\\x0A",
        f"\u240a{TEXT}\u240d",
        FRAME.hex(),
        FRAME.hex().upper(),
        "0x" + FRAME.hex(),
        FRAME.hex(" "),
        FRAME.hex(":"),
        f" {FRAME.hex()}\n",
    ],
)
def test_frame_is_read_from_hex_or_text(text: str) -> None:
    assert read_frame(text) == FRAME


@pytest.mark.parametrize("text", ["", "  ", "\\n\\r", "x" * 40_000])
def test_no_frame_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_frame(text)
    assert caught.value.code == "frame.input"


def test_bytes_of_the_command_line_that_are_no_utf_8_come_through() -> None:
    assert read_frame('"x\udcfc"') == b'\n"x\xfc"\r'


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-04T07:05:11Z",
        "2027-03-04t07:05:11z",
        "2027-03-04T07:05:11",
        "2027-03-04T08:05:11+01:00",
        "2027-03-04 07:05:11.000",
    ],
)
def test_time_is_read_in_iso_form(text: str) -> None:
    assert read_time(text, lambda: 0) == parse_stamp("07:05:11,03-04-2027")


@pytest.mark.parametrize("text", ["", "yesterday", "2027-13-04", "25:61"])
def test_no_time_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_time(text, lambda: 0)
    assert caught.value.code == "frame.time"


def test_person_gets_sentences(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["frame", TEXT.replace("8653", "8654")]) == 0
    out = capfdbinary.readouterr().out.decode()
    assert out.startswith("discarded, no answer: check sum is 8654, the body gives 8653")
    assert out.endswith("another check sum.\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"<LF>{TEXT}<CR>", "Read <LF> as LF (0A) and <CR> as CR (0D), as they are written out here."),
        (f"\\n{TEXT}\\r", "Read \\n as LF (0A) and \\r as CR (0D), as they are written out here."),
    ],
)
def test_line_ends_that_are_written_out_are_understood_and_told(
    text: str, said: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["frame", text]) == 0
    out = capfdbinary.readouterr().out.decode()
    assert out.startswith("accepted: ")
    assert out.endswith(f"\n{said}\n")
    assert main(["frame", "--json", text]) == 0
    assert json.loads(capfdbinary.readouterr().out)["outcome"] == "accepted"


def test_line_ends_that_are_not_written_out_are_not_spoken_of(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for text in (TEXT, f"\n{TEXT}\r", FRAME.hex()):
        assert main(["frame", text]) == 0
        assert "written out" not in capfdbinary.readouterr().out.decode()


def test_frame_whose_quotes_the_shell_took_gets_the_remedy(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["frame", TEXT.replace('"', "")]) == 0
    assert "put the frame in single quotes" in capfdbinary.readouterr().out.decode()


def test_program_gets_one_object(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["frame", "--json", "--account", "5512", "--now", "2027-03-04T07:05:11Z", TEXT]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert (told["id"], told["outcome"], told["reply"]["kind"]) == (None, "accepted", "ACK")


def test_key_of_an_account_is_used(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    secret = encode_frame(
        token="SIA-DCS",
        sequence="0010",
        receiver=None,
        line="0",
        account="5512",
        data="#5512|NFA014",
        timestamp="07:05:09,03-04-2027",
        key=bytes.fromhex(KEY),
        pad=bytes(31),
    ).hex()
    for arguments in (["--key", KEY], ["--account", f"5512={KEY}"], ["--account", "1", "--account", f"5512={KEY}"]):
        assert main(["frame", "--json", *arguments, secret]) == 0
        assert json.loads(capfdbinary.readouterr().out)["reply"]["kind"] == "*ACK"
    assert main(["frame", "--json", "--account", "5512", secret]) == 0
    assert json.loads(capfdbinary.readouterr().out)["reason"] == "decrypt"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--jsonl", TEXT],
        ["--jsonl", "--json"],
        ["--key", "short", TEXT],
        ["--now", "x", TEXT],
        ["--account", "a=", ""],
        ["--account", "a b", TEXT],
        ["--account", "=x", TEXT],
    ],
    ids=repr,
)
def test_wrong_use_is_a_sentence_and_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frame", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.endswith("]\n")
    assert "short" not in error


# -- JSON Lines ------------------------------------------------------------------------------------------------------


def test_example_of_the_page_is_answered_to_the_field() -> None:
    (told,) = lines_for(question(id="7", now="2027-03-04T07:05:11Z", accounts={"5512": None}))
    assert told == {
        "id": "7",
        "outcome": "accepted",
        "reason": None,
        "crc_format": "hex",
        "crc_ok": True,
        "length_ok": True,
        "encrypted": False,
        "token": "SIA-DCS",
        "seq": "0007",
        "receiver": "1",
        "line": "2",
        "account": "5512",
        "data": "#5512|Nri2/FA014^Boiler room^",
        "data_account": "5512",
        "xdata": [],
        "timestamp": "07:05:09,03-04-2027",
        "events": [
            {"format": "SIA", "block": "N", "code": "FA", "address": "014", "mods": {"ri": "2"}, "text": "Boiler room"}
        ],
        "reply": {"kind": "ACK", "raw": "0A33323641303031342241434B223030303752314C3223353531325B5D0D"},
    }


BAD = [
    b"\n",
    b"x\n",
    b"null\n",
    b"[]\n",
    b"{}\n",
    b'{"id":"a"}\n',
    b'{"id":"a","raw":5}\n',
    b'{"id":"a","raw":"0"}\n',
    b'{"id":"a","raw":"zz"}\n',
    b'{"id":"a","raw":"00","now":"soon"}\n',
    b'{"id":"a","raw":"00","now":5}\n',
    b'{"id":"a","raw":"00","key":"short"}\n',
    b'{"id":"a","raw":"00","accounts":{"1":"short"}}\n',
    b'{"id":"a","raw":"00","accounts":[]}\n',
    b'{"id":"\xff","raw":"00"}\n',
    b"\xff\xfe\n",
    b"[" * 50_000 + b"\n",
    b'{"id":"a","raw":"' + b"00" * LINE_MAX + b'"}\n',
    b"\0\n",
    json.dumps({"id": "a", "raw": "00", "accounts": {str(n): None for n in range(1001)}}).encode() + b"\n",
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: repr(bad[:40]))
def test_bad_line_is_answered_with_an_error_and_stops_nothing(bad: bytes) -> None:
    before, wrong, after = lines_for(question(id=1), bad, question(id=2))
    assert (before["id"], before["outcome"], after["id"], after["outcome"]) == (1, "accepted", 2, "accepted")
    assert set(wrong) == {"id", "error"}
    assert wrong["id"] == ("a" if b'"a"' in bad and len(bad) <= LINE_MAX else None)
    assert wrong["error"].endswith("]")
    assert "short" not in wrong["error"]


SPLITTING = "\x85\u2028\u2029"


def test_no_answer_holds_what_a_reader_could_take_for_the_end_of_a_line() -> None:
    body = wrap(f'"SIA-DCS"0001L0#5512[#5512|NFA1^a{SPLITTING}\r\nb^]'.encode(), "hex")
    asked = b'{"id":{"a":\r"%b"},"raw":"%b"}\n' % (SPLITTING.encode(), body.hex().encode())
    sink = io.BytesIO()
    answer_lines(io.BytesIO(asked + b'{"id":[1,\r"%b"],"raw":"x"}\n' % SPLITTING.encode()), sink)
    written = sink.getvalue().decode("utf-8").splitlines()
    assert len(written) == 2
    told, wrong = (json.loads(line) for line in written)
    assert told["events"][0]["text"] == f"a{SPLITTING}\r\nb"
    assert (told["id"], wrong["id"]) == ({"a": SPLITTING}, [1, SPLITTING])
    assert "error" in wrong


def test_lower_case_z_in_now_is_utc() -> None:
    (told,) = lines_for(question(now="2027-03-04T07:05:11z"))
    assert told["outcome"] == "accepted"


def test_every_line_has_one_answer_in_order() -> None:
    told = lines_for(*[question(id=number) if number % 3 else b"bad\n" for number in range(200)])
    assert [line["id"] for line in told] == [number if number % 3 else None for number in range(200)]


def test_last_line_may_lack_its_end_and_lines_may_end_with_cr() -> None:
    assert [line["id"] for line in lines_for(question(id=1).rstrip() + b"\r\n", question(id=2).rstrip())] == [1, 2]


def test_id_comes_back_as_it_was() -> None:
    for written in (b'"\xc3\xa4\\u00e4"', b"12345678901234567890123", b"1.50", b'{"a": [1]}', b"null", b"true"):
        sink = io.BytesIO()
        answer_lines(io.BytesIO(b'{"raw":"00","id":' + written + b"}\n"), sink)
        assert sink.getvalue().startswith(b'{"id":' + written + b",")


def test_fields_that_are_not_known_are_left_alone() -> None:
    assert lines_for(question(more=1))[0]["outcome"] == "accepted"


def test_missing_fields_mean_null() -> None:
    assert lines_for(b'{"raw":"%b"}\n' % FRAME.hex().encode())[0]["outcome"] == "accepted"


def test_one_line_is_answered_before_the_next_is_written() -> None:
    with subprocess.Popen([*COMMAND, "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(question(id=number))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(10) == 0


def test_output_is_utf_8_whatever_the_locale() -> None:
    body = encode_frame(
        token="SIA-DCS", sequence="0001", receiver=None, line="0", account="5512", data="#5512|NFA1^Küche €^"
    )
    environment = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for more in ([body.hex()], ["--json", body.hex()]):
        done = subprocess.run([*COMMAND, *more], capture_output=True, env=environment, check=True, timeout=20)
        assert "Küche €" in done.stdout.decode("utf-8")


def test_help_needs_no_codec() -> None:
    script = (
        "import sys, tocsin.cli.frame; "
        "sys.exit(any(name in sys.modules for name in ('cryptography', 'fastcrc', 'tocsin.protocols.dc09.judge')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=20).returncode == 0
