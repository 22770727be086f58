"""Keys as people enter them: hex digits on most panels, characters used as bytes on others."""

from tocsin.model.accounts import KeyForm
from tocsin.model.errors import BadInput

KEY_BYTES = (16, 24, 32)
_HEX = frozenset("0123456789abcdefABCDEF")


def parse_key(text: str, form: KeyForm) -> bytes:
    """Read a key of 128, 192 or 256 bits.

    `form` is `hex` (32, 48 or 64 digits) or `text` (16, 24 or 32 ASCII characters, each one a byte of the key). Blanks
    around hex digits are dropped; in a text they belong to the key.

    Raises:
        BadInput: the length or an alphabet is wrong. The message never repeats the key.
    Source: DC09.md section 8.
    """
    if form == "hex":
        digits = text.strip()
        if len(digits) not in (32, 48, 64) or not _HEX.issuperset(digits):
            raise BadInput(
                f"The key has {len(digits)} characters; as hex it needs 32, 48 or 64 of the digits 0-9 and A-F. "
                "Nothing was changed. Check the panel's menu, or take the key as text.",
                "dc09.key",
            )
        return bytes.fromhex(digits)
    if len(text) not in KEY_BYTES or not text.isascii():
        raise BadInput(
            f"The key has {len(text)} characters; as text it needs 16, 24 or 32 ASCII characters. "
            "Nothing was changed. Check the panel's menu, or take the key as hex.",
            "dc09.key",
        )
    return text.encode("ascii")


def guess_form(text: str) -> KeyForm:
    """Tell how a key was probably entered: 32, 48 or 64 hex digits are hex, all else is text.

    32 characters that are all hex digits could be a 256-bit text key; as hex they are the far commoner 128-bit one.
    """
    digits = text.strip()
    return "hex" if len(digits) in (32, 48, 64) and _HEX.issuperset(digits) else "text"


def parse_any_key(text: str) -> bytes:
    """Read a key in the form that its length tells.

    Raises:
        BadInput: it is a key in neither form.
    """
    return parse_key(text, guess_form(text))
