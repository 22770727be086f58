"""Desks locked and unlocked: their sessions go on showing, and take no commands meanwhile."""

import msgspec

from tocsin.access.attempts import Attempts
from tocsin.access.base import Base
from tocsin.access.credentials import Credentials
from tocsin.access.entries import LiveSession
from tocsin.access.passwords import Passwords, is_pin
from tocsin.access.people import People
from tocsin.access.sessions import Sessions
from tocsin.model.access import AccessRow, LockReason, SessionLocked, SessionUnlocked, UnlockHow
from tocsin.model.errors import BadInput, Conflict, TooMany
from tocsin.model.journal import Fact
from tocsin.model.values import Code, Ref


class Desks:
    """Locks and unlocks sessions."""

    def __init__(
        self,
        base: Base,
        people: People,
        sessions: Sessions,
        credentials: Credentials,
        passwords: Passwords,
        attempts: Attempts,
    ) -> None:
        """Work on these sessions; wrong secrets are counted by `attempts`."""
        self._base = base
        self._clock = base.clock
        self._changing = base.changing
        self._people = people
        self._sessions = sessions
        self._credentials = credentials
        self._passwords = passwords
        self._attempts = attempts

    def lock(self, session: Ref, reason: LockReason = "asked") -> None:
        """Lock a desk: its session shows, and takes no commands. One that is locked stays so.

        Raises:
            BadInput: `access.no_session`.
            Conflict: `access.no_unlock`: the user has neither PIN nor password to unlock it with.
        """
        with self._changing:
            row = self._sessions.open_row(session)
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
            self._sessions.change(locked, fact)
        self._base.tell()

    def unlock(self, session: Ref, secret: str, address: str) -> LiveSession:
        """Unlock by the user's PIN or password. Wrong ones cost time, and never end the session.

        Raises:
            BadInput: `access.unlock`: it is not right; `access.no_session`.
            TooMany: wait first.
        """
        row = self._sessions.open_row(session)
        if row.locked_at is None:
            return self._sessions.live_of(session)
        self._attempts.unlocking(session)
        try:
            how = self._unlocks(row, secret)
        except TooMany:
            self._attempts.not_looked_at(session)
            raise
        if how is None:
            self._attempts.was_wrong()
            raise BadInput(
                "This is neither the PIN nor the password of whoever signed in here. The desk is still locked. Try "
                "again, or sign out and sign in anew",
                "access.unlock",
            )
        with self._changing:
            row = self._sessions.open_row(session)
            if row.locked_at is not None:
                fact = Fact(kind=Code("session.unlocked"), body=SessionUnlocked(how=how), ref=row.id, actor=row.user)
                self._sessions.change(msgspec.structs.replace(row, locked_at=None), fact)
        self._attempts.unlocked(session)
        if row.user is not None and row.user in self._people.names:
            self._attempts.signed_in(self._people.names[row.user], address)
        self._base.tell()
        return self._sessions.live_of(session)

    def _unlocks(self, row: AccessRow, secret: str) -> UnlockHow | None:
        """What of the user's this is."""
        assert row.user is not None, "a session has a user"
        if is_pin(secret) and self._passwords.is_right(self._credentials.secret(row.user, "pin"), secret, "desk"):
            return "pin"
        kept = self._credentials.secret(row.user, "password")
        return "password" if kept is not None and self._passwords.is_right(kept, secret, "desk") else None
