"""What the API takes and answers about calls that are taken, and what people reported.

As in `types`: times are integers, microseconds since 1970 UTC. What holds something personal shows nothing of itself.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.model.call_forms import AbandonReason, CallDraft, CallEndedAs, CallMarks, CallWords, ReportedPlace, Way
from tocsin.model.hushed import Hushed
from tocsin.model.values import Actor, Code, IncidentRef, Micros, Place, Ref, Seq
from tocsin.web.api.help_types import HushedBody


class CallFormItem(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is being taken, as every desk sees it: who, since when, and what was chosen from lists."""

    id: Ref
    begun_at: Micros
    begun_by: Actor | None
    held_by: Actor | None
    """Whoever fills in its form now."""
    incident: Ref | None
    """Where its report is, once it has ended so."""
    marks: CallMarks
    outcome: CallEndedAs | None
    """null: it is being taken."""
    saved_at: Micros
    site: Place | None
    """Name of the site that was chosen."""
    version: Seq


class CallFormsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Calls that are being taken, the oldest first."""

    items: list[CallFormItem]


class CallFormAnswer(Hushed, frozen=True, kw_only=True):
    """A call and what stands in its form. That it was read is in the journal."""

    call: CallFormItem
    draft: CallDraft


class CallDraftBody(HushedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form as it stands."""

    draft: CallDraft


class CallSaveBody(HushedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form as it stands, whole, in place of what was saved before."""

    draft: CallDraft
    is_left: bool = False
    """A field was left: that is a fact of the journal."""


class CallOpenBody(HushedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form, of which an incident is opened."""

    draft: CallDraft
    is_claimed: bool = True
    """Whoever took the call has the incident; false: it waits for a desk as an alarm does."""


class CallJoinBody(HushedBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form, and the open incident that it is about."""

    draft: CallDraft
    into: IncidentRef


class CallAbandonBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a call is no report."""

    reason: AbandonReason


class ReportItem(Hushed, frozen=True, kw_only=True):
    """What one person reported."""

    at: Micros
    by: Actor | None
    """Who took it."""
    call: Ref | None
    is_first: bool
    """It opened the incident."""
    is_handed_over: bool
    """Somebody else typed it at the phone; `by` sent it for them."""
    place: ReportedPlace
    seq: Seq
    site_id: Ref | None
    site: Place | None
    type: Code
    device_time: Micros | None
    """When it was typed, by the phone's own clock; of a call null."""
    waited_s: int | None
    """So long it lay on the phone before it was sent."""
    way: Way
    words: CallWords | None
    """null: erased."""


class ReportsAnswer(Hushed, frozen=True, kw_only=True):
    """What people reported of an incident, the oldest first."""

    items: Annotated[list[ReportItem], Meta(max_length=1_000)]
