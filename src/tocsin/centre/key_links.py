"""One-time links to the key of an account: given by the centre, opened once, and both are facts.

Only a keyed hash of a link is kept. The key is in no fact, no log and no address; it leaves once, in the answer to
whoever opens the link. Where another key is wanted, it is made when the link is opened and not before, so that a panel
that works goes on with the one that it has until somebody stands before it.
"""

import base64
import hashlib
import hmac
import threading
from collections.abc import Callable
from typing import Final

import msgspec

from tocsin.centre.account_import import Secret as KeyToStore
from tocsin.centre.configuration import AccountToStore, Change, Configuration, Run, Secrets
from tocsin.centre.texts import open_rows
from tocsin.model.accounts import Account, KeyForm
from tocsin.model.errors import BadInput, Conflict, KeyMissing
from tocsin.model.journal import EntryRow, Fact
from tocsin.model.key_links import (
    KEY_LINK_ENDED,
    KEY_LINK_GIVEN,
    KEY_LINK_OPENED,
    KEY_LINKS_MAX,
    LENGTH_S_MAX,
    EndReason,
    KeyLink,
    KeyLinkEnded,
    KeyLinkGiven,
    KeyLinkOpened,
)
from tocsin.model.ports import Appender, Clock, Ids, Store, StoreTransaction
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Secret, Seq

EPOCH: Final = Code("epoch")
SECOND: Final = 1_000_000
SECRET_BYTES: Final = 32
SECRET_CHARACTERS: Final = 43
DEFAULT_BITS: Final = 128
DEFAULT_FORM: Final[KeyForm] = "hex"
TYPED: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz"
"""Characters of a key that is typed as text: without 0, 1, I, O and l, which look alike on a keypad."""

_PURPOSE: Final = b"tocsin key link 1"


def id_of_link(seq: Seq) -> Ref:
    """The name of the link that the fact of this number gave."""
    return Ref(f"keylink-{seq}")


class AccountKey(msgspec.Struct, frozen=True):
    """A key as it is shown to whoever opened a link. In no text but that page."""

    bits: int
    form: KeyForm
    value: bytes

    def __repr__(self) -> str:
        """Tell the length and never the key."""
        return f"AccountKey({self.bits} bits)"


