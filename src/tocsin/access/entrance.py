"""Coming in: by a link, or by name and password and a code where one is wanted."""

import msgspec

from tocsin.access.attempts import Attempts
from tocsin.access.base import Base, Change
from tocsin.access.entries import Entries, LiveSession, ended
from tocsin.access.links import Links
from tocsin.access.people import People
from tocsin.access.sessions import Sessions
from tocsin.access.sign_in import Known, SignIn
from tocsin.model.errors import BadInput
from tocsin.model.values import Actor, Ref, Secret


class Entrance:
    """Opens sessions for those who have shown who they are."""

    def __init__(
        self,
        base: Base,
        entries: Entries,
        people: People,
        sessions: Sessions,
        links: Links,
        sign_in: SignIn,
        attempts: Attempts,
    ) -> None:
        """Let in by these."""
        self._base = base
        self._clock = base.clock
        self._changing = base.changing
        self._entries = entries
        self._people = people
        self._sessions = sessions
        self._links = links
        self._sign_in = sign_in
        self._attempts = attempts

    def by_link(
        self, link_secret: str, address: str | None = None, code: str | None = None
    ) -> tuple[Secret, LiveSession]:
        """Use a link up and open a session; the secret belongs into its cookie.

        Somebody else made the link, so it stands in for a password alone: who has an authenticator gives its code or a
        recovery code as well.

        Raises:
            BadInput: the link was used, has expired or is none of ours; its user was removed. `access.link_code`: the
                user has an authenticator, and `code` is none or not right. The link is still good.
            TooMany: too many codes were wrong.
        """
        with self._changing:
            row = self._links.usable(link_secret)
            assert row.user is not None, "a usable link has a user"
            now = self._clock.now_us()
            used = ended(msgspec.structs.replace(row, used_at=now), now)
            change = Change()
            is_coded = self._links.needs_code(row.user)
            if is_coded:
                self._use_code(row.user, code or "", address or "", change)
            change.write(lambda transaction: transaction.put_access([used]))
            change.after(lambda: self._entries.keep([used]))
            opened = self._sessions.open(row.user, "link", change, row.id)
            if is_coded:
                self._sessions.confirmed(opened[1].id)
            if address is not None and row.user in self._people.names:
                self._attempts.signed_in(self._people.names[row.user], address)
        return opened

    def by_password(self, name: str, password: str, code: str | None, address: str) -> tuple[Secret, LiveSession]:
        """Open a session for whoever knows name and password, and the code where the user has an authenticator.

        Takes about 0.2 s, and longer in a queue: call in a thread.

        Raises:
            SecondFactorNeeded: name and password are right, and `code` is None or empty. Its `ticket` stands for both
                for five minutes: `by_code`.
            BadInput: `access.sign_in`: something of it is not right; the message never says what.
            TooMany: too many wrong ones, or too many at once; `retry_after_s` says when to try again.
        """
        return self._enter(self._sign_in.identify(name, password, address), code)

    def by_code(self, ticket: str, code: str, address: str) -> tuple[Secret, LiveSession]:
        """The second step of a sign-in, so that no page carries a password through.

        Raises:
            BadInput: `access.sign_in`: the code is not right (the ticket is good for five tries in all), or was used;
                `access.ticket`: the ticket is none, or its time is over: begin again.
            TooMany: as `by_password`.
        """
        return self._enter(self._sign_in.of_ticket(ticket, address), code)

    def check_person(self, name: str, password: str, code: str | None, address: str) -> Actor:
        """Who this is, as `by_password` finds out and with its errors; no session is made."""
        return self._check(self._sign_in.identify(name, password, address), code)

    def confirm(self, session: Ref, password: str, code: str | None, address: str) -> None:
        """Let the user of an open session show again who it is; the session is fresh for 15 minutes (`is_fresh`).

        Raises: as `check_person`.
        """
        row = self._sessions.open_row(session)
        assert row.user is not None, "a session has a user"
        self._check(
            self._sign_in.identify(self._people.names.get(row.user, row.user), password, address, row.user), code
        )
        self._sessions.confirmed(session)

    def _use_code(self, user: Actor, code: str, address: str, change: Change) -> None:
        if code.strip():
            gate = self._attempts.gate(self._people.names.get(user, user), address)
            try:
                self._sign_in.use_code(user, code, gate, change)
            except BadInput:
                pass
            else:
                change.after(gate.right)
                return
        raise BadInput(
            "Whoever this link is for has an authenticator, so a link alone lets nobody in. Nobody was signed in, and "
            "the link is still good. Give the code that the authenticator shows, or a recovery code; where both are "
            "lost, an administrator takes the authenticator away",
            "access.link_code",
        )

    def _enter(self, known: Known, code: str | None) -> tuple[Secret, LiveSession]:
        """Open a session for whoever showed name and password, and uses a code up where one is wanted."""
        with self._changing:
            change = Change()
            how = self._sign_in.finish(known, code, change)
            return self._sessions.open(known.user, how, change, None)

    def _check(self, known: Known, code: str | None) -> Actor:
        with self._changing:
            change = Change()
            self._sign_in.finish(known, code, change)
            change.commit(self._base)
        return known.user
