"""What the DC-09 tests share: a directory of accounts, frames by their body, and one call from bytes to verdict."""

from typing import Any

from tocsin.model.accounts import AccountPolicy
from tocsin.model.signals import Arrival, Receipt
from tocsin.protocols.dc09.encode import parse_stamp, wrap
from tocsin.protocols.dc09.framing import RawFrame, read_datagram
from tocsin.protocols.dc09.judge import ReceiverPolicy, Verdict, judge
from tocsin.protocols.dc09.signals import to_arrival

KEY = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
NOW = parse_stamp("07:05:11,03-04-2027")
PAD = bytes(range(100, 131))
RECEIPT = Receipt("r-1", 1, None)


def account(number: str, key: bytes | None = None, **more: Any) -> AccountPolicy:
    settings: dict[str, Any] = {
        "id": f"account-{number}",
        "account": number.upper(),
        "receiver": None,
        "line": None,
        "key": key,
        "late_max_s": 40,
        "early_max_s": 20,
        "duplicate_window_us": 300_000_000,
        "panel_time_zone": None,
        "poll_602": False,
        "carried_by": None,
    }
    return AccountPolicy(**(settings | more))


class Directory:
    """Accounts as a receiver sees them; `asked` keeps what was looked up."""

    config = 1

    def __init__(self, *policies: AccountPolicy) -> None:
        self._policies = {policy.account: policy for policy in policies}
        self.asked: list[tuple[int | None, int | None, str]] = []

    def find(self, receiver: int | None, line: int | None, account: str) -> AccountPolicy | None:
        self.asked.append((receiver, line, account))
        return self._policies.get(account.upper())

    def refusal(self, receiver: int | None, line: int | None, account: str, now: int) -> None:
        return None


def framed(body: str | bytes) -> RawFrame:
    """The frame that a body makes, check sum and length right."""
    frame = read_datagram(wrap(body.encode() if isinstance(body, str) else body, "hex"))[0]
    assert isinstance(frame, RawFrame)
    return frame


def judged(frame: str | bytes | RawFrame, *policies: AccountPolicy, now: int | None = NOW, **policy: Any) -> Verdict:
    """Judge a frame, given as body, as bytes from LF to CR, or ready."""
    if isinstance(frame, str):
        frame = framed(frame)
    elif isinstance(frame, bytes):
        frame = read_datagram(frame)[0]
    return judge(frame, Directory(*policies), ReceiverPolicy(**policy), now)


def arrived(frame: str | bytes | RawFrame, *policies: AccountPolicy) -> Arrival:
    verdict = judged(frame, *policies)
    assert (verdict.outcome, verdict.kind) == ("accepted", "event"), (verdict.outcome, verdict.reason)
    return to_arrival(verdict, peer="192.0.2.7:50000", transport="tcp", received_at=NOW, config=1)
