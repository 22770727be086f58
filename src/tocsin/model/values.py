"""Typed values: what a stored or published field may hold.

No stored type has a bare `str` or `bytes`; each field names one of these, so that a test can walk every type and see
which of them could hold something personal (DESIGN.md, "Personal data and the vault"). They are `NewType`s: at run time
plain strings and integers, since the way of a signal pays for every nanosecond; the codecs check the alphabet once, at
the edge.
"""

from typing import Annotated, Final, Literal, NewType, get_args

from msgspec import Meta

Micros = NewType("Micros", int)
"""A point in time: microseconds since 1970-01-01 UTC."""

Seq = NewType("Seq", int)
"""Number of a fact in the journal, from 1, without gaps. It gives order, never age."""

Code = NewType("Code", str)
"""A value of a closed or machine alphabet (letters, digits, `_ . * -`), at most 40 characters. Never free text."""

AccountNumber = NewType("AccountNumber", str)
"""The number under which a panel reports, as sent: 1 to 16 letters and digits, compared without case."""

StreamName = NewType("StreamName", str)
"""Name of what one receiver appends: a lower-case letter, then at most 15 letters or digits."""

SignalId = NewType("SignalId", str)
"""Name of a signal: `stream-number`, given when it is appended, the same on every tier."""

Ref = NewType("Ref", str)
"""Opaque name of the object that a fact is about: a kind, a dash and the seq of the fact that made it."""

IncidentRef = Annotated[Ref, Meta(pattern=r"^incident-[0-9]{1,16}$", max_length=25)]
AccountRef = Annotated[Ref, Meta(pattern=r"^account-[0-9]{1,16}$", max_length=24)]
HoldRef = Annotated[Ref, Meta(pattern=r"^hold-[0-9]{1,16}$", max_length=21)]
"""Names of objects that come from outside and go into facts: with these, no word of a sender stays in the journal."""

Actor = NewType("Actor", str)
"""Opaque id of whoever caused a fact: `cli`, or a user's id. Never a name."""

HexHash = NewType("HexHash", str)
"""SHA-256 in lower-case hex, 64 digits."""

Secret = NewType("Secret", str)
"""What lets somebody in: of a session, token or link. Shown or sent once; it stands in no stored type, log or error."""

DeviceKey = NewType("DeviceKey", str)
"""Public key of a phone that a session is bound to: an uncompressed point of P-256 in lower-case hex, 130 digits."""

KeyId = NewType("KeyId", int)
"""Number of a vault key in `keys.db`. It is never reused, not even after the key was destroyed."""

Place = NewType("Place", str)
"""Name of a site, building or piece of equipment. It can say anything, so it stands in no log and no error."""

ZoneName = NewType("ZoneName", str)
"""Name of a time zone of the IANA database, such as `Europe/Vienna`."""

Words = NewType("Words", str)
"""A sentence of this program or of the data that ship with it. Nobody's input, so it names nobody."""

SealClass = Literal["intake", "panel"]
"""Which day's key a value at intake is sealed under. `intake` lives 14 days, `panel` 90 (DESIGN.md)."""

Pointer = NewType("Pointer", str)
"""JSON pointer (RFC 6901) that a centre has entered, or "" for the whole: at most 200 printable characters of ASCII."""

TopicFilter = NewType("TopicFilter", str)
"""Topics of a broker that a centre reads: levels with `/` between, `+` for any one, never `#`; at most 200 characters.
It names nobody: words that do are refused, and who lives somewhere is not to be entered."""

Expected = NewType("Expected", str)
"""Text that a centre expects a machine to send: at most 80 characters, without any word that names people. It stays in
the journal with the mapping that it belongs to."""

PersonalText = Annotated[str, Meta(extra={"personal": True})]
"""Text that may name or describe a person. It exists in memory and under a seal, nowhere else."""

PersonalBytes = Annotated[bytes, Meta(extra={"personal": True})]
"""Bytes that may hold what `PersonalText` may hold: a raw frame."""

PanelTransport = Literal["tcp", "udp", "tls"]
"""By which panels send."""

TRANSPORTS: Final[tuple[PanelTransport, ...]] = get_args(PanelTransport)

Transport = Literal["tcp", "udp", "tls", "http", "mqtt", "smtp"]
"""How a signal came; `http` is a request to the web part, over TLS or not; `mqtt` a message of a broker; `smtp` a
mail."""

Source = Literal["dc09", "webhook", "mqtt", "mail"]
"""The ways in that exist in this version."""

Unit = Literal["degC", "%", "ppm", "bar", "Pa", "V", "A", "W", "Hz", "lx", "mm", "m", "l", "m3/h", "m/s", "s"]
"""The closed list of units that a machine's number may carry (INTEGRATIONS.md section 0). "persons" is no unit."""
