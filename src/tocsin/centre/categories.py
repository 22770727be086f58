"""How long a path may be silent: the categories' figures, intervals that were set or learnt, and when two are alike.

By the monotonic clock, in fractions of a second: nothing of it is worked out again from the journal, which holds what
was missing and when.
Source: DC09.md, section 11; STANDARDS.md, sections 3.2 and 5 (lessons 11 and 17).
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Final

import msgspec

from tocsin.data import read_shipped
from tocsin.model.accounts import CATEGORIES
from tocsin.model.errors import BadInput
from tocsin.model.supervision import PathRole
from tocsin.model.values import Code, Words

PROFILE_FILE: Final = "profiles/en50136-1.toml"
FACTOR: Final = 2.0
GRACE_S: Final = 30.0
"""A path with an interval is overdue after interval x FACTOR + GRACE_S: one poll may be lost, and a retry be late."""

SCAN_S: Final = 1.0
"""What is overdue is looked for so often, and told so much early, that no limit is ever passed unseen."""

ALIKE: Final = 0.2
"""Gaps between polls that differ by at most a fifth are alike."""

LEARN_GAPS: Final = 2
"""So many gaps alike, which is three polls, teach an interval."""

INTERVAL_S_MIN: Final = 5.0
"""Polls closer together are no interval: a panel that starts, or one that repeats itself."""

LATE_FACTOR: Final = 1.2
"""Later than its own interval by a fifth: shown as late."""


class CategoryFigures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a path of one category may stay lost unseen, and where the figure comes from."""

    id: Code
    limit_s: int
    alternative_s: int | None = None
    """Of the second path while the first one is heard; None: the category has one path."""
    alone_s: int | None = None
    """Of the second path once the first one is missing; None: the category has one path."""
    source: Words
    evidence: str
    checked_by: Words
    checked_on: Words = Words("")

    @property
    def is_confirmed(self) -> bool:
        """It stands in a public text, or somebody compared it with the bought one."""
        return self.evidence == "C" or bool(self.checked_by)


class _Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    title: str
    wording: str


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    profile: _Profile
    category: list[CategoryFigures]


def load_categories(text: str) -> dict[Code, CategoryFigures]:
    """Read the figures of all categories from a profile's text.

    Raises:
        BadInput: it cannot be read, or a category is missing, doubled, unknown or has no sensible limit. None is used.
    """
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadInput(
            f"The figures for supervision cannot be read: {error}. None of them is used. Mend the profile",
            "profile.supervision",
        ) from error
    found = {one.id: one for one in file.category}
    wrong = sorted(set(CATEGORIES) ^ found.keys())
    wrong += [
        one.id
        for one in file.category
        if one.limit_s <= SCAN_S
        or (one.alternative_s is None) != one.id.startswith("SP")
        or (one.alone_s is None) != (one.alternative_s is None)
        or (one.alternative_s or one.limit_s) < one.limit_s
        or (one.alone_s or one.limit_s) > (one.alternative_s or one.limit_s)
        or (one.alone_s or one.limit_s) <= SCAN_S
        or one.evidence not in ("C", "M")
    ]
    if wrong or len(found) != len(file.category):
        raise BadInput(
            f"The figures for supervision are wrong at {', '.join(wrong) or 'a category that comes twice'}. None of "
            "them is used. Mend the profile: each of SP1 to SP6 and DP1 to DP4 once, DP with alternative_s and alone_s",
            "profile.supervision",
        )
    return found


@cache
def shipped_categories() -> dict[Code, CategoryFigures]:
    """The figures that ship with the product. Read once."""
    return load_categories(read_shipped(PROFILE_FILE))


def limit_s(
    category: Code | None,
    interval_s: float | None,
    figures: Mapping[Code, CategoryFigures],
    role: PathRole = "only",
    *,
    is_alone: bool = False,
) -> float | None:
    """How long a path may be silent; None: it is not supervised.

    `interval_s`: as set, or learnt; None: there is none. The interval's limit counts, but never more than the
    category's, less one scan. `is_alone`: of an alternative path whose primary one is missing.
    """
    found = None if category is None else figures.get(category)
    ceiling: float | None = None
    if found is not None:
        ceiling = float(found.limit_s)
        if role == "alternative":
            ceiling = float((found.alone_s if is_alone else found.alternative_s) or found.limit_s)
    by_interval = None if interval_s is None else interval_s * FACTOR + GRACE_S
    if role == "alternative":
        by_interval = None  # the interval is that of the path that polls; the second one may be tested once a day
    if ceiling is None:
        return by_interval
    return ceiling if by_interval is None else min(by_interval, ceiling)


def is_tight(category: Code | None, interval_s: int | None, figures: Mapping[Code, CategoryFigures]) -> bool:
    """One lost poll raises a false fault: polls are further apart than half of the category's limit."""
    found = None if category is None else figures.get(category)
    return found is not None and interval_s is not None and interval_s * 2 > found.limit_s


def are_alike(one_s: float, other_s: float) -> bool:
    """Two gaps between polls are within a fifth of each other, and long enough to be an interval."""
    return min(one_s, other_s) >= INTERVAL_S_MIN and abs(one_s - other_s) <= ALIKE * max(one_s, other_s)
