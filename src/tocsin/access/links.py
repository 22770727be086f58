"""Links that let somebody in once."""

from typing import Final

import msgspec

from tocsin.access.attempts import Attempts
from tocsin.access.base import Base
from tocsin.access.credentials import Credentials
from tocsin.access.entries import DAY_S, Entries
from tocsin.access.issuing import Issuing
from tocsin.access.people import People
from tocsin.access.secrets import new_secret
from tocsin.model.access import AccessRow, LinkCreated, MadeSecret
from tocsin.model.errors import BadInput
from tocsin.model.values import Actor

LINK_S: Final = 900
"""A link lives 15 minutes: long enough to walk to a desk."""

FIRST_LINK_S: Final = DAY_S
"""The link that `tocsin init` prints lives a day: the centre may be set up first."""

LINKS_MAX: Final = 100


class LinkState(msgspec.Struct, frozen=True):
    """What a link is good for: `alive`, or why it is not."""

    state: str
    """alive, used, expired or unknown."""
    user: Actor | None = None
    needs_code: bool = False
    """Its user has an authenticator, and gives a code with it."""


class Links:
    """Makes links, and says what one is good for."""

    def __init__(
        self, base: Base, entries: Entries, people: People, credentials: Credentials, attempts: Attempts
    ) -> None:
        """Know the links of `entries`; unknown ones are counted by `attempts`."""
        self._credentials = credentials
        self._ids = base.ids
        self._changing = base.changing
        self._entries = entries
        self._people = people
        self._attempts = attempts
        self._issuing = Issuing(base, entries)

    def link(self, secret: str) -> LinkState:
        """What a link is good for. Looking does not use it up: mail programs look."""
        entry = self._entries.of_secret(secret)
        if entry is None or entry.row.kind != "link":
            return LinkState("unknown")
        if entry.row.used_at is not None:
            return LinkState("used", entry.row.user)
        if not self._entries.is_alive(entry) or entry.row.user is None:
            return LinkState("expired", entry.row.user)
        return LinkState("alive", entry.row.user, self.needs_code(entry.row.user))

    def needs_code(self, user: Actor) -> bool:
        """Whether somebody's links let in with a code alone: who has an authenticator is not passed by."""
        return self._credentials.row(user, "totp") is not None

    def refuse_link(self, secret: str, address: str) -> None:
        """Say why a link lets nobody in, to whoever asks from `address`.

        Raises:
            BadInput: it was used, has expired or is none of ours.
            TooMany: it is none of ours, and too many such came from this address.
        """
        if self.link(secret).state == "unknown":
            self._attempts.failed(address)
        self.usable(secret)

    def create_link(self, user: Actor, actor: Actor, seconds: int = LINK_S) -> MadeSecret:
        """Make a link that lets a user in once, within `seconds`.

        Raises:
            BadInput: there is no such user.
            Conflict: 100 unused links are alive.
        """
        with self._changing:
            self._people.named(user)
            self._issuing.refuse_more("link", LINKS_MAX, "Use them, or wait until they have expired")
            return self._issuing.make(
                "link", new_secret(self._ids), seconds, lambda end: LinkCreated(expires_at=end, user=user), actor, user
            )

    def usable(self, secret: str) -> AccessRow:
        """The row of a link that lets its user in now.

        Raises:
            BadInput: it was used, has expired or is none of ours; its user was removed.
        """
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
        if not self._entries.is_alive(entry) or entry.row.user is None or not self._people.roles_of(entry.row.user):
            raise BadInput(
                "This sign-in link has expired. Nobody was signed in. Have a new one made with `tocsin link`",
                "access.link_expired",
            )
        return entry.row
