"""Sources: machines and programs that send signals otherwise than a panel does.

A source speaks for one account, which stands at a site and has zones as a panel's has: its devices (decision 0065).
"""

from typing import Final, Literal

import msgspec

from tocsin.model.mappings import Mapping
from tocsin.model.values import Code, Expected, Ref, Seq, TopicFilter

SOURCE_SET: Final = Code("source.set")
SOURCES_MAX: Final = 500
TOKENS_MAX: Final = 10
"""Tokens that one source may be sent with."""

SourceWay = Literal["webhook", "mqtt", "mail", "pbx", "aml"]
"""How a source sends: signals by HTTP, by the broker or by mail; calls of a telephone system; positions of callers
(AML)."""

MqttConvention = Literal["chirpstack", "frigate", "generic", "home_assistant", "zigbee2mqtt"]
"""How a sender names its topics and puts its messages (`protocols.mqtt_*`); `generic`: as its mapping says."""

CAMERAS_MAX: Final = 100
MAIL_LINES_MAX: Final = 50
SENDERS_MAX: Final = 20
NETWORKS_MAX: Final = 20
FILTERS_MAX: Final = 20
"""Topics of a source with a mapping."""


class MqttWay(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What of the broker is read for a source."""

    base: Code
    """First level of its topics, such as `zigbee2mqtt`; of ChirpStack the id of the application; of `generic` empty."""
    cameras: tuple[Code, ...] = ()
    """Of Frigate: the cameras that are listened to, sorted."""
    convention: MqttConvention
    topics: tuple[TopicFilter, ...] = ()
    """Of `generic`: what is read, with `+` for one level and never `#`, sorted."""


class MailLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a line of a mail says: fixed text, with one `*` at most, which stands for the device."""

    device: Code | None = None
    """The device that it tells of, where no `*` does."""
    is_active: bool = True
    """False: what it tells of is over."""
    pattern: Expected
    word: Code
    """Of `model.machines.MACHINE_WORDS`."""


class MailWay(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How mails of a source are read. Its address, senders and networks lie in `keys.db`, under `SourceRow.secret`."""

    lines: tuple[MailLine, ...]
    """0 to MAIL_LINES_MAX; of each line of a mail the first that fits counts."""


HOSTS_MAX: Final = 20
NAMES_MAX: Final = 20


class PbxWay(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a telephone system tells of calls."""

    hosts: tuple[Code, ...] = ()
    """Addresses and networks that it sends from; none: from anywhere, with its token."""
    names: tuple[tuple[Code, Code], ...] = ()
    """Our word for a field or an event, and the telephone system's, sorted."""


class SourceRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One source, whole: body of `source.set`, version 1, in canonical order."""

    account_id: Ref
    """The account that it speaks for. No two sources have the same."""
    mail: MailWay | None = None
    """With the way `mail`, and with no other."""
    mapping: Mapping | None = None
    """What its messages say, where they have a form of their own. None: they have ours, or that of
    its convention; of `generic` nothing is read then."""
    mqtt: MqttWay | None = None
    """With the way `mqtt`, and with no other."""
    pbx: PbxWay | None = None
    """With the way `pbx`, and with no other."""
    removed: bool = False
    secret: Code | None = None
    """Name in `keys.db` of the secret that its requests must be signed with; None: a token is enough. Of a mail source
    its address, and who may send to it."""
    tokens: tuple[Ref, ...] = ()
    """Ids of the tokens that may send for it, sorted."""
    way: SourceWay = "webhook"


class StoredSource(msgspec.Struct, frozen=True, gc=False):
    """A source: its opaque id, its row, and the fact that the row came from."""

    id: Ref
    row: SourceRow
    seq: Seq
