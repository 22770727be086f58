"""Sessions that are bound to a responder's phone."""

import msgspec

from tocsin.access.base import Base
from tocsin.access.devices import DEVICE_S, Devices, checked_key
from tocsin.access.entries import SECOND_US, LiveSession
from tocsin.access.people import People
from tocsin.access.sessions import Sessions
from tocsin.model.access import AccessRow, Challenge, SessionBound
from tocsin.model.errors import Conflict, Forbidden
from tocsin.model.journal import Fact
from tocsin.model.values import Code, Micros, Ref, Secret


class Phones:
    """Binds sessions, and takes the proof that it is still that phone."""

    def __init__(self, base: Base, people: People, sessions: Sessions, devices: Devices) -> None:
        """Work on these sessions."""
        self._base = base
        self._clock = base.clock
        self._changing = base.changing
        self._people = people
        self._sessions = sessions
        self._devices = devices

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
            row = self._sessions.open_row(session)
            if row.user is None or "responder" not in self._people.roles_of(row.user):
                raise Forbidden(
                    "Only a responder's phone keeps a session for longer than a shift. Nothing was changed. Ask an "
                    "administrator for the role",
                    "access.not_responder",
                )
            if row.device is not None:
                raise Conflict("This session is bound to a phone already. Nothing was changed", "access.bound")
            self._sessions.refuse_stale(session)
            expires_at = Micros(self._clock.now_us() + DEVICE_S * SECOND_US)
            bound = msgspec.structs.replace(row, device=key, expires_at=expires_at, locked_at=None)
            body = SessionBound(expires_at=expires_at)
            self._sessions.change(bound, Fact(kind=Code("session.bound"), body=body, ref=row.id, actor=row.user))
            self._sessions.not_fresh(session)
        self._base.tell()
        return self._sessions.live_of(session)

    def challenge(self, session: Ref) -> Challenge:
        """What the phone of a bound session signs next: once, within a minute.

        Raises:
            Conflict: `access.not_bound`.
        """
        self._bound_row(session)
        return self._devices.challenge(session)

    def prove(self, session: Ref, signature: bytes, secret: str) -> tuple[Secret, LiveSession]:
        """Take the signature of a challenge, 64 bytes as WebCrypto makes it: proved for ten minutes.

        What proved is whoever has the key, not whoever has the cookie. So the session gets a secret in place of
        `secret`, the one that this came with; it belongs into the cookie of the answer.

        Raises:
            BadInput: `access.device_proof`: it is none of this phone, of another challenge, or too late.
            Conflict: `access.not_bound`.
        """
        row = self._bound_row(session)
        assert row.device is not None, "it is bound"
        self._devices.check(session, row.device, signature)
        with self._changing:
            row = self._bound_row(session)
            made = self._devices.given(session, row.hash)
            if made is None:
                made = self._sessions.renew(row, secret)
                self._devices.renew(session, row.hash, made)
            else:
                self._devices.prove(session, row.hash)
            return made, self._sessions.live_of(session)

    def _bound_row(self, session: Ref) -> AccessRow:
        row = self._sessions.open_row(session)
        if row.device is None:
            raise Conflict(
                "This session is not bound to a phone. Nothing was changed. Bind it first", "access.not_bound"
            )
        return row
