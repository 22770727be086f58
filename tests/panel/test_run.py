"""The simulator against a small real receiver: real sockets on 127.0.0.1."""

import asyncio
import datetime
import ssl
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from small_receiver import Heard, SmallReceiver, serving

from tocsin.model.errors import BadInput
from tocsin.panel import (
    FAULT_MODES,
    FileLedger,
    Fleet,
    ListLedger,
    Manner,
    Panel,
    Recipe,
    Report,
    Run,
    Target,
    check_recipe,
    parse_fault,
    rising_accounts,
    run_fleet,
)

pytestmark = pytest.mark.slow  # whole processes, or long lists: not for `make quick`

KEY = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
BA = check_recipe(Recipe(code="BA", is_unique=True), "test")
PATIENT = Manner(wait_s=10.0, tries=3, retry_s=0.05)
QUICK = Manner(wait_s=0.15, tries=2, retry_s=0.05)
"""For receivers that answer nothing; where one answers, a busy machine may be slower than this."""


def fleet(count: int = 3, panels: int = 2, *, key: bytes | None = None, **more: object) -> Fleet:
    accounts = rising_accounts("5512", panels)
    made = tuple(Panel(account=account, key=key) for account in accounts)
    return Fleet(**{"panels": made, "recipe": BA, "count": count, "manner": PATIENT, **more})


def receiver(key: bytes | None = None, **more: object) -> SmallReceiver:
    keys = {} if key is None else dict.fromkeys(rising_accounts("5512", 50), key)
    return SmallReceiver(keys=keys, **more)


async def send(owner: SmallReceiver, what: Fleet, *, udp: bool = False, ledger: ListLedger | None = None) -> Report:
    async with serving(owner, udp=udp):
        target = Target(host="127.0.0.1", port=owner.port, transport="udp" if udp else "tcp")
        return await run_fleet(what, target, ledger=ledger)


async def until(has_happened: Callable[[], bool]) -> None:
    """Wait for something that the run does by itself; a test that waits in vain fails by its own time limit."""
    for _ in range(4000):
        if has_happened():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never happened")


def contents(heard: list[Heard]) -> set[bytes]:
    return {one.content for one in heard if one.content is not None}


EXPECTED = {f"#{account}|NBA{n:06d}^n {n:06d}^".encode() for account in (5512, 5513) for n in (1, 2, 3)}


@pytest.mark.parametrize("udp", [False, True], ids=["tcp", "udp"])
@pytest.mark.parametrize("key", [None, KEY, KEY * 2], ids=["clear", "AES-128", "AES-256"])
def test_everything_sent_is_acknowledged_and_listed(key: bytes | None, udp: bool):
    owner, ledger = receiver(key), ListLedger()
    report = asyncio.run(send(owner, fleet(key=key), udp=udp, ledger=ledger))
    assert (report.ok, report.sent, report.acked, report.transmissions, report.never) == (True, 6, 6, 6, 0)
    assert contents(owner.acked) == EXPECTED
    assert {line.data.encode() for line in ledger.acked_lines} == EXPECTED
    assert report.latency_ms.p50 is not None
    assert 0 < report.latency_ms.p50 <= (report.latency_ms.max or 0) < 5000
    for line in ledger.acked_lines:
        assert line.sent_at is not None
        assert line.acked_at is not None
        assert 0 < line.acked_at - line.sent_at < 5_000_000


@pytest.mark.parametrize("panels", [1, 3])
def test_a_connection_for_each_message_is_a_new_one_each_time(panels: int):
    owner = receiver()
    what = fleet(panels=panels, manner=msgspec.structs.replace(PATIENT, keep_open=False))
    report = asyncio.run(send(owner, what))
    assert (report.acked, report.connections, owner.connections, report.connections_lost) == (
        3 * panels,
        3 * panels,
        3 * panels,
        0,
    )


def test_prepared_frames_arrive_like_any_other():
    async def main() -> tuple[SmallReceiver, Report]:
        owner = receiver(KEY)
        async with serving(owner):
            return owner, await run_fleet(fleet(key=KEY), Target(host="127.0.0.1", port=owner.port), prepare=True)

    owner, report = asyncio.run(main())
    assert (report.ok, contents(owner.acked)) == (True, EXPECTED)


