"""`/api/v1/rules`: what judgement goes by in this centre, who changed it, and what other numbers would have made."""

from typing import Any, Final

import msgspec
from litestar import Request, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tocsin.centre.dry_run import Counts, DryRun, Example
from tocsin.centre.dry_run_worker import DryRunForm
from tocsin.model.catalogue import HazardClass
from tocsin.model.rules import RulesVersion
from tocsin.model.values import Code, Micros, Seq, Words
from tocsin.rules.parameters import RANGES, judgement_with, words_of
from tocsin.rules.shifts import HAZARDS
from tocsin.rules.words import HAZARD_WORDS, why
from tocsin.web.api.rule_types import (
    NAMED_MAX,
    ParameterItem,
    ParametersAnswer,
    ParametersBody,
    ParameterValue,
    RulesVersionItem,
    TriedAnswer,
    TriedClass,
    TriedEnd,
    TriedSignal,
    TryBody,
)
from tocsin.web.configuration_items import shown_now
from tocsin.web.form_worker import FormWorker
from tocsin.web.gone import unless_gone
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

TRY_S: Final = 300.0
"""So long one dry run may take. A million signals take about a minute of the processor."""

DAY_US: Final = 86_400_000_000
PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of the parameters."""
    ruling = parts.centre.ruling
    worker = FormWorker(
        "tocsin.centre.dry_run_worker",
        noun="dry run",
        make_s=TRY_S,
        remedy="Try it on fewer days, or with `tocsin rules dry-run` on the centre's computer, which waits longer",
    )

    @get("/api/v1/rules/parameters", opt=needs("rule.read"), summary="What judgement goes by")
    @in_thread
    def read_parameters() -> ParametersAnswer:
        """Every parameter with what is in force, what ships and its range; who set what when."""
        return _answer(ruling.versions())

    @put("/api/v1/rules/parameters", opt=needs("rule.write"), summary="Change what judgement goes by")
    @in_thread
    def set_parameters(request: PrincipalRequest, data: JSONBody[ParametersBody]) -> ParametersAnswer:
        """Let decisions go by these from the next signal on; what is not named is as it ships. Try them dry first."""
        changed, actor = {one.name: one.value for one in data.changed}, request.user.actor
        shown_now(lambda: ruling.set(changed, data.version, actor), lambda: _answer(ruling.versions()))
        return _answer(ruling.versions())

    @post(
        "/api/v1/rules/parameters/dry-run",
        opt=needs("rule.write"),
        status_code=200,
        summary="Try other parameters on the signals of the last days",
    )
    async def try_parameters(request: PrincipalRequest, data: JSONBody[TryBody]) -> TriedAnswer:
        """Where the signals of the last days would have ended by these. Nothing is stored, nobody is told.

        By the journal: accounts, zones, tests and what people closed as they were at each moment. Ended where the
        asker goes away.
        """
        changed = {str(one.name): one.value for one in data.changed}
        judgement_with(changed)
        until = parts.clock.now_us()
        form = DryRunForm(
            database=str(parts.settings.database_path),
            since=Micros(until - data.days * DAY_US),
            changed=changed,
            examples_max=NAMED_MAX,
        )
        made = await unless_gone(request.receive, worker.make(msgspec.json.encode(form)))
        return _tried(msgspec.json.decode(made, type=DryRun), form.since, until)

    return [read_parameters, set_parameters, try_parameters]


def _tried(found: DryRun, since: Micros, until: Micros) -> TriedAnswer:
    return TriedAnswer(
        since=since,
        until=until,
        signals=found.signals,
        otherwise=found.signals - found.as_decided,
        differing=found.differing,
        classes=[_class(hazard, found) for hazard in sorted({*found.now, *found.would})],
        named=[_signal(one) for one in found.examples],
        is_untold=found.is_untold,
    )


def _class(name: str, found: DryRun) -> TriedClass:
    now, would = found.now.get(name, Counts()), found.would.get(name, Counts())
    hazard: HazardClass | None = next((one for one in HAZARDS if one == name), None)
    return TriedClass(
        hazard=hazard,
        words=Words("Without a type") if hazard is None else HAZARD_WORDS[hazard],
        opened=now.opened,
        joined=now.joined,
        folded=now.folded,
        filed=now.filed,
        would_open=would.opened,
        would_join=would.joined,
        would_fold=would.folded,
        would_file=would.filed,
    )


def _signal(one: Example) -> TriedSignal:
    return TriedSignal(
        signal=one.signal,
        at=one.at,
        account=one.account,
        code=one.code,
        zone=one.zone,
        was=TriedEnd(outcome=one.was, incident_id=one.was_in_id, incident_number=one.was_in),
        would=TriedEnd(outcome=one.would, incident_id=one.would_in_id, incident_number=one.would_in),
        words=why(one.reason),
    )


def _answer(versions: tuple[RulesVersion, ...]) -> ParametersAnswer:
    now = versions[0].changed if versions else {}
    return ParametersAnswer(
        items=[
            ParameterItem(
                name=Code(name),
                words=words_of(name),
                now=now.get(Code(name), one.shipped),
                shipped=one.shipped,
                least=one.least,
                most=one.most,
            )
            for name, one in RANGES.items()
        ],
        version=versions[0].seq if versions else Seq(0),
        versions=[
            RulesVersionItem(
                version=one.seq,
                at=one.at,
                by=one.by,
                changed=[ParameterValue(name=name, value=value) for name, value in one.changed.items()],
            )
            for one in versions
        ],
    )
