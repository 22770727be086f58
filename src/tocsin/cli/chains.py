"""`tocsin chains`: what a chain of escalation would have done with the incidents of the last days."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tocsin.centre.chain_trial import Trial, TrialIncident, TrialStep

__all__ = ["chains_app"]

chains_app = typer.Typer(
    name="chains",
    help="Try a chain of escalation on the incidents of the last days.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@chains_app.callback()
def _chains() -> None:
    """Try a chain of escalation on the incidents of the last days."""


@chains_app.command("dry-run")
def dry_run(
    folder: Annotated[Path, typer.Option("--dir", help="Folder of the centre, which runs.", show_default=False)],
    chain: Annotated[str, typer.Option(help="Name of the chain.", show_default=False)],
    days: Annotated[int, typer.Option(min=1, max=31, help="How many days back.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="The result as one JSON object.")] = False,
) -> None:
    """Say for which incidents a chain would have been, who would have been told when, and of which nobody.

    By what the journal says of them, and by the groups, rosters and contacts of today. Nobody is told anything. The
    centre must run: only it knows which channels are switched on. Exit status 1 where nobody would have been told of
    one.

    Example: tocsin chains dry-run --dir /srv/centre --chain crew --days 30
    """
    import msgspec

    from tocsin.centre.control import RemoteCentre
    from tocsin.centre.folder import CONTROL
    from tocsin.cli.reading import settings_of
    from tocsin.model.errors import Conflict

    settings_of(folder)  # says it where this is no centre's folder
    if not (folder / CONTROL).exists():
        raise Conflict(
            f"No centre runs in {folder}. Nothing was tried. Start it: only a running centre knows which channels are "
            "switched on",
            "chain.stopped",
        )
    remote = RemoteCentre(folder / CONTROL)
    found = remote.chain_trial(chain, days)
    if as_json:
        print(msgspec.json.encode(found).decode())
    else:
        names = {str(one.id): str(one.name) for one in remote.people()}
        for line in _lines(found, chain, days, names):
            print(line)
    if found.nobody:
        raise typer.Exit(1)


def _lines(found: "Trial", chain: str, days: int, names: Mapping[str, str]) -> Iterator[str]:
    yield f"{found.looked} incidents of the last {days} days were looked at. Nobody was told, nothing was changed."
    if found.is_cut:
        yield "There are more, or they took too long: older ones were not looked at."
    yield f"The chain {chain} would have been for {found.fitting} of them:"
    yield f"{found.in_time:>7} were over before its first step was due"
    yield f"{found.told:>7} would have been told to somebody"
    yield f"{found.nobody:>7} would have been told to nobody"
    for incident in found.incidents:
        yield from _incident(incident, names)
    if found.fitting > len(found.incidents):
        yield f"and {found.fitting - len(found.incidents)} more."


def _incident(one: "TrialIncident", names: Mapping[str, str]) -> Iterator[str]:
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(one.opened_at / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S")
    waited = "goes on still" if one.waited_s is None else f"over after {one.waited_s} s"
    nobody = ": NOBODY" if one.is_nobody else ""
    yield f"#{one.number} of {at} UTC, {one.type}, priority {one.priority}, {waited}{nobody}"
    for step in one.steps:
        yield f"    {step.after_s:>6} s  {step.tell}: {_told(step, names)}"


def _told(step: "TrialStep", names: Mapping[str, str]) -> str:
    if step.tell == "second_desk":
        return "every open queue"
    if step.off_hours:
        return "not at this time of the day"
    parts = [f"{names.get(one.user, one.user)} ({', '.join(one.channels)})" for one in step.recipients]
    if step.told > len(step.recipients):
        parts.append(f"{step.told} in all")
    if step.refused:
        parts.append(f"{step.refused} could not be told then")
    if step.desks:
        parts.append(f"{step.desks} desks by the screen")
    if step.vacant:
        parts.append(f"{step.vacant} rosters or desks with nobody")
    return ", ".join(parts) or "nobody"
