"""Lines of the watch log that the centre writes itself, in words. Pure; people stand beside the words, by their ids."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tocsin.model.values import Actor, Code, Ref, Words

Body = Mapping[str, Any]
ZONES_NAMED: Final = 10
_SHIFT_ENDS: Final = {
    "by_hand": "went off shift",
    "handed_over": "accepted the shift of",
    "taken_over": "took over the shift of",
}

_PART_ENDS = {
    "declined": "declined a part of the queue",
    "withdrawn": "took back the offer of a part of the queue",
    "given_back": "gave a part of the queue back to the room",
    "unstaffed": "A part of the queue is the whole room's again: nobody is at its desk",
    "done": "Nothing of a part of the queue is open any more",
}


def line_words(kind: Code, ref: Ref | None, body: Body, labels: Mapping[str, str]) -> Words:
    """What happened, to follow the actor's name, or to stand alone where nobody did it.

    `labels` has the labels of desks by their ids. Of a kind that is not known here, its name.
    """
    say = _SAID.get(kind)
    return Words(kind if say is None else say(ref, body, labels))


def about(kind: Code, body: Body, shift_user: Actor | None) -> Actor | None:
    """Whom else a line names: whom a shift was handed to, or whose it was."""
    if kind == "shift.offered":
        return body.get("to")
    return shift_user if kind == "shift.ended" else None


def _desk(ref: Ref | None, labels: Mapping[str, str]) -> str:
    return labels.get(ref or "", ref or "")


def _incidents(body: Body) -> str:
    count = len(body.get("incidents", ()))
    return "1 incident" if count == 1 else f"{count} incidents"


def _zones(named: Sequence[str]) -> str:
    zones = list(named)
    more = f" and {len(zones) - ZONES_NAMED} more" if len(zones) > ZONES_NAMED else ""
    return f"zone{'' if len(zones) == 1 else 's'} {', '.join(zones[:ZONES_NAMED])}{more}"


def _set(what: str) -> Callable[[Ref | None, Body, Mapping[str, str]], str]:
    def say(ref: Ref | None, body: Body, labels: Mapping[str, str]) -> str:
        del labels
        done = "removed" if body.get("removed") else "set up" if ref is None else "changed"
        return f"{done} the {what} {body.get('name') or body.get('label') or ''}".rstrip()

    return say


_SAID: Final[Mapping[str, Callable[[Ref | None, Body, Mapping[str, str]], str]]] = {
    "centre.held_up": lambda _ref, body, _labels: (
        "tested the hold-up keys" if body.get("exercise") else "called for help for the control room"
    ),
    "centre.restored": lambda _ref, _body, _labels: "The centre was restored from a backup",
    "centre.started": lambda _ref, body, _labels: f"The centre started, version {body.get('version', '')}",
    "centre.stopped": lambda _ref, _body, _labels: "The centre was stopped in good order",
    "chain.set": _set("chain of escalation"),
    "desk.attended": lambda ref, body, labels: (
        f"Desk {_desk(ref, labels)}: "
        + ("a console lives again" if body.get("is_staffed") else "nobody is on shift there any more")
    ),
    "desk.set": _set("desk"),
    "desk.sound_checked": lambda _ref, body, _labels: (
        "heard the sounds of the desk" if body.get("heard") else "did NOT hear the sounds of the desk"
    ),
    "desk.unattended": lambda ref, _body, labels: f"Desk {_desk(ref, labels)} was UNATTENDED",
    "group.set": _set("group"),
    "queue.accepted": lambda _ref, body, _labels: f"accepted part of the queue, {_incidents(body)}",
    "queue.ended": lambda _ref, body, _labels: _PART_ENDS.get(str(body.get("reason")), "ended a part of the queue"),
    "queue.joined": lambda _ref, body, _labels: (
        f"{_incidents(body)} that came later went with a part of the queue".capitalize()
    ),
    "queue.offered": lambda _ref, body, labels: (
        f"offered part of the queue, {_incidents(body)}, to desk {_desk(body.get('to_desk'), labels)}"
    ),
    "roster.set": _set("roster"),
    "shift.begun": lambda _ref, body, labels: f"went on shift at desk {_desk(body.get('desk'), labels)}",
    "shift.ended": lambda _ref, body, _labels: _SHIFT_ENDS.get(str(body.get("reason")), "ended the shift"),
    "shift.offer_ended": lambda _ref, body, _labels: (
        "declined the hand-over" if body.get("reason") == "declined" else "withdrew the hand-over"
    ),
    "shift.offered": lambda _ref, _body, _labels: "handed the shift to, not accepted yet:",
    "test.begun": lambda _ref, _body, _labels: "put a place on test",
    "test.ended": lambda _ref, _body, _labels: "A test ended",
    "test.extended": lambda _ref, _body, _labels: "put the end of a test off",
    "watch.noted": lambda _ref, _body, _labels: "wrote",
    "zones.out_extended": lambda _ref, _body, _labels: "left zones out of service for longer",
    "zones.put_back": lambda _ref, body, _labels: (
        "put zones back into service" if body.get("reason") == "by_hand" else "Zones are back in service"
    ),
    "zones.taken_out": lambda _ref, body, _labels: f"took {_zones(body.get('zones', ()))} out of service",
}
