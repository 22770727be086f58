"""Reports of staff on duty: durable before the receipt, the same however often they come, and news of one's own alone.

A report is a command under the phone's own id: its answer is kept with the incident, in one transaction, for 30 days.
What was typed lies sealed under the incident's key. Where a code at the site cannot be proved, or a site is gone, the
report opens its incident all the same, as one whose place is unclear: a wrong sheet holds up no help.
Source: CONSOLE.md, section 17; decision 0071.
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tocsin.centre.again import keyed_digest
from tocsin.centre.call_forms import Carry, refuse_unfit
from tocsin.centre.editing import BadForm
from tocsin.centre.place_codes import CodedPlace, code_of, place_of_code
from tocsin.centre.reporting import Report, SealedReport
from tocsin.centre.values import Values
from tocsin.model.call_forms import REPORT_FIELD, WAITED_MAX_S, CallWords, ReportedPlace
from tocsin.model.catalogue import Catalogue
from tocsin.model.duty import DutyReceipt, DutyTimes
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.help_note import HELP_NOTE, HelpNote
from tocsin.model.incidents import Incident
from tocsin.model.ports import Appender, Store, StoreTransaction
from tocsin.model.values import Actor, Code, Place, Ref
from tocsin.rules.reporting import type_of

_PURPOSE: Final = b"tocsin duty report 1\0"
_ENCODE: Final = msgspec.msgpack.Encoder().encode
_INCIDENT: Final = msgspec.json.Decoder(Incident)
_SECOND_US: Final = 1_000_000
_MERGES_MAX: Final = 20


class DutyReports:
    """Takes reports, and says what became of them. From any thread but the writer's."""

    def __init__(
        self,
        *,
        store: Store,
        values: Values,
        catalogue: Callable[[], Catalogue],
        key: Callable[[], bytes],
        carry: Carry,
    ) -> None:
        """Work on these; `key` is a lasting key of the centre."""
        self._store = store
        self._values = values
        self._catalogue = catalogue
        self._key = key
        self._carry = carry

    def report(
        self,
        type_: str,
        words: CallWords,
        actor: Actor,
        id_: Code,
        times: DutyTimes,
        *,
        site_id: Ref | None = None,
        code: str | None = None,
        written_by: Actor | None = None,
        is_handed_over: bool = False,
    ) -> DutyReceipt:
        """Open an incident of what somebody reports; durable when it returns. The same id again opens nothing more.

        `site_id` was chosen from a list, `code` was read at the place and wins. `written_by` was signed in at the phone
        when it was typed; None: nobody knows. What somebody else typed goes out only as handed over.

        Raises:
            BadInput: there is no such type, or its class has no place for what stands there (BadForm).
            Conflict: somebody else typed it, or another report of the same person had this id.
        """
        if written_by not in (None, actor) and not is_handed_over:
            raise Conflict(
                "Somebody else typed this report at the phone. Nothing was stored; it waits there. Let them sign in, "
                "or send it for them",
                "duty.report.other",
            )
        found = type_of(type_, self._catalogue())
        words, site_id, place = self.placed(words, site_id, code)
        refuse_unfit(words, found, found.hazard, is_new=True)
        lacks_one = (words.latitude is None) != (words.longitude is None)
        if lacks_one or (words.latitude is None and words.accuracy_m is not None):
            raise BadForm(["latitude, longitude and accuracy_m go together: give all or none"])
        # No word more where nothing is handed over: a report that an older page sent must be known again.
        said = f"{found.type} {site_id} {place} {times.typed_at}{' handed over' if is_handed_over else ''}".encode()
        report = Report(
            actor=actor,
            id=id_,
            digest=keyed_digest(self._key(), _PURPOSE, said, _ENCODE(words)),
            way="duty",
            call=None,
            type=found,
            place=place,
            site_id=site_id,
            into=None,
            is_claimed=False,
            seal=lambda incident, is_first: self._seal(incident, words, is_first=is_first),
            beside=_nothing_beside,
            device_time=times.typed_at,
            waited_s=waited_s(times),
            is_handed_over=is_handed_over,
        )
        incident, _ = self._carry(report)
        return self._receipt(id_, incident)

    def receipts(self, ids: Sequence[Code], actor: Actor) -> list[DutyReceipt]:
        """What became of one's own reports, in the order of `ids`; those that never came are left out.

        A silent call for help is left out too: nothing of it is on a screen that others may see.
        """
        found: list[DutyReceipt] = []
        for id_ in ids:
            answer = self._store.command_answer(actor, id_)
            if answer is None:
                continue
            opened = _opened(answer)
            if opened is not None and opened.origin == "duty" and not opened.silent:
                found.append(self._receipt(id_, opened))
        return found

    def incident_of(self, id_: Code, actor: Actor) -> Ref:
        """The incident of one's own report as it stands now, in whatever it was merged into.

        Raises:
            BadInput: this person sent no such report in the last 30 days, or it was a silent call for help.
        """
        answer = self._store.command_answer(actor, id_)
        opened = None if answer is None else _opened(answer)
        if opened is None or opened.origin != "duty" or opened.silent:
            raise BadInput(
                "You sent no such report, or not in the last 30 days. Nothing was stored. Report it first",
                "duty.report.unknown",
            )
        return self._now(opened).id

    def place_of(self, code: str) -> CodedPlace | None:
        """Where a code at a site is; None: it is none of ours, or its site is gone."""
        found = place_of_code(self._key(), code)
        return found if found is not None and self._store.sites([found.site_id]) else None

    def code_of(self, site_id: Ref, part: Place | None = None) -> Code:
        """What the QR code at a site, or at a part of it, says."""
        return code_of(self._key(), site_id, part)

    def placed(
        self, words: CallWords, site_id: Ref | None, code: str | None
    ) -> tuple[CallWords, Ref | None, ReportedPlace]:
        """Where it is: what a code proves, or a site that was chosen, else what was said."""
        if code is not None:
            at = self.place_of(code)
            site_id = None if at is None else at.site_id
            if at is not None and at.part is not None and words.exact is None:
                words = msgspec.structs.replace(words, exact=at.part)
        elif site_id is not None and not self._store.sites([site_id]):
            site_id = None
        if site_id is not None:
            return words, site_id, "site"
        return words, None, "told" if words.where or words.latitude is not None else "unclear"

    def _receipt(self, id_: Code, opened: Incident) -> DutyReceipt:
        now = self._now(opened)
        return DutyReceipt(
            report=id_,
            received_at=opened.opened_at,
            number=now.number,
            is_claimed=now.claimed_by is not None,
            closed_at=now.closed_at if now.state == "closed" else None,
        )

    def _now(self, opened: Incident) -> Incident:
        """As the incident stands now, in whatever it was merged into."""
        now = self._store.incident(opened.id) or opened
        for _ in range(_MERGES_MAX):
            merged = None if now.merged_into is None else self._store.incident(now.merged_into)
            if merged is None:
                break
            now = merged
        return now

    def _seal(self, incident: Ref, words: CallWords, *, is_first: bool) -> SealedReport:
        note = words.note if words.note not in (None, HelpNote()) else None
        kept = words if note is None else msgspec.structs.replace(words, note=None)
        return SealedReport(
            report=self._values.seal(incident, REPORT_FIELD, _ENCODE(kept), is_new=is_first),
            note=None if note is None else self._values.seal(incident, HELP_NOTE, _ENCODE(note)),
            is_looked_for=note is not None and note.missing is not None,
        )


def waited_s(times: DutyTimes) -> int | None:
    """How long a report lay on the phone, by its own clock alone; None where that was set back meanwhile."""
    waited = (times.sent_at - times.typed_at) // _SECOND_US
    return waited if 0 <= waited <= WAITED_MAX_S else None


def _opened(answer: bytes) -> Incident | None:
    """The answer of a command, where it is an incident."""
    try:
        return _INCIDENT.decode(answer)
    except msgspec.MsgspecError:
        return None


def _nothing_beside(_transaction: StoreTransaction, _appender: Appender, _incident: Incident) -> None:
    return


__all__ = ["DutyReports", "waited_s"]
