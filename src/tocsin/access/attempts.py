"""Limits on wrong secrets and passwords, which slow whoever guesses and lock nobody out.

Secrets of sessions, tokens and links are beyond guessing, so a right one is never refused; who sends wrong ones is told
to wait. Passwords are not, so whoever has to wait is not even looked at. Waiting is counted for the account and for the
address; but where an account signed in well within 30 days, from the same address, wrong guesses of others do not
count: only its own from there, and those cost a minute at most. Nothing of it is written down, and names and addresses
of whoever signs in stand nowhere: keyed hashes do.
Source: INTEGRATIONS.md, section 11.
"""

import hashlib
import ipaddress
import threading
from collections import OrderedDict
from math import ceil
from typing import Final

from tocsin.model.errors import TooMany
from tocsin.model.ports import Clock, Ids
from tocsin.model.values import Ref

FREE_ATTEMPTS: Final = 10
"""Wrong secrets of one address before it has to wait: a console with an old cookie asks a few times at once."""

REFILL_S: Final = 6.0
"""After so long one more is free again."""

ADDRESSES_MAX: Final = 10_000
"""Addresses, accounts and pairs of them remembered; what was quiet for longest is forgotten first."""

FREE_PASSWORDS: Final = 5
"""Wrong passwords of one account before anybody waits for it; then 1 s, 2 s, 4 s ..."""

FREE_OF_ADDRESS: Final = 10
"""The same of one address."""

WAIT_MAX_S: Final = 300
"""The longest that a stranger waits between two guesses at an account."""

WAIT_KNOWN_MAX_S: Final = 60
"""The longest wait where the account signed in well before."""

FREE_UNLOCKS: Final = 3
WAIT_UNLOCK_MAX_S: Final = 30
FORGIVE_S: Final = 600.0
"""After so long of quiet one wrong password is forgiven."""

KNOWN_S: Final = 30 * 86_400.0
"""How long it is remembered from where an account signed in well."""


class _Count:
    """Wrong ones that are not forgiven yet, and until when the next one waits."""

    __slots__ = ("at_s", "before_s", "free_at_s", "wrong")

    def __init__(self, at_s: float) -> None:
        self.wrong = 0.0
        self.at_s = at_s
        self.free_at_s = at_s
        self.before_s = at_s
        """What `free_at_s` was before the last one, to take that back."""


class _Counts:
    """Counts by key, with an end to how many."""

    def __init__(self, free: int, wait_max_s: int) -> None:
        self._free = free
        self._wait_max_s = wait_max_s
        self._counts: OrderedDict[bytes, _Count] = OrderedDict()

    def wait_s(self, key: bytes, now_s: float) -> float:
        """How long this one has to wait before it is looked at."""
        found = self._counts.get(key)
        return 0.0 if found is None else max(0.0, found.free_at_s - now_s)

    def add(self, key: bytes, now_s: float) -> None:
        """Count one, before it is known whether it is wrong: a hundred at once are a hundred."""
        count = self._counts.get(key)
        if count is None:
            count = self._counts[key] = _Count(now_s)
        count.wrong = max(0.0, count.wrong - (now_s - count.at_s) / FORGIVE_S) + 1
        count.at_s = now_s
        count.before_s = count.free_at_s
        over = count.wrong - self._free
        if over > 0:
            count.free_at_s = now_s + min(self._wait_max_s, 2 ** (min(ceil(over), 16) - 1))
        self._counts.move_to_end(key)
        while len(self._counts) > ADDRESSES_MAX:
            self._counts.popitem(last=False)

    def take_back(self, key: bytes) -> None:
        """It was not wrong after all, or not looked at."""
        count = self._counts.get(key)
        if count is not None:
            count.wrong = max(0.0, count.wrong - 1)
            count.free_at_s = count.before_s

    def clear(self, key: bytes) -> None:
        """Forget them."""
        self._counts.pop(key, None)


class Gate:
    """One attempt that may be looked at. It counts as wrong until somebody says what it was."""

    __slots__ = ("_account", "_address", "_attempts", "is_known")

    def __init__(self, attempts: "Attempts", account: bytes, address: bytes, *, is_known: bool) -> None:
        """Made by `Attempts.gate`."""
        self._attempts = attempts
        self._account = account
        self._address = address
        self.is_known = is_known
        """The account signed in well from this address before."""

    def wrong(self) -> None:
        """It was wrong; it counted as that from the beginning."""
        self._attempts.was_wrong()

    def right(self) -> None:
        """It was right: the account is known at this address from now on."""
        self._attempts.was_right(self._account, self._address)

    def take_back(self) -> None:
        """It was not looked at, or not to its end."""
        self._attempts.take_back(self._account, self._address, is_known=self.is_known)


