"""The frame doctor over HTTP: what the command says, byte for byte; keys stay where they are; openings are facts."""

import itertools
import json
import subprocess
import sys
import time

import pytest

from support.centres import KEY, wait_for
from support.desks import desks
from support.in_process import frame

COUNT = itertools.count(1)
COMMAND = [sys.executable, "-c", "from tocsin.cli import main; raise SystemExit(main())", "frame"]
TEXT = '86530049"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^Boiler room^]_07:05:09,03-04-2027'
OTHER = bytes(range(100, 116))


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("office") / "centre") as made:
        ana = made.person("Ana", ("supervisor", "integrator"))
        for account, zone in (("7001", None), ("7002", "Europe/Vienna")):
            body = {"account": account, "panel_time_zone": zone, "late_max_s": 100, "duplicate_window_s": 300}
            key = {"act": "set", "value": KEY.hex(), "form": "hex"}
            assert ana.ask("POST", "/api/v1/accounts", body | {"key": key}).status == 201
        yield made


@pytest.fixture(scope="module")
def ana(office):
    return office.person("Ana", ("supervisor", "integrator", "auditor"))


def explain(person, text, **fields):
    text = text.hex() if isinstance(text, bytes) else text
    reply = person.ask("POST", "/api/v1/frame", {"text": text, **fields})
    assert reply.status == 200, reply.text
    return reply.json


def printed(*words, lines=None):
    done = subprocess.run([*COMMAND, *words], input=lines, capture_output=True, check=True)
    return done.stdout


def now_us(ana):
    return ana.get("/session")["now"]


def reads(ana, what):
    """Facts of reading, oldest first: actor, ref and body."""
    items = ana.get("/journal?kind=vault.read&limit=200")["items"]
    return [(one["actor"], one["ref"], one["body"]) for one in reversed(items) if one["body"]["what"] == what]


# The same as the command ---------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"<LF>{TEXT}<CR>",
        TEXT.replace("8653", "8654"),
        TEXT.replace("#5512[", "[", 1),
        frame("1001", 1, at=1_800_000_000_000_000).hex(),
        "SR0001L0001 054321XX    [ID00000001]",
        '0101003E"SIA-DCS"0007R1L2#5512[#5512|Nri2/FA014^<b onclick=x>&amp;\u202e\x07^]',
    ],
    ids=["good", "line ends written out", "check sum", "header", "hex", "other protocol", "markup"],
)
def test_page_says_what_the_command_says_byte_for_byte(ana, text):
    told = explain(ana, text)
    assert printed("--", text).decode() == told["words"] + "\n"
    command = json.loads(printed("--json", "--", text))
    assert json.dumps(told["explanation"]) == json.dumps(command)


@pytest.mark.slow
def test_encrypted_frame_with_a_typed_key_is_explained_as_by_the_command(ana):
    raw = frame("7", 1, key=KEY, at=1_800_000_000_000_000)
    told = explain(ana, raw, key=KEY.hex())
    command = json.loads(printed("--json", "--key", KEY.hex(), raw.hex()))
    for one in (told["explanation"], command):
        assert one["reply"].pop("raw"), "its pad is random"
    assert told["explanation"] == command


# Part by part --------------------------------------------------------------------------------------------------------


def test_parts_stand_in_the_order_of_the_bytes_and_say_what_is_wrong(ana):
    told = explain(ana, TEXT.replace("8653", "8654"))
    parts = {part["name"]: part for part in told["fields"]}
    assert [part["name"] for part in told["fields"]] == [
        "start", "crc", "length", "token", "sequence", "receiver", "line", "account", "data", "timestamp", "end",
    ]  # fmt: skip
    assert parts["crc"]["state"] == "wrong"
    assert parts["crc"]["words"] == "as sent 8654, the body gives 8653; as four hex digits"
    raw = bytes.fromhex(told["raw"])
    assert raw[parts["account"]["begin"] : parts["account"]["end"]] == b"#5512"
    assert [part["begin"] for part in told["fields"]] == [0] + [part["end"] for part in told["fields"][:-1]]


