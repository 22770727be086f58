"""What somebody from outside may see: a site contact the own site, an installer the own accounts."""

from collections.abc import Iterable
from typing import Final

from tocsin.access.base import Base, Change
from tocsin.model.access import Grant, GrantRow, Role
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.journal import Fact
from tocsin.model.ports import StoreTransaction
from tocsin.model.values import Actor, Code, Ref, Seq

GRANT_SET: Final = Code("grant.set")
GRANTS_EACH_MAX: Final = 2_000
ROLE_OF: Final[dict[str, Role]] = {"site": "site_contact", "account": "installer"}
"""Which role a grant of each kind is for."""


class Grants:
    """Held in memory, so that asking costs no I/O.

    Requests ask in many threads and take no lock. So no dictionary that they look into is changed: a change puts new
    ones in their places, first the grants, then an empty one of worked-out sets. A set that was worked out of the old
    grants can only be kept in the old dictionary, which nobody asks any more.
    """

    def __init__(self, base: Base) -> None:
        """Read what there is."""
        self._base = base
        self._grants: dict[Actor, dict[Ref, Grant]] = {}
        self._sets: dict[tuple[Actor, tuple[Role, ...]], frozenset[Ref]] = {}
        for one in base.store.grants():
            self._grants.setdefault(one.user, {})[one.row.target] = one

    def of(self, user: Actor, roles: tuple[Role, ...]) -> frozenset[Ref]:
        """What somebody with these roles was granted, and may still see by them."""
        key = (user, roles)
        # Taken before the grants are read: see the class.
        sets = self._sets
        found = sets.get(key)
        if found is None:
            targets = self._grants.get(user, {})
            found = sets[key] = frozenset(one for one in targets if ROLE_OF[_kind(one)] in roles)
        return found

    def give(self, user: Actor, roles: Iterable[Role], target: Ref, actor: Actor, change: Change) -> None:
        """Add a grant to a change.

        Raises:
            BadInput: the target is none, or the user has not the role for it.
            Conflict: there are 2,000 of this user.
        """
        kind = _kind(target)
        is_there = self._base.store.sites([target]) if kind == "site" else self._base.store.accounts([target])
        if kind not in ROLE_OF or not is_there:
            raise BadInput(
                "There is no such site or account. Nothing was changed. Give the id of one, such as site-12 or "
                "account-34, as the export shows it",
                "access.grant",
            )
        if ROLE_OF[kind] not in roles:
            raise BadInput(
                f"A grant of {'a site' if kind == 'site' else 'an account'} is for somebody with the role "
                f"{ROLE_OF[kind]}. Nothing was changed. Give the role first",
                "access.grant_role",
            )
        held = self._grants.get(user, {})
        if target in held:
            return
        if len(held) >= GRANTS_EACH_MAX:
            raise Conflict(
                f"This user has {GRANTS_EACH_MAX:,} grants already, which is the limit. Nothing was changed. Take "
                "some back first",
                "access.grants_full",
            )
        self._set(user, GrantRow(target=target), actor, change)

    def take_back(self, user: Actor, target: Ref, actor: Actor, change: Change) -> None:
        """Add the end of a grant to a change; of one that is not there nothing."""
        if target in self._grants.get(user, {}):
            self._set(user, GrantRow(removed=True, target=target), actor, change)

    def forget(self, user: Actor, transaction: StoreTransaction, seq: Seq) -> None:
        """Drop the rows of a user whom the fact of `seq` removes."""
        targets = self._grants.get(user, {})
        transaction.put_grants([Grant(user, GrantRow(removed=True, target=one), seq) for one in targets])

    def forgotten(self, user: Actor) -> None:
        """The same in memory, once it is durable."""
        self._keep(user, {})

    def _set(self, user: Actor, row: GrantRow, actor: Actor, change: Change) -> None:
        def write(transaction: StoreTransaction, seq: Seq) -> None:
            grant = Grant(user, row, seq)
            transaction.put_grants([grant])
            made.append(grant)

        def after() -> None:
            held = {target: one for target, one in self._grants.get(user, {}).items() if target != row.target}
            if not row.removed:
                held[row.target] = made[-1]
            self._keep(user, held)

        made: list[Grant] = []
        change.add(Fact(kind=GRANT_SET, body=row, ref=Ref(user), actor=actor), write)
        change.after(after)

    def _keep(self, user: Actor, held: dict[Ref, Grant]) -> None:
        """Let these be the user's grants from now on. Call with `Base.changing` held."""
        others = {one: grants for one, grants in self._grants.items() if one != user}
        self._grants = {**others, user: held} if held else others
        self._sets = {}


def _kind(target: Ref) -> str:
    return target.partition("-")[0]
