"""`tocsin keys`: another master key, another key that signs the heads."""

import getpass
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from tocsin.access.access import Access
    from tocsin.centre.key_changes import ChangeHeadKey
    from tocsin.model.values import Actor, Ref

__all__ = ["keys_app"]

HERE: Final = "here"
"""The place of whoever types a password at the machine itself, for the limits of sign-in."""

Folder = Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)]

keys_app = typer.Typer(
    help="Change the master key, or the key that signs the heads.",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)


@keys_app.command("rotate-master")
def rotate_master(
    folder: Folder,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            help="File with the new master key, where the environment or systemd gives it; made where it is not there.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Wrap every key of the centre under a new master key.

    Stop the centre first. Killed half way, nothing is lost: the next start does the rest, or finds the old key. Copies
    of keys.db that were made before still open with the old master key: keep it as long as you keep them, and delete
    both together.

    Example: tocsin keys rotate-master --dir centre
    """
    from tocsin.centre.key_changes import change_master_key, refuse_given
    from tocsin.cli.folder import held_folder, settings_of
    from tocsin.system import SystemIds
    from tocsin.vault import MasterKey

    settings, ids = settings_of(folder), SystemIds()
    with held_folder(folder) as opened:
        if to is None:
            refuse_given(settings, os.environ)
            count = change_master_key(settings, opened.vault, ids)
            print(f"{count} keys and secrets are wrapped under the new master key in {settings.master_key_path}.")
        else:
            new = MasterKey.load(to, {}) if to.exists() else MasterKey.create(to, {}, ids)
            count = change_master_key(settings, opened.vault, ids, new)
            print(f"{count} keys and secrets are wrapped under the master key in {to}.")
            print(
                f"Put it where the old one stood before you start the centre: the old one opens nothing any more. "
                f"Then take {to} out of the way.",
                file=sys.stderr,
            )
    print("Make a backup of the keys now. Older copies of keys.db need the old master key.", file=sys.stderr)


@keys_app.command("rotate-head")
def rotate_head(
    folder: Folder,
    persons: Annotated[
        list[str],
        typer.Option(
            "--person", help="Name of an administrator, then of the second person: give it twice.", show_default=False
        ),
    ],
) -> None:
    """Let another key sign the heads of the journal.

    Stop the centre first. It takes two persons, who give their passwords here; without a terminal, two lines of
    standard input each: password, then code or nothing. The change is a fact in the journal, signed by the old key, so
    that whoever trusts the old one can follow.

    Example: tocsin keys rotate-head --person "Ana Lind" --person "Bo Berg" --dir centre
    """
    from tocsin.access.access import Access, tag_of
    from tocsin.centre.key_changes import ChangeHeadKey, change_head_key
    from tocsin.cli.folder import held_folder, settings_of
    from tocsin.journal.head_keeper import HeadKeeper
    from tocsin.model.errors import BadInput
    from tocsin.system import SystemClock, SystemIds

    if len(persons) != 2:
        raise BadInput(
            "Another key for the heads takes two persons. Nothing was changed. Name both: --person NAME --person NAME",
            "usage.persons",
        )
    settings, clock = settings_of(folder), SystemClock()
    with held_folder(folder) as opened:
        journal = opened.journal(clock, 0)
        opened.vault.prepare(clock.now_us())
        access = Access(
            store=opened.store,
            secrets=opened.vault,
            clock=clock,
            ids=SystemIds(),
            record=journal.record,
            session_s=settings.web.session_h * 3600,
            centre_tag=tag_of(opened.signer.origin),
            centre_name=settings.centre.name,
        )
        wanted = ChangeHeadKey(old_key=str(opened.signer.verifier_key))
        approval, actor = _agreed(access, wanted, persons)
        new = change_head_key(journal, opened.vault, opened.signer, approval, actor)
        keeper = HeadKeeper(new, settings.heads_path, clock, opened.signed_seq)
        keeper.start(journal.head)
        keeper.stop()
    print("Heads are signed by another key from here on. Whoever checks this journal needs the new one:")
    print(new.verifier_key)


def _agreed(access: "Access", wanted: "ChangeHeadKey", persons: Sequence[str]) -> tuple["Ref", "Actor"]:
    """Let the one ask and the other answer, as on a screen; return the approval, used up, and who asked."""
    from tocsin.access.approvals import digest_of
    from tocsin.model.values import Code

    first, second = (access.check_person(name, *_shown(name), HERE) for name in persons)
    act, book = "journal.key_change", access.approvals
    digest = digest_of(act, wanted)
    asked = book.ask(act, digest, None, Code("key_change"), first)
    book.answer(asked.id, second, given=True)
    book.take(asked.id, act, digest, first)
    return asked.id, first


def _shown(name: str) -> tuple[str, str | None]:
    """Password and code of somebody, who types them here."""
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password of {name}: ")
        code = getpass.getpass(f"Code of {name}'s authenticator, empty where there is none: ")
    else:
        password, code = sys.stdin.readline().rstrip("\n"), sys.stdin.readline().rstrip("\n")
    return password, code or None
