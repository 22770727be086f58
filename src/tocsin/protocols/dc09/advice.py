"""What the doctor tells a person: what is wrong in a sentence, what is right, and where to look.

Texts of a frame are shown to whoever brought the frame; nothing here is logged or stored.
"""

import re
from collections.abc import Iterator
from typing import Final

from fastcrc import crc16

from tocsin.model.accounts import EARLY_MAX_S, LATE_MAX_S
from tocsin.model.values import Micros, ZoneName
from tocsin.protocols.code_tables import codes
from tocsin.protocols.dc09 import crypto
from tocsin.protocols.dc09.doctor import Diagnosis, Event, Explanation
from tocsin.protocols.dc09.framing import BODY_MAX, Start, find_start
from tocsin.protocols.dc09.header import read_decrypted
from tocsin.protocols.dc09.keys import parse_any_key
from tocsin.protocols.dc09.stamps import SECOND, format_stamp, parse_stamp, to_utc

SHOWN_MAX: Final = 20
"""Events that an explanation spells out."""
_OTHER_SUMS: Final = (
    ("CRC-16/CCITT with initial value 0 (XMODEM)", crc16.xmodem),
    ("CRC-16/CCITT with initial value FFFF", crc16.ibm_3740),
    ("CRC-16/MODBUS", crc16.modbus),
    ("CRC-16/KERMIT", crc16.kermit),
    ("CRC-16/X-25", crc16.ibm_sdlc),
    ("CRC-16/USB", crc16.usb),
)
# One name for each offset in use is enough: it says which menu to look for.
_ZONES: Final = (
    ZoneName("Europe/London"),
    ZoneName("Europe/Berlin"),
    ZoneName("Europe/Athens"),
    ZoneName("Europe/Istanbul"),
    ZoneName("Atlantic/Azores"),
    ZoneName("America/New_York"),
    ZoneName("America/Chicago"),
    ZoneName("America/Denver"),
    ZoneName("America/Los_Angeles"),
    ZoneName("America/Anchorage"),
    ZoneName("America/Halifax"),
    ZoneName("America/St_Johns"),
    ZoneName("America/Sao_Paulo"),
    ZoneName("Pacific/Honolulu"),
    ZoneName("Africa/Johannesburg"),
    ZoneName("Africa/Lagos"),
    ZoneName("Asia/Dubai"),
    ZoneName("Asia/Tehran"),
    ZoneName("Asia/Kabul"),
    ZoneName("Asia/Karachi"),
    ZoneName("Asia/Kolkata"),
    ZoneName("Asia/Kathmandu"),
    ZoneName("Asia/Dhaka"),
    ZoneName("Asia/Yangon"),
    ZoneName("Asia/Bangkok"),
    ZoneName("Asia/Shanghai"),
    ZoneName("Asia/Tokyo"),
    ZoneName("Australia/Darwin"),
    ZoneName("Australia/Adelaide"),
    ZoneName("Australia/Sydney"),
    ZoneName("Pacific/Noumea"),
    ZoneName("Pacific/Auckland"),
    ZoneName("Pacific/Tongatapu"),
)
_OTHER_PROTOCOLS: Final = (
    (rb"SR[0-9]{4}L[0-9]{4}", "this is the heartbeat of an Aritech/UTC OH (Osborne-Hoffman) panel, another protocol"),
    (rb"\A\s*\[[0-9A-F]{4} ?(?:18|98)", "this is Contact ID in plain text, as Lupusec sends it, not DC-09"),
    (rb"\A[^\n]?[\x00-\xff]?#[0-9A-F]{3,6}", "this looks like raw DC-03, as Galaxy Dimension sends it, not DC-09"),
    (rb"\A\x16\x03", "this is the beginning of TLS: the panel must use the address of the TLS listener"),
    (rb"\A(?:GET|POST|HEAD|PUT|OPTIONS) ", "this is HTTP: a browser or a scanner, not a panel"),
    (rb"\A\n?[0-9A-Fa-f]{4}\"", "only four digits stand before the first quote: check sum or length is missing"),
)


def render(diagnosis: Diagnosis) -> str:
    """Explain a frame to a person, in at most a few dozen lines of plain text."""
    told = diagnosis.explanation
    lines = [f"{_outcome(told)}: {_why(diagnosis)}"]
    if diagnosis.start is not None:
        lines.append(_what_is_right(diagnosis, diagnosis.start))
        lines.append(_content(diagnosis))
    look_at = list(dict.fromkeys(_look_at(diagnosis)))
    if look_at:
        lines.append(f"Look at: {'; '.join(look_at)}.")
    return "\n".join(line for line in lines if line)


