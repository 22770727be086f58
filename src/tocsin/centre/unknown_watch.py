"""Numbers that nobody set up within an hour: a person hears of each once (CONSOLE.md section 11).

Their alarms have opened incidents at once; this is for polls, tests, openings and faults, which only wait in the list.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from tocsin.journal.journal import Journal
from tocsin.model.journal import CentreNoticed, Fact
from tocsin.model.lists import UnknownAccount
from tocsin.model.ports import Store
from tocsin.model.values import AccountNumber, Code, Micros

WAITS_S: Final = 3_600
"""So long a number may wait in the list before somebody is told."""

NAMED_MAX: Final = 20
"""With more at once it is a storm: one notice with their count, not one a number."""

TOLD: Final = Code("unknown_told")
NOTICE: Final = Code("unknown_waiting")
_NUMBERS: Final = msgspec.json.Decoder(list[AccountNumber])


def tell_unknown(journal: Journal, store: Store, unknown: Sequence[UnknownAccount], now: Micros) -> int:
    """Note which numbers have waited an hour and were not told of yet; return how many.

    What was told is kept beside the journal for as long as the number stays in the list, and written with the notices.
    """
    told = set(_NUMBERS.decode(store.get_meta(TOLD) or "[]"))
    listed = {AccountNumber(row.account.upper()) for row in unknown}
    waited: dict[AccountNumber, int] = {}
    for row in unknown:
        if now - row.first_at >= WAITS_S * 1_000_000:
            number = AccountNumber(row.account.upper())
            waited[number] = waited.get(number, 0) + row.signals + row.polls + row.unreadable
    new = sorted(set(waited) - told)
    if not new:
        return 0
    is_storm = len(new) > NAMED_MAX
    facts = [_notice(None, len(new))] if is_storm else [_notice(number, waited[number]) for number in new]
    kept = msgspec.json.encode(sorted(listed & (told | set(new)))).decode()
    journal.record(facts, lambda transaction, _seqs: transaction.put_meta(TOLD, kept))
    return len(new)


def _notice(account: AccountNumber | None, count: int) -> Fact:
    return Fact(
        kind=Code("centre.noticed"), body=CentreNoticed(account=account, count=count, notice=NOTICE, reason=None)
    )
