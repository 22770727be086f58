"""`/api/v1/figures`: reports of the centre against a profile, from the journal alone, made in a process beside.

For supervisors and auditors. Nothing of fewer than three people is in any of them, and nobody's id.
"""

from typing import Annotated, Any, Final, Literal

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from tocsin.centre.profiles import Profiles
from tocsin.model.errors import BadInput
from tocsin.model.profiles import Kind, Profile
from tocsin.model.values import Code, Words
from tocsin.reports.figures_form import FiguresForm, OutForm
from tocsin.reports.period import plain_since, time_of
from tocsin.web.api.figures_types import FigureProfileItem, FigureProfilesAnswer, FiguresAnswer
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.report_maker import ReportMaker
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

MAKE_S: Final = 300.0
"""A year of a large centre takes some tens of seconds."""

MEDIA: Final[dict[str, str]] = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
}
From = Annotated[
    str | None,
    QueryParameter(max_length=32, required=False, description="First day, or local time; without: 29 days ago"),
]
To = Annotated[
    str | None,
    QueryParameter(max_length=32, required=False, description="Last day, or local time; without: now"),
]
Named = Annotated[
    str | None, QueryParameter(max_length=40, required=False, description="A profile; without: that of the settings")
]
NamedLoad = Annotated[
    str | None,
    QueryParameter(
        name="load_profile",
        max_length=40,
        required=False,
        description="A profile of load; without: that of the settings",
    ),
]
PrincipalRequest = Request[Principal, Any, Any]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of figures."""
    reports = _Reports(parts)

    @get("/api/v1/figures/profiles", opt=needs("figure.read"), summary="Profiles that figures are measured against")
    @in_thread
    def read_figure_profiles() -> FigureProfilesAnswer:
        """Shipped ones, and the centre's own, each with how many of its figures are unconfirmed."""
        return FigureProfilesAnswer(items=reports.profiles())

    @get("/api/v1/figures", opt=needs("figure.read"), summary="Figures of a period")
    async def read_figures(
        request: PrincipalRequest,
        since: From = None,
        until: To = None,
        profile: Named = None,
        load_profile: NamedLoad = None,
    ) -> Response[FiguresAnswer]:
        """Reaction, handling, unwanted alarms, load and supervision, from the journal alone.

        Exercises and tests are never in it. Nothing is of fewer than three people; what was joined for that says so.
        """
        made = await reports.make("page", since, until, profile, load_profile)
        return Response(made, media_type="application/json")  # type: ignore[arg-type] - encoded by the worker

    @get("/api/v1/figures/export", opt=needs("figure.read"), summary="Figures of a period, as a file")
    async def export_figures(
        request: PrincipalRequest,
        form: Annotated[
            Literal["csv", "html", "json", "pdf"], QueryParameter(name="format", description="Form of the file")
        ],
        since: From = None,
        until: To = None,
        profile: Named = None,
        load_profile: NamedLoad = None,
    ) -> Response[bytes]:
        """The same, as a table of plain values, as one HTML file, as JSON, or as PDF to print."""
        made = await reports.make(form, since, until, profile, load_profile)
        headers = {"content-disposition": f'attachment; filename="figures.{form}"'}
        return Response(made, media_type=MEDIA[form], headers=headers)

    return [read_figure_profiles, read_figures, export_figures]


class _Reports:
    def __init__(self, parts: Parts) -> None:
        self._settings = parts.settings
        self._clock = parts.clock
        self._known = Profiles(parts.settings.folder)
        self._maker = ReportMaker(MAKE_S)

    def profiles(self) -> list[FigureProfileItem]:
        chosen = {self._settings.figures.profile, self._settings.figures.load_profile}
        return [self._item(id_, is_chosen=id_ in chosen) for id_ in self._known.ids()]

    def _item(self, id_: Code, *, is_chosen: bool) -> FigureProfileItem:
        try:
            found = self._known.get(id_)
        except BadInput as error:
            return FigureProfileItem(
                id=id_,
                kind=None,
                title=Words(""),
                is_own=True,
                copied_from=None,
                version=None,
                figures=0,
                unconfirmed=0,
                is_chosen=is_chosen,
                trouble=Words(str(error)),
            )
        return FigureProfileItem(
            id=id_,
            kind=found.kind,
            title=found.title,
            is_own=found.is_own,
            copied_from=found.copied_from,
            version=found.version,
            figures=len(found.figures),
            unconfirmed=sum(not one.is_confirmed for one in found.figures),
            is_chosen=is_chosen,
            trouble=None,
        )

    async def make(
        self, form: OutForm, since: str | None, until: str | None, profile: str | None, load_profile: str | None
    ) -> bytes:
        """Have it made. What was named here is used or refused; what the settings name is replaced where wrong."""
        now = self._clock.now_us()
        chosen = self._settings.figures
        response, load = (
            self._profile(profile, chosen.profile, "response"),
            self._profile(load_profile, chosen.load_profile, "load"),
        )
        wanted = FiguresForm(
            centre=Words(self._settings.centre.name),
            source=Words(str(self._settings.database_path)),
            is_export=False,
            since=plain_since(now) if since is None else time_of(since, is_end=False),
            until=type(now)(now + 1) if until is None else time_of(until, is_end=True),
            made_at=now,
            as_of=now,
            profile=response[0],
            load_profile=load[0],
            shift_changes=tuple(Code(one) for one in chosen.shift_changes),
            trouble=tuple(trouble for _, trouble in (response, load) if trouble is not None),
            form=form,
        )
        return await self._maker.make(msgspec.json.encode(wanted))

    def _profile(self, named: str | None, chosen: str, kind: Kind) -> tuple[Profile, Words | None]:
        return self._known.chosen(chosen, kind) if named is None else (self._known.get(named, kind), None)
