"""Print a sheet for one patient; its details are asked for or read, and kept nowhere."""

import datetime as dt
import sys
from pathlib import Path

import typer

from leaflets import clock, files
from leaflets.compose import personal
from leaflets.compose.inputs import Inputs
from leaflets.compose.personal import Appointment, Medicine, Personal
from leaflets.compose.plan import Request, plan
from leaflets.editions.build import families
from leaflets.editions.codes import CODES
from leaflets.editions.make import Making, make_edition
from leaflets.errors import ExitCode, RequestError
from leaflets.library import fonts, load
from leaflets.problem import errors
from leaflets.records.approval.rules import chosen
from leaflets.render import needs
from leaflets.render.fontconfig import isolated


def run(
    leaflet: str,
    locale: str,
    sheet: str,
    *,
    clinic: Path | None,
    site: str,
    output: Path,
    release: bool,
) -> ExitCode:
    """Print the sheet into a file, or to standard output if `output` is “-”."""
    library = load.load_one(clinic, site)
    needs.look([library], [locale])
    formats = (sheet or library.region.paper,)
    editions = plan(library, Request(leaflets=(leaflet,), languages=(locale,), formats=formats))
    today = clock.today()
    if release:
        editions, held = chosen(library, editions, today)
        if not editions:
            sys.stderr.write("".join(f"{one.sentence()}\n" for one in held))
            return ExitCode.HELD_BACK
    details = _asked(today) if sys.stdin.isatty() else _read(today)
    edition = editions[0]
    if edition.format.medium != "print":
        raise RequestError(f"{edition.format.name} is not for one patient; choose a paper.")
    with isolated(fonts.locate(families(library, [edition]))):
        done = make_edition(Inputs(library), edition, Making(personal=details))
    if done.file is None or not done.is_good:
        # A problem may quote the page, and with it the patient: only its kind and place are said.
        for problem in errors(done.problems):
            where = f", page {problem.page}" if problem.page else ""
            sys.stderr.write(f"error: {problem.code}{where}: {CODES[problem.code].title}\n")
        sys.stderr.write("The sheet was not printed. Shorten what is too long for its place.\n")
        return ExitCode.PROBLEMS
    if str(output) == "-":
        sys.stdout.buffer.write(done.file)
    else:
        files.write(output.parent, output.name, done.file)
        sys.stderr.write(f"Printed {output}. Delete it when the patient has the sheet.\n")
    return ExitCode.OK


def _read(today: dt.date) -> Personal:
    return personal.read(sys.stdin.buffer.read(), today)


def _asked(today: dt.date) -> Personal:
    """Ask for each detail; an empty answer leaves a blank on the sheet."""
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
    found = Personal(procedure=procedure, appointment=appointment, medicines=tuple(medicines))
    personal.check(found, today)
    return found


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