def test_remedy_is_one_sentence_and_a_binary_check_sum_needs_none(ana):
    assert explain(ana, frame("1001", 1, crc_form="binary"))["remedy"] == (
        "The panel sends the check sum as two bytes: nothing to do, Tocsin answers alike."
    )
    swapped = TEXT.replace("8653", "5386")
    assert explain(ana, swapped)["remedy"] == (
        "Look at the two halves of the check sum are exchanged: the high byte comes first."
    )
    assert explain(ana, TEXT)["remedy"] is None


# What if -------------------------------------------------------------------------------------------------------------


def test_other_time_and_other_window_change_the_verdict_and_nothing_else(ana, office):
    at = 1_800_000_000_000_000
    raw = frame("7", 1, key=KEY, at=at)
    late = at + 90_000_000
    assert explain(ana, raw, key=KEY.hex(), now=at)["explanation"]["outcome"] == "accepted"
    told = explain(ana, raw, key=KEY.hex(), now=late)
    assert (told["explanation"]["outcome"], told["explanation"]["reason"]) == ("refused", "time")
    assert "40 s late and 20 s early are allowed" in told["words"]
    assert explain(ana, raw, key=KEY.hex(), now=late, late_max_s=90)["explanation"]["outcome"] == "accepted"
    assert explain(ana, raw, key=KEY.hex(), now=late, late_max_s=-1)["explanation"]["outcome"] == "accepted"


def test_other_key_is_another_sentence_than_no_key(ana):
    raw = frame("7", 1, key=KEY)
    none = explain(ana, raw, known="centre")
    wrong = explain(ana, raw, key=OTHER.hex())
    assert {none["explanation"]["reason"], wrong["explanation"]["reason"]} == {"decrypt"}
    assert "is not known here, so there is no key" in none["words"]
    assert "with this key it gives noise" in wrong["words"]
    assert none["remedy"] != wrong["remedy"]


def test_window_out_of_range_is_refused(ana):
    for name in ("late_max_s", "early_max_s"):
        for value in (-2, 86_401):
            reply = ana.ask("POST", "/api/v1/frame", {"text": TEXT, name: value})
            assert (reply.status, reply.json["code"]) == (400, "frame.input")


# By this centre's accounts -------------------------------------------------------------------------------------------


def test_account_of_the_centre_is_used_by_its_number_and_its_key_is_never_shown(ana):
    raw = frame("7001", 1, key=KEY, data="#7001|Nri1/BA01^SECRET NAME^")
    before = len(reads(ana, "frame"))
    told = explain(ana, raw, known="centre", now=now_us(ana))
    assert told["explanation"]["outcome"] == "accepted"
    assert told["explanation"]["events"][0]["text"] == "SECRET NAME"
    assert KEY.hex() not in json.dumps(told).lower()
    actor, ref, body = reads(ana, "frame")[-1]
    assert (actor, body) == (ana.id, {"count": 1, "reason": "fault_finding", "what": "frame"})
    assert ref == ana.get("/accounts?number=7001")["items"][0]["id"]
    explain(ana, raw, key=KEY.hex())
    explain(ana, frame("1001", 1), known="centre")
    assert len(reads(ana, "frame")) == before + 1, "a typed key and a frame in clear open nothing of the centre's"


def test_account_of_the_centre_is_judged_by_its_own_window_and_time_zone(ana):
    from tocsin.protocols.dc09.stamps import format_stamp, parse_stamp, to_utc

    now = now_us(ana)
    old = frame("7001", 1, key=KEY, at=now - 90_000_000)
    assert explain(ana, old, known="centre", now=now)["explanation"]["outcome"] == "accepted"
    offset = to_utc(parse_stamp(format_stamp(now)), "Europe/Vienna", now)
    local = frame("7002", 1, key=KEY, at=now + (now - offset))
    assert explain(ana, local, known="centre", now=now)["explanation"]["outcome"] == "accepted"


def test_frame_in_clear_of_an_account_with_a_key_and_one_of_an_unknown_number_are_told(ana):
    told = explain(ana, frame("7001", 1), known="centre")
    assert (told["explanation"]["outcome"], told["explanation"]["reason"]) == ("discarded", "downgrade")
    told = explain(ana, frame("07001", 1), known="centre")
    assert "leading zeros count: 07001 was sent, 7001 is set up" in told["words"]


