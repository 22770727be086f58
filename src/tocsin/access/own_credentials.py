"""What people sign in and unlock with, set and removed: password, authenticator, recovery codes, PIN."""

from typing import Final

from tocsin.access.base import Base, Change
from tocsin.access.credentials import Credentials
from tocsin.access.entries import DAY_S, SECOND_US, Entries
from tocsin.access.passwords import Passwords, refuse_pin
from tocsin.access.people import People
from tocsin.access.secrets import RECOVERY_CODES, new_recovery_code, recovery_hash
from tocsin.access.sessions import Sessions
from tocsin.access.sign_in import SignIn
from tocsin.access.totp import SECRET_BYTES as TOTP_SECRET_BYTES
from tocsin.access.totp import base32, plain_code, step_of, uri_of
from tocsin.model.access import AccessRow, CredentialState, TotpOffer
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.values import Actor, Micros, Ref, Secret

CLI: Final = Actor("cli")
OFFER_S: Final = 600
OFFER_TRIES: Final = 5
RECOVERY_S: Final = 100 * 365 * DAY_S
"""Recovery codes have no end."""


class _Offer:
    """A secret for an authenticator that nobody has given a code of yet."""

    __slots__ = ("secret", "tries", "until_s")

    def __init__(self, secret: bytes, until_s: float) -> None:
        self.secret = secret
        self.until_s = until_s
        self.tries = 0


