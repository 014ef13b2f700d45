"""`leaflets usertest`: what a tester needs to try a leaflet with readers, and what came of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption, KeyOption, LeafletArgument, SiteOption
from leaflets.errors import ExitCode

if TYPE_CHECKING:
    from leaflets.editions.usertesting import InHand
    from leaflets.library.load import Library

app = command_app()


@app.command(
    epilog=examples(
        "leaflets usertest recovery",
        "leaflets usertest recovery -l es -o test -c our-clinic",
        "leaflets usertest recovery --results usertest-recovery-en.csv --day 2027-03-01"
        ' --name "Ana Ruiz"',
    )
)
def usertest(
    leaflet: LeafletArgument,
    language: Annotated[
        str, typer.Option("--language", "-l", metavar="TAG", help="The language of the leaflet.")
    ] = "en",
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write both files.")
    ] = Path(),
    results: Annotated[
        Path | None,
        typer.Option("--results", metavar="FILE", help="Enter this table, filled in, instead."),
    ] = None,
    day: Annotated[
        str, typer.Option("--day", metavar="DAY", help="With --results: the day of the test.")
    ] = "",
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="With --results: who tested.")
    ] = "",
    key: KeyOption = None,
    clinic: ClinicOption = None,
    site: SiteOption = "",
    as_json: JsonOption = False,
) -> None:
    """Write the tester's sheet of a leaflet and the table for ten readers, or enter the results.

    The sheet is a page to print, for staff and in English: what to ask, the answers, and where they
    stand. The table is a CSV file. Results are kept in locales/TAG/usertest.toml, in the clinic
    folder if one is named, with the texts that were tested; `leaflets status` shows them, and
    whether a text has changed since.
    """
    from leaflets.editions import usertesting
    from leaflets.errors import RequestError
    from leaflets.library import load

    library = load.load_one(clinic, site)
    held = usertesting.in_hand(library, leaflet, language)
    if results is None:
        _write(library, held, output, as_json=as_json)
        return
    if not name.strip() or not day:
        raise RequestError("--results needs --day and --name: the day of the test, and who tested.")
    _enter(library, held, results, (name, day, key, clinic), as_json=as_json)


def _write(library: "Library", held: "InHand", output: Path, *, as_json: bool) -> None:
    """Write the sheet and the table, and name them."""
    from leaflets import files
    from leaflets.cli.report import write_json
    from leaflets.editions import usertesting
    from leaflets.records import usertest as records

    stem = f"usertest-{held.edition.leaflet.slug}-{held.edition.language.tag}"
    files.prepare(output)
    written = {
        f"{stem}.html": usertesting.sheet(library, held),
        f"{stem}.csv": records.table(held.questions, held.texts),
    }
    for file, data in written.items():
        files.write(output, file, data)
    if as_json:
        write_json({"code": held.code, "files": [str(output / file) for file in written]})
        return
    typer.echo(f"For readers: the leaflet with the code {held.code}; `leaflets build` prints it.")
    for file in written:
        typer.echo(output / file)


def _enter(
    library: "Library",
    held: "InHand",
    results: Path,
    tester: tuple[str, str, Path | None, Path | None],
    *,
    as_json: bool,
) -> None:
    """Enter a table that was filled in, or say line by line what is wrong with it."""
    from leaflets import clock
    from leaflets.cli.calendar import day as read_day
    from leaflets.cli.report import write_json
    from leaflets.editions import usertesting
    from leaflets.library import usertest
    from leaflets.records.usertest import Interviewer, outcome

    name, day, key, clinic = tester
    who = Interviewer(name, read_day(day, "--day"), clock.today(), key)
    path, test, faults = usertesting.enter(library, clinic, held, results, who)
    for fault in faults:
        typer.echo(str(fault), err=True)
    if faults:
        raise typer.Exit(ExitCode.INPUT)
    mark = usertest.pass_mark(library.roots.templates)
    if as_json:
        write_json({"file": str(path), "test": test, "passed": test.has_passed(mark)})
        return
    typer.echo(f"{outcome(test, mark)}. Kept in {path}.")
    for failed in test.failed(mark):
        typer.echo(f"  {failed.said(test.readers)}")