# -- bad receivers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "counter", "value"),
    [
        ("silence", "none", 4),
        ("duh", "duh", 2),
        ("nak", "nak", 4),
        ("wrong-sequence", "wrong", 4),
        ("wrong-account", "wrong", 4),
        ("wrong-receiver", "wrong", 4),
        ("close", "connections_lost", 4),
    ],
)
def test_each_bad_answer_is_counted_and_the_message_never_acknowledged(kind: str, counter: str, value: int):
    owner, ledger = receiver(behave=lambda heard, count: kind), ListLedger()
    report = asyncio.run(send(owner, fleet(count=1, manner=QUICK), ledger=ledger))
    assert getattr(report, counter) == value
    assert (report.ok, report.acked, report.never, len(ledger.unacked_lines)) == (False, 0, 2, 2)
    assert report.unacked == ledger.unacked_lines


def test_a_clear_ack_to_an_encrypted_message_is_wrong():
    owner = receiver(KEY, behave=lambda heard, count: "clear")
    report = asyncio.run(send(owner, fleet(count=1, key=KEY, manner=QUICK)))
    assert (report.ok, report.acked, report.wrong) == (False, 0, 4)


def test_a_lost_answer_is_asked_for_again():
    owner = receiver(behave=lambda heard, count: "silence" if count == 0 else "ack")
    report = asyncio.run(send(owner, fleet(count=2, panels=1, manner=Manner(wait_s=0.5))))
    assert (report.ok, report.none, report.acked, report.transmissions) == (True, 1, 2, 3)


def test_no_receiver_at_all_is_a_connection_failure_and_ends():
    report = asyncio.run(run_fleet(fleet(count=1, manner=QUICK), Target(host="127.0.0.1", port=1)))
    assert (report.ok, report.sent, report.never, report.failures) == (
        False,
        2,
        2,
        {"refused": report.connection_failures},
    )
    assert report.connection_failures >= 4


def test_a_host_without_an_address_is_named():
    with pytest.raises(BadInput, match=r"has no address.*\[panel.host\]"):
        asyncio.run(run_fleet(fleet(), Target(host="no-such-host.invalid", port=1)))


def test_panels_come_back_to_a_receiver_that_was_away():
    async def main() -> tuple[Report, set[bytes]]:
        owner = receiver()
        patient = Manner(wait_s=1.0, tries=1000, retry_s=0.02)
        async with serving(owner):
            run = Run(
                fleet(count=40, panels=5, rate_per_s=400.0, manner=patient), Target(host="127.0.0.1", port=owner.port)
            )
            work = asyncio.create_task(run.run())
            await until(lambda: len(owner.acked) >= 50)
        await asyncio.sleep(0.1)
        second = receiver()
        async with serving(second, port=owner.port):
            report = await asyncio.wait_for(work, 20)
        return report, contents(owner.acked) | contents(second.acked)

    report, stored = asyncio.run(main())
    assert (report.ok, report.sent, report.acked) == (True, 200, 200)
    assert len(stored) == 200
    assert report.connections_lost >= 5


def test_mass_reconnect_drops_all_and_loses_nothing():
    async def main() -> tuple[Report, SmallReceiver]:
        owner = receiver()
        async with serving(owner):
            what = fleet(count=30, panels=10, rate_per_s=1000.0, manner=Manner(wait_s=1.0, tries=20, retry_s=30.0))
            target = Target(host="127.0.0.1", port=owner.port)
            report = await asyncio.wait_for(run_fleet(what, target, reconnect_every_s=0.1), 20)
        return report, owner

    report, owner = asyncio.run(main())
    assert (report.ok, report.acked, report.connections_lost) == (True, 300, 0)
    assert owner.connections >= 20
    assert len(contents(owner.acked)) == 300


def test_polls_go_on_until_the_duration_is_over():
    async def main() -> Report:
        owner = receiver()
        async with serving(owner):
            what = fleet(count=1, manner=Manner(wait_s=1.0, poll_interval_s=0.1))
            return await run_fleet(what, Target(host="127.0.0.1", port=owner.port), duration_s=0.55)

    report = asyncio.run(main())
    assert (report.ok, report.sent, report.acked, report.polls_never) == (True, 2, 2, 0)
    assert 4 <= report.polls_sent == report.polls_acked <= 12


