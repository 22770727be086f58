"""`tocsin panel` as a person or a program calls it."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_receiver import SmallReceiver, serving

from tocsin.cli import main
from tocsin.cli.panel import is_near

pytestmark = pytest.mark.slow  # whole processes, or long lists: not for `make quick`

KEY = "00112233445566778899AABBCCDDEEFF"


@contextlib.contextmanager
def beside(owner: SmallReceiver) -> Iterator[SmallReceiver]:
    """Run the receiver in a thread of its own, since the command has its own loop."""
    import asyncio

    told: queue.Queue[Callable[[], None]] = queue.Queue()

    async def serve() -> None:
        end = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with serving(owner):
            told.put(lambda: loop.call_soon_threadsafe(end.set))
            await end.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    stop = told.get(timeout=20)
    try:
        yield owner
    finally:
        stop()
        thread.join(timeout=20)


def panel(*words: str, port: int = 1) -> int:
    return main(["panel", *words, "--port", str(port)])


def test_one_signal_and_a_sentence_for_a_person(capfd: pytest.CaptureFixture[str]):
    with beside(SmallReceiver()) as owner:
        assert panel("send", "--account", "5512", "--code", "BA", "--zone", "01", port=owner.port) == 0
    assert "Sent 1, acknowledged 1, never acknowledged 0." in capfd.readouterr().out
    assert [(one.account, one.token, one.content) for one in owner.acked] == [("5512", "SIA-DCS", b"#5512|NBA01")]


def test_json_for_a_program_and_the_lists_beside_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    acked, unacked = tmp_path / "acked.jsonl", tmp_path / "unacked.jsonl"
    owner = SmallReceiver(behave=lambda heard, count: "duh" if heard.account == "0009" else "ack")
    words = ["--account", "0008", "--panels", "3", "--count", "2", "--code", "131", "--unique", "--json"]
    with beside(owner):
        status = panel("send", *words, "--acked", str(acked), "--unacked", str(unacked), port=owner.port)
    captured = capfd.readouterr()
    report = json.loads(captured.out)
    assert (status, captured.err) == (1, "")
    assert (report["ok"], report["sent"], report["acked"], report["duh"], report["never"]) == (False, 6, 4, 2, 2)
    lines = [json.loads(line) for line in acked.read_text().splitlines()]
    assert sorted((line["account"], line["sequence"], line["data"]) for line in lines) == [
        ("0008", "0001", "#0008|1131 00 001"),
        ("0008", "0002", "#0008|1131 00 002"),
        ("0010", "0001", "#0010|1131 00 001"),
        ("0010", "0002", "#0010|1131 00 002"),
    ]
    missed = [json.loads(line) for line in unacked.read_text().splitlines()]
    assert missed == report["unacked"]
    assert {(line["account"], line["answer"]) for line in missed} == {("0009", "DUH")}


@pytest.mark.parametrize("form", ["hex", "text"])
def test_keys_in_both_forms_and_from_a_file(form: str, tmp_path: Path):
    text = KEY if form == "hex" else "0123456789abcdef"
    secret = bytes.fromhex(KEY) if form == "hex" else text.encode()
    file = tmp_path / "key"
    file.write_text(text + "\n")
    with beside(SmallReceiver(keys={"5512": secret})) as owner:
        words = ("send", "--account", "5512", "--code", "BA")
        assert panel(*words, "--key", text, "--key-form", form, port=owner.port) == 0
        assert panel(*words, "--key-file", str(file), "--pad", "short", "--lower-hex", port=owner.port) == 0
    assert [(one.encrypted, one.content) for one in owner.acked] == [(True, b"#5512|NBA")] * 2


@pytest.mark.parametrize("pad", ["short", "long", "bare-null"])
@pytest.mark.parametrize("crc", ["hex", "binary"])
def test_a_null_in_every_style_is_acknowledged(pad: str, crc: str):
    with beside(SmallReceiver(keys={"5512": bytes.fromhex(KEY)})) as owner:
        words = ("send", "--account", "5512", "--key", KEY, "--pad", pad, "--crc", crc)
        assert panel(*words, port=owner.port) == 0
    assert [(one.token, one.sequence, one.content) for one in owner.acked] == [("NULL", "0000", b"")]


def test_header_options_reach_the_wire():
    with beside(SmallReceiver()) as owner:
        words = ("send", "--account", "5512", "--code", "BA", "--no-stamp", "--first", "9999")
        assert panel(*words, "--receiver", "1", "--line", "2F", port=owner.port) == 0
        assert panel(*words, "--line", "", port=owner.port) == 0
        assert panel(*words, "--no-line", "--block", "X009E10.5", "--block", "TF", port=owner.port) == 0
    assert [one.raw[9:-1] for one in owner.acked] == [
        b'"SIA-DCS"9999R1L2F#5512[#5512|NBA]',
        b'"SIA-DCS"9999L#5512[#5512|NBA]',
        b'"SIA-DCS"9999#5512[#5512|NBA][X009E10.5][TF]',
    ]


def test_a_storm_comes_from_many_panels():
    with beside(SmallReceiver()) as owner:
        assert panel("storm", "--panels", "50", "--within", "0.1", "--prepare", port=owner.port) == 0
    assert sorted(one.account for one in owner.acked) == [str(account) for account in range(1000, 1050)]
    assert owner.connections == 50


def test_a_scenario_is_sent(tmp_path: Path):
    file = tmp_path / "evening.toml"
    file.write_text('panels = 2\n[[step]]\npanel = 2\ncode = "FA"\nzone = "014"\n[[step]]\nat = 0.1\ncode = "CL"\n')
    with beside(SmallReceiver()) as owner:
        assert panel("send", "--scenario", str(file), "--account", "5512", port=owner.port) == 0
    assert sorted((one.account, one.sequence, one.content) for one in owner.acked) == [
        ("5512", "0001", b"#5512|NCL"),
        ("5513", "0001", b"#5513|NFA014"),
        ("5513", "0002", b"#5513|NCL"),
    ]


def test_a_capture_is_sent_again_byte_for_byte(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    frame = b'\n86530049"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room^]_07:05:09,03-04-2027\r'
    broken = b"0000" + frame[5:-1]
    sealed = (
        b'68EE0076"*SIA-DCS"0010L0#5514[4159BB9EE369F493CE3E0D1C6914393410913EB8BB7004252B27842316C0D3DE'
        b"13DB8D4542F486CB7FFBDD713791893C"
    )
    del sealed
    file = tmp_path / "monday.txt"
    file.write_bytes(frame.strip() + b"\n" + broken + b'\nE3A70013"NULL"0000L0#5512[]\n326A0014"ACK"0007R1L2#5512[]\n')
    acked = tmp_path / "acked.jsonl"
    with beside(SmallReceiver()) as owner:
        assert panel("replay", str(file), "--acked", str(acked), port=owner.port) == 0
    assert "1 answers of a receiver" in capfd.readouterr().err
    assert [one.raw for one in owner.acked] == [frame, b'\nE3A70013"NULL"0000L0#5512[]\r']
    assert owner.broken == ["crc"]
    (line,) = [json.loads(line) for line in acked.read_text().splitlines()]
    assert (line["account"], line["sequence"], line["token"]) == ("5512", "0007", "SIA-DCS")


def test_an_encrypted_capture_is_judged_by_its_head_where_there_is_no_key(tmp_path: Path):
    frame = (
        '68EE0076"*SIA-DCS"0010L0#5512[4159BB9EE369F493CE3E0D1C6914393410913EB8BB7004252B27842316C0D3DE'
        "13DB8D4542F486CB7FFBDD713791893C"
    )
    file = tmp_path / "sealed.txt"
    file.write_text(frame)
    with beside(SmallReceiver(keys={"5512": bytes.fromhex(KEY)})) as owner:
        assert panel("replay", str(file), port=owner.port) == 0
        assert panel("replay", str(file), "--key", KEY, port=owner.port) == 0
    assert [one.content for one in owner.acked] == [b"#5512|Nri2/FA014"] * 2


def test_nothing_acknowledged_is_status_1(capfd: pytest.CaptureFixture[str]):
    assert panel("send", "--code", "BA", "--tries", "1") == 1
    out = capfd.readouterr().out
    assert "Sent 1, acknowledged 0, never acknowledged 1." in out
    assert "refused 1" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("send", "--code", "BAA"), "two capital letters"),
        (("send", "--account", "99", "--panels", "2", "--code", "BA"), "no room for 2 accounts"),
        (("send", "--key", "0011", "--code", "BA"), "as text it needs 16"),
        (("send", "--code", "BA", "--fault", "bad-crk"), "did you mean 'bad-crc'?"),
        (("send", "--code", "BA", "--fault", "wrong-key"), "needs panels with a key"),
        (("send", "--code", "BA", "--transport", "udp", "--fault", "split"), "needs a stream"),
        (("send", "--code", "BA", "--local-time", "Vienna"), "no time zone 'Vienna'"),
        (("send", "--code", "BA", "--insecure"), "need --transport tls"),
        (("send", "--code", "BA", "--transport", "tls", "--ca", "/none"), "certificate file cannot be read"),
        (("send", "--code", "BA", "--rate", "0"), "rate: must lie between"),
        (("send", "--scenario", "/none"), "cannot be read"),
        (("replay", "/none"), "cannot be read"),
        (("send", "--code", "BA", "--acked", "/none/acked"), "cannot be written"),
        (("send", "--code", "BA", "--key", KEY, "--key-file", "x"), "either --key or --key-file"),
        (("storm", "--panels", "0"), "--panels"),
        (("strom",), "strom"),
        (("storm", "--host", "93.184.216.34", "--panels", "101"), "not a test bench"),
        (("send", "--host", "no-such-host.invalid", "--count", "200", "--code", "BA"), "has no address"),
    ],
)
def test_wrong_use_is_status_2_and_one_sentence(
    words: tuple[str, ...], sentence: str, capfd: pytest.CaptureFixture[str]
):
    assert panel(*words) == 2
    captured = capfd.readouterr()
    assert sentence in " ".join(captured.err.split())
    assert captured.out == ""
    assert KEY not in captured.err
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(
    ("host", "near"),
    [("127.0.0.1", True), ("::1", True), ("10.1.2.3", True), ("192.168.0.7", True), ("93.184.216.34", False)],
)
def test_a_bench_is_this_machine_or_a_private_network(host: str, near: bool):
    assert is_near(host, 10000) is near


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process alone")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_with_the_report_and_the_lists(number: signal.Signals, tmp_path: Path):
    acked = tmp_path / "acked.jsonl"
    heard = threading.Event()

    def behave(one: object, count: int) -> str:
        if count >= 20:
            heard.set()
        return "ack"

    with beside(SmallReceiver(behave=behave)) as owner:
        words = ["panel", "send", "--port", str(owner.port), "--code", "BA", "--unique", "--count", "100000"]
        words += ["--rate", "200", "--json", "--acked", str(acked)]
        process = subprocess.Popen(
            [sys.executable, "-c", "import sys; from tocsin.cli import main; sys.exit(main())", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert heard.wait(30)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    report = json.loads(out)
    assert err == b""
    assert report["interrupted"] is True
    assert report["acked"] >= 20
    assert report["acked"] == len(acked.read_text().splitlines())
    assert report["sent"] == report["acked"] + report["never"]
    assert process.returncode == (0 if report["ok"] else 1)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 does not exist there")
def test_a_killed_run_keeps_what_it_knew(tmp_path: Path):
    acked = tmp_path / "acked.jsonl"
    heard = threading.Event()

    def behave(one: object, count: int) -> str:
        if count >= 500:
            heard.set()
        return "ack"

    with beside(SmallReceiver(behave=behave)) as owner:
        words = ["panel", "send", "--port", str(owner.port), "--code", "BA", "--unique", "--count", "1000000"]
        process = subprocess.Popen(
            [sys.executable, "-c", "import sys; from tocsin.cli import main; sys.exit(main())", *words,
             "--panels", "5", "--acked", str(acked)],
        )  # fmt: skip
        assert heard.wait(30)
        process.kill()
        process.wait(30)
    lines = acked.read_text().splitlines()
    stored = {(one.account, one.sequence, (one.content or b"").decode()) for one in owner.acked}
    listed = [json.loads(line) for line in lines]
    assert len(listed) >= 490
    assert {(line["account"], line["sequence"], line["data"]) for line in listed} <= stored
