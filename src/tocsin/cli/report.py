"""`tocsin report`: figures of a centre from its journal alone."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tocsin.model.errors import BadInput, Conflict

__all__ = ["report"]

FORMS = ("html", "csv", "json", "pdf")


def report(
    folder: Annotated[Path | None, typer.Option("--dir", help="Folder of the centre.", show_default=False)] = None,
    export: Annotated[
        Path | None, typer.Option(help="An export of the journal, instead of a folder's own.", show_default=False)
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", help="First day, such as 2026-11-01, or local time.", show_default="29 days ago"),
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, or local time.", show_default="now")] = None,
    profile: Annotated[
        str | None, typer.Option(help="Profile to measure against.", show_default="of the settings")
    ] = None,
    load_profile: Annotated[
        str | None, typer.Option(help="Profile of the operators' load.", show_default="of the settings")
    ] = None,
    as_html: Annotated[bool, typer.Option("--html", help="As one HTML file.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As a table of plain values.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    as_pdf: Annotated[bool, typer.Option("--pdf", help="As PDF, to print.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="File to write; its ending may choose the form.", show_default=False)
    ] = None,
    profiles: Annotated[bool, typer.Option("--profiles", help="List the profiles there are, and end.")] = False,
) -> None:
    """Print how fast incidents were claimed and handled, unwanted alarms, load and supervision, against a profile.

    From the journal alone, of a folder, also while its centre runs, or of an export. Exercises and tests are never in
    it, and nothing is of fewer than three people. Without a form it is plain text.

    Example: tocsin report --dir /srv/centre --from 2026-11-01 --to 2026-11-30 --pdf --out november.pdf
    """
    if folder is None and export is None and not profiles:
        raise BadInput("Name a folder with --dir, or an export with --export. No report was made", "usage.report")
    form = _form([as_html, as_csv, as_json, as_pdf], out)
    if profiles:
        _list_profiles(folder)
        return
    from tocsin.centre.profiles import Profiles
    from tocsin.reports.figures_form import FiguresForm, make
    from tocsin.reports.period import plain_since, time_of
    from tocsin.settings import Figures
    from tocsin.system import SystemClock

    if export is not None and not export.is_file():
        raise BadInput(f"There is no file {export}. No report was made", "usage.no_file")
    chosen, centre, database = Figures(), "", Path()
    if folder is not None:
        from tocsin.cli.folder import settings_of

        settings = settings_of(folder)
        chosen, centre, database = settings.figures, settings.centre.name, settings.database_path
    if export is None and not database.exists():
        from tocsin.centre.opening import no_centre

        assert folder is not None, "one of the two was named"
        raise no_centre(folder)
    known = Profiles(folder or Path("/nonexistent"))
    # What was asked for here is used or refused; what the settings name is replaced, and the report says so.
    response = known.chosen(chosen.profile, "response") if profile is None else (known.get(profile, "response"), None)
    load = (
        known.chosen(chosen.load_profile, "load") if load_profile is None else (known.get(load_profile, "load"), None)
    )
    now = SystemClock().now_us()
    source = export or database
    as_of = None if export is not None else now
    made = make(
        FiguresForm(
            centre=centre or _centre_of(source),
            source=str(source),
            is_export=export is not None,
            since=plain_since(now) if since is None else time_of(since, is_end=False),
            until=_end(now) if until is None else time_of(until, is_end=True),
            made_at=now,
            as_of=as_of,
            profile=response[0],
            load_profile=load[0],
            shift_changes=chosen.shift_changes,
            trouble=tuple(trouble for _, trouble in (response, load) if trouble is not None),
            form=form,
        )
    )
    _write(made, out, is_binary=form == "pdf")


def _form(flags: list[bool], out: Path | None):
    if sum(flags) > 1:
        raise BadInput("Choose one of --html, --csv, --json and --pdf. No report was made", "usage.report")
    if any(flags):
        return FORMS[flags.index(True)]
    ending = "" if out is None else out.suffix.removeprefix(".").lower()
    return ending if ending in FORMS else "text"


def _end(now):
    from tocsin.model.values import Micros

    return Micros(now + 1)


def _centre_of(export: Path) -> str:
    """The centre's name, which the first entry of a whole export holds."""
    import json

    with export.open("rb") as file:
        line = file.readline(65_536)
    try:
        entry = json.loads(line)
        if entry["kind"] == "centre.created":
            return str(entry["body"]["centre"])[:80]
    except (ValueError, TypeError, KeyError):
        pass
    return "Control room"


def _list_profiles(folder: Path | None) -> None:
    from tocsin.centre.profiles import Profiles

    known = Profiles(folder or Path("/nonexistent"))
    ids = known.ids()
    wide = max(map(len, ids))
    for id_ in ids:
        try:
            found = known.get(id_)
        except BadInput as error:
            print(f"{id_:{wide}}  cannot be used: {error}")
            continue
        loose = sum(not one.is_confirmed for one in found.figures)
        unconfirmed = f"; unconfirmed figures: {loose} of {len(found.figures)}" if loose else ""
        print(f"{id_:{wide}}  {found.kind:8}  {found.title}{unconfirmed}")


def _write(made: bytes, out: Path | None, *, is_binary: bool) -> None:
    if out is None:
        if is_binary and sys.stdout.isatty():
            raise BadInput("A PDF is no text for a terminal. Name a file with --out", "usage.report")
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
        return
    try:
        out.write_bytes(made)
    except OSError as error:
        raise Conflict(
            f"{out} cannot be written: {error.strerror}. The report is not whole: delete it, and make room or name "
            "another file",
            "report.file",
        ) from error
