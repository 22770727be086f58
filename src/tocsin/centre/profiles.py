"""Reads profiles: those that ship with the product, and a centre's own in `profiles/` of its folder.

What is wrong is said with the file, the line and the nearest word that exists. A file that is wrong is not used at all.
"""

import datetime as dt
import difflib
import hashlib
import math
import re
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple, cast, get_args

from tocsin.model.catalogue import HazardClass, Priority
from tocsin.model.errors import BadInput
from tocsin.model.profiles import FIGURES_MAX, LOAD_PREFIX, MEASURES, Evidence, Figure, Kind, Measure, Profile
from tocsin.model.values import Code, Words

OWN_FOLDER: Final = "profiles"
FILE_BYTES_MAX: Final = 262_144
OWN_MAX: Final = 50
_DEFAULTS: Final[dict[Kind, Code]] = {"response": Code("en50518-2019"), "load": Code("eemua-191")}
_KIND_WORDS: Final[dict[Kind, str]] = {"response": "intervals", "load": "operators' load"}
NOT_FIGURES: Final = frozenset({"en50136-1"})
"""Shipped files of this folder that hold categories of supervision, and no figures (`centre.categories`)."""

LIMIT_S_MAX: Final = 31_536_000
TARGET_MAX: Final = 1_000_000
WORDS_MAX: Final = 300
_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")
_HAZARDS: Final[tuple[str, ...]] = get_args(HazardClass)
_PRIORITIES: Final[tuple[int, ...]] = get_args(Priority)
_KINDS: Final[tuple[str, ...]] = get_args(Kind)
_PROFILE_KEYS: Final = ("id", "title", "wording", "kind", "version", "copied_from")
_FIGURE_KEYS: Final = (
    "id",
    "measure",
    "hazards",
    "priorities",
    "share",
    "limit_s",
    "target",
    "source",
    "evidence",
    "checked_by",
    "checked_on",
    "new",
)
_WORDING: Final = "designed to measure against"


def shipped_ids() -> tuple[Code, ...]:
    """Profiles that ship with the product, by name."""
    return tuple(_shipped_texts())


@cache
def shipped(id_: Code) -> Profile:
    """A profile that ships with the product.

    Raises:
        BadInput: there is none of that name, or its file is damaged.
    """
    texts = _shipped_texts()
    if id_ not in texts:
        raise _unknown(id_, texts)
    return parse(texts[id_], f"{id_}.toml of the product")


class Chosen(NamedTuple):
    """A profile that is used, and why it is not the chosen one."""

    profile: Profile
    trouble: Words | None


class Profiles:
    """The profiles that a centre may choose from: shipped ones, and its own, which are read anew each time."""

    def __init__(self, folder: Path) -> None:
        """Of the centre in `folder`."""
        self._own = folder / OWN_FOLDER

    def ids(self) -> tuple[Code, ...]:
        """Every name that can be asked for, its own ones last. Whether a file is right shows when it is read."""
        return tuple(dict.fromkeys((*shipped_ids(), *self._files())))

    def get(self, id_: str, kind: Kind | None = None) -> Profile:
        """The profile of this name; the centre's own goes before the product's.

        Raises:
            BadInput: there is none, its file is wrong (with the line, and the nearest word that exists), or it is of
                another kind than is wanted.
        """
        found = self._get(id_)
        if kind is not None and found.kind != kind:
            raise BadInput(
                f"The profile {id_!r} is one of {_KIND_WORDS[found.kind]}, not of {_KIND_WORDS[kind]}. Nothing was "
                "measured against it. Name another one",
                "profile.kind",
            )
        return found

    def _get(self, id_: str) -> Profile:
        own = self._files()
        if id_ in own:
            return parse(_read(own[Code(id_)]), f"{OWN_FOLDER}/{id_}.toml", own_name=id_)
        if id_ in shipped_ids():
            return shipped(Code(id_))
        raise _unknown(id_, self.ids())

    def chosen(self, id_: str, kind: Kind) -> Chosen:
        """The profile of this name, or a shipped one and what is wrong: a centre starts with a bad file too."""
        try:
            return Chosen(self.get(id_, kind), None)
        except BadInput as error:
            return Chosen(shipped(_DEFAULTS[kind]), Words(str(error)))

    def _files(self) -> dict[Code, Path]:
        try:
            found = sorted(path for path in self._own.glob("*.toml") if _ID.fullmatch(path.stem))
        except OSError:
            return {}
        return {Code(path.stem): path for path in found[:OWN_MAX]}


