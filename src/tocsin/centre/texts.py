"""Names of sites and accounts: text that can say anything, so it lies in the vault, and facts hold a reference.

A private home's account is often named after who lives there. The journal is kept for years and cannot forget; a text
in `keys.db`, wrapped under the master key, is destroyed when it is replaced (DESIGN.md, "Personal data and the vault").
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from tocsin.centre.account_import import AccountToStore
from tocsin.model.accounts import Account, AccountRow
from tocsin.model.values import Code, Place

PREFIX: Final = "account-text-"
"""How a reference begins; behind it stand 16 hex digits from outside."""

_ENCODE: Final = msgspec.msgpack.Encoder().encode
_TEXTS: Final = msgspec.msgpack.Decoder(tuple[Place | None, Place | None])


def seal_texts(
    items: Sequence[AccountToStore], new_name: Callable[[], Code]
) -> tuple[list[AccountToStore], dict[str, bytes]]:
    """Put references in place of names and sites; return the items and what must be stored under which name."""
    sealed: list[AccountToStore] = []
    secrets: dict[str, bytes] = {}
    for item in items:
        row = item.row
        if row.name is None and row.site is None:
            sealed.append(item)
            continue
        reference = Place(new_name())
        secrets[reference] = _ENCODE((row.name, row.site))
        row = msgspec.structs.replace(
            row, name=None if row.name is None else reference, site=None if row.site is None else reference
        )
        sealed.append(msgspec.structs.replace(item, row=row))
    return sealed, secrets


def open_texts(
    accounts: Sequence[Account], secrets_get: Callable[[Sequence[str]], Mapping[str, bytes]]
) -> list[Account]:
    """Put names and sites in place of references. A lost text is left out; importing it again brings it back."""
    found = secrets_get(sorted({text for account in accounts for text in texts_of(account.row)}))
    opened: list[Account] = []
    for account in accounts:
        references = texts_of(account.row)
        if not references:
            opened.append(account)
            continue
        raw = found.get(references[0])
        name, site = (None, None) if raw is None else _TEXTS.decode(raw)
        opened.append(Account(account.id, msgspec.structs.replace(account.row, name=name, site=site), account.seq))
    return opened


def texts_of(row: AccountRow) -> list[str]:
    """The references that a stored row holds: none or one."""
    return sorted({text for text in (row.name, row.site) if text is not None})
