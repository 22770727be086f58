"""Where to look: the causes that fit what is wrong with a frame, the likeliest first, each with its remedy.

Each test asks whether one slip, seen in the field, explains the frame as a whole. What fits nothing gets the general
advice. Texts of a frame are shown to whoever brought the frame; nothing here is logged or stored.
"""

import re
from collections.abc import Iterator
from typing import Final

from fastcrc import crc16

from tocsin.model.accounts import EARLY_MAX_S, LATE_MAX_S
from tocsin.model.values import Micros, ZoneName
from tocsin.protocols.code_tables import codes
from tocsin.protocols.dc09 import crypto
from tocsin.protocols.dc09.doctor import Diagnosis, Explanation
from tocsin.protocols.dc09.framing import Start, crc_of
from tocsin.protocols.dc09.header import decode_text, read_decrypted
from tocsin.protocols.dc09.judge import Verdict
from tocsin.protocols.dc09.keys import parse_any_key
from tocsin.protocols.dc09.stamps import SECOND, format_stamp, parse_stamp, to_utc

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
    (rb"\A\n?[^\n\"]{0,2}#[0-9A-F]{3,6}", "this looks like raw DC-03, as Galaxy Dimension sends it, not DC-09"),
    (rb"\A\x16\x03", "this is the beginning of TLS: the panel must use the address of the TLS listener"),
    (rb"\A(?:GET|POST|HEAD|PUT|OPTIONS) ", "this is HTTP: a browser or a scanner, not a panel"),
    (rb"\A\n?[0-9A-Fa-f]{4}\"", "only four digits stand before the first quote: check sum or length is missing"),
)


_TOKEN_WORD: Final = re.compile(rb"SIA-DCS|ADM-CID|NULL|ACK|NAK|DUH|RSP|XNM|SIA-PUL|SCN-S")
_TYPOGRAPHIC: Final = re.compile("[\u201c\u201d\u201e]")
_SECRET_BLOCK: Final = 32
"""Hex digits of one block of AES."""
_HEX_DATA: Final = re.compile(rb"\[[0-9A-Fa-f]{32,}\]?\Z")
# What stands between a sequence and L and is no R with its digits.
_PLACEHOLDER: Final = re.compile(r'"\*?[^"]+"[0-9]{4}(?!R[0-9A-Fa-f]+L)([^0-9L#\[][^L#\[]{0,20})L')
_NO_SIGN: Final = re.compile(r'"\*?[^"]+"[^"#\[]*L[0-9A-Za-z]+\[')
_LONG_NUMBER: Final = re.compile(r'"\*?[^"]+"[0-9]{4}[^"#\[]*([RL])[0-9A-Fa-f]{7,}[L#]')
# 1 the account, 2 the message type and 3 the event of Contact ID's telephone form, blanks left out.
_PHONE_CID: Final = re.compile(r"([0-9A-F]{4})?(18|98)([0-9][0-9A-F]{8})[0-9A-F]?")
_CID: Final = re.compile(r"[0-9][0-9A-F]{8}")
_STAMP: Final = re.compile(r"([0-9]{2}:[0-9]{2}:[0-9]{2}),([0-9]{2})-([0-9]{2})-([0-9]{4})")


def secret_of(diagnosis: Diagnosis) -> bytes:
    """What should be hex digits: an encrypted frame behind its bracket."""
    return diagnosis.body.partition(b"[")[2]


def is_cut_secret(diagnosis: Diagnosis) -> bool:
    """Whether an encrypted frame holds hex digits, but no whole blocks of them: no key can fit."""
    secret = secret_of(diagnosis)
    return (
        diagnosis.explanation.encrypted
        and re.fullmatch(rb"[0-9A-Fa-f]+", secret) is not None
        and len(secret) % _SECRET_BLOCK != 0
    )


def quoted(text: str) -> str:
    """Show a text with its control characters made visible: it goes to a terminal."""
    return '"' + "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text[:120]) + '"'


def right_sum(diagnosis: Diagnosis) -> str:
    """The check sum of the body as it came, in hex."""
    assert diagnosis.verdict is not None
    return f"{diagnosis.verdict.frame.crc:04X}"