def _outcome(told: Explanation) -> str:
    if told.outcome == "refused":
        return f"refused, answered {told.reply.kind}"
    return {"accepted": "accepted", "answer": "answer", "discarded": "discarded, no answer"}[told.outcome]


def _why(diagnosis: Diagnosis) -> str:
    told, start = diagnosis.explanation, diagnosis.start
    if start is None:
        return "nothing in these bytes begins like a DC-09 frame (LF, check sum, four length digits, quote)."
    match told.reason:
        case "crc":
            return (
                f"check sum is {_sum_of(start)}, the body gives {_right_sum(diagnosis)} "
                f"(CRC-16/ARC over {len(diagnosis.body)} bytes from the first quote)."
            )
        case "length":
            return _length(diagnosis, start)
        case "header":
            return f"the head or the brackets are broken: {_broken_part(diagnosis)}."
        case "account":
            return f"account {told.account} is not known here."
        case "downgrade":
            return f"account {told.account} has a key, and this frame is in clear."
        case "decrypt":
            return f"it cannot be decrypted: {_not_decrypted(diagnosis)}."
        case "time":
            return _time(diagnosis)
        case "token":
            return f"the receiver does not read the format {told.token}."
        case "payload":
            return f"the data do not hold what {told.token} holds: {_bad_payload(told)}."
        case _:
            return _good(told, diagnosis)


def _good(told: Explanation, diagnosis: Diagnosis) -> str:
    if told.outcome == "answer":
        return f"this frame is itself a receiver's {told.token}; nothing answers it."
    if diagnosis.verdict is not None and diagnosis.verdict.kind == "poll":
        return f"a link test, answered {told.reply.kind} and stored nowhere."
    return f"it would be stored and answered {told.reply.kind}."


def _sum_of(start: Start) -> str:
    return start.crc.decode("latin-1") if start.form == "hex" else f"{start.crc.hex().upper()} (two bytes)"


def _right_sum(diagnosis: Diagnosis) -> str:
    assert diagnosis.verdict is not None
    return f"{diagnosis.verdict.frame.crc:04X}"


def _length(diagnosis: Diagnosis, start: Start) -> str:
    size = len(diagnosis.body)
    if size > BODY_MAX:
        return f"the body has {size} bytes; a frame holds at most {BODY_MAX}."
    wrong = f"length is {start.length:03X}, the body has {size} bytes, so {size:03X} would be right"
    if not diagnosis.has_end:
        return "there is no CR at the end." if start.length == size else f"there is no CR at the end, and {wrong}."
    return wrong + "."


def _what_is_right(diagnosis: Diagnosis, start: Start) -> str:
    told = diagnosis.explanation
    parts: list[str] = []
    if told.reason == "crc":
        parts.append(
            f"Length {start.length:03X} is right."
            if told.length_ok
            else _length(diagnosis, start).capitalize().replace("cr at", "CR at")
        )
    elif told.crc_ok:
        parts.append(
            f"Check sum {_sum_of(start)} is right."
            + (f" Length {start.length:03X} is right." if told.length_ok else "")
        )
    head = ", ".join(
        text
        for text in (
            told.token and (f"{told.token}, encrypted" if told.encrypted else told.token),
            told.seq and f"sequence {told.seq}",
            told.receiver and f"receiver {told.receiver}",
            "line without digits, taken for 0" if told.line == "" else told.line and f"line {told.line}",
            told.account and f"account {told.account}",
        )
        if text
    )
    if diagnosis.verdict is not None and diagnosis.verdict.header is not None:
        parts.append(f"Header is right: {head}.")
    elif head:
        parts.append(f"What can be read of the header: {head}.")
    return " ".join(parts)


def _content(diagnosis: Diagnosis) -> str:
    told, verdict = diagnosis.explanation, diagnosis.verdict
    if verdict is None or told.data is None:
        return ""
    spelt = [_event_text(event) for event in told.events[:SHOWN_MAX]]
    more = len(told.events) - len(spelt)
    count = f"{len(told.events)} event{'s' if len(told.events) != 1 else ''}"
    content = f"{count}, {'; '.join(spelt)}" if spelt else "no event"
    if more:
        content += f"; and {more} more"
    if told.text_blocks:
        content += f"; text {', '.join(_quoted(text) for text in told.text_blocks[:SHOWN_MAX])}"
    if told.reason in ("crc", "length"):
        which = "CRC" if told.reason == "crc" else "length"
        return f"If the {which} were right: {content}; the answer would be {verdict.reply or 'none'}."
    return f"It holds {content}." if told.events or told.text_blocks else ""


