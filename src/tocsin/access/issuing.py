"""Secrets that are handed out, links and tokens: made one way."""

from collections.abc import Callable, Sequence

import msgspec

from tocsin.access.base import Base
from tocsin.access.entries import SECOND_US, Entries
from tocsin.access.secrets import hash_of
from tocsin.model.access import AccessKind, AccessRow, MadeSecret, Scope
from tocsin.model.errors import Conflict
from tocsin.model.journal import Fact
from tocsin.model.ports import StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Secret, Seq


class Issuing:
    """Makes what opens something for a while; of its secret the hash alone is kept."""

    def __init__(self, base: Base, entries: Entries) -> None:
        """Make them among `entries`."""
        self._base = base
        self._clock = base.clock
        self._entries = entries

    def make(
        self,
        kind: AccessKind,
        secret: Secret,
        seconds: int,
        body: Callable[[Micros], msgspec.Struct],
        actor: Actor,
        user: Actor | None,
        scopes: tuple[Scope, ...] = (),
    ) -> MadeSecret:
        """Make one that is good for `seconds`, durable when this returns. Call with `Base.changing` held."""
        hash_ = hash_of(secret)
        assert hash_ is not None, "a new secret is short"
        now = self._clock.now_us()
        expires_at = Micros(now + seconds * SECOND_US)
        made: list[AccessRow] = []

        def apply(transaction: StoreTransaction, seqs: Sequence[Seq]) -> None:
            made[:] = [
                AccessRow(
                    hash=hash_,
                    kind=kind,
                    id=Ref(f"{kind}-{seqs[0]}"),
                    user=user,
                    scopes=scopes,
                    created_at=now,
                    expires_at=expires_at,
                )
            ]
            transaction.put_access(made)

        self._base.record([Fact(kind=Code(f"{kind}.created"), body=body(expires_at), actor=actor)], apply)
        self._entries.keep(made)
        return MadeSecret(id=made[0].id, secret=secret, expires_at=expires_at)

    def refuse_more(self, kind: AccessKind, most: int, remedy: str) -> None:
        """Refuse one more than `most` that open something.

        Raises:
            Conflict: `access.full`.
        """
        if len(self._entries.rows(lambda row: row.kind == kind)) >= most:
            raise Conflict(
                f"{most} {kind}s are alive already, which is the limit. Nothing was made. {remedy}", "access.full"
            )
