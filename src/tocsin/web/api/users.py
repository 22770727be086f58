"""`/api/v1/users` and `/roles`: who the colleagues are, who may what, and what administrators do about it."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from litestar import Request, Response, delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter

from tocsin.model.access import ACTS, ROLES, SCOPES
from tocsin.model.errors import BadInput, Conflict, Forbidden, Refused
from tocsin.model.values import Actor, Code, Secret, Words
from tocsin.web.api.people_types import (
    ActItem,
    EndedAnswer,
    LinkAnswer,
    PermissionItem,
    RoleItem,
    RolesAnswer,
    ScopeItem,
    UserBody,
    UserDetail,
    UserPatch,
)
from tocsin.web.api.types import UserItem, UsersAnswer
from tocsin.web.parts import Parts
from tocsin.web.people_items import credentials_item, known_user, session_items, user_item
from tocsin.web.permissions import ROLE_PERMISSIONS, ROLE_WORDS, SCOPE_PERMISSIONS, TABLE, needs
from tocsin.web.security import Principal
from tocsin.web.threads import in_thread

PrincipalRequest = Request[Principal, Any, Any]
UserId = Annotated[str, PathParameter(description="Id of a user", max_length=40)]


def routes(parts: Parts) -> list[HTTPRouteHandler]:
    """The routes of users."""
    access = parts.access

    def of_another(request: PrincipalRequest, user_id: str) -> Actor:
        """Whose way in is changed: never the own one, which has a page that asks for more."""
        id_ = known_user(access, user_id).id
        if id_ == request.user.actor:
            raise Forbidden(
                "This is your own account. Nothing was changed. Its password and authenticator are changed on its own "
                "page; another administrator makes a link for you",
                "user.self",
            )
        return id_

    def detail(request: PrincipalRequest, user_id: str) -> UserDetail:
        person = known_user(access, user_id)
        own = None if request.user.session is None else request.user.session.id
        return UserDetail(
            user=user_item(person),
            credentials=credentials_item(access.credentials_of(person.id)),
            sessions=session_items(access.sessions(person.id), own),
            own=sorted(access.granted(person.id)),
        )

    @get("/api/v1/users", opt=needs("user.read"), sync_to_thread=False, summary="Colleagues")
    def read_users() -> UsersAnswer:
        """Everybody who may come in, with the names that facts and the live stream do not hold."""
        return UsersAnswer(items=[user_item(person) for person in access.people()])

    @get("/api/v1/users/{user_id:str}", opt=needs("user.write"), summary="One user, whole")
    @in_thread
    def read_user(request: PrincipalRequest, user_id: UserId) -> UserDetail:
        """A user, with what they can sign in with (never the thing itself) and where they are signed in."""
        return detail(request, user_id)

    @post("/api/v1/users", opt=needs("user.write"), summary="Make a user")
    @in_thread
    def make_user(request: PrincipalRequest, data: JSONBody[UserBody]) -> UserItem:
        """Make a user. They come in by a link, and set a password of their own."""
        access.refuse_unconfirmed(request.user.own_session.id)
        if access.find(" ".join(data.name.split())) is not None:
            raise Conflict(
                "There is a user of this name already. Nothing was changed. Change that one, or give a name that tells "
                "the two apart",
                "user.exists",
            )
        return user_item(known_user(access, access.set_user(data.name, data.roles, request.user.actor)))

    @patch("/api/v1/users/{user_id:str}", opt=needs("user.write"), summary="Change a user")
    @in_thread
    def change_user(request: PrincipalRequest, user_id: UserId, data: JSONBody[UserPatch]) -> UserItem:
        """Give a user another name, or other roles; they count from the next request on."""
        access.refuse_unconfirmed(request.user.own_session.id)
        before, actor = known_user(access, user_id), request.user.actor
        id_ = before.id
        if data.name is None and data.roles is None:
            raise BadInput("Nothing was given to be changed. Give a name, roles or both", "user.nothing")
        if data.name is not None:
            access.rename_user(id_, data.name, actor)
        if data.roles is not None:
            try:
                access.set_roles(id_, data.roles, actor)
            except Refused:
                # Nothing of a change that is refused stays.
                access.rename_user(id_, before.name, actor)
                raise
        return user_item(known_user(access, id_))

    @delete("/api/v1/users/{user_id:str}", opt=needs("user.write"), summary="Remove a user")
    @in_thread
    def remove_user(request: PrincipalRequest, user_id: UserId) -> Response[None]:
        """Let a user in no more. Sessions end; name, password and second factor are destroyed."""
        access.refuse_unconfirmed(request.user.own_session.id)
        access.remove_user(known_user(access, user_id).id, request.user.actor)
        return Response(None, status_code=204)

    @post("/api/v1/users/{user_id:str}/link", opt=needs("user.write"), summary="A sign-in link")
    @in_thread
    def make_link(request: PrincipalRequest, user_id: UserId) -> LinkAnswer:
        """A link that lets another user in, once, within 15 minutes: the first time, or where a password is forgotten.

        Where they have an authenticator, they give its code with the link.
        """
        access.refuse_unconfirmed(request.user.own_session.id)
        made = access.create_link(of_another(request, user_id), request.user.actor)
        return LinkAnswer(url=Secret(f"{origin_of(parts, request)}/sign-in/{made.secret}"), expires_at=made.expires_at)

    @post("/api/v1/users/{user_id:str}/sign-out", opt=needs("session.end"), status_code=200, summary="Sign a user out")
    @in_thread
    def sign_user_out(request: PrincipalRequest, user_id: UserId) -> EndedAnswer:
        """End every session of a user, phones too: somebody has left, or a phone was lost."""
        id_: Actor = known_user(access, user_id).id
        ended = len(access.sessions(id_))
        access.end_all(id_, request.user.actor, "another")
        return EndedAnswer(ended=ended)

    @post(
        "/api/v1/users/{user_id:str}/totp/remove",
        opt=needs("user.write"),
        status_code=200,
        summary="Remove a user's authenticator",
    )
    @in_thread
    def remove_totp(request: PrincipalRequest, user_id: UserId) -> UserDetail:
        """Let another user whose authenticator is lost sign in without it. See first that it is they who ask."""
        access.refuse_unconfirmed(request.user.own_session.id)
        access.remove_totp(of_another(request, user_id), request.user.actor)
        return detail(request, user_id)

    @get("/api/v1/roles", opt=needs("session.own"), sync_to_thread=False, summary="Who may what")
    def read_roles() -> RolesAnswer:
        """Every role, scope and permission in words, and what takes two persons."""
        return _ROLES_ANSWER

    return [
        read_users,
        read_user,
        make_user,
        change_user,
        remove_user,
        make_link,
        sign_user_out,
        remove_totp,
        read_roles,
    ]


def origin_of(parts: Parts, request: PrincipalRequest) -> str:
    """The address under which people open the centre; where none is set, the one that was just used."""
    public = parts.settings.web.public_url
    if public is not None:
        return public.rstrip("/")
    asked = urlsplit(str(request.base_url))
    return f"{asked.scheme}://{asked.netloc}"


_ROLES_ANSWER = RolesAnswer(
    roles=[
        RoleItem(
            role=role,
            words=Words(ROLE_WORDS[role][0]),
            leaves_out=Words(ROLE_WORDS[role][1]),
            permissions=[Code(name) for name in sorted(ROLE_PERMISSIONS[role])],
        )
        for role in ROLES
    ],
    scopes=[
        ScopeItem(scope=scope, permissions=[Code(name) for name in sorted(SCOPE_PERMISSIONS[scope])])
        for scope in SCOPES
    ],
    permissions=[PermissionItem(permission=Code(name), words=Words(line.words)) for name, line in TABLE.items()],
    acts=[ActItem(act=act, ask=list(rule.ask), answer=list(rule.answer)) for act, rule in ACTS.items()],
)