def test_a_rate_is_kept():
    report = asyncio.run(send(receiver(), fleet(count=10, panels=3, rate_per_s=60.0)))
    assert report.acked == 30
    assert 29 / 60 <= report.duration_s < 29 / 60 + 1.0


def test_a_stopped_run_lists_what_was_outstanding():
    async def main() -> tuple[Report, ListLedger]:
        owner, ledger = (
            receiver(behave=lambda heard, count: "silence" if heard.account == "5513" else "ack"),
            ListLedger(),
        )
        async with serving(owner):
            what = fleet(count=2, manner=Manner(wait_s=60.0))
            run = Run(what, Target(host="127.0.0.1", port=owner.port), ledger=ledger)
            work = asyncio.create_task(run.run())
            await until(lambda: len(owner.heard) == 3 and run.tally.acked == 2)
            run.stop()
            return await work, ledger

    report, ledger = asyncio.run(main())
    assert (report.interrupted, report.ok, report.acked, report.never) == (True, False, 2, 1)
    assert [(line.account, line.answer) for line in ledger.unacked_lines] == [("5513", "stopped")]


# -- faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, mode in FAULT_MODES.items() if mode.expected == "ack"])
def test_a_sound_receiver_acknowledges_every_message_whatever_goes_wrong_around_it(name: str):
    mode = FAULT_MODES[name]
    key = KEY if mode.needs_key or name.startswith("stamp") else None
    owner = receiver(key, window_s=40.0)
    manner = Manner(wait_s=0.3, tries=20) if name == "ignore-ack" else PATIENT
    report = asyncio.run(send(owner, fleet(key=key, faults=(parse_fault(name),), manner=manner)))
    assert (report.ok, report.sent, report.acked) == (True, 6, 6), report
    assert contents(owner.acked) == EXPECTED
    struck = 2 if name == "coalesce" else 6
    assert report.faults == {name: struck}
    if name in ("bad-crc", "bad-length", "truncated"):
        assert len(owner.broken) == 6
    if name.startswith("stamp"):
        assert report.nak == 6


@pytest.mark.parametrize("name", [name for name, mode in FAULT_MODES.items() if mode.expected == "silence"])
def test_a_sound_receiver_leaves_unanswered_what_nobody_may_acknowledge(name: str):
    owner = receiver(KEY)
    report = asyncio.run(send(owner, fleet(key=KEY, faults=(parse_fault(name),), manner=QUICK)))
    assert (report.ok, report.acked, report.silent_as_expected, report.unexpected) == (True, 0, 6, 0)
    assert owner.acked == []


def test_a_careless_receiver_is_found_out():
    owner = receiver(None)
    report = asyncio.run(send(owner, fleet(key=KEY, faults=(parse_fault("clear"),))))
    assert (report.ok, report.unexpected, report.acked) == (False, 6, 6)


def test_split_frames_really_come_in_two_reads():
    owner = receiver()
    asyncio.run(send(owner, fleet(count=1, panels=1, faults=(parse_fault("split:4"),))))
    assert owner.reads[0] == 4
    assert len(owner.reads) == 2


def test_a_seed_strikes_the_same_messages_in_every_run():
    def struck(seed: int) -> tuple[dict[str, int], set[bytes]]:
        owner = receiver()
        shares = (parse_fault("bad-crc=0.3"), parse_fault("repeat=0.2"))
        report = asyncio.run(send(owner, fleet(count=20, faults=shares, seed=seed)))
        assert report.ok
        doubled = [one.content for one in owner.heard]
        return report.faults, {content for content in doubled if content and doubled.count(content) > 1}

    assert struck(7) == struck(7)
    assert struck(7) != struck(8)


def test_split_is_refused_over_udp():
    with pytest.raises(BadInput, match="needs a stream"):
        asyncio.run(send(receiver(), fleet(faults=(parse_fault("split"),)), udp=True))


# -- TLS -------------------------------------------------------------------------------------------------------------


