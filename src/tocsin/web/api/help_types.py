"""What the API takes and answers about keyholders, phrases, wishes, help notes and place warnings.

As in `types`: times are integers, microseconds since 1970 UTC; these types make the console's own. What holds something
personal shows nothing of itself in a text.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.model.calls import Called, CallOutcome, NextCall
from tocsin.model.help_note import BlockName, HelpNote
from tocsin.model.hushed import Hushed
from tocsin.model.keyholders import (
    KEY_SAFE_MAX,
    KEYHOLDERS_MAX,
    NAME_MAX,
    ORDER_MAX,
    PHRASE_MAX,
    TELEPHONE_MAX,
    TELEPHONES_MAX,
    WISHES,
    WISHES_WORDS_MAX,
    Availability,
    PhraseOutcome,
    Wish,
)
from tocsin.model.values import Actor, Micros, PersonalText, Place, Ref, Seq
from tocsin.model.warnings import PlaceDanger
from tocsin.web.api.types import IncidentItem

Name = Annotated[str, Meta(min_length=1, max_length=NAME_MAX, extra={"personal": True})]
Telephone = Annotated[str, Meta(min_length=1, max_length=TELEPHONE_MAX, extra={"personal": True})]
Phrase = Annotated[str, Meta(min_length=1, max_length=PHRASE_MAX, extra={"personal": True})]
Order = Annotated[int, Meta(ge=1, le=ORDER_MAX)]
KeyholderRef = Annotated[str, Meta(pattern=r"^keyholder-[0-9]{1,16}$")]
AskedRef = Annotated[str, Meta(pattern=r"^(keyholder|site)-[0-9]{1,16}$")]


class HushedBody(Hushed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same of what comes in."""


class KeyholderItem(Hushed, frozen=True, kw_only=True):
    """One keyholder, for whoever keeps the list. Phrases are never told, only that there are some."""

    id: Ref
    order: int
    name: PersonalText | None
    """None: it is lost, and setting it again brings it back."""
    telephones: list[PersonalText]
    availability: Availability
    has_phrase: bool
    has_duress: bool
    confirmed_at: Micros | None
    confirm_due_at: Micros
    """A year after the confirmation; 0 where nobody ever confirmed."""
    is_due: bool
    removed_at: Micros | None
    gone_at: Micros | None
    """When contact and phrases of one who was removed are destroyed."""
    version: Seq


