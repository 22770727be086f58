"""Tokens of programs."""

from collections.abc import Iterable
from typing import Final

from tocsin.access.base import Base
from tocsin.access.entries import DAY_S, Entries, LiveToken, ended
from tocsin.access.issuing import Issuing
from tocsin.access.secrets import TOKEN_PREFIX, new_secret
from tocsin.model.access import SCOPES, MadeSecret, Scope, TokenCreated, TokenItem, TokenRevoked
from tocsin.model.errors import BadInput
from tocsin.model.journal import Fact
from tocsin.model.values import Actor, Code, Ref

TOKEN_DAYS: Final = 90
TOKEN_DAYS_MAX: Final = 3650
TOKENS_MAX: Final = 100


class Tokens:
    """Makes tokens, takes them back, and says what one opens."""

    def __init__(self, base: Base, entries: Entries) -> None:
        """Know the tokens of `entries`."""
        self._base = base
        self._clock = base.clock
        self._ids = base.ids
        self._changing = base.changing
        self._entries = entries
        self._issuing = Issuing(base, entries)

    def token(self, secret: str) -> LiveToken | None:
        """The token of this secret; None where there is none, or it has ended."""
        if not secret.startswith(TOKEN_PREFIX):
            return None
        entry = self._entries.alive("token", secret)
        if entry is None:
            return None
        row = entry.row
        self._entries.use(row.id)
        return LiveToken(id=row.id, scopes=row.scopes, expires_at=row.expires_at)

    def create_token(self, scopes: Iterable[str], days: int, actor: Actor) -> MadeSecret:
        """Make a token for a program; its secret is in the answer and nowhere else.

        Raises:
            BadInput: no scope, an unknown one, or a time outside 1 to 3,650 days.
            Conflict: 100 tokens are alive.
        """
        wanted = set(scopes)
        known: tuple[Scope, ...] = tuple(scope for scope in sorted(SCOPES) if scope in wanted)
        if not known or len(known) != len(wanted):
            raise BadInput(
                f"A token has one or more of the scopes {', '.join(SCOPES)}. Nothing was made. Give those",
                "usage.scope",
            )
        if not 1 <= days <= TOKEN_DAYS_MAX:
            raise BadInput(
                f"A token lives 1 to {TOKEN_DAYS_MAX:,} days. Nothing was made. Give a number of days in that range",
                "usage.days",
            )
        with self._changing:
            self._issuing.refuse_more("token", TOKENS_MAX, "Revoke those that nobody uses")
            secret = new_secret(self._ids, TOKEN_PREFIX)
            return self._issuing.make(
                "token",
                secret,
                days * DAY_S,
                lambda end: TokenCreated(expires_at=end, scopes=known),
                actor,
                None,
                known,
            )

    def tokens(self) -> list[TokenItem]:
        """All tokens, newest first; those that ended stay listed for 30 days."""
        found = self._entries.of_kind("token")
        found.sort(key=lambda entry: (entry.row.created_at, entry.row.id), reverse=True)
        return [
            TokenItem(
                id=entry.row.id,
                scopes=entry.row.scopes,
                created_at=entry.row.created_at,
                expires_at=entry.row.expires_at,
                used_at=self._entries.last_use(entry.row),
                state="revoked" if entry.row.ended_at else "alive" if self._entries.is_alive(entry) else "expired",
            )
            for entry in found
        ]

    def revoke_token(self, id_: Ref, actor: Actor) -> None:
        """Let a token open nothing any more.

        Raises:
            BadInput: there is no such token, or it has ended.
        """
        with self._changing:
            found = self._entries.rows(lambda row: row.kind == "token" and row.id == id_)
            if not found:
                raise BadInput(
                    "There is no such token, or it has ended already. Nothing was changed. `tocsin token list` shows "
                    "them all",
                    "token.unknown",
                )
            made = [ended(row, self._clock.now_us()) for row in found]
            fact = Fact(kind=Code("token.revoked"), body=TokenRevoked(scopes=found[0].scopes), ref=id_, actor=actor)
            self._base.record([fact], lambda transaction, _seqs: transaction.put_access(made))
            self._entries.keep(made)
        self._base.tell()
