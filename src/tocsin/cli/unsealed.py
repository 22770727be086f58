"""`tocsin journal export --unsealed`: two persons at the machine open what was sealed with some entries."""

import datetime as dt
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from tocsin.model.errors import BadInput

__all__ = ["export_unsealed", "person_here"]


def export_unsealed(
    folder: Path,
    incident: str | None,
    account: str | None,
    since: str | None,
    until: str | None,
    reason: str | None,
    persons: Sequence[str],
    form: str,
) -> bytes:
    """Ask both persons for their passwords, and return the file.

    Raises:
        BadInput: what is asked for is not whole; nothing was read and nobody asked.
    """
    from tocsin.centre.journal_export import checked
    from tocsin.cli.folder import open_centre
    from tocsin.model.export import UNSEAL_REASONS, UnsealedExport, UnsealReason
    from tocsin.model.values import Micros, Ref

    if reason not in UNSEAL_REASONS:
        raise BadInput(
            f"An unsealed export has a coded reason, and {str(reason)[:20]!r} is none. Nothing was read. Give one of "
            + ", ".join(UNSEAL_REASONS),
            "usage.unsealed",
        )
    if len(persons) != 2 or form not in ("jsonl", "csv"):
        raise BadInput(
            "An unsealed export takes two persons (--person NAME --person NAME), and is jsonl or csv. Nothing was read",
            "usage.unsealed",
        )
    with open_centre(folder) as centre:
        account_id = None if account is None else _account_id(centre.accounts(), account)
        wanted = UnsealedExport(
            reason=cast("UnsealReason", reason),
            incident=None if incident is None else Ref(incident),
            account_id=account_id,
            since=None if since is None else Micros(_time(since)),
            until=None if until is None else Micros(_time(until)),
        )
        checked(wanted)
        return centre.proof().unsealed_here(
            wanted, [person_here(name) for name in persons], "csv" if form == "csv" else "jsonl"
        )


def _account_id(accounts, number: str):
    from tocsin.model.values import Ref

    if number.startswith("account-"):
        return Ref(number)
    found = [one.id for one in accounts if one.row.account.casefold() == number.casefold()]
    if len(found) != 1:
        raise BadInput(
            f"{len(found)} accounts have the number {number[:16]!r}. Nothing was read. Name the account by its id, "
            "such as account-12",
            "usage.unsealed",
        )
    return found[0]


def person_here(name: str):
    """Ask at the terminal; without one, two lines of standard input: password, then code or nothing."""
    from tocsin.centre.proof import PersonHere
    from tocsin.model.values import Secret

    if sys.stdin.isatty():
        password = getpass.getpass(f"Password of {name}: ")
        code = getpass.getpass(f"Code of {name}'s authenticator, empty where there is none: ")
    else:
        password, code = sys.stdin.readline().rstrip("\n"), sys.stdin.readline().rstrip("\n")
    return PersonHere(name, Secret(password), Secret(code))


def _time(text: str) -> int:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f"{text[:30]!r} is no day and no time. Nothing was read. Write it as 2026-11-22 or 2026-11-22T03:15:00",
            "usage.unsealed",
        ) from None
    at = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at
    return int(at.timestamp() * 1_000_000)
