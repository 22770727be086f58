"""One-time links to the key of an account: for whoever programs its panel. The key is in no fact; the link neither.

Fields stand in the order of canonical JSON.
"""

from typing import Final, Literal

import msgspec

from tocsin.model.accounts import KeyForm
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Seq

KEY_LINK_GIVEN: Final = Code("key_link.given")
KEY_LINK_OPENED: Final = Code("key_link.opened")
KEY_LINK_ENDED: Final = Code("key_link.ended")
KEY_LINK_KINDS: Final = frozenset({KEY_LINK_GIVEN, KEY_LINK_OPENED, KEY_LINK_ENDED})

LENGTH_S_MAX: Final = 24 * 3600
"""A link lives a day at most."""

KEY_LINKS_MAX: Final = 500
"""So many may be out at once."""

EndReason = Literal["by_hand", "replaced"]


class KeyLinkGiven(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `key_link.given`, version 1: whoever has the link sees the key of one account, once, until it ends.

    `ref` is None: the link is named `keylink-` and this seq.
    """

    account_id: Ref
    company: Code | None
    """Number or short name by which the centre knows the firm; never a person's name."""
    config: int
    epoch: int
    """After a restore, or where the journal lost its end, an opening may be forgotten: then the link opens nothing."""
    is_new: bool
    """Opening it makes another key, which counts from then on."""
    secret: HexHash
    """Keyed hash of what the link holds."""
    until: Micros


class KeyLinkOpened(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `key_link.opened`, version 1: the key is shown, for the only time. `ref` is the link.

    The actor is whoever was signed in where it was opened; else the link, and only the firm that it was given to is
    known.
    """

    account_id: Ref
    bits: int
    form: KeyForm
    key: Code
    """Where the key lies in `keys.db`: its name, never the key."""


class KeyLinkEnded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `key_link.ended`, version 1: before its time, and unopened. `ref` is the link."""

    reason: EndReason


class KeyLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link: a row of the projection of the three kinds."""

    id: Ref
    ended: EndReason | None
    given: KeyLinkGiven
    given_at: Micros
    given_by: Actor | None
    opened: KeyLinkOpened | None
    opened_at: Micros | None
    opened_by: Actor | None
    """The link itself where nobody was signed in."""
    seq: Seq
    """Of the fact that gave it."""
