"""`/api/v1/sources`: the ways in beside panels, what came by them, and why a message was refused."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from tocsin.centre.editing import who_made
from tocsin.centre.sources import Let
from tocsin.model.accounts import Account
from tocsin.model.catalogue import Catalogue
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.incidents import SignalRow
from tocsin.model.machines import MACHINE_WORDS
from tocsin.model.signals import Receipt
from tocsin.model.sites import zone_number
from tocsin.model.sources import TOKENS_MAX, MailWay, MqttWay, PbxWay, SourceRow, StoredSource
from tocsin.model.values import Code, Place, Ref, Secret, Seq, TopicFilter, Words
from tocsin.protocols.standard_webhooks import secret_text
from tocsin.rules.words import why
from tocsin.system import sleep
from tocsin.web.api.source_mappings import mail_lines_of, mapping_item, mapping_of
from tocsin.web.api.source_messages import explain
from tocsin.web.api.source_types import (
    BrokerItem,
    MailItem,
    MailLineItem,
    MessageAnswer,
    MessageBody,
    MqttItem,
    PanelsItem,
    PanelsRefused,
    PbxItem,
    PbxWordItem,
    RefusedByRule,
    SecretAnswer,
    SecretBody,
    SourceBody,
    SourceChange,
    SourceDetail,
    SourceDevice,
    SourceItem,
    SourcesAnswer,
    SourceTestAnswer,
    SourceTokenAnswer,
    SourceTokenBody,
    WordItem,
)
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

DEVICES_OF: Final = 10_000
"""So many of a source's newest signals are looked through for its devices."""

MESSAGE_BYTES_MAX: Final = 256 << 10
"""A pasted message of 32,768 characters, each written as JSON writes the rarest."""

TEST_BYTES: Final = 12
ASK_S: Final = 0.1
ASKED_MAX: Final = 30
"""So often it is asked what the rules made of a test: for some seconds."""