class PhrasesItem(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a site has phrases of its own. `version` 0: there are none."""

    has_phrase: bool
    has_duress: bool
    version: Seq


class WishesState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether there is a note of a resident's wishes. What is in it is shown in an open incident of that home alone."""

    is_set: bool
    consented_at: Micros | None
    review_at: Micros | None
    """On that day the note is destroyed, unless it was set anew."""
    is_due: bool
    """The review is within 30 days."""
    version: Seq


class KeyholdersAnswer(Hushed, frozen=True, kw_only=True):
    """The call list of a site in its order, then those who were removed within 30 days."""

    site_id: Ref
    items: list[KeyholderItem]
    phrases: PhrasesItem
    wishes: WishesState


class CallItem(Hushed, frozen=True, kw_only=True):
    """A keyholder as whoever handles an incident sees one."""

    id: Ref
    order: int
    name: PersonalText | None
    telephones: list[PersonalText]
    availability: Availability
    has_phrase: bool
    is_due: bool
    """Nobody confirmed this entry for a year."""


class CallListAnswer(Hushed, frozen=True, kw_only=True):
    """Whom to telephone for a key, in order."""

    site_id: Ref | None
    items: list[CallItem]
    site_has_phrase: bool
    no_call_first: bool
    """A silent call for help: nobody at the premises is telephoned first."""
    calls: list[Called]
    """What became of calls in this incident, in their order."""
    next: NextCall


class CallBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of a call to a keyholder."""

    of: KeyholderRef
    outcome: CallOutcome
    telephone: Annotated[int, Meta(ge=1, le=TELEPHONES_MAX)]
    """Which of the keyholder's numbers, from 1."""


class CallAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The incident after a call, and whom to call next."""

    calls: list[Called]
    incident: IncidentItem
    next: NextCall
    seq: Seq


class OwnKeyholderItem(Hushed, frozen=True, kw_only=True):
    """A keyholder as the contact of the site sees one."""

    id: Ref
    order: int
    name: PersonalText | None
    telephones: list[PersonalText]
    availability: Availability
    confirmed_at: Micros | None
    is_due: bool
    version: Seq


class OwnKeyholdersAnswer(Hushed, frozen=True, kw_only=True):
    """The call list of one's own site, in its order."""

    site_id: Ref
    items: list[OwnKeyholderItem]


class DueItem(msgspec.Struct, frozen=True, kw_only=True):
    """A site where keyholders or wishes are to be looked at again."""

    site_id: Ref
    site: Place | None
    keyholders: int
    """How many were not confirmed for a year."""
    wishes: bool
    since: Micros
    """Since when the oldest is due; 0 where nobody ever confirmed."""


class DueAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Sites where something is due, the oldest first."""

    items: list[DueItem]
    total: int


class ContactBody(HushedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who it is and how to reach them."""

    name: Name
    telephones: Annotated[tuple[Telephone, ...], Meta(min_length=1, max_length=TELEPHONES_MAX)]
    """In the order in which they are dialled."""
    availability: Availability = "always"
    order: Order | None = None
    """Place on the list; None: at its end, or where it was."""


class KeyholderBody(ContactBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new keyholder. No answer ever holds a phrase."""

    pass_phrase: Phrase | None = None
    duress_phrase: Phrase | None = None


class KeyholderChange(ContactBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A keyholder as it shall be, and the version that was looked at. Phrases stay what they are."""

    version: Seq


class PhrasesBody(HushedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Phrases as they shall be; null: none. `version` is the keyholder's, or of the site's phrases."""

    pass_phrase: Phrase | None
    duress_phrase: Phrase | None
    version: Seq


class SeenBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The version that was looked at."""

    version: Seq


class OrderBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every keyholder of the list, in the order in which they shall be called."""

    ids: Annotated[tuple[KeyholderRef, ...], Meta(max_length=KEYHOLDERS_MAX)]


class WishesBody(HushedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A resident's wishes, whole, as the resident agreed to them."""

    wishes: Annotated[tuple[Wish, ...], Meta(max_length=len(WISHES))] = ()
    key_safe: Annotated[str, Meta(min_length=1, max_length=KEY_SAFE_MAX, extra={"personal": True})] | None = None
    words: Annotated[str, Meta(min_length=1, max_length=WISHES_WORDS_MAX, extra={"personal": True})] | None = None
    consented_at: Micros
    review_at: Micros
    version: Seq = Seq(0)


class WishesAnswer(Hushed, frozen=True, kw_only=True):
    """A resident's wishes, in an open incident of that home. `is_set` false: there are none."""

    is_set: bool
    wishes: list[Wish]
    key_safe: PersonalText | None
    words: PersonalText | None
    consented_at: Micros | None
    review_at: Micros | None


class PhraseCheckBody(HushedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody on the telephone said, and whose phrase it should be: a keyholder's, or the site's."""

    of: AskedRef
    phrase: Phrase


class PhraseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it. With `duress` the incident is of priority 1 and silent from now on."""

    outcome: PhraseOutcome
    incident: IncidentItem
    seq: Seq


class HelpNoteAnswer(Hushed, frozen=True, kw_only=True):
    """The help note of an incident, the newest version. Null: none was written, or it is erased."""

    note: HelpNote | None
    version: int
    """What a change must name; 0 where none was written."""
    asked: list[BlockName]
    """The parts that are asked in an incident of this class."""
    written_at: Micros | None
    written_by: Actor | None
    review_due_at: Micros | None
    """When the note about somebody missing is to be looked at again: writing it anew or confirming it moves it on."""
    no_call_first: bool


class HelpNoteBody(HushedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The help note as it shall be, whole, and the version that was looked at; 0 where there was none."""

    note: HelpNote
    version: Annotated[int, Meta(ge=0, le=2**31)]


class HelpNoteConfirmBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The version of the help note that was looked at again."""

    version: Annotated[int, Meta(ge=1, le=2**31)]


class HelpNoteWritten(msgspec.Struct, frozen=True, kw_only=True):
    """The note is stored."""

    version: int
    incident: IncidentItem
    seq: Seq


class PlaceWarningItem(msgspec.Struct, frozen=True, kw_only=True):
    """A warning to crews about the place of an incident."""

    id: Ref
    danger: PlaceDanger
    cause: Ref
    ends_at: Micros
    made_at: Micros
    made_by: Actor | None


class PlaceWarningsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Warnings of the place of an open incident; of a closed one, those that it gave the reason for."""

    items: list[PlaceWarningItem]
    may_cause: list[PlaceDanger]
    """What a supervisor may warn of because of this incident: it is closed, and the list is closed too."""


class PlaceWarningBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What crews who are sent there are warned of, and until when."""

    danger: PlaceDanger
    ends_at: Micros
