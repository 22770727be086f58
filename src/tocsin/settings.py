"""Settings of one process: `tocsin.toml` of the centre's folder, then the environment on top.

Each setting stands once, here, with its limit and its meaning; `describe` hands them to the reference and to
`tocsin init`. Sites, accounts and people are not settings: they are imported and journalled.
"""

import difflib
import ipaddress
import json
import re
import textwrap
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from tocsin.model.errors import BadInput
from tocsin.model.retention import LongReason, RetentionRules
from tocsin.model.values import Ref

__all__ = [
    "FILE_NAME",
    "Centre",
    "Dc09",
    "Dc09Tls",
    "Email",
    "Figures",
    "Gateway",
    "GatewayProvider",
    "Journal",
    "Notify",
    "Push",
    "Receivers",
    "Retention",
    "Setting",
    "Settings",
    "Smtp",
    "Storage",
    "Supervision",
    "TelephoneOut",
    "Vault",
    "Web",
    "WebhookOut",
    "default_toml",
    "describe",
    "load",
    "page_address",
    "split_address",
]

FILE_NAME: Final = "tocsin.toml"
FILE_BYTES_MAX: Final = 1 << 20
"""A settings file has about a hundred lines; a megabyte is somebody's mistake."""

ENV_PREFIX: Final = "TOCSIN_"
ADDRESSES_MAX: Final = 16
LONG_DAYS: Final = 30
"""A centre that keeps texts of incidents for longer says why."""

Address = Annotated[str, Meta(min_length=3, max_length=261, extra={"form": "address"})]
Addresses = Annotated[tuple[Address, ...], Meta(max_length=ADDRESSES_MAX)]
Url = Annotated[str, Meta(min_length=8, max_length=261, extra={"form": "url"})]
GatewayUrl = Annotated[str, Meta(min_length=8, max_length=500, extra={"form": "gateway"})]
SiteId = Annotated[str, Meta(min_length=6, max_length=21, extra={"form": "site"})]
FilePath = Annotated[str, Meta(min_length=1, max_length=1024, extra={"form": "path"})]