def parse(text: str, where: str, own_name: str | None = None) -> Profile:
    """Read a profile from the text of its file; `where` names it in errors, `own_name` is a centre's own file's name.

    Raises:
        BadInput: with the line.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(
            f"{where} cannot be read: {error}. Nothing of it is used. Mend the file", "profile.figures"
        ) from error
    return _Reader(text, where).profile(table, own_name)


class _Reader:
    """Takes a file's table apart, and knows the line of what is wrong."""

    def __init__(self, text: str, where: str) -> None:
        self._lines = text.splitlines()
        self._text = text
        self._where = where

    def profile(self, table: Mapping[str, Any], own_name: str | None) -> Profile:
        self._known(table, ("profile", "figure"), None)
        head, rows = table.get("profile"), cast("list[Any] | None", table.get("figure"))
        if not isinstance(head, dict):
            raise self._wrong(1, "it has no table [profile]")
        if not isinstance(rows, list) or not 0 < len(rows) <= FIGURES_MAX:
            raise self._wrong(1, f"it has no list [[figure]] of 1 to {FIGURES_MAX} figures")
        head = cast("dict[str, Any]", head)
        self._known(head, _PROFILE_KEYS, "profile")
        id_ = self._words(head, "id", "profile", most=40)
        if not _ID.fullmatch(id_) or (own_name is not None and id_ != own_name):
            raise self._wrong(
                self._line("profile", "id"),
                f"the id is {id_!r}; it is the file's name, in small letters, digits, dots and hyphens",
            )
        wording = self._words(head, "wording", "profile", _WORDING)
        if wording != _WORDING:
            raise self._wrong(
                self._line("profile", "wording"), f"the wording is not {_WORDING!r}: nothing more may be claimed"
            )
        version = head.get("version", 1)
        if type(version) is not int or not 1 <= version <= 9999:
            raise self._wrong(self._line("profile", "version"), "the version is no whole number from 1 to 9999")
        kind = self._one_of(head.get("kind", "response"), _KINDS, "kind", self._line("profile", "kind"))
        copied = self._words(head, "copied_from", "profile", "") or None
        if own_name is not None and copied is None and own_name not in shipped_ids():
            raise self._wrong(
                self._line("profile", None), "it does not say `copied_from`: the shipped profile that it came from"
            )
        original = None if copied is None else self._original(copied)
        figures = [self._figure(row, number) for number, row in enumerate(rows)]
        self._check(figures, cast("list[dict[str, Any]]", rows), original)
        digest = hashlib.sha256(self._text.encode()).hexdigest()[:12]
        return Profile(
            id=Code(id_),
            title=Words(self._words(head, "title", "profile")),
            wording=Words(wording),
            kind=cast("Kind", kind),
            version=Code(f"{version}-{digest}"),
            copied_from=None if copied is None else Code(copied),
            is_own=own_name is not None,
            figures=tuple(figures),
        )

    def _original(self, copied: str) -> Profile:
        if copied not in shipped_ids():
            raise self._wrong(
                self._line("profile", "copied_from"),
                f"there is no shipped profile {copied!r}{_nearest(copied, shipped_ids())}",
            )
        return shipped(Code(copied))

    def _check(self, figures: list[Figure], rows: list[dict[str, Any]], original: Profile | None) -> None:
        """No figure comes twice; a copy's figures are the original's, or say that they are new."""
        seen: set[str] = set()
        known = () if original is None else tuple(one.id for one in original.figures)
        for number, figure in enumerate(figures):
            line = self._line(number, "id")
            if figure.id in seen:
                raise self._wrong(line, f"the figure {figure.id!r} comes twice")
            seen.add(figure.id)
            if original is not None and figure.id not in known and rows[number].get("new") is not True:
                raise self._wrong(
                    line,
                    f"{original.id} has no figure {figure.id!r}{_nearest(figure.id, known)}; a figure of your own "
                    "says `new = true`",
                )

    def _figure(self, row: Any, number: int) -> Figure:
        if not isinstance(row, dict):
            raise self._wrong(1, "a figure is no table")
        row = cast("dict[str, Any]", row)
        self._known(row, _FIGURE_KEYS, number)
        id_ = self._words(row, "id", number, most=40)
        if not _ID.fullmatch(id_):
            raise self._wrong(self._line(number, "id"), f"the id {id_!r} has other than small letters, digits, . and -")
        measure = cast("Measure", self._one_of(row.get("measure"), MEASURES, "measure", self._line(number, "measure")))
        evidence = row.get("evidence")
        if evidence == "X":
            raise self._wrong(
                self._line(number, "evidence"), f"the figure {id_!r} was looked for and not found (X): take it out"
            )
        evidence = self._one_of(evidence, get_args(Evidence), "evidence", self._line(number, "evidence"))
        checked_by, checked_on = (self._words(row, key, number, "") for key in ("checked_by", "checked_on"))
        if checked_on and not _is_day(checked_on):
            raise self._wrong(self._line(number, "checked_on"), "`checked_on` is no day such as 2026-11-23")
        share, limit_s, target = self._amounts(row, measure, number)
        return Figure(
            id=Code(id_),
            measure=measure,
            hazards=cast("tuple[HazardClass, ...]", self._several(row, "hazards", _HAZARDS, number)),
            priorities=cast("tuple[Priority, ...]", self._several(row, "priorities", _PRIORITIES, number)),
            share_permille=share,
            limit_s=limit_s,
            target_milli=target,
            source=Words(self._words(row, "source", number)),
            evidence=cast("Evidence", evidence),
            checked_by=Words(checked_by),
            checked_on=Words(checked_on),
        )

    def _amounts(self, row: dict[str, Any], measure: Measure, number: int) -> tuple[int | None, int | None, int | None]:
        if measure.startswith(LOAD_PREFIX):
            for key in ("share", "limit_s"):
                if key in row:
                    raise self._wrong(self._line(number, key), f"{measure} is a load: it has a `target`, no `{key}`")
            target = _number(row.get("target"))
            if target is None or not 0 <= target <= TARGET_MAX:
                raise self._wrong(self._line(number, "target"), f"the target is no number from 0 to {TARGET_MAX}")
            return None, None, round(target * 1000)
        if "target" in row:
            raise self._wrong(
                self._line(number, "target"), f"{measure} is an interval: it has `share` and `limit_s`, no `target`"
            )
        share, limit_s = _number(row.get("share")), row.get("limit_s")
        if share is None or not 0 < share <= 1 or abs(share * 1000 - round(share * 1000)) > 1e-6:
            raise self._wrong(
                self._line(number, "share"), "the share is no number above 0 and up to 1 in thousandths, such as 0.985"
            )
        if type(limit_s) is not int or not 1 <= limit_s <= LIMIT_S_MAX:
            raise self._wrong(
                self._line(number, "limit_s"), f"the limit is no whole number of seconds, 1 to {LIMIT_S_MAX}"
            )
        return round(share * 1000), limit_s, None

    def _several(
        self, row: dict[str, Any], key: str, known: tuple[str, ...] | tuple[int, ...], number: int
    ) -> tuple[Any, ...]:
        found = row.get(key, [])
        line = self._line(number, key)
        if not isinstance(found, list):
            raise self._wrong(line, f"`{key}` is no list")
        found = cast("list[Any]", found)
        for one in found:
            if type(one) is not type(known[0]) or one not in known:
                raise self._wrong(line, f"`{key}` names {one!r}{_nearest(str(one), [str(word) for word in known])}")
        if len(set(found)) != len(found):
            raise self._wrong(line, f"`{key}` names one twice")
        return tuple(found)

    def _words(
        self, row: Mapping[str, Any], key: str, block: int | str, default: str | None = None, most: int = WORDS_MAX
    ) -> str:
        found = row.get(key, default)
        if not isinstance(found, str) or (default is None and not found) or len(found) > most:
            raise self._wrong(self._line(block, key), f"`{key}` is no text of 1 to {most} characters")
        if not found.isprintable():
            raise self._wrong(self._line(block, key), f"`{key}` holds a character that cannot be printed")
        return found

    def _one_of(self, found: object, known: Collection[str], key: str, line: int) -> str:
        if not isinstance(found, str) or found not in known:
            shown = "nothing" if found is None else repr(found)[:60]
            raise self._wrong(line, f"`{key}` is {shown}{_nearest(str(found), known)}")
        return found

    def _known(self, table: Mapping[str, Any], keys: tuple[str, ...], block: int | str | None) -> None:
        for key in table:
            if key not in keys:
                line = self._line(block, key) if block is not None else self._header(key)
                raise self._wrong(line, f"there is no {key!r} here{_nearest(key, keys)}")

    def _wrong(self, line: int, words: str) -> BadInput:
        return BadInput(f"{self._where}, line {line}: {words}. Nothing of it is used. Mend the file", "profile.figures")

    def _header(self, name: str) -> int:
        for number, line in enumerate(self._lines, 1):
            if re.match(rf"\s*\[*\s*[\"']?{re.escape(name)}[\"']?\s*[\]=.]", line):
                return number
        return 1

    def _line(self, block: int | str | None, key: str | None) -> int:
        """The line of a key in [profile], or in the figure of this number from 0; else of the block's heading."""
        begin, count, is_inside = 1, -1, False
        for number, line in enumerate(self._lines, 1):
            if match := re.match(r"\s*\[+\s*([A-Za-z0-9_-]+)\s*\]+", line):
                count += match[1] == "figure"
                is_inside = match[1] == "profile" if block == "profile" else match[1] == "figure" and count == block
                begin = number if is_inside else begin
            elif is_inside and key is not None and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                return number
        return begin