class OwnCredentials:
    """Sets and removes them, and ends what must end with the old ones."""

    def __init__(
        self,
        base: Base,
        entries: Entries,
        people: People,
        sessions: Sessions,
        credentials: Credentials,
        passwords: Passwords,
        sign_in: SignIn,
        centre_name: str,
    ) -> None:
        """Set these; `centre_name` is what authenticators show, and no password."""
        self._base = base
        self._clock = base.clock
        self._ids = base.ids
        self._changing = base.changing
        self._entries = entries
        self._people = people
        self._sessions = sessions
        self._credentials = credentials
        self._passwords = passwords
        self._sign_in = sign_in
        self._centre_name = centre_name
        self._offers: dict[Actor, _Offer] = {}

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

        The own one needs `old`, unless `session` was opened by a link within 15 minutes, or it is the first one of
        somebody who is alone here. Another's is set by the command line alone (actor `cli`): whoever administers
        people hands out a link.

        Raises:
            BadInput: `access.password_length`, `access.password_weak`, `access.password_characters`: choose another;
                `access.sign_in`: `old` is not right; `access.no_session`: the session was ended meanwhile.
            Forbidden: `access.confirm`: `old` is wanted; `access.no_password_yet`: there is none, and the link was used
                too long ago; `access.others_password`: it is another's.
            TooMany: as `sign_in_with_password`.
        """
        person = self._people.named(user)
        if actor != user and actor != CLI:
            raise Forbidden(
                "Nobody sets another's password. Nothing was changed. Have a sign-in link made for them",
                "access.others_password",
            )
        if actor == user:
            if old is not None:
                known = self._sign_in.identify(person.name, old, address, user)
                known.gate.right()
            elif self.needs_old(user, session):
                if self._credentials.row(user, "password") is None:
                    raise Forbidden(
                        "It is more than 15 minutes since you came in by a link, and you have no password yet. Nothing "
                        "was changed. Have a new sign-in link made, and set a password within 15 minutes",
                        "access.no_password_yet",
                    )
                raise Forbidden(
                    "The password that you have now is wanted as well. Nothing was changed. Give it, or have a "
                    "sign-in link made and use it first",
                    "access.confirm",
                )
        self._passwords.refuse_weak(new, (person.name, self._centre_name, "tocsin"))
        kept = self._passwords.hash(new)
        with self._changing:
            self._people.named(user)
            self._refuse_ended(session)
            change = Change()
            self._credentials.set(user, "password", kept, actor, change)
            self._sessions.add_end(self._entries.sessions_of(user, but=session), actor, "password", change)
            self._entries.add(self._entries.ended_rows(user, "link"), change)
            change.commit(self._base)
        self._base.tell()

    def needs_old(self, user: Actor, session: Ref | None) -> bool:
        """Whether somebody's own password must be given for another to be set, as `set_password` says."""
        return not self._sessions.came_by_link(user, session) and not self._is_first(user)

    def begin_totp(self, user: Actor, session: Ref | None = None) -> TotpOffer:
        """Offer a secret for an authenticator; kept in memory for 10 minutes, until `confirm_totp`.

        Raises:
            Forbidden: `access.confirm`: `session` was given and is not fresh.
            Conflict: `access.no_password`: there is no password that a code could come second to.
        """
        person = self._people.named(user)
        self._refuse_unshown(session)
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
            self._people.named(user)
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
        self._refuse_unshown(session)
        with self._changing:
            self._refuse_no_totp(user)
            change = Change()
            self._credentials.remove(user, ("totp", "recovery"), actor, change)
            self._entries.add(self._entries.ended_rows(user, "recovery"), change)
            change.commit(self._base)

    def make_recovery_codes(self, user: Actor, session: Ref | None = None) -> tuple[Secret, ...]:
        """Make ten new recovery codes, shown this once; the old ones open nothing any more.

        Raises:
            Forbidden: `access.confirm`: `session` was given and is not fresh.
            Conflict: `access.no_totp`: there is no authenticator that they could stand in for.
        """
        self._refuse_unshown(session)
        with self._changing:
            self._refuse_no_totp(user)
            change = Change()
            codes = self._add_recovery(user, change)
            change.commit(self._base)
        return codes

    def set_pin(self, user: Actor, pin: str, session: Ref | None = None) -> None:
        """Set the PIN that unlocks a desk: 6 to 12 digits.

        Raises:
            BadInput: `access.pin`: it is none, or one that everybody tries first; `access.no_session`: the session was
                ended meanwhile.
            Forbidden: `access.confirm`: `session` was given and is not fresh.
            TooMany: too many at once.
        """
        self._people.named(user)
        self._sessions.refuse_stale(session)
        refuse_pin(pin)
        kept = self._passwords.hash(pin)
        with self._changing:
            self._people.named(user)
            self._refuse_ended(session)
            change = Change()
            self._credentials.set(user, "pin", kept, user, change)
            change.commit(self._base)

    def remove_pin(self, user: Actor, actor: Actor) -> None:
        """Forget a PIN; one that is not there stays so."""
        with self._changing:
            change = Change()
            self._credentials.remove(user, ("pin",), actor, change)
            change.commit(self._base)

    def forget(self, user: Actor) -> None:
        """Forget the authenticator that waits for its first code."""
        self._offers.pop(user, None)

    def state_of(self, user: Actor) -> CredentialState:
        """What somebody can sign in or unlock with, and since when."""
        since = self._credentials.since
        return CredentialState(
            password=since(user, "password"),
            totp=since(user, "totp"),
            pin=since(user, "pin"),
            recovery=since(user, "recovery"),
            recovery_left=len(self._entries.rows(lambda row: row.kind == "recovery" and row.user == user)),
        )

    def _refuse_unshown(self, session: Ref | None) -> None:
        """What comes second to a password is changed by whoever showed lately who it is, and not by a link alone."""
        self._sessions.refuse_stale(session)
        if session is not None:
            self._sessions.refuse_link_alone(session)

    def _refuse_ended(self, session: Ref | None) -> None:
        """Whoever was signed out while the new one was hashed sets nothing: it would be a way back in."""
        if session is not None:
            self._sessions.open_row(session)

    def _is_first(self, user: Actor) -> bool:
        """The first administrator, alone and without a password: setting up may take longer than a link is fresh."""
        if self._credentials.row(user, "password") is not None or "administrator" not in self._people.roles_of(user):
            return False
        return len(self._people.everybody()) == 1

    def _refuse_no_totp(self, user: Actor) -> None:
        self._people.user(user)
        if self._credentials.row(user, "totp") is None:
            raise Conflict("This user has no authenticator. Nothing was changed. Set one up first", "access.no_totp")

    def _add_recovery(self, user: Actor, change: Change) -> tuple[Secret, ...]:
        """Add ten new recovery codes to a change, in place of those that there are."""
        codes = tuple(new_recovery_code(self._ids) for _ in range(RECOVERY_CODES))
        self._credentials.set(user, "recovery", None, user, change)
        self._entries.add(self._entries.ended_rows(user, "recovery"), change)
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
        self._entries.add(rows, change)
        return codes
