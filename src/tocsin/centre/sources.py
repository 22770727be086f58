"""Sources as people set them up: which account a machine or program speaks for, and with which tokens.

Each change names the version that its author saw; what somebody else changed since is not overwritten.
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

import msgspec

from tocsin.centre.configuration import Run, Secrets
from tocsin.centre.editing import Overtaken, who_made
from tocsin.centre.mail_doors import LOCAL_BYTES, MailDoor, check_lines, checked_door, door_bytes, new_local, read_door
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.journal import Fact, StoredEntry
from tocsin.model.mappings import Mapping, entered_fault, fault_of
from tocsin.model.ports import Appender, Ids, Store, StoreTransaction
from tocsin.model.sources import (
    CAMERAS_MAX,
    FILTERS_MAX,
    HOSTS_MAX,
    NAMES_MAX,
    SOURCE_SET,
    SOURCES_MAX,
    TOKENS_MAX,
    MqttWay,
    PbxWay,
    SourceRow,
    StoredSource,
)
from tocsin.model.values import Actor, Code, Ref, Seq
from tocsin.protocols.mqtt_generic import is_filter, may_meet
from tocsin.protocols.standard_webhooks import SECRET_BYTES
from tocsin.protocols.telephone import NAMES


class _Entry(msgspec.Struct):
    body: SourceRow
    ref: Ref | None


Let = tuple[Sequence[str], Sequence[str]]
"""Senders and networks, as people have entered them."""

NAME_BYTES: Final = 16
_ENTRY: Final = msgspec.json.Decoder(_Entry)


class Sources:
    """Changes of sources. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, secrets: Secrets, ids: Ids) -> None:
        """Change those of `store`; what they sign with lies in `secrets`."""
        self._store = store
        self._run = run
        self._secrets = secrets
        self._ids = ids

    def all(self) -> list[StoredSource]:
        """All of them, in the order in which they were made."""
        return self._store.sources()

    def source(self, id_: Ref) -> StoredSource:
        """One source.

        Raises:
            BadInput: there is none.
        """
        found = next((one for one in self._store.sources() if one.id == id_), None)
        if found is None:
            raise BadInput(
                "There is no such source, or not any more. Nothing was changed. Look at the list again",
                "source.unknown",
            )
        return found

    def door(self, id_: Ref) -> MailDoor | None:
        """Who may send to a mail source, and where; None of any other.

        Raises:
            BadInput: there is no such source.
        """
        row = self.source(id_).row
        return read_door(self._secrets.secret_get(row.secret)) if row.mail is not None and row.secret else None

    def make(self, row: SourceRow, actor: Actor, let: Let | None = None) -> StoredSource:
        """Make a source for an account that is there; of a mail source `let` says who may send.

        Raises:
            BadInput: the account is not there, or too many tokens are named.
            Conflict: the account has a source, or a key, or there are as many sources as there can be.
        """
        return self._set(None, None, row, actor, let)

    def change(self, id_: Ref, version: Seq, row: SourceRow, actor: Actor, let: Let | None = None) -> StoredSource:
        """Put a source in place of what it is.

        Raises:
            BadInput, Conflict: as `make`, or there is no such source.
            Overtaken: somebody changed it since `version`.
        """
        return self._set(id_, version, row, actor, let)

    def remove(self, id_: Ref, version: Seq, actor: Actor) -> None:
        """Take a source away. Its account stays, with all that it sent.

        Raises:
            BadInput: there is no such source.
            Overtaken: somebody changed it since `version`.
        """

        def work(transaction: StoreTransaction, appender: Appender) -> Code | None:
            found = self.source(id_)
            self._refuse_overtaken(found, version)
            row = msgspec.structs.replace(found.row, removed=True, secret=None)
            _put(transaction, appender, id_, row, actor)
            return found.row.secret

        self._destroy(self._run(lambda journal: journal.decide(work)))

    def sign(self, id_: Ref, version: Seq, actor: Actor) -> tuple[bytes, StoredSource]:
        """Make a secret that every request must be signed with from now on; the one before is destroyed.

        Raises:
            BadInput: there is no such source.
            Overtaken: somebody changed it since `version`.
        """
        secret = self._ids.token_bytes(SECRET_BYTES)
        name = self._new_name()
        self._secrets.secrets_put({name: secret})  # durable before the first request that needs it
        try:
            return secret, self._set_secret(id_, version, name, actor)
        except BaseException:
            self._destroy(name)
            raise

    def unsign(self, id_: Ref, version: Seq, actor: Actor) -> StoredSource:
        """Let a token be enough again; the secret is destroyed.

        Raises:
            BadInput, Overtaken: as `sign`.
        """
        return self._set_secret(id_, version, None, actor)

    def _set_secret(self, id_: Ref, version: Seq, name: Code | None, actor: Actor) -> StoredSource:
        def work(transaction: StoreTransaction, appender: Appender) -> tuple[StoredSource, Code | None]:
            found = self.source(id_)
            self._refuse_overtaken(found, version)
            if found.row.way in ("mqtt", "mail"):
                raise BadInput("Requests by HTTP are signed, and nothing else. Nothing was changed", "source.way")
            row = msgspec.structs.replace(found.row, secret=name)
            return _put(transaction, appender, id_, row, actor), found.row.secret

        made, before = self._run(lambda journal: journal.decide(work))
        self._destroy(before)
        return made

    def _destroy(self, name: Code | None) -> None:
        if name is not None:
            self._secrets.secrets_delete([name])

    def _set(self, id_: Ref | None, version: Seq | None, row: SourceRow, actor: Actor, let: Let | None) -> StoredSource:
        if (let is not None) != (row.mail is not None):
            raise BadInput(
                "A mail source has senders and networks, and no other has. Nothing was changed. Name them",
                "source.senders",
            )
        if let is None:
            return self._set_row(id_, version, row, actor, None)
        known = None if id_ is None else self.door(id_)
        local = new_local(self._ids.token_bytes(LOCAL_BYTES)) if known is None else known.local
        door = checked_door(local, *let)
        if door == known:
            return self._set_row(id_, version, row, actor, None)
        name = self._new_name()
        self._secrets.secrets_put({name: door_bytes(door)})  # durable before the first mail that comes by it
        try:
            return self._set_row(id_, version, row, actor, name)
        except BaseException:
            self._destroy(name)
            raise

    def _new_name(self) -> Code:
        return Code(f"source-key-{self._ids.token_bytes(NAME_BYTES).hex()}")

    def _set_row(
        self, id_: Ref | None, version: Seq | None, row: SourceRow, actor: Actor, name: Code | None
    ) -> StoredSource:
        row = msgspec.structs.replace(row, tokens=tuple(sorted(set(row.tokens))))
        if len(row.tokens) > TOKENS_MAX:
            raise BadInput(
                f"A source has at most {TOKENS_MAX} tokens. Nothing was changed. Take one out first", "source.tokens"
            )

        _check_way(row)

        def work(transaction: StoreTransaction, appender: Appender) -> tuple[StoredSource, Code | None]:
            wanted = msgspec.structs.replace(row, secret=name)
            others = [one for one in self._store.sources() if one.id != id_]
            replaced: Code | None = None
            if id_ is not None:
                found = self.source(id_)
                wanted = msgspec.structs.replace(row, secret=name or found.row.secret)
                if found.row == wanted:
                    return found, None  # the same again
                self._refuse_overtaken(found, version)
                if (found.row.mail is None) != (row.mail is None):
                    raise BadInput(
                        "A mail source stays one, and no other becomes one. Nothing was changed. Add another source",
                        "source.way",
                    )
                replaced = found.row.secret if name is not None else None
            elif len(others) >= SOURCES_MAX:
                raise Conflict(
                    f"There are {SOURCES_MAX} sources, and no more can be. Nothing was changed. Remove one first",
                    "source.full",
                )
            if not self._store.accounts([row.account_id]):
                raise BadInput(
                    "There is no such account, or not any more. Nothing was changed. Choose one of the list",
                    "source.account",
                )
            if any(one.row.account_id == row.account_id for one in others):
                raise Conflict(
                    "This account has a source already. Nothing was changed. Make an account for each source",
                    "source.same",
                )
            if row.mqtt is not None and any(_reads_the_same(row.mqtt, one.row.mqtt) for one in others):
                raise Conflict(
                    "Another source reads the same topics. Nothing was changed. Give each source topics of its own",
                    "source.topics",
                )
            return _put(transaction, appender, id_, wanted, actor), replaced

        made, before = self._run(lambda journal: journal.decide(work))
        self._destroy(before)
        return made

    def _refuse_overtaken(self, found: StoredSource, version: Seq | None) -> None:
        if found.seq != version:
            raise Overtaken(found.id, *who_made(self._store, found.seq))


