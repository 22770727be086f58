"""Who is known here: users, and what stands for them: passwords, codes, sessions, tokens, links, phones, grants.

What requests ask is held in memory, so that asking costs no I/O; every change is a fact in the journal, committed with
the row that it makes before anybody is let in. Secrets of sessions, tokens, links and recovery codes are known by their
hash alone; passwords, PINs and the secrets of authenticators lie in the vault.
Source: INTEGRATIONS.md, section 11.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec

from tocsin.access.approvals import ApprovalBook
from tocsin.access.attempts import Attempts
from tocsin.access.base import Base, Change, Record, Secrets, journal_time_since, no_user
from tocsin.access.credentials import CREDENTIAL_PREFIX, Credentials
from tocsin.access.devices import DEVICE_S, Devices, checked_key
from tocsin.access.entries import DAY_S, KEPT_S, SECOND_US, Entries, Entry, LiveSession, LiveToken, ended
from tocsin.access.grants import Grants
from tocsin.access.passwords import Passwords, is_pin, refuse_pin
from tocsin.access.secrets import (
    RECOVERY_CODES,
    TOKEN_PREFIX,
    csrf_of,
    hash_of,
    new_recovery_code,
    new_secret,
    recovery_hash,
    tag_of,
)
from tocsin.access.sign_in import Known, SignIn
from tocsin.access.totp import SECRET_BYTES as TOTP_SECRET_BYTES
from tocsin.access.totp import base32, plain_code, step_of, uri_of
from tocsin.access.users import NAME_PREFIX, USER_SET, USERS_MAX, checked_name, checked_roles, user_id
from tocsin.model.access import (
    CREDENTIAL_KINDS,
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
    SessionBound,
    SessionEnded,
    SessionItem,
    SessionLocked,
    SessionOpened,
    SessionUnlocked,
    SignInHow,
    TokenCreated,
    TokenItem,
    TokenRevoked,
    TotpOffer,
    UnlockHow,
    User,
    UserRow,
)
from tocsin.model.errors import BadInput, Conflict, Forbidden, TooMany
from tocsin.model.journal import Fact
from tocsin.model.ports import Clock, Ids, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Secret, Seq

__all__ = ["KEPT_S", "Access", "LinkState", "LiveSession", "LiveToken", "Record", "Secrets", "tag_of"]

CLI: Final = Actor("cli")
LINK_S: Final = 900
"""A link lives 15 minutes: long enough to walk to a desk."""

FIRST_LINK_S: Final = DAY_S
"""The link that `tocsin init` prints lives a day: the centre may be set up first."""

FRESH_S: Final = 900
"""So long after showing who one is, the own credentials may be changed."""

OFFER_S: Final = 600
OFFER_TRIES: Final = 5
TOKEN_DAYS: Final = 90
TOKEN_DAYS_MAX: Final = 3650
SESSIONS_EACH_MAX: Final = 20
"""A user's sessions at once; at a further sign-in the oldest ends, phones last."""

LINKS_MAX: Final = 100
TOKENS_MAX: Final = 100
RECOVERY_S: Final = 100 * 365 * DAY_S
"""Recovery codes have no end."""

_SESSION_ENDED: Final = Code("session.ended")


class LinkState(msgspec.Struct, frozen=True):
    """What a link is good for: `alive`, or why it is not."""

    state: str
    """alive, used, expired or unknown."""
    user: Actor | None = None