def test_typed_key_is_tried_in_place_of_the_accounts_and_stored_nowhere(ana, office):
    raw = frame("7001", 1, key=OTHER)
    assert explain(ana, raw, known="centre")["explanation"]["reason"] == "decrypt"
    assert explain(ana, raw, known="centre", key=OTHER.hex())["explanation"]["outcome"] == "accepted"
    folder = office.centre.settings.folder
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert OTHER not in data
    assert OTHER.hex().encode() not in data


# Hostile -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "00" * 16_000,
        "\n" * 32_000,
        "[" * 32_000,
        '"SIA-DCS"' * 3_000,
        '\n00000000"SIA-DCS"0007#1[' + "[x]" * 10_000,
        "\ud800 lone surrogate",
        "\u202e\u2066</script><img src=x onerror=alert(1)>",
        "é" * 32_768,
    ],
    ids=["zeros", "line feeds", "brackets", "tokens", "blocks", "surrogate", "markup", "long"],
)
def test_whatever_is_pasted_is_answered_in_time_as_text(ana, text):
    begun_s = time.monotonic()
    reply = ana.ask("POST", "/api/v1/frame", {"text": text})
    assert time.monotonic() - begun_s < 3
    assert reply.status in (200, 400), reply.text
    assert reply.headers["content-type"] in ("application/json", "application/problem+json")
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_too_long_a_text_and_no_key_are_refused_with_their_limits(ana):
    reply = ana.ask("POST", "/api/v1/frame", {"text": "x" * 32_769})
    assert (reply.status, reply.json["code"]) == (400, "request.invalid")
    reply = ana.ask("POST", "/api/v1/frame", {"text": TEXT, "key": "secret key"})
    assert (reply.status, reply.json["code"]) == (400, "dc09.key")
    assert "secret" not in reply.text
    reply = ana.ask("POST", "/api/v1/frame", {"text": "x" * 300_000})
    assert reply.status == 413


# Rejected frames -----------------------------------------------------------------------------------------------------


def rejected(ana, account):
    return next((row for row in ana.get("/rejected-frames")["items"] if row["account"] == account), None)


def test_rejected_frame_is_listed_without_content_and_opened_with_a_coded_reason_that_is_a_fact(office, ana):
    raw = frame("7001", next(COUNT), data="#7001|NBA01^SEALED NAME^")
    assert office.centre.send(raw, answers=0) == []
    row = wait_for(lambda: rejected(ana, "7001"))
    assert (row["outcome"], row["reason"], row["is_kept"]) == ("discarded", "downgrade", True)
    listing = ana.ask("GET", "/api/v1/rejected-frames").text
    assert "SEALED" not in listing
    assert "127.0.0.1" not in listing

    reply = ana.ask("POST", "/api/v1/rejected-frames/open", {"ids": [row["id"]], "reason": "complaint"})
    (opened,) = reply.json["items"]
    assert (opened["id"], opened["raw"]) == (row["id"], raw.hex())
    assert opened["peer"].startswith("127.0.0.1:")
    assert reads(ana, "rejected_frames")[-1] == (
        ana.id, None, {"count": 1, "reason": "complaint", "what": "rejected_frames"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {"ids": [1], "reason": "because of Mr X"},
        {"ids": [1]},
        {"ids": [], "reason": "audit"},
        {"ids": list(range(201)), "reason": "audit"},
        {"ids": ["one"], "reason": "audit"},
        {"ids": [1], "reason": "audit", "all": True},
    ],
)
def test_frames_are_opened_by_number_and_for_coded_reasons_alone(ana, body):
    reply = ana.ask("POST", "/api/v1/rejected-frames/open", body)
    assert (reply.status, reply.json["code"]) == (400, "request.invalid")
    assert "Mr X" not in reply.text


def test_opening_is_a_right_of_its_own(office, ana):
    operator = office.person("Op", ("operator",))
    assert operator.ask("GET", "/api/v1/rejected-frames").status == 200
    reply = operator.ask("POST", "/api/v1/rejected-frames/open", {"ids": [1], "reason": "audit"})
    assert (reply.status, reply.json["code"]) == (403, "access.forbidden")
