"""Show a build while it runs: a bar on a terminal, lines in a pipe, JSON for a program."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from leaflets.build import Outcome, build
from leaflets.cli.report import problem_groups, write_json
from leaflets.errors import ExitCode
from leaflets.library import load
from leaflets.plan import Edition, Request, plan
from leaflets.problem import Problem, Severity, errors


def run(
    *,
    leaflets: Sequence[str],
    languages: Sequence[str],
    formats: Sequence[str],
    clinic: Path | None,
    output: Path,
    release: bool,
    jobs: int,
    as_json: bool,
) -> ExitCode:
    """Plan and print the editions; return the exit code."""
    library = load.load(clinic)
    request = Request(leaflets=tuple(leaflets), languages=tuple(languages), formats=tuple(formats))
    editions = plan(library, request, "release" if release else "draft")
    if release:
        return _hold_back(editions, as_json=as_json)
    console = Console(stderr=as_json, highlight=False, soft_wrap=not sys.stdout.isatty())
    with _progress(console, len(editions)) as announce:
        outcomes = build(library, editions, output, jobs, announce)
    if as_json:
        write_json([_record(one) for one in outcomes])
    else:
        _close(console, outcomes, output)
    return ExitCode.PROBLEMS if any(errors(one.problems) for one in outcomes) else ExitCode.OK


def _hold_back(editions: Sequence[Edition], *, as_json: bool) -> ExitCode:
    """Say why nothing is released: no edition has been signed off."""
    held = [
        Problem(
            code="GOV-01",
            leaflet=edition.leaflet.slug,
            language=edition.language.tag,
            format=edition.format.id,
            message="held back: no translator, reviser or clinician has signed it off.",
            hint="",
        )
        for edition in editions
    ]
    if as_json:
        write_json(held)
        return ExitCode.HELD_BACK
    for one in held:
        sys.stdout.write(f"{one.sentence().rstrip()}\n")
    sys.stdout.write(
        f"Nothing was printed: {len(held)} editions held back. Print drafts by leaving out"
        " --release; `leaflets explain GOV-01` says more.\n"
    )
    return ExitCode.HELD_BACK


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


def _record(outcome: Outcome) -> dict[str, object]:
    return {
        "edition": outcome.edition.name,
        "file": outcome.edition.file,
        "printed": outcome.entry is not None,
        "kept": outcome.kept,
        "pages": outcome.pages,
        "sha256": outcome.entry.sha256 if outcome.entry else None,
        "problems": [msgspec.to_builtins(problem) for problem in outcome.problems],
    }
