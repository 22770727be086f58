"""What people sign in and unlock with. Secrets lie in the vault, each wrapped alone, so each can be destroyed alone."""

from collections.abc import Iterable
from typing import Final

import structlog

from tocsin.access.base import Base, Change
from tocsin.access.totp import step_of
from tocsin.model.access import Credential, CredentialKind, CredentialRemoved, CredentialRow
from tocsin.model.journal import Fact
from tocsin.model.ports import StoreTransaction
from tocsin.model.values import Actor, Code, Micros, Ref, Seq

CREDENTIAL_PREFIX: Final = "user-credential-"
"""How a reference to a secret begins; behind it stand 16 hex digits from outside."""

CREDENTIAL_SET: Final = Code("credential.set")
CREDENTIAL_REMOVED: Final = Code("credential.removed")
_LOG = structlog.get_logger("access")


class Credentials:
    """Which are set is held in memory; their secrets are read from the vault when one is checked."""

    def __init__(self, base: Base) -> None:
        """Read what there is."""
        self._base = base
        self._rows: dict[tuple[Actor, CredentialKind], CredentialRow] = {
            (one.user, one.row.kind): one.row for one in base.store.credentials()
        }
        self._steps = base.store.totp_steps()

    def row(self, user: Actor, kind: CredentialKind) -> CredentialRow | None:
        """One credential of a user."""
        return self._rows.get((user, kind))

    def kinds(self, user: Actor) -> list[CredentialKind]:
        """All that a user has."""
        return [row.kind for (found, _), row in list(self._rows.items()) if found == user]

    def references(self) -> set[str]:
        """Where in the vault secrets of credentials lie."""
        return {row.reference for row in list(self._rows.values()) if row.reference is not None}

    def since(self, user: Actor, kind: CredentialKind) -> Micros | None:
        """Since when a user has one; None where there is none."""
        row = self._rows.get((user, kind))
        return None if row is None else row.set_at

    def secret(self, user: Actor, kind: CredentialKind) -> bytes | None:
        """The secret of a credential; None where there is none, or the vault has lost it: then nothing fits."""
        row = self._rows.get((user, kind))
        if row is None or row.reference is None:
            return None
        found = self._base.secrets.secrets_get([row.reference]).get(row.reference)
        if found is None:
            _LOG.warning("access.credential_lost", user=user, kind=kind)
        return found

    def step_of(self, user: Actor, code: str) -> int | None:
        """The step of the user's authenticator whose code this is, where no later one and not this one was used."""
        secret = self.secret(user, "totp")
        return None if secret is None else step_of(code, secret, self._base.clock.now_us(), self._steps.get(user))

    def use_step(self, user: Actor, step: int, change: Change) -> None:
        """Add to a change that a step was used: it opens nothing any more."""
        change.write(lambda transaction: transaction.put_totp_step(user, step))
        change.after(lambda: self._steps.__setitem__(user, step))

    def set(self, user: Actor, kind: CredentialKind, secret: bytes | None, actor: Actor, change: Change) -> None:
        """Add a credential to a change, in place of the one that there is, which is destroyed."""
        reference: Ref | None = None
        if secret is not None:
            reference = Ref(f"{CREDENTIAL_PREFIX}{self._base.ids.token_bytes(8).hex()}")
            change.new_secrets[reference] = secret
        row = CredentialRow(kind=kind, reference=reference, set_at=self._base.clock.now_us())
        self._destroy(self._rows.get((user, kind)), change)

        def write(transaction: StoreTransaction, seq: Seq) -> None:
            transaction.put_credentials([Credential(user, row, seq)])

        change.add(Fact(kind=CREDENTIAL_SET, body=row, ref=Ref(user), actor=actor), write)
        change.after(lambda: self._rows.__setitem__((user, kind), row))

    def remove(self, user: Actor, kinds: Iterable[CredentialKind], actor: Actor, change: Change) -> None:
        """Add to a change that credentials of a user are destroyed; those that are not there stay so."""
        for kind in kinds:
            row = self._rows.get((user, kind))
            if row is not None:
                self._destroy(row, change)
                self._remove(user, kind, actor, change)

    def _remove(self, user: Actor, kind: CredentialKind, actor: Actor, change: Change) -> None:
        def after() -> None:
            self._rows.pop((user, kind), None)
            if kind == "totp":
                self._steps.pop(user, None)

        fact = Fact(kind=CREDENTIAL_REMOVED, body=CredentialRemoved(kind=kind), ref=Ref(user), actor=actor)
        change.add(fact, lambda transaction, _seq: transaction.drop_credentials(user, [kind]))
        change.after(after)

    def _destroy(self, row: CredentialRow | None, change: Change) -> None:
        if row is not None and row.reference is not None:
            change.old_secrets.append(row.reference)