def _event_text(event: Event) -> str:
    row = codes(event.format).get(event.code)
    if row is None:
        name = f"unknown code {event.code}"
    else:
        sign = {"1": "E", "3": "R", "6": "P"}.get(event.qualifier or "", "")
        name = f"{sign}{event.code} {row.meaning[:1].lower()}{row.meaning[1:]}"
        if event.qualifier == "3" and row.kind_restore != row.kind:
            name += f" ({row.kind_restore.replace('_', ' ')})"
    address = event.address if event.format == "SIA" else event.zone
    kind = row.address_is if row is not None and row.address_is not in ("none", "unknown") else "address"
    area = event.mods.get("ri") if event.format == "SIA" else event.group
    text = f" {_quoted(event.text)}" if event.text else ""
    value = f", value {event.units}" if event.units else ""
    where = f", {kind} {address}{text}" if address and address != "000" else text
    old = ", reported before" if event.block == "O" else ""
    return f"{name}{where}{f', area {area}' if area and area != '00' else ''}{value}{old}"


def _quoted(text: str) -> str:
    """Show a text with its control characters made visible: it goes to a terminal."""
    return '"' + "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text[:120]) + '"'


def _broken_part(diagnosis: Diagnosis) -> str:
    told, body = diagnosis.explanation, diagnosis.body
    if told.crc_ok and told.length_ok and find_start(body) is not None:
        return "the head of another frame stands inside the body, and a receiver begins anew there"
    if told.token is None:
        return "no token stands between quotes"
    if told.seq is None:
        return "four digits of the sequence must follow the token"
    if not told.seq.isdigit():
        return f"the sequence {told.seq} is not decimal"
    if told.account is None:
        return "R, L and # with an account of 1 to 16 letters or digits, then [, must follow the sequence"
    return "a bracket is missing, is one too many, or something stands behind the last one"


def _not_decrypted(diagnosis: Diagnosis) -> str:
    verdict = diagnosis.verdict
    if verdict is None or verdict.policy is None:
        return f"account {diagnosis.explanation.account} is not known here, so there is no key"
    secret = diagnosis.body.partition(b"[")[2]
    if verdict.policy.key is None:
        return f"there is no key for account {diagnosis.explanation.account}"
    if not re.fullmatch(rb"(?:[0-9A-Fa-f]{32})+", secret):
        return f"{len(secret)} characters after [ are not hex digits in whole blocks of 32"
    return "with this key it gives noise"


def _time(diagnosis: Diagnosis) -> str:
    verdict = diagnosis.verdict
    if verdict is None or verdict.timestamp is None:
        return "an encrypted frame needs a time stamp, and this one has none."
    if verdict.device_time is None:
        return "its time stamp is no time (HH:MM:SS,MM-DD-YYYY)."
    return _clock_text(verdict.clock_off_s or 0, verdict.timestamp)


def _clock_text(off_s: int, stamp: str) -> str:
    size = abs(off_s)
    parts = f"{size // 3600} h {size // 60 % 60:02} min {size % 60:02} s" if size >= 60 else f"{size} s"
    side = "behind" if off_s < 0 else "ahead of"
    return f"its time stamp {stamp} is {parts} {side} now; {LATE_MAX_S} s late and {EARLY_MAX_S} s early are allowed."


def _bad_payload(told: Explanation) -> str:
    if not told.data:
        return "they are empty"
    if told.token == "ADM-CID":  # noqa: S105 - a word of the protocol
        return "`#account|QEEE GG ZZZ` with Q one of 1, 3, 6, and single blanks"
    return "`#account|Nri1/BA01`, a block of N, O or A, with at most 256 events"


def _look_at(diagnosis: Diagnosis) -> Iterator[str]:
    told, start = diagnosis.explanation, diagnosis.start
    if start is None:
        yield from _not_dc09(diagnosis.raw)
        return
    if told.reason == "crc":
        yield from _wrong_sum(diagnosis, start)
    if not diagnosis.has_end:
        yield "the CR (0D) at the end: a frame that was cut, or was copied without it"
    elif not told.length_ok:
        yield "a converter that adds or drops bytes; a panel that counts characters instead of bytes"
    if told.reason == "header" and told.seq is not None and not told.seq.isdigit():
        yield "a dialler that counts its sequence in hex: DC-09 wants 0001 to 9999, decimal"
    if told.reason == "downgrade":
        yield "the panel's menu: switch its encryption on; or take the key from the account, if it shall send in clear"
    if told.reason == "decrypt":
        yield from _keys(diagnosis)
    if told.reason == "token":
        yield "the panel's menu: choose SIA-DCS (DC-03) or ADM-CID (Contact ID)"
    if told.reason == "time" and diagnosis.verdict is not None and diagnosis.verdict.timestamp is None:
        yield "the panel's menu: time stamps must be on where encryption is"
    yield from _clock(diagnosis)
    yield from _account(diagnosis)
    if any(event.code not in codes(event.format) for event in told.events):
        yield "the account's code list: an unknown code is stored and shown, but only a person can say what it means"
    if told.disputed is True:
        yield (
            f"account {told.data_account} in the data has a key, so this frame cannot speak for it; "
            f"it is handled at {told.account}, and `carried_by` allows it for encrypted frames"
        )