def _number(found: object) -> float | None:
    """What TOML has as a number; a truth value is none, nor is what is not finite."""
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        return None
    return float(found)


def _nearest(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, known, 1, 0.5)
    if near:
        return f"; the nearest known one is {near[0]!r}"
    return f"; there are {', '.join(known)}" if len(known) <= 24 else ""


def _unknown(id_: str, known: Collection[str]) -> BadInput:
    return BadInput(
        f"There is no profile {id_[:40]!r}{_nearest(id_, known)}. Nothing was measured against it. Name one that is "
        "there, or put its file into `profiles` of the centre's folder",
        "profile.unknown",
    )


def _is_day(words: str) -> bool:
    try:
        return dt.date.fromisoformat(words).isoformat() == words
    except ValueError:
        return False


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
        if len(data) > FILE_BYTES_MAX:
            raise BadInput(
                f"{OWN_FOLDER}/{path.name} is larger than {FILE_BYTES_MAX // 1024} KiB. Nothing of it is used. A "
                "profile has some lines",
                "profile.figures",
            )
        return data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{OWN_FOLDER}/{path.name} cannot be read ({type(error).__name__}). Nothing of it is used. Mend the file",
            "profile.figures",
        ) from error


@cache
def _shipped_texts() -> dict[Code, str]:
    folder = files("tocsin.data") / "profiles"
    found = sorted(
        (one for one in folder.iterdir() if one.name.endswith(".toml")),
        key=lambda one: one.name,
    )
    texts = {Code(one.name.removesuffix(".toml")): one.read_text(encoding="utf-8") for one in found}
    return {id_: text for id_, text in texts.items() if id_ not in NOT_FIGURES}