class _Offer:
    """A secret for an authenticator that nobody has given a code of yet."""

    __slots__ = ("secret", "tries", "until_s")

    def __init__(self, secret: bytes, until_s: float) -> None:
        self.secret = secret
        self.until_s = until_s
        self.tries = 0


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
        centre_name: str = "Tocsin",
        users_max: int = USERS_MAX,
        passwords: Passwords | None = None,
    ) -> None:
        """Read what there is.

        `session_s` is how long a session lasts at most. `centre_tag` tells this centre's cookie from that of another
        one on the same machine: letters and digits. `centre_name` is what authenticators show, and no password.
        """
        self._base = base = Base(store, secrets, clock, ids, record)
        self._store = store
        self._secrets = secrets
        self._clock = clock
        self._ids = ids
        self._record = record
        self._session_s = session_s
        self._users_max = users_max
        self._centre_name = centre_name
        self.centre_tag = centre_tag
        self.attempts = Attempts(clock, ids)
        self._changing = base.changing
        self._watchers: list[Callable[[], None]] = []
        self._users: dict[Actor, User] = {user.id: user for user in store.users()}
        self._names: dict[Actor, str] = self._read_names()
        self._entries = Entries(clock, store.access_rows(), journal_time_since(store, clock))
        self._used_at: dict[Ref, Micros] = {}
        """Last uses that are not written yet, by session or token."""
        self._fresh_until_s: dict[Ref, float] = {}
        """Sessions whose user has shown lately who it is."""
        self._code_until_s: dict[Ref, float] = {}
        """Sessions whose user has lately confirmed with all that a sign-in takes."""
        self._offers: dict[Actor, _Offer] = {}
        self._passwords = passwords or Passwords()
        self._credentials = Credentials(base)
        self._devices = Devices(base)
        self._grants = Grants(base)
        self._sign_in = SignIn(
            base, self._entries, self._credentials, self._passwords, self.attempts, self.find, self.person
        )
        self.approvals = ApprovalBook(base, self.roles_of)
        self._destroy_left_over()

    # Asked by requests -----------------------------------------------------------------------------------------------

    def session(self, secret: str) -> LiveSession | None:
        """The open session of this secret; None where there is none."""
        entry = self._entries.alive("session", secret)
        if entry is None or entry.row.user is None:
            return None
        user = self._users.get(entry.row.user)
        if user is None or user.row.removed:
            return None
        row = entry.row
        self._used_at[row.id] = self._clock.now_us()
        live = entry.live
        if live is not None and entry.live_user is user and (row.device is None or self._is_as_proved(live)):
            return live
        entry.csrf = csrf_of(secret)
        return self._live(entry, user)

    def token(self, secret: str) -> LiveToken | None:
        """The token of this secret; None where there is none, or it has ended."""
        if not secret.startswith(TOKEN_PREFIX):
            return None
        entry = self._entries.alive("token", secret)
        if entry is None:
            return None
        row = entry.row
        self._used_at[row.id] = self._clock.now_us()
        return LiveToken(id=row.id, scopes=row.scopes, expires_at=row.expires_at)

    def knows(self, secret: str) -> bool:
        """Whether this is or was a secret of ours; what is not may be a guess."""
        return self._entries.of_secret(secret) is not None

    def is_open(self, id_: Ref) -> bool:
        """Whether this session or token still opens something: for what goes on longer than one request."""
        entry = self._entries.of_id(id_)
        if entry is None or not self._entries.is_alive(entry):
            return False
        if entry.row.device is not None and not self._devices.is_proved(id_):
            return False
        return entry.row.user is None or bool(self.roles_of(entry.row.user))

    def roles_of(self, user: Actor) -> tuple[Role, ...]:
        """The roles that somebody has now; none where they may not come in."""
        found = self._users.get(user)
        return () if found is None or found.row.removed else found.row.roles

    def granted(self, user: Actor) -> frozenset[Ref]:
        """Sites that somebody is contact of, and accounts that somebody is installer of, by the roles of now."""
        return self._grants.of(user, self.roles_of(user))

    def link(self, secret: str) -> LinkState:
        """What a link is good for. Looking does not use it up: mail programs look."""
        entry = self._entries.of_secret(secret)
        if entry is None or entry.row.kind != "link":
            return LinkState("unknown")
        if entry.row.used_at is not None:
            return LinkState("used", entry.row.user)
        return LinkState("alive" if self._entries.is_alive(entry) else "expired", entry.row.user)

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

    def sign_in(self, link_secret: str, address: str | None = None) -> tuple[Secret, LiveSession]:
        """Use a link up and open a session; the secret belongs into its cookie.

        Raises:
            BadInput: the link was used, has expired or is none of ours; its user was removed.
        """
        with self._changing:
            row = self._usable_link(link_secret)
            assert row.user is not None, "a usable link has a user"
            now = self._clock.now_us()
            used = ended(msgspec.structs.replace(row, used_at=now), now)
            change = Change()
            change.write(lambda transaction: transaction.put_access([used]))
            change.after(lambda: self._entries.keep([used]))
            opened = self._open_session(row.user, "link", change, row.id)
            if address is not None and row.user in self._names:
                self.attempts.signed_in(self._names[row.user], address)
        return opened

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
        return self._enter(self._sign_in.identify(name, password, address), code)

    def sign_in_with_code(self, ticket: str, code: str, address: str) -> tuple[Secret, LiveSession]:
        """The second step of a sign-in, so that no page carries a password through.

        Raises:
            BadInput: `access.sign_in`: the code is not right (the ticket is good for five tries in all), or was used;
                `access.ticket`: the ticket is none, or its time is over: begin again.
            TooMany: as `sign_in_with_password`.
        """
        return self._enter(self._sign_in.of_ticket(ticket, address), code)

    def check_person(self, name: str, password: str, code: str | None, address: str) -> Actor:
        """Who this is, as `sign_in_with_password` finds out and with its errors; no session is made."""
        return self._check(self._sign_in.identify(name, password, address), code)

    def confirm(self, session: Ref, password: str, code: str | None, address: str) -> None:
        """Let the user of an open session show again who it is; the session is fresh for 15 minutes (`is_fresh`).

        Raises: as `check_person`.
        """
        row = self._open_row(session)
        assert row.user is not None, "a session has a user"
        self._check(self._sign_in.identify(self._names.get(row.user, row.user), password, address, row.user), code)
        self._freshen(session)
        self._code_until_s[session] = self._clock.monotonic_s() + FRESH_S

    def is_fresh(self, session: Ref) -> bool:
        """Whether its user showed within 15 minutes who it is, by sign-in or `confirm`.

        Own credentials are changed from a fresh session only, so that an unattended desk gives nobody a password.
        """
        until_s = self._fresh_until_s.get(session)
        return until_s is not None and self._clock.monotonic_s() < until_s

    def refuse_link_alone(self, session: Ref) -> None:
        """Refuse a session that came by a link, past the authenticator that its user has, and was not confirmed since.

        Whoever administers people makes links for them: nobody shall be a second person by that, nor replace another's
        authenticator.

        Raises:
            Forbidden: `access.confirm`.
        """
        row = self._open_row(session)
        assert row.user is not None, "a session has a user"
        if row.how not in (None, "link") or self._credentials.row(row.user, "totp") is None:
            return
        if self._clock.monotonic_s() >= self._code_until_s.get(session, float("-inf")):
            raise Forbidden(
                "You came in by a link, which asks for no code. Nothing was changed. Give your password and a code of "
                "your authenticator again, or sign in with them",
                "access.confirm",
            )

    def sign_out(self, session: Ref, actor: Actor) -> None:
        """End a session; one that has ended stays so."""
        row = self._entries.session(session)
        if row is not None:
            self._end([row], actor, "sign_out")

    # Passwords, codes, PINs ------------------------------------------------------------------------------------------

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
        """Set a password. The user's links and all other sessions end; `session` is the one that stays.

        The own one needs `old`, unless `session` was opened by a link within 15 minutes. Another's is set by the
        command line alone (actor `cli`): whoever administers people hands out a link.

        Raises:
            BadInput: `access.password_length`, `access.password_weak`, `access.password_characters`: choose another;
                `access.sign_in`: `old` is not right.
            Forbidden: `access.confirm`: `old` is wanted; `access.others_password`: it is another's.
            TooMany: as `sign_in_with_password`.
        """
        person = self._person(user)
        if actor != user and actor != CLI:
            raise Forbidden(
                "Nobody sets another's password. Nothing was changed. Have a sign-in link made for them",
                "access.others_password",
            )
        if actor == user:
            if old is not None:
                known = self._sign_in.identify(person.name, old, address, user)
                known.gate.right()
            elif not self._came_by_link(user, session):
                raise Forbidden(
                    "The password that you have now is wanted as well. Nothing was changed. Give it, or have a "
                    "sign-in link made and use it first",
                    "access.confirm",
                )
        self._passwords.refuse_weak(new, (person.name, self._centre_name, "tocsin"))
        kept = self._passwords.hash(new)
        with self._changing:
            self._person(user)
            change = Change()
            self._credentials.set(user, "password", kept, actor, change)
            self._add_end(self._sessions_of(user, but=session), actor, "password", change)
            self._add_rows(self._ended_rows(user, "link"), change)
            change.commit(self._base)
        self._tell()

    def begin_totp(self, user: Actor, session: Ref | None = None) -> TotpOffer:
        """Offer a secret for an authenticator; kept in memory for 10 minutes, until `confirm_totp`.

        Raises:
            Forbidden: `access.confirm`: `session` was given and is not fresh.
            Conflict: `access.no_password`: there is no password that a code could come second to.
        """
        person = self._person(user)
        self._refuse_stale(session)
        if session is not None:
            self.refuse_link_alone(session)
        if self._credentials.row(user, "password") is None:
            raise Conflict(
                "A code comes second to a password, and none is set. Nothing was changed. Set a password first",
                "access.no_password",
            )
        secret = self._ids.token_bytes(TOTP_SECRET_BYTES)
        self._offers[user] = _Offer(secret, self._clock.monotonic_s() + OFFER_S)
        return TotpOffer(
            secret=Secret(base32(secret)),
            uri=uri_of(secret, person.name, self._centre_name),
            expires_at=Micros(self._clock.now_us() + OFFER_S * SECOND_US),
        )

    def confirm_totp(self, user: Actor, code: str) -> tuple[Secret, ...]:
        """Use the authenticator from now on; return ten recovery codes, shown this once.

        Raises:
            BadInput: `access.code`: it is not the offer's code; `access.no_offer`: begin again.
        """
        with self._changing:
            self._person(user)
            offer = self._offers.get(user)
            if offer is None or self._clock.monotonic_s() >= offer.until_s or offer.tries >= OFFER_TRIES:
                self._offers.pop(user, None)
                raise BadInput(
                    "No authenticator waits for its first code: it took too long, or had too many wrong ones. Nothing "
                    "was changed. Begin again",
                    "access.no_offer",
                )
            step = step_of(plain_code(code), offer.secret, self._clock.now_us(), None)
            if step is None:
                offer.tries += 1
                raise BadInput(
                    "This is not the code that the authenticator shows now. Nothing was changed. Give the newest one; "
                    "the phone's clock must be right to half a minute",
                    "access.code",
                )
            change = Change()
            self._credentials.set(user, "totp", offer.secret, user, change)
            self._credentials.use_step(user, step, change)
            codes = self._add_recovery(user, change)
            change.commit(self._base)
            self._offers.pop(user, None)
        return codes

    def remove_totp(self, user: Actor, actor: Actor, session: Ref | None = None) -> None:
        """Forget an authenticator and its recovery codes. `session` as in `begin_totp`, for the own one.

        Raises:
            Forbidden: `access.confirm`: `session` was given and is not fresh.
            Conflict: `access.no_totp`: there is none.
        """
        self._refuse_stale(session)
        if session is not None:
            self.refuse_link_alone(session)
        with self._changing:
            self._refuse_no_totp(user)
            change = Change()
            self._credentials.remove(user, ("totp", "recovery"), actor, change)
            self._add_rows(self._ended_rows(user, "recovery"), change)
            change.commit(self._base)

    def make_recovery_codes(self, user: Actor, session: Ref | None = None) -> tuple[Secret, ...]:
        """Make ten new recovery codes, shown this once; the old ones open nothing any more.

        Raises:
            Forbidden: `access.confirm`: `session` was given and is not fresh.
            Conflict: `access.no_totp`: there is no authenticator that they could stand in for.
        """
        self._refuse_stale(session)
        if session is not None:
            self.refuse_link_alone(session)
        with self._changing:
            self._refuse_no_totp(user)
            change = Change()
            codes = self._add_recovery(user, change)
            change.commit(self._base)
        return codes

    def set_pin(self, user: Actor, pin: str, session: Ref | None = None) -> None:
        """Set the PIN that unlocks a desk: 6 to 12 digits.

        Raises:
            BadInput: `access.pin`: it is none, or one that everybody tries first.
            Forbidden: `access.confirm`: `session` was given and is not fresh.
            TooMany: too many at once.
        """
        self._person(user)
        self._refuse_stale(session)
        refuse_pin(pin)
        kept = self._passwords.hash(pin)
        with self._changing:
            self._person(user)
            change = Change()
            self._credentials.set(user, "pin", kept, user, change)
            change.commit(self._base)

    def remove_pin(self, user: Actor, actor: Actor) -> None:
        """Forget a PIN; one that is not there stays so."""
        with self._changing:
            change = Change()
            self._credentials.remove(user, ("pin",), actor, change)
            change.commit(self._base)

    def credentials_of(self, user: Actor) -> CredentialState:
        """What somebody can sign in or unlock with, and since when."""
        since = self._credentials.since
        return CredentialState(
            password=since(user, "password"),
            totp=since(user, "totp"),
            pin=since(user, "pin"),
            recovery=since(user, "recovery"),
            recovery_left=len(self._entries.rows(lambda row: row.kind == "recovery" and row.user == user)),
        )

    # Lock and unlock -------------------------------------------------------------------------------------------------

    def lock(self, session: Ref, reason: LockReason = "asked") -> None:
        """Lock a desk: its session shows, and takes no commands. One that is locked stays so.

        Raises:
            BadInput: `access.no_session`.
            Conflict: `access.no_unlock`: the user has neither PIN nor password to unlock it with.
        """
        with self._changing:
            row = self._open_row(session)
            if row.locked_at is not None:
                return
            if row.user is None or not {"pin", "password"}.intersection(self._credentials.kinds(row.user)):
                raise Conflict(
                    "There is neither a PIN nor a password that would unlock this desk. It was not locked. Set a PIN "
                    "in your account, or sign out",
                    "access.no_unlock",
                )
            locked = msgspec.structs.replace(row, locked_at=self._clock.now_us())
            fact = Fact(kind=Code("session.locked"), body=SessionLocked(reason=reason), ref=row.id, actor=row.user)
            self._change_session(locked, fact)
        self._tell()

    def unlock(self, session: Ref, secret: str, address: str) -> LiveSession:
        """Unlock by the user's PIN or password. Wrong ones cost time, and never end the session.

        Raises:
            BadInput: `access.unlock`: it is not right; `access.no_session`.
            TooMany: wait first.
        """
        row = self._open_row(session)
        if row.locked_at is None:
            return self._live_of(session)
        self.attempts.unlocking(session)
        try:
            how = self._unlocks(row, secret)
        except TooMany:
            self.attempts.not_looked_at(session)
            raise
        if how is None:
            self.attempts.was_wrong()
            raise BadInput(
                "This is neither the PIN nor the password of whoever signed in here. The desk is still locked. Try "
                "again, or sign out and sign in anew",
                "access.unlock",
            )
        with self._changing:
            row = self._open_row(session)
            if row.locked_at is not None:
                fact = Fact(kind=Code("session.unlocked"), body=SessionUnlocked(how=how), ref=row.id, actor=row.user)
                self._change_session(msgspec.structs.replace(row, locked_at=None), fact)
        self.attempts.unlocked(session)
        if row.user is not None and row.user in self._names:
            self.attempts.signed_in(self._names[row.user], address)
        self._tell()
        return self._live_of(session)

    # Sessions of others, and everywhere ------------------------------------------------------------------------------

    def sessions(self, user: Actor | None = None) -> list[SessionItem]:
        """Open sessions, of a user or of all, newest first."""
        found = self._entries.rows(lambda row: row.kind == "session" and (user is None or row.user == user))
        found.sort(key=lambda row: (row.created_at, row.id), reverse=True)
        return [
            SessionItem(
                id=row.id,
                user=row.user,
                how=row.how or "link",
                device=row.device is not None,
                locked=row.locked_at is not None,
                created_at=row.created_at,
                expires_at=row.expires_at,
                used_at=self._used_at.get(row.id, row.used_at),
            )
            for row in found
            if row.user is not None
        ]

    def end_session(self, id_: Ref, actor: Actor, reason: EndReason) -> None:
        """End an open session.

        Raises:
            BadInput: `access.no_session`: there is none of this id that is open.
        """
        self._end([self._open_row(id_)], actor, reason)

    def end_all(self, user: Actor, actor: Actor, reason: EndReason, but: Ref | None = None) -> int:
        """End all open sessions of a user but one, and the links that are not used yet; return how many sessions."""
        with self._changing:
            rows = self._sessions_of(user, but=but)
            change = Change()
            self._add_end(rows, actor, reason, change)
            self._add_rows(self._ended_rows(user, "link"), change)
            change.commit(self._base)
        self._tell()
        return len(rows)

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
        key = checked_key(public_key)
        with self._changing:
            row = self._open_row(session)
            if row.user is None or "responder" not in self.roles_of(row.user):
                raise Forbidden(
                    "Only a responder's phone keeps a session for longer than a shift. Nothing was changed. Ask an "
                    "administrator for the role",
                    "access.not_responder",
                )
            if row.device is not None:
                raise Conflict("This session is bound to a phone already. Nothing was changed", "access.bound")
            self._refuse_stale(session)
            expires_at = Micros(self._clock.now_us() + DEVICE_S * SECOND_US)
            bound = msgspec.structs.replace(row, device=key, expires_at=expires_at, locked_at=None)
            body = SessionBound(expires_at=expires_at)
            self._change_session(bound, Fact(kind=Code("session.bound"), body=body, ref=row.id, actor=row.user))
            self._fresh_until_s.pop(session, None)
        self._tell()
        return self._live_of(session)

    def challenge(self, session: Ref) -> Challenge:
        """What the phone of a bound session signs next: once, within a minute.

        Raises:
            Conflict: `access.not_bound`.
        """
        self._bound_row(session)
        return self._devices.challenge(session)

    def prove(self, session: Ref, signature: bytes) -> LiveSession:
        """Take the signature of the last challenge, 64 bytes as WebCrypto makes it: proved for ten minutes.

        Raises:
            BadInput: `access.device_proof`: it is none of this phone, of another challenge, or too late.
            Conflict: `access.not_bound`.
        """
        row = self._bound_row(session)
        assert row.device is not None, "it is bound"
        self._devices.prove(session, row.device, signature)
        return self._live_of(session)

    # People ----------------------------------------------------------------------------------------------------------

    def set_user(self, name: str, roles: Iterable[str], actor: Actor) -> Actor:
        """Make a user, or give the one of this name these roles; return the id. Names are compared without case.

        Raises:
            BadInput: name or roles are none.
            Conflict: there are 1,000 users already; or nobody else is administrator.
        """
        name, wanted = checked_name(name), checked_roles(roles)
        with self._changing:
            found = self.find(name)
            if found is not None:
                self.set_roles(found, wanted, actor)
                return found
            if sum(not user.row.removed for user in self._users.values()) >= self._users_max:
                raise Conflict(
                    f"There are {self._users_max:,} users already. Nothing was changed. Remove some first",
                    "access.users_full",
                )
            reference = Ref(f"{NAME_PREFIX}{self._ids.token_bytes(8).hex()}")
            change = Change()
            change.new_secrets[reference] = name.encode()
            id_ = self._store_user(UserRow(name=reference, roles=wanted), None, actor, change)
            self._names[id_] = name
        self._tell()
        return id_

    def set_roles(self, user: Actor, roles: Iterable[str], actor: Actor) -> None:
        """Give a user these roles, at once, in open sessions too.

        Raises:
            BadInput: `access.roles`, `user.unknown`.
            Conflict: `access.last_administrator`: nobody else could give the role back.
        """
        wanted = checked_roles(roles)
        with self._changing:
            row = self._user(user).row
            if row.roles == wanted:
                return
            if "administrator" not in wanted:
                self._refuse_last_administrator(user)
            self._store_user(msgspec.structs.replace(row, roles=wanted), user, actor, Change())
        self._tell()

    def rename_user(self, user: Actor, name: str, actor: Actor) -> None:
        """Give a user another name; the old one is destroyed.

        Raises:
            BadInput: `access.name`, `user.unknown`.
            Conflict: `access.name_taken`.
        """
        name = checked_name(name)
        with self._changing:
            row = self._user(user).row
            if self._names.get(user) == name:
                return
            if self.find(name) not in (None, user):
                raise Conflict(
                    "Another user has this name. Nothing was changed. Give another name, by which colleagues can tell "
                    "the two apart",
                    "access.name_taken",
                )
            reference = Ref(f"{NAME_PREFIX}{self._ids.token_bytes(8).hex()}")
            change = Change()
            change.new_secrets[reference] = name.encode()
            change.old_secrets.append(row.name)
            self._store_user(msgspec.structs.replace(row, name=reference), user, actor, change)
            self._names[user] = name
        self._tell()

    def remove_user(self, id_: Actor, actor: Actor) -> None:
        """Let a user in no more: sessions, links and grants end; name, password, codes and PIN are destroyed.

        Raises:
            BadInput: there is no such user.
            Conflict: `access.last_administrator`.
        """
        with self._changing:
            user = self._user(id_)
            self._refuse_last_administrator(id_)
            row = msgspec.structs.replace(user.row, removed=True)
            change = Change()
            change.old_secrets.append(row.name)

            def write(transaction: StoreTransaction, seq: Seq) -> None:
                transaction.put_users([User(id_, row, seq)])
                self._grants.forget(id_, transaction, seq)
                seqs.append(seq)

            def after() -> None:
                self._users[id_] = User(id_, row, seqs[-1])
                self._names.pop(id_, None)
                self._offers.pop(id_, None)
                self._grants.forgotten(id_)

            seqs: list[Seq] = []
            change.add(Fact(kind=USER_SET, body=row, ref=Ref(id_), actor=actor), write)
            change.after(after)
            self._add_end(self._sessions_of(id_), actor, "user_removed", change)
            self._credentials.remove(id_, CREDENTIAL_KINDS, actor, change)
            self._add_rows([*self._ended_rows(id_, "link"), *self._ended_rows(id_, "recovery")], change)
            change.commit(self._base)
        self._tell()

    def find(self, name: str) -> Actor | None:
        """The user of this name, compared without case."""
        wanted = name.casefold()
        for id_, known in list(self._names.items()):
            if known.casefold() == wanted and not self._users[id_].row.removed:
                return id_
        return None

    def grant(self, user: Actor, target: Ref, actor: Actor) -> None:
        """Let a site contact see a site (`site-N`), or an installer an account (`account-N`).

        Raises:
            BadInput: `user.unknown`; `access.grant`: the target is none; `access.grant_role`: the user lacks the role.
            Conflict: `access.grants_full`.
        """
        with self._changing:
            roles = self._user(user).row.roles
            change = Change()
            self._grants.give(user, roles, target, actor, change)
            change.commit(self._base)
        self._tell()

    def revoke_grant(self, user: Actor, target: Ref, actor: Actor) -> None:
        """Take a grant back; one that is not there stays so."""
        with self._changing:
            change = Change()
            self._grants.take_back(user, target, actor, change)
            change.commit(self._base)
        self._tell()

    # Links -----------------------------------------------------------------------------------------------------------

    def create_link(self, user: Actor, actor: Actor, seconds: int = LINK_S) -> MadeSecret:
        """Make a link that lets a user in once, within `seconds`.

        Raises:
            BadInput: there is no such user.
            Conflict: 100 unused links are alive.
        """
        with self._changing:
            self._person(user)
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
        found = self._entries.of_kind("token")
        found.sort(key=lambda entry: (entry.row.created_at, entry.row.id), reverse=True)
        return [
            TokenItem(
                id=entry.row.id,
                scopes=entry.row.scopes,
                created_at=entry.row.created_at,
                expires_at=entry.row.expires_at,
                used_at=self._used_at.get(entry.row.id, entry.row.used_at),
                state="revoked" if entry.row.ended_at else "alive" if self._entries.is_alive(entry) else "expired",
            )
            for entry in found
        ]

    def revoke_token(self, id_: Ref, actor: Actor) -> None:
        """Let a token open nothing any more.

        Raises:
            BadInput: there is no such token, or it has ended.
        """
        with self._changing:
            found = self._entries.rows(lambda row: row.kind == "token" and row.id == id_)
            if not found:
                raise BadInput(
                    "There is no such token, or it has ended already. Nothing was changed. `tocsin token list` shows "
                    "them all",
                    "token.unknown",
                )
            made = [ended(row, self._clock.now_us()) for row in found]
            fact = Fact(kind=Code("token.revoked"), body=TokenRevoked(scopes=found[0].scopes), ref=id_, actor=actor)
            self._record([fact], lambda transaction, _seqs: transaction.put_access(made))
            self._entries.keep(made)
        self._tell()

    # Once a minute ---------------------------------------------------------------------------------------------------

    def write_uses(self) -> None:
        """Write when sessions and tokens were last used. Call about once a minute, not from the event loop."""
        with self._changing:
            used, self._used_at = self._used_at, {}
            made: list[AccessRow] = []
            for id_, at in list(used.items()):
                entry = self._entries.of_id(id_)
                if entry is not None and (entry.row.used_at is None or entry.row.used_at < at):
                    made.append(msgspec.structs.replace(entry.row, used_at=at))
            if made:
                self._record([], lambda transaction, _seqs: transaction.put_access(made))
                self._entries.keep(made)

    # Inside ----------------------------------------------------------------------------------------------------------

    def _enter(self, known: Known, code: str | None) -> tuple[Secret, LiveSession]:
        """Open a session for whoever showed name and password, and uses a code up where one is wanted."""
        with self._changing:
            change = Change()
            how = self._sign_in.finish(known, code, change)
            return self._open_session(known.user, how, change, None)

    def _check(self, known: Known, code: str | None) -> Actor:
        with self._changing:
            change = Change()
            self._sign_in.finish(known, code, change)
            change.commit(self._base)
        return known.user

    def _open_session(
        self, user: Actor, how: SignInHow, change: Change, link: Ref | None
    ) -> tuple[Secret, LiveSession]:
        """Add a session to a change, and commit it."""
        secret = new_secret(self._ids)
        hash_ = hash_of(secret)
        assert hash_ is not None, "a new secret is short"
        now = self._clock.now_us()
        expires_at = Micros(now + self._session_s * SECOND_US)
        made: list[AccessRow] = []

        def write(transaction: StoreTransaction, seq: Seq) -> None:
            made[:] = [
                AccessRow(
                    hash=hash_,
                    kind="session",
                    id=Ref(f"session-{seq}"),
                    user=user,
                    created_at=now,
                    expires_at=expires_at,
                    how=how,
                )
            ]
            transaction.put_access(made)

        body = SessionOpened(expires_at=expires_at, how=how, link=link)
        change.add(Fact(kind=Code("session.opened"), body=body, actor=user), write)
        change.after(lambda: self._entries.keep(made))
        self._add_end(self._surplus_sessions(user), user, "too_many", change)
        change.write(lambda transaction: transaction.drop_access(Micros(now - KEPT_S * SECOND_US)))
        change.commit(self._base)
        self._freshen(made[0].id)
        session = self.session(secret)
        assert session is not None, "the session was just made"
        return secret, session

    def _add_end(self, rows: Iterable[AccessRow], actor: Actor, reason: EndReason, change: Change) -> None:
        """Add the end of sessions to a change."""
        now = self._clock.now_us()
        for row in rows:
            over = ended(row, now)
            fact = Fact(kind=_SESSION_ENDED, body=SessionEnded(reason=reason), ref=row.id, actor=actor)
            change.add(fact)
            self._add_rows([over], change)
            change.after(lambda id_=row.id: self._forget_session(id_))

    def _add_rows(self, rows: Sequence[AccessRow], change: Change) -> None:
        """Add rows to a change, to be known when they are durable."""
        if rows:
            change.write(lambda transaction: transaction.put_access(rows))
            change.after(lambda: self._entries.keep(rows))

    def _add_recovery(self, user: Actor, change: Change) -> tuple[Secret, ...]:
        """Add ten new recovery codes to a change, in place of those that there are."""
        codes = tuple(new_recovery_code(self._ids) for _ in range(RECOVERY_CODES))
        self._credentials.set(user, "recovery", None, user, change)
        self._add_rows(self._ended_rows(user, "recovery"), change)
        now = self._clock.now_us()
        rows: list[AccessRow] = []
        for number, code in enumerate(codes):
            hash_ = recovery_hash(code)
            assert hash_ is not None, "a new code is one"
            rows.append(
                AccessRow(
                    hash=hash_,
                    kind="recovery",
                    id=Ref(f"recovery-{self._ids.token_bytes(8).hex()}-{number}"),
                    user=user,
                    created_at=now,
                    expires_at=Micros(now + RECOVERY_S * SECOND_US),
                )
            )
        self._add_rows(rows, change)
        return codes

    def _end(self, rows: Sequence[AccessRow], actor: Actor, reason: EndReason) -> None:
        with self._changing:
            change = Change()
            self._add_end([row for row in rows if self._entries.session(row.id) is not None], actor, reason, change)
            change.commit(self._base)
        self._tell()

    def _ended_rows(self, user: Actor, kind: AccessKind) -> list[AccessRow]:
        """What a user has of a kind, as it is when it opens nothing any more."""
        now = self._clock.now_us()
        return [ended(row, now) for row in self._entries.rows(lambda row: row.kind == kind and row.user == user)]

    def _sessions_of(self, user: Actor, but: Ref | None = None) -> list[AccessRow]:
        return self._entries.rows(lambda row: row.kind == "session" and row.user == user and row.id != but)

    def _surplus_sessions(self, user: Actor) -> list[AccessRow]:
        """The oldest sessions that must end for one more to begin; a phone's only where there is nothing else."""
        found = sorted(self._sessions_of(user), key=lambda row: (row.device is not None, row.created_at, row.id))
        return found[: max(0, len(found) + 1 - SESSIONS_EACH_MAX)]

    def _forget_session(self, id_: Ref) -> None:
        self._fresh_until_s.pop(id_, None)
        self._code_until_s.pop(id_, None)
        self._devices.forget(id_)

    def _freshen(self, session: Ref) -> None:
        now_s = self._clock.monotonic_s()
        for id_ in [id_ for id_, until_s in list(self._fresh_until_s.items()) if until_s <= now_s]:
            self._fresh_until_s.pop(id_, None)
        self._fresh_until_s[session] = now_s + FRESH_S

    def _refuse_stale(self, session: Ref | None) -> None:
        if session is not None and not self.is_fresh(session):
            raise Forbidden(
                "It is a while since you showed who you are. Nothing was changed. Give your password again, or sign in "
                "anew",
                "access.confirm",
            )

    def _came_by_link(self, user: Actor, session: Ref | None) -> bool:
        """Whether somebody has come in by a link within 15 minutes, in this session or, where none is named, in any."""
        rows = [row for row in self._sessions_of(user) if session in (None, row.id)]
        return any(row.how in (None, "link") and self.is_fresh(row.id) for row in rows)

    def _unlocks(self, row: AccessRow, secret: str) -> UnlockHow | None:
        """What of the user's this is."""
        assert row.user is not None, "a session has a user"
        if is_pin(secret) and self._passwords.is_right(self._credentials.secret(row.user, "pin"), secret, "desk"):
            return "pin"
        kept = self._credentials.secret(row.user, "password")
        return "password" if kept is not None and self._passwords.is_right(kept, secret, "desk") else None

    def _change_session(self, row: AccessRow, fact: Fact) -> None:
        change = Change()
        change.add(fact)
        self._add_rows([row], change)
        change.commit(self._base)

    def _open_row(self, session: Ref) -> AccessRow:
        row = self._entries.session(session)
        if row is None or row.user is None or not self.roles_of(row.user):
            raise BadInput(
                "There is no such session, or it has ended. Nothing was changed. List the sessions first",
                "access.no_session",
            )
        return row

    def _bound_row(self, session: Ref) -> AccessRow:
        row = self._open_row(session)
        if row.device is None:
            raise Conflict(
                "This session is not bound to a phone. Nothing was changed. Bind it first", "access.not_bound"
            )
        return row

    def _live_of(self, session: Ref) -> LiveSession:
        entry = self._entries.of_id(session)
        assert entry is not None, "its row was just found"
        assert entry.row.user is not None, "a session has a user"
        return self._live(entry, self._users[entry.row.user])

    def _live(self, entry: Entry, user: User) -> LiveSession:
        """A session as requests are told of it."""
        row = entry.row
        roles: tuple[Role, ...] = user.row.roles
        is_proved = True
        if row.device is not None:
            roles = ("responder",) if "responder" in roles else ()
            is_proved = self._devices.is_proved(row.id)
        live = LiveSession(
            id=row.id,
            user=user.id,
            roles=roles,
            expires_at=row.expires_at,
            csrf=entry.csrf,
            locked=row.locked_at is not None,
            how=row.how or "link",
            device=row.device is not None,
            is_proved=is_proved,
        )
        if entry.csrf:
            entry.live, entry.live_user = live, user
        return live

    def _is_as_proved(self, live: LiveSession) -> bool:
        return live.is_proved == self._devices.is_proved(live.id)

    def _user(self, id_: Actor) -> User:
        user = self._users.get(id_)
        if user is None or user.row.removed:
            raise no_user()
        return user

    def _person(self, id_: Actor) -> NamedUser:
        person = self.person(id_)
        if person is None:
            raise no_user()
        return person

    def _refuse_no_totp(self, user: Actor) -> None:
        self._user(user)
        if self._credentials.row(user, "totp") is None:
            raise Conflict("This user has no authenticator. Nothing was changed. Set one up first", "access.no_totp")

    def _refuse_last_administrator(self, id_: Actor) -> None:
        if "administrator" not in self.roles_of(id_):
            return
        if not any("administrator" in self.roles_of(other) for other in list(self._users) if other != id_):
            raise Conflict(
                "This is the only administrator. Nothing was changed. Give somebody else the role first, or nobody "
                "could give it again",
                "access.last_administrator",
            )

    def _usable_link(self, secret: str) -> AccessRow:
        entry = self._entries.of_secret(secret)
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
        if not self._entries.is_alive(entry) or entry.row.user is None or not self.roles_of(entry.row.user):
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
        expires_at = Micros(now + seconds * SECOND_US)
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
        self._entries.keep(made)
        return MadeSecret(id=made[0].id, secret=secret, expires_at=expires_at)

    def _store_user(self, row: UserRow, id_: Actor | None, actor: Actor, change: Change) -> Actor:
        """Add a user's row to a change, and commit it."""
        made: list[User] = []

        def write(transaction: StoreTransaction, seq: Seq) -> None:
            made[:] = [User(id_ or user_id(seq), row, seq)]
            transaction.put_users(made)

        change.add(Fact(kind=USER_SET, body=row, ref=None if id_ is None else Ref(id_), actor=actor), write)
        change.commit(self._base)
        self._users[made[0].id] = made[0]
        return made[0].id

    def _refuse_more(self, kind: AccessKind, most: int, remedy: str) -> None:
        if len(self._entries.rows(lambda row: row.kind == kind)) >= most:
            raise Conflict(
                f"{most} {kind}s are alive already, which is the limit. Nothing was made. {remedy}", "access.full"
            )

    def _read_names(self) -> dict[Actor, str]:
        living = {user.id: user.row.name for user in self._users.values() if not user.row.removed}
        found = self._secrets.secrets_get(sorted(living.values()))
        return {id_: found[name].decode("utf-8", "replace") for id_, name in living.items() if name in found}

    def _destroy_left_over(self) -> None:
        """Destroy names and secrets that nothing names: a power cut came between a fact and the end of what it ended.

        Whether the database is older than the keys was settled before (`centre.opening`): then nothing is opened.
        """
        named: set[str] = {user.row.name for user in self._users.values() if not user.row.removed}
        named |= self._credentials.references()
        for prefix in (NAME_PREFIX, CREDENTIAL_PREFIX):
            left_over = [name for name in self._secrets.secret_names(prefix) if name not in named]
            if left_over:
                self._secrets.secrets_delete(left_over)

    def _tell(self) -> None:
        for on_change in self._watchers:
            on_change()
