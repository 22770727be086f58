"""What the API takes and answers about sites on test."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.centre.on_test_board import Mark
from tocsin.model.catalogue import HazardClass
from tocsin.model.incidents import SignalOutcome
from tocsin.model.on_test import COMPANY_MAX, ZONES_A_TEST_MAX, AskedBy, TestEndReason, TestReason
from tocsin.model.values import AccountNumber, Actor, Code, Micros, Place, Ref, Secret, Seq
from tocsin.web.api.named_zones import NamedZone

Part = Annotated[str, Meta(pattern=r"^[A-Za-z0-9]{1,6}$")]
"""A zone or partition, as it is written on the panel."""

Company = Annotated[str, Meta(pattern=f"^[A-Za-z0-9-]{{1,{COMPANY_MAX}}}$")]
"""Number or short name of a firm; never a person's name."""


class OnTestItem(msgspec.Struct, frozen=True, kw_only=True):
    """One place on test, or that was."""

    id: Ref
    account: AccountNumber | None
    """None: a whole site, or an account that was removed."""
    account_id: Ref | None
    account_name: Place | None
    asked_by: AskedBy
    begun_at: Micros
    begun_by: Actor | None
    company: Code | None
    end_reason: TestEndReason | None
    ended_at: Micros | None
    ended_by: Actor | None
    extended: int
    is_cut: bool
    """More arrived than was counted."""
    last_at: Micros | None
    """When its last signal came."""
    live: list[HazardClass]
    """Classes whose signals are incidents as ever."""
    marks: list[Mark]
    missing: list[Code] | None
    """Zones that nobody has tested yet; None where that cannot be said."""
    partition: Code | None
    partition_name: Place | None
    reason: TestReason
    signals: int
    site: Place | None
    site_id: Ref | None
    until: Micros
    word_at: Micros | None
    """When people were told that it is about to end; None: not yet, or not at all."""
    zone_names: list[NamedZone]
    """Names of zones of the test, and of those that are missing; the others have none."""
    zones: list[Code]


class OnTestAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The board: what ends first comes first; then what ended within the last day, the latest first."""

    at: Micros
    default_s: int
    """How long a test is unless somebody says otherwise."""
    ended: list[OnTestItem]
    items: list[OnTestItem]
    length_s_max: int
    """The longest that the one who asks may set."""
    stay_live: list[HazardClass]
    """They stay live unless each is named."""


class ArrivedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One signal of a place on test."""

    account: AccountNumber
    at: Micros
    code: Code | None
    incident: Ref | None
    is_understood: bool
    outcome: SignalOutcome
    reason: Code
    seq: Seq
    zone: Code | None
    zone_name: Place | None


class OnTestDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One test with what arrived, newest first."""

    arrived: list[ArrivedItem]
    test: OnTestItem


class BeginTestBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put a place on test: a whole site, or an account or a part of it."""

    asked_by: AskedBy
    reason: TestReason
    until: Micros
    account_id: Annotated[str, Meta(pattern=r"^account-[0-9]{1,16}$")] | None = None
    company: Company | None = None
    """Number or short name by which the centre knows the firm."""
    live: Annotated[list[HazardClass], Meta(max_length=16)] = []
    """Classes that stay live besides fire, hold-up and medical."""
    not_live: Annotated[list[HazardClass], Meta(max_length=16)] = []
    """Of those three, each that does not."""
    partition: Part | None = None
    site_id: Annotated[str, Meta(pattern=r"^site-[0-9]{1,16}$")] | None = None
    zones: Annotated[list[Part], Meta(max_length=ZONES_A_TEST_MAX)] = []


class CodeItem(msgspec.Struct, frozen=True, kw_only=True):
    """A one-day code that is out."""

    id: Ref
    account: AccountNumber | None
    company: Code | None
    given_at: Micros
    given_by: Actor | None
    site: Place | None
    until: Micros


class CodesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Codes that are out, the first ending first."""

    items: list[CodeItem]


class CodeMade(msgspec.Struct, frozen=True, kw_only=True):
    """A new code. Its letters are told once."""

    address: str
    """The page where it is typed."""
    code: Secret
    item: CodeItem


class GiveCodeBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Give an installer a code for one place and one day."""

    until: Micros
    account_id: Annotated[str, Meta(pattern=r"^account-[0-9]{1,16}$")] | None = None
    company: Company | None = None
    site_id: Annotated[str, Meta(pattern=r"^site-[0-9]{1,16}$")] | None = None


class ExtendTestBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put the end of a test off."""

    until: Micros