class Centre(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `centre`."""

    name: Annotated[
        str,
        Meta(min_length=1, max_length=80, extra={"form": "name"}, description="Name of the centre, shown everywhere."),
    ] = "Control room"
    demo: Annotated[
        bool,
        Meta(
            description="This centre is for trying out: its screen leads newcomers through their first steps, and "
            "`tocsin demo` lets simulated panels send to it. Never set it where real panels report."
        ),
    ] = False
    own_site: Annotated[
        SiteId | None,
        Meta(
            description="The site where the control room itself stands, by its id as its page's address names it, such "
            "as `site-12`. Its hold-up keys then name that place, and a hold-up button of an account there counts as "
            "the control room's own."
        ),
    ] = None


class Storage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `storage`."""

    url: Annotated[
        str,
        Meta(
            max_length=1024,
            extra={"form": "storage"},
            description="The database that keeps the journal. A relative path starts at the centre's folder.",
        ),
    ] = "sqlite:///tocsin.db"


class Web(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `web`."""

    listen: Annotated[
        Address,
        Meta(
            description="Where the console, the API, `/healthz`, `/readyz` and `/metrics` answer. Port 0 takes a free "
            "one. From other machines people come in over HTTPS only where `certificate` is set or a proxy does it."
        ),
    ] = "127.0.0.1:8400"
    public_url: Annotated[
        Url | None,
        Meta(
            description="The address under which people open the centre, where it is not that of `listen`: in sign-in "
            "links, and a name that it answers to.",
        ),
    ] = None
    certificate: Annotated[
        FilePath | None, Meta(description="The centre's certificate and its chain, PEM. With `key`: HTTPS.")
    ] = None
    key: Annotated[FilePath | None, Meta(description="Private key of the certificate, PEM, without a pass word.")] = (
        None
    )
    trusted_proxies: Annotated[
        tuple[Annotated[str, Meta(min_length=2, max_length=43, extra={"form": "network"})], ...],
        Meta(
            max_length=ADDRESSES_MAX,
            description="Proxies whose word on the sender's address and on HTTPS counts (`X-Forwarded-For`, "
            "`X-Forwarded-Proto`).",
        ),
    ] = ()
    session_h: Annotated[
        int,
        Meta(ge=1, le=24, description="Hours after which a session ends, whatever is done in it: a shift's length."),
    ] = 12
    consoles_max: Annotated[
        int,
        Meta(ge=1, le=2000, description="Live streams at once, one a console; more are refused and told so."),
    ] = 300
    connections_max: Annotated[
        int,
        Meta(
            ge=10,
            le=10_000,
            description="Connections of browsers and programs held at once; the next one is told to come again. An "
            "open console has one or two.",
        ),
    ] = 1000


PANEL_ADDRESSES: Final = (
    "What installers enter into panels, HOST:PORT, in the order in which a panel tries them: printed on the panel "
    "sheet. Not set: the addresses of `listen`, of which one for all of this machine is no address for a panel."
)


class Dc09Tls(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `receivers.dc09.tls`."""

    listen: Annotated[
        Addresses,
        Meta(description="Addresses that take DC-09 inside TLS 1.2 or newer, over TCP; needs `certificate` and `key`."),
    ] = ()
    certificate: Annotated[FilePath | None, Meta(description="The receiver's certificate and its chain, PEM.")] = None
    key: Annotated[FilePath | None, Meta(description="Private key of the certificate, PEM, without a pass word.")] = (
        None
    )
    client_ca: Annotated[
        FilePath | None,
        Meta(description="Authority of the panels' certificates, PEM. With it a panel without one is not let in."),
    ] = None
    panel_addresses: Annotated[Addresses, Meta(description=PANEL_ADDRESSES)] = ()
    client_binding: Annotated[
        Literal["account", "any"],
        Meta(
            description="With `client_ca`. `account`: a panel may send for the accounts that its certificate names "
            "(common name or DNS names). `any`: for every account."
        ),
    ] = "account"


class Dc09(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `receivers.dc09`: how panels are heard."""

    listen: Annotated[
        Addresses,
        Meta(description="Addresses that take DC-09, each over TCP and UDP. `[]` switches the receiver off."),
    ] = ("127.0.0.1:10000",)
    panel_addresses: Annotated[Addresses, Meta(description=PANEL_ADDRESSES)] = ()
    unknown_accounts: Annotated[
        Literal["ack", "duh", "silent"],
        Meta(
            description="Answer to an account that the centre does not have. `ack`: store the signal, list the "
            "account, acknowledge. `duh`: say that it is not understood. `silent`: no answer."
        ),
    ] = "ack"
    downgrade: Annotated[
        Literal["silent", "duh"],
        Meta(description="Answer to a clear message of an account that has a key. It is never accepted."),
    ] = "silent"
    unstamped: Annotated[
        Literal["nak", "silent"],
        Meta(description="Answer to an encrypted message without a time stamp. It is never accepted."),
    ] = "nak"
    missing_line: Annotated[
        Literal["accept", "refuse"],
        Meta(description="A frame without its `L` field: take it as line 0, or leave it without an answer."),
    ] = "accept"
    connections_max: Annotated[
        int,
        Meta(
            ge=1,
            le=100_000,
            description="Connections held at once. Past it the oldest that never sent a frame goes; without one, "
            "the new one.",
        ),
    ] = 6000
    per_connection_max: Annotated[
        int,
        Meta(
            ge=1,
            le=1024,
            description="Frames of one connection that wait for storage; at the limit its reading stops until one is "
            "stored.",
        ),
    ] = 64
    queue_max: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000_000,
            description="Signals of all connections that wait for storage; at the limit all reading stops. Nothing is "
            "acknowledged early.",
        ),
    ] = 10_000
    first_frame_s: Annotated[
        int, Meta(ge=1, le=3600, description="A connection that sends no whole frame within this time is closed.")
    ] = 30
    idle_s: Annotated[
        int,
        Meta(
            ge=0,
            le=7_776_000,
            extra={"form": "idle"},
            description="A silent connection is closed after this time; more than twice the longest supervision "
            "interval, for some panels show a closed link as a fault. 0: never.",
        ),
    ] = 86_400
    unknown_store_per_min: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="Signals of unknown accounts stored a minute for each sender's address. Past it, reading of "
            "that sender stops; known accounts are never slowed.",
        ),
    ] = 6000
    rejected_kept: Annotated[
        int,
        Meta(
            ge=0, le=1_000_000, description="Rejected frames kept, sealed, for the frame doctor; the oldest go first."
        ),
    ] = 10_000
    unknown_kept: Annotated[
        int,
        Meta(ge=0, le=1_000_000, description="Unknown accounts kept in their list; the longest unheard go first."),
    ] = 10_000
    tls: Dc09Tls = Dc09Tls()


Host = Annotated[str, Meta(min_length=1, max_length=253, extra={"form": "host"})]


class Mqtt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `receivers.mqtt`: the broker that sources send to."""

    host: Annotated[
        Host | None, Meta(description="The broker that is read. Not set: none is, and nothing connects to one.")
    ] = None
    port: Annotated[int, Meta(ge=1, le=65_535, description="Its port; brokers take 8883 for `tls`.")] = 1883
    security: Annotated[
        Literal["tls", "none"],
        Meta(
            description="`tls`: encrypted, and the broker is known by its certificate. `none`: in clear, for a broker "
            "on this machine or in a network of your own."
        ),
    ] = "none"
    authority: Annotated[
        FilePath | None,
        Meta(description="File with the certificate that the broker's is signed by; not set: those of the system."),
    ] = None
    certificate: Annotated[FilePath | None, Meta(description="Our own certificate, where the broker asks for one.")] = (
        None
    )
    key: Annotated[FilePath | None, Meta(description="The key of our own certificate.")] = None
    user: Annotated[
        Host | None, Meta(description="Name to sign in with; needed unless the broker is on this machine.")
    ] = None
    password_file: Annotated[FilePath | None, Meta(description="File whose first line is the password.")] = None
    client_id: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=60,
            pattern="^[0-9A-Za-z_-]+$",
            description="Who we are to the broker. It keeps what comes while we are away under this name: two centres "
            "at one broker need two.",
        ),
    ] = "tocsin"
    protocol: Annotated[
        Literal["5", "3.1.1"], Meta(description="Version of MQTT; 3.1.1 for a broker that knows no newer one.")
    ] = "5"


class MailIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `receivers.mail`: mail of machines that can send nothing else."""

    listen: Annotated[
        Address | None,
        Meta(description="Address that takes mail (SMTP), such as `0.0.0.0:25`. Not set: no mail is taken."),
    ] = None
    domain: Annotated[
        Host,
        Meta(description="What stands behind the @ of the sources' addresses; mail to any other is refused."),
    ] = "tocsin.invalid"
    certificate: Annotated[
        FilePath | None, Meta(description="Certificate and its chain, PEM. With it STARTTLS is offered; needs `key`.")
    ] = None
    key: Annotated[FilePath | None, Meta(description="Private key of the certificate, PEM, without a pass word.")] = (
        None
    )


class Receivers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `receivers`."""

    dc09: Dc09 = Dc09()
    mail: MailIn = MailIn()
    mqtt: Mqtt = Mqtt()


class Supervision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `supervision`."""

    default_interval_s: Annotated[
        Literal["learn"] | Annotated[int, Meta(ge=10, le=3_888_000)],
        Meta(
            description="How often an account without an interval or category of its own must be heard. `learn`: not "
            "supervised before three polls alike were heard. A number: missing after twice that and 30 s, once it was "
            "heard at all. It counts from the next start."
        ),
    ] = "learn"


class OnTest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `on_test`."""

    own_hours_max: Annotated[
        int,
        Meta(
            ge=0,
            le=24,
            description="The longest, in hours, that installers and site contacts put their own places on test without "
            "telephoning. Fire, hold-up and medical stay live then. 0: they may not.",
        ),
    ] = 4
    word_before_min: Annotated[
        int,
        Meta(
            ge=0,
            le=120,
            description="So many minutes before a test ends by itself the desks, and whoever set it, get a word: on "
            "the board, in the console, on the installer's page, and by a message (never a call). A test that is no "
            "longer gets none, and it counts for ends that are set or put off from then on. 0: nobody is told.",
        ),
    ] = 10


class ShiftTimes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `shifts`."""

    unattended_s: Annotated[
        int,
        Meta(
            ge=10,
            le=3_600,
            description="Seconds until a desk with somebody on shift is unattended: no console of theirs lives, "
            "signed in and unlocked. While nobody is at any console, the next step of what nobody claims is due at "
            "once. A centre without desks misses nobody.",
        ),
    ] = 60
    idle_s: Annotated[
        int,
        Meta(
            ge=60,
            le=3_600,
            description="Seconds without a key or a pointer, while something of priority 1 or 2 waits for a claim, "
            "after which a console counts as one that nobody is at.",
        ),
    ] = 300


class Escalation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `escalation`."""

    second_desk_s: Annotated[
        int,
        Meta(
            ge=5,
            le=600,
            description="Seconds until an incident of priority 1 that nobody has claimed is marked for the second desk "
            "and sounds louder.",
        ),
    ] = 20
    supervisor_s: Annotated[
        int,
        Meta(
            ge=6,
            le=1_200,
            description="Seconds until the supervisors are told of it by notices; more than `second_desk_s`. Where "
            "none of them can be told, everybody is told at once.",
        ),
    ] = 40
    again_s: Annotated[
        int,
        Meta(
            ge=10,
            le=1_200,
            description="Seconds from there until everybody who handles incidents is told, and from each time to the "
            "next.",
        ),
    ] = 60
    repeats: Annotated[
        int,
        Meta(
            ge=1,
            le=20,
            description="How often everybody is told. After that the queue says to telephone, and the supervisors are "
            "told once more. Of priority 2 as often.",
        ),
    ] = 3
    second_desk_p2_s: Annotated[
        int,
        Meta(
            ge=5,
            le=1_800,
            description="Seconds until an incident of priority 2 that nobody has claimed is marked for the second "
            "desk, and sounds again where somebody silenced it.",
        ),
    ] = 60
    supervisor_p2_s: Annotated[
        int,
        Meta(
            ge=6,
            le=3_600,
            description="Seconds until the supervisors are told of it by notices; more than `second_desk_p2_s`. Where "
            "none of them can be told, everybody is told at once.",
        ),
    ] = 180
    again_p2_s: Annotated[
        int,
        Meta(
            ge=10,
            le=3_600,
            description="Seconds from there until everybody who handles incidents is told, and from each time to the "
            "next.",
        ),
    ] = 180


class Figures(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `figures`: what the centre measures itself against. Nothing here changes what an operator may do."""

    profile: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=40,
            extra={"form": "profile"},
            description="The profile that reaction and the other intervals are measured against: one of the shipped "
            "ones, or the name of a file in `profiles` of the centre's folder, without `.toml`. Its shortest reaction "
            "limit is the time to claim, after which the queue marks an incident as overdue.",
        ),
    ] = "en50518-2019"
    load_profile: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=40,
            extra={"form": "profile"},
            description="The profile of the operators' load, in the same way.",
        ),
    ] = "eemua-191"
    shift_changes: Annotated[
        tuple[Annotated[str, Meta(min_length=5, max_length=5, extra={"form": "clock"})], ...],
        Meta(
            min_length=1,
            max_length=ADDRESSES_MAX,
            description="When shifts change, by the clock of this machine's time zone, rising: figures by shift are of "
            "the times between.",
        ),
    ] = ("06:00", "14:00", "22:00")


Telephone = Annotated[str, Meta(min_length=2, max_length=30, extra={"form": "telephone"})]


class Duty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `duty`: what the phone page of staff on duty and their duty card say."""

    telephone: Annotated[
        Telephone | None,
        Meta(
            description="The control room's telephone number, as staff dial it. It stands on the duty card and on the "
            "phone page, for when nothing is sent. Without it both say to use the number that hangs at the place."
        ),
    ] = None
    lists_sites: Annotated[
        bool,
        Meta(
            description="Staff who may only report are given the names of all sites to choose from. Leave it off "
            "where sites are private homes: then they scan the code at the place, let the phone find it, or say it."
        ),
    ] = False


class Vault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `vault`."""

    master_key: Annotated[
        FilePath,
        Meta(
            description="File of the master key, which wraps every key in `keys.db`; only its owner may read it. The "
            "variable `TOCSIN_MASTER_KEY` and the systemd credential `tocsin-master-key` go before it."
        ),
    ] = "master.key"


class Retention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `retention`."""

    incident_days: Annotated[
        int,
        Meta(
            ge=1,
            le=366,
            description="Days after an incident was closed for which its notes, its help note and what panels said in "
            "it are kept; then its key is destroyed. More than 30 needs `incident_reason`. Texts of an incident of a "
            "missing person go 24 hours after it was closed, whatever is set here.",
        ),
    ] = 30
    incident_reason: Annotated[
        LongReason,
        Meta(description="Why more than 30 days are needed. It stands on the scope sheet, which is made to be shown."),
    ] = "none"
    intake_days: Annotated[
        int,
        Meta(
            ge=2,
            le=14,
            description="Days for which what holds a user's number, and what was rejected, is kept under its day's "
            "key.",
        ),
    ] = 14
    panel_days: Annotated[
        int,
        Meta(
            ge=2,
            le=90,
            description="Days for which texts and whole messages of panels are kept under their day's key.",
        ),
    ] = 90


class Journal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `journal`."""

    heads: Annotated[
        FilePath,
        Meta(description="File that signed heads are appended to; on another disk or machine it proves more."),
    ] = "heads.txt"


Mailbox = Annotated[str, Meta(min_length=3, max_length=254, extra={"form": "mailbox"})]


class Smtp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sections `notify.email` and `notify.email.second`: a mail server that takes notices."""

    host: Annotated[
        Host | None, Meta(description="The mail server that takes notices. Not set: no e-mail leaves by it.")
    ] = None
    port: Annotated[int, Meta(ge=1, le=65_535, description="Its port; 465 with `tls`.")] = 587
    security: Annotated[
        Literal["starttls", "tls", "none"],
        Meta(
            description="`starttls`: encrypted before anything is said; a server that does not offer it is not used. "
            "`tls`: encrypted from the start. `none`: in clear, for a server on this machine or a network of your own."
        ),
    ] = "starttls"
    user: Annotated[Host | None, Meta(description="Name to sign in with there; not set: without signing in.")] = None
    password_file: Annotated[FilePath | None, Meta(description="File whose first line is the password.")] = None
    sender: Annotated[Mailbox | None, Meta(description="The address that notices come from; needed with `host`.")] = (
        None
    )


class Email(Smtp, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `notify.email`."""

    second: Smtp = Smtp()


class GatewayProvider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sections `notify.gateway` and `notify.gateway.second`: text messages and calls by HTTP."""

    url: Annotated[
        GatewayUrl | None,
        Meta(
            description="Address of the account at a provider whose interface is shaped like Twilio's: below it stand "
            "`/Messages.json` and `/Calls.json`. Not set: none is used."
        ),
    ] = None
    account: Annotated[Host | None, Meta(description="Name of the account, for signing in.")] = None
    token_file: Annotated[FilePath | None, Meta(description="File whose first line is the account's token.")] = None
    sender: Annotated[
        Annotated[str, Meta(min_length=3, max_length=20, extra={"form": "sender"})] | None,
        Meta(description="The number, or the name of letters and digits, that messages and calls come from."),
    ] = None
    sms: Annotated[bool, Meta(description="Send text messages by it.")] = True
    calls: Annotated[bool, Meta(description="Make calls by it.")] = False


class Gateway(GatewayProvider, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `notify.gateway`."""

    second: GatewayProvider = GatewayProvider()


class Push(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `notify.push`."""

    enabled: Annotated[
        bool,
        Meta(
            description="Send notices to browsers that people subscribe, through their makers' servers. It carries "
            "number and priority alone, encrypted. It needs HTTPS, and a way out to those servers."
        ),
    ] = False
    contact: Annotated[
        Mailbox | None,
        Meta(description="Address under which a maker of browsers reaches whoever runs this centre; needed with it."),
    ] = None


class WebhookOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `notify.webhook`."""

    enabled: Annotated[
        bool, Meta(description="Send notices to addresses of programs that people enter as their contact.")
    ] = False


class Notify(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `notify`: how people are told. Everything is off until it is set up; nothing leaves before."""

    internal: Annotated[
        Addresses,
        Meta(
            description="Addresses of this machine or of private networks, with their port, that notices may be sent "
            "to by HTTP. All others of such networks are refused, wherever a name leads."
        ),
    ] = ()
    test_days: Annotated[
        int,
        Meta(
            ge=1,
            le=365,
            description="Days after which a person is asked to test a contact again: on their own page, and by name on "
            "the delivery board. It counts all the same.",
        ),
    ] = 7
    email: Email = Email()
    gateway: Gateway = Gateway()
    push: Push = Push()
    webhook: WebhookOut = WebhookOut()


class TelephoneOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `telephone`: calls that desks have the centre's own telephone system make."""

    dial_url: Annotated[
        GatewayUrl | None,
        Meta(
            description="Where the centre's own telephone system takes a request to call: it rings at the desk first, "
            "then at the other side. The number goes there and nowhere else. Not set: desks dial by hand."
        ),
    ] = None
    secret_file: Annotated[
        FilePath | None,
        Meta(
            description="File whose first line is the secret that requests are signed with (Standard Webhooks, "
            "`whsec_...`); needed with `dial_url`."
        ),
    ] = None
    internal: Annotated[
        Addresses,
        Meta(
            description="The telephone system's address with its port, where that is this machine or in a private "
            "network. All others of such networks are refused, wherever a name leads."
        ),
    ] = ()
    authority: Annotated[
        FilePath | None,
        Meta(
            description="File with the certificate that the telephone system's is signed by, PEM; not set: those of "
            "the system."
        ),
    ] = None


class PaperTimes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Section `paper`."""

    every_min: Annotated[
        int,
        Meta(
            ge=0,
            le=1_440,
            description="Minutes from one list of the open incidents, as PDF in `folder`, to the next, for a blackout. "
            "It has names and addresses of sites in clear, and who has an incident. 0: none is written.",
        ),
    ] = 0
    folder: Annotated[
        FilePath,
        Meta(
            description="Where the lists and an empty call form lie: from there somebody prints, or a printer's queue."
        ),
    ] = "paper"
    kept: Annotated[int, Meta(ge=1, le=1_000, description="Lists that are kept; the oldest are removed.")] = 24


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings of a process, checked. Relative paths start at `folder`."""

    folder: Path
    centre: Centre = Centre()
    storage: Storage = Storage()
    web: Web = Web()
    receivers: Receivers = Receivers()
    supervision: Supervision = Supervision()
    on_test: OnTest = OnTest()
    shifts: ShiftTimes = ShiftTimes()
    paper: PaperTimes = PaperTimes()
    escalation: Escalation = Escalation()
    figures: Figures = Figures()
    duty: Duty = Duty()
    vault: Vault = Vault()
    retention: Retention = Retention()
    journal: Journal = Journal()
    notify: Notify = Notify()
    telephone: TelephoneOut = TelephoneOut()

    @property
    def own_site(self) -> Ref | None:
        """The site of the control room itself."""
        return None if self.centre.own_site is None else Ref(self.centre.own_site)

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        return self.folder / self.storage.url.removeprefix(_SQLITE)

    @property
    def master_key_path(self) -> Path:
        """The file of the master key."""
        return self.folder / self.vault.master_key

    @property
    def retention_rules(self) -> RetentionRules:
        """What the centre set of how long it keeps."""
        kept = self.retention
        return RetentionRules(
            incident_days=kept.incident_days,
            incident_reason=kept.incident_reason,
            intake_days=kept.intake_days,
            panel_days=kept.panel_days,
        )

    @property
    def heads_path(self) -> Path:
        """The file of the signed heads."""
        return self.folder / self.journal.heads


class Setting(msgspec.Struct, frozen=True):
    """One setting as the reference shows it."""

    section: str
    key: str
    default: str
    """As TOML; empty where there is none."""
    allowed: str
    meaning: str

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return ENV_PREFIX + "__".join((*self.section.split("."), self.key)).upper()


KeyPath = tuple[str, ...]
_SQLITE = "sqlite:///"
_FORMS: Final[dict[str, str]] = {
    "address": "HOST:PORT with a port from 0 to 65535, IPv6 in brackets",
    "network": "an IP address or network, such as 192.0.2.7 or 192.0.2.0/24",
    "path": "a path of 1 to 1,024 characters",
    "name": "1 to 80 printable characters",
    "storage": "`sqlite:///FILE`",
    "url": "`http://` or `https://`, a name or address, and a port if it needs one",
    "idle": "0, or 30 to 7,776,000",
    "host": "1 to 253 printable characters without blanks",
    "mailbox": "an e-mail address",
    "gateway": "`http://` or `https://`, a name or address, a path, without `?`",
    "site": "the id of a site, such as `site-12`",
    "telephone": "digits, with + before them and blanks, hyphens or brackets between",
    "sender": "a number as +43..., or letters and digits",
    "profile": "the name of a profile, small letters, digits, dots and hyphens",
    "clock": "times such as 06:00",
}


def load(folder: Path, environ: Mapping[str, str]) -> Settings:
    """Read the settings of a centre: `tocsin.toml` in its folder, then the variables `TOCSIN_<SECTION>__<KEY>`.

    Raises:
        BadInput: the file is missing, unreadable or no TOML; a key is unknown (the nearest is named); a value has the
            wrong type or is out of range. Nothing was started.
    """
    file = folder / FILE_NAME
    text = _read(file)
    found: dict[KeyPath, tuple[Any, str]] = {}
    for path, value in _flatten(_parse(text, file), (), text, file):
        found[path] = (value, _place(file, text, path))
    for path, raw, name in _overrides(environ):
        found[path] = (_override_value(path, raw), f"environment variable {name}")
    values = {path: _check(path, value, where) for path, (value, where) in found.items()}
    settings = Settings(folder=folder, **{name: _build(kind, (name,), values) for name, kind in _sections(Settings)})
    _check_together(settings, file)
    return settings


def describe() -> list[Setting]:
    """Return every setting with its default, what it may be and what it means, in the order of the file."""
    return [
        Setting(
            ".".join(path[:-1]),
            path[-1],
            _as_toml(_DEFAULTS[path]),
            _allowed(annotation),
            _meta(annotation, "description"),
        )
        for path, annotation in _LEAVES.items()
    ]


def default_toml(name: str, *, is_demo: bool = False) -> str:
    """Return a `tocsin.toml` for a new centre: every setting at its default, with what it means above it.

    `is_demo` makes it one for trying out (`centre.demo`).

    Raises:
        BadInput: the name is empty, longer than 80 characters or not printable.
    """
    _check(("centre", "name"), name, "The name of the centre")
    lines = ["# Settings of this centre. What is not set here has the default shown in the reference (settings.md)."]
    own = {("centre", "name"): json.dumps(name, ensure_ascii=False), ("centre", "demo"): _as_toml(is_demo)}
    section = ""
    for setting in describe():
        if setting.section != section:
            section = setting.section
            lines += ["", f"[{section}]"]
        default = own.get((section, setting.key), setting.default)
        lines += textwrap.wrap(
            f"{setting.meaning} ({setting.allowed})", 118, initial_indent="# ", subsequent_indent="# "
        )
        lines.append(f"{setting.key} = {default}" if default else f'# {setting.key} = ""')
    return "\n".join(lines) + "\n"


def split_address(address: str) -> tuple[str, int]:
    """Split HOST:PORT; brackets around an IPv6 host are taken off.

    Raises:
        BadInput: it is no HOST:PORT.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or int(match["port"]) > 65_535:
        raise BadInput(f"An address is {_FORMS['address']}, such as 127.0.0.1:10000.", "settings.value")
    return match["six"] or match["host"], int(match["port"])


def page_address(web: Web, host: str, port: int) -> str:
    """The address under which people open a centre that is heard on this host and port; without a slash at its end."""
    if web.public_url is not None:
        return web.public_url.rstrip("/")
    scheme = "http" if web.certificate is None else "https"
    # "Every address of this machine" is none that a browser can open.
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"{scheme}://{name}:{port}"


_URL = re.compile(r"https?://(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?/?")
_SITE = re.compile(r"site-[0-9]{1,16}")
_MAILBOX = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,189}")
_GATEWAY = re.compile(
    r"https?://(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~%/-]{0,200})?"
)
_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|[A-Za-z0-9]{3,11}")
_TELEPHONE: Final = re.compile(r"\+?[0-9][0-9 ()/-]{1,28}")
_PROFILE = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_ADDRESS = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.%a-z]{2,64})\]|(?P<host>[A-Za-z0-9._-]{1,253})):(?P<port>[0-9]{1,5})")


# What the types say --------------------------------------------------------------------------------------------------


def _hints(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)


def _sections(kind: type[msgspec.Struct]) -> list[tuple[str, type[msgspec.Struct]]]:
    """The fields of a Struct that are Structs themselves."""
    return [
        (name, hint)
        for name, hint in _hints(kind).items()
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct)
    ]


def _leaves(kind: type[msgspec.Struct], path: KeyPath) -> Iterator[tuple[KeyPath, Any, Any]]:
    """Path, annotation and default of every setting, a section's own before those of its subsections."""
    nested = dict(_sections(kind))
    defaults = {field.name: field.default for field in msgspec.structs.fields(kind)}
    for name, hint in _hints(kind).items():
        if name not in nested and name != "folder":
            yield (*path, name), hint, defaults[name]
    for name, inner in nested.items():
        yield from _leaves(inner, (*path, name))


def _parts(annotation: Any) -> list[Any]:
    """An annotation with everything that it wraps or joins: aliases, unions, items of a list."""
    inner = typing.get_origin(annotation) in (Annotated, typing.Union, types.UnionType, tuple)
    return [annotation, *(part for arg in typing.get_args(annotation) if inner for part in _parts(arg))]


def _metas(annotation: Any) -> list[Meta]:
    return [part for part in _parts(annotation) if isinstance(part, Meta)]


def _meta(annotation: Any, name: str) -> Any:
    """The first value of that name that an annotation carries, outermost first; an empty text where none does."""
    return next((value for meta in _metas(annotation) if (value := getattr(meta, name)) is not None), "")


def _form(annotation: Any) -> str:
    """Name of the check beyond type and range, empty for none."""
    return next((str(meta.extra["form"]) for meta in _metas(annotation) if meta.extra), "")


def _allowed(annotation: Any) -> str:
    """What a value may be, in words."""
    parts = _parts(annotation)
    said: list[str] = []
    for part in parts:
        if typing.get_origin(part) is Literal:
            said += [f"`{word}`" for word in typing.get_args(part)]
    form = _form(annotation)
    if form:
        said.append(_FORMS[form])
    elif bool in parts:
        said.append("`true` or `false`")
    elif int in parts:
        said.append(f"{_meta(annotation, 'ge'):,} to {_meta(annotation, 'le'):,}")
    if tuple in (typing.get_origin(part) for part in parts):
        return f"a list of up to {ADDRESSES_MAX} of {said[0]}"
    return " or ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


_TREE = [(path, hint, default) for path, hint, default in _leaves(Settings, ())]
_LEAVES: Final[dict[KeyPath, Any]] = {path: hint for path, hint, _ in _TREE}
_DEFAULTS: Final[dict[KeyPath, Any]] = {path: default for path, _, default in _TREE}
_SECTIONS: Final[set[KeyPath]] = {path[:length] for path in _LEAVES for length in range(1, len(path))}


def _as_toml(value: Any) -> str:
    """A default in TOML, which JSON's form of numbers, texts and lists is."""
    return "" if value is None else json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


# The file ------------------------------------------------------------------------------------------------------------


def _read(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(FILE_BYTES_MAX + 1)
        if len(data) > FILE_BYTES_MAX:
            raise BadInput(f"{file} has more than {FILE_BYTES_MAX:,} bytes; a settings file is small.", "settings.file")
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        raise BadInput(
            f"There is no {FILE_NAME} in {file.parent}: name the folder of a centre, or make one with `tocsin init`.",
            "settings.missing",
        ) from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not UTF-8 at byte {error.start}; save it as UTF-8.", "settings.file") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.", "settings.file") from None


def _parse(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{file} is no TOML: {error}.", "settings.file") from None


def _flatten(table: dict[str, Any], path: KeyPath, text: str, file: Path) -> Iterator[tuple[KeyPath, Any]]:
    for key, value in table.items():
        here = (*path, key)
        if here in _LEAVES:
            yield here, value
        elif here not in _SECTIONS:
            raise _unknown(_place(file, text, here), here)
        elif not isinstance(value, dict):
            raise BadInput(
                f"{_place(file, text, here)}: {'.'.join(here)} is a section: write [{'.'.join(here)}] on a line of its "
                "own and its settings below.",
                "settings.value",
            )
        else:
            yield from _flatten(value, here, text, file)


_HEADER = re.compile(r"\s*\[\s*([^\[\]#]+?)\s*\]")
_KEY = re.compile(r"""\s*([A-Za-z0-9_.\-"' ]+?)\s*=""")


def _place(file: Path, text: str, path: KeyPath) -> str:
    """Where in the file a key or section stands, as far as lines tell: TOML's reader keeps none."""
    section: KeyPath = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            section = here = _split_key(header[1])
        elif key := _KEY.match(line):
            here = (*section, *_split_key(key[1]))
        else:
            continue
        if here[: len(path)] == path:
            return f"{file} line {number}"
    return str(file)


def _split_key(text: str) -> KeyPath:
    return tuple(part.strip().strip("\"'") for part in text.split("."))


# The environment -----------------------------------------------------------------------------------------------------


def _overrides(environ: Mapping[str, str]) -> Iterator[tuple[KeyPath, str, str]]:
    """Path, text and name of each variable that speaks of a setting: those with two underscores after the prefix."""
    for name in sorted(environ):
        if not name.startswith(ENV_PREFIX) or "__" not in name.removeprefix(ENV_PREFIX):
            continue
        path = tuple(part.lower() for part in name.removeprefix(ENV_PREFIX).split("__"))
        if path in _SECTIONS:
            raise BadInput(
                f"Environment variable {name} names a section; add two underscores and one of its settings. "
                "Nothing was started.",
                "settings.unknown",
            )
        if path not in _LEAVES:
            raise _unknown(f"Environment variable {name}", path)
        yield path, environ[name], name


def _override_value(path: KeyPath, raw: str) -> Any:
    """Read a variable as a TOML value where that fits the setting, else as plain text."""
    try:
        table = tomllib.loads(f"value = {raw}")
        if len(table) == 1:
            value = table["value"]
            msgspec.convert(value, _LEAVES[path])
            return value
    except (tomllib.TOMLDecodeError, msgspec.ValidationError):
        pass
    # 6000 is a fine name for a centre, and a number where a number is wanted: what does not fit stays text, and the
    # check that follows says what would.
    return raw


# The checks ----------------------------------------------------------------------------------------------------------


def _unknown(where: str, path: KeyPath) -> BadInput:
    known = {".".join(known): known for known in (*_LEAVES, *_SECTIONS)}
    siblings = [name for name, other in known.items() if other[:-1] == path[:-1]]
    # A right key in a wrong section is the commonest slip after a misspelt one.
    elsewhere = [name for name, other in known.items() if other in _LEAVES and other[-1] == path[-1]]
    wanted = ".".join(path)
    near = (
        difflib.get_close_matches(wanted, siblings, 1, 0.6)
        or elsewhere
        or difflib.get_close_matches(wanted, list(known), 1, 0.5)
    )
    remedy = f"the nearest known one is {near[0]}" if near else "docs/reference/settings.md lists them all"
    if near and where.startswith("Environment"):
        remedy += f" ({ENV_PREFIX}{'__'.join(known[near[0]]).upper()})"
    return BadInput(f"{where}: there is no setting {wanted[:120]}; {remedy}. Nothing was started.", "settings.unknown")


def _check(path: KeyPath, value: Any, where: str) -> Any:
    """Return the value as its type, or say what it must be. The value itself is not repeated: it may be a secret."""
    annotation = _LEAVES[path]
    try:
        checked = msgspec.convert(value, annotation)
        for item in checked if isinstance(checked, tuple) else (checked,):
            _check_form(_form(annotation), item)
    except (msgspec.ValidationError, BadInput):
        raise BadInput(
            f"{where}: {'.'.join(path)} must be {_allowed(annotation)}. Nothing was started.", "settings.value"
        ) from None
    return checked


def _check_form(form: str, value: Any) -> None:
    if value is None:
        return
    match form:
        case "address":
            split_address(value)
            good = True
        case "name" | "path":
            good = value.isprintable() and bool(value.strip())
        case "storage":
            file = value.removeprefix(_SQLITE)
            good = value.startswith(_SQLITE) and file.isprintable() and file not in ("", ":memory:") and "?" not in file
        case "url":
            good = _URL.fullmatch(value) is not None
        case "network":
            good = _is_network(value)
        case "host":
            good = value.isprintable() and value.isascii() and " " not in value
        case "telephone":
            good = _TELEPHONE.fullmatch(value) is not None
        case "mailbox":
            good = _MAILBOX.fullmatch(value) is not None
        case "gateway":
            good = _GATEWAY.fullmatch(value) is not None
        case "sender":
            good = _SENDER.fullmatch(value) is not None
        case "site":
            good = _SITE.fullmatch(value) is not None
        case "profile":
            good = _PROFILE.fullmatch(value) is not None
        case "clock":
            good = _CLOCK.fullmatch(value) is not None
        case "idle":
            good = value == 0 or value >= 30
        case _:
            good = True
    if not good:
        raise BadInput("The value has another form.", "settings.value")


def _is_network(value: str) -> bool:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return True


def _check_together(settings: Settings, file: Path) -> None:
    if (settings.web.certificate is None) != (settings.web.key is None):
        raise BadInput(
            f"{file}: web.certificate and web.key go together: HTTPS needs both. Nothing was started.",
            "settings.value",
        )
    kept = settings.retention
    if kept.incident_days > LONG_DAYS and kept.incident_reason == "none":
        raise BadInput(
            f"{file}: retention.incident_days above {LONG_DAYS} needs retention.incident_reason, which is printed on "
            "the scope sheet. Nothing was started.",
            "settings.value",
        )
    times = settings.escalation
    for of, first_s, then_s in (
        ("", times.second_desk_s, times.supervisor_s),
        ("_p2", times.second_desk_p2_s, times.supervisor_p2_s),
    ):
        if then_s <= first_s:
            raise BadInput(
                f"{file}: escalation.supervisor{of}_s must be more than escalation.second_desk{of}_s: the supervisor "
                "comes after the second desk. Nothing was started.",
                "settings.value",
            )
    changes = settings.figures.shift_changes
    if list(changes) != sorted(set(changes)):
        raise BadInput(
            f"{file}: figures.shift_changes must rise from time to time, each once. Nothing was started.",
            "settings.value",
        )
    _check_notify(settings.notify, file)
    _check_mqtt(settings.receivers.mqtt, file)
    if settings.telephone.dial_url is not None and settings.telephone.secret_file is None:
        raise BadInput(
            f"{file}: telephone.dial_url needs telephone.secret_file: a telephone system calls for nobody whom it "
            "does not know. Nothing was started.",
            "settings.value",
        )
    if (settings.receivers.mail.certificate is None) != (settings.receivers.mail.key is None):
        raise BadInput(
            f"{file}: receivers.mail.certificate needs receivers.mail.key, and the other way round. "
            "Nothing was started.",
            "settings.value",
        )
    tls = settings.receivers.dc09.tls
    if tls.listen and (tls.certificate is None or tls.key is None):
        raise BadInput(
            f"{file}: receivers.dc09.tls.listen needs receivers.dc09.tls.certificate and receivers.dc09.tls.key. "
            "Nothing was started.",
            "settings.value",
        )


def _check_mqtt(mqtt: Mqtt, file: Path) -> None:
    """What a broker needs before it can be read."""
    if mqtt.host is None:
        return
    is_here = mqtt.host in ("localhost", "::1") or mqtt.host.startswith("127.")
    for one, other, is_there in (
        ("user", "password_file, and the other way round", (mqtt.user is None) == (mqtt.password_file is None)),
        ("certificate", "key, and the other way round", (mqtt.certificate is None) == (mqtt.key is None)),
        ("authority", 'security = "tls"', mqtt.authority is None or mqtt.security == "tls"),
        ("certificate", 'security = "tls"', mqtt.certificate is None or mqtt.security == "tls"),
        (
            "host",
            "user and password_file, or a certificate of our own: a broker on another machine is read by nobody "
            "without a name",
            is_here or mqtt.user is not None or mqtt.certificate is not None,
        ),
    ):
        if not is_there:
            raise BadInput(
                f"{file}: receivers.mqtt.{one} needs receivers.mqtt.{other}. Nothing was started.", "settings.value"
            )


def _check_notify(notify: Notify, file: Path) -> None:
    """What a way out needs before it can be used: half of it would fail at the first notice, at night."""
    needs: list[tuple[str, str, bool]] = []
    for name, server in (("notify.email", notify.email), ("notify.email.second", notify.email.second)):
        if server.host is not None:
            needs.append((f"{name}.host", f"{name}.sender", server.sender is not None))
            is_whole = (server.user is None) == (server.password_file is None)
            needs.append((f"{name}.user", f"{name}.password_file, and the other way round", is_whole))
    for name, one in (("notify.gateway", notify.gateway), ("notify.gateway.second", notify.gateway.second)):
        if one.url is not None:
            is_whole = None not in (one.account, one.token_file, one.sender)
            needs.append((f"{name}.url", f"{name}.account, {name}.token_file and {name}.sender", is_whole))
    for name, second, first in (
        ("notify.email", notify.email.second.host, notify.email.host),
        ("notify.gateway", notify.gateway.second.url, notify.gateway.url),
    ):
        needs.append((f"{name}.second", f"a first one: set up [{name}]", second is None or first is not None))
    needs.append(("notify.push.enabled", "notify.push.contact", not notify.push.enabled or bool(notify.push.contact)))
    for one, other, is_there in needs:
        if not is_there:
            raise BadInput(f"{file}: {one} needs {other}. Nothing was started.", "settings.value")


def _build(kind: type[msgspec.Struct], path: KeyPath, values: Mapping[KeyPath, Any]) -> Any:
    nested = {name: _build(inner, (*path, name), values) for name, inner in _sections(kind)}
    own = {key[-1]: value for key, value in values.items() if key[:-1] == path}
    return kind(**own, **nested)
