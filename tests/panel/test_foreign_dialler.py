"""The dialler of PyPI, which knows nothing of us, against a receiver built on our codec."""

import asyncio

import pytest
from small_receiver import SmallReceiver, serving

from support.foreign_dialler import MESSAGES, Delivered, send_all

KEYS = {"clear": None, "AES-128": b"0123456789abcdef", "AES-256": b"0123456789abcdef" * 2}
DELIVERED = [
    Delivered("0000", "NULL", ""),
    Delivered("0001", "SIA-DCS", "#5512|Nri2BA3^Hall^"),
    Delivered("0002", "SIA-DCS", "#5512|NFA14|ABoiler room"),
    Delivered("0003", "ADM-CID", "#5512|1131 01 015"),
    Delivered("0004", "ADM-CID", "#5512|3131 01 015"),
    Delivered("0005", "SIA-DCS", "#5512|Nti07:05:09CL7"),
    Delivered("0006", "SIA-DCS", "#5512|NWA4"),
]


async def dial(owner: SmallReceiver, **options: object) -> list[Delivered]:
    udp = options.get("transport") == "udp"
    async with serving(owner, udp=udp):
        return await asyncio.to_thread(send_all, "127.0.0.1", owner.port, **options)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_all_that_the_foreign_dialler_sends_is_read_and_our_answers_are_understood(key: bytes | None, transport: str):
    owner = SmallReceiver(keys={} if key is None else {"5512": key})
    assert asyncio.run(dial(owner, key=key, transport=transport)) == DELIVERED
    heard = [
        Delivered(one.sequence, one.token, (one.content or b"").partition(b"[")[0].decode()) for one in owner.acked
    ]
    assert heard == DELIVERED
    assert {(one.receiver, one.line, one.encrypted) for one in owner.acked} == {("1", "2", key is not None)}
    assert owner.broken == []
    blocks = b"[X093W23.456][Y45N23.456][Vhttps://cam.example/8]"
    assert owner.acked[-1].content == b"#5512|NWA4" + blocks


def test_a_frame_without_r_and_l_is_answered_without_them():
    owner = SmallReceiver()
    assert asyncio.run(dial(owner, receiver=None, line=None, messages=MESSAGES[:1])) == DELIVERED[:2]
    assert {(one.receiver, one.line) for one in owner.acked} == {(None, None)}


def test_a_refusal_is_noticed():
    owner = SmallReceiver(behave=lambda heard, count: "duh" if count else "ack")
    with pytest.raises(Exception, match="message not sent"):
        asyncio.run(dial(owner, messages=MESSAGES[:1]))
