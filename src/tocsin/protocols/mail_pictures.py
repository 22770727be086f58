"""Pictures that a machine's mail brings: its JPEG parts, unpacked from what carries them, and nothing else. Pure.

Not for the process of a centre: the parts of ten megabytes are taken apart here, and their pixels by whoever asks.
Sources: RFC 2045 and 2046 (MIME), RFC 2183 (file names).
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from email.message import Message

PARTS_MAX: Final = 100
_TYPES: Final = frozenset({"image/jpeg", "image/jpg", "image/pjpeg"})
_ENDS: Final = (".jpg", ".jpeg")
_SIGNS: Final = (b"image/jp", b"image/pjp", b"IMAGE/JP", b"Image/jp", b"Image/Jp", b".jp", b".JP", b".Jp")
"""One of them stands in a mail that brings a JPEG, as senders write it. A part that says so otherwise is dropped."""


def may_have_pictures(raw: bytes) -> bool:
    """Whether a look inside is worth a process: quick, and says yes too often rather than too seldom."""
    return any(sign in raw for sign in _SIGNS)


def pictures_of(raw: bytes, most: int) -> tuple[list[bytes], int]:
    """The first `most` JPEG parts of a mail, unpacked; and how many there are beyond them.

    Raises nothing over what a stranger sent: what cannot be read has no pictures.
    """
    from email.parser import BytesParser
    from email.policy import compat32

    found: list[bytes] = []
    more = 0
    try:
        for count, part in enumerate(BytesParser(policy=compat32).parsebytes(raw).walk()):
            if count >= PARTS_MAX:
                break
            if not _is_jpeg(part):
                continue
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes):
                continue
            if len(found) < most:
                found.append(content)
            else:
                more += 1
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        pass  # the library trips over some of what a stranger may send; what came before it counts
    return found, more


def _is_jpeg(part: "Message") -> bool:
    """By its kind; or by the end of its name, where its kind says nothing."""
    kind = part.get_content_type()
    if kind in _TYPES:
        return True
    return kind == "application/octet-stream" and str(part.get_filename("")).lower().endswith(_ENDS)