def _check_way(row: SourceRow) -> None:
    """What a way needs, and what nobody may enter (INTEGRATIONS.md, section 0)."""
    mqtt, mail = row.mqtt, row.mail
    if row.pbx is not None:
        _check_pbx(row, row.pbx)
    if (
        (row.way == "mqtt") != (mqtt is not None)
        or (row.way == "mail") != (mail is not None)
        or (row.tokens and row.way in ("mqtt", "mail"))
        or (row.mapping is not None and row.way not in ("webhook", "mqtt"))
    ):
        raise BadInput(
            "A source at the broker has topics, and no tokens; what sends by HTTP has tokens, and no topics; a mail "
            "source has neither; a mapping is of a webhook or of topics. Nothing was changed. Choose one way",
            "source.way",
        )
    if mail is not None:
        check_lines(mail)
    _check_mapping(row)
    if mqtt is None:
        return
    if (mqtt.convention == "frigate") != bool(mqtt.cameras) or len(mqtt.cameras) > CAMERAS_MAX:
        raise BadInput(
            f"A Frigate is heard for 1 to {CAMERAS_MAX} cameras, which are named here, and nothing else has cameras. "
            "Nothing was changed. Name them as Frigate does",
            "source.cameras",
        )
    is_generic = mqtt.convention == "generic"
    if is_generic != bool(mqtt.topics) or is_generic == bool(mqtt.base) or len(mqtt.topics) > FILTERS_MAX:
        raise BadInput(
            f"A source with a mapping reads 1 to {FILTERS_MAX} topics, which are named here; any other has the first "
            "level of its topics. Nothing was changed. Name them as they stand at the broker",
            "source.filters",
        )
    if not all(map(is_filter, mqtt.topics)):
        raise BadInput(
            "A topic begins with an exact level; behind that + may stand for a whole one, and # is never read: much "
            "that nobody asked for would come with it. Nothing was changed. Name what is to be read",
            "source.filters",
        )
    for one in (mqtt.base, *mqtt.cameras, *mqtt.topics):
        fault = entered_fault(one, "A topic")
        if fault is not None:
            raise BadInput(f"{fault.words}. Nothing was changed. Give what you mean another topic", fault.code)


