"""`/api/v1/sites/{id}/keyholders` and what belongs to it: call lists, phrases, a resident's wishes.

Who keeps a list sees it, and the reading is noted before it leaves. Nobody ever sees a phrase, nor, outside an open
incident of that home, what a resident wishes.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Final

from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, JSONBody, PathParameter, QueryParameter

from tocsin.centre.call_lists import NOTHING
from tocsin.centre.configuration import Once
from tocsin.centre.editing import refuse_bad_form
from tocsin.centre.help_notes import KEYHOLDERS
from tocsin.centre.keyholder_import import TELEPHONES, read_contact
from tocsin.centre.table_files import Problems, TableRow
from tocsin.centre.table_plan import KnownKeyholder
from tocsin.model.errors import Forbidden
from tocsin.model.keyholders import (
    DAY_US,
    REVIEW_SOON_DAYS,
    KeyholderContact,
    Phrases,
    ResidentWishes,
    SitePhrases,
    SiteWishes,
    confirm_due_at,
    erased_at,
)
from tocsin.model.values import Micros, Ref, Seq
from tocsin.web.api.help_types import (
    ContactBody,
    DueAnswer,
    DueItem,
    KeyholderBody,
    KeyholderChange,
    KeyholderItem,
    KeyholdersAnswer,
    OrderBody,
    OwnKeyholderItem,
    OwnKeyholdersAnswer,
    PhrasesBody,
    PhrasesItem,
    SeenBody,
    WishesBody,
    WishesState,
)
from tocsin.web.configuration_items import once as once_of
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

DUE_MAX: Final = 500
"""Sites that the list of what is due names; the rest is counted."""

PrincipalRequest = Request[Principal, Any, Any]
SiteId = Annotated[str, PathParameter(description="Id of a site", max_length=40)]
KeyholderId = Annotated[str, PathParameter(description="Id of a keyholder", max_length=40)]
Version = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="The version that was looked at")]
Key = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        required=False,
        description="The sender's own id of this change. The same change again is made once, for 30 days.",
    ),
]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of keyholders and of what a site has beside them."""
    return [*_read_routes(parts), *_change_routes(parts), *_site_routes(parts), *_own_routes(parts)]


def _read_routes(parts: Parts) -> list[HTTPRouteHandler]:
    desk = _Lists(parts)

    @get("/api/v1/sites/{site_id:str}/keyholders", opt=needs("keyholder.read"), summary="Keyholders of a site")
    @in_thread
    def read_keyholders(request: PrincipalRequest, site_id: SiteId) -> KeyholdersAnswer:
        """The call list, and who was removed within 30 days. The reading is a fact in the journal before it comes."""
        return desk.answer(Ref(site_id), request.user)

    @get("/api/v1/keyholders/due", opt=needs("keyholder.read"), summary="Where something is to be confirmed")
    @in_thread
    def read_keyholders_due() -> DueAnswer:
        """Sites with keyholders that nobody confirmed for a year, or wishes whose review is near. Nobody is named."""
        return desk.due()

    return [read_keyholders, read_keyholders_due]