def clock_text(verdict: Verdict) -> str:
    """Say how far a frame's stamp lies from now; negative is late."""
    off_s, policy = verdict.clock_off_s or 0, verdict.policy
    late_max_s, early_max_s = (LATE_MAX_S, EARLY_MAX_S) if policy is None else (policy.late_max_s, policy.early_max_s)
    size = abs(off_s)
    parts = f"{size // 3600} h {size // 60 % 60:02} min {size % 60:02} s" if size >= 60 else f"{size} s"
    side = "behind" if off_s < 0 else "ahead of"
    late, early = ("any time" if limit is None else f"{limit} s" for limit in (late_max_s, early_max_s))
    return f"its time stamp {verdict.timestamp} is {parts} {side} now; {late} late and {early} early are allowed."


def likely_causes(diagnosis: Diagnosis) -> Iterator[str]:
    """Say where to look, the likeliest first; nothing where nothing is wrong."""
    told, start = diagnosis.explanation, diagnosis.start
    if start is None:
        yield from _not_dc09(diagnosis.raw)
        return
    explained = _secret_slip(diagnosis)
    if explained is not None:
        yield explained
    elif told.reason == "crc":
        yield from _wrong_sum(diagnosis, start)
    if not diagnosis.has_end:
        yield "the CR (0D) at the end: a frame that was cut, or was copied without it"
    elif not told.length_ok and explained is None:
        yield _wrong_length(diagnosis, start)
    yield from _head(diagnosis)
    if told.reason == "downgrade":
        yield "the panel's menu: switch its encryption on; or take the key from the account, if it shall send in clear"
    if told.reason == "decrypt" and not is_cut_secret(diagnosis):
        yield from _keys(diagnosis)
    if told.reason == "token":
        yield "the panel's menu: choose SIA-DCS (DC-03) or ADM-CID (Contact ID)"
    if told.reason == "time" and diagnosis.verdict is not None and diagnosis.verdict.timestamp is None:
        yield "the panel's menu: time stamps must be on where encryption is"
    yield from _contact_id(told)
    yield from _clock(diagnosis)
    yield from _account(diagnosis)
    if any(event.code not in codes(event.format) for event in told.events):
        yield "the account's code list: an unknown code is stored and shown, but only a person can say what it means"
    if told.disputed is True:
        yield (
            f"account {told.data_account} in the data has a key, so this frame cannot speak for it; "
            f"it is handled at {told.account}, and `carried_by` allows it for encrypted frames"
        )


def _secret_slip(diagnosis: Diagnosis) -> str | None:
    """Name what is wrong with encrypted data as a whole: it explains the check sum and the length with it."""
    told = diagnosis.explanation
    if is_cut_secret(diagnosis):
        return "the way from the panel: the frame was cut, or lost digits; it is not the key"
    if not told.encrypted and told.token is not None and _HEX_DATA.search(diagnosis.body):
        return (
            "the token: the data are hex digits, as in an encrypted frame, "
            f'so the * is missing; encrypted it is `"*{told.token}"`'
        )
    return None


def _wrong_sum(diagnosis: Diagnosis, start: Start) -> Iterator[str]:
    sent = int(start.crc, 16) if re.fullmatch(rb"[0-9A-Fa-f]{4}", start.crc) else int.from_bytes(start.crc[:2], "big")
    right = int(right_sum(diagnosis), 16)
    if start.form == "hex" and sent == 0x0101:
        yield "a panel set to OH (Osborne-Hoffman, Aritech/UTC), which always sends 0101: set it to SIA DC-09"
        return
    if sent == (right >> 8 | (right & 0xFF) << 8):
        yield "the two halves of the check sum are exchanged: the high byte comes first"
        return
    length = diagnosis.raw[start.body_at - 4 : start.body_at]
    for over, summed in (
        ("the body and the CR: it ends before the CR", diagnosis.body + b"\r"),
        ("the length and the body: it begins at the first quote", length + diagnosis.body),
        (
            "the length, the body and the CR: it begins at the first quote and ends before the CR",
            length + diagnosis.body + b"\r",
        ),
    ):
        if crc_of(summed) == sent:
            yield f"a panel or library that takes the check sum over {over}"
            return
    if re.search(rb"[Oo]", start.crc) and start.form == "hex":
        yield "the check sum, where the letter O stands: a digit 0 that was copied by hand"
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


