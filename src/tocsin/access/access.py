"""Who is known here: users, and the sessions, tokens and links that stand for them.

All of it is held in memory, so that asking costs no I/O; every change is a fact in the journal, committed with the row
that it makes before anybody is let in. Secrets are known by their hash alone.
Source: INTEGRATIONS.md, section 11.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final, Protocol

import msgspec

from tocsin.access.approvals import ApprovalBook
from tocsin.access.attempts import Attempts
from tocsin.access.secrets import TOKEN_PREFIX, csrf_of, hash_of, new_secret
from tocsin.access.users import NAME_PREFIX, USER_SET, USERS_MAX, checked_name, checked_roles, user_id
from tocsin.model.access import (
    SCOPES,
    AccessKind,
    AccessRow,
    Challenge,
    CredentialState,
    EndReason,
    LinkCreated,
    LockReason,
    MadeSecret,
    NamedUser,
    Role,
    Scope,
    SessionEnded,
    SessionItem,
    SessionOpened,
    SignInHow,
    TokenCreated,
    TokenItem,
    TokenRevoked,
    TotpOffer,
    User,
    UserRow,
)
from tocsin.model.errors import BadInput, Conflict, DiskFault
from tocsin.model.journal import Fact
from tocsin.model.ports import Clock, Ids, Store, StoreTransaction
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Secret, Seq

_SECOND_US: Final = 1_000_000
DAY_S: Final = 86_400
LINK_S: Final = 900
"""A link lives 15 minutes: long enough to walk to a desk."""

FIRST_LINK_S: Final = DAY_S
"""The link that `tocsin init` prints lives a day: the centre may be set up first."""

TOKEN_DAYS: Final = 90
TOKEN_DAYS_MAX: Final = 3650
SESSIONS_EACH_MAX: Final = 20
"""A user's sessions at once; at a further sign-in the oldest ends."""

LINKS_MAX: Final = 100
TOKENS_MAX: Final = 100
KEPT_S: Final = 30 * DAY_S
"""What has ended is remembered so long, so that a used link can be told from a forged one."""


class Secrets(Protocol):
    """Where names of users are kept (`vault.Vault`)."""

    def secrets_get(self, names: Sequence[str]) -> Mapping[str, bytes]:
        """Unwrap many; those that are not there are left out."""
        ...

    def secrets_put(self, secrets: Mapping[str, bytes]) -> None:
        """Wrap and store some; durable when this returns."""
        ...

    def secrets_delete(self, names: Sequence[str]) -> None:
        """Destroy some."""
        ...


class Record(Protocol):
    """Appends facts by whoever owns the journal, with what they make, in one transaction; waits for the commit."""

    def __call__(
        self, facts: Sequence[Fact], apply: Callable[[StoreTransaction, Sequence[Seq]], None], /
    ) -> Sequence[Seq]:
        """Do it; return the facts' numbers."""
        ...


