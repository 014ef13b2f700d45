"""Show a build while it runs: a bar on a terminal, lines in a pipe, JSON for a program."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from leaflets import approval
from leaflets.build import Outcome, build
from leaflets.cli.report import problem_groups, write_json
from leaflets.errors import ExitCode
from leaflets.library import load
from leaflets.plan import Edition, Request, plan
from leaflets.problem import Problem, Severity, errors
from leaflets.site.publish import publish


def run(
    *,
    leaflets: Sequence[str],
    languages: Sequence[str],
    formats: Sequence[str],
    beside: str,
    crop_marks: bool,
    clinic: Path | None,
    sites: Sequence[str],
    output: Path,
    release: bool,
    jobs: int,
    as_json: bool,
) -> ExitCode:
    """Plan and print the editions, for each site if there are several; return the exit code."""
    request = Request(
        leaflets=tuple(leaflets),
        languages=tuple(languages),
        formats=tuple(formats),
        beside=beside,
        crop_marks=crop_marks,
    )
    planned = [
        _planned(one, request, output, release=release) for one in load.load_each(clinic, sites)
    ]
    console = Console(stderr=as_json, highlight=False, soft_wrap=not sys.stdout.isatty())
    outcomes: list[Outcome] = []
    records: list[object] = []
    for one in planned:
        if one.site and not as_json:
            console.print(f"{one.site}:", style="bold", markup=False)
        made = _built(one, jobs, console) if one.editions else ()
        if any(outcome.entry for outcome in made):
            publish(one.library, one.output)
        records += [*(_record(one.site, outcome) for outcome in made), *one.held]
        if made and not as_json:
            _close(console, made, one.output)
        if not as_json:
            _name_held(console, one.held, one.asked - len(one.editions))
        outcomes += made
    if as_json:
        write_json(records)
    if any(errors(one.problems) for one in outcomes):
        return ExitCode.PROBLEMS
    return ExitCode.HELD_BACK if any(one.held for one in planned) else ExitCode.OK


class _Job(msgspec.Struct, frozen=True):
    """What to print for a clinic, or a site of it, and where; and what is held back."""

    library: load.Library
    editions: tuple[Edition, ...]
    held: tuple[Problem, ...]
    asked: int
    output: Path

    @property
    def site(self) -> str:
        return self.library.clinic.site


def _planned(library: load.Library, request: Request, output: Path, *, release: bool) -> _Job:
    editions = plan(library, request)
    held: tuple[Problem, ...] = ()
    asked, site = len(editions), library.clinic.site
    if release:
        editions, found = approval.chosen(library, editions, approval.today())
        held = tuple(msgspec.structs.replace(one, site=site) for one in found)
    return _Job(library, editions, held, asked, output / site)


def _built(one: _Job, jobs: int, console: Console) -> tuple[Outcome, ...]:
    with _progress(console, len(one.editions)) as announce:
        return build(one.library, one.editions, one.output, jobs, announce)


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
        # Refreshed by us, not by a thread: the worker processes are forked while this is shown.
        self._bar = Progress(
            TextColumn("Printing"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            console=console,
            auto_refresh=False,
            transient=True,
        )

    def __enter__(self) -> Callable[[Outcome], None]:
        if self._console.is_terminal:
            self._bar.start()
            self._task = self._bar.add_task("", total=self._total)
            self._bar.refresh()
        return self._announce

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _announce(self, outcome: Outcome) -> None:
        self._done += 1
        name = outcome.edition.name
        if self._console.is_terminal:
            if outcome.entry is None:
                self._bar.print(f"{name}: not printed", style="bold red")
            self._bar.update(self._task, completed=self._done, description=name, refresh=True)
            return
        what = _pages(outcome.pages) if outcome.entry else "not printed"
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
        ("Language", "Editions", "Pages", "Drafts", "Warnings", "Errors"),
        ("All", *totals),
        strict=True,
    ):
        table.add_column(heading, str(total), justify="left" if heading == "Language" else "right")
    for row in rows:
        table.add_row(row[0].edition.language.name, *(str(count) for count in _counts(row)))
    return table


def _counts(outcomes: Sequence[Outcome]) -> tuple[int, int, int, int, int]:
    printed = [one for one in outcomes if one.entry]
    problems = [problem for one in outcomes for problem in one.problems]
    return (
        len(printed),
        sum(one.pages for one in printed),
        sum(one.edition.status == "draft" for one in printed),
        sum(one.severity is Severity.WARNING for one in problems),
        len(errors(problems)),
    )


def _record(site: str, outcome: Outcome) -> dict[str, object]:
    return {
        "site": site,
        "edition": outcome.edition.name,
        "file": outcome.edition.file,
        "printed": outcome.entry is not None,
        "kept": outcome.kept,
        "pages": outcome.pages,
        "sha256": outcome.entry.sha256 if outcome.entry else None,
        "problems": [msgspec.to_builtins(problem) for problem in outcome.problems],
    }
