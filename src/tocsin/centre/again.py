"""A command that comes again is known by its actor and id, and gets the answer that it got before.

The answer lies with the command's facts for 30 days. What was asked is kept as a digest alone: the same id with
something else is a mistake of the sender, and does nothing.
"""

import hmac
from typing import Final

from tocsin.model.errors import Conflict
from tocsin.model.ports import StoreTransaction
from tocsin.model.values import Actor, Code

NOTHING_CHANGED: Final = "Nothing was changed"


def keyed_digest(key: bytes, purpose: bytes, act: bytes, data: bytes) -> bytes:
    """What a command with words of people is known by: 32 bytes, keyed, so that nobody tries words on it."""
    return hmac.digest(key, purpose + act + b"\0" + data, "sha256")


def answer_before(
    transaction: StoreTransaction, actor: Actor, id_: Code, digest: bytes, nothing: str = NOTHING_CHANGED
) -> bytes | None:
    """What this very command was answered; None: it is new. `nothing` says what did not happen, should it be refused.

    Raises:
        Conflict: its id came before with something else.
    """
    kept = transaction.get_command(actor, id_)
    if kept is None:
        return None
    if not hmac.compare_digest(kept[0], digest):
        raise Conflict(
            f"This command's id was used for another command before. {nothing}. Give each command an id of its own",
            "command.reused",
        )
    return kept[1]
