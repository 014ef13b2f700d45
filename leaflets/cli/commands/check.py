"""`leaflets check`: check the English, the catalogs, the clinic and the pages."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption, RegionOption, SitesOption
from leaflets.errors import ExitCode, RequestError

if TYPE_CHECKING:
    from leaflets.problem import Problem

app = command_app()

_FORMATS = ("text", "json", "sarif")


@app.command(
    epilog=examples(
        "leaflets check", "leaflets check -l es --quick", "leaflets check --format sarif"
    )
)
def check(
    language: Annotated[
        list[str] | None,
        typer.Option(
            "--language", "-l", metavar="TAG", help="Only this language; repeat for more."
        ),
    ] = None,
    clinic: ClinicOption = None,
    site: SitesOption = None,
    region: RegionOption = "",
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Leave out what shows only on a laid-out page."),
    ] = False,
    shown_as: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, json or sarif.")
    ] = "text",
    as_json: JsonOption = False,
) -> None:
    """Check the English source, every catalog, the clinic's settings and the pages; print nothing.

    Findings come in the order of the page, each with what to do; `leaflets explain CODE` says more.
    A sentence that is too long for its place is found by laying out every page.
    """
    shown_as = "json" if as_json else shown_as
    if shown_as not in _FORMATS:
        raise RequestError(f"There is no format “{shown_as}”; there are {', '.join(_FORMATS)}.")

    from leaflets.editions import checking
    from leaflets.library import load
    from leaflets.problem import errors

    libraries = load.load_each(clinic, site or [], region=region)
    problems = checking.check(libraries, language or [], quick=quick, watching=_bar)
    _show(problems, shown_as)
    if errors(problems):
        raise typer.Exit(ExitCode.PROBLEMS)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on the terminal while pages are laid out."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    # Refreshed by us, when an edition is done: nothing else changes what it shows.
    bar = Progress(
        TextColumn("Looking at the pages"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        auto_refresh=False,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("", total=total)
        yield partial(bar.update, task, advance=1, refresh=True)


def _show(problems: "Sequence[Problem]", shown_as: str) -> None:
    import msgspec

    from leaflets.cli.report import problem_groups, write_json
    from leaflets.editions import sarif
    from leaflets.problem import Severity

    if shown_as == "json":
        write_json(problems)
    elif shown_as == "sarif":
        write_json(msgspec.to_builtins(sarif.document(problems)))
    else:
        for line in problem_groups(problems):
            typer.echo(line)
        warnings = sum(problem.severity is Severity.WARNING for problem in problems)
        typer.echo(f"{len(problems) - warnings} errors, {warnings} warnings.")