PrincipalRequest = Request[Principal, Any, Any]
SourceId = Annotated[str, PathParameter(description="Id of a source", max_length=40)]
Version = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="The version that was looked at")]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of sources."""
    sources, store, access = parts.centre.sources, parts.store, parts.access
    items = _Items(parts)

    @get("/api/v1/sources", opt=needs("source.read"), summary="Every way in")
    @in_thread
    def read_sources() -> SourcesAnswer:
        """Sources with what came from them, the panels' receiver, and the words that a machine may say."""
        return SourcesAnswer(
            items=items.sources(store.sources()),
            takes_mail=parts.webhooks.mails is not None,
            broker=items.broker(),
            panels=items.panels(),
            words=_words(parts.catalogue),
        )

    @get("/api/v1/sources/{source_id:str}", opt=needs("source.read"), summary="One source and its devices")
    @in_thread
    def read_source(request: PrincipalRequest, source_id: SourceId) -> SourceDetail:
        """A source, and the devices that were heard among its newest signals, known ones and others."""
        found = sources.source(Ref(source_id))
        mail = items.mail(found) if "source.write" in request.user.permissions else None
        return SourceDetail(
            source=items.source(found.id),
            has_broker=parts.webhooks.brokered is not None,
            takes_mail=parts.webhooks.mails is not None,
            mail=mail,
            devices=items.devices(found),
        )

    @post("/api/v1/sources", opt=needs("source.write"), summary="Make a source")
    @in_thread
    def make_source(request: PrincipalRequest, data: JSONBody[SourceBody]) -> SourceItem:
        """Let a machine or program send for an account, with tokens of scope `intake`."""
        return items.source(sources.make(_row(data), request.user.actor, _let(data)).id)

    @put("/api/v1/sources/{source_id:str}", opt=needs("source.write"), summary="Change a source")
    @in_thread
    def change_source(request: PrincipalRequest, source_id: SourceId, data: JSONBody[SourceChange]) -> SourceItem:
        """Put a source in place of what it is; refused where somebody changed it since."""
        changed = sources.change(Ref(source_id), Seq(data.version), _row(data), request.user.actor, _let(data))
        return items.source(changed.id)

    @delete("/api/v1/sources/{source_id:str}", opt=needs("source.write"), summary="Remove a source")
    @in_thread
    def remove_source(request: PrincipalRequest, source_id: SourceId, version: Version) -> Response[None]:
        """Take nothing more from it. Its account stays, and so does all that it sent."""
        sources.remove(Ref(source_id), Seq(version), request.user.actor)
        return Response(None, status_code=204)

    @post("/api/v1/sources/{source_id:str}/tokens", opt=needs("token.write"), summary="Make a token for a source")
    @in_thread
    def make_source_token(
        request: PrincipalRequest, source_id: SourceId, data: JSONBody[SourceTokenBody]
    ) -> SourceTokenAnswer:
        """Make a token that sends for this source alone. Its secret is in this answer, and kept nowhere."""
        access.refuse_unconfirmed(request.user.own_session.id)
        actor = request.user.actor
        found = sources.source(Ref(source_id))
        if len(found.row.tokens) >= TOKENS_MAX:
            raise BadInput(
                f"A source has at most {TOKENS_MAX} tokens. Nothing was made. Take one out first", "source.tokens"
            )
        made = access.create_token(["intake"], data.days, actor)
        row = msgspec.structs.replace(found.row, tokens=(*found.row.tokens, made.id))
        try:
            changed = sources.change(found.id, Seq(data.version), row, actor)
        except BaseException:
            access.revoke_token(made.id, actor)  # nobody has seen its secret
            raise
        return SourceTokenAnswer(id=made.id, secret=made.secret, expires_at=made.expires_at, version=changed.seq)

    @post("/api/v1/sources/{source_id:str}/secret", opt=needs("source.write"), summary="Let a source sign")
    @in_thread
    def make_source_secret(request: PrincipalRequest, source_id: SourceId, data: JSONBody[SecretBody]) -> SecretAnswer:
        """Make a secret that each request must be signed with from now on (Standard Webhooks). Shown this once."""
        access.refuse_unconfirmed(request.user.own_session.id)
        secret, changed = sources.sign(Ref(source_id), Seq(data.version), request.user.actor)
        return SecretAnswer(secret=Secret(secret_text(secret)), version=changed.seq)

    @delete("/api/v1/sources/{source_id:str}/secret", opt=needs("source.write"), summary="Take signatures off a source")
    @in_thread
    def remove_source_secret(request: PrincipalRequest, source_id: SourceId, version: Version) -> Response[None]:
        """Let a token be enough again. The secret is destroyed."""
        sources.unsign(Ref(source_id), Seq(version), request.user.actor)
        return Response(None, status_code=204)

    @post(
        "/api/v1/sources/{source_id:str}/message",
        opt=needs("frame.doctor"),
        status_code=200,
        request_max_body_size=MESSAGE_BYTES_MAX,
        summary="Explain a message",
    )
    @in_thread
    def explain_message(source_id: SourceId, data: JSONBody[MessageBody]) -> MessageAnswer:
        """Judge a pasted message as the way in would: what would be kept of it, or why it is refused.

        Nothing is stored or counted.
        """
        found = sources.source(Ref(source_id))
        return explain(parts, found, data, items.zones(found.row.account_id))

    @post("/api/v1/sources/{source_id:str}/test", opt=needs("source.write"), status_code=200, summary="Test a way in")
    async def test_source(source_id: SourceId) -> SourceTestAnswer:
        """Send a test through the source's way, whole, and say what became of it. It opens nothing.

        By the broker and back, by our own mail server, or as a request. It does not count as heard.
        """
        found = await asyncio.to_thread(sources.source, Ref(source_id))
        begin_s = parts.clock.monotonic_s()
        receipt = await _tested(parts, found)
        stored_ms = round((parts.clock.monotonic_s() - begin_s) * 1000)
        row = await _decided(parts, receipt)
        if row is None:
            words = "It is stored. The rules have not come to it yet: look at the queue's state"
        else:
            words = f"It is stored, and the rules have put it where tests go. {why(row.reason)}"
        return SourceTestAnswer(
            id=receipt.id, stored_ms=stored_ms, outcome=None if row is None else Code(row.outcome), words=Words(words)
        )

    return [
        test_source,
        read_sources,
        read_source,
        make_source,
        change_source,
        remove_source,
        make_source_token,
        make_source_secret,
        remove_source_secret,
        explain_message,
    ]