def _wrong_length(diagnosis: Diagnosis, start: Start) -> str:
    size = len(diagnosis.body)
    digits = diagnosis.raw[start.body_at - 4 : start.body_at]
    remedy = f"{size} bytes are {size:03X} in hex, from the first quote up to, not including, the CR"
    if digits.isdigit() and int(digits) in (size, size + 1):
        with_cr = " and counts the CR" if int(digits) == size + 1 else ""
        return f"a panel or library that writes the length in decimal{with_cr}: {remedy}"
    if start.length == size + 1:
        return f"a panel or library whose length counts the CR: {remedy}"
    if start.length in (size + 8, size + 9, size + 10):
        return f"a panel or library whose length counts what stands before the first quote: {remedy}"
    if start.length == len(decode_text(diagnosis.body)):
        return f"a panel that counts characters instead of bytes: {remedy}"
    return "a converter that adds or drops bytes; a panel that counts characters instead of bytes"


def _head(diagnosis: Diagnosis) -> Iterator[str]:
    """What is wrong before the data, whichever check failed first."""
    told = diagnosis.explanation
    verdict = diagnosis.verdict
    if verdict is None or verdict.header is not None or told.token is None:
        return
    body = diagnosis.body.decode("latin-1")
    if told.seq is not None and not told.seq.isdigit():
        yield "a dialler that counts its sequence in hex: DC-09 wants 0001 to 9999, decimal"
    elif told.seq is not None and len(told.seq) < 4:
        yield f"the sequence: it has four digits, with its leading zeros, here {told.seq:0>4}"
    placeholder = _PLACEHOLDER.match(body)
    if placeholder is not None:
        yield (
            f"{quoted(placeholder[1])} before L: where there is no receiver number nothing stands; "
            "R may be left out, never a placeholder"
        )
    if _NO_SIGN.match(body):
        yield "the account: the # before it is missing"
    number = _LONG_NUMBER.match(body)
    if number is not None:
        yield f"the digits of {number[1]}: at most 6"


def _contact_id(told: Explanation) -> Iterator[str]:
    """What is wrong with Contact ID that was not understood."""
    if told.token != "ADM-CID" or told.events or not told.data:  # noqa: S105 - a word of the protocol
        return
    for part in told.data.upper().split("|"):
        event = part.replace(" ", "").removeprefix("#")
        phone = _PHONE_CID.fullmatch(event)
        if phone is not None:
            yield (
                f"the data: leave the message type out ({phone[2]}), and whatever stands before it; "
                "data begin with the qualifier, and there is no check digit"
            )
            event = str(phone[3])
        if "#" in part or _CID.fullmatch(event) is None:
            continue
        if event[0] == "2":
            yield "the qualifier: 2 is not a restoral, it is 3"
        elif event[0] not in "136":
            yield "the qualifier: 1 is a new event, 3 a restoral, 6 still present"
        layout = f"{event[:4]} {event[4:6]} {event[6:]}"
        if phone is None and part.strip() != layout:
            yield f"the blanks: one stands between the parts, `{layout}`"


def _not_dc09(raw: bytes) -> Iterator[str]:
    slip = _mistyped(raw)
    if slip is not None:
        yield slip
        return
    for pattern, text in _OTHER_PROTOCOLS:
        if re.search(pattern, raw[:200]):
            yield text
            return
    if raw and sum(byte < 32 or byte > 126 for byte in raw[:200]) * 2 > len(raw[:200]):
        yield "a maker's own binary protocol, such as the hello of a DSC TL280: it needs the maker's receiver"
        return
    yield "another protocol on this port; a frame that was copied without its beginning"