def _change_routes(parts: Parts) -> list[HTTPRouteHandler]:
    desk = _Lists(parts)
    lists = desk.lists

    @post("/api/v1/sites/{site_id:str}/keyholders", opt=needs("keyholder.write"), summary="Make a keyholder")
    @in_thread
    def make_keyholder(
        request: PrincipalRequest, site_id: SiteId, data: JSONBody[KeyholderBody], key: Key = None
    ) -> KeyholderItem:
        """Put somebody on the call list of a site."""
        given = Phrases(pass_phrase=data.pass_phrase, duress_phrase=data.duress_phrase)
        phrases = None if given == Phrases() else given
        once = desk.once(key, f"keyholder.make {site_id}", data)
        made = lists.make(Ref(site_id), contact_of(data), data.order, phrases, request.user.actor, once)
        return desk.one(made.id, request.user)

    @put(
        "/api/v1/sites/{site_id:str}/keyholders/order",
        opt=needs("keyholder.write"),
        status_code=204,
        summary="Put a call list in order",
    )
    @in_thread
    def order_keyholders(
        request: PrincipalRequest, site_id: SiteId, data: JSONBody[OrderBody], key: Key = None
    ) -> Response[None]:
        """Let the keyholders of a site be called in this order. All of them are named."""
        once = desk.once(key, f"keyholder.order {site_id}", data)
        lists.reorder(Ref(site_id), [Ref(id_) for id_ in data.ids], request.user.actor, once)
        return Response(None, status_code=204)

    @put("/api/v1/keyholders/{keyholder_id:str}", opt=needs("keyholder.write"), summary="Change a keyholder")
    @in_thread
    def change_keyholder(
        request: PrincipalRequest, keyholder_id: KeyholderId, data: JSONBody[KeyholderChange], key: Key = None
    ) -> KeyholderItem:
        """Put name, numbers and place on the list in place of what they are. It counts as confirmed."""
        once = desk.once(key, f"keyholder.change {keyholder_id}", data)
        contact, actor = contact_of(data), request.user.actor
        return desk.one(
            lists.change(Ref(keyholder_id), data.version, contact, data.order, actor, once).id, request.user
        )

    @put("/api/v1/keyholders/{keyholder_id:str}/phrases", opt=needs("keyholder.write"), summary="Set phrases")
    @in_thread
    def set_keyholder_phrases(
        request: PrincipalRequest, keyholder_id: KeyholderId, data: JSONBody[PhrasesBody], key: Key = None
    ) -> KeyholderItem:
        """Give a keyholder these phrases and no others. What is kept tells whether a word is right, not the word."""
        once = desk.once(key, f"keyholder.phrases {keyholder_id}", data)
        phrases = Phrases(pass_phrase=data.pass_phrase, duress_phrase=data.duress_phrase)
        return desk.one(
            lists.set_phrases(Ref(keyholder_id), data.version, phrases, request.user.actor, once).id, request.user
        )

    @post(
        "/api/v1/keyholders/{keyholder_id:str}/confirm",
        opt=needs("keyholder.write"),
        status_code=200,
        summary="Confirm a keyholder",
    )
    @in_thread
    def confirm_keyholder(
        request: PrincipalRequest, keyholder_id: KeyholderId, data: JSONBody[SeenBody], key: Key = None
    ) -> KeyholderItem:
        """Note that somebody made sure: still ready, same numbers. Due once a year."""
        once = desk.once(key, f"keyholder.confirm {keyholder_id}", data)
        return desk.one(lists.confirm(Ref(keyholder_id), data.version, request.user.actor, once).id, request.user)

    @post(
        "/api/v1/keyholders/{keyholder_id:str}/take-back",
        opt=needs("keyholder.write"),
        status_code=200,
        summary="Take a keyholder back",
    )
    @in_thread
    def take_keyholder_back(
        request: PrincipalRequest, keyholder_id: KeyholderId, data: JSONBody[SeenBody], key: Key = None
    ) -> KeyholderItem:
        """Put somebody who was removed within 30 days on the list again, at its end."""
        once = desk.once(key, f"keyholder.take_back {keyholder_id}", data)
        return desk.one(lists.take_back(Ref(keyholder_id), data.version, request.user.actor, once).id, request.user)

    @delete("/api/v1/keyholders/{keyholder_id:str}", opt=needs("keyholder.write"), summary="Remove a keyholder")
    @in_thread
    def remove_keyholder(
        request: PrincipalRequest, keyholder_id: KeyholderId, version: Version, key: Key = None
    ) -> Response[None]:
        """Take somebody off the list. Contact and phrases are destroyed 30 days later."""
        once = desk.once(key, f"keyholder.remove {keyholder_id}", version)
        lists.remove(Ref(keyholder_id), Seq(version), request.user.actor, once)
        return Response(None, status_code=204)

    return [
        make_keyholder,
        order_keyholders,
        change_keyholder,
        set_keyholder_phrases,
        confirm_keyholder,
        take_keyholder_back,
        remove_keyholder,
    ]


