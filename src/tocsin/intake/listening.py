"""Opening sockets on the addresses of the settings, with an error that names the setting and the remedy."""

import os
import socket
from typing import Final

from tocsin.model.errors import BadInput
from tocsin.settings import split_address

PAIR_ATTEMPTS: Final = 20
"""Where the system chooses a number, so often is another one taken until TCP and UDP both have it."""


def bind(address: str, kind: socket.SocketKind, setting: str) -> socket.socket:
    """Open a socket on an address of the settings; `setting` names it in the error.

    Raises:
        BadInput: the address is not this machine's, or the port is taken.
    """
    host, port = split_address(address)
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=kind, flags=socket.AI_PASSIVE)[0]
        made = socket.socket(family, kind)
    except OSError as error:
        raise BadInput(
            f"{setting} = {address!r} is no address of this machine ({error.strerror}). Nothing was "
            "started. Correct the setting",
            "settings.address",
        ) from error
    try:
        if kind is socket.SOCK_STREAM and os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(place)
        made.setblocking(False)
    except OSError as error:
        made.close()
        raise BadInput(
            f"{setting} = {address!r} cannot be opened: {error.strerror}. Nothing was started. End the program that "
            "has the port (perhaps another centre), or set another port",
            "settings.port",
        ) from error
    return made


def bind_pair(address: str, setting: str) -> tuple[socket.socket, socket.socket]:
    """Open TCP and UDP of one number on an address, also where the system chooses the number.

    Raises:
        BadInput: as `bind`.
    """
    attempts = PAIR_ATTEMPTS if split_address(address)[1] == 0 else 1
    while True:
        stream = bind(address, socket.SOCK_STREAM, setting)
        host, port = stream.getsockname()[:2]
        try:
            return stream, bind(f"{_bracketed(host)}:{port}", socket.SOCK_DGRAM, setting)
        except BadInput:
            stream.close()
            attempts -= 1
            if not attempts:
                raise


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