def _mistyped(raw: bytes) -> str | None:
    """Name the slip that keeps what is meant for a DC-09 frame from looking like one."""
    if b'"' not in raw and _TOKEN_WORD.search(raw[:200]):
        if _TYPOGRAPHIC.search(raw[:200].decode("utf-8", "replace")):
            return 'the quotes: a word processor or a mail made them typographic; they are plain " (22)'
        return (
            "the quotes around the token, of which none is left: the shell takes them; "
            "put the frame in single quotes ('...'), or give it in hex"
        )
    start = re.match(rb'\n?([0-9A-Za-z]{7,8})"', raw)
    if start is None:
        return None
    digits = start[1].upper()
    if len(digits) == 8 and re.fullmatch(rb"[0-9A-FO]{8}", digits) and b"O" in digits[4:]:
        return f"the length: the letter O stands where the digit 0 belongs, {digits[4:].replace(b'O', b'0').decode()}"
    if len(digits) == 8:
        if raw.startswith(b"\n"):
            return "the length, which has four hex digits"
        return "the LF (0A) before the check sum: it is missing"
    body = raw[start.end() - 1 :].rstrip(b"\r\n\0")
    if b"%04X" % crc_of(body) == digits[:4] or digits[3:4] != b"0":
        return "the length: it has 3 digits, and there are four, the first a 0"
    return f"the check sum: it has 3 digits, and there are four, with leading zeros; the body gives {crc_of(body):04X}"


def _keys(diagnosis: Diagnosis) -> Iterator[str]:
    told, patient = diagnosis.explanation, diagnosis.patient
    texts = {account.upper(): key for account, key in (patient.accounts or {}).items() if key is not None}
    own = texts.get((told.account or "").upper(), patient.key)
    secret = secret_of(diagnosis)
    if secret.endswith(b"]"):
        yield "the bracket at the end: behind encrypted data nothing stands in clear"
        return
    if own is not None and len(own) == 32 and own.isascii() and _fits(own.encode("ascii"), secret):
        yield "the form of the key: its 32 characters fit as text (256 bits), not as hex digits"
        return
    for account, key in texts.items():
        if account != (told.account or "").upper() and _fits(parse_any_key(key), secret):
            yield f"the key of account {account} fits: the panel has that key, or that account's number is meant"
            return
    policy = None if diagnosis.verdict is None else diagnosis.verdict.policy
    if own is not None or (policy is not None and policy.key is not None):
        yield "the key in the panel and at the account, and its form: hex digits, or characters used as bytes"
    else:
        yield "the account and its key, which must be entered before it can send encrypted"


def _fits(key: bytes, secret: bytes) -> bool:
    clear = crypto.read_secret(key, secret)
    return clear is not None and read_decrypted(clear) is not None


def _clock(diagnosis: Diagnosis) -> Iterator[str]:
    verdict, now = diagnosis.verdict, diagnosis.now
    if verdict is None or verdict.timestamp is None or now is None:
        return
    is_impossible = verdict.device_time is None
    if verdict.clock_off_s is None and not is_impossible:
        return
    if diagnosis.explanation.reason != "time":
        about = (
            f"{quoted(verdict.timestamp)} is no time (HH:MM:SS,MM-DD-YYYY)"
            if is_impossible
            else clock_text(verdict).removesuffix(".")
        )
        yield f"the panel's clock: {about}; in clear it is information only"
    slip = _date_slip(verdict.timestamp, now)
    if slip is not None:
        yield slip
        return
    stamp = parse_stamp(verdict.timestamp)
    for zone in _ZONES:
        if stamp is not None and _is_now(to_utc(stamp, zone, now), now):
            yield f"local time instead of UTC: with `panel_time_zone` {zone} (or one alike) the stamp fits"
            return
    yield f"the panel's clock, which must show UTC: now it is {format_stamp(Micros(now))}"


def _is_now(at: Micros | None, now: Micros) -> bool:
    return at is not None and -LATE_MAX_S * SECOND <= at - now <= EARLY_MAX_S * SECOND


def _date_slip(stamp: str, now: Micros) -> str | None:
    """Name the slip in writing the date that brings a stamp to now, where one does."""
    match = _STAMP.fullmatch(stamp)
    if match is None:
        return None
    clock, month, day, year = match.groups()
    next_month = f"{int(month) + 1:02}"
    if _is_now(parse_stamp(f"{clock},{next_month}-{day}-{year}"), now):
        return (
            f"the month, which is one too low ({month}, now it is {next_month}): a library that counts months from 0, "
            "in the panel or in a receiver whose NAK set the panel's clock"
        )
    if _is_now(parse_stamp(f"{clock},{day}-{month}-{year}"), now):
        return f"day and month, which are swapped: DC-09 has the month first, {day}-{month}-{year}"
    return None


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
