"""`leaflets build`: leaflets printed into a folder."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption, RegionOption, SitesOption
from leaflets.errors import ExitCode, RequestError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID
    from rich.table import Table

    from leaflets.compose.inputs import Input
    from leaflets.editions.build import Job, Outcome
    from leaflets.editions.run import Announce, Planned
    from leaflets.problem import Problem

app = command_app()


@app.command(
    epilog=examples(
        "leaflets build",
        "leaflets build recovery warning-card -l es -l ar",
        "leaflets build recovery -l ar --with en -f a4-large",
        "leaflets build --clinic our-clinic --output our-clinic/print",
    )
)
def build(
    leaflets: Annotated[
        list[str] | None,
        typer.Argument(metavar="LEAFLET", help="Leaflets; all if none is named."),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(
            "--language", "-l", metavar="TAG", help="Language, such as es; repeat for more."
        ),
    ] = None,
    sheet: Annotated[
        list[str] | None,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="Format, such as a4; repeat for more."
        ),
    ] = None,
    beside: Annotated[
        str,
        typer.Option(
            "--with", metavar="TAG", help="A second language below the first, such as en."
        ),
    ] = "",
    crop_marks: Annotated[
        bool, typer.Option("--crop-marks", help="Add crop marks and bleed, for a print shop.")
    ] = False,
    clinic: ClinicOption = None,
    site: SitesOption = None,
    region: RegionOption = "",
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the files go.")
    ] = Path("build"),
    release: Annotated[
        bool,
        typer.Option("--release", help="Print only what is signed off, without the draft mark."),
    ] = False,
    with_errors: Annotated[
        bool,
        typer.Option(
            "--with-errors",
            help="Print drafts over errors, marked as such; never over one in a warning sign.",
        ),
    ] = False,
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", min=1, help="Processes to use; one per core if not given."),
    ] = os.cpu_count() or 1,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Print on the workers of a Dask scheduler, such as tcp://10.0.0.5:8786.",
        ),
    ] = "",
    cache: Annotated[
        Path | None,
        typer.Option(
            "--cache",
            metavar="FOLDER",
            envvar="LEAFLETS_CACHE",
            help="Where editions are kept, so that only what changed is printed anew.",
        ),
    ] = None,
    cached: Annotated[
        bool, typer.Option("--cached/--no-cache", help="Whether to use a cache.")
    ] = True,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each edition why it was printed anew.")
    ] = False,
    time_limit: Annotated[
        float,
        typer.Option("--time-limit", min=1, metavar="SECONDS", help="The most for one edition."),
    ] = 120,
    memory_limit: Annotated[
        int,
        typer.Option("--memory-limit", min=64, metavar="MB", help="The most for a process."),
    ] = 2048,
    as_json: JsonOption = False,
) -> None:
    """Print leaflets into a folder, one PDF for each leaflet, language and format.

    Without --clinic, everything is printed for an unnamed clinic, with blanks to write on: for the
    country of the language if it has one, such as en-GB, else for that of --region, else for the
    US. With it, the clinic's own leaflets, languages and paper are printed; if it has several
    sites, each into a folder of its own. What did not change since it was printed is not made anew.
    An edition with an error is not printed: the file printed before stays, and the command ends
    with exit code 1.
    """
    from rich.console import Console

    from leaflets import clock
    from leaflets.cli.report import write_json
    from leaflets.compose.inputs import program
    from leaflets.compose.plan import Request
    from leaflets.editions.build import Means
    from leaflets.editions.cache import Cache, default_folder
    from leaflets.editions.run import plan_sites, print_sites
    from leaflets.editions.workers import Limits, cluster, processes
    from leaflets.library import load
    from leaflets.problem import errors

    if release and with_errors:
        raise RequestError("A release has no errors: leave out --release or --with-errors.")
    request = Request(
        leaflets=tuple(leaflets or ()),
        languages=tuple(language or ()),
        formats=tuple(sheet or ()),
        beside=beside,
        crop_marks=crop_marks,
    )
    today = clock.today()
    libraries = load.load_each(clinic, site or [], region=region)
    sites = plan_sites(libraries, request, output, today, release=release, with_errors=with_errors)
    console = Console(stderr=as_json, highlight=False, soft_wrap=not sys.stdout.isatty())
    kept = Cache(cache or default_folder(), program()) if cached else None
    limits = Limits(time_limit, memory_limit * 1024**2)
    crew = cluster(scheduler) if scheduler else processes(jobs, limits)
    report = partial(_report, console, explain=explain)
    with crew:
        made = print_sites(
            sites,
            Means(crew, limits, kept),
            today,
            watching=partial(_progress, console),
            report=(lambda *_: None) if as_json else report,
        )
    if kept and kept.fault:
        console.print(f"The cache is not used: {kept.fault}.", markup=False)
    if as_json:
        records: list[object] = []
        for planned, outcomes in zip(sites, made, strict=True):
            records += (_record(planned.site, outcome) for outcome in outcomes)
            records += planned.held
        write_json(records)
    if any(errors(outcome.problems) for outcomes in made for outcome in outcomes):
        raise typer.Exit(ExitCode.PROBLEMS)
    if any(planned.held for planned in sites):
        raise typer.Exit(ExitCode.HELD_BACK)


def _report(
    console: "Console", site: "Planned", outcomes: "Sequence[Outcome]", *, explain: bool
) -> None:
    """Show what came of a site, once its folder is committed."""
    if site.site:
        console.print(f"{site.site}:", style="bold", markup=False)
    if outcomes:
        _close(console, outcomes, site.output)
    if explain:
        for outcome in outcomes:
            console.print(f"{outcome.edition.file}: {_why(outcome)}", markup=False, soft_wrap=True)
    _name_held(console, site.held, site.asked - len(site.editions))
    if site.ended:
        files = ", ".join(site.ended)
        console.print(
            f"Their sign-off has ended, so they were taken out or printed anew: {files}",
            markup=False,
        )


def _why(outcome: "Outcome") -> str:
    """Say in words why an edition was made anew, or that it was not."""
    if outcome.made == "unchanged":
        return "unchanged"
    named = [_named(cause) for cause in outcome.why]
    shown = 3
    more = f", and {len(named) - shown} more" if len(named) > shown else ""
    what = "composed; its page is the same" if outcome.made == "composed" else "printed"
    return f"{what}, because of {', '.join(named[:shown])}{more}"


def _named(cause: "Input") -> str:
    """Name an input by what a person would look at."""
    kind, *name = cause
    match kind:
        case "message":
            return f"the message {name[1]} in {name[0]}"
        case "template" | "figure" | "style":
            folder = {"template": "{}", "figure": "figures/{}.svg", "style": "style/{}.css"}[kind]
            return f"templates/{folder.format(name[0])}"
        case "clinic":
            return f"{name[0]} in clinic.toml"
        case "local fact":
            return f"the clinic's {name[0]}"
        case "software":
            return f"the version of {name[0]}"
    known = {
        "program": "Leaflets itself",
        "release": "its sign-off",
        "first": "no earlier build that the cache knows of",
        "lost": "a copy in the cache that is missing or damaged",
        "uncached": "no cache",
    }
    return known.get(kind) or f"the {kind} {name[0]}"


def _name_held(console: "Console", held: "Sequence[Problem]", number: int) -> None:
    """List the leaflets that were held back, each with its reasons."""
    if not held:
        return
    shown = 3
    for place in dict.fromkeys((reason.leaflet, reason.language) for reason in held):
        own = [reason for reason in held if (reason.leaflet, reason.language) == place]
        console.print(f"{place[0]}, {place[1]}: held back", style="bold", markup=False)
        for code in dict.fromkeys(reason.code for reason in own):
            same = [reason for reason in own if reason.code == code]
            more = f" (and {len(same) - shown} more)" if len(same) > shown else ""
            words = " ".join(reason.message for reason in same[:shown])
            console.print(f"  {code} {words}{more}", markup=False, soft_wrap=True)
    console.print(
        f"{number} editions were held back. `leaflets status LEAFLET` says who must sign;"
        " leave out --release to print drafts.",
        markup=False,
        soft_wrap=True,
    )


@contextmanager
def _progress(console: "Console", total: int) -> "Iterator[Announce]":
    """Announce each edition: a bar on a terminal, one line each in a pipe."""
    if not console.is_terminal:
        done = count(1)
        yield lambda job, outcome: console.print(f"{next(done)}/{total} {_line(job, outcome)}")
        return

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    # Refreshed by us, when an edition is done: nothing else changes what it shows.
    with Progress(
        TextColumn("Printing"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        console=console,
        auto_refresh=False,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=total)
        bar.refresh()
        yield partial(_advance, bar, task)


def _advance(bar: "Progress", task: "TaskID", job: "Job", outcome: "Outcome") -> None:
    name = _name(job, outcome)
    if outcome.entry is None:
        bar.print(f"{name}: not printed", style="bold red")
    bar.update(task, advance=1, description=name, refresh=True)


def _line(job: "Job", outcome: "Outcome") -> str:
    what = _pages(outcome.pages) if outcome.entry else "not printed"
    unchanged = ", unchanged" if outcome.made == "unchanged" else ""
    return f"{_name(job, outcome)}: {what}{unchanged}"


def _name(job: "Job", outcome: "Outcome") -> str:
    return f"{job.site} {outcome.edition.name}".lstrip()


def _pages(number: int) -> str:
    return "1 page" if number == 1 else f"{number} pages"


def _close(console: "Console", outcomes: "Sequence[Outcome]", output: Path) -> None:
    """Name the problems, then close with what was printed and where it is."""
    from leaflets.cli.report import problem_groups

    for group in problem_groups([problem for outcome in outcomes for problem in outcome.problems]):
        console.print(group, markup=False, soft_wrap=True)
    for outcome in outcomes:
        if outcome.kept:
            console.print(
                f"{outcome.edition.file} was not replaced: it is the file of an earlier build.",
                markup=False,
            )
    console.print(_table(outcomes))
    console.print(f"Look in {output}/", markup=False, soft_wrap=True)


def _table(outcomes: "Sequence[Outcome]") -> "Table":
    from rich.table import Table

    table = Table(
        show_footer=True, box=None, pad_edge=False, header_style="bold", footer_style="bold"
    )
    rows: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        rows.setdefault(outcome.edition.language.name, []).append(outcome)
    totals = _counts(outcomes)
    for heading, total in zip(
        ("Language", "Editions", "Unchanged", "Pages", "Drafts", "Warnings", "Errors"),
        ("All", *totals),
        strict=True,
    ):
        table.add_column(heading, str(total), justify="left" if heading == "Language" else "right")
    for language, row in rows.items():
        table.add_row(language, *map(str, _counts(row)))
    return table


def _counts(outcomes: "Sequence[Outcome]") -> tuple[int, int, int, int, int, int]:
    from leaflets.problem import Severity, errors

    printed = [outcome for outcome in outcomes if outcome.entry]
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    return (
        len(printed),
        sum(outcome.made == "unchanged" for outcome in printed),
        sum(outcome.pages for outcome in printed),
        sum(outcome.edition.status == "draft" for outcome in printed),
        sum(problem.severity is Severity.WARNING for problem in problems),
        len(errors(problems)),
    )


def _record(site: str, outcome: "Outcome") -> dict[str, object]:
    import msgspec

    return {
        "site": site,
        "edition": outcome.edition.name,
        "file": outcome.edition.file,
        "printed": outcome.entry is not None,
        "kept": outcome.kept,
        "made": outcome.made,
        "why": outcome.why,
        "pages": outcome.pages,
        "sha256": outcome.entry.sha256 if outcome.entry else None,
        "problems": [msgspec.to_builtins(problem) for problem in outcome.problems],
    }
