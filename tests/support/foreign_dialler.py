"""A foreign client: the dialler `my-dc09-spt` from PyPI, written by somebody else from the standard.

    sent = send_all(host, port, account="5512", key=None)

drives it against whatever receiver listens there and returns what it says that it delivered, so that a test can look
for exactly that in the receiver's store. The receiver must know the account (with the key, where one is given).

Known limits of that library, worked around here and worth knowing when a receiver is judged by it:
- it cannot read the answer to the message that it repeats after a NAK (it hands bytes to a function that wants text),
  so its clock must be right;
- after an ACK without a time stamp it has no clock offset, which only encrypted messages need, and theirs has one;
- it waits 5 s for an answer over TCP and 5 times 1 s over UDP, and tries each message once;
- it sends no time stamp in clear, and leaves out L where none is set.
"""

import warnings
from collections.abc import Sequence
from typing import Literal, NamedTuple


class Delivered(NamedTuple):
    """One message that the dialler says was acknowledged."""

    sequence: str
    token: str
    data: str
    """Between the brackets, without them."""


MESSAGES: Sequence[tuple[str, dict[str, object]]] = (
    ("SIA-DCS", {"code": "BA", "zone": 3, "area": 2, "zonename": "Hall"}),
    ("SIA-DCS", {"code": "FA", "zone": 14, "text": "Boiler room"}),
    ("ADM-CID", {"code": 131, "q": 1, "area": 1, "zone": 15}),
    ("ADM-CID", {"code": 131, "q": 3, "area": 1, "zone": 15}),
    ("SIA-DCS", {"code": "CL", "user": 7, "time": "07:05:09"}),
    (
        "SIA-DCS",
        {"code": "WA", "zone": 4, "lon": "093W23.456", "lat": "45N23.456", "verification": "https://cam.example/8"},
    ),
)
"""What it sends by default: both formats, texts, a modifier without its slash, extended blocks."""


def send_all(
    host: str,
    port: int,
    *,
    account: str = "5512",
    key: bytes | None = None,
    receiver: int | None = 1,
    line: int | None = 2,
    transport: Literal["tcp", "udp"] = "tcp",
    messages: Sequence[tuple[str, dict[str, object]]] = MESSAGES,
    polls: int = 1,
) -> list[Delivered]:
    """Send `polls` link tests and then `messages` (from 0001 on), and return what was acknowledged.

    Blocks until it is over: call it in a thread beside a receiver of the same process.

    Raises:
        Exception: the dialler's own, where a message was not acknowledged.
    """
    from my_dc09_spt import dc09_spt

    delivered: list[Delivered] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it asks for the time with utcnow()
        dialler = dc09_spt.dc09_spt(account, receiver, line)
        dialler.set_path("main", "primary", host, port, account=account, key=key, type=transport)
        path = dialler.tpaths["main"]["primary"]["path"]
        transfer = dialler.transfer_msg

        def watched(number: int, token: str, message: str, over: object) -> bool:
            done = transfer(number, token, message, over)
            if done:
                delivered.append(Delivered(f"{number:04d}", token, message.partition("]")[0]))
            return done

        dialler.transfer_msg = watched
        for _ in range(polls):
            if not dialler.transfer_msg(0, "NULL", "]", path):
                raise AssertionError("the receiver did not acknowledge a NULL")
        for token, content in messages:
            dialler.send_msg(token, dict(content))
    return delivered
