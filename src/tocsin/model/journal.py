"""Facts, and the entries of the journal that hold them."""

import msgspec

from tocsin.model.values import AccountNumber, Actor, Code, HexHash, KeyId, Micros, Ref, Seq, SignalId, StreamName

GENESIS = HexHash("0" * 64)
"""`prev` of the first entry."""

KINDS: dict[str, int] = {
    "centre.created": 1,
    "centre.started": 1,
    "centre.stopped": 1,
    "clock.stepped": 1,
    "head.key_changed": 1,
    "signal": 1,
    "account.set": 2,
    "centre.noticed": 1,
    "vault.read": 1,
    "vault.erased": 1,
    "incident.opened": 2,
    "incident.joined": 2,
    "incident.folded": 1,
    "incident.quieted": 1,
    "incident.merged": 1,
    "incident.absorbed": 1,
    "incident.unmerged": 1,
    "incident.given_back": 1,
    "incident.parted": 1,
    "incident.restored": 1,
    "incident.claimed": 1,
    "incident.released": 1,
    "incident.noted": 1,
    "incident.closed": 1,
    "incident.reopened": 2,
    "incident.shelved": 1,
    "incident.unshelved": 1,
    "incident.placed": 1,
    "signals.filed": 1,
    "storm.began": 1,
    "storm.ended": 1,
    "signal.quarantined": 1,
    "site.set": 2,
    "zone.set": 2,
    "number.refused": 1,
    "journal.read": 1,
    "user.set": 1,
    "link.created": 1,
    "session.opened": 2,
    "session.ended": 2,
    "session.locked": 1,
    "session.unlocked": 1,
    "session.bound": 1,
    "credential.set": 1,
    "credential.removed": 1,
    "recovery.used": 1,
    "grant.set": 1,
    "approval.asked": 1,
    "approval.answered": 1,
    "approval.used": 1,
    "token.created": 1,
    "token.revoked": 1,
    "desk.sound_checked": 1,
    "timer.set": 1,
    "incident.erased": 1,
    "hold.set": 1,
    "hold.lifted": 1,
    "backup.made": 1,
    "centre.restored": 1,
    "journal.exported": 1,
    "subject.requested": 1,
    "keyholder.set": 1,
    "keyholder.erased": 1,
    "site.phrases_set": 1,
    "site.wishes_set": 1,
    "place.warned": 1,
    "place.warning_ended": 1,
    "incident.help_noted": 1,
    "incident.phrase_checked": 1,
    "supervision.missing": 1,
    "supervision.returned": 1,
    "contact.set": 1,
    "reach.set": 1,
    "incident.notified": 1,
    "notice.queued": 1,
    "notice.moved": 1,
    "incident.escalated": 1,
    "incident.look_again": 1,
    "test.begun": 1,
    "test.extended": 1,
    "test.ending": 1,
    "test.ended": 1,
    "test.code_given": 1,
    "test.code_ended": 1,
    "chain.set": 1,
    "group.set": 1,
    "schedule.set": 1,
    "holidays.set": 1,
    "schedule.missed": 1,
    "plan.set": 1,
    "desk.set": 1,
    "desk.unattended": 1,
    "desk.attended": 1,
    "shift.begun": 1,
    "shift.offered": 1,
    "shift.offer_ended": 1,
    "shift.ended": 1,
    "roster.set": 1,
    "zones.taken_out": 1,
    "zones.out_extended": 1,
    "zones.put_back": 1,
    "key_link.given": 1,
    "key_link.opened": 1,
    "key_link.ended": 1,
    "incident.called": 1,
    "action_plan.set": 1,
    "action_plan.switched": 1,
    "incident.plan_begun": 1,
    "incident.step_done": 1,
    "incident.step_waived": 1,
    "incident.step_overdue": 1,
    "incident.plan_ended": 1,
    "queue.offered": 1,
    "queue.accepted": 1,
    "queue.joined": 1,
    "queue.ended": 1,
    "rules.set": 1,
    "centre.held_up": 1,
    "source.set": 1,
    "watch.noted": 1,
    "watch.erased": 1,
    "call.begun": 1,
    "call.saved": 1,
    "call.taken_over": 1,
    "call.ended": 1,
    "call.erased": 1,
    "check_in.begun": 1,
    "check_in.prolonged": 1,
    "check_in.reminded": 1,
    "check_in.ended": 1,
    "check_in.erased": 1,
    "incident.reported": 1,
    "still.taken": 1,
    "still.lifted": 1,
    "still.masked": 1,
    "still.erased": 1,
    "ring.told": 1,
    "ring.located": 1,
    "ring.lost": 1,
    "ring.taken": 1,
    "ring.returned": 1,
    "ring.erased": 1,
    "dial.asked": 1,
    "dial.told": 1,
    "dial.failed": 1,
    "line.set": 1,
}
"""Every kind of fact and the newest version of its body. docs/reference/journal.md describes each; a test compares."""


