"""The register of personal fields: each field that may name or describe a person, why we hold it and for how long.

A test walks every stored type against it: a personal field that is not named here fails, and so does a row that names
no field. `NOT_PERSONAL` names the few plain strings and bytes that hold no such thing, each with its reason.
Source: DESIGN.md, "Personal data and the vault"; SCOPE.md, R1.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.retention import CLASSES, Retention
from tocsin.model.values import Code, Words

__all__ = ["KEPT", "NOT_PERSONAL", "REGISTER", "Owner", "PersonalField", "PlainField", "Retention"]

Owner = Literal["intake", "vault", "access", "centre"]
"""The room that writes the field, and whose maintainers answer for it."""

KEPT: Final[dict[Retention, Words]] = {name: one.kept for name, one in CLASSES.items()}
"""How long each class lives, in words (`model.retention`, with the reasons)."""


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
_INCIDENT = "whoever handles the incident, or asks about it afterwards, must know what was said"
_KEY = "whom to telephone so that somebody with a key comes and crews get in"
_PROVE = "to know whether whoever is on the telephone is a keyholder, and free to speak"
_HOME = "the resident wants crews to know it when help comes to the home"
_CREW = "a crew must know it before it is there, to help and not to be hurt"
_SEARCH = "searchers must know where to look, and whom they have found"
_CALL = "to call back when the call breaks off or more must be asked"
_LOOK = "crews must know what they come to; the mask is lifted by few, for minutes, with a reason"
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
    _personal("Given.material", "memory", "intake", "the id that a machine gave a signal, and its token", _REPEAT),
    _personal("Given.content", "memory", "intake", "what a machine said under an id", _REPEAT),
    _personal("EntryRow.sealed", "intake_or_panel", "vault", "a SealedPart, encrypted", "to store it with its signal"),
    _personal("RejectedFrame.sealed", "intake", "vault", "a SealedPart, encrypted", "to find out why it was rejected"),
    _personal("SealedValue.sealed", "incident", "vault", "a text, encrypted", "to store it with its fact"),
    _personal(
        "WatchWords.text",
        "watch",
        "centre",
        "a line of the watch log in somebody's words",
        "whoever comes on shift must know what the one before met with",
    ),
    _personal("DrawnStill.masked", "still", "centre", "a picture, pixelated but for a box", _LOOK),
    _personal("DrawnStill.original", "still", "centre", "a picture of a place, in which somebody may stand", _LOOK),
    _personal("ValueRow.sealed", "incident", "vault", "a text or picture of an incident, encrypted", _INCIDENT),
    _personal(
        "AccountRow.name",
        "configuration",
        "centre",
        "name of equipment, in which a customer's name may stand; journal and table hold a reference alone",
        "the operator must know what reports, to send help",
    ),
    _personal(
        "AccountRow.partitions",
        "configuration",
        "centre",
        "names of parts of premises, in which a tenant's name may stand; journal and table hold a reference alone",
        "the operator must know which part an alarm is of, to send help to the right door",
    ),
    _personal(
        "AccountRow.paths",
        "configuration",
        "centre",
        "names of the lines by which a panel reports; journal and table hold a reference alone",
        "the operator must know which line is lost, to have it mended",
    ),
    _personal(
        "StepText.words",
        "configuration",
        "centre",
        "words of a step of the centre's own plan, in which a name may stand; the journal holds a commitment alone",
        "the operator must know what to do",
    ),
    _personal(
        "StepText.telephone",
        "configuration",
        "centre",
        "telephone number of an office that a plan has called",
        "the operator must be able to dial it",
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
        "SiteRow.authority_ref",
        "configuration",
        "centre",
        "number under which an authority knows premises; journal and table hold a reference alone",
        "brigade and police find premises by it at once",
    ),
    _personal(
        "SiteRow.buildings",
        "configuration",
        "centre",
        "names of buildings, and how to get into each; journal and table hold a reference alone",
        "crews must find the right building without losing time",
    ),
    _personal(
        "SiteRow.hazard_details",
        "configuration",
        "centre",
        "where on premises dangerous things are, and how much; journal and table hold a reference alone",
        _CREW,
    ),
    _personal(
        "SiteRow.latitude",
        "configuration",
        "centre",
        "where premises are, which may be somebody's home; journal and table hold a reference alone",
        _WHERE,
    ),
    _personal(
        "SiteRow.longitude",
        "configuration",
        "centre",
        "where premises are, which may be somebody's home; journal and table hold a reference alone",
        _WHERE,
    ),
    _personal(
        "ZoneRow.name",
        "configuration",
        "centre",
        "name of a detector or room, in which a resident's name may stand; journal and table hold a reference alone",
        "the operator must tell the crews which room or detector it is",
    ),
    _personal(
        "DrawnPlan.picture",
        "configuration",
        "centre",
        "floor plan of premises, which may be somebody's home; kept sealed under a key of its own",
        "crews and operators must find the room of an active detector",
    ),
    _personal("KeyholderContact.name", "keyholder", "centre", "name of a keyholder", _KEY),
    _personal("KeyholderContact.telephones", "keyholder", "centre", "telephone numbers of a keyholder", _KEY),
    _personal("KeyholderContact.availability", "keyholder", "centre", "when a keyholder can be reached", _KEY),
    _personal("Phrases.pass_phrase", "memory", "centre", "a pass phrase, until it has become a verifier", _PROVE),
    _personal("Phrases.duress_phrase", "memory", "centre", "a duress phrase, until it has become a verifier", _PROVE),
    _personal("HashedPhrase.digest", "keyholder", "centre", "hash of a pass phrase or duress phrase", _PROVE),
    _personal("HashedPhrase.salt", "keyholder", "centre", "random bytes that the hash is made with", _PROVE),
    _personal("ResidentWishes.wishes", "wishes", "centre", "what a resident wants crews to know, of a list", _HOME),
    _personal("ResidentWishes.key_safe", "wishes", "centre", "where a resident's key safe is, how it opens", _HOME),
    _personal("ResidentWishes.words", "wishes", "centre", "what a resident wants crews to know", _HOME),
    _personal("PatientNote.pregnant", "incident", "centre", "whether a patient is pregnant", _CREW),
    _personal("PatientNote.weight_kg", "incident", "centre", "how heavy a patient is to carry", _CREW),
    _personal("PatientNote.what_happened", "incident", "centre", "what happened to a patient", _CREW),
    _personal("PatientNote.allergy", "incident", "centre", "allergy of a patient", _CREW),
    _personal("PatientNote.infection_risk", "incident", "centre", "how a patient may infect a crew", _CREW),
    _personal("PatientNote.language", "incident", "centre", "language in which to speak with a patient", _CREW),
    _personal("Missing.last_place", "missing", "centre", "where somebody missing was last seen", _SEARCH),
    _personal("Missing.direction", "missing", "centre", "which way somebody missing went", _SEARCH),
    _personal("Missing.aids", "missing", "centre", "what somebody missing walks, hears or sees with", _SEARCH),
    _personal("Missing.known_by", "missing", "centre", "in words, how searchers know somebody missing", _SEARCH),
    _personal(
        "HelpNote.fleeing",
        "incident",
        "centre",
        "what a caller says of a vehicle or attacker in flight",
        "read out to the units of this incident, so that they are not hurt and can help",
    ),
    _personal("Violence.place_now", "incident", "centre", "where violence is under way", _CREW),
    _personal("Violence.safe_place", "incident", "centre", "where somebody threatened is safe", _CREW),
    _personal("HoldUp.ways_out", "incident", "centre", "ways out of premises under threat", _CREW),
    _personal("LoneWorker.position", "incident", "centre", "where somebody who works alone was last", _SEARCH),
    _personal("CallWords.where", "incident", "centre", "place as it was told, which may be somebody's home", _WHERE),
    _personal("CallWords.exact", "incident", "centre", "floor, door or room there, as it was told", _WHERE),
    _personal("CallWords.latitude", "incident", "centre", "where it is, which may be somebody's home", _WHERE),
    _personal("CallWords.longitude", "incident", "centre", "where it is, which may be somebody's home", _WHERE),
    _personal("CallWords.accuracy_m", "incident", "centre", "how exact a phone's position was", _WHERE),
    _personal("CallWords.said", "incident", "centre", "what happened, in a caller's words", _INCIDENT),
    _personal("QuestionAnswered.words", "incident", "centre", "a caller's answer to a question", _CREW),
    _personal(
        "RingCaller.telephone", "ring", "centre", "number of a caller whose call rings or was not answered", _CALL
    ),
    _personal("Located.latitude", "ring", "centre", "where a caller's telephone is", _WHERE),
    _personal("Located.longitude", "ring", "centre", "where a caller's telephone is", _WHERE),
    _personal("Located.radius_m", "ring", "centre", "how near to it a caller is", _WHERE),
    _personal("Located.confidence_pct", "ring", "centre", "how sure that is", _WHERE),
    _personal("Located.altitude_m", "ring", "centre", "how high a caller is", _WHERE),
    _personal("Located.floor", "ring", "centre", "on which floor a caller is", _WHERE),
    _personal("Located.civic", "ring", "centre", "address of a caller's telephone, without a name", _WHERE),
    _personal("Caller.telephone", "incident", "centre", "number of a caller", _CALL),
    _personal("Caller.call_back", "incident", "centre", "number under which a caller can be reached", _CALL),
    _personal("Caller.name", "incident", "centre", "name of a caller, never of a party to violence", _CALL),
    _personal("Caller.recorder_reference", "incident", "centre", "what the room's recorder calls this call", _CALL),
    _personal("Caller.language", "incident", "centre", "language in which to speak with a caller", _CALL),
    _personal("Caller.stands_at", "incident", "centre", "where a caller is", _CALL),
    _personal(
        "NamedUser.name",
        "user",
        "access",
        "name of somebody who works here; journal and table hold a reference alone",
        "colleagues must know who has an incident",
    ),
    _personal(
        "ContactAddress.address",
        "user",
        "centre",
        "e-mail address, telephone number or browser of somebody who works here; journal and table hold a reference",
        "whoever works here entered it, to be told of incidents",
    ),
    _personal(
        "SubjectRequest.contact",
        "memory",
        "centre",
        "telephone number or name of somebody who asked what is held about them",
        "to find what is held under it, by two persons; it is in no fact",
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
    _plain("Scale.before", "a constant of a unit"),
    _plain("Scale.factor", "a constant of a unit"),
    _plain("Fact.body", "any of the bodies, each of which is walked as a type of its own"),
)
"""Every field of a plain type that holds nothing personal."""
