"""Stand-ins of the ports of `model`: a clock that only moves when told, ids that count."""

import hashlib

from tocsin.model.signals import Arrival, Identity, SealedPart, Signal

START_US = 1_795_000_000_000_000
SECOND = 1_000_000


class ManualClock:
    """A clock that stands still until it is moved (`model.ports.Clock`)."""

    def __init__(self, now_us=START_US):
        self.wall_us = now_us
        self.since_s = 0.0

    def now_us(self):
        return self.wall_us

    def monotonic_s(self):
        return self.since_s

    def advance(self, seconds):
        self.wall_us += round(seconds * SECOND)
        self.since_s += seconds


class CountingIds:
    """Bytes that never repeat, the same in each run (`model.ports.Ids`)."""

    def __init__(self):
        self.count = 0

    def token_bytes(self, length):
        found = b""
        while len(found) < length:
            self.count += 1
            found += hashlib.sha256(self.count.to_bytes(8, "big")).digest()
        return found[:length]


def signal(account="5512", code="BA", **fields):
    plain = {
        "source": "dc09",
        "account": account,
        "transmitter": account,
        "account_ref": None,
        "data_account": None,
        "disputed": False,
        "receiver": None,
        "line": "0",
        "sequence": "0001",
        "token": "SIA-DCS",
        "format": "SIA",
        "block": "N",
        "code": code,
        "qualifier": None,
        "address": "01",
        "address_withheld": False,
        "partition": None,
        "peripheral": None,
        "values": (),
        "category": None,
        "path": None,
        "trigger": None,
        "device_time": None,
        "event_time": None,
        "encrypted": False,
        "transport": "tcp",
    }
    return Signal(**(plain | fields))


def arrival(material=b"one", *, events=1, raw=b"\nraw bytes\r", window_us=300 * SECOND, received_at=START_US, **fields):
    """One frame's arrival; `material` None has no identity."""
    parts = (SealedPart(raw=raw, peer="192.0.2.7:4000"),) + (None,) * (events - 1)
    return Arrival(
        signals=tuple(signal(**fields) for _ in range(events)),
        sealed=parts,
        seal_class="panel",
        identity=None if material is None else Identity(material, window_us),
        received_at=received_at,
        config=3,
    )
