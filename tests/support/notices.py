"""What the tests of ways out share: a message, and a way to run something in an event loop."""

import asyncio

from tocsin.model.notices import Message

SECOND = 1_000_000
T0 = 1_800_000_000 * SECOND
BASE = "https://centre.example.org"


def message(**changes):
    plain = {
        "answer_url": f"{BASE}/n/4711.1.ABCDEFGHIJ-_abcd",
        "bounce_id": "4711.1.0123456789abcdef01234567",
        "callback_url": f"{BASE}/api/v1/notices/callback/4711.1.ABCDEFGHIJ-_abcd",
        "exercise": False,
        "expires_at": T0 + 900 * SECOND,
        "key": "tag-1-notice-4711-0-0",
        "number": 4720,
        "priority": 1,
        "purpose": "incident",
        "queued_at": T0,
        "sent_at": T0 + SECOND,
        "text": f"#4720 P1 FIRE-SMOKE. Open to read: {BASE}/n/4711.1.ABCDEFGHIJ-_abcd",
        "title": "#4720 P1",
        "type": "FIRE-SMOKE",
    }
    return Message(**(plain | changes))


def run(made, *sendings):
    """Send by one notifier, and let go of it; return the outcomes."""

    async def all_of_it():
        try:
            return [await made.send(said, address) for said, address in sendings]
        finally:
            await made.close()

    return asyncio.run(all_of_it())


def paths(value, prefix=""):
    """Every place in a JSON value: what is compared with a declared list."""
    found = set()
    for name, inner in value.items():
        found |= paths(inner, f"{prefix}{name}.") if isinstance(inner, dict) else {prefix + name}
    return found