class LiveSession(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A session that is open, as a request finds it. The roles are those that the user has now."""

    id: Ref
    user: Actor
    roles: tuple[Role, ...]
    expires_at: Micros
    csrf: Code
    locked: bool = False
    """The desk shows, and takes no commands until it is unlocked."""
    how: SignInHow = "link"
    device: bool = False
    """It is bound to a responder's phone; its roles are `responder` alone, whatever else the user has."""
    is_proved: bool = True
    """The phone has signed a challenge within ten minutes; until it has, such a session may do that alone."""


class LiveToken(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A token that opens something."""

    id: Ref
    scopes: tuple[Scope, ...]
    expires_at: Micros


class LinkState(msgspec.Struct, frozen=True):
    """What a link is good for: `alive`, or why it is not."""

    state: str
    """alive, used, expired or unknown."""
    user: Actor | None = None


def tag_of(origin: str) -> str:
    """What tells a centre's cookie from another's: eight hex digits of its origin (`journal.heads`)."""
    return sha256(origin.encode()).hexdigest()[:8]


class _Entry:
    """A row, and when its time is over by a clock that nobody sets."""

    __slots__ = ("deadline_s", "live", "live_user", "row")

    def __init__(self, row: AccessRow, deadline_s: float) -> None:
        self.row = row
        self.deadline_s = deadline_s
        self.live: LiveSession | None = None
        """What requests were told last, while `live_user` is how the user still is."""
        self.live_user: User | None = None


class Access:
    """Asked by every request, without I/O; changed by sign-ins and commands, from any thread but the event loop's."""

    def __init__(
        self,
        *,
        store: Store,
        secrets: Secrets,
        clock: Clock,
        ids: Ids,
        record: Record,
        session_s: int,
        centre_tag: str,
        users_max: int = USERS_MAX,
    ) -> None:
        """Read what there is.

        `session_s` is how long a session lasts at most. `centre_tag` tells this centre's cookie from that of another
        one on the same machine: letters and digits.
        """
        self._store = store
        self._secrets = secrets
        self._clock = clock
        self._ids = ids
        self._record = record
        self._session_s = session_s
        self._users_max = users_max
        self.centre_tag = centre_tag
        self.attempts = Attempts(clock)
        self.approvals = ApprovalBook()
        self._changing = threading.RLock()
        self._watchers: list[Callable[[], None]] = []
        self._users: dict[Actor, User] = {user.id: user for user in store.users()}
        self._names: dict[Actor, str] = self._read_names()
        self._entries: dict[HexHash, _Entry] = {}
        self._by_id: dict[Ref, HexHash] = {}
        self._used_at: dict[HexHash, Micros] = {}
        """Last uses that are not written yet."""
        for row in store.access_rows():
            self._entries[row.hash] = self._entry(row)
            self._by_id[row.id] = row.hash

    # Asked by requests -----------------------------------------------------------------------------------------------

    def session(self, secret: str) -> LiveSession | None:
        """The open session of this secret; None where there is none."""
        entry = self._alive("session", secret)
        if entry is None or entry.row.user is None:
            return None
        user = self._users.get(entry.row.user)
        if user is None or user.row.removed:
            return None
        row = entry.row
        self._used_at[row.hash] = self._clock.now_us()
        if entry.live is None or entry.live_user is not user:
            entry.live = LiveSession(
                id=row.id, user=user.id, roles=user.row.roles, expires_at=row.expires_at, csrf=csrf_of(secret)
            )
            entry.live_user = user
        return entry.live

    def token(self, secret: str) -> LiveToken | None:
        """The token of this secret; None where there is none, or it has ended."""
        if not secret.startswith(TOKEN_PREFIX):
            return None
        entry = self._alive("token", secret)
        if entry is None:
            return None
        row = entry.row
        self._used_at[row.hash] = self._clock.now_us()
        return LiveToken(id=row.id, scopes=row.scopes, expires_at=row.expires_at)

    def knows(self, secret: str) -> bool:
        """Whether this is or was a secret of ours; what is not may be a guess."""
        hash_ = hash_of(secret)
        return hash_ is not None and hash_ in self._entries

    def is_open(self, id_: Ref) -> bool:
        """Whether this session or token still opens something: for what goes on longer than one request."""
        hash_ = self._by_id.get(id_)
        entry = None if hash_ is None else self._entries.get(hash_)
        if entry is None or not self._is_alive(entry):
            return False
        return entry.row.user is None or bool(self.roles_of(entry.row.user))

    def roles_of(self, user: Actor) -> tuple[Role, ...]:
        """The roles that somebody has now; none where they may not come in."""
        found = self._users.get(user)
        return () if found is None or found.row.removed else found.row.roles

    def link(self, secret: str) -> LinkState:
        """What a link is good for. Looking does not use it up: mail programs look."""
        hash_ = hash_of(secret)
        entry = None if hash_ is None else self._entries.get(hash_)
        if entry is None or entry.row.kind != "link":
            return LinkState("unknown")
        if entry.row.used_at is not None:
            return LinkState("used", entry.row.user)
        return LinkState("alive" if self._is_alive(entry) else "expired", entry.row.user)

    def refuse_link(self, secret: str, address: str) -> None:
        """Say why a link lets nobody in, to whoever asks from `address`.

        Raises:
            BadInput: it was used, has expired or is none of ours.
            TooMany: it is none of ours, and too many such came from this address.
        """
        if self.link(secret).state == "unknown":
            self.attempts.failed(address)
        self._usable_link(secret)

    def person(self, id_: Actor) -> NamedUser | None:
        """A user with the name; None where there is none, or the user was removed."""
        user = self._users.get(id_)
        if user is None or user.row.removed:
            return None
        return NamedUser(id=id_, name=self._names.get(id_) or id_, roles=user.row.roles)

    def people(self) -> list[NamedUser]:
        """Everybody who may come in, in the order in which they were made. A name that is lost is the id."""
        return [person for id_ in list(self._users) if (person := self.person(id_)) is not None]

    def watch(self, on_change: Callable[[], None]) -> None:
        """Let `on_change` be called after each change of rights, in the thread of whoever made it."""
        self._watchers.append(on_change)

    # Sign-in and sign-out --------------------------------------------------------------------------------------------

    def sign_in(self, link_secret: str) -> tuple[Secret, LiveSession]:
        """Use a link up and open a session; the secret belongs into its cookie.

        Raises:
            BadInput: the link was used, has expired or is none of ours; its user was removed.
        """
        with self._changing:
            row = self._usable_link(link_secret)
            user = self._users[row.user] if row.user is not None else None
            assert user is not None, "a usable link has a user"
            secret = new_secret(self._ids)
            hash_ = hash_of(secret)
            assert hash_ is not None, "a new secret is short"
            now = self._clock.now_us()
            expires_at = Micros(now + self._session_s * _SECOND_US)
            surplus = self._surplus_sessions(user.id)
            opened = Fact(
                kind=Code("session.opened"), body=SessionOpened(expires_at=expires_at, link=row.id), actor=user.id
            )
            used = msgspec.structs.replace(row, used_at=now, ended_at=now)
            made: list[AccessRow] = [used]

            def apply(transaction: StoreTransaction, seqs: Sequence[Seq]) -> None:
                session = AccessRow(
                    hash=hash_,
                    kind="session",
                    id=Ref(f"session-{seqs[0]}"),
                    user=user.id,
                    created_at=now,
                    expires_at=expires_at,
                )
                made[1:] = [session, *(_ended(old, now) for old in surplus)]
                transaction.put_access(made)
                transaction.drop_access(Micros(now - KEPT_S * _SECOND_US))

            self._record([opened, *(_end_fact(old, user.id, "too_many") for old in surplus)], apply)
            self._keep(made)
        session = self.session(secret)
        assert session is not None, "the session was just made"
        return secret, session

    def sign_out(self, session: Ref, actor: Actor) -> None:
        """End a session; one that has ended stays so."""
        self._end_sessions([row for row in self._open_sessions() if row.id == session], actor, "sign_out")

    # People ----------------------------------------------------------------------------------------------------------

    def set_user(self, name: str, roles: Iterable[str], actor: Actor) -> Actor:
        """Make a user, or give the one of this name these roles; return the id. Names are compared without case.

        Raises:
            BadInput: name or roles are none.
            Conflict: there are 1,000 users already.
        """
        name, wanted = checked_name(name), checked_roles(roles)
        with self._changing:
            found = self.find(name)
            if found is not None:
                user = self._users[found]
                if user.row.roles != wanted:
                    self._store_user(msgspec.structs.replace(user.row, roles=wanted), found, actor)
                return found
            if sum(not user.row.removed for user in self._users.values()) >= self._users_max:
                raise Conflict(
                    f"There are {self._users_max:,} users already. Nothing was changed. Remove some first",
                    "access.users_full",
                )
            reference = Ref(f"{NAME_PREFIX}{self._ids.token_bytes(8).hex()}")
            self._secrets.secrets_put({reference: name.encode()})
            try:
                id_ = self._store_user(UserRow(name=reference, roles=wanted), None, actor)
            except DiskFault:
                # Whether the fact is on the disk is unknown: a name too many is better than a user without one.
                raise
            except BaseException:
                self._secrets.secrets_delete([reference])
                raise
            self._names[id_] = name
            return id_

    def remove_user(self, id_: Actor, actor: Actor) -> None:
        """Let a user in no more: open sessions and links end, and the name is destroyed.

        Raises:
            BadInput: there is no such user.
        """
        with self._changing:
            user = self._users.get(id_)
            if user is None or user.row.removed:
                raise _no_user()
            open_ = [row for row in self._of_user(id_) if row.kind in ("session", "link")]
            now = self._clock.now_us()
            made = [_ended(row, now) for row in open_]
            row = msgspec.structs.replace(user.row, removed=True)
            facts = [
                Fact(kind=USER_SET, body=row, ref=Ref(id_), actor=actor),
                *(_end_fact(old, actor, "user_removed") for old in open_ if old.kind == "session"),
            ]

            def apply(transaction: StoreTransaction, seqs: Sequence[Seq]) -> None:
                transaction.put_users([User(id_, row, seqs[0])])
                transaction.put_access(made)

            seq = self._record(facts, apply)[0]
            self._users[id_] = User(id_, row, seq)
            self._names.pop(id_, None)
            self._keep(made)
            self._secrets.secrets_delete([row.name])
        self._tell()

    def find(self, name: str) -> Actor | None:
        """The user of this name, compared without case."""
        wanted = name.casefold()
        for id_, known in self._names.items():
            if known.casefold() == wanted and not self._users[id_].row.removed:
                return id_
        return None

    # Passwords, codes, PINs ------------------------------------------------------------------------------------------

    def sign_in_with_password(
        self, name: str, password: str, code: str | None, address: str
    ) -> tuple[Secret, LiveSession]:
        """Open a session for whoever knows name and password, and the code where the user has an authenticator.

        Takes about 0.2 s, and longer in a queue: call in a thread.

        Raises:
            SecondFactorNeeded: name and password are right, and `code` is None or empty. Its `ticket` stands for both
                for five minutes: `sign_in_with_code`.
            BadInput: `access.sign_in`: something of it is not right; the message never says what.
            TooMany: too many wrong ones, or too many at once; `retry_after_s` says when to try again.
        """
        raise NotImplementedError

    def sign_in_with_code(self, ticket: str, code: str, address: str) -> tuple[Secret, LiveSession]:
        """The second step of a sign-in, so that no page carries a password through.

        Raises:
            BadInput: `access.sign_in`: the code is not right (the ticket is good for five tries in all), or was used;
                `access.ticket`: the ticket is none, or its time is over: begin again.
            TooMany: as `sign_in_with_password`.
        """
        raise NotImplementedError

    def check_person(self, name: str, password: str, code: str | None, address: str) -> Actor:
        """Who this is, as `sign_in_with_password` finds out and with its errors; no session is made."""
        raise NotImplementedError

    def confirm(self, session: Ref, password: str, code: str | None, address: str) -> None:
        """Let the user of an open session show again who it is; the session is fresh for 15 minutes (`is_fresh`).

        Raises: as `check_person`.
        """
        raise NotImplementedError

    def is_fresh(self, session: Ref) -> bool:
        """Whether its user showed within 15 minutes who it is, by sign-in or `confirm`.

        Own credentials are changed from a fresh session only, so that an unattended desk gives nobody a password.
        """
        raise NotImplementedError

    def set_password(
        self,
        user: Actor,
        new: str,
        actor: Actor,
        *,
        old: str | None = None,
        session: Ref | None = None,
        address: str = "",
    ) -> None:
        """Set a password. All other sessions of the user end; `session` is the one that stays.

        The own one needs `old`, unless `session` was opened by a link within 15 minutes. Another's is set by the
        command line alone (actor `cli`): whoever administers people hands out a link.

        Raises:
            BadInput: `access.password_length`, `access.password_weak`, `access.password_characters`: choose another;
                `access.sign_in`: `old` is not right.
            Forbidden: `access.confirm`: `old` is wanted; `access.forbidden`: it is another's.
            TooMany: as `sign_in_with_password`.
        """
        raise NotImplementedError

    def begin_totp(self, user: Actor, session: Ref | None = None) -> TotpOffer:
        """Offer a secret for an authenticator; kept in memory for 10 minutes, until `confirm_totp`.

        Raises:
            Forbidden: `access.confirm`: `session` was given and is not fresh.
            Conflict: `access.no_password`: there is no password that a code could come second to.
        """
        raise NotImplementedError

    def confirm_totp(self, user: Actor, code: str) -> tuple[Secret, ...]:
        """Use the authenticator from now on; return ten recovery codes, shown this once.

        Raises:
            BadInput: `access.code`: it is not the offer's code; `access.no_offer`: begin again.
        """
        raise NotImplementedError

    def remove_totp(self, user: Actor, actor: Actor, session: Ref | None = None) -> None:
        """Forget an authenticator and its recovery codes. `session` as in `begin_totp`, for the own one.

        Raises:
            BadInput: `access.no_totp`: there is none.
        """
        raise NotImplementedError

    def make_recovery_codes(self, user: Actor, session: Ref | None = None) -> tuple[Secret, ...]:
        """Make ten new recovery codes, shown this once; the old ones open nothing any more.

        Raises:
            Conflict: `access.no_totp`: there is no authenticator that they could stand in for.
        """
        raise NotImplementedError

    def set_pin(self, user: Actor, pin: str, session: Ref | None = None) -> None:
        """Set the PIN that unlocks a desk: 6 to 12 digits.

        Raises:
            BadInput: `access.pin`: it is none, or one that everybody tries first.
        """
        raise NotImplementedError

    def remove_pin(self, user: Actor, actor: Actor) -> None:
        """Forget a PIN; one that is not there stays so."""
        raise NotImplementedError

    def credentials_of(self, user: Actor) -> CredentialState:
        """What somebody can sign in or unlock with, and since when."""
        raise NotImplementedError

    # Lock and unlock -------------------------------------------------------------------------------------------------

    def lock(self, session: Ref, reason: LockReason = "asked") -> None:
        """Lock a desk: its session shows, and takes no commands. One that is locked stays so.

        Raises:
            Conflict: `access.no_unlock`: the user has neither PIN nor password to unlock it with.
        """
        raise NotImplementedError

    def unlock(self, session: Ref, secret: str, address: str) -> LiveSession:
        """Unlock by the user's PIN or password. Wrong ones cost time, and never end the session.

        Raises:
            BadInput: `access.unlock`: it is not right.
            TooMany: wait first.
        """
        raise NotImplementedError

    # Sessions of others, and everywhere ------------------------------------------------------------------------------

    def sessions(self, user: Actor | None = None) -> list[SessionItem]:
        """Open sessions, of a user or of all, newest first."""
        raise NotImplementedError

    def end_session(self, id_: Ref, actor: Actor, reason: EndReason) -> None:
        """End an open session.

        Raises:
            BadInput: `access.no_session`: there is none of this id that is open.
        """
        raise NotImplementedError

    def end_all(self, user: Actor, actor: Actor, reason: EndReason, but: Ref | None = None) -> int:
        """End all open sessions of a user but one, and the links that are not used yet; return how many sessions."""
        raise NotImplementedError

    # Phones ----------------------------------------------------------------------------------------------------------

    def bind_device(self, session: Ref, public_key: bytes) -> LiveSession:
        """Bind a responder's session to the phone: 90 days, roles `responder` alone, proved every ten minutes.

        `public_key`: an uncompressed point of P-256, 65 bytes, as `crypto.subtle.exportKey("raw", ...)` gives it.
        The session keeps its cookie, which needs a new age; it is not proved until `prove`.

        Raises:
            BadInput: `access.device_key`: it is no such key.
            Forbidden: `access.not_responder`; `access.confirm`: the session is not fresh.
            Conflict: `access.bound`: it is bound already.
        """
        raise NotImplementedError

    def challenge(self, session: Ref) -> Challenge:
        """What the phone of a bound session signs next: once, within a minute.

        Raises:
            Conflict: `access.not_bound`.
        """
        raise NotImplementedError

    def prove(self, session: Ref, signature: bytes) -> LiveSession:
        """Take the signature of the last challenge, 64 bytes as WebCrypto makes it: proved for ten minutes.

        Raises:
            BadInput: `access.device_proof`: it is none of this phone, of another challenge, or too late.
        """
        raise NotImplementedError

    # Roles, names, grants --------------------------------------------------------------------------------------------

    def set_roles(self, user: Actor, roles: Iterable[str], actor: Actor) -> None:
        """Give a user these roles, at once, in open sessions too.

        Raises:
            BadInput: `access.roles`, `user.unknown`.
            Conflict: `access.last_administrator`: nobody else could give the role back.
        """
        raise NotImplementedError

    def rename_user(self, user: Actor, name: str, actor: Actor) -> None:
        """Give a user another name; the old one is destroyed.

        Raises:
            BadInput: `access.name`, `user.unknown`.
            Conflict: `access.name_taken`.
        """
        raise NotImplementedError

    def grant(self, user: Actor, target: Ref, actor: Actor) -> None:
        """Let a site contact see a site (`site-N`), or an installer an account (`account-N`).

        Raises:
            BadInput: `user.unknown`, `access.grant`: the target is none, or the user has not the role for it.
            Conflict: `access.grants_full`.
        """
        raise NotImplementedError

    def revoke_grant(self, user: Actor, target: Ref, actor: Actor) -> None:
        """Take a grant back; one that is not there stays so."""
        raise NotImplementedError

    def granted(self, user: Actor) -> frozenset[Ref]:
        """Sites that somebody is contact of, and accounts that somebody is installer of, by the roles of now."""
        raise NotImplementedError

    # Links -----------------------------------------------------------------------------------------------------------

    def create_link(self, user: Actor, actor: Actor, seconds: int = LINK_S) -> MadeSecret:
        """Make a link that lets a user in once, within `seconds`.

        Raises:
            BadInput: there is no such user.
            Conflict: 100 unused links are alive.
        """
        with self._changing:
            if self.person(user) is None:
                raise _no_user()
            self._refuse_more("link", LINKS_MAX, "Use them, or wait until they have expired")
            return self._make(
                "link", new_secret(self._ids), seconds, lambda end: LinkCreated(expires_at=end, user=user), actor, user
            )

    # Tokens ----------------------------------------------------------------------------------------------------------

    def create_token(self, scopes: Iterable[str], days: int, actor: Actor) -> MadeSecret:
        """Make a token for a program; its secret is in the answer and nowhere else.

        Raises:
            BadInput: no scope, an unknown one, or a time outside 1 to 3,650 days.
            Conflict: 100 tokens are alive.
        """
        wanted = set(scopes)
        known: tuple[Scope, ...] = tuple(scope for scope in sorted(SCOPES) if scope in wanted)
        if not known or len(known) != len(wanted):
            raise BadInput(
                f"A token has one or more of the scopes {', '.join(SCOPES)}. Nothing was made. Give those",
                "usage.scope",
            )
        if not 1 <= days <= TOKEN_DAYS_MAX:
            raise BadInput(
                f"A token lives 1 to {TOKEN_DAYS_MAX:,} days. Nothing was made. Give a number of days in that range",
                "usage.days",
            )
        with self._changing:
            self._refuse_more("token", TOKENS_MAX, "Revoke those that nobody uses")
            secret = new_secret(self._ids, TOKEN_PREFIX)
            return self._make(
                "token",
                secret,
                days * DAY_S,
                lambda end: TokenCreated(expires_at=end, scopes=known),
                actor,
                None,
                known,
            )

    def tokens(self) -> list[TokenItem]:
        """All tokens, newest first; those that ended stay listed for 30 days."""
        found = [entry for entry in self._entries.values() if entry.row.kind == "token"]
        found.sort(key=lambda entry: (entry.row.created_at, entry.row.id), reverse=True)
        return [
            TokenItem(
                id=entry.row.id,
                scopes=entry.row.scopes,
                created_at=entry.row.created_at,
                expires_at=entry.row.expires_at,
                used_at=self._used_at.get(entry.row.hash, entry.row.used_at),
                state="revoked" if entry.row.ended_at else "alive" if self._is_alive(entry) else "expired",
            )
            for entry in found
        ]

    def revoke_token(self, id_: Ref, actor: Actor) -> None:
        """Let a token open nothing any more.

        Raises:
            BadInput: there is no such token, or it has ended.
        """
        with self._changing:
            found = [
                entry.row
                for entry in self._entries.values()
                if entry.row.kind == "token" and entry.row.id == id_ and self._is_alive(entry)
            ]
            if not found:
                raise BadInput(
                    "There is no such token, or it has ended already. Nothing was changed. `tocsin token list` shows "
                    "them all",
                    "token.unknown",
                )
            made = [_ended(row, self._clock.now_us()) for row in found]
            fact = Fact(kind=Code("token.revoked"), body=TokenRevoked(scopes=found[0].scopes), ref=id_, actor=actor)
            self._record([fact], lambda transaction, _seqs: transaction.put_access(made))
            self._keep(made)
        self._tell()

    # Once a minute ---------------------------------------------------------------------------------------------------

    def write_uses(self) -> None:
        """Write when sessions and tokens were last used. Call about once a minute, not from the event loop."""
        with self._changing:
            used, self._used_at = self._used_at, {}
            made: list[AccessRow] = []
            for hash_, at in list(used.items()):
                entry = self._entries.get(hash_)
                if entry is not None:
                    made.append(msgspec.structs.replace(entry.row, used_at=at))
            if made:
                self._record([], lambda transaction, _seqs: transaction.put_access(made))
                self._keep(made)

    # Inside ----------------------------------------------------------------------------------------------------------

    def _usable_link(self, secret: str) -> AccessRow:
        hash_ = hash_of(secret)
        entry = None if hash_ is None else self._entries.get(hash_)
        if entry is None or entry.row.kind != "link":
            raise BadInput(
                "This sign-in link is not known here: it is not whole, or belongs to another centre. Nobody was signed "
                "in. Copy all of it, or have a new one made with `tocsin link`",
                "link.unknown",
            )
        if entry.row.used_at is not None:
            raise BadInput(
                "This sign-in link was used already; it works once. Nobody was signed in. Have a new one made with "
                "`tocsin link`. If it was not you who used it, say so to an administrator",
                "access.link_used",
            )
        if not self._is_alive(entry) or entry.row.user is None or not self.roles_of(entry.row.user):
            raise BadInput(
                "This sign-in link has expired. Nobody was signed in. Have a new one made with `tocsin link`",
                "access.link_expired",
            )
        return entry.row

    def _make(
        self,
        kind: AccessKind,
        secret: Secret,
        seconds: int,
        body: Callable[[Micros], msgspec.Struct],
        actor: Actor,
        user: Actor | None,
        scopes: tuple[Scope, ...] = (),
    ) -> MadeSecret:
        hash_ = hash_of(secret)
        assert hash_ is not None, "a new secret is short"
        now = self._clock.now_us()
        expires_at = Micros(now + seconds * _SECOND_US)
        made: list[AccessRow] = []

        def apply(transaction: StoreTransaction, seqs: Sequence[Seq]) -> None:
            made[:] = [
                AccessRow(
                    hash=hash_,
                    kind=kind,
                    id=Ref(f"{kind}-{seqs[0]}"),
                    user=user,
                    scopes=scopes,
                    created_at=now,
                    expires_at=expires_at,
                )
            ]
            transaction.put_access(made)

        self._record([Fact(kind=Code(f"{kind}.created"), body=body(expires_at), actor=actor)], apply)
        self._keep(made)
        return MadeSecret(id=made[0].id, secret=secret, expires_at=expires_at)

    def _store_user(self, row: UserRow, id_: Actor | None, actor: Actor) -> Actor:
        fact = Fact(kind=USER_SET, body=row, ref=None if id_ is None else Ref(id_), actor=actor)

        def apply(transaction: StoreTransaction, seqs: Sequence[Seq]) -> None:
            transaction.put_users([User(id_ or user_id(seqs[0]), row, seqs[0])])

        seq = self._record([fact], apply)[0]
        made = User(id_ or user_id(seq), row, seq)
        self._users[made.id] = made
        self._tell()
        return made.id

    def _end_sessions(self, rows: Sequence[AccessRow], actor: Actor, reason: EndReason) -> None:
        with self._changing:
            alive = [row for row in rows if self._is_alive(self._entries[row.hash])]
            if not alive:
                return
            made = [_ended(row, self._clock.now_us()) for row in alive]
            facts = [_end_fact(row, actor, reason) for row in alive]
            self._record(facts, lambda transaction, _seqs: transaction.put_access(made))
            self._keep(made)
        self._tell()

    def _open_sessions(self) -> list[AccessRow]:
        return [
            entry.row for entry in list(self._entries.values()) if entry.row.kind == "session" and self._is_alive(entry)
        ]

    def _of_user(self, id_: Actor) -> list[AccessRow]:
        return [entry.row for entry in list(self._entries.values()) if entry.row.user == id_ and self._is_alive(entry)]

    def _surplus_sessions(self, user: Actor) -> list[AccessRow]:
        """The oldest sessions that must end for one more to begin."""
        found = sorted(
            (row for row in self._open_sessions() if row.user == user), key=lambda row: (row.created_at, row.id)
        )
        return found[: max(0, len(found) + 1 - SESSIONS_EACH_MAX)]

    def _refuse_more(self, kind: AccessKind, most: int, remedy: str) -> None:
        alive = sum(entry.row.kind == kind and self._is_alive(entry) for entry in self._entries.values())
        if alive >= most:
            raise Conflict(
                f"{most} {kind}s are alive already, which is the limit. Nothing was made. {remedy}", "access.full"
            )

    def _alive(self, kind: AccessKind, secret: str) -> _Entry | None:
        hash_ = hash_of(secret)
        entry = None if hash_ is None else self._entries.get(hash_)
        return entry if entry is not None and entry.row.kind == kind and self._is_alive(entry) else None

    def _is_alive(self, entry: _Entry) -> bool:
        """By the wall clock and by one that nobody sets: a clock set back lengthens nothing."""
        row = entry.row
        if row.ended_at is not None or self._clock.monotonic_s() >= entry.deadline_s:
            return False
        return self._clock.now_us() < row.expires_at

    def _entry(self, row: AccessRow) -> _Entry:
        now = self._clock.now_us()
        left_us = min(row.expires_at - now, row.expires_at - row.created_at)
        return _Entry(row, self._clock.monotonic_s() + left_us / _SECOND_US)

    def _keep(self, rows: Iterable[AccessRow]) -> None:
        """Know these rows, as they are stored now; forget those that the store has dropped."""
        for row in rows:
            old = self._entries.get(row.hash)
            # What is only changed keeps its deadline: it was worked out when the row was made.
            self._entries[row.hash] = self._entry(row) if old is None else _Entry(row, old.deadline_s)
            self._by_id[row.id] = row.hash
        before = self._clock.now_us() - KEPT_S * _SECOND_US
        for hash_, entry in list(self._entries.items()):
            if (entry.row.expires_at if entry.row.ended_at is None else entry.row.ended_at) < before:
                del self._entries[hash_]
                self._by_id.pop(entry.row.id, None)

    def _read_names(self) -> dict[Actor, str]:
        living = {user.id: user.row.name for user in self._users.values() if not user.row.removed}
        found = self._secrets.secrets_get(sorted(living.values()))
        return {id_: found[name].decode("utf-8", "replace") for id_, name in living.items() if name in found}

    def _tell(self) -> None:
        for on_change in self._watchers:
            on_change()


def _ended(row: AccessRow, now: Micros) -> AccessRow:
    return msgspec.structs.replace(row, ended_at=now)


def _end_fact(row: AccessRow, actor: Actor, reason: EndReason) -> Fact:
    return Fact(kind=Code("session.ended"), body=SessionEnded(reason=reason), ref=row.id, actor=actor)


def _no_user() -> BadInput:
    return BadInput("There is no such user. Nothing was changed. List the users first", "user.unknown")