async def _tested(parts: Parts, found: StoredSource) -> Receipt:
    ways = parts.webhooks
    if found.row.way in ("pbx", "aml"):
        raise Conflict(
            "It tells of calls, and a test of it would be one. Nothing was sent. Let it send the request that its page "
            "shows",
            "source.test",
        )
    if found.row.mqtt is not None:
        if ways.brokered is None:
            raise Conflict(
                "No broker is set up, so nothing of this source is read. Nothing was sent. Set up [receivers.mqtt], "
                "and start again",
                "source.test",
            )
        return await ways.brokered.test(found, parts.ids.token_bytes(TEST_BYTES))
    if found.row.mail is not None:
        if ways.mails is None:
            raise Conflict(
                "No mail is taken, so nothing of this source comes. Nothing was sent. Set up [receivers.mail], and "
                "start again",
                "source.test",
            )
        return await ways.mails.test(found, parts.ids.token_bytes(TEST_BYTES))
    return await ways.test(found)


async def _decided(parts: Parts, receipt: Receipt) -> SignalRow | None:
    """Where the rules put a signal; None where they have not come to it in time."""
    if receipt.seq is None:
        return None
    for _ in range(ASKED_MAX):
        rows = await asyncio.to_thread(parts.store.signal_rows, Seq(receipt.seq - 1), 1)
        if rows and rows[0].seq == receipt.seq:
            return rows[0]
        await sleep(ASK_S)
    return None


