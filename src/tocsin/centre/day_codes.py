"""One-day codes: an installer without a login puts one place on test, for as long as an operator said.

Eleven letters that can be said by telephone; only a keyed hash of them is kept. Whoever has a code may do this one
thing, and nothing with it says whose alarms there are.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.on_test_core import id_of_code
from tocsin.centre.place_names import CONFIG
from tocsin.centre.site_tests import SECOND, SiteTests, Wanted
from tocsin.model.errors import BadInput, Conflict, Forbidden
from tocsin.model.journal import Fact
from tocsin.model.on_test import (
    CODE_ENDED,
    CODE_GIVEN,
    LENGTH_S_MAX,
    OnTestCodeEnded,
    OnTestCodeGiven,
    SiteTest,
    SiteTestCode,
    TestReason,
)
from tocsin.model.ports import Appender, Clock, Ids, Store, StoreTransaction
from tocsin.model.values import Actor, Code, HexHash, Micros, Ref, Secret

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, 1, I, L and O, which are mistaken for one another on the telephone."""

LETTERS: Final = 11
"""54 bits: with ten guesses and then one in six seconds nobody finds one within its day."""

CODES_MAX: Final = 500
"""So many may be out at once."""

_PURPOSE: Final = b"tocsin one-day test code 1"


class DayCodes:
    """Gives codes, ends them, and does what somebody with one may. From any thread but the writer's."""

    def __init__(
        self, tests: SiteTests, store: Store, run: Run, clock: Clock, ids: Ids, key: Callable[[], bytes]
    ) -> None:
        """Work on these; `key` is a lasting key of the centre."""
        self._tests = tests
        self._store = store
        self._run = run
        self._clock = clock
        self._ids = ids
        self._key = key

    def give(
        self, account_id: Ref | None, site_id: Ref | None, company: Code | None, until: Micros, actor: Actor
    ) -> tuple[SiteTestCode, Secret]:
        """Make a code for one place; return it with its letters, which nobody sees again.

        Raises:
            BadInput: there is no such place, or the end is not within a day.
            Conflict: too many are out.
        """
        now = self._clock.now_us()
        if not now < until <= now + LENGTH_S_MAX * SECOND:
            raise BadInput(
                "A code ends after now, and within 24 hours. Nothing was changed. Name such an end",
                "on_test.code_until",
            )
        place_site = self._tests.place_of(account_id, site_id)
        secret = self._letters()

        def work(transaction: StoreTransaction, appender: Appender) -> SiteTestCode:
            if len(self._living()) >= CODES_MAX:
                raise Conflict(
                    f"{CODES_MAX} codes are out, and no more can be. Nothing was changed. End those that nobody needs",
                    "on_test.code_full",
                )
            body = OnTestCodeGiven(
                account_id=account_id,
                code=self._hash(secret),
                company=company,
                config=int(transaction.get_meta(CONFIG) or 0),
                exercise=False,
                site_id=place_site,
                until=until,
            )
            seq = appender.append(Fact(kind=CODE_GIVEN, body=body, actor=actor))
            code = SiteTestCode(
                id=id_of_code(seq), given=body, given_at=appender.at, given_by=actor, is_ended=False, seq=seq
            )
            transaction.put_site_test_code(code)
            return code

        return self._run(lambda journal: journal.decide(work)), secret

    def living(self) -> list[SiteTestCode]:
        """Codes that open something, the first ending first."""
        return sorted(self._living(), key=lambda one: (one.given.until, one.seq))

    def end(self, id_: Ref, actor: Actor) -> None:
        """Let a code open nothing more. A test that goes on goes on.

        Raises:
            BadInput: there is no such code, or not any more.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            code = next((one for one in self._living() if one.id == id_), None)
            if code is None:
                raise BadInput(
                    "There is no such code, or not any more. Nothing was changed. Look at the list again",
                    "on_test_code.unknown",
                )
            body = OnTestCodeEnded(exercise=code.given.exercise)
            appender.append(Fact(kind=CODE_ENDED, body=body, ref=id_, actor=actor))
            transaction.put_site_test_code(msgspec.structs.replace(code, is_ended=True))

        self._run(lambda journal: journal.decide(work))

    def end_all(self, actor: Actor) -> int:
        """Let none open anything more, as after a restore, which knows not which were ended since; return how many."""
        living = self._living()
        for one in living:
            self.end(one.id, actor)
        return len(living)

    def find(self, typed: str) -> SiteTestCode | None:
        """The code that somebody typed; None where it opens nothing."""
        letters = "".join(one for one in typed.upper() if one.isalnum())
        if len(letters) != LETTERS:
            return None
        code = self._store.site_test_code(self._hash(letters))
        if code is None or code.is_ended or code.given.until <= self._clock.now_us():
            return None
        return code

    def begin(self, code: SiteTestCode, zones: tuple[Code, ...], reason: TestReason, until: Micros) -> SiteTest:
        """Put the code's place on test, until the code's end at most. Fire, hold-up and medical stay live.

        Raises:
            Forbidden: it is for longer than the code.
            BadInput, Conflict: as `SiteTests.begin`.
        """
        if until > code.given.until:
            raise Forbidden(
                "This is longer than the code allows. Nothing was changed. Name an earlier end, or ask the centre",
                "on_test.code_longer",
            )
        given = code.given
        wanted = Wanted(
            account_id=given.account_id,
            asked_by="installer",
            company=given.company,
            live=(),
            not_live=(),
            partition=None,
            reason=reason,
            site_id=None if given.account_id is not None else given.site_id,
            until=until,
            zones=zones,
        )
        return self._tests.begin(wanted, Actor(code.id))

    def test_of(self, code: SiteTestCode) -> SiteTest | None:
        """The newest test that was begun with this code."""
        found = [one for one in self._store.site_tests(code.given_at) if one.begun_by == code.id]
        return found[-1] if found else None

    def _living(self) -> list[SiteTestCode]:
        return [one for one in self._store.site_test_codes(self._clock.now_us()) if not one.is_ended]

    def _letters(self) -> Secret:
        """Evenly drawn: bytes beyond the last full round of the alphabet are passed over."""
        letters = ""
        bound = 256 - 256 % len(ALPHABET)
        while len(letters) < LETTERS:
            drawn = (byte for byte in self._ids.token_bytes(32) if byte < bound)
            letters += "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn)
        return Secret(letters[:LETTERS])

    def _hash(self, letters: str) -> HexHash:
        return HexHash(hmac.new(self._key(), _PURPOSE + letters.encode(), hashlib.sha256).hexdigest())


__all__ = ["CODES_MAX", "LETTERS", "DayCodes"]
