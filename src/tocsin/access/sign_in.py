"""Who somebody is: name and password, and the code of an authenticator or a recovery code where one is wanted.

What is wrong is never said, names that are not there take as long as those that are, and no code counts twice: it is
used up in the transaction that opens the session.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec
import structlog

from tocsin.access.attempts import Attempts, Gate
from tocsin.access.base import Base, Change
from tocsin.access.credentials import Credentials
from tocsin.access.entries import Entries, ended
from tocsin.access.passwords import Passwords
from tocsin.access.secrets import hash_of, new_secret, recovery_hash
from tocsin.access.totp import plain_code
from tocsin.model.access import AccessRow, CredentialRow, NamedUser, RecoveryUsed, SignInHow
from tocsin.model.errors import BadInput, SecondFactorNeeded, TooMany
from tocsin.model.journal import Fact
from tocsin.model.values import Actor, Code, HexHash, Ref, Secret

TICKET_S: Final = 300
"""How long the second step of a sign-in may take."""

TICKET_TRIES: Final = 5
TICKETS_MAX: Final = 1_000
RECOVERY_USED: Final = Code("recovery.used")
_LOG = structlog.get_logger("access")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whose name and password are right. Whether that is enough, `SignIn.finish` says."""

    user: Actor
    password: CredentialRow
    gate: Gate
    ticket: HexHash | None = None
    """The ticket that stands for them."""


@dataclass(slots=True)
class _Ticket:
    user: Actor
    password: CredentialRow
    name: str
    until_s: float
    tries: int = 0


class SignIn:
    """Finds out who somebody is. Takes its time: in a thread."""

    def __init__(
        self,
        base: Base,
        entries: Entries,
        credentials: Credentials,
        passwords: Passwords,
        attempts: Attempts,
        find: Callable[[str], Actor | None],
        person: Callable[[Actor], NamedUser | None],
    ) -> None:
        """Ask these; `find` gives the user of a name, and `person` those who may come in."""
        self._base = base
        self._entries = entries
        self._credentials = credentials
        self._passwords = passwords
        self._attempts = attempts
        self._find = find
        self._person = person
        self._lock = threading.Lock()
        self._tickets: OrderedDict[HexHash, _Ticket] = OrderedDict()

    def refuse_where_full(self, name: str, address: str) -> None:
        """Refuse at once whom `identify` would have no time for; without waiting, from any thread.

        A storm of guesses is mostly such: it is to cost no thread and no turn of it.

        Raises:
            TooMany: it was not looked at, and does not count.
        """
        self._passwords.refuse_where_full("desk" if self._attempts.is_known(_plain(name), address) else "door")

    def identify(self, name: str, password: str, address: str, user: Actor | None = None) -> Known:
        """Check name and password; `user` where it is known whose name it is.

        Raises:
            BadInput: they are not right.
            TooMany: it was not looked at.
        """
        name = _plain(name)
        gate = self._attempts.gate(name, address)
        user = user or self._find(name)
        row = None if user is None else self._credentials.row(user, "password")
        kept = None if user is None else self._credentials.secret(user, "password")
        try:
            is_right = self._passwords.is_right(kept, password, "desk" if gate.is_known else "door")
        except TooMany:
            gate.take_back()
            raise
        if user is None or row is None or not is_right:
            raise self._not_right(gate, user, "password")
        return Known(user, row, gate)

    def of_ticket(self, ticket: str, address: str) -> Known:
        """Whoever showed name and password in the step before.

        Raises:
            BadInput: the ticket is none, its time is over, or it had its five tries.
            TooMany: it was not looked at.
        """
        hash_ = hash_of(ticket)
        with self._lock:
            found = None if hash_ is None else self._tickets.get(hash_)
        if hash_ is None or found is None or self._base.clock.monotonic_s() >= found.until_s:
            raise BadInput(
                "This sign-in took too long, or had too many wrong codes. Nobody was signed in. Begin again with name "
                "and password",
                "access.ticket",
            )
        gate = self._attempts.gate(found.name, address)
        with self._lock:
            found.tries += 1
            if found.tries >= TICKET_TRIES:
                self._tickets.pop(hash_, None)
        return Known(found.user, found.password, gate, hash_)

    def finish(self, known: Known, code: str | None, change: Change) -> SignInHow:
        """Check the code where one is wanted, and add to a change that it is used up. With `Base.changing` held.

        Raises:
            SecondFactorNeeded: none was given.
            BadInput: it is not right; or the user was removed or got another password meanwhile.
        """
        user = known.user
        person = self._person(user)
        if person is None or self._credentials.row(user, "password") is not known.password:
            raise self._not_right(known.gate, user, "changed")
        how: SignInHow = "password"
        if self._credentials.row(user, "totp") is not None:
            if known.ticket is None and not (code or "").strip():
                known.gate.take_back()
                raise SecondFactorNeeded(
                    "This user signs in with a code as well. Nobody was signed in. Give the code that the "
                    "authenticator shows, or a recovery code",
                    "access.second_factor",
                    self._new_ticket(person, known),
                )
            how = self.use_code(user, code or "", known.gate, change)
        change.after(known.gate.right)
        if known.ticket is not None:
            change.after(lambda: self._drop(known.ticket))
        return how

    def use_code(self, user: Actor, code: str, gate: Gate, change: Change) -> SignInHow:
        """Add to a change that a code of the authenticator, or a recovery code, is used up.

        Raises:
            BadInput: it is not right.
        """
        step = self._credentials.step_of(user, plain_code(code))
        if step is not None:
            self._credentials.use_step(user, step, change)
            return "totp"
        row = self._recovery(user, code)
        if row is None:
            raise self._not_right(gate, user, "code")
        now = self._base.clock.now_us()
        used = ended(msgspec.structs.replace(row, used_at=now), now)
        left = len(self._entries.rows(lambda one: one.kind == "recovery" and one.user == user)) - 1
        fact = Fact(kind=RECOVERY_USED, body=RecoveryUsed(left=left), ref=Ref(user), actor=user)
        change.add(fact, lambda transaction, _seq: transaction.put_access([used]))
        change.after(lambda: self._entries.keep([used]))
        return "recovery"

    def _recovery(self, user: Actor, code: str) -> AccessRow | None:
        hash_ = recovery_hash(code)
        entry = None if hash_ is None else self._entries.of_hash(hash_)
        if entry is None or entry.row.kind != "recovery" or entry.row.user != user:
            return None
        return entry.row if self._entries.is_alive(entry) else None

    def _new_ticket(self, person: NamedUser, known: Known) -> Secret:
        secret = new_secret(self._base.ids)
        hash_ = hash_of(secret)
        assert hash_ is not None, "a new secret is short"
        until_s = self._base.clock.monotonic_s() + TICKET_S
        with self._lock:
            self._tickets[hash_] = _Ticket(person.id, known.password, person.name, until_s)
            while len(self._tickets) > TICKETS_MAX:
                self._tickets.popitem(last=False)
        return secret

    def _drop(self, ticket: HexHash | None) -> None:
        with self._lock:
            if ticket is not None:
                self._tickets.pop(ticket, None)

    def _not_right(self, gate: Gate, user: Actor | None, what: str) -> BadInput:
        gate.wrong()
        _LOG.info("access.refused", user=user, what=what)
        return BadInput(
            "Name, password or code is not right. Nothing was done. Try again, or have a sign-in link made",
            "access.sign_in",
        )


def _plain(name: str) -> str:
    return " ".join(name.split())[:200]
