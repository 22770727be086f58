"""What a voice provider is told to play and to listen for, in the XML that Twilio-shaped providers read."""

from html import escape
from typing import Final

SAID_MAX: Final = 500
"""Characters that are said at once; the rest is cut."""

CONTENT_TYPE: Final = "text/xml"


def ask(said: str, action: str, silence_s: int) -> bytes:
    """Say something and listen for one key; after so much silence go on at `action` without one."""
    where = f'"{escape(action)}"'
    return _document(
        f'<Gather numDigits="1" method="POST" action={where} timeout="{silence_s}">{_say(said)}</Gather>'
        f'<Redirect method="POST">{escape(action)}</Redirect>'
    )


def end(said: str) -> bytes:
    """Say something and hang up."""
    return _document(f"{_say(said)}<Hangup/>")


def _say(said: str) -> str:
    plain = "".join(sign if sign.isprintable() else " " for sign in said[:SAID_MAX])
    return f"<Say>{escape(plain)}</Say>"


def _document(inner: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inner}</Response>'.encode()
