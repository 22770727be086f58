"""Keyholders of a site: whom the centre may telephone for a key, and what proves them; a resident's own wishes.

What is personal lies sealed, each holder's by itself, and a row names where: `contact`, `verifier`, `wishes`. A pass
phrase lies nowhere, only what tells whether a word is the right one; only the outcome of asking becomes a fact.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.catalogue import Priority
from tocsin.model.hushed import Hushed
from tocsin.model.values import Code, Micros, PersonalBytes, PersonalText, Ref, Seq

NAME_MAX: Final = 120
TELEPHONES_MAX: Final = 3
"""Of one keyholder, dialled in this order."""

TELEPHONE_MAX: Final = 24
KEYHOLDERS_MAX: Final = 20
"""Of one site, those that were removed left out."""

ORDER_MAX: Final = 99
PHRASE_MIN: Final = 4
"""Letters and digits, at least."""

PHRASE_MAX: Final = 80
WISHES_WORDS_MAX: Final = 500
KEY_SAFE_MAX: Final = 200

DAY_US: Final = 86_400_000_000
GONE_DAYS: Final = 30
"""So long after its removal a keyholder can be taken back; then contact and phrases are destroyed."""

CONFIRM_DAYS: Final = 365
"""So often a keyholder is confirmed: still ready, same numbers."""

REVIEW_DAYS_MAX: Final = 365
"""So far ahead a resident's wishes are looked at again at the latest."""

REVIEW_SOON_DAYS: Final = 30
"""So long before its review date a note of wishes is shown as due: on that date it is destroyed."""

CONSENT_AGE_DAYS_MAX: Final = 365
"""So long before it is entered a resident may have agreed."""

Availability = Literal[
    "always",
    "daytime",
    "nights",
    "working_hours",
    "outside_working_hours",
    "weekdays",
    "weekends",
    "away",
]
"""When a keyholder can be reached, in words of this list: `away` is on the list and cannot come for the time being."""

AVAILABILITIES: Final[tuple[Availability, ...]] = (
    "always",
    "daytime",
    "nights",
    "working_hours",
    "outside_working_hours",
    "weekdays",
    "weekends",
    "away",
)

PhraseOutcome = Literal["right", "wrong", "duress"]
"""What became of a phrase that was said on the telephone."""

Wish = Literal[
    "assistance_dog",
    "bed_upstairs",
    "call_by_telephone_first",
    "hard_of_hearing",
    "hard_of_seeing",
    "oxygen_in_the_home",
    "ring_and_wait",
    "use_the_key_safe",
    "walking_aid",
    "wheelchair",
]
"""What a resident may wish crews to know: how to get to them and what stands in the home. No diagnosis."""

WISHES: Final[tuple[Wish, ...]] = (
    "assistance_dog",
    "bed_upstairs",
    "call_by_telephone_first",
    "hard_of_hearing",
    "hard_of_seeing",
    "oxygen_in_the_home",
    "ring_and_wait",
    "use_the_key_safe",
    "walking_aid",
    "wheelchair",
)


class KeyholderContact(Hushed, frozen=True, kw_only=True, gc=False):
    """Who it is and how to reach them. It exists in memory and sealed, nowhere else."""

    name: PersonalText
    telephones: tuple[PersonalText, ...]
    availability: Availability = "always"


class Phrases(Hushed, frozen=True, kw_only=True, gc=False):
    """What a person gives as pass phrase and duress phrase. It becomes a verifier and is forgotten."""

    pass_phrase: PersonalText | None = None
    duress_phrase: PersonalText | None = None


class HashedPhrase(Hushed, frozen=True, kw_only=True, gc=False):
    """What tells whether a phrase is the right one, and nothing else of it."""

    digest: PersonalBytes
    """Argon2id of the phrase, 32 bytes."""
    salt: PersonalBytes
    """Random, 16 bytes."""


class Verifier(Hushed, frozen=True, kw_only=True, gc=False):
    """Both phrases of a keyholder or site, hashed. It lies sealed."""

    duress: HashedPhrase | None = None
    phrase: HashedPhrase | None = None


class KeyholderRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One keyholder, whole: body of `keyholder.set`, version 1, in canonical order."""

    config: int = 0
    confirmed_at: Micros | None = None
    """When somebody last made sure of it; None: never yet."""
    contact: Ref
    """Where name, telephone numbers and availability lie in the vault."""
    has_duress: bool = False
    has_phrase: bool = False
    order: int
    """Place on the site's call list, from 1."""
    removed_at: Micros | None = None
    """Taken off the list; 30 days later what is sealed is destroyed."""
    site_id: Ref
    verifier: Ref | None = None
    """Where what tells the phrases lies; None: no phrase is set."""


class Keyholder(msgspec.Struct, frozen=True, gc=False):
    """A keyholder: its opaque id, its row, and the fact that the row came from."""

    id: Ref
    row: KeyholderRow
    seq: Seq


class KeyholderErased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `keyholder.erased`, version 1: 30 days after the removal. The table drops the row."""

    site_id: Ref


class SitePhrasesRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The phrases of a whole site: body of `site.phrases_set`, version 1, in canonical order."""

    config: int = 0
    has_duress: bool = False
    has_phrase: bool = False
    site_id: Ref
    verifier: Ref | None = None
    """None: there are none any more; the table drops the row."""


class SitePhrases(msgspec.Struct, frozen=True, gc=False):
    """Phrases of a site, and the fact that they came from."""

    row: SitePhrasesRow
    seq: Seq


class ResidentWishes(Hushed, frozen=True, kw_only=True, gc=False):
    """What a resident wishes crews to know when help comes to that home. In memory and sealed, nowhere else."""

    wishes: tuple[Wish, ...]
    key_safe: PersonalText | None = None
    """Where it is, and how it opens."""
    words: PersonalText | None = None
    """In the resident's own words."""


class WishesRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """That there is a note of a resident's wishes: body of `site.wishes_set`, version 1, in canonical order."""

    config: int = 0
    consented_at: Micros | None = None
    """When the resident agreed; None where the note was taken away."""
    review_at: Micros | None = None
    """Until when somebody has asked the resident again; then it is destroyed."""
    site_id: Ref
    wishes: Ref | None = None
    """Where they lie in the vault. None: there are none any more; the table drops the row."""


class SiteWishes(msgspec.Struct, frozen=True, gc=False):
    """A note of a resident's wishes, and the fact that it came from."""

    row: WishesRow
    seq: Seq


def erased_at(row: KeyholderRow) -> Micros | None:
    """When what is sealed of a removed keyholder is destroyed."""
    return None if row.removed_at is None else Micros(row.removed_at + GONE_DAYS * DAY_US)


def confirm_due_at(row: KeyholderRow) -> Micros:
    """When it is to be confirmed; long past where that never was."""
    return Micros(0 if row.confirmed_at is None else row.confirmed_at + CONFIRM_DAYS * DAY_US)


class IncidentPhraseChecked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `incident.phrase_checked`, version 1: somebody on the telephone said a phrase, and what became of it."""

    exercise: bool
    of: Ref
    """The keyholder whose phrase it should be, or the site."""
    outcome: PhraseOutcome
    priority: Priority
    """Of the incident from now on: 1 with a duress phrase."""
    raised_from: Priority | None
    silent: bool


KEYHOLDER_ENDS: Final = Code("keyholder")
"""Kind of the timer after which a keyholder who was removed is gone."""

WISHES_END: Final = Code("wishes")
"""Kind of the timer after which a note of wishes that nobody looked at again is gone."""

KEYHOLDER_SET: Final = Code("keyholder.set")
KEYHOLDER_ERASED: Final = Code("keyholder.erased")
PHRASE_CHECKED: Final = Code("incident.phrase_checked")
PHRASES_SET: Final = Code("site.phrases_set")
WISHES_SET: Final = Code("site.wishes_set")
