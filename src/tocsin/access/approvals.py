"""The two-person rule: what one person asks for, another one answers, and is done once.

An approval is for one act with all that it was asked with, by the digest of it; it lives five minutes from asking to
acting. The table is a projection of its facts, each of which is durable before the act that it allows.
Source: INTEGRATIONS.md, section 11.
"""

import hmac
from collections.abc import Callable
from hashlib import sha256
from typing import Final

import msgspec

from tocsin.access.base import Base, Change, journal_time_since
from tocsin.access.hands import HANDS_DAYS, Hands
from tocsin.model.access import ACTS, Act, Approval, ApprovalAnswered, ApprovalAsked, ApprovalUsed, Role
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.journal import Fact
from tocsin.model.ports import StoreTransaction
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Seq

APPROVAL_S: Final = 300
WAITING_EACH_MAX: Final = 20
"""Approvals of one person that live at once."""

KEY_NAME: Final = "access-approvals"
_KEY_BYTES: Final = 32
_SECOND_US: Final = 1_000_000


def digest_of(act: Act, parameters: msgspec.Struct) -> HexHash:
    """What an approval is for: the act and all that it is asked with, in canonical JSON.

    It may be worked out from something personal, so it is in no fact: the book keeps it under a key of the centre.
    """
    return HexHash(sha256(msgspec.json.encode([act, parameters], order="sorted")).hexdigest())


def approval_id(seq: Seq) -> Ref:
    """Name of the approval that the fact of this seq asked for."""
    return Ref(f"approval-{seq}")


def asked(id_: Ref, body: ApprovalAsked, actor: Actor) -> Approval:
    """The approval as it is when it was asked for."""
    return Approval(
        id=id_,
        act=body.act,
        digest=body.digest,
        subject=body.subject,
        reason=body.reason,
        asked_by=actor,
        expires_at=body.expires_at,
    )


def answered(approval: Approval, body: ApprovalAnswered, actor: Actor) -> Approval:
    """The approval as it is once somebody has answered."""
    return msgspec.structs.replace(approval, answered_by=actor, given=body.given)


def used(approval: Approval) -> Approval:
    """The approval as it is once the act was begun."""
    return msgspec.structs.replace(approval, used=True)


