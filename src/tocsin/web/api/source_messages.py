"""What would become of a pasted message of a source, by the very readers that take its messages. Nothing is stored."""

from typing import Final

import msgspec

from tocsin.centre.mail_doors import check_lines
from tocsin.centre.sources import check_mapping
from tocsin.intake.mqtt.receiver import convention_of, explained
from tocsin.intake.webhook.receiver import read_body, refusal
from tocsin.model.catalogue import Catalogue
from tocsin.model.errors import BadInput
from tocsin.model.machines import MACHINE_WORDS
from tocsin.model.rings import RingEvent
from tocsin.model.sites import zone_number
from tocsin.model.sources import MailWay, PbxWay, StoredSource
from tocsin.model.values import Code, Words
from tocsin.protocols.aml import read_aml
from tocsin.protocols.machine_messages import JSON_TYPE, Fault, MachineMessage
from tocsin.protocols.mail_in import read_mail
from tocsin.protocols.mail_pictures import may_have_pictures
from tocsin.protocols.mqtt_devices import Taken
from tocsin.protocols.telephone import FORM_TYPE, read_call
from tocsin.rules.classify import UNCLASSIFIED
from tocsin.web.api.source_mappings import mail_lines_of, mapping_of
from tocsin.web.api.source_types import MessageAnswer, MessageBody, ReadMessage
from tocsin.web.parts import Parts

_CALLS: Final[dict[RingEvent, str]] = {
    "ringing": "A call that rings: desks are shown it, and it opens nothing before somebody takes it",
    "answered": "A call that was answered, at the extension that it names",
    "ended": "A call that is over",
}


def explain(parts: Parts, found: StoredSource, data: MessageBody, known: frozenset[str]) -> MessageAnswer:
    """Judge a pasted message of a source as the way in would; `known` are the zones of its account."""
    tried = mapping_of(data.mapping)
    lines = None if data.mail_lines is None else MailWay(lines=mail_lines_of(data.mail_lines))
    try:
        if tried is not None:
            check_mapping(tried)
        if lines is not None:
            check_lines(lines)
    except BadInput as error:  # somebody is writing it
        return MessageAnswer(
            is_accepted=False, code=Code(error.code), why=Words(error.message), index=None, messages=[]
        )
    if tried is not None:
        found = msgspec.structs.replace(found, row=msgspec.structs.replace(found.row, mapping=tried))
    body = data.text.encode("utf-8", "replace")
    if found.row.mqtt is not None:
        brokered = parts.webhooks.brokered
        taken = (
            explained(convention_of(found.row), data.topic, body)
            if brokered is None or tried is not None
            else brokered.explain(found, data.topic, body)
        )
        return _taken(taken, known, parts.catalogue)
    if found.row.way in ("pbx", "aml"):
        return _told(found, data)
    shows = None
    if found.row.mail is not None:
        read = read_mail(body, (lines or found.row.mail).lines)
        if may_have_pictures(body):
            shows = Words("What it shows is masked before it is stored, and stands in its incident for 72 hours")
    else:
        read = read_body(found, body, {"content-type": data.content_type})
    if isinstance(read, Fault):
        told = refusal(read, found.id)
        return MessageAnswer(is_accepted=False, code=told.code, why=Words(told.message), index=read.index, messages=[])
    return MessageAnswer(
        is_accepted=True,
        code=None,
        why=shows,
        index=None,
        messages=[_explained(one, known, parts.catalogue) for one in read],
    )


def _told(source: StoredSource, data: MessageBody) -> MessageAnswer:
    """What would be taken of a message of a telephone system, or of a caller's position."""
    body = data.text.encode("utf-8", "replace")
    if source.row.way == "aml":
        read = read_aml(body)
        why = Words(
            "It has no number or no position that can be read: it is thrown away"
            if read is None
            else "A caller's position: it waits in memory for the call of its number, and stands in no list"
        )
        return MessageAnswer(is_accepted=read is not None, code=None, why=why, index=None, messages=[])
    kind = FORM_TYPE if not data.text.lstrip().startswith("{") else JSON_TYPE
    call = read_call(body, kind, dict((source.row.pbx or PbxWay()).names))
    if isinstance(call, Fault):
        told = refusal(call, source.id)
        return MessageAnswer(is_accepted=False, code=told.code, why=Words(told.message), index=None, messages=[])
    left_out = [name for name, is_so in (("caller", call.is_caller_odd), ("location", call.is_location_odd)) if is_so]
    told = [
        _CALLS[call.event],
        "the caller's number is withheld or missing" if call.caller is None else "the caller's number is sealed",
        "no line was dialled" if call.dialled is None else f"line {call.dialled} was dialled",
    ]
    if call.location is not None:
        told.append("with a position")
    if left_out:
        told.append(f"left out, since it cannot be read: {', '.join(left_out)}")
    return MessageAnswer(is_accepted=True, code=None, why=Words("; ".join(told)), index=None, messages=[])


def _taken(taken: Taken, known: frozenset[str], catalogue: Catalogue) -> MessageAnswer:
    """What would be taken of a broker's message."""
    messages = [
        _explained(
            MachineMessage(
                cid=MACHINE_WORDS[one.word].cid if one.word else None,
                is_active=one.is_active,
                device=one.device,
                values=one.values,
                device_time=one.device_time,
                text=one.text,
                id=one.id,
            ),
            known,
            catalogue,
        )
        for one in taken.said
    ]
    rule = taken.refused[0] if taken.refused else None
    why = None
    if rule is not None:
        why = Words(f"Refused by the rule `{rule}`; docs/reference/sources.md says what each means")
    elif not messages:
        why = Words("It tells of devices, or of nothing that is taken. Nothing of it is stored")
    return MessageAnswer(
        is_accepted=bool(messages),
        code=None if rule is None else Code(f"intake.{rule}"),
        why=why,
        index=None,
        messages=messages,
    )


def _explained(one: MachineMessage, known: frozenset[str], catalogue: Catalogue) -> ReadMessage:
    rule = None if one.cid is None else catalogue.codes["CID", one.cid]
    state = "active" if one.is_active else "returned"
    if rule is None:
        type_: Code | None = UNCLASSIFIED
        words = "Nobody has named this word or value: an incident of unknown nature opens. Its text is sealed"
    elif not one.is_active:
        type_, words = rule.type, "What this device told before is over: its incident is shown as returned"
    elif rule.priority == 5:
        type_, words = None, f"{rule.meaning}: nothing opens, and the source is heard"
    else:
        type_, words = rule.type, f"{rule.meaning}: opens {rule.type}, or what the device's zone says"
    return ReadMessage(
        cid=one.cid,
        words=Words(words),
        type=type_,
        state=Code(state),
        device=one.device,
        is_known_device=one.device is not None and zone_number(one.device) in known,
        values=[Code(f"{quantity.milli / 1000:g}_{quantity.unit}") for quantity in one.values],
        device_time=one.device_time,
        has_text=one.text is not None,
        has_id=one.id is not None,
    )
