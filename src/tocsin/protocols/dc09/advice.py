"""What the doctor tells a person: what is wrong in a sentence, what is right, and where to look.

Texts of a frame are shown to whoever brought the frame; nothing here is logged or stored.
"""

import re
from typing import Final

from tocsin.protocols.code_tables import codes
from tocsin.protocols.dc09.causes import clock_text, is_cut_secret, likely_causes, quoted, right_sum, secret_of
from tocsin.protocols.dc09.doctor import Diagnosis, Event, Explanation
from tocsin.protocols.dc09.framing import BODY_MAX, Start, find_start

SHOWN_MAX: Final = 20
"""Events that an explanation spells out."""


def render(diagnosis: Diagnosis) -> str:
    """Explain a frame to a person, in at most a few dozen lines of plain text."""
    told = diagnosis.explanation
    lines = [f"{_outcome(told)}: {_why(diagnosis)}"]
    if diagnosis.start is not None:
        lines.append(_what_is_right(diagnosis, diagnosis.start))
        lines.append(_content(diagnosis))
    look_at = list(dict.fromkeys(likely_causes(diagnosis)))
    if look_at:
        lines.append(f"Look at: {'; '.join(look_at)}.")
    return "\n".join(line for line in lines if line)


def remedy(diagnosis: Diagnosis) -> str | None:
    """What to do, in one sentence; None where nothing needs doing, or nobody can say."""
    cause = next(likely_causes(diagnosis), None)
    if cause is not None:
        return f"Look at {cause}."
    told = diagnosis.explanation
    if told.outcome == "accepted" and told.crc_format == "binary":
        return "The panel sends the check sum as two bytes: nothing to do, Tocsin answers alike."
    return None


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
                f"check sum is {_sum_of(start)}, the body gives {right_sum(diagnosis)} "
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
    nothing = "no event"
    if verdict.kind == "event":
        nothing += ": it is shown as TECH-UNCLASSIFIED"
    content = f"{count}, {'; '.join(spelt)}" if spelt else nothing
    if more:
        content += f"; and {more} more"
    if told.text_blocks:
        content += f"; text {', '.join(quoted(text) for text in told.text_blocks[:SHOWN_MAX])}"
    if told.reason in ("crc", "length"):
        which = "CRC" if told.reason == "crc" else "length"
        return f"If the {which} were right: {content}; the answer would be {verdict.reply or 'none'}."
    if told.reason == "header":
        return f"What can be read of the data: {content}." if told.events or told.text_blocks else ""
    return f"It holds {content}." if told.events or told.text_blocks or verdict.kind == "event" else ""


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
    text = f" {quoted(event.text)}" if event.text else ""
    value = f", value {event.units}" if event.units else ""
    where = f", {kind} {address}{text}" if address and address != "000" else text
    old = ", reported before" if event.block == "O" else ""
    return f"{name}{where}{f', area {area}' if area and area != '00' else ''}{value}{old}"


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
    if diagnosis.verdict is not None and diagnosis.verdict.header is not None:
        return "a bracket is missing, is one too many, or something stands behind the last one"
    if len(told.seq) != 4:
        return f"the sequence {told.seq} has {len(told.seq)} digits, not four"
    if told.account is None:
        return "R, L and # with an account of 1 to 16 letters or digits, then [, must follow the sequence"
    return "between sequence and account stand at most R and L, each with 1 to 6 hex digits"


def _not_decrypted(diagnosis: Diagnosis) -> str:
    verdict = diagnosis.verdict
    if is_cut_secret(diagnosis):
        return f"{len(secret_of(diagnosis))} hex digits stand after [, and there must be whole blocks of 32"
    if verdict is None or verdict.policy is None:
        return f"account {diagnosis.explanation.account} is not known here, so there is no key"
    secret = secret_of(diagnosis)
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
    return clock_text(verdict)


def _bad_payload(told: Explanation) -> str:
    if not told.data:
        return "they are empty"
    if told.token == "ADM-CID":  # noqa: S105 - a word of the protocol
        return "`#account|QEEE GG ZZZ` with Q one of 1, 3, 6, and single blanks"
    return "`#account|Nri1/BA01`, a block of N, O or A, with at most 256 events"
