"""The panel sheet: what an installer types into the panel of one account. The key never stands on it."""

from collections.abc import Callable
from typing import Literal

import msgspec

from tocsin.model.accounts import KeyForm
from tocsin.model.values import AccountNumber, Code, Micros, Place, Words, ZoneName

Interval = Literal["set", "category", "learnt", "off"]


class SheetAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where a panel sends to."""

    host: str | None
    """None: the receiver listens on every address of its machine, and nobody said which one panels reach."""
    is_tls: bool
    port: int


class SheetZone(msgspec.Struct, frozen=True, kw_only=True):
    """A zone, as the centre knows it."""

    number: Code
    name: Place | None


class PanelSheet(msgspec.Struct, frozen=True, kw_only=True, tag="panel_sheet"):
    """What the sheet is made of."""

    account: AccountNumber
    account_name: Place | None
    addresses: tuple[SheetAddress, ...]
    """In the order in which the panel shall try them."""
    carried_by: AccountNumber | None
    category: Code | None
    centre: str
    early_max_s: int | None
    """None: not checked."""
    interval: Interval
    interval_s: int | None
    """How often it polls; where the category decides, the longest that survives one lost poll."""
    key_bits: int | None
    """None: it sends in clear."""
    key_form: KeyForm | None
    late_max_s: int | None
    line: Code | None
    made_at: Micros
    maker: Words | None
    notes: tuple[tuple[Words, Words], ...]
    """What is known of the maker's panels, and how."""
    panel_time_zone: ZoneName | None
    poll_602: bool
    receiver: Code | None
    site: Place | None
    zones: tuple[SheetZone, ...]


def interval_words(sheet: PanelSheet) -> str:
    """How often the panel polls, in one sentence."""
    match sheet.interval:
        case "off":
            return "not supervised: polls are answered, and nobody is told when they stop"
        case "learnt":
            return "any that stays the same, such as 60 s: the centre learns it from three polls alike"
        case "category":
            return f"every {sheet.interval_s} s or more often ({sheet.category}; one lost poll is no fault then)"
        case "set":
            of = "" if sheet.category is None else f" ({sheet.category})"
            return f"every {sheet.interval_s} s{of}"


def panel_sheet_pdf(sheet: PanelSheet, stamp: Callable[[Micros], str]) -> bytes:
    """The sheet as PDF; `stamp` writes a time for people, with its distance from UTC."""
    from tocsin.reports.pdf import Paper  # by the process that makes it alone (decision 0030)

    paper = Paper(f"{sheet.centre}: panel sheet, account {sheet.account}")
    paper.heading("Panel sheet")
    paper.strong(f"Account {sheet.account}")
    paper.line("")
    place = ", ".join(part for part in (sheet.site, sheet.account_name) if part)
    if place:
        paper.line(f"Place:         {place}")
    paper.line(f"Centre:        {sheet.centre}")
    paper.line(f"Made:          {stamp(sheet.made_at)}; what was changed since is not on it")
    paper.heading("Where it sends to")
    if not sheet.addresses:
        paper.strong("The centre's receiver is switched off. Ask the centre.")
    else:
        paper.table(
            ("", "Host", "Port", "By"),
            (8, 44, 6, 24),
            [
                (
                    "first" if number == 0 else "then",
                    one.host or "ASK THE CENTRE",
                    str(one.port),
                    "TLS over TCP" if one.is_tls else "TCP, else UDP",
                )
                for number, one in enumerate(sheet.addresses)
            ],
        )
    paper.heading("What it says")
    paper.line("Protocol:      SIA DC-09 over IP; one port for TCP and UDP; the connection may stay open")
    paper.line("Format:        SIA-DCS (DC-03), else ADM-CID (Contact ID)")
    paper.line(f"Account:       {sheet.account}, to the letter: leading zeros count")
    paper.line(f"Receiver (R):  {sheet.receiver or 'any, or none'}")
    paper.line(f"Line (L):      {sheet.line or 'any; L0 where the panel asks for one'}")
    if sheet.carried_by is not None:
        paper.line(f"Transmitter:   account {sheet.carried_by} may send for it, encrypted")
    paper.line(f"Polls (NULL):  {interval_words(sheet)}")
    if sheet.poll_602:
        paper.line("               A Contact ID test 602 counts as a poll")
    paper.line(f"Time:          {_time_words(sheet)}")
    paper.heading("Encryption")
    for words in _key_words(sheet):
        paper.line(words)
    paper.heading("Before you leave")
    paper.line("1. Have the place put on test, by the centre or by a one-day code; else each signal is an alarm.")
    paper.line("2. Set off every zone once, and look at the list of what arrived: unknown codes and zones show there.")
    paper.line("3. Wait for two polls, and have the centre say that the account is heard.")
    paper.line("No answer at all: number, key or time is wrong. The centre's frame doctor says which.")
    if sheet.zones:
        paper.heading("Zones as the centre knows them")
        paper.table(("Zone", "Name"), (8, 60), [(one.number, one.name or "") for one in sheet.zones])
    if sheet.maker is not None:
        paper.heading(f"{sheet.maker} panels")
        for says, label in sheet.notes:
            paper.line(f"- {says} ({label})")
    return paper.bytes()


def _time_words(sheet: PanelSheet) -> str:
    zone = f"the panel's clock runs by {sheet.panel_time_zone}" if sheet.panel_time_zone else "UTC"
    if sheet.key_bits is None:
        return f"{zone}; information only"
    late = "any age" if sheet.late_max_s is None else f"at most {sheet.late_max_s} s old"
    early = "any time ahead" if sheet.early_max_s is None else f"at most {sheet.early_max_s} s ahead"
    return f"{zone}; every message carries it, {late}, {early}. Else the centre answers with the right time"


def _key_words(sheet: PanelSheet) -> list[str]:
    if sheet.key_bits is None:
        return ["None: this account sends in clear. Do not enter a key, or nothing is heard."]
    digits = (
        f"{sheet.key_bits // 4} hex digits" if sheet.key_form == "hex" else f"{sheet.key_bits // 8} characters of text"
    )
    return [
        f"AES with a key of {sheet.key_bits} bits, entered as {digits}. What comes in clear is refused.",
        "The key stands on no paper. The centre gives you a link to it, which opens once; have the panel ready.",
        "Is the link opened or over already? Ask for another one. Did nobody of you open it? Say so to the centre at "
        "once: then somebody else has the key.",
    ]
