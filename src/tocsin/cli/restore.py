"""`tocsin restore`: a centre's folder from the two files of a backup."""

import contextlib
import datetime as dt
import os
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from tocsin.model.errors import BadInput, Conflict

if TYPE_CHECKING:
    from tocsin.centre.carried import Carried

__all__ = ["restore"]


def restore(
    file: Annotated[
        Path, typer.Argument(help="File of the data; that of the keys lies beside it as FILE.keys.", show_default=False)
    ],
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to make: new, or without a centre.", show_default=False)
    ],
    clock_is_right: Annotated[
        bool,
        typer.Option(
            "--clock-is-right", help="You looked at this machine's clock: what is due by it is erased for good."
        ),
    ] = False,
    journal_only: Annotated[
        bool,
        typer.Option(
            "--journal-only", help="The record alone, to verify and export it; needs no keys. Never to serve."
        ),
    ] = False,
    over: Annotated[
        bool,
        typer.Option(
            "--over", help="Set the centre in DIR aside first, within DIR. Stop it before. Takes two persons."
        ),
    ] = False,
    persons: Annotated[
        list[str] | None,
        typer.Option("--person", help="With --over: an administrator, then the second person.", show_default=False),
    ] = None,
    trusted: Annotated[
        Path | None,
        typer.Option(help="With --over: signed heads of that centre that were kept elsewhere.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Make a centre's folder from the two files of a backup.

    Both files are checked, the master key is tried and the chain verified before it says done. What is due is erased,
    sessions and links of the past are ended, and a new epoch begins. Over a centre that is there nothing is restored,
    but with --over: then it is kept in a folder of its own within DIR, after two persons have given their passwords,
    and what was ended or held there since the backup does not come back: holds, erasures, users, passwords, tokens.
    The master key is where `tocsin serve` finds it: put it into DIR as master.key, or give it by TOCSIN_MASTER_KEY.

    Example: tocsin restore /backup/centre/centre-20261122T031500Z.tocsin /srv/centre
    """
    from tocsin.centre.restore import restore as restore_folder
    from tocsin.system import SystemClock, SystemIds

    os.umask(0o077)  # what lies in the folder is nobody else's to read
    clock = SystemClock()
    begun_s = clock.monotonic_s()
    if trusted is not None and not trusted.is_file():
        raise BadInput(f"There is no file {trusted}. Nothing was changed", "usage.no_file")
    if trusted is not None and trusted.resolve().is_relative_to(folder.resolve()):
        raise BadInput(
            f"{trusted} lies in {folder}: whoever can cut the journal there can cut those heads as well, so they vouch "
            "for nothing. Nothing was changed. Name a copy that was kept elsewhere, or leave --trusted out",
            "usage.trusted",
        )
    aside = _set_aside(file, folder, persons or []) if over else None
    with _bar() as move, _given_back(folder, aside):
        done = restore_folder(
            file,
            folder,
            os.environ,
            clock,
            SystemIds(),
            clock_is_right=clock_is_right,
            journal_only=journal_only,
            trusted=trusted,
            progress=move,
        )
    if done.aside is not None:
        print(
            f"The centre that was there is kept in {done.aside}. Delete it when nobody needs it any more: "
            "its keys open what is erased from now on.",
            file=sys.stderr,
        )
    manifest = done.manifest
    seconds = round(clock.monotonic_s() - begun_s, 3)
    if as_json:
        told = {
            "origin": manifest.origin,
            "made_at": manifest.made_at,
            "seq": manifest.seq,
            "seconds": seconds,
            "epoch": done.epoch,
            "ended": done.ended,
            "erased": done.erased,
            "waiting": list(done.waiting),
            "held": done.held,
            "tokens": done.tokens,
            "set_aside": None if done.set_aside is None else str(done.set_aside),
            "carried": None if done.carried is None else _carried_items(done.carried),
            "words": list(done.verdict),
        }
        print(msgspec.json.encode(told).decode())
        return
    made = _minute(manifest.made_at)
    print(f"Restored {folder} from the backup of {made}, up to seq {manifest.seq:,}, in {seconds:.1f} s.")
    for sentence in done.verdict:
        print(f"  {sentence}")
    if done.set_aside is not None:
        print(f"  Signed heads that were there are kept as {done.set_aside}: they prove what is lost.")
    if done.epoch is None:
        print("Only the journal: tocsin journal verify and export read it. No centre can be started from this folder.")
        return
    print(f"  Erased, since it was due: {done.erased} days, incidents, keyholders or notes.")
    if done.waiting:
        some = ", ".join(done.waiting[:20]) + (" and more (--json)" if len(done.waiting) > 20 else "")
        print(f"  Waiting: the texts of {len(done.waiting)} incidents, which fell due after the backup: {some}.")
        print("  Nobody is shown them. They are erased in 7 days, unless two persons set a legal hold before.")
    if done.held:
        print(f"  Held: {done.held} notices that were on their way. Nothing goes out by itself: see the board.")
    print(f"  Ended: {done.ended} sessions, links, recovery codes and one-day codes.")
    if done.carried is not None:
        _tell_carried(done.carried, folder)
    print("What came in or was changed after the backup is not here. Before you serve, look at:")
    print(f"  alarms that were open then: what a unit does now, this centre does not know; {done.tokens} tokens of")
    if done.carried is not None and done.carried.why_not is None:
        print("  programs live (tocsin token list).")
    else:
        print("  programs live, some of which may have been revoked since (tocsin token list); users removed since are")
        print("  back; passwords and authenticators are those of then, also where one was changed since.")
    print(f"Next: tocsin link NAME --dir {folder}, then tocsin serve --dir {folder}")


def _carried_items(carried: "Carried") -> dict[str, object]:
    """What was carried over, for programs: of people ids alone."""
    return {
        "why_not": carried.why_not,
        "ended_seq": carried.ended_seq,
        "ended_at": carried.ended_at,
        "entries": carried.entries,
        "kinds": dict(carried.kinds),
        "counts": dict(carried.counts),
        "need_link": [person.id for person in carried.need_link],
        "has_administrator": carried.has_administrator,
        "need_phrases": list(carried.need_phrases),
    }


def _minute(at: int) -> str:
    return dt.datetime.fromtimestamp(at / 1_000_000, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


def _tell_carried(carried: "Carried", folder: Path) -> None:
    from tocsin.centre.carried import COUNTED, UNSIGNED, WHY_NOT

    if carried.ended_seq is not None and carried.ended_at is not None:
        print(f"The centre that was there had gone on to seq {carried.ended_seq:,}, {_minute(carried.ended_at)}.")
        print("  If it had come further when you last saw it, its end was cut off: then go by heads kept elsewhere.")
    if carried.why_not is not None:
        print(f"Nothing was carried over from {carried.aside}: {WHY_NOT[carried.why_not]}.")
        print("  Legal holds, erasures, users who were removed, passwords that were changed after the backup: do again")
        print(f"  what was done since. Where it can be read: tocsin journal export --dir {carried.aside}")
        if carried.why_not == UNSIGNED:
            print("  Copies of its signed heads that were kept elsewhere tell whether its end is still there:")
            print(f"  tocsin journal verify --dir {carried.aside} --trusted HEADS")
        return
    found = {name: count for name, count in carried.counts.items() if count}
    print(f"Carried over from {carried.aside}, which was ended or held there after the backup: {sum(found.values())}.")
    for name, count in found.items():
        print(f"  {count} {COUNTED[name]}")
    if carried.need_link:
        names = ", ".join(person.name for person in carried.need_link)
        print(f"  Their password opens nothing any more; each needs a link (tocsin link NAME): {names}")
    if not carried.has_administrator:
        print("  Nobody is administrator any more, since no role is carried over. Give it to somebody at the machine:")
        print(f"  tocsin user roles NAME --role administrator --dir {folder}")
    if carried.need_phrases:
        print(f"  Their phrases prove nothing any more; set them anew: {', '.join(carried.need_phrases)}")
    print(f"Not carried over: other signals, incidents and changes; {carried.entries:,} entries came after the backup.")
    print(f"  Read them: tocsin journal export --dir {carried.aside}")


def _set_aside(file: Path, folder: Path, persons: Sequence[str]) -> Path:
    """Let two persons agree, in the journal of the centre that is there, and move its files out of the way."""
    from tocsin.access.approvals import digest_of
    from tocsin.centre.backup_files import open_archive
    from tocsin.centre.restore import reach_of, refuse_outside, set_aside
    from tocsin.cli.folder import held_access
    from tocsin.cli.unsealed import person_here
    from tocsin.model.export import RestoreOver
    from tocsin.model.values import Code, Ref
    from tocsin.settings import load
    from tocsin.store.schema import REVISION

    if len(persons) != 2:
        raise BadInput(
            "A restore over a centre takes two persons. Nothing was changed. Name both: --person NAME --person NAME",
            "usage.persons",
        )
    archive = open_archive(file, "data", REVISION)
    archive.close()
    refuse_outside(load(folder, {}))  # before anybody types a password
    reach = reach_of(folder)  # before it is opened and signed: a journal that was cut must not vouch for itself
    with held_access(folder) as (access, origin):
        if origin != archive.manifest.origin:
            raise Conflict(
                f"The backup is of the centre {archive.manifest.origin}, and {folder} is {origin}. Nothing was "
                "changed. Bring a backup of this centre",
                "backup.other_centre",
            )
        here = [person_here(name) for name in persons]
        first, second = (access.check_person(one.name, one.password, one.code or None, "here") for one in here)
        book, act = access.approvals, "restore.over"
        digest = digest_of(act, RestoreOver(backup=archive.manifest.backup))
        asked = book.ask(act, digest, None, Code("restore"), first)
        book.answer(Ref(asked.id), second, True)
        book.take(Ref(asked.id), act, digest, first)
    return set_aside(folder, reach)


@contextlib.contextmanager
def _given_back(folder: Path, aside: Path | None) -> Generator[None]:
    """Where nothing can be restored, the centre that was there is there again."""
    from tocsin.centre.restore import put_back

    try:
        yield
    except BaseException:
        if aside is not None:
            put_back(folder, aside)
        raise


@contextlib.contextmanager
def _bar() -> Generator[Callable[[str, int, int], None]]:
    """A bar while a person waits; nothing where nobody does."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Checking", total=None)
        yield lambda what, done, of: progress.update(task, description=what, completed=done, total=of or None)
