"""Names of zones beside their numbers, for lists that name zones by number."""

from collections.abc import Iterable, Mapping

import msgspec

from tocsin.model.values import Code, Place


class NamedZone(msgspec.Struct, frozen=True, kw_only=True):
    """A zone that somebody gave a name."""

    name: Place
    number: Code


def named_zones(numbers: Iterable[Code], names: Mapping[Code, Place]) -> list[NamedZone]:
    """Those of these zones that have a name, each once, in the order in which they come."""
    return [NamedZone(name=names[one], number=one) for one in dict.fromkeys(numbers) if one in names]