class KeyLinks:
    """Gives links to keys, opens them and ends them. From any thread but the writer's."""

    def __init__(
        self,
        *,
        configuration: Configuration,
        store: Store,
        secrets: Secrets,
        run: Run,
        clock: Clock,
        ids: Ids,
        key: Callable[[], bytes],
    ) -> None:
        """Work on these; `key` is a lasting key of the centre, that links are hashed under."""
        self._configuration = configuration
        self._store = store
        self._secrets = secrets
        self._run = run
        self._clock = clock
        self._ids = ids
        self._key = key
        self._opening = threading.Lock()
        """Of two who open, or end, or give anew at once, one comes after the other: no key is made for nobody, and
        what was ended shows none."""

    def give(
        self, account_id: Ref, company: Code | None, until: Micros, actor: Actor, *, is_new: bool
    ) -> tuple[KeyLink, Secret]:
        """Make a link to the key of an account; return it with what it holds, which nobody sees again.

        One that is out for the account opens nothing from now on. With `is_new` opening it makes another key.

        Raises:
            BadInput: there is no such account, or the end is not within a day.
            Conflict: the account has no key, or its key was shown already, and no new one is asked for; too many are
                out.
        """
        now = self._clock.now_us()
        if not now < until <= now + LENGTH_S_MAX * SECOND:
            raise BadInput(
                "A link to a key ends after now, and within 24 hours. Nothing was changed. Name such an end",
                "key_link.until",
            )
        account = self._account(account_id)
        if not is_new:
            self._refuse_without_key(account)
        secret = Secret(base64.urlsafe_b64encode(self._ids.token_bytes(SECRET_BYTES)).rstrip(b"=").decode())

        def work(transaction: StoreTransaction, appender: Appender) -> KeyLink:
            living = self.living()
            replaced = [one for one in living if one.given.account_id == account_id]
            if len(living) - len(replaced) >= KEY_LINKS_MAX:
                raise Conflict(
                    f"{KEY_LINKS_MAX} links to keys are out, and no more can be. Nothing was changed. End those that "
                    "nobody needs",
                    "key_link.full",
                )
            for one in replaced:
                _end(transaction, appender, one, "replaced", actor)
            body = KeyLinkGiven(
                account_id=account_id,
                company=company,
                config=self._configuration.config(),
                epoch=self._epoch(),
                is_new=is_new,
                secret=self._hash(secret),
                until=until,
            )
            seq = appender.append(Fact(kind=KEY_LINK_GIVEN, body=body, actor=actor))
            link = _given(body, seq, appender.at, actor)
            transaction.put_key_link(link)
            return link

        with self._opening:
            return self._run(lambda journal: journal.decide(work)), secret

    def living(self) -> list[KeyLink]:
        """Links that open something, in the order in which they were given."""
        return [one for one in self._store.key_links(after=self._clock.now_us()) if self.is_alive(one)]

    def of_account(self, account_id: Ref) -> list[KeyLink]:
        """All links to keys of an account, the newest first, whatever became of them.

        Raises:
            BadInput: there is no such account.
        """
        self._account(account_id)
        return self._store.key_links(account_id)[::-1]

    def end(self, id_: Ref, actor: Actor) -> None:
        """Let a link open nothing more.

        Raises:
            BadInput: there is no such link, or not any more.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            link = next((one for one in self.living() if one.id == id_), None)
            if link is None:
                raise BadInput(
                    "There is no such link to a key, or not any more. Nothing was changed. Look at the list again",
                    "key_link.unknown",
                )
            _end(transaction, appender, link, "by_hand", actor)

        with self._opening:
            self._run(lambda journal: journal.decide(work))

    def find(self, secret: str) -> KeyLink:
        """The link that holds this. Looking does not use it up: mail programs look.

        Raises:
            BadInput: it is none of ours.
        """
        link = self._store.key_link(self._hash(secret)) if len(secret) == SECRET_CHARACTERS else None
        if link is None:
            raise BadInput(
                "This link to a key is not known here: it is not whole, or belongs to another centre. Nothing was "
                "shown. Copy all of it, or ask the centre for another one",
                "key_link.unknown",
            )
        return link

    def is_alive(self, link: KeyLink) -> bool:
        """It shows a key to whoever opens it."""
        given = link.given
        is_open = link.ended is None and link.opened is None
        return is_open and given.until > self._clock.now_us() and given.epoch == self._epoch()

    def account_of(self, link: KeyLink) -> Account:
        """The account of a link.

        Raises:
            BadInput: it was removed since.
        """
        return self._account(link.given.account_id)

    def open(self, secret: str, by: Actor | None) -> tuple[KeyLink, AccountKey]:
        """Open a link: return the key of its account, for the only time. That it was opened is durable before.

        `by` is whoever is signed in there.

        Raises:
            BadInput: it is none of ours, or its account was removed.
            Conflict: it was opened before, was ended, or its time is over.
            KeyMissing: the key is lost; the link stays as it is.
        """
        with self._opening:
            link = self._alive(secret)
            actor = by or Actor(link.id)
            account = self._account(link.given.account_id)
            if link.given.is_new:
                account = self._with_new_key(account, actor)
            reference = account.row.key
            if reference is None:
                raise Conflict(
                    f"Account {account.row.account} has no key any more. Nothing was shown. Ask the centre for a link "
                    "with a new key",
                    "key_link.no_key",
                )
            value = self._secrets.secrets_get([reference.name]).get(reference.name)
            if value is None:
                raise KeyMissing(
                    f"The key of account {account.row.account} is lost. Nothing was shown. Ask the centre for a link "
                    "with a new key",
                    "key_link.lost",
                )
            body = KeyLinkOpened(
                account_id=account.id, bits=reference.bits, form=reference.form, key=Code(reference.name)
            )

            def work(transaction: StoreTransaction, appender: Appender) -> KeyLink:
                appender.append(Fact(kind=KEY_LINK_OPENED, body=body, ref=link.id, actor=actor))
                opened = _opened(link, body, appender.at, actor)
                transaction.put_key_link(opened)
                return opened

            opened = self._run(lambda journal: journal.decide(work))
        return opened, AccountKey(bits=reference.bits, form=reference.form, value=value)

    def _alive(self, secret: str) -> KeyLink:
        link = self.find(secret)
        if not self.is_alive(link):
            raise Conflict(
                "This link to a key shows nothing any more: it was opened, ended, or its time is over. Nothing was "
                "shown. Ask the centre for another one",
                "key_link.over",
            )
        return link

    def _with_new_key(self, account: Account, actor: Actor) -> Account:
        """Give an account another key, of the length and form of the one before."""
        old = account.row.key
        bits, form = (DEFAULT_BITS, DEFAULT_FORM) if old is None else (old.bits, old.form)
        value = self._ids.token_bytes(bits // 8) if form == "hex" else self._typed(bits // 8)
        with self._configuration.changing:
            account = self._account(account.id)
            (row,) = open_rows([account.row], self._secrets.secrets_get)
            item = AccountToStore(id=account.id, row=row, secret=KeyToStore(value=value, form=form))
            return self._configuration.commit(Change(accounts=(item,)), actor).accounts[0]

    def _typed(self, length: int) -> bytes:
        """Evenly drawn characters: bytes beyond the last full round of the alphabet are passed over."""
        bound = 256 - 256 % len(TYPED)
        drawn = ""
        while len(drawn) < length:
            drawn += "".join(TYPED[byte % len(TYPED)] for byte in self._ids.token_bytes(32) if byte < bound)
        return drawn[:length].encode()

    def _refuse_without_key(self, account: Account) -> None:
        number = account.row.account
        if account.row.key is None:
            raise Conflict(
                f"Account {number} has no key. Nothing was changed. Ask for a new one: from when the link is opened, "
                "the account's messages in clear are refused",
                "key_link.no_key",
            )
        for link in reversed(self._store.key_links(account.id)):
            if link.opened is not None and link.opened.key == account.row.key.name:
                raise Conflict(
                    f"The key of account {number} was shown already, by {link.id}; a key is shown once. Nothing was "
                    "changed. Ask for a new one: from when the link is opened, the panel is not heard until it has it",
                    "key_link.shown",
                )

    def _epoch(self) -> int:
        return int(self._store.get_meta(EPOCH) or 0)

    def _account(self, id_: Ref) -> Account:
        found = self._store.accounts((id_,))
        if not found:
            raise BadInput(
                "There is no such account, or not any more. Nothing was changed. Look at the list again",
                "accounts.unknown",
            )
        return found[0]

    def _hash(self, secret: str) -> HexHash:
        return HexHash(hmac.new(self._key(), _PURPOSE + secret.encode(), hashlib.sha256).hexdigest())


class _Entry(msgspec.Struct, gc=False):
    actor: Actor | None
    body: msgspec.Raw
    ref: Ref | None


_ENTRY: Final = msgspec.json.Decoder(_Entry)
_GIVEN: Final = msgspec.json.Decoder(KeyLinkGiven)
_OPENED: Final = msgspec.json.Decoder(KeyLinkOpened)
_ENDED: Final = msgspec.json.Decoder(KeyLinkEnded)


class KeyLinkRebuild:
    """The links from their facts alone."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.links: dict[Ref, KeyLink] = {}

    def take(self, row: EntryRow) -> None:
        """Apply a fact about a link."""
        entry = _ENTRY.decode(row.entry)
        if row.kind == KEY_LINK_GIVEN:
            link = _given(_GIVEN.decode(entry.body), row.seq, row.at, entry.actor)
        else:
            assert entry.ref is not None, "a link is given before it is opened or ended"
            link = self.links[entry.ref]
            if row.kind == KEY_LINK_OPENED:
                link = _opened(link, _OPENED.decode(entry.body), row.at, entry.actor)
            else:
                link = msgspec.structs.replace(link, ended=_ENDED.decode(entry.body).reason)
        self.links[link.id] = link


def _given(body: KeyLinkGiven, seq: Seq, at: Micros, actor: Actor | None) -> KeyLink:
    return KeyLink(
        id=id_of_link(seq),
        ended=None,
        given=body,
        given_at=at,
        given_by=actor,
        opened=None,
        opened_at=None,
        opened_by=None,
        seq=seq,
    )


def _opened(link: KeyLink, body: KeyLinkOpened, at: Micros, actor: Actor | None) -> KeyLink:
    return msgspec.structs.replace(link, opened=body, opened_at=at, opened_by=actor)


def _end(transaction: StoreTransaction, appender: Appender, link: KeyLink, reason: EndReason, actor: Actor) -> None:
    appender.append(Fact(kind=KEY_LINK_ENDED, body=KeyLinkEnded(reason=reason), ref=link.id, actor=actor))
    transaction.put_key_link(msgspec.structs.replace(link, ended=reason))


__all__ = ["AccountKey", "KeyLinkRebuild", "KeyLinks", "id_of_link"]
