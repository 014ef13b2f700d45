"""Run the checks of the source, the catalogs and the laid-out pages, and show what they find."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from leaflets.checks import catalog, source
from leaflets.cli import sarif
from leaflets.cli.report import problem_groups, write_json
from leaflets.compose.plan import Request, plan
from leaflets.editions.build import Means, inputs_of, inspected
from leaflets.editions.codes import OF_CATALOGS
from leaflets.editions.workers import Limits, processes
from leaflets.errors import ExitCode, RequestError
from leaflets.library import load
from leaflets.library.load import Library
from leaflets.problem import Problem, Severity, errors
from leaflets.render import needs

FORMATS = ("text", "json", "sarif")


def run(
    languages: Sequence[str],
    clinic: Path | None,
    sites: Sequence[str],
    *,
    shown_as: str,
    quick: bool,
) -> ExitCode:
    """Run the checks, those of pages for each site; return the exit code."""
    if shown_as not in FORMATS:
        raise RequestError(f"There is no format “{shown_as}”; there are {', '.join(FORMATS)}.")
    libraries = load.load_each(clinic, sites)
    found = libraries[0]
    for tag in languages:
        if tag not in found.languages:
            known = ", ".join(found.languages)
            raise RequestError(f"There is no language “{tag}”; there are {known}.")
    tags = tuple(languages) or tuple(found.printed_languages)
    if not quick:
        needs.look(libraries, tags)
    problems = list(_problems(found, tags))
    for one in () if quick else libraries:
        problems += _pages(one, tags)
    _show(problems, shown_as)
    return ExitCode.PROBLEMS if errors(problems) else ExitCode.OK


def _problems(found: Library, tags: Sequence[str]) -> Iterator[Problem]:
    yield from source.check(found)
    for tag in tags:
        yield from catalog.check(found, found.languages[tag])


def _pages(found: Library, tags: Sequence[str]) -> list[Problem]:
    """Lay out every leaflet in the languages, with a bar on the terminal; keep what pages show."""
    editions = plan(found, Request(languages=tuple(tags)))
    order = {edition.name: number for number, edition in enumerate(editions)}
    results: dict[str, tuple[Problem, ...]] = {}
    # Refreshed by us, when an edition is done: nothing else changes what it shows.
    bar = Progress(
        TextColumn("Looking at the pages"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        auto_refresh=False,
        transient=True,
        disable=not Console(stderr=True).is_terminal,
    )
    (inputs,) = inputs_of([found]).values()
    limits = Limits()
    means = Means(processes(os.cpu_count() or 1, limits), limits)
    with bar, means.crew, closing(inspected(inputs, editions, means)) as laid_out:
        task = bar.add_task("", total=len(editions))
        for one in laid_out:
            results[one.edition.name] = one.problems
            bar.update(task, advance=1, refresh=True)
    return [
        msgspec.structs.replace(problem, site=found.clinic.site)
        for name in sorted(results, key=lambda name: order[name])
        for problem in results[name]
        if problem.code not in OF_CATALOGS  # they have been said of the catalogs
    ]


def _show(problems: Sequence[Problem], shown_as: str) -> None:
    if shown_as == "json":
        write_json(problems)
    elif shown_as == "sarif":
        write_json(msgspec.to_builtins(sarif.document(problems)))
    else:
        for line in problem_groups(problems):
            typer.echo(line)
        warnings = sum(one.severity is Severity.WARNING for one in problems)
        typer.echo(f"{len(problems) - warnings} errors, {warnings} warnings.")