def make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, which is its own CA."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    import ipaddress

    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret


async def send_tls(folder: Path, *, wants_client: bool = False, **target: object) -> tuple[Report, SmallReceiver]:
    certificate, secret = folder / "receiver.pem", folder / "receiver.key"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    if wants_client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(folder / "panel.pem")
    owner = receiver()
    async with serving(owner, tls=context):
        where = Target(**{"host": "127.0.0.1", "port": owner.port, "transport": "tls", **target})
        return await run_fleet(fleet(manner=msgspec.structs.replace(PATIENT, tries=2)), where), owner


def test_tls_with_a_known_authority(tmp_path: Path):
    certificate, _ = make_certificate(tmp_path, "receiver")
    report, owner = asyncio.run(send_tls(tmp_path, ca_file=str(certificate)))
    assert (report.ok, contents(owner.acked)) == (True, EXPECTED)


def test_tls_refuses_an_unknown_receiver_unless_told(tmp_path: Path):
    make_certificate(tmp_path, "receiver")
    report, _ = asyncio.run(send_tls(tmp_path))
    assert (report.ok, report.acked, set(report.failures)) == (False, 0, {"tls"})
    report, _ = asyncio.run(send_tls(tmp_path, is_insecure=True))
    assert (report.ok, report.acked) == (True, 6)


def test_tls_with_the_panels_own_certificate(tmp_path: Path):
    ca, _ = make_certificate(tmp_path, "receiver")
    certificate, secret = make_certificate(tmp_path, "panel")
    report, _ = asyncio.run(send_tls(tmp_path, wants_client=True, ca_file=str(ca)))
    assert (report.ok, report.acked) == (False, 0)
    report, _ = asyncio.run(
        send_tls(
            tmp_path, wants_client=True, ca_file=str(ca), certificate=str(certificate), certificate_key=str(secret)
        )
    )
    assert (report.ok, report.acked) == (True, 6)


# -- lists -----------------------------------------------------------------------------------------------------------


def test_lists_are_written_line_by_line_as_the_answers_come(tmp_path: Path):
    acked, unacked = tmp_path / "acked.jsonl", tmp_path / "unacked.jsonl"

    async def main() -> tuple[int, Report]:
        owner = receiver(behave=lambda heard, count: "duh" if heard.sequence == "0002" else "ack")
        ledger = FileLedger(acked, unacked)
        async with serving(owner):
            run = Run(fleet(count=3, rate_per_s=20.0), Target(host="127.0.0.1", port=owner.port), ledger=ledger)
            work = asyncio.create_task(run.run())
            await until(lambda: run.tally.acked >= 2)
            early = len(acked.read_text().splitlines())
            report = await work
        ledger.close()
        return early, report

    early, report = asyncio.run(main())
    assert early == 2
    lines = [msgspec.json.decode(line) for line in acked.read_bytes().splitlines()]
    assert list(lines[0]) == [
        "account", "sequence", "number", "token", "data", "sent_at", "acked_at", "tries", "answer", "fault", "expected",
    ]  # fmt: skip
    assert [(line["account"], line["sequence"]) for line in lines] == [
        ("5512", "0001"), ("5513", "0001"), ("5512", "0003"), ("5513", "0003"),
    ]  # fmt: skip
    missed = [msgspec.json.decode(line) for line in unacked.read_bytes().splitlines()]
    assert [(line["sequence"], line["answer"], line["acked_at"]) for line in missed] == [("0002", "DUH", None)] * 2
    assert (report.acked, report.never) == (4, 2)


@pytest.mark.slow
def test_a_thousand_connections_storm_at_once():
    async def main() -> tuple[Report, int]:
        owner, most = receiver(), 0
        async with serving(owner):
            what = fleet(count=2, panels=1000, within_s=0.5, manner=Manner(wait_s=20.0))
            run = Run(what, Target(host="127.0.0.1", port=owner.port))
            work = asyncio.create_task(run.run())
            while not work.done():
                most = max(most, owner.open_now)
                await asyncio.sleep(0.02)
            return work.result(), most

    report, most = asyncio.run(main())
    assert (report.ok, report.acked, report.connections, most) == (True, 2000, 1000, 1000)
