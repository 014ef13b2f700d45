"""Show a build while it runs: a bar on a terminal, lines in a pipe, JSON for a program."""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from leaflets import clock
from leaflets.cli.report import problem_groups, write_json
from leaflets.compose.inputs import Input, program
from leaflets.compose.plan import Request
from leaflets.editions.build import Job, Means, Outcome, inputs_of
from leaflets.editions.cache import Cache
from leaflets.editions.run import Planned, planned, print_sites
from leaflets.editions.workers import Limits, cluster, processes
from leaflets.errors import ExitCode
from leaflets.library import load
from leaflets.problem import Problem, Severity, errors
from leaflets.render import needs


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How to build: with which workers, within which limits, and with which cache."""

    jobs: int = 1
    scheduler: str = ""
    limits: Limits = Limits()
    cache: Path | None = None


def run(
    request: Request,
    *,
    clinic: Path | None,
    sites: Sequence[str],
    output: Path,
    release: bool,
    settings: Settings,
    explain: bool,
    as_json: bool,
) -> ExitCode:
    """Plan and print the editions, for each site if there are several; return the exit code."""
    libraries = load.load_each(clinic, sites)
    needs.look(libraries, [*request.languages, *filter(None, [request.beside])])
    inputs = inputs_of(libraries)
    today = clock.today()
    planned_sites = [
        planned(inputs[one.clinic.site], request, output, today, release=release)
        for one in libraries
    ]
    console = Console(stderr=as_json, highlight=False, soft_wrap=not sys.stdout.isatty())
    cache = Cache(settings.cache, program()) if settings.cache else None
    crew = (
        cluster(settings.scheduler)
        if settings.scheduler
        else processes(settings.jobs, settings.limits)
    )

    def report(site: Planned, outcomes: Sequence[Outcome]) -> None:
        if not as_json:
            _report(console, site, outcomes, explain=explain)

    with crew:
        made = print_sites(
            planned_sites,
            Means(crew, settings.limits, cache),
            today,
            watching=partial(_progress, console),
            report=report,
        )
    if cache and cache.fault:
        console.print(f"The cache is not used: {cache.fault}.", markup=False)
    if as_json:
        pairs = zip(planned_sites, made, strict=True)
        write_json([record for site, outcomes in pairs for record in _records(site, outcomes)])
    if any(errors(outcome.problems) for outcomes in made for outcome in outcomes):
        return ExitCode.PROBLEMS
    return ExitCode.HELD_BACK if any(site.held for site in planned_sites) else ExitCode.OK


def _report(console: Console, one: Planned, outcomes: Sequence[Outcome], *, explain: bool) -> None:
    if one.site:
        console.print(f"{one.site}:", style="bold", markup=False)
    if outcomes:
        _close(console, outcomes, one.output)
    if explain:
        for outcome in outcomes:
            console.print(f"{outcome.edition.file}: {_why(outcome)}", markup=False, soft_wrap=True)
    _name_held(console, one.held, one.asked - len(one.editions))


def _why(outcome: Outcome) -> str:
    """Say in words why an edition was made anew, or that it was not."""
    if outcome.made == "unchanged":
        return "unchanged"
    named = [_named(one) for one in outcome.why]
    shown = 3
    more = f", and {len(named) - shown} more" if len(named) > shown else ""
    what = "composed; its page is the same" if outcome.made == "composed" else "printed"
    return f"{what}, because of {', '.join(named[:shown])}{more}"


def _named(one: Input) -> str:
    """Name an input by what a person would look at."""
    kind, *name = one
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


def _name_held(console: Console, held: Sequence[Problem], count: int) -> None:
    """List the leaflets that were held back, each with its reasons."""
    if not held:
        return
    for place in dict.fromkeys((one.leaflet, one.language) for one in held):
        own = [one for one in held if (one.leaflet, one.language) == place]
        console.print(f"{place[0]}, {place[1]}: held back", style="bold", markup=False)
        for code in dict.fromkeys(one.code for one in own):
            same = [one for one in own if one.code == code]
            more = f" (and {len(same) - 3} more)" if len(same) > 3 else ""  # noqa: PLR2004 - enough to see
            words = " ".join(one.message for one in same[:3])
            console.print(f"  {code} {words}{more}", markup=False, soft_wrap=True)
    console.print(
        f"{count} editions were held back. `leaflets status LEAFLET` says who must sign;"
        " leave out --release to print drafts.",
        markup=False,
        soft_wrap=True,
    )


class _progress:  # noqa: N801 - used as a context manager, like a function
    """Announce each edition: a bar on a terminal, one line each in a pipe."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._done = 0
        # Refreshed by us, when an edition is done: nothing else changes what it shows.
        self._bar = Progress(
            TextColumn("Printing"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            console=console,
            auto_refresh=False,
            transient=True,
        )

    def __enter__(self) -> Callable[[Job, Outcome], None]:
        if self._console.is_terminal:
            self._bar.start()
            self._task = self._bar.add_task("", total=self._total)
            self._bar.refresh()
        return self._announce

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _announce(self, job: Job, outcome: Outcome) -> None:
        self._done += 1
        name = f"{job.site} {outcome.edition.name}".lstrip()
        if self._console.is_terminal:
            if outcome.entry is None:
                self._bar.print(f"{name}: not printed", style="bold red")
            self._bar.update(self._task, completed=self._done, description=name, refresh=True)
            return
        what = _pages(outcome.pages) if outcome.entry else "not printed"
        if outcome.made == "unchanged":
            what += ", unchanged"
        self._console.print(f"{self._done}/{self._total} {name}: {what}")


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _close(console: Console, outcomes: Sequence[Outcome], output: Path) -> None:
    """Name the problems, then close with what was printed and where it is."""
    for group in problem_groups([problem for one in outcomes for problem in one.problems]):
        console.print(group, markup=False, soft_wrap=True)
    for one in outcomes:
        if one.kept:
            console.print(
                f"{one.edition.file} was not replaced: it is the file of an earlier build.",
                markup=False,
            )
    console.print(_table(outcomes))
    console.print(f"Look in {output}/", markup=False, soft_wrap=True)


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(
        show_footer=True, box=None, pad_edge=False, header_style="bold", footer_style="bold"
    )
    languages = list(dict.fromkeys(one.edition.language.tag for one in outcomes))
    rows = [[one for one in outcomes if one.edition.language.tag == tag] for tag in languages]
    totals = _counts(outcomes)
    for heading, total in zip(
        ("Language", "Editions", "Unchanged", "Pages", "Drafts", "Warnings", "Errors"),
        ("All", *totals),
        strict=True,
    ):
        table.add_column(heading, str(total), justify="left" if heading == "Language" else "right")
    for row in rows:
        table.add_row(row[0].edition.language.name, *(str(count) for count in _counts(row)))
    return table


def _counts(outcomes: Sequence[Outcome]) -> tuple[int, int, int, int, int, int]:
    printed = [one for one in outcomes if one.entry]
    problems = [problem for one in outcomes for problem in one.problems]
    return (
        len(printed),
        sum(one.made == "unchanged" for one in printed),
        sum(one.pages for one in printed),
        sum(one.edition.status == "draft" for one in printed),
        sum(one.severity is Severity.WARNING for one in problems),
        len(errors(problems)),
    )


def _records(job: Planned, outcomes: Sequence[Outcome]) -> Iterator[object]:
    yield from (_record(job.site, one) for one in outcomes)
    yield from job.held


def _record(site: str, outcome: Outcome) -> dict[str, object]:
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