def _site_routes(parts: Parts) -> list[HTTPRouteHandler]:
    desk = _Lists(parts)
    lists = desk.lists

    @put("/api/v1/sites/{site_id:str}/phrases", opt=needs("keyholder.write"), summary="Set the phrases of a site")
    @in_thread
    def set_site_phrases(
        request: PrincipalRequest, site_id: SiteId, data: JSONBody[PhrasesBody], key: Key = None
    ) -> PhrasesItem:
        """Give a whole site these phrases and no others, for whoever answers there."""
        once = desk.once(key, f"site.phrases {site_id}", data)
        phrases = Phrases(pass_phrase=data.pass_phrase, duress_phrase=data.duress_phrase)
        return phrases_item(lists.set_site_phrases(Ref(site_id), data.version, phrases, request.user.actor, once))

    @put("/api/v1/sites/{site_id:str}/wishes", opt=needs("wishes.write"), summary="Set a resident's wishes")
    @in_thread
    def set_wishes(
        request: PrincipalRequest, site_id: SiteId, data: JSONBody[WishesBody], key: Key = None
    ) -> WishesState:
        """Note what a resident wants crews to know, whole, with consent and review date. No answer shows it again."""
        once = desk.once(key, f"site.wishes {site_id}", data)
        wishes = ResidentWishes(
            wishes=tuple(dict.fromkeys(data.wishes)), key_safe=_said(data.key_safe), words=_said(data.words)
        )
        found = lists.set_wishes(
            Ref(site_id), data.version, wishes, data.consented_at, data.review_at, request.user.actor, once
        )
        return desk.wishes_state(found)

    @delete("/api/v1/sites/{site_id:str}/wishes", opt=needs("wishes.write"), summary="Take a resident's wishes away")
    @in_thread
    def remove_wishes(request: PrincipalRequest, site_id: SiteId, version: Version, key: Key = None) -> Response[None]:
        """Destroy the note: the resident does not want it any more."""
        lists.end_wishes(
            Ref(site_id), Seq(version), request.user.actor, desk.once(key, f"site.wishes_end {site_id}", version)
        )
        return Response(None, status_code=204)

    return [set_site_phrases, set_wishes, remove_wishes]


def _own_routes(parts: Parts) -> list[HTTPRouteHandler]:
    desk = _Lists(parts)

    @get("/api/v1/own/sites/{site_id:str}/keyholders", opt=needs("own.keyholders"), summary="Keyholders of one's site")
    @in_thread
    def read_own_keyholders(request: PrincipalRequest, site_id: SiteId) -> OwnKeyholdersAnswer:
        """The call list of a site that whoever asks is the contact of."""
        site = desk.own(Ref(site_id), request.user)
        found = desk.lists.of_site(site)
        parts.centre.reads.note(site, KEYHOLDERS, request.user.actor, count=len(found))
        return OwnKeyholdersAnswer(site_id=site, items=[desk.own_item(one) for one in found])

    @post(
        "/api/v1/own/keyholders/{keyholder_id:str}/confirm",
        opt=needs("own.keyholders"),
        status_code=200,
        summary="Confirm a keyholder of one's site",
    )
    @in_thread
    def confirm_own_keyholder(
        request: PrincipalRequest, keyholder_id: KeyholderId, data: JSONBody[SeenBody], key: Key = None
    ) -> SeenBody:
        """Say that somebody on the own call list is still ready, under the same numbers."""
        found = desk.lists.keyholder(Ref(keyholder_id))
        desk.own(found.row.site_id, request.user)
        once = desk.once(key, f"keyholder.confirm_own {keyholder_id}", data)
        return SeenBody(version=desk.lists.confirm(found.id, data.version, request.user.actor, once).seq)

    return [read_own_keyholders, confirm_own_keyholder]


