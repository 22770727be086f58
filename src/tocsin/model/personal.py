"""The register of personal fields: each field that may name or describe a person, why we hold it and for how long.

A test walks every stored type against it: a personal field that is not named here fails, and so does a row that names
no field. `NOT_PERSONAL` names the few plain strings and bytes that hold no such thing, each with its reason.
Source: DESIGN.md, "Personal data and the vault"; SCOPE.md, R1.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.values import Code, Words

Retention = Literal["intake", "intake_or_panel", "configuration", "user", "journal", "memory"]
"""When a value goes: with a day's key (of `values.SealClass`), with its account's or site's text, never, or with the
process."""

Owner = Literal["intake", "vault", "access", "centre"]
"""The room that writes the field, and whose maintainers answer for it."""

KEPT: Final[dict[Retention, Words]] = {
    "intake": Words("at most 14 days: its day's key is destroyed"),
    "intake_or_panel": Words(
        "at most 90 days, at most 14 where the message holds a user's number or was rejected: "
        "its day's key is destroyed"
    ),
    "configuration": Words(
        "in keys.db under the master key, until the text is replaced, or its account, site or zone is removed"
    ),
    "user": Words("in keys.db under the master key, until the user is removed"),
    "journal": Words("for as long as the journal is kept"),
    "memory": Words("while the message is handled; it is written nowhere"),
}
"""How long each class lives, in words."""


class PersonalField(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One field that may hold something personal."""

    type: Code
    field: Code
    holds: Words
    """What can stand in it at worst."""
    purpose: Words
    """Why the centre needs it."""
    retention: Retention
    owner: Owner


class PlainField(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One field whose type says nothing of what it holds, and why that is nothing personal."""

    type: Code
    field: Code
    reason: Words


def _personal(place: str, retention: Retention, owner: Owner, holds: str, purpose: str) -> PersonalField:
    kind, field = place.split(".")
    return PersonalField(
        type=Code(kind),
        field=Code(field),
        holds=Words(holds),
        purpose=Words(purpose),
        retention=retention,
        owner=owner,
    )


def _plain(place: str, reason: str) -> PlainField:
    kind, field = place.split(".")
    return PlainField(type=Code(kind), field=Code(field), reason=Words(reason))


_DISPUTE = "to find out afterwards what a panel sent, when it is disputed or was not understood"
_WHERE = "the operator must know where to send help"
_REPEAT = "to know a repeat, so that a signal is stored once"

REGISTER: Final[tuple[PersonalField, ...]] = (
    _personal("SealedPart.raw", "intake_or_panel", "intake", "a whole message: names, user numbers, texts", _DISPUTE),
    _personal("SealedPart.peer", "intake_or_panel", "intake", "network address of a private line", _DISPUTE),
    _personal(
        "SealedPart.text",
        "intake_or_panel",
        "intake",
        "free text of a panel, with a name in it",
        "to say what happened",
    ),
    _personal(
        "SealedPart.address", "intake", "intake", "number of the user who armed, disarmed or pressed", "to clear doubts"
    ),
    _personal(
        "SealedPart.mods", "intake_or_panel", "intake", "user's number, phone number, any unknown modifier", _DISPUTE
    ),
    _personal(
        "SealedPart.blocks", "intake_or_panel", "intake", "position, names, links: any block not on the list", _DISPUTE
    ),
    _personal("SealedPart.identity", "intake_or_panel", "intake", "keyed hash of a whole message", _REPEAT),
    _personal("Identity.material", "memory", "intake", "the parts of a message that make it the same one", _REPEAT),
    _personal("EntryRow.sealed", "intake_or_panel", "vault", "a SealedPart, encrypted", "to store it with its signal"),
    _personal("RejectedFrame.sealed", "intake", "vault", "a SealedPart, encrypted", "to find out why it was rejected"),
    _personal(
        "AccountRow.name",
        "configuration",
        "centre",
        "name of equipment, in which a customer's name may stand; journal and table hold a reference alone",
        "the operator must know what reports, to send help",
    ),
    _personal(
        "SiteRow.name",
        "configuration",
        "centre",
        "name of premises, in which a resident's name may stand; journal and table hold a reference alone",
        _WHERE,
    ),
    _personal(
        "SiteRow.address",
        "configuration",
        "centre",
        "address of premises, which may be somebody's home; journal and table hold a reference alone",
        _WHERE,
    ),
    _personal(
        "SiteRow.directions",
        "configuration",
        "centre",
        "how to get in; whom to ask for may stand in it; journal and table hold a reference alone",
        "crews must get in without losing time",
    ),
    _personal(
        "ZoneRow.name",
        "configuration",
        "centre",
        "name of a detector or room, in which a resident's name may stand; journal and table hold a reference alone",
        "the operator must tell the crews which room or detector it is",
    ),
    _personal(
        "NamedUser.name",
        "user",
        "access",
        "name of somebody who works here; journal and table hold a reference alone",
        "colleagues must know who has an incident",
    ),
    _personal(
        "CentreCreatedBody.centre",
        "journal",
        "centre",
        "name of the control room, as its owner typed it",
        "to say whose journal it is",
    ),
)
"""Every personal field of the types that are stored."""

NOT_PERSONAL: Final[tuple[PlainField, ...]] = (
    _plain("AccountPlace.zones", "keys are numbers of zones; in memory only"),
    _plain("Catalogue.codes", "keys are formats and codes of the shipped tables; in memory only"),
    _plain("Catalogue.types", "keys are incident types of the shipped table; in memory only"),
    _plain("AccountPolicy.key", "an AES key of a panel, unwrapped; in memory only and in no text"),
    _plain("EntryRow.entry", "canonical JSON of an entry, whose body is walked as a type of its own"),
    _plain("EntryRow.hash", "SHA-256 of the entry"),
    _plain("Fact.body", "any of the bodies, each of which is walked as a type of its own"),
)
"""Every field of a plain type that holds nothing personal."""
