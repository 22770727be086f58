"""`tocsin rules`: what judgement goes by, and what other parameters would have made of the last days."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from tocsin.centre.dry_run import DryRun, Example
    from tocsin.model.journal import StoredEntry
    from tocsin.model.rules import RulesVersion

__all__ = ["rules_app"]

PAGE: Final = 1_000
DAYS_MAX: Final = 400
NICE: Final = 10
"""So much lower is the priority of a dry run: a centre at work beside it goes first."""

rules_app = typer.Typer(
    name="rules",
    help="What signals are joined by, and a dry run with other parameters.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@rules_app.command()
def parameters(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Folder of a centre: what is in force there.", show_default=False)
    ] = None,
) -> None:
    """List the parameters that may be changed, with what ships and the range; of a centre, what is in force.

    Example: tocsin rules parameters --dir /srv/centre
    """
    from tocsin.rules.parameters import RANGES, words_of

    now: dict[str, int] = {}
    if folder is not None:
        from tocsin.cli.folder import open_centre

        with open_centre(folder) as centre:
            versions = centre.rules_versions()
        now = {str(name): value for name, value in versions[0].changed.items()} if versions else {}
        print(_said(versions[0]) if versions else "Nobody has changed any: everything is as it ships.")
    print(f"{'parameter':<28}{'now':>8}{'ships':>8}   {'range':<16}what it says")
    for name, one in RANGES.items():
        value = now.get(name, one.shipped)
        limits = f"{one.least} to {one.most}"
        print(f"{name:<28}{value:>8}{one.shipped:>8}   {limits:<16}{words_of(name)}")


@rules_app.command("set")
def set_(
    folder: Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)],
    changed: Annotated[
        list[str] | None, typer.Argument(help="fire.window_s=900, and more.", show_default=False)
    ] = None,
    as_shipped: Annotated[bool, typer.Option("--as-shipped", help="Every other one as it ships.")] = False,
) -> None:
    """Let decisions go by these parameters from now on. Who and when stand in the journal. Try them first: dry-run.

    What is not named stays as it is. A centre at work goes by them with its next signal.

    Example: tocsin rules set --dir /srv/centre intrusion.window_s=900 chatter.alarms=5
    """
    from tocsin.cli.folder import open_centre
    from tocsin.model.errors import BadInput
    from tocsin.model.values import Seq
    from tocsin.rules.parameters import judgement_with, parse

    wanted = parse(changed or [])
    if not wanted and not as_shipped:
        raise BadInput("No parameter was named. Nothing was changed. Write fire.window_s=900", "rules.parameter")
    judgement_with(wanted)
    with open_centre(folder) as centre:
        versions = centre.rules_versions()
        before = {str(name): value for name, value in versions[0].changed.items()} if versions else {}
        centre.set_rules({**({} if as_shipped else before), **wanted}, versions[0].seq if versions else Seq(0))
        after = centre.rules_versions()
    print(_said(after[0]) if after else "Everything is as it ships already.")


@rules_app.command("dry-run")
def dry_run(
    folder: Annotated[Path, typer.Option("--dir", help="Folder of the centre.", show_default=False)],
    days: Annotated[int, typer.Option(min=1, max=DAYS_MAX, help="How many days back.")] = 30,
    changed: Annotated[
        list[str] | None,
        typer.Option("--set", help="A parameter: fire.window_s=900. May be repeated.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The result as one JSON object.")] = False,
) -> None:
    """Say what other parameters would have made of the signals of the last days.

    Reads the journal alone and changes nothing. The centre may run meanwhile: this goes behind it.

    Example: tocsin rules dry-run --dir /srv/centre --days 30 --set fire.window_s=900 --set chatter.alarms=5
    """
    import msgspec

    from tocsin.centre import dry_run as again
    from tocsin.cli.reading import journal_pages
    from tocsin.model.rules import RULES_SET
    from tocsin.model.values import Micros, Seq
    from tocsin.rules.catalogue import shipped_catalogue
    from tocsin.rules.judgement import JUDGEMENT
    from tocsin.rules.parameters import judgement_with, parse
    from tocsin.system import SystemClock

    asked = parse(changed or [])
    judgement_with(asked)
    os.nice(NICE)
    since = Micros(SystemClock().now_us() - days * 86_400_000_000)
    with journal_pages(folder) as pages:

        def entries() -> "Iterator[StoredEntry]":
            after = Seq(0)
            while page := pages.read(after, PAGE):
                for stored in page:
                    if stored.row.seq > pages.last_seq:
                        return
                    yield stored
                after = page[-1].row.seq

        in_force: dict[str, int] = {}
        for stored in entries():
            if stored.row.kind == RULES_SET:
                in_force = again.rules_of(stored)
        would = judgement_with({**in_force, **asked})
        found = again.dry_run(entries, since, JUDGEMENT, would, shipped_catalogue())
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    for line in _lines(found, days):
        print(line)


def _lines(found: "DryRun", days: int) -> Iterator[str]:
    yield f"{found.signals} signals of the last {days} days were decided again. Nothing was changed."
    same = found.signals - found.as_decided
    if same:
        yield (
            f"{same} of them end otherwise than the journal says by the present rules too: other rules decided them, "
            "or what was open before is not known here."
        )
    yield f"{found.differing} would end elsewhere."
    if found.is_untold:
        yield "When a flood begins and ends, and which faults of detectors are opened, is not told: only signals are."
    yield f"{'class':<20}{'opened':>16}{'joined':>16}{'folded':>16}{'filed':>16}"
    for hazard in found.now:
        now, would = found.now[hazard], found.would[hazard]
        cells = (
            (now.opened, would.opened),
            (now.joined, would.joined),
            (now.folded, would.folded),
            (now.filed, would.filed),
        )
        yield f"{hazard:<20}" + "".join(
            f"{(str(was) if was == other else f'{was} -> {other}'):>16}" for was, other in cells
        )
    for example in found.examples:
        yield _example(example)


def _said(version: "RulesVersion") -> str:
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(version.at / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S")
    other = ", ".join(f"{name}={value}" for name, value in version.changed.items())
    return f"Set by {version.by or 'the centre'} at {at} UTC (version {version.seq}): {other or 'all as they ship'}."


def _example(one: "Example") -> str:
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(one.at / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S")
    zone = "" if one.zone is None else f" zone {one.zone}"
    return (
        f"{one.signal} of {at} UTC, account {one.account} {one.code or '-'}{zone}: {_did(one.was, one.was_in)}; "
        f"would have been {_did(one.would, one.would_in)} [{one.reason}]"
    )


def _did(outcome: str, number: int | None) -> str:
    match outcome:
        case "opened":
            return "opening an incident" if number is None else f"opening an incident (#{number})"
        case "folded":
            return "counted with its others" if number is None else f"counted in #{number}"
        case "joined":
            return "joined" if number is None else f"joined to #{number}"
        case _:
            return "filed"