def _wrong_sum(diagnosis: Diagnosis, start: Start) -> Iterator[str]:
    sent = int(start.crc, 16) if re.fullmatch(rb"[0-9A-Fa-f]{4}", start.crc) else int.from_bytes(start.crc[:2], "big")
    right = int(_right_sum(diagnosis), 16)
    if start.form == "hex" and sent == 0x0101:
        yield "a panel set to OH (Osborne-Hoffman, Aritech/UTC), which always sends 0101: set it to SIA DC-09"
        return
    if sent == (right >> 8 | (right & 0xFF) << 8):
        yield "the two halves of the check sum are exchanged: the high byte comes first"
        return
    for name, other in _OTHER_SUMS:
        if other(diagnosis.body) == sent:
            yield f"a panel or library that uses {name} instead of CRC-16/ARC"
            return
    cut = diagnosis.body[: start.length]
    if not diagnosis.explanation.length_ok and start.length < len(diagnosis.body) and start.crc_fits(cut):
        yield f"bytes behind the frame: check sum and length are right for its first {start.length} bytes"
        return
    if start.form == "binary" and b"\xef\xbf\xbd" in diagnosis.raw:
        yield "the check sum stands there as two raw bytes, which a copy as text destroys: give the frame as hex"
        return
    yield "a converter between panel and receiver that changes bytes"
    yield "a panel set to another check sum"


def _not_dc09(raw: bytes) -> Iterator[str]:
    for pattern, text in _OTHER_PROTOCOLS:
        if re.search(pattern, raw[:200]):
            yield text
            return
    if raw and sum(byte < 32 or byte > 126 for byte in raw[:200]) * 2 > len(raw[:200]):
        yield "a maker's own binary protocol, such as the hello of a DSC TL280: it needs the maker's receiver"
        return
    yield "another protocol on this port; a frame that was copied without its beginning"


def _keys(diagnosis: Diagnosis) -> Iterator[str]:
    told, patient = diagnosis.explanation, diagnosis.patient
    texts = {account.upper(): key for account, key in (patient.accounts or {}).items() if key is not None}
    own = texts.get((told.account or "").upper(), patient.key)
    secret = diagnosis.body.partition(b"[")[2]
    if own is not None and len(own) == 32 and own.isascii() and _fits(own.encode("ascii"), secret):
        yield "the form of the key: its 32 characters fit as text (256 bits), not as hex digits"
        return
    for account, key in texts.items():
        if account != (told.account or "").upper() and _fits(parse_any_key(key), secret):
            yield f"the key of account {account} fits: the panel has that key, or that account's number is meant"
            return
    if own is not None:
        yield "the key in the panel and at the account, and its form: hex digits, or characters used as bytes"
    else:
        yield "the account and its key, which must be entered before it can send encrypted"


def _fits(key: bytes, secret: bytes) -> bool:
    clear = crypto.read_secret(key, secret)
    return clear is not None and read_decrypted(clear) is not None


def _clock(diagnosis: Diagnosis) -> Iterator[str]:
    verdict, now = diagnosis.verdict, diagnosis.now
    if verdict is None or verdict.clock_off_s is None or verdict.timestamp is None or now is None:
        return
    if diagnosis.explanation.reason != "time":
        yield (
            "the panel's clock: "
            + _clock_text(verdict.clock_off_s, verdict.timestamp).removesuffix(".")
            + "; in clear it is information only"
        )
    stamp = parse_stamp(verdict.timestamp)
    for zone in _ZONES:
        at = None if stamp is None else to_utc(stamp, zone, now)
        if at is not None and -LATE_MAX_S * SECOND <= at - now <= EARLY_MAX_S * SECOND:
            yield f"local time instead of UTC: with `panel_time_zone` {zone} (or one alike) the stamp fits"
            return
    yield f"the panel's clock, which must show UTC: now it is {format_stamp(Micros(now))}"


def _account(diagnosis: Diagnosis) -> Iterator[str]:
    told, accounts = diagnosis.explanation, diagnosis.patient.accounts
    if accounts is None or told.account is None or told.outcome == "answer":
        return
    known = {account.upper() for account in accounts}
    sent = told.account.upper()
    if sent in known:
        return
    near = sorted(account for account in known if account.lstrip("0") == sent.lstrip("0"))
    if near:
        yield f"leading zeros count: {told.account} was sent, {near[0]} is set up"
    else:
        yield f"account {told.account} is not set up; the receiver would show it as an unknown account"
