"""What people change one by one of a site's keyholders, its phrases, and a resident's wishes.

As in `editing`: each change names the version that its author saw, and what somebody else changed since is not
overwritten. Refusals name ids and places on the list, never who somebody is.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from tocsin.centre.configuration import (
    Change,
    Configuration,
    KeyholderToStore,
    Once,
    PhrasesToStore,
    Secrets,
    WishesToStore,
)
from tocsin.centre.editing import Overtaken, who_made
from tocsin.centre.keyholders import open_contacts
from tocsin.centre.phrases import refuse_bad_phrases, verifier_of
from tocsin.centre.table_plan import KnownKeyholder, folded
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.keyholders import (
    CONSENT_AGE_DAYS_MAX,
    DAY_US,
    KEYHOLDERS_MAX,
    ORDER_MAX,
    REVIEW_DAYS_MAX,
    Keyholder,
    KeyholderContact,
    KeyholderRow,
    Phrases,
    ResidentWishes,
    SitePhrases,
    SitePhrasesRow,
    SiteWishes,
    Verifier,
    WishesRow,
)
from tocsin.model.ports import Clock, Ids, Store
from tocsin.model.values import Actor, Micros, Ref, Seq

NOTHING: Final = Seq(0)
"""The version of phrases or wishes where a site has none."""


class CallLists:
    """Changes of call lists by people. May be used from any thread."""

    def __init__(self, configuration: Configuration, store: Store, secrets: Secrets, clock: Clock, ids: Ids) -> None:
        """Change `configuration`, whose tables are in `store` and whose texts are in `secrets`."""
        self._configuration = configuration
        self._store = store
        self._secrets = secrets
        self._clock = clock
        self._ids = ids

    # Questions -------------------------------------------------------------------------------------------------------

    def of_site(self, site_id: Ref, *, with_removed: bool = False) -> list[KnownKeyholder]:
        """The keyholders of a site by their order, contacts in clear. Whoever asks notes the reading first.

        Raises:
            BadInput: there is no such site.
        """
        self._must_be_site(site_id)
        found = [one for one in self._store.keyholders([site_id]) if with_removed or one.row.removed_at is None]
        return open_contacts(found, self._secrets.secrets_get)

    def keyholder(self, id_: Ref | None) -> Keyholder:
        """A keyholder as it is stored, also one that was removed.

        Raises:
            BadInput: there is none.
        """
        found = [] if id_ is None else self._store.keyholders(ids=(id_,))
        if not found:
            raise BadInput(
                "There is no such keyholder, or not any more. Nothing was changed. Look at the list again",
                "keyholders.unknown",
            )
        return found[0]

    def phrases_of(self, site_id: Ref) -> SitePhrases | None:
        """Whether a site has phrases of its own."""
        self._must_be_site(site_id)
        return next(iter(self._store.site_phrases([site_id])), None)

    def wishes_of(self, site_id: Ref) -> SiteWishes | None:
        """Whether a site has a note of wishes, and until when; not what is in it."""
        self._must_be_site(site_id)
        return next(iter(self._store.site_wishes([site_id])), None)

    # Keyholders ------------------------------------------------------------------------------------------------------

    def make(
        self,
        site_id: Ref,
        contact: KeyholderContact,
        order: int | None,
        phrases: Phrases | None,
        actor: Actor,
        once: Once | None = None,
    ) -> Keyholder:
        """Put somebody on a site's call list: at a place, or at its end. It counts as confirmed now.

        Raises:
            BadInput: there is no such site, or the phrases cannot be.
            Conflict: the list is full, the place is taken, or somebody of this name is on it.
        """
        verifier = None if phrases is None else self._hashed(phrases)
        with self._configuration.changing:
            if (earlier := self._configuration.answered(actor, once)) is not None:
                return self.keyholder(earlier.made)
            living = self.of_site(site_id)
            if len(living) >= KEYHOLDERS_MAX:
                raise Conflict(
                    f"{site_id} has {KEYHOLDERS_MAX} keyholders already. Nothing was changed. Remove one of them first",
                    "keyholders.too_many",
                )
            _refuse_taken_name(living, contact, None)
            order = _place_of(living, order, None)
            row = KeyholderRow(confirmed_at=self._clock.now_us(), contact=Ref(""), order=order, site_id=site_id)
            item = KeyholderToStore(id=None, row=row, contact=contact, verifier=verifier, is_whole=True)
            return self._commit(item, actor, once)

    def change(
        self,
        id_: Ref,
        version: Seq,
        contact: KeyholderContact,
        order: int | None,
        actor: Actor,
        once: Once | None = None,
    ) -> Keyholder:
        """Put another contact, and another place on the list where one is given, in place of what is.

        Whoever changes somebody's numbers has made sure of them: it counts as confirmed now.

        Raises:
            BadInput: there is no such keyholder.
            Overtaken: it was changed since `version`.
            Conflict: the place is taken, or another of this name is on the list, or it was removed.
        """
        with self._configuration.changing:
            found = self.keyholder(id_)
            if self._configuration.answered(actor, once) is not None:
                return found
            self._refuse_overtaken(found, version)
            _refuse_removed(found)
            living = self.of_site(found.row.site_id)
            _refuse_taken_name(living, contact, id_)
            order = found.row.order if order is None else _place_of(living, order, id_)
            row = msgspec.structs.replace(found.row, order=order, confirmed_at=self._clock.now_us())
            return self._commit(KeyholderToStore(id=id_, row=row, contact=contact), actor, once)

    def set_phrases(
        self, id_: Ref, version: Seq, phrases: Phrases, actor: Actor, once: Once | None = None
    ) -> Keyholder:
        """Give a keyholder these phrases and no others; without any, there are none from now on.

        Raises:
            BadInput, Overtaken: as `change`; or the phrases cannot be.
        """
        verifier = self._hashed(phrases)
        with self._configuration.changing:
            found = self.keyholder(id_)
            if self._configuration.answered(actor, once) is not None:
                return found
            self._refuse_overtaken(found, version)
            _refuse_removed(found)
            item = KeyholderToStore(id=id_, row=found.row, verifier=verifier, is_whole=True)
            return self._commit(item, actor, once)

    def confirm(self, id_: Ref, version: Seq, actor: Actor, once: Once | None = None) -> Keyholder:
        """Note that somebody made sure: still ready, same numbers.

        Raises:
            BadInput, Overtaken, Conflict: as `change`.
        """
        with self._configuration.changing:
            found = self.keyholder(id_)
            if self._configuration.answered(actor, once) is not None:
                return found
            self._refuse_overtaken(found, version)
            _refuse_removed(found)
            row = msgspec.structs.replace(found.row, confirmed_at=self._clock.now_us())
            return self._commit(KeyholderToStore(id=id_, row=row), actor, once)

    def remove(self, id_: Ref, version: Seq, actor: Actor, once: Once | None = None) -> None:
        """Take somebody off the list. Contact and phrases are destroyed 30 days later.

        Raises:
            BadInput, Overtaken: as `change`.
        """
        with self._configuration.changing:
            found = self.keyholder(id_)
            if self._configuration.answered(actor, once) is not None or found.row.removed_at is not None:
                return
            self._refuse_overtaken(found, version)
            row = msgspec.structs.replace(found.row, removed_at=self._clock.now_us())
            self._commit(KeyholderToStore(id=id_, row=row), actor, once)

    def take_back(self, id_: Ref, version: Seq, actor: Actor, once: Once | None = None) -> Keyholder:
        """Put somebody who was removed on the list again, at its end.

        Raises:
            BadInput, Overtaken: as `change`.
            Conflict: the list is full, or somebody of this name is on it.
        """
        with self._configuration.changing:
            found = self.keyholder(id_)
            if self._configuration.answered(actor, once) is not None or found.row.removed_at is None:
                return found
            self._refuse_overtaken(found, version)
            living = self.of_site(found.row.site_id)
            if len(living) >= KEYHOLDERS_MAX:
                raise Conflict(
                    f"{found.row.site_id} has {KEYHOLDERS_MAX} keyholders already. Nothing was changed. Remove one of "
                    "them first",
                    "keyholders.too_many",
                )
            contact = open_contacts([found], self._secrets.secrets_get)[0].contact
            if contact is not None:
                _refuse_taken_name(living, contact, id_)
            row = msgspec.structs.replace(found.row, removed_at=None, order=_place_of(living, None, id_))
            return self._commit(KeyholderToStore(id=id_, row=row, was_removed=True), actor, once)

    def reorder(self, site_id: Ref, ids: Sequence[Ref], actor: Actor, once: Once | None = None) -> None:
        """Let the call list of a site be in this order: 1, 2, 3 and so on.

        Raises:
            BadInput: there is no such site.
            Conflict: these are not all keyholders of the site: somebody changed the list meanwhile.
        """
        with self._configuration.changing:
            self._must_be_site(site_id)
            if self._configuration.answered(actor, once) is not None:
                return
            living = {one.id: one for one in self._store.keyholders([site_id]) if one.row.removed_at is None}
            if len(ids) != len(living) or set(ids) != set(living):
                raise Conflict(
                    f"The call list of {site_id} is not the one that was put in order. Nothing was changed. Look at it "
                    "as it is now",
                    "keyholders.list_changed",
                )
            items = [
                KeyholderToStore(id=id_, row=msgspec.structs.replace(living[id_].row, order=order))
                for order, id_ in enumerate(ids, 1)
                if living[id_].row.order != order
            ]
            if items:
                self._configuration.commit(Change(keyholders=tuple(items)), actor, once=once)

    # Of the site -----------------------------------------------------------------------------------------------------

    def set_site_phrases(
        self, site_id: Ref, version: Seq, phrases: Phrases, actor: Actor, once: Once | None = None
    ) -> SitePhrases | None:
        """Give a site these phrases and no others; without any, there are none from now on.

        Raises:
            BadInput: there is no such site, or the phrases cannot be.
            Overtaken: they were changed since `version`; 0 where there are none.
        """
        verifier = self._hashed(phrases)
        with self._configuration.changing:
            found = self.phrases_of(site_id)
            if self._configuration.answered(actor, once) is not None:
                return found
            self._refuse_other(site_id, found, version)
            is_set = verifier != Verifier()
            if found is None and not is_set:
                return None
            item = PhrasesToStore(row=SitePhrasesRow(site_id=site_id), verifier=verifier if is_set else None)
            made = self._configuration.commit(Change(phrases=(item,)), actor, once=once).phrases[0]
            return made if is_set else None

    def set_wishes(
        self,
        site_id: Ref,
        version: Seq,
        wishes: ResidentWishes,
        consented_at: Micros,
        review_at: Micros,
        actor: Actor,
        once: Once | None = None,
    ) -> SiteWishes:
        """Note a resident's wishes, with when the resident agreed and until when the note is to stay.

        Raises:
            BadInput: there is no such site; nothing is wished; the days cannot be.
            Overtaken: they were changed since `version`; 0 where there are none.
        """
        now = self._clock.now_us()
        if not (wishes.wishes or wishes.key_safe or wishes.words):
            raise BadInput(
                "The note holds no wish. Nothing was changed. Give one, or take the note away", "wishes.none"
            )
        if not now - CONSENT_AGE_DAYS_MAX * DAY_US <= consented_at <= now + DAY_US:
            raise BadInput(
                f"consented_on must be a day within the last {CONSENT_AGE_DAYS_MAX} days. Nothing was changed. Ask the "
                "resident again",
                "wishes.consent",
            )
        if not now < review_at <= now + REVIEW_DAYS_MAX * DAY_US:
            raise BadInput(
                f"review_on must be a day within the next {REVIEW_DAYS_MAX} days. Nothing was changed. Name the day on "
                "which the resident is asked again",
                "wishes.review",
            )
        with self._configuration.changing:
            found = self.wishes_of(site_id)
            if self._configuration.answered(actor, once) is not None and found is not None:
                return found
            self._refuse_other(site_id, found, version)
            row = WishesRow(consented_at=consented_at, review_at=review_at, site_id=site_id)
            change = Change(wishes=(WishesToStore(row=row, wishes=wishes),))
            return self._configuration.commit(change, actor, once=once).wishes[0]

    def end_wishes(self, site_id: Ref, version: Seq, actor: Actor, once: Once | None = None) -> None:
        """Take a note of wishes away: it is destroyed at once.

        Raises:
            BadInput: there is no such site.
            Overtaken: it was changed since `version`.
        """
        with self._configuration.changing:
            found = self.wishes_of(site_id)
            if self._configuration.answered(actor, once) is not None or found is None:
                return
            self._refuse_other(site_id, found, version)
            change = Change(wishes=(WishesToStore(row=WishesRow(site_id=site_id), wishes=None),))
            self._configuration.commit(change, actor, once=once)

    # Inside ----------------------------------------------------------------------------------------------------------

    def _commit(self, item: KeyholderToStore, actor: Actor, once: Once | None) -> Keyholder:
        return self._configuration.commit(Change(keyholders=(item,)), actor, once=once).keyholders[0]

    def _hashed(self, phrases: Phrases) -> Verifier:
        refuse_bad_phrases(phrases)
        return verifier_of(phrases, self._ids)

    def _must_be_site(self, site_id: Ref) -> None:
        if not self._store.sites((site_id,)):
            raise BadInput(
                "There is no such site, or not any more. Nothing was changed. Look at the list again", "sites.unknown"
            )

    def _refuse_overtaken(self, found: Keyholder, version: Seq) -> None:
        if found.seq != version:
            raise Overtaken(found.id, *who_made(self._store, found.seq))

    def _refuse_other(self, site_id: Ref, found: SitePhrases | SiteWishes | None, version: Seq) -> None:
        if found is not None and found.seq != version:
            raise Overtaken(site_id, *who_made(self._store, found.seq))
        if found is None and version != NOTHING:
            raise Conflict(
                f"What was looked at of {site_id} is not there any more. Nothing was changed. Look at it as it is now",
                "config.gone",
            )


def _place_of(living: Sequence[KnownKeyholder], order: int | None, id_: Ref | None) -> int:
    """The place that is asked for, or the one behind all.

    Raises:
        Conflict: another has it, or there is none left.
    """
    taken = {one.row.order: one.id for one in living if one.id != id_}
    if order is None:
        order = max(taken, default=0) + 1
        if order > ORDER_MAX:
            order = next(place for place in range(1, ORDER_MAX + 1) if place not in taken)
    if order in taken:
        raise Conflict(
            f"Place {order} of this call list is taken by {taken[order]}. Nothing was changed. Give another place, or "
            "put the list in order as a whole",
            "keyholders.taken",
        )
    return order


def _refuse_taken_name(living: Sequence[KnownKeyholder], contact: KeyholderContact, id_: Ref | None) -> None:
    """A list with a name twice could not be imported again: nobody could tell whom a row is about."""
    for one in living:
        if one.id != id_ and one.contact is not None and folded(one.contact.name) == folded(contact.name):
            raise Conflict(
                f"{one.id} of this call list has this name already; names are compared without case. Nothing was "
                "changed. Change that one, or write this name in another way",
                "keyholders.same_name",
            )


def _refuse_removed(found: Keyholder) -> None:
    if found.row.removed_at is not None:
        raise Conflict(
            f"{found.id} was taken off the call list. Nothing was changed. Take the keyholder back first",
            "keyholders.removed",
        )
