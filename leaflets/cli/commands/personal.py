"""`leaflets personal`: a sheet for one patient; its details are kept nowhere."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, LeafletArgument, RegionOption, SiteOption
from leaflets.errors import ExitCode

if TYPE_CHECKING:
    from leaflets.compose.personal import Personal

app = command_app()


@app.command(
    epilog=examples(
        "leaflets personal recovery --locale es --output sheet.pdf",
        "leaflets personal preparation -l ar --clinic our-clinic -o - < details.json | lpr",
    )
)
def personal(
    leaflet: LeafletArgument,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The PDF to write, or - .")
    ],
    locale: Annotated[
        str, typer.Option("--locale", "-l", metavar="TAG", help="Language, such as es.")
    ] = "en",
    sheet: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="Format; the region's paper.")
    ] = "",
    clinic: ClinicOption = None,
    site: SiteOption = "",
    region: RegionOption = "",
    release: Annotated[
        bool, typer.Option("--release", help="Print only if it is signed off.")
    ] = False,
) -> None:
    """Ask for the patient's days and medicines, or read them as JSON from standard input.

    The recovery sheet then shows real days beside each stage, the preparation sheet the appointment
    and the medicine table that the team decided. Details are never given as arguments, which shells
    remember, and are kept nowhere but on the sheet.
    """
    from leaflets import clock, files
    from leaflets.compose.personal import read
    from leaflets.editions import for_patient
    from leaflets.library import load
    from leaflets.problem import errors
    from leaflets.render import needs

    library, today = load.load_one(clinic, site, region=region), clock.today()
    needs.look([library], [locale])
    editions, held = for_patient.editions_of(
        library, leaflet, locale, sheet, today, release=release
    )
    if not editions:
        sys.stderr.write("".join(f"{problem.sentence()}\n" for problem in held))
        raise typer.Exit(ExitCode.HELD_BACK)
    details = _asked(today) if sys.stdin.isatty() else read(sys.stdin.buffer.read(), today)
    proof = for_patient.sheet_of(library, editions[0], details)
    if proof.file is None or not proof.is_good:
        for problem in errors(proof.problems):
            sys.stderr.write(f"{for_patient.named(problem)}\n")
        sys.stderr.write("The sheet was not printed.\n")
        raise typer.Exit(ExitCode.PROBLEMS)
    if str(output) == "-":
        sys.stdout.buffer.write(proof.file)
    else:
        files.write(output.parent, output.name, proof.file)
        sys.stderr.write(f"Printed {output}. Delete it when the patient has the sheet.\n")


def _asked(today: dt.date) -> "Personal":
    """Ask for each detail; an empty answer leaves a blank on the sheet."""
    from leaflets.compose.personal import Appointment, Medicine, Personal, check

    typer.echo("Press Enter to leave a blank. Write days as 2026-08-06. Nothing is kept.", err=True)
    procedure = _day("Day of the procedure")
    day = _day("Day of the appointment")
    appointment = None
    if day:
        time = _text("Time, such as 08:30")
        appointment = Appointment(day=day, time=time, place=_text("Place"))
    medicines: list[Medicine] = []
    while name := _text(f"Medicine {len(medicines) + 1}"):
        keep = _yes_no("Keep taking it? (y/n)")
        last = None if keep else _day("Take the last one on")
        restart = None if keep else _day("Start again on")
        medicines.append(
            Medicine(
                name=name,
                keep=keep,
                last=last,
                restart=restart,
                told_by=_text("Who told you"),
            )
        )
    details = Personal(procedure=procedure, appointment=appointment, medicines=tuple(medicines))
    check(details, today)
    return details


def _text(question: str) -> str:
    return str(typer.prompt(question, default="", show_default=False, err=True)).strip()


def _day(question: str) -> dt.date | None:
    """Ask until the answer is a day that exists, or nothing."""
    while text := _text(question):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            typer.echo("That is not a day that exists; write it as 2026-08-06.", err=True)
    return None


def _yes_no(question: str) -> bool | None:
    answers = {"y": True, "yes": True, "n": False, "no": False}
    while text := _text(question).lower():
        if text in answers:
            return answers[text]
        typer.echo("Write y or n.", err=True)
    return None
