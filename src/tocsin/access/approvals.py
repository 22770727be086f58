"""The two-person rule: what one person asks for, another one answers, and is done once.

An approval is for one act with all that it was asked with, by the digest of it; it lives five minutes from asking to
acting. The table is a projection of its facts, each of which is durable before the act that it allows.
Source: INTEGRATIONS.md, section 11.
"""

from hashlib import sha256
from typing import Final

import msgspec

from tocsin.model.access import Act, Approval
from tocsin.model.values import Actor, Code, HexHash, Ref

APPROVAL_S: Final = 300


def digest_of(act: Act, parameters: msgspec.Struct) -> HexHash:
    """What an approval is for: the act and all that it is asked with, in canonical JSON.

    It may be worked out from something personal: the book keeps it only under a key of the centre.
    """
    return HexHash(sha256(msgspec.json.encode([act, parameters], order="sorted")).hexdigest())


class ApprovalBook:
    """Asks, answers and uses up; from any thread but the event loop's."""

    def ask(self, act: Act, digest: HexHash, subject: Ref | None, reason: Code, actor: Actor) -> Approval:
        """Ask for a second person. The same again, while it waits, is the one that waits already.

        Raises:
            Forbidden: `approval.forbidden`: the roles of `actor` may not ask for this act.
            Conflict: `approval.full`: 20 of this person wait.
        """
        raise NotImplementedError

    def answer(self, id_: Ref, actor: Actor, given: bool) -> Approval:
        """Give or refuse, as the second person.

        Raises:
            BadInput: `approval.unknown`.
            Forbidden: `approval.same_person`, `approval.forbidden`.
            Conflict: `approval.answered`, `approval.expired`.
        """
        raise NotImplementedError

    def take(self, id_: Ref, act: Act, digest: HexHash, actor: Actor) -> Approval:
        """Use an approval up, durable when this returns: the act may be done now, once.

        Raises:
            BadInput: `approval.unknown`; `approval.other`: it is for another act, or the same with something else.
            Forbidden: `approval.other_person`: somebody else asked; `approval.forbidden`: one of the two has lost the
                role since, or was removed.
            Conflict: `approval.waiting`, `approval.refused`, `approval.used`, `approval.expired`.
        """
        raise NotImplementedError

    def waiting(self, actor: Actor) -> list[Approval]:
        """What lives and concerns somebody: what the person asked for, and what the person may answer; oldest first."""
        raise NotImplementedError

    def get(self, id_: Ref) -> Approval | None:
        """One approval that lives."""
        raise NotImplementedError
