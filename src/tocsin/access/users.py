"""Users: what a row may hold, and how a rebuild finds them again. Names lie in the vault; facts hold references."""

from collections.abc import Iterable
from typing import Final

import msgspec

from tocsin.access.fact_entry import entry_of
from tocsin.model.access import ROLES, Role, User, UserRow
from tocsin.model.errors import BadInput
from tocsin.model.journal import StoredEntry
from tocsin.model.values import Actor, Code, Seq

USER_SET: Final = Code("user.set")
NAME_PREFIX: Final = "user-text-"
"""How a reference to a name begins; behind it stand 16 hex digits from outside."""

NAME_CHARACTERS_MAX: Final = 80
USERS_MAX: Final = 1000
"""Users that may come in. Each needs a link made by a person, so more is somebody's mistake."""


_BODY: Final = msgspec.json.Decoder(UserRow)


def user_id(seq: Seq) -> Actor:
    """Name of the user that the fact of this seq made."""
    return Actor(f"user-{seq}")


def rebuild_users(entries: Iterable[StoredEntry]) -> list[User]:
    """Apply the journal's facts again, from the first: what results equals the live table byte for byte.

    Needs nothing but the entries: no vault (DESIGN.md, "The journal", 7).
    """
    found: dict[Actor, User] = {}
    for stored in entries:
        if stored.row.kind != USER_SET:
            continue
        entry = entry_of(stored)
        id_ = user_id(stored.row.seq) if entry.ref is None else Actor(entry.ref)
        found[id_] = User(id_, _BODY.decode(entry.body), stored.row.seq)
    return sorted(found.values(), key=lambda user: int(user.id.rpartition("-")[2]))


def checked_name(name: str) -> str:
    """A name as it is kept.

    Raises:
        BadInput: it is empty, too long, or holds what cannot be seen.
    """
    trimmed = " ".join(name.split())
    if not 1 <= len(trimmed) <= NAME_CHARACTERS_MAX or not trimmed.isprintable():
        raise BadInput(
            f"A user's name has 1 to {NAME_CHARACTERS_MAX} characters that can be seen. Nothing was changed. Give "
            "another name",
            "access.name",
        )
    return trimmed


def checked_roles(roles: Iterable[str]) -> tuple[Role, ...]:
    """Roles as a row holds them: sorted, each once.

    Raises:
        BadInput: there is none, or one that does not exist.
    """
    wanted = {role.strip().replace("-", "_").replace(" ", "_").lower() for role in roles}
    known: tuple[Role, ...] = tuple(role for role in sorted(ROLES) if role in wanted)
    if not known or len(known) != len(wanted):
        raise BadInput(
            f"A user has one or more of the roles {', '.join(sorted(ROLES))}. Nothing was changed. Give those",
            "access.roles",
        )
    return known
