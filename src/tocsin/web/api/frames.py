"""`/api/v1/frame` and `/rejected-frames`: the frame doctor on a page, and the frames that were not accepted.

The doctor judges by the receivers' own code and changes nothing. A key that is typed for a trial stays in the request.
A frame's text can hold a name: a rejected one is shown only after its opening is a fact, and so is what one of the
centre's own keys decrypts.
"""

from typing import Annotated, Any, Final

import msgspec
from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter

from tocsin.centre.unknown import similar_accounts
from tocsin.model.accounts import AccountPolicy
from tocsin.model.errors import BadInput
from tocsin.model.values import AccountNumber, Words
from tocsin.protocols.dc09.advice import remedy
from tocsin.protocols.dc09.doctor import Diagnosis, Patient, diagnose
from tocsin.protocols.dc09.parts import parts_of
from tocsin.protocols.dc09.questions import explanation_line, explanation_text, read_frame
from tocsin.web.api.configuration_types import (
    FrameAnswer,
    FrameBody,
    FrameField,
    OpenedFrame,
    OpenedFrames,
    OpenFramesBody,
    RejectedAnswer,
    RejectedItem,
)
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

REJECTED_MAX: Final = 200
"""Rejected frames that a page shows."""

BODY_BYTES_MAX: Final = 256 << 10
"""A pasted frame of 32,768 characters, each written as JSON writes the rarest."""

PAD_BYTES: Final = 32
STAMP_MAX_S: Final = 86_400
PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of frames."""
    centre = parts.centre

    @post(
        "/api/v1/frame",
        opt=needs("frame.doctor"),
        status_code=200,
        request_max_body_size=BODY_BYTES_MAX,
        summary="Explain a frame",
    )
    @in_thread
    def explain_frame(request: PrincipalRequest, data: JSONBody[FrameBody]) -> FrameAnswer:
        """Judge a frame as a receiver would, part by part; nothing is stored, nobody is answered."""
        raw = read_frame(data.text)
        diagnosis = diagnose(raw, data.now, _patient(parts, raw, data), parts.ids.token_bytes(PAD_BYTES))
        key_of = _opened_by(diagnosis)
        if key_of is not None and data.key is None and data.known == "centre":
            centre.note_decrypted(key_of.id, request.user.actor)
        return FrameAnswer(
            raw=raw.hex(),
            explanation=msgspec.json.decode(explanation_line(diagnosis)),
            words=Words(explanation_text(diagnosis, data.text)),
            remedy=remedy(diagnosis),
            fields=[
                FrameField(name=part.name, begin=part.begin, end=part.end, state=part.state, words=part.words)
                for part in parts_of(diagnosis)
            ],
        )

    @get("/api/v1/rejected-frames", opt=needs("frame.doctor"), summary="Frames that were not accepted")
    @in_thread
    def read_rejected(
        limit: Annotated[int, QueryParameter(ge=1, le=REJECTED_MAX)] = REJECTED_MAX,
    ) -> RejectedAnswer:
        """The newest frames that were refused or not read, without their content and their sender."""
        return RejectedAnswer(
            items=[
                RejectedItem(
                    id=frame.id,
                    at=frame.at,
                    outcome=frame.outcome,
                    reason=frame.reason,
                    account=frame.account,
                    token=frame.token,
                    transport=frame.transport,
                    is_kept=frame.sealed is not None,
                )
                for frame in centre.rejected_frames(limit)
            ]
        )

    @post("/api/v1/rejected-frames/open", opt=needs("rejected.open"), status_code=200, summary="Open rejected frames")
    @in_thread
    def open_rejected(request: PrincipalRequest, data: JSONBody[OpenFramesBody]) -> OpenedFrames:
        """Show the bytes and the senders of rejected frames. Who opened them, and why, is a fact before it is shown."""
        opened = centre.open_rejected(REJECTED_MAX, data.reason, request.user.actor, frozenset(data.ids))
        return OpenedFrames(
            items=[
                OpenedFrame(id=one.frame.id, raw=None if one.raw is None else one.raw.hex(), peer=one.peer)
                for one in opened
            ]
        )

    return [explain_frame, read_rejected, open_rejected]


def _patient(parts: Parts, raw: bytes, body: FrameBody) -> Patient:
    """Whom the frame is judged for: anybody, or the accounts of this centre as its receivers see them."""
    for name in ("late_max_s", "early_max_s"):
        limit = getattr(body, name)
        if limit is not None and not -1 <= limit <= STAMP_MAX_S:
            raise BadInput(
                f"{name} is 0 to {STAMP_MAX_S:,} seconds, or -1 for no check. Nothing was judged. Give such a number",
                "frame.input",
            )
    patient = Patient(accounts=None, key=body.key, late_max_s=body.late_max_s, early_max_s=body.early_max_s)
    if body.known == "any":
        return patient
    snapshot = parts.centre.configuration.shown()
    named = diagnose(raw, None, msgspec.structs.replace(patient, key=None)).explanation.account
    near: list[AccountPolicy] = []
    if named is not None:
        near = [policy for policy, _ in similar_accounts(AccountNumber(named), snapshot)]
        near += snapshot.numbered(named.upper())
    # Hints name accounts, never keys; so a key that fits another account is not looked for either.
    accounts = {policy.account: None for policy in near}
    return msgspec.structs.replace(patient, accounts=accounts, directory=snapshot)


def _opened_by(diagnosis: Diagnosis) -> AccountPolicy | None:
    """The account whose key decrypted the frame; None where it came in clear, or could not be read."""
    verdict = diagnosis.verdict
    if verdict is None or not verdict.encrypted or verdict.content is None:
        return None
    return verdict.policy
