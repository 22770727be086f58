"""What users, their sessions and their credentials look like in the API."""

from tocsin.access.access import Access
from tocsin.model.access import CredentialState, NamedUser, SessionItem
from tocsin.model.errors import BadInput
from tocsin.model.values import Actor, Code, Ref
from tocsin.web.api.people_types import CredentialsItem, SessionListItem
from tocsin.web.api.types import UserItem


def user_item(person: NamedUser) -> UserItem:
    """A user as colleagues see one."""
    return UserItem(id=person.id, name=person.name, roles=[Code(role) for role in person.roles])


def known_user(access: Access, id_: str) -> NamedUser:
    """A user that there is.

    Raises:
        BadInput: there is none of this id, or not any more.
    """
    person = access.person(Actor(id_))
    if person is None:
        raise BadInput(
            "There is no such user, or not any more. Nothing was changed. Look at the list again", "user.unknown"
        )
    return person


def credentials_item(state: CredentialState) -> CredentialsItem:
    """What somebody can sign in with, without anything of it."""
    return CredentialsItem(
        password=state.password,
        totp=state.totp,
        pin=state.pin,
        recovery=state.recovery,
        recovery_left=state.recovery_left,
    )


def session_items(sessions: list[SessionItem], own: Ref | None) -> list[SessionListItem]:
    """Open sessions, newest first; `own` is the one that asks."""
    return [
        SessionListItem(
            id=one.id,
            user_id=one.user,
            how=one.how,
            device=one.device,
            locked=one.locked,
            created_at=one.created_at,
            expires_at=one.expires_at,
            used_at=one.used_at,
            own=one.id == own,
        )
        for one in sorted(sessions, key=lambda one: (one.created_at, one.id), reverse=True)
    ]