class CentreStarted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `centre.started`, version 1: the centre's process began to work."""

    epoch: int
    """Rises when a backup is restored or a lost tail was accepted; part of every live id."""
    version: Code
    """The program's version."""


class CentreStopped(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `centre.stopped`, version 1: the process ended in good order, with everything stored."""

    epoch: int


class ClockStepped(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `clock.stepped`, version 1: the machine's clock ran back, so `at` is held until it has caught up."""

    backward_us: int


class CentreNoticed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `centre.noticed`, version 1: something about the centre itself that a person must know.

    Notices: disk_full, disk_room, core_stalled, core_late, core_in_time, timers_stopped, timers_run,
    supervision_stopped, supervision_runs, notices_stopped, notices_run, tail_lost, restored, sender_stopped,
    broker_lost, broker_back, message_set_aside, access_attacked, access_quiet,
    account_refused, unknown_waiting, notify_failed, notify_works, chain_broken, chains_work, nobody_reached,
    somebody_reached, contact_gone, desk_unattended,
    desk_unattended_over. Once for each beginning, never once a frame.
    """

    account: AccountNumber | None
    count: int
    """How often until it was noticed, or the number that the notice is about (the seq that was lost)."""
    notice: Code
    reason: Code | None


class VaultErased(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `vault.erased`, version 1: keys of days past were destroyed, and with them all that they sealed."""

    keys: tuple[KeyId, ...]


class VaultRead(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `vault.read`, version 1: somebody was shown sealed values, and for which coded reason."""

    count: int
    reason: Code
    what: Code


class JournalRead(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `journal.read`, version 1: somebody reads the journal on a screen. The actor is who.

    Once a person and quarter of an hour, whatever is looked at in it meanwhile.
    """

    kind: Code | None
    """What was looked for first."""
    until: Micros
    """Reading of this person up to here is covered by this fact."""


class SoundChecked(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Body of `desk.sound_checked`, version 1: somebody began to work at a desk and listened to its sounds."""

    heard: bool


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that the centre decided or did, before it has a number."""

    kind: Code
    body: msgspec.Struct
    """Its fields stand in the order of canonical JSON."""
    ref: Ref | None = None
    actor: Actor | None = None
    cause: Seq | None = None


class Head(msgspec.Struct, frozen=True, gc=False):
    """Where the journal ends: seq and hash of its last fact; seq 0 and GENESIS where it is empty."""

    seq: Seq
    hash: HexHash
    at: Micros


class EntryRow(msgspec.Struct, frozen=True, gc=False):
    """One fact as it is stored. `entry` is the canonical JSON that was hashed, to the byte."""

    seq: Seq
    at: Micros
    kind: Code
    stream: StreamName | None
    number: int | None
    """Number in the stream, from 1 without gaps; None for facts that are no signals."""
    entry: bytes
    hash: bytes
    """32 bytes: SHA-256(0x00 + entry)."""
    key: KeyId | None = None
    """Vault key of `sealed`."""
    sealed: bytes | None = None


EntryColumns = tuple[Seq, Micros, Code, StreamName | None, int | None, bytes, bytes]
"""What of an entry is verified: seq, at, kind, stream, number, entry and hash. Plain, since a journal has millions."""


def columns_of(row: EntryRow) -> EntryColumns:
    """What of an entry is verified."""
    return (row.seq, row.at, row.kind, row.stream, row.number, row.entry, row.hash)


class EntryPage(msgspec.Struct, frozen=True, gc=False):
    """Entries of the journal, newest first."""

    entries: tuple["StoredEntry", ...]
    next: Seq | None
    """Where the page after begins: `before` for it. None: the journal's beginning was reached."""


class ActCount(msgspec.Struct, frozen=True, gc=False):
    """How often somebody caused facts of one kind, and from when to when."""

    kind: Code
    count: int
    first_at: Micros
    last_at: Micros


class StoredEntry(msgspec.Struct, frozen=True, gc=False):
    """An entry as it is read back, with what is joined at export."""

    row: EntryRow
    duplicates: int

    @property
    def id(self) -> SignalId | None:
        """The signal's name, None for other facts."""
        return None if self.row.stream is None else SignalId(f"{self.row.stream}-{self.row.number}")