class _Lists:
    """What the routes share. Reads the disk: never in the event loop."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._clock = parts.clock
        self._store = parts.store
        self.lists = parts.centre.call_lists

    def once(self, key: str | None, act: str, body: object) -> Once | None:
        """What makes a change the same one."""
        return once_of(self._parts.vault, key, act, body)

    def answer(self, site_id: Ref, who: Principal) -> KeyholdersAnswer:
        """The list of a site for whoever keeps it."""
        found = self.lists.of_site(site_id, with_removed=True)
        self._parts.centre.reads.note(site_id, KEYHOLDERS, who.actor, count=len(found))
        items = self._items(found)
        return KeyholdersAnswer(
            site_id=site_id,
            items=sorted(items, key=lambda item: (item.removed_at or 0, item.order)),
            phrases=phrases_item(self.lists.phrases_of(site_id)),
            wishes=self.wishes_state(self.lists.wishes_of(site_id)),
        )

    def one(self, id_: Ref, who: Principal) -> KeyholderItem:
        """A keyholder as it is after a change, for whoever made it. What was there before is read, so it is noted."""
        keyholder = self.lists.keyholder(id_)
        self._parts.centre.reads.note(keyholder.row.site_id, KEYHOLDERS, who.actor)
        opened = self.lists.of_site(keyholder.row.site_id, with_removed=True)
        return next(item for item in self._items(opened) if item.id == id_)

    def own(self, site_id: Ref, who: Principal) -> Ref:
        """The site, where whoever asks is a contact of it.

        Raises:
            Forbidden: it is not, or there is none; nobody is told which.
        """
        if site_id not in self._parts.access.granted(who.actor):
            raise Forbidden(
                "This is no site of yours. Nothing was shown or changed. Ask an administrator", "access.forbidden"
            )
        return site_id

    def own_item(self, one: KnownKeyholder) -> OwnKeyholderItem:
        """A keyholder as the contact of the site sees one."""
        item = self._items([one])[0]
        return OwnKeyholderItem(
            id=item.id,
            order=item.order,
            name=item.name,
            telephones=item.telephones,
            availability=item.availability,
            confirmed_at=item.confirmed_at,
            is_due=item.is_due,
            version=item.version,
        )

    def wishes_state(self, found: SiteWishes | None) -> WishesState:
        """That there is a note, and until when."""
        if found is None or found.row.review_at is None:
            return WishesState(is_set=False, consented_at=None, review_at=None, is_due=False, version=NOTHING)
        return WishesState(
            is_set=True,
            consented_at=found.row.consented_at,
            review_at=found.row.review_at,
            is_due=self._is_review_due(found.row.review_at),
            version=found.seq,
        )

    def due(self) -> DueAnswer:
        """Where something is to be looked at again."""
        now = self._clock.now_us()
        oldest: dict[Ref, Micros] = {}
        counts: Counter[Ref] = Counter()
        for one in self._store.keyholders():
            if one.row.removed_at is None and (due_at := confirm_due_at(one.row)) <= now:
                counts[one.row.site_id] += 1
                oldest[one.row.site_id] = min(due_at, oldest.get(one.row.site_id, due_at))
        reviews: set[Ref] = set()
        for one in self._store.site_wishes():
            if one.row.review_at is not None and self._is_review_due(one.row.review_at):
                since = Micros(one.row.review_at - REVIEW_SOON_DAYS * DAY_US)
                reviews.add(one.row.site_id)
                oldest[one.row.site_id] = min(since, oldest.get(one.row.site_id, since))
        ordered = sorted(oldest, key=lambda site_id: (oldest[site_id], site_id))
        names = self._parts.centre.names.sites(ordered[:DUE_MAX])
        items = [
            DueItem(
                site_id=site_id,
                site=names[site_id].name if site_id in names else None,
                keyholders=counts[site_id],
                wishes=site_id in reviews,
                since=oldest[site_id],
            )
            for site_id in ordered[:DUE_MAX]
        ]
        return DueAnswer(items=items, total=len(ordered))

    def _items(self, found: Sequence[KnownKeyholder]) -> list[KeyholderItem]:
        now = self._clock.now_us()
        seqs = {one.id: one.seq for one in self._store.keyholders(ids=[one.id for one in found])}
        return [
            KeyholderItem(
                id=one.id,
                order=one.row.order,
                name=None if one.contact is None else one.contact.name,
                telephones=[] if one.contact is None else list(one.contact.telephones),
                availability="always" if one.contact is None else one.contact.availability,
                has_phrase=one.row.has_phrase,
                has_duress=one.row.has_duress,
                confirmed_at=one.row.confirmed_at,
                confirm_due_at=confirm_due_at(one.row),
                is_due=one.row.removed_at is None and confirm_due_at(one.row) <= now,
                removed_at=one.row.removed_at,
                gone_at=erased_at(one.row),
                version=seqs[one.id],
            )
            for one in found
            if one.id in seqs
        ]

    def _is_review_due(self, review_at: Micros) -> bool:
        return review_at - REVIEW_SOON_DAYS * DAY_US <= self._clock.now_us()


def contact_of(body: ContactBody) -> KeyholderContact:
    """The contact that a body stands for, checked as a row of a file is.

    Raises:
        BadForm: each mistake.
    """
    problems = Problems("form")
    cells = {"name": body.name.strip(), **dict(zip(TELEPHONES, map(str.strip, body.telephones), strict=False))}
    contact = read_contact(
        TableRow(1, {**{name: cell for name, cell in cells.items() if cell}, "availability": body.availability}),
        problems,
    )
    refuse_bad_form(problems)
    assert contact is not None, "what is wrong was noted"
    return contact


def phrases_item(found: SitePhrases | None) -> PhrasesItem:
    """That a site has phrases."""
    if found is None:
        return PhrasesItem(has_phrase=False, has_duress=False, version=NOTHING)
    return PhrasesItem(has_phrase=found.row.has_phrase, has_duress=found.row.has_duress, version=found.seq)


def _said(text: str | None) -> str | None:
    return (text or "").strip() or None