class Attempts:
    """Counts wrong secrets and passwords. No count ends a session or stops whoever is signed in."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        """Count by this clock, under a key that dies with the process."""
        self._clock = clock
        self._key = ids.token_bytes(32)
        self._counting = threading.Lock()
        self._used: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        """By address: how many wrong secrets are not forgiven yet, and when that was worked out."""
        self._accounts = _Counts(FREE_PASSWORDS, WAIT_MAX_S)
        self._addresses = _Counts(FREE_OF_ADDRESS, WAIT_MAX_S)
        self._pairs = _Counts(FREE_PASSWORDS, WAIT_KNOWN_MAX_S)
        self._unlocks = _Counts(FREE_UNLOCKS, WAIT_UNLOCK_MAX_S)
        self._known: OrderedDict[bytes, float] = OrderedDict()
        """Pairs of account and address, and when they were seen last."""
        self.refused = 0
        """Wrong secrets, passwords and codes since the start."""

    def failed(self, address: str) -> None:
        """Count a wrong secret of a session, token or link.

        Raises:
            TooMany: there were more than ten of them, and a minute has not forgiven them yet.
        """
        network = self._hash(b"address", network_of(address))
        with self._counting:
            self.refused += 1
            now_s = self._clock.monotonic_s()
            used, since_s = self._used.get(network, (0.0, now_s))
            used = max(0.0, used - (now_s - since_s) / REFILL_S)
            is_over = used + 1 > FREE_ATTEMPTS
            self._used[network] = (used if is_over else used + 1, now_s)
            self._used.move_to_end(network)
            while len(self._used) > ADDRESSES_MAX:
                self._used.popitem(last=False)
        if is_over:
            wait_s = max(1, round((used + 1 - FREE_ATTEMPTS) * REFILL_S + 0.5))
            raise TooMany(
                f"Too many sessions, tokens or links from this address that the centre does not know. Nothing was "
                f"done. Sign in with a new link, or wait {wait_s} s",
                "access.too_many",
                wait_s,
            )

    def gate(self, name: str, address: str) -> Gate:
        """Let an attempt at an account be looked at; it counts as wrong until `Gate.right` or `Gate.take_back`.

        `name` need be nobody's: names that are not there wait as those that are.

        Raises:
            TooMany: the account, or the address, has to wait; it was not looked at, and does not count.
        """
        account = self._hash(b"account", name.casefold())
        network = self._hash(b"address", network_of(address))
        with self._counting:
            now_s = self._clock.monotonic_s()
            is_known = self._is_known(account + network, now_s)
            if is_known:
                wait_s = self._pairs.wait_s(account + network, now_s)
            else:
                wait_s = max(self._accounts.wait_s(account, now_s), self._addresses.wait_s(network, now_s))
            if wait_s <= 0:
                if is_known:
                    self._pairs.add(account + network, now_s)
                else:
                    self._accounts.add(account, now_s)
                    self._addresses.add(network, now_s)
        if wait_s > 0:
            raise _wait(wait_s, "Too many wrong names, passwords or codes.")
        return Gate(self, account, network, is_known=is_known)

    def is_known(self, name: str, address: str) -> bool:
        """Whether this account signed in well from this address within 30 days."""
        pair = self._hash(b"account", name.casefold()) + self._hash(b"address", network_of(address))
        with self._counting:
            return self._is_known(pair, self._clock.monotonic_s())

    def was_wrong(self) -> None:
        """Count a wrong one for the figures; what follows from it was settled when it came."""
        with self._counting:
            self.refused += 1

    def was_right(self, account: bytes, network: bytes) -> None:
        """Called by `Gate.right`."""
        with self._counting:
            now_s = self._clock.monotonic_s()
            if self._is_known(account + network, now_s):
                self._pairs.clear(account + network)
            else:
                self._accounts.take_back(account)
                self._addresses.take_back(network)
            self._know(account + network, now_s)

    def take_back(self, account: bytes, network: bytes, *, is_known: bool) -> None:
        """Called by `Gate.take_back`."""
        with self._counting:
            if is_known:
                self._pairs.take_back(account + network)
            else:
                self._accounts.take_back(account)
                self._addresses.take_back(network)

    def signed_in(self, name: str, address: str) -> None:
        """Note that an account signed in well from an address, by a link."""
        with self._counting:
            account = self._hash(b"account", name.casefold())
            self._know(account + self._hash(b"address", network_of(address)), self._clock.monotonic_s())

    def unlocking(self, session: Ref) -> None:
        """Let an attempt to unlock a desk be looked at; it counts until `unlocked` or `not_unlocked_yet`.

        Raises:
            TooMany: it has to wait, half a minute at most.
        """
        key = session.encode()
        with self._counting:
            now_s = self._clock.monotonic_s()
            wait_s = self._unlocks.wait_s(key, now_s)
            if wait_s <= 0:
                self._unlocks.add(key, now_s)
        if wait_s > 0:
            raise _wait(wait_s, "Too many wrong PINs or passwords at this desk; it goes on showing.")

    def unlocked(self, session: Ref) -> None:
        """It was right."""
        with self._counting:
            self._unlocks.clear(session.encode())

    def not_looked_at(self, session: Ref) -> None:
        """It was not looked at."""
        with self._counting:
            self._unlocks.take_back(session.encode())

    def _is_known(self, pair: bytes, now_s: float) -> bool:
        seen_s = self._known.get(pair)
        return seen_s is not None and now_s - seen_s < KNOWN_S

    def _know(self, pair: bytes, now_s: float) -> None:
        self._known[pair] = now_s
        self._known.move_to_end(pair)
        while len(self._known) > ADDRESSES_MAX:
            self._known.popitem(last=False)

    def _hash(self, purpose: bytes, text: str) -> bytes:
        data = text.encode("utf-8", "replace")
        return hashlib.blake2b(data, key=self._key, person=purpose, digest_size=16).digest()


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits, of which one household has 2^64 addresses."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((found, 64), strict=False))


def _wait(wait_s: float, words: str) -> TooMany:
    whole_s = max(1, ceil(wait_s))
    return TooMany(f"{words} Nothing was done. Wait {whole_s} s and try again", "access.wait", whole_s)