def _check_mapping(row: SourceRow) -> None:
    mapping, mqtt = row.mapping, row.mqtt
    if mapping is not None and mqtt is not None and mqtt.convention != "generic":
        raise BadInput(
            "A mapping belongs to a webhook, or to topics of your own. Nothing was changed. Leave it out",
            "source.mapping",
        )
    if mapping is not None:
        check_mapping(mapping)


def check_mapping(mapping: Mapping) -> None:
    """Refuse a mapping that nobody may use.

    Raises:
        BadInput: it says what no machine says here, or is not of a mapping's form; its line is named.
    """
    fault = fault_of(mapping)
    if fault is not None:
        where = "" if fault.line is None else f"Line {fault.line + 1} of the mapping: "
        words = fault.words if where else f"{fault.words[:1].upper()}{fault.words[1:]}"
        raise BadInput(f"{where}{words}. Nothing was changed. Mend that, and save again", fault.code)


def _check_pbx(row: SourceRow, pbx: PbxWay) -> None:
    if row.way != "pbx":
        raise BadInput(
            "Only a telephone system has addresses and words of its own. Nothing was changed. Choose one way",
            "source.way",
        )
    if len(pbx.hosts) > HOSTS_MAX or len(pbx.names) > NAMES_MAX:
        raise BadInput(
            f"A telephone system has at most {HOSTS_MAX} addresses and {NAMES_MAX} words. Nothing was changed. Give "
            "fewer",
            "source.pbx",
        )
    for host in pbx.hosts:
        try:
            ipaddress.ip_network(host)
        except ValueError as error:
            raise BadInput(
                "An address of the telephone system is none, nor a network. Nothing was changed. Write it as 10.0.0.5 "
                "or 10.0.0.0/24",
                "source.pbx",
            ) from error
    ours = [name for name, _ in pbx.names]
    if any(name not in NAMES for name in ours) or len(set(ours)) < len(ours):
        raise BadInput(
            f"Words of the telephone system are given for {', '.join(NAMES)}, each once. Nothing was changed. Correct "
            "the list",
            "source.pbx",
        )


def _reads_the_same(one: MqttWay, other: MqttWay | None) -> bool:
    if other is None:
        return False
    if one.topics and other.topics:
        return any(may_meet(first, second) for first in one.topics for second in other.topics)
    if one.topics or other.topics:
        (named,) = [way for way in (one, other) if not way.topics]
        base = "application" if named.convention == "chirpstack" else named.base
        return any(topic.split("/")[0] == base for topic in (*one.topics, *other.topics))
    return (one.convention, one.base) == (other.convention, other.base)


def rebuild_sources(entries: Sequence[StoredEntry]) -> list[StoredSource]:
    """Apply the journal's facts again: what results equals the live table byte for byte."""
    sources: dict[Ref, StoredSource] = {}
    for stored in entries:
        if stored.row.kind != SOURCE_SET:
            continue
        entry = _ENTRY.decode(stored.row.entry)
        id_ = entry.ref or Ref(f"source-{stored.row.seq}")
        sources[id_] = StoredSource(id_, entry.body, stored.row.seq)
        if entry.body.removed:
            del sources[id_]
    return sorted(sources.values(), key=lambda one: (len(one.id), one.id))


def _put(
    transaction: StoreTransaction, appender: Appender, id_: Ref | None, row: SourceRow, actor: Actor
) -> StoredSource:
    seq = appender.append(Fact(kind=SOURCE_SET, body=row, ref=id_, actor=actor))
    made = StoredSource(id_ or Ref(f"source-{seq}"), row, seq)
    transaction.put_sources([made])
    return made
