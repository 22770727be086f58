"""Who may send to a mail source, and where: in `keys.db` alone, since an address may be somebody's, and is a key."""

import base64
import ipaddress
import re
from collections.abc import Sequence
from typing import Final

import msgspec

from tocsin.model.errors import BadInput
from tocsin.model.sources import NETWORKS_MAX, SENDERS_MAX, MailWay
from tocsin.model.values import PersonalText
from tocsin.protocols.mail_in import line_fault

LOCAL_BYTES: Final = 15
_SENDER: Final = re.compile(r"[0-9a-z.!#$%&'*+/=?^_`{|}~-]{1,64}@[0-9a-z.-]{1,190}")
_ENCODE: Final = msgspec.json.Encoder().encode


class MailDoor(msgspec.Struct, frozen=True, kw_only=True):
    """Who may send to a mail source, and where."""

    local: str
    """What stands before the @ of its address; nobody can guess it."""
    networks: tuple[str, ...]
    """From where mail is taken, as 192.0.2.0/24; 1 to NETWORKS_MAX."""
    senders: tuple[PersonalText, ...]
    """Addresses that a mail may come from (of the envelope), lower case; 1 to SENDERS_MAX."""

    def __repr__(self) -> str:
        """Tell nothing of it."""
        return "MailDoor()"


read_door: Final = msgspec.json.Decoder(MailDoor).decode


def door_bytes(door: MailDoor) -> bytes:
    """As it is wrapped."""
    return _ENCODE(door)


def new_local(random: bytes) -> str:
    """A name that nobody can guess, of letters and digits, from LOCAL_BYTES of randomness."""
    return base64.b32encode(random).decode().lower()


def checked_door(local: str, senders: Sequence[str], networks: Sequence[str]) -> MailDoor:
    """What people have entered, in order and form.

    Raises:
        BadInput: an address or a network is none, or there is none, or too many.
    """
    plain = sorted({one.strip().lower() for one in senders})
    if not 1 <= len(plain) <= SENDERS_MAX or not all(map(_SENDER.fullmatch, plain)):
        raise BadInput(
            f"A mail source has 1 to {SENDERS_MAX} addresses that its mail may come from. Nothing was changed. Name "
            "them as the sender has them in its envelope, such as panel@site.example",
            "source.senders",
        )
    try:
        found = sorted({str(ipaddress.ip_network(one.strip())) for one in networks})
    except ValueError as error:
        raise BadInput(
            "A network is none. Nothing was changed. Write 192.0.2.0/24, or one address alone", "source.networks"
        ) from error
    if not 1 <= len(found) <= NETWORKS_MAX:
        raise BadInput(
            f"A mail source has 1 to {NETWORKS_MAX} networks that its mail may come from. Nothing was changed. Name "
            "them: a sender's address alone can be put on by anybody",
            "source.networks",
        )
    return MailDoor(local=local, networks=tuple(found), senders=tuple(plain))


def check_lines(mail: MailWay) -> None:
    """Refuse lines that nobody may use.

    Raises:
        BadInput: with the line.
    """
    for index, line in enumerate(mail.lines):
        fault = line_fault(line, index)
        if fault is not None:
            raise BadInput(
                f"Line {index + 1}: {fault.words}. Nothing was changed. Mend that, and save again", fault.code
            )
