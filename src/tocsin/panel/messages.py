"""Messages before they become frames: token, data and extended blocks, and how a code and a zone make them."""

import re
from typing import Final

import msgspec

from tocsin.model.errors import BadInput
from tocsin.panel.faults import Fault

POLL_TOKENS: Final = frozenset({"NULL", "XNM"})
"""Link tests: a receiver answers them at once and stores nothing, so they stand in no list of messages."""

SIA: Final = "SIA-DCS"
CID: Final = "ADM-CID"

DATA_MAX: Final = 4000
"""Bytes of data in one message; a frame's body has at most 4,095 (DC09.md section 1)."""
BLOCKS_MAX: Final = 20
TEXT_MAX: Final = 200
_FORBIDDEN = re.compile(r"[\[\]\r\n]")
_TOKEN = re.compile(r"[A-Z0-9-]{2,20}\Z", re.ASCII)
_SIA_CODE = re.compile(r"[A-Z]{2}\Z", re.ASCII)
_CID_CODE = re.compile(r"[0-9B-F]{3}\Z", re.ASCII)
_DIGITS = re.compile(r"[0-9A-Fa-f]{1,8}\Z", re.ASCII)


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says, before the account and the running number are known."""

    token: str | None = None
    """None: SIA-DCS for a code of two letters, ADM-CID for one of three digits, else NULL."""
    data: str | None = None
    """Data between the brackets as it stands; `{account}` and `{number}` are filled in. None: built from the code."""
    code: str | None = None
    zone: str | None = None
    area: str | None = None
    qualifier: str = "1"
    text: str | None = None
    blocks: tuple[str, ...] = ()
    """Extended data, each with its letter first and without brackets."""
    is_unique: bool = False
    """The zone, and in SIA-DCS the text too, holds the message's running number."""


class Message(msgspec.Struct, frozen=True, gc=False):
    """One message of one panel."""

    number: int
    """Running number at its panel; the sequence number follows from it."""
    token: str
    data: str
    blocks: tuple[str, ...] = ()
    fault: Fault | None = None

    @property
    def is_poll(self) -> bool:
        """A link test, which no journal holds."""
        return self.token in POLL_TOKENS


def sequence_of(number: int) -> str:
    """Return the sequence number of a panel's message: 0001 to 9999, then 0001 again."""
    return f"{(number - 1) % 9999 + 1:04d}"


def check_recipe(recipe: Recipe, where: str) -> Recipe:
    """Return the recipe with its token settled.

    Raises:
        BadInput: a field that no frame can carry; the message begins with `where`.
    """
    token = recipe.token or _token_of(recipe.code, recipe.data, where)
    if not _TOKEN.match(token):
        raise BadInput(f"{where}: a token has 2 to 20 capital letters, digits or '-'.", "panel.message")
    if recipe.data is not None:
        if recipe.code is not None:
            raise BadInput(f"{where}: give either data or a code, not both.", "panel.message")
        if len(recipe.data.encode()) > DATA_MAX or _FORBIDDEN.search(recipe.data):
            raise BadInput(
                f"{where}: data has at most {DATA_MAX} bytes and neither brackets nor line ends.", "panel.message"
            )
    elif token not in POLL_TOKENS:
        _check_code(token, recipe, where)
    if len(recipe.blocks) > BLOCKS_MAX:
        raise BadInput(f"{where}: at most {BLOCKS_MAX} extended blocks.", "panel.message")
    for block in recipe.blocks:
        if not block[:1].isalpha() or _FORBIDDEN.search(block) or len(block) > DATA_MAX:
            raise BadInput(f"{where}: an extended block begins with its letter, without brackets.", "panel.message")
    return msgspec.structs.replace(recipe, token=token)


def _token_of(code: str | None, data: str | None, where: str) -> str:
    if code is not None and _SIA_CODE.match(code):
        return SIA
    if code is not None and _CID_CODE.match(code):
        return CID
    if code is not None:
        raise BadInput(
            f"{where}: a code has two capital letters (SIA, such as BA) or three digits (Contact ID, such as 131).",
            "panel.message",
        )
    if data is not None:
        raise BadInput(f"{where}: data needs a token.", "panel.message")
    return "NULL"


def _check_code(token: str, recipe: Recipe, where: str) -> None:
    code, zone, area = recipe.code, recipe.zone, recipe.area
    if token == SIA:
        good = code is not None and _SIA_CODE.match(code)
        widths = (8, 8)
    elif token == CID:
        good = code is not None and _CID_CODE.match(code) and recipe.qualifier in ("1", "3", "6")
        widths = (3, 2)
        if recipe.text is not None:
            raise BadInput(f"{where}: Contact ID carries no text; send it as an extended block I.", "panel.message")
    else:
        raise BadInput(f"{where}: the token {token} is sent with data, not with a code.", "panel.message")
    if not good:
        raise BadInput(
            f"{where}: SIA-DCS takes a code of two letters; ADM-CID one of three digits and the qualifier 1, 3 or 6.",
            "panel.message",
        )
    for name, value, width in (("zone", zone, widths[0]), ("area", area, widths[1])):
        if value is not None and (not _DIGITS.match(value) or len(value) > width):
            raise BadInput(f"{where}: {name} has 1 to {width} digits with {token}.", "panel.message")
    if recipe.text is not None and (len(recipe.text) > TEXT_MAX or re.search(r"[\[\]|^\r\n]", recipe.text)):
        raise BadInput(f"{where}: text has at most {TEXT_MAX} characters and none of [ ] | ^.", "panel.message")


def build(recipe: Recipe, account: str, number: int, fault: Fault | None = None) -> Message:
    """Make the message `number` of the panel `account` from a checked recipe."""
    token = recipe.token or "NULL"
    if token in POLL_TOKENS and recipe.data is None:
        return Message(number, token, "", recipe.blocks, fault)
    if recipe.data is not None:
        data = recipe.data.replace("{account}", account).replace("{number}", f"{number:06d}")
    elif token == CID:
        data = _contact_id(recipe, account, number)
    else:
        data = _sia(recipe, account, number)
    return Message(number, token, data, recipe.blocks, fault)


def _sia(recipe: Recipe, account: str, number: int) -> str:
    area = "" if recipe.area is None else f"ri{recipe.area}/"
    zone = f"{number:06d}" if recipe.is_unique else recipe.zone or ""
    text = f"n {number:06d}" if recipe.is_unique and recipe.text is None else recipe.text
    if recipe.is_unique and recipe.text is not None:
        text = f"{recipe.text} n {number:06d}"
    return f"#{account}|N{area}{recipe.code}{zone}{'' if text is None else f'^{text}^'}"


def _contact_id(recipe: Recipe, account: str, number: int) -> str:
    area, zone = recipe.area or "00", recipe.zone or "000"
    if recipe.is_unique:
        area, zone = f"{number // 1000 % 100:02d}", f"{number % 1000:03d}"
    return f"#{account}|{recipe.qualifier}{recipe.code} {area:0>2} {zone:0>3}"
