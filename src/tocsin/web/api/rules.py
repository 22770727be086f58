"""`/api/v1/rules/parameters`: what judgement goes by in this centre, and who changed it."""

from typing import Any

from litestar import Request, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tocsin.model.rules import RulesVersion
from tocsin.model.values import Code, Seq
from tocsin.rules.parameters import RANGES, words_of
from tocsin.web.api.rule_types import ParameterItem, ParametersAnswer, ParametersBody, ParameterValue, RulesVersionItem
from tocsin.web.configuration_items import shown_now
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of the parameters."""
    ruling = parts.centre.ruling

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

    return [read_parameters, set_parameters]


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
