"""Sessions: asked by every request without I/O, opened, ended, fresh for a while after somebody showed who it is."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import msgspec

from tocsin.access.base import Base, Change
from tocsin.access.credentials import Credentials
from tocsin.access.devices import Devices
from tocsin.access.entries import KEPT_S, SECOND_US, Entries, Entry, LiveSession, ended
from tocsin.access.people import People
from tocsin.access.secrets import csrf_of, hash_of, new_secret, renewed
from tocsin.model.access import (
    AccessRow,
    EndReason,
    Role,
    SessionEnded,
    SessionItem,
    SessionOpened,
    SignInHow,
    User,
)
from tocsin.model.errors import BadInput, Forbidden
from tocsin.model.journal import Fact
from tocsin.model.ports import StoreTransaction
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Secret, Seq

FRESH_S: Final = 900
"""So long after showing who one is, the own credentials may be changed."""

SESSIONS_EACH_MAX: Final = 20
"""A user's sessions at once; at a further sign-in the oldest ends, phones last."""

_SESSION_ENDED: Final = Code("session.ended")


class Sessions:
    """Who has come in. What changes it holds `Base.changing`."""

    def __init__(
        self,
        base: Base,
        entries: Entries,
        people: People,
        credentials: Credentials,
        devices: Devices,
        session_s: int,
    ) -> None:
        """Know the sessions of `entries`; a new one lasts `session_s` at most."""
        self._base = base
        self._clock = base.clock
        self._ids = base.ids
        self._changing = base.changing
        self._entries = entries
        self._people = people
        self._credentials = credentials
        self._devices = devices
        self._session_s = session_s
        self._fresh_until_s: dict[Ref, float] = {}
        """Sessions whose user has shown lately who it is."""
        self._code_until_s: dict[Ref, float] = {}
        """Sessions whose user has lately confirmed with all that a sign-in takes."""
        self._new_until_s: dict[Ref, float] = {}
        """Sessions that were opened lately; confirming again makes none of them new."""

    def session(self, secret: str) -> LiveSession | None:
        """The open session of this secret; None where there is none."""
        entry = self._entries.alive("session", secret)
        if entry is None:
            return self._session_before(secret)
        if entry.row.user is None:
            return None
        user = self._people.users.get(entry.row.user)
        if user is None or user.row.removed:
            return None
        row = entry.row
        self._entries.use(row.id)
        if row.device is not None:
            self._devices.use(row.id, row.hash)
        live = entry.live
        if live is not None and entry.live_user is user and (row.device is None or self._is_as_proved(live)):
            return live
        entry.csrf = csrf_of(secret)
        return self._live(entry, user)

    def _session_before(self, secret: str) -> LiveSession | None:
        """A phone's session, asked for with the secret that it had before its last proof."""
        found = self._entries.before(secret)
        if found is None or not self._devices.is_left(found[1].row.id, found[0]):
            return None
        hash_, entry = found
        user = None if entry.row.user is None else self._people.users.get(entry.row.user)
        if user is None or user.row.removed:
            return None
        if not entry.csrf:
            entry.csrf = csrf_of(secret)
        is_proved = self._devices.is_proved(entry.row.id, hash_)
        return msgspec.structs.replace(self._live(entry, user), key=hash_, is_proved=is_proved)

    def is_open(self, id_: Ref, key: HexHash | None = None) -> bool:
        """Whether this session or token still opens something: for what goes on longer than one request.

        `key`: of a phone's session, the `LiveSession.key` that it was begun with.
        """
        entry = self._entries.of_id(id_)
        if entry is None or not self._entries.is_alive(entry):
            return False
        if entry.row.device is not None and not self._devices.is_proved(id_, key or entry.row.hash):
            return False
        return entry.row.user is None or bool(self._people.roles_of(entry.row.user))

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
        row = self.open_row(session)
        assert row.user is not None, "a session has a user"
        if row.how not in (None, "link") or self._credentials.row(row.user, "totp") is None:
            return
        if not self.is_confirmed(session):
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
                used_at=self._entries.last_use(row),
            )
            for row in found
            if row.user is not None
        ]

    def present(self, listening: Collection[Ref]) -> set[Actor]:
        """Whose session of these is open, unlocked, and no phone's: who can act at a desk."""
        found = (self._entries.session(id_) for id_ in listening)
        return {
            row.user
            for row in found
            if row is not None and row.user is not None and row.locked_at is None and row.device is None
        }

    def end_session(self, id_: Ref, actor: Actor, reason: EndReason) -> None:
        """End an open session.

        Raises:
            BadInput: `access.no_session`: there is none of this id that is open.
        """
        self._end([self.open_row(id_)], actor, reason)

    def end_all(self, user: Actor, actor: Actor, reason: EndReason, but: Ref | None = None) -> int:
        """End all open sessions of a user but one, and the links that are not used yet; return how many sessions."""
        with self._changing:
            rows = self._entries.sessions_of(user, but=but)
            change = Change()
            self.add_end(rows, actor, reason, change)
            self._entries.add(self._entries.ended_rows(user, "link"), change)
            change.commit(self._base)
        self._base.tell()
        return len(rows)

    def open(self, user: Actor, how: SignInHow, change: Change, link: Ref | None) -> tuple[Secret, LiveSession]:
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
        self.add_end(self._surplus(user), user, "too_many", change)
        change.write(lambda transaction: transaction.drop_access(Micros(now - KEPT_S * SECOND_US)))
        change.commit(self._base)
        self._freshen(made[0].id)
        self._new_until_s[made[0].id] = self._clock.monotonic_s() + FRESH_S
        session = self.session(secret)
        assert session is not None, "the session was just made"
        return secret, session

    def add_end(self, rows: Iterable[AccessRow], actor: Actor, reason: EndReason, change: Change) -> None:
        """Add the end of sessions to a change."""
        now = self._clock.now_us()
        for given in rows:
            # As it is now: a phone may have renewed its secret since somebody looked.
            row = self._entries.session(given.id) or given
            over = ended(row, now)
            fact = Fact(kind=_SESSION_ENDED, body=SessionEnded(reason=reason), ref=row.id, actor=actor)
            change.add(fact)
            self._entries.add([over], change)
            change.after(lambda id_=row.id: self._forget(id_))

    def _end(self, rows: Sequence[AccessRow], actor: Actor, reason: EndReason) -> None:
        with self._changing:
            change = Change()
            self.add_end([row for row in rows if self._entries.session(row.id) is not None], actor, reason, change)
            change.commit(self._base)
        self._base.tell()

    def _surplus(self, user: Actor) -> list[AccessRow]:
        """The oldest sessions that must end for one more to begin; a phone's only where there is nothing else."""
        found = sorted(
            self._entries.sessions_of(user), key=lambda row: (row.device is not None, row.created_at, row.id)
        )
        return found[: max(0, len(found) + 1 - SESSIONS_EACH_MAX)]

    def _forget(self, id_: Ref) -> None:
        self._fresh_until_s.pop(id_, None)
        self._code_until_s.pop(id_, None)
        self._new_until_s.pop(id_, None)
        self._devices.forget(id_)

    def _freshen(self, session: Ref) -> None:
        now_s = self._clock.monotonic_s()
        for id_ in [id_ for id_, until_s in list(self._fresh_until_s.items()) if until_s <= now_s]:
            self._fresh_until_s.pop(id_, None)
        self._fresh_until_s[session] = now_s + FRESH_S

    def confirmed(self, session: Ref) -> None:
        """Note that its user showed who it is, with all that a sign-in takes."""
        self._freshen(session)
        self._code_until_s[session] = self._clock.monotonic_s() + FRESH_S

    def not_fresh(self, session: Ref) -> None:
        """Note that its user has to show again who it is."""
        self._fresh_until_s.pop(session, None)

    def refuse_stale(self, session: Ref | None) -> None:
        """Refuse a session that is not fresh; none asks for nothing.

        Raises:
            Forbidden: `access.confirm`.
        """
        if session is not None and not self.is_fresh(session):
            raise Forbidden(
                "It is a while since you showed who you are. Nothing was changed. Give your password again, or sign in "
                "anew",
                "access.confirm",
            )

    def is_confirmed(self, session: Ref) -> bool:
        """Whether its user gave, within 15 minutes, all that a sign-in takes, beside how the session was opened."""
        return self._clock.monotonic_s() < self._code_until_s.get(session, float("-inf"))

    def refuse_unconfirmed(self, session: Ref) -> None:
        """Refuse what an unattended desk must give nobody: what is done to other people, tokens and grants.

        Raises:
            Forbidden: `access.confirm`: show first who you are; `access.no_password_yet`: there is nothing to show.
        """
        row = self.open_row(session)
        assert row.user is not None, "a session has a user"
        if not self.is_fresh(session) and self._credentials.row(row.user, "password") is None:
            raise Forbidden(
                "It is a while since you came in by a link, and you have no password to show who you are. Nothing was "
                "changed. Set a password in your account; where that is refused too, have a new link made on the "
                "machine with `tocsin user link`, and set one within 15 minutes",
                "access.no_password_yet",
            )
        self.refuse_stale(session)
        self.refuse_link_alone(session)

    def came_by_link(self, user: Actor, session: Ref | None) -> bool:
        """Whether somebody has come in by a link within 15 minutes, in this session or, where none is named, in any."""
        rows = [row for row in self._entries.sessions_of(user) if session in (None, row.id)]
        now_s = self._clock.monotonic_s()
        return any(row.how in (None, "link") and now_s < self._new_until_s.get(row.id, now_s) for row in rows)

    def renew(self, row: AccessRow, secret: str) -> Secret:
        """Give an open session another secret in place of `secret`, durable when this returns. The old one is dropped.

        Call with `Base.changing` held.
        """
        made = renewed(self._ids, secret)
        hash_ = hash_of(made)
        assert hash_ is not None, "a new secret is short"
        new = msgspec.structs.replace(row, hash=hash_)
        change = Change()
        change.write(lambda transaction: transaction.renew_access(row.hash, new))
        change.after(lambda: self._entries.renew(row.hash, new))
        change.commit(self._base)
        return made

    def change(self, row: AccessRow, fact: Fact) -> None:
        """Make a session's row durable, with the fact that says so."""
        change = Change()
        change.add(fact)
        self._entries.add([row], change)
        change.commit(self._base)

    def open_row(self, session: Ref) -> AccessRow:
        """The row of an open session, whose user may come in.

        Raises:
            BadInput: `access.no_session`.
        """
        row = self._entries.session(session)
        if row is None or row.user is None or not self._people.roles_of(row.user):
            raise BadInput(
                "There is no such session, or it has ended. Nothing was changed. List the sessions first",
                "access.no_session",
            )
        return row

    def live_of(self, session: Ref) -> LiveSession:
        """A session that was just found, as requests are told of it."""
        entry = self._entries.of_id(session)
        assert entry is not None, "its row was just found"
        assert entry.row.user is not None, "a session has a user"
        return self._live(entry, self._people.users[entry.row.user])

    def _live(self, entry: Entry, user: User) -> LiveSession:
        """A session as requests are told of it."""
        row = entry.row
        roles: tuple[Role, ...] = user.row.roles
        is_proved = True
        if row.device is not None:
            roles = ("responder",) if "responder" in roles else ()
            is_proved = self._devices.is_proved(row.id, row.hash)
        live = LiveSession(
            id=row.id,
            user=user.id,
            roles=roles,
            expires_at=row.expires_at,
            csrf=entry.csrf,
            locked=row.locked_at is not None,
            how=row.how or "link",
            device=row.device is not None,
            key=None if row.device is None else row.hash,
            is_proved=is_proved,
        )
        if entry.csrf:
            entry.live, entry.live_user = live, user
        return live

    def _is_as_proved(self, live: LiveSession) -> bool:
        return live.key is not None and live.is_proved == self._devices.is_proved(live.id, live.key)
