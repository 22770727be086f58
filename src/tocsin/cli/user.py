"""`tocsin user`: who may come in, and with what; the centre runs or not."""

import getpass
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tocsin.model.errors import BadInput
from tocsin.model.values import Ref, Secret

if TYPE_CHECKING:
    from tocsin.centre.admission import KnownUser, UserAnswer, UserRequest

__all__ = ["user_app"]

PASSWORD_BYTES_MAX: Final = 4_096

Folder = Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
Name = Annotated[str, typer.Argument(help="Name of the user, or the id that `list` shows.", show_default=False)]
Roles = Annotated[
    list[str] | None,
    typer.Option("--role", help="A role; may be given more than once.", show_default=False),
]

user_app = typer.Typer(
    help="Who may come in: add, list, roles, rename, remove, password, sessions.",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)


@user_app.command("add")
def add(name: Name, folder: Folder, roles: Roles = None, as_json: AsJson = False) -> None:
    """Make a user; without a role, an operator.

    Somebody new comes in by a link, and then sets a password.

    Example: tocsin user add "Ana Horvat" --role operator --dir centre
    """
    answer = _ask(folder, _request("add", name, roles=tuple(roles or ())))
    _print(answer, as_json)
    if not as_json:
        print(f'A link lets them in: tocsin user link "{answer.users[0].name}" --dir {folder}', file=sys.stderr)


@user_app.command("list")
def list_(folder: Folder, as_json: AsJson = False) -> None:
    """List the users: id, name, roles, what they sign in with, and how many sessions are open.

    Example: tocsin user list --dir centre
    """
    answer = _ask(folder, _request("list"))
    _print(answer, as_json)
    if not answer.users and not as_json:
        print("There are no users.")


@user_app.command("roles")
def roles_(name: Name, folder: Folder, roles: Roles = None, as_json: AsJson = False) -> None:
    """Give a user these roles from now on, in open sessions too. The last administrator keeps that role.

    Example: tocsin user roles "Ana Horvat" --role operator --role supervisor --dir centre
    """
    _print(_ask(folder, _request("roles", name, roles=tuple(roles or ()))), as_json)


@user_app.command("rename")
def rename(
    name: Name,
    new_name: Annotated[str, typer.Argument(metavar="NEW", help="The name from now on.", show_default=False)],
    folder: Folder,
    as_json: AsJson = False,
) -> None:
    """Give a user another name; the old one is destroyed.

    Example: tocsin user rename "Ana Horvat" "Ana Moreau" --dir centre
    """
    _print(_ask(folder, _request("rename", name, new_name=new_name)), as_json)