class ApprovalBook:
    """Asks, answers and uses up; from any thread but the event loop's."""

    def __init__(self, base: Base, roles_of: Callable[[Actor], tuple[Role, ...]]) -> None:
        """Read what lives; `roles_of` gives the roles that somebody has now."""
        self._base = base
        self._roles_of = roles_of
        self.hands = Hands(base.store, base.clock)
        self._key: bytes | None = None
        self._living: dict[Ref, tuple[Approval, float]] = {}
        """With the end of each by a clock that nobody sets."""
        now = base.clock.now_us()
        passed_us = journal_time_since(base.store, base.clock)
        for one in base.store.approvals():
            if one.expires_at > now:
                left_s = min(APPROVAL_S - passed_us(one.id) / _SECOND_US, (one.expires_at - now) / _SECOND_US)
                self._living[one.id] = (one, base.clock.monotonic_s() + left_s)

    def ask(self, act: Act, digest: HexHash, subject: Ref | None, reason: Code, actor: Actor) -> Approval:
        """Ask for a second person. The same again, while it waits or is given, is the one that is there already.

        Raises:
            Forbidden: `approval.forbidden`: the roles of `actor` may not ask for this act.
            Conflict: `approval.full`: 20 of this person live.
        """
        with self._base.changing:
            self._refuse_others(actor, ACTS[act].ask, "ask for")
            self._forget()
            kept = self._kept(act, digest)
            living = [one for one, until_s in self._living.values() if self._lives(one, until_s) and not one.used]
            mine = [one for one in living if one.asked_by == actor]
            for one in mine:
                is_same = (one.act, one.digest, one.subject, one.reason) == (act, kept, subject, reason)
                if is_same and one.given is not False:
                    return one
            if len(mine) >= WAITING_EACH_MAX:
                raise Conflict(
                    f"{WAITING_EACH_MAX} approvals that you asked for are open already, which is the limit. Nothing "
                    "was asked. Wait until they have ended",
                    "approval.full",
                )
            expires_at = Micros(self._base.clock.now_us() + APPROVAL_S * _SECOND_US)
            body = ApprovalAsked(act=act, digest=kept, expires_at=expires_at, reason=reason, subject=subject)
            made: list[Approval] = []

            def write(transaction: StoreTransaction, seq: Seq) -> None:
                made[:] = [asked(approval_id(seq), body, actor)]
                transaction.put_approvals(made)

            change = Change()
            change.add(Fact(kind=Code("approval.asked"), body=body, actor=actor), write)
            change.commit(self._base)
            self._living[made[0].id] = (made[0], self._base.clock.monotonic_s() + APPROVAL_S)
            return made[0]

    def answer(self, id_: Ref, actor: Actor, given: bool) -> Approval:
        """Give or refuse, as the second person.

        Raises:
            BadInput: `approval.unknown`.
            Forbidden: `approval.same_person`, `approval.same_hands`, `approval.forbidden`.
            Conflict: `approval.answered`, `approval.expired`.
        """
        with self._base.changing:
            found = self._find(id_)
            if found.asked_by == actor:
                raise Forbidden(
                    "The one who asked cannot answer. Nothing was changed. Another person answers, here or on another "
                    "screen",
                    "approval.same_person",
                )
            self._refuse_others(actor, ACTS[found.act].answer, "answer for")
            self._refuse_same_hands(found.asked_by, actor)
            if found.given is not None:
                raise Conflict(
                    "Somebody has answered this already. Nothing was changed. If it was refused, it can be asked anew",
                    "approval.answered",
                )
            body = ApprovalAnswered(given=given)
            fact = Fact(kind=Code("approval.answered"), body=body, ref=id_, actor=actor)
            return self._change(answered(found, body, actor), fact)

    def take(self, id_: Ref, act: Act, digest: HexHash, actor: Actor) -> Approval:
        """Use an approval up, durable when this returns: the act may be done now, once.

        Raises:
            BadInput: `approval.unknown`; `approval.other`: it is for another act, or the same with something else.
            Forbidden: `approval.other_person`: somebody else asked; `approval.forbidden`: one of the two has lost the
                role since, or was removed; `approval.same_hands`: one came into the other's hands since.
            Conflict: `approval.waiting`, `approval.refused`, `approval.used`, `approval.expired`.
        """
        with self._base.changing:
            found = self._find(id_)
            if found.asked_by != actor:
                raise Forbidden(
                    "Somebody else asked for this approval. Nothing was done. Ask for one of your own",
                    "approval.other_person",
                )
            if found.act != act or not hmac.compare_digest(found.digest, self._kept(act, digest)):
                raise BadInput(
                    "The approval is for something else than what is asked for now. Nothing was done. Ask for another "
                    "one",
                    "approval.other",
                )
            if found.used:
                raise Conflict(
                    "The approval was used already; it is good for one time. Nothing was done. Ask for another one",
                    "approval.used",
                )
            if found.given is None or found.answered_by is None:
                raise Conflict(
                    "Nobody has answered yet. Nothing was done. Wait for the second person", "approval.waiting"
                )
            if not found.given:
                raise Conflict("The second person refused. Nothing was done", "approval.refused")
            assert found.answered_by != actor, "nobody answers for what they asked for"
            self._refuse_others(actor, ACTS[act].ask, "ask for")
            self._refuse_others(found.answered_by, ACTS[act].answer, "answer for")
            self._refuse_same_hands(actor, found.answered_by)
            fact = Fact(kind=Code("approval.used"), body=ApprovalUsed(act=act), ref=id_, actor=actor)
            return self._change(used(found), fact)

    def waiting(self, actor: Actor) -> list[Approval]:
        """What lives and concerns somebody, oldest first: what the person asked for, and what the person may answer."""
        roles = set(self._roles_of(actor))
        with self._base.changing:
            living = [one for one, until_s in self._living.values() if self._lives(one, until_s) and not one.used]
        return [
            one
            for one in living
            if one.asked_by == actor or (one.given is None and not roles.isdisjoint(ACTS[one.act].answer))
        ]

    def refuse_lent(self, session: Ref) -> None:
        """Refuse to answer from a session that came by a link that somebody else made: a password is wanted.

        Raises:
            Forbidden: `access.confirm`.
        """
        if self.hands.lender(session) is not None:
            raise Forbidden(
                "You came in by a link that somebody else made, which does not show that it is you. Nothing was "
                "changed. Sign in with your password; if you have none, set one in your account first",
                "access.confirm",
            )

    def may_answer(self, approval: Approval, actor: Actor) -> bool:
        """Whether somebody may be the second person of what waits."""
        if approval.given is not None or approval.asked_by == actor:
            return False
        roles = ACTS[approval.act].answer
        return not set(self._roles_of(actor)).isdisjoint(roles) and not self.hands.meet(approval.asked_by, actor)

    def get(self, id_: Ref) -> Approval | None:
        """One approval that lives, used ones too."""
        found = self._living.get(id_)
        return None if found is None or not self._lives(*found) else found[0]

    def _change(self, approval: Approval, fact: Fact) -> Approval:
        change = Change()
        change.add(fact, lambda transaction, _seq: transaction.put_approvals([approval]))
        change.commit(self._base)
        self._living[approval.id] = (approval, self._living[approval.id][1])
        return approval

    def _find(self, id_: Ref) -> Approval:
        found = self._living.get(id_)
        if found is None:
            raise BadInput(
                "There is no such approval that still counts. Nothing was done. Ask for another one",
                "approval.unknown",
            )
        if not self._lives(*found):
            raise Conflict(
                "The five minutes of this approval are over. Nothing was done. Ask for another one", "approval.expired"
            )
        return found[0]

    def _lives(self, approval: Approval, until_s: float) -> bool:
        """By the wall clock and by one that nobody sets: a clock set back lengthens nothing."""
        clock = self._base.clock
        return clock.monotonic_s() < until_s and clock.now_us() < approval.expires_at

    def _forget(self) -> None:
        """Drop what has been over for a while."""
        before_s = self._base.clock.monotonic_s() - APPROVAL_S
        for id_ in [id_ for id_, (_, until_s) in self._living.items() if until_s < before_s]:
            del self._living[id_]

    def _refuse_others(self, actor: Actor, roles: tuple[Role, ...], what: str) -> None:
        if set(self._roles_of(actor)).isdisjoint(roles):
            raise Forbidden(
                f"Only somebody with the role {' or '.join(roles)} may {what} this. Nothing was done. Ask one of them",
                "approval.forbidden",
            )

    def _refuse_same_hands(self, asker: Actor, answerer: Actor) -> None:
        if self.hands.meet(asker, answerer):
            raise Forbidden(
                "One of the two made or changed the other's user, made a sign-in link for it or took its authenticator "
                f"away in the last {HANDS_DAYS} days, or one administrator did so for both: that could be one person. "
                "Nothing was changed. Let somebody else answer, or have users made by `tocsin user` on the machine",
                "approval.same_hands",
            )

    def _kept(self, act: Act, digest: HexHash) -> HexHash:
        """The digest under the centre's key: from a fact, nobody can try out what it was worked out from."""
        if self._key is None:
            found = self._base.secrets.secrets_get([KEY_NAME]).get(KEY_NAME)
            if found is None:
                found = self._base.ids.token_bytes(_KEY_BYTES)
                self._base.secrets.secrets_put({KEY_NAME: found})
            self._key = found
        return HexHash(hmac.digest(self._key, f"{act} {digest}".encode(), "sha256").hex())