class _Items:
    """Makes items of sources. Reads the disk."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store = parts.store

    def zones(self, account_id: Ref) -> frozenset[str]:
        return frozenset(zone.row.number for zone in self._store.zones([account_id]))

    def source(self, id_: Ref) -> SourceItem:
        return self.sources([self._parts.centre.sources.source(id_)])[0]

    def sources(self, rows: Sequence[StoredSource]) -> list[SourceItem]:
        accounts = {one.id: one for one in self._store.accounts([row.row.account_id for row in rows])}
        names = self._parts.centre.names
        named = names.accounts(accounts)
        sites = names.sites(one.row.site_id for one in accounts.values() if one.row.site_id is not None)
        return [self._item(row, accounts.get(row.row.account_id), named, sites) for row in rows]

    def _item(self, source: StoredSource, account: Account | None, named: Any, sites: Any) -> SourceItem:
        counts, brokered = self._parts.webhooks.tally.of(source.id), self._parts.webhooks.brokered
        by, at = who_made(self._store, source.seq)
        name = None if account is None else named.get(account.id)
        site_id = None if account is None else account.row.site_id
        site = None if site_id is None else sites.get(site_id)
        return SourceItem(
            id=source.id,
            way=source.row.way,
            account_id=source.row.account_id,
            account=None if account is None else account.row.account,
            name=None if name is None else name.name,
            site_id=site_id,
            site=None if site is None else site.name,
            silence_s=None if account is None else account.row.supervision_interval_s,
            is_silent=bool(self._store.outages([source.row.account_id])),
            is_signed=source.row.secret is not None and source.row.way != "mail",
            mapping=mapping_item(source.row.mapping),
            mqtt=None if source.row.mqtt is None else _topics(source.row.mqtt),
            pbx=None if source.row.pbx is None else _words_of(source.row.pbx),
            is_best_effort=brokered is not None and brokered.is_best_effort(source.id),
            unread=[] if brokered is None else [Place(topic) for topic in brokered.unread(source.id)],
            tokens=list(source.row.tokens),
            received=counts.received,
            stored=counts.stored,
            repeated=counts.repeated,
            pictures=counts.pictures,
            refused=[
                RefusedByRule(rule=rule, count=one.count, first_day=one.first_day, last_day=one.last_day)
                for rule, one in sorted(counts.refused.items())
            ],
            last_at=counts.last_at,
            version=source.seq,
            changed_at=at,
            changed_by=by,
        )

    def devices(self, source: StoredSource) -> list[SourceDevice]:
        known = self.zones(source.row.account_id)
        brokered = self._parts.webhooks.brokered
        names = {} if brokered is None else brokered.names(source.id)
        return [
            SourceDevice(
                device=zone,
                name=None if zone is None or zone not in names else Place(names[zone]),
                is_known=zone is not None and zone_number(zone) in known,
                count=count,
                first_at=first_at,
                last_at=last_at,
            )
            for zone, count, first_at, last_at in self._store.devices_heard(source.row.account_id, DEVICES_OF)
        ]

    def mail(self, source: StoredSource) -> MailItem | None:
        door, mails = self._parts.centre.sources.door(source.id), self._parts.webhooks.mails
        if door is None or source.row.mail is None:
            return None
        return MailItem(
            address=None if mails is None else mails.address_of(door),
            senders=[*door.senders],
            networks=[Words(one) for one in door.networks],
            lines=[
                MailLineItem(pattern=one.pattern, word=one.word, is_active=one.is_active, device=one.device)
                for one in source.row.mail.lines
            ],
        )

    def broker(self) -> BrokerItem | None:
        brokered = self._parts.webhooks.brokered
        if brokered is None:
            return None
        state = brokered.state
        return BrokerItem(
            is_connected=state.is_connected,
            why=None if state.why is None else Code(state.why),
            said=None if state.said is None else Words(state.said),
        )

    def panels(self) -> PanelsItem:
        counters = self._parts.webhooks.panels()
        return PanelsItem(
            accounts=self._store.account_count(),
            stored=counters.stored,
            repeated=counters.repeated,
            refused=[
                PanelsRefused(reason=Code(reason), count=count)
                for (_, reason), count in sorted(counters.refused.items())
            ],
        )


def _row(body: SourceBody) -> SourceRow:
    account, tokens = Ref(body.account_id), tuple(Ref(one) for one in body.tokens)
    if body.pbx is not None:
        pbx = PbxWay(
            hosts=tuple(sorted({Code(one) for one in body.pbx.hosts})),
            names=tuple(sorted((Code(one.ours), Code(one.theirs)) for one in body.pbx.names)),
        )
        if body.mqtt is not None or body.mail is not None:
            raise BadInput(
                "A source has one way: the broker, mail or a telephone system. Nothing was changed. Choose one",
                "source.way",
            )
        return SourceRow(account_id=account, mapping=mapping_of(body.mapping), pbx=pbx, tokens=tokens, way="pbx")
    if body.mail is not None:
        lines = mail_lines_of(body.mail.lines)
        mapping = mapping_of(body.mapping)
        mqtt_too = None if body.mqtt is None else MqttWay(base=Code(""), convention=body.mqtt.convention)
        return SourceRow(
            account_id=account, mail=MailWay(lines=lines), mapping=mapping, mqtt=mqtt_too, tokens=tokens, way="mail"
        )
    if body.mqtt is None:
        return SourceRow(account_id=account, mapping=mapping_of(body.mapping), tokens=tokens, way=body.way)
    cameras = tuple(sorted({Code(camera) for camera in body.mqtt.cameras}))
    topics = tuple(sorted({TopicFilter(one) for one in body.mqtt.topics}))
    mqtt = MqttWay(base=Code(body.mqtt.base), cameras=cameras, convention=body.mqtt.convention, topics=topics)
    return SourceRow(account_id=account, mapping=mapping_of(body.mapping), mqtt=mqtt, tokens=tokens, way="mqtt")


def _let(body: SourceBody) -> Let | None:
    return None if body.mail is None else (body.mail.senders, body.mail.networks)


def _words_of(pbx: PbxWay) -> PbxItem:
    return PbxItem(hosts=list(pbx.hosts), names=[PbxWordItem(ours=ours, theirs=theirs) for ours, theirs in pbx.names])


def _topics(mqtt: MqttWay) -> MqttItem:
    return MqttItem(convention=mqtt.convention, base=mqtt.base, cameras=list(mqtt.cameras), topics=list(mqtt.topics))


def _words(catalogue: Catalogue) -> list[WordItem]:
    return [
        WordItem(word=Code(word), meaning=one.meaning, cid=one.cid, type=catalogue.codes["CID", one.cid].type)
        for word, one in MACHINE_WORDS.items()
    ]