@user_app.command("remove")
def remove(name: Name, folder: Folder, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Let a user in no more: sessions, links and grants end; name, password, codes and PIN are destroyed.

    Example: tocsin user remove "Ana Horvat" --yes --dir centre
    """
    if not yes:
        if not sys.stdin.isatty():
            raise BadInput("Removing a user cannot be undone. Nothing was changed. Say --yes", "usage.yes")
        typer.confirm("Removing a user cannot be undone. Go on?", abort=True, err=True)
    answer = _ask(folder, _request("remove", name))
    print(f"Removed {answer.users[0].id}. {_sessions_ended(answer.ended)}")


@user_app.command("link")
def link(name: Name, folder: Folder) -> None:
    """Make a link that lets a user sign in, once, within 15 minutes. Only the link goes to standard output.

    Unlike `tocsin link`, it makes no user and changes no role.

    Example: tocsin user link "Ana Horvat" --dir centre
    """
    from tocsin.cli.folder import open_centre

    with open_centre(folder) as centre:
        admission = centre.admission()
        plain = " ".join(name.split()).casefold()
        wanted = next((one.name for one in admission.people() if plain in (one.name.casefold(), one.id)), None)
        if wanted is None:
            raise BadInput(
                "There is no user of this name or id. Nothing was made. `tocsin user list` shows all", "user.unknown"
            )
        made = admission.link(wanted)
    print("The link works once, within 15 minutes, while the centre runs:", file=sys.stderr)
    print(made.url or f"/sign-in/{made.secret}", flush=True)
    if made.url is None:
        print("Put the centre's address before it, which `tocsin serve` prints at its start.", file=sys.stderr)


@user_app.command("password")
def password(name: Name, folder: Folder) -> None:
    """Set a user's password, typed twice or read from standard input: 12 to 128 characters. Their sessions end.

    Example: tocsin user password "Ana Horvat" --dir centre
    """
    answer = _ask(folder, _request("password", name, secret=_read_password()))
    print(f"Set the password of {answer.users[0].id}. {_sessions_ended(answer.ended)}")


@user_app.command("reset")
def reset(name: Name, folder: Folder, as_json: AsJson = False) -> None:
    """Take a user's authenticator, recovery codes and PIN away: the phone is lost, or the PIN forgotten.

    The password stays, and lets them in alone until they set an authenticator up again.

    Example: tocsin user reset "Ana Horvat" --dir centre
    """
    _print(_ask(folder, _request("reset", name)), as_json)


@user_app.command("sessions")
def sessions(
    folder: Folder,
    name: Annotated[str | None, typer.Argument(help="Name or id of a user; without, all.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """List open sessions, newest first.

    Example: tocsin user sessions --dir centre
    """
    answer = _ask(folder, _request("sessions", name))
    for whose, item in answer.sessions:
        if as_json:
            print(json.dumps({"name": whose} | {field: getattr(item, field) for field in item.__struct_fields__}))
            continue
        marks = ", ".join(mark for mark, is_so in (("phone", item.device), ("locked", item.locked)) if is_so)
        used = "" if item.used_at is None else f", used {_time(item.used_at)}"
        print(
            f"{item.id}  {whose} ({item.user})  by {item.how}{f', {marks}' if marks else ''}  since "
            f"{_time(item.created_at)}{used}, until {_time(item.expires_at)}"
        )
    if not answer.sessions and not as_json:
        print("No session is open.")


@user_app.command("sign-out")
def sign_out(
    name: Name,
    folder: Folder,
    session: Annotated[
        str | None, typer.Option("--session", help="This one alone, as `sessions` shows it.", show_default=False)
    ] = None,
) -> None:
    """End all sessions of a user, and the links that are not used yet; or one session.

    Example: tocsin user sign-out "Ana Horvat" --dir centre
    """
    target = None if session is None else Ref(session[:40])
    answer = _ask(folder, _request("sign_out", name, target=target))
    print(f"{answer.users[0].id}: {_sessions_ended(answer.ended)}")


@user_app.command("grant")
def grant(
    name: Name,
    target: Annotated[
        str,
        typer.Argument(
            help="The site of a site contact, or the account of an installer, by its id.", show_default=False
        ),
    ],
    folder: Folder,
    take_back: Annotated[bool, typer.Option("--take-back", help="Take it back.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let a site contact see a site, or an installer an account.

    Example: tocsin user grant "Ana Horvat" site-12 --dir centre
    """
    _print(_ask(folder, _request("grant", name, target=Ref(target[:40]), removed=take_back)), as_json)


def _request(op: str, name: str | None = None, **fields: object) -> "UserRequest":
    import msgspec

    from tocsin.centre.admission import UserRequest

    return msgspec.convert({"op": op, "name": name} | fields, UserRequest)


def _ask(folder: Path, request: "UserRequest") -> "UserAnswer":
    from tocsin.cli.folder import open_centre

    with open_centre(folder) as centre:
        return centre.admission().user(request)


def _print(answer: "UserAnswer", as_json: bool) -> None:
    import msgspec

    for user in answer.users:
        print(msgspec.json.encode(user).decode() if as_json else _line(user))


def _line(user: "KnownUser") -> str:
    state = user.credentials
    kinds = (("password", state.password), ("authenticator", state.totp), ("PIN", state.pin))
    held = [word for word, since in kinds if since is not None]
    if state.totp is not None:
        held.append(f"{state.recovery_left} recovery codes")
    grants = f"  sees {', '.join(user.grants)}" if user.grants else ""
    open_ = f"{user.sessions} session{'' if user.sessions == 1 else 's'}"
    return f"{user.id}  {user.name}  ({', '.join(user.roles)})  {', '.join(held) or 'links only'}  {open_}{grants}"


def _read_password() -> Secret:
    """Typed twice, unseen; where standard input is no terminal, its first line."""
    if sys.stdin.isatty():
        first, again = getpass.getpass("New password: "), getpass.getpass("The same again: ")
        if first != again:
            raise BadInput("The two are not the same. Nothing was changed. Try again", "usage.password")
        return Secret(first)
    return Secret(sys.stdin.readline(PASSWORD_BYTES_MAX).rstrip("\r\n"))


def _sessions_ended(ended: int) -> str:
    return {0: "No session was open.", 1: "1 session ended."}.get(ended, f"{ended} sessions ended.")


def _time(at: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).strftime("%Y-%m-%d %H:%M UTC")
