"""`/api/v1/sites`: premises, which accounts stand at. Places may be looked for by their name; people never."""

from typing import Annotated, Any, Final

from litestar import Request, Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, JSONBody, PathParameter, QueryParameter

from tocsin.centre.editing import Editor, refuse_bad_form
from tocsin.centre.site_import import COLUMNS, buildings_text, degrees_text, read_site
from tocsin.centre.table_files import Problems, TableRow
from tocsin.centre.table_plan import Mistake
from tocsin.model.sites import SiteRow
from tocsin.model.values import Ref, Seq
from tocsin.web.api.configuration_types import SiteBody, SiteChange, SiteItem, SitePage
from tocsin.web.configuration_items import Items, once, shown_now
from tocsin.web.parts import Parts
from tocsin.web.permissions import needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PAGE_MAX: Final = 200
PAGE_DEFAULT: Final = 50
PrincipalRequest = Request[Principal, Any, Any]
SiteId = Annotated[str, PathParameter(description="Id of a site", max_length=40)]
Version = Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="The version that was looked at")]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)]
Key = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        required=False,
        description="The sender's own id of this change. The same change again is made once, for 30 days.",
    ),
]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of sites."""
    names = parts.centre.names
    items = Items(parts)
    editor = Editor(parts.centre.configuration, parts.store, parts.clock)

    @get("/api/v1/sites", opt=needs("site.read"), summary="Sites, by name")
    @in_thread
    def read_sites(
        after: Annotated[
            str | None,
            QueryParameter(description="`next` of the page before", pattern=r"^site-[0-9]{1,16}$", required=False),
        ] = None,
        limit: Limit = PAGE_DEFAULT,
        name: Annotated[
            str | None,
            QueryParameter(description="How the name, or a word in it, begins", max_length=120, required=False),
        ] = None,
    ) -> SitePage:
        """A page of the sites. `name` finds places alone: nothing here looks for people."""
        words = (name or "").strip()
        ids, total = names.site_page(None if after is None else Ref(after), limit, words)
        return SitePage(items=items.sites(ids), next=ids[-1] if len(ids) == limit else None, total=total)

    @get("/api/v1/sites/{site_id:str}", opt=needs("site.read"), summary="One site")
    @in_thread
    def read_site(site_id: SiteId) -> SiteItem:
        """One site with its texts."""
        return items.site(Ref(site_id))

    @post("/api/v1/sites", opt=needs("site.write"), summary="Make a site")
    @in_thread
    def make_site(request: PrincipalRequest, data: JSONBody[SiteBody], key: Key = None) -> SiteItem:
        """Make a site; no other may have its name."""
        site = editor.make_site(site_row(data), request.user.actor, once(parts.vault, key, "site.make", data))
        return items.site(site.id)

    @put("/api/v1/sites/{site_id:str}", opt=needs("site.write"), summary="Change a site")
    @in_thread
    def change_site(
        request: PrincipalRequest, site_id: SiteId, data: JSONBody[SiteChange], key: Key = None
    ) -> SiteItem:
        """Put a site in place of what it is; refused with how it is now where somebody changed it since."""
        id_, actor = Ref(site_id), request.user.actor
        once_ = once(parts.vault, key, f"site.change {id_}", data)
        row = site_row(data)
        shown_now(lambda: editor.change_site(id_, data.version, row, actor, once_), lambda: items.site(id_))
        return items.site(id_)

    @delete("/api/v1/sites/{site_id:str}", opt=needs("site.write"), summary="Remove a site")
    @in_thread
    def remove_site(request: PrincipalRequest, site_id: SiteId, version: Version, key: Key = None) -> Response[None]:
        """Remove a site where no account stands and no incident is open; its texts are destroyed."""
        id_, actor = Ref(site_id), request.user.actor
        once_ = once(parts.vault, key, f"site.remove {id_}", version)
        shown_now(lambda: editor.remove_site(id_, Seq(version), actor, once_), lambda: items.site(id_))
        parts.centre.floor_plans.sweep(actor)
        return Response(None, status_code=204)

    return [read_sites, read_site, make_site, change_site, remove_site]


def site_row(body: SiteBody) -> SiteRow:
    """The row that a body stands for, checked as a row of a file is.

    Raises:
        BadForm: each mistake.
    """
    problems = Problems("form")
    row = read_site(TableRow(1, _cells(body, problems)), problems)
    refuse_bad_form(problems)
    assert row is not None, "what is wrong was noted"
    return row


def _cells(body: SiteBody, problems: Problems) -> dict[str, str]:
    """The body as a row of a file has it."""
    said: dict[str, str | None] = {
        "latitude": None if body.latitude is None else degrees_text(body.latitude),
        "longitude": None if body.longitude is None else degrees_text(body.longitude),
        "hazards": " ".join(body.hazards),
        "grade": None if body.grade is None else str(body.grade),
    }
    try:
        said["buildings"] = buildings_text((one.name, one.access) for one in body.buildings)
    except Mistake as mistake:
        problems.add(1, f"buildings {mistake}")
        said["buildings"] = None
    plain = {name: getattr(body, name) for name in COLUMNS if name not in said}
    return {name: text for name, value in {**plain, **said}.items() if (text := (value or "").strip())}
