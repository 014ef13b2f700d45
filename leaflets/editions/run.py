"""Run: plan, print and commit for all sites of a clinic folder, and enter it into the ledger."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import msgspec

from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, over_errors, plan
from leaflets.editions.build import Job, Means, Outcome, build, inputs_of, uninterrupted
from leaflets.library.load import Library
from leaflets.output import shelf
from leaflets.output.site.publish import publish
from leaflets.problem import Problem, errors
from leaflets.records import entering
from leaflets.records.approval.rules import chosen
from leaflets.render import needs

#: How many sites are built together, each of which holds its output folder locked.
_AT_A_TIME = 50

#: Called for each edition once it is made, such as to move a bar.
Announce = Callable[[Job, Outcome], None]


class Planned(msgspec.Struct, frozen=True):
    """What to print for a clinic, or a site of it, and into which folder.

    `held` are the reasons why some of the editions `asked` for may not be released. `ended` are the
    files of the folder that were released until a day that is past: they are taken out.
    `with_errors` asks for a draft that says so where a draft is held back by errors.
    """

    inputs: Inputs
    editions: tuple[Edition, ...]
    held: tuple[Problem, ...]
    asked: int
    output: Path
    ended: tuple[str, ...] = ()
    with_errors: bool = False

    @property
    def site(self) -> str:
        """Return which site of a clinic folder it is for; empty if it has no sites."""
        return self.inputs.library.clinic.site


def plan_sites(
    libraries: Sequence[Library],
    request: Request,
    output: Path,
    day: dt.date,
    *,
    release: bool = False,
    with_errors: bool = False,
) -> tuple[Planned, ...]:
    """Plan what to print for each site; with `release`, only what is signed off on that day.

    With `with_errors`, a draft with errors is printed as well, and says so on every page.

    `libraries` are those of one clinic, a library for each site. Raises `MissingPartError` if no
    page can be set on this machine, `RequestError` for what does not exist.
    """
    needs.look(libraries, [*request.languages, *filter(None, [request.beside])])
    return tuple(
        msgspec.structs.replace(
            _planned(inputs, request, output, day, release=release), with_errors=with_errors
        )
        for inputs in inputs_of(libraries).values()
    )


def _planned(
    inputs: Inputs, request: Request, output: Path, day: dt.date, *, release: bool
) -> Planned:
    """Plan what to print; with `release`, only what is signed off completely on that day."""
    library = inputs.library
    editions = plan(library, request)
    asked, site = len(editions), library.clinic.site
    if site:
        shelf.refuse_link(output / site)
    held: tuple[Problem, ...] = ()
    if release:
        editions, reasons = chosen(library, editions, day)
        held = tuple(msgspec.structs.replace(reason, site=site) for reason in reasons)
    ended = tuple(
        entry.file
        for entry in shelf.read_manifest(output / site).values()
        if entry.due and entry.due < day
    )
    return Planned(inputs, editions, held, asked, output / site, ended)


def print_sites(
    sites: Sequence[Planned],
    means: Means,
    day: dt.date,
    *,
    watching: Callable[[int], AbstractContextManager[Announce]],
    report: Callable[[Planned, Sequence[Outcome]], None],
) -> tuple[tuple[Outcome, ...], ...]:
    """Print what is planned for some sites, commit each folder, and enter all into the ledger.

    `watching` gets a number of editions and says what to call for each of them; `report` is called
    for each site once its folder is committed. What was committed until an error or Ctrl-C is in
    the ledger. Raises as `build` does, and `OutputError` if a folder or the ledger cannot be
    written.
    """
    committed: dict[str, tuple[Outcome, ...]] = {}
    with _entered(sites, committed, day):
        for first in range(0, len(sites), _AT_A_TIME):
            together = sites[first : first + _AT_A_TIME]
            _print(
                [site for site in together if site.editions or site.ended],
                means,
                watching,
                committed,
            )
            for site in together:
                report(site, committed.get(site.site, ()))
    return tuple(committed.get(site.site, ()) for site in sites)


@contextmanager
def _entered(
    sites: Sequence[Planned], committed: Mapping[str, Sequence[Outcome]], day: dt.date
) -> Iterator[None]:
    """Enter into the ledger, at the end, what was committed for each site."""
    try:
        yield
    finally:
        entries = [
            (site.inputs, [outcome.printed for outcome in committed[site.site] if outcome.printed])
            for site in sites
            if site.site in committed and site.inputs.library.clinic.is_named
        ]
        with uninterrupted():
            entering.enter(entries, day)


def _print(
    sites: Sequence[Planned],
    means: Means,
    watching: Callable[[int], AbstractContextManager[Announce]],
    committed: dict[str, tuple[Outcome, ...]],
) -> None:
    """Build for some sites, and commit what was made, even if it is interrupted.

    Adds a site to `committed` once it is: what did not get there was not printed.
    """
    with ExitStack() as stack:
        jobs = [
            Job(site.inputs, site.editions, stack.enter_context(shelf.opened(site.output)))
            for site in sites
        ]
        for job, site in zip(jobs, sites, strict=True):
            for file in site.ended:
                job.output.remove(file)
        announce = stack.enter_context(watching(sum(len(job.editions) for job in jobs)))
        made: dict[str, dict[str, Outcome]] = {job.site: {} for job in jobs}

        def note(job: Job, outcome: Outcome) -> None:
            made[job.site][outcome.edition.file] = outcome
            announce(job, outcome)

        try:
            build(jobs, means, note)
            _print_over_errors(
                [job for job, site in zip(jobs, sites, strict=True) if site.with_errors],
                means,
                watching,
                made,
            )
        finally:
            with uninterrupted(), ExitStack() as each:
                for job in jobs:
                    each.callback(_commit, job, made[job.site], committed)


def _print_over_errors(
    jobs: Sequence[Job],
    means: Means,
    watching: Callable[[int], AbstractContextManager[Announce]],
    made: Mapping[str, dict[str, Outcome]],
) -> None:
    """Print the drafts that errors held back, marked; what is held back even so stays as it was."""
    again = [
        Job(job.inputs, tuple(map(over_errors, held)), job.output)
        for job in jobs
        if (held := [edition for edition in job.editions if _is_held(made[job.site], edition)])
    ]
    if not again:
        return
    with watching(sum(len(job.editions) for job in again)) as announce:

        def note(job: Job, outcome: Outcome) -> None:
            if outcome.entry is not None:
                plain = msgspec.structs.replace(outcome.edition, with_errors=False)
                made[job.site][plain.file] = outcome
            announce(job, outcome)

        build(again, means, note)


def _is_held(made: Mapping[str, Outcome], edition: Edition) -> bool:
    return bool(errors(made[edition.file].problems))


def _commit(
    job: Job, made: Mapping[str, Outcome], committed: dict[str, tuple[Outcome, ...]]
) -> None:
    """Put what is on the shelf of a site into its folder, with its catalogue."""
    if job.output.entries:
        publish(job.inputs.library, job.output)
    job.output.commit()
    outcomes = (made[edition.file] for edition in job.editions if edition.file in made)
    committed[job.site] = tuple(outcomes)
