"""`leaflets translate import`: what a translator or a reviewer sent back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption
from leaflets.errors import ExitCode

if TYPE_CHECKING:
    from leaflets.catalogs.exchange.unit import Intake
    from leaflets.library.languages import Language

app = command_app()


@app.command(epilog=examples("leaflets translate import recovery-es.xlf"))
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An .xlf, .xliff or .csv file.")],
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the translations out of a file into the catalogs, and nothing else; then check them.

    If one is refused, because it lost a placeholder or its English has changed since, nothing is
    written, and the command ends with exit code 3.
    """
    from leaflets import clock, files
    from leaflets.catalogs.exchange import handover
    from leaflets.checks import accepting, catalog
    from leaflets.cli.report import problem_groups, write_json
    from leaflets.library import load

    library = load.load(clinic)
    language, intake = handover.taken_in(library, file)
    if not intake.refused:
        files.write_together(intake.files)
    problems = tuple(
        accepting.left(library, language.tag, catalog.check(library, language), clock.today())
    )
    if as_json:
        write_json(
            {
                "language": language.tag,
                "changed": intake.changed,
                "fuzzy": intake.fuzzy,
                "refused": intake.refused,
                "files": [str(path) for path in intake.files],
                "problems": problems,
            }
        )
    else:
        _show(language, intake)
        for line in problem_groups(problems):
            typer.echo(line)
    if intake.refused:
        raise typer.Exit(ExitCode.INPUT)


def _show(language: "Language", intake: "Intake") -> None:
    for refusal in intake.refused:
        typer.echo(f"refused: {refusal.sentence()}")
    for name in intake.fuzzy:
        typer.echo(f"{name} came back as it was and stays fuzzy; confirm it in a PO editor.")
    for path in intake.files:
        typer.echo(str(path))
    if intake.refused:
        typer.echo(f"Nothing was written: {len(intake.refused)} texts are refused.")
    else:
        typer.echo(f"{language.name}: {len(intake.changed)} texts changed.")
