"""Build: print many editions, those that changed; a bad one is named and never stops the rest."""

import hashlib
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from leaflets.compose.inputs import Input, Inputs
from leaflets.compose.plan import Edition, over_errors
from leaflets.editions import workers
from leaflets.editions.cache import Cache, Dependencies, Kept
from leaflets.editions.gate import RECALLED, held_back
from leaflets.editions.proof import Made, Proof, Purpose
from leaflets.editions.workers import Crew, Limits, Task
from leaflets.library import fonts, home
from leaflets.library.load import Library
from leaflets.output import shelf
from leaflets.output.shelf import Shelf
from leaflets.problem import Problem, errors
from leaflets.records import entering, ledger
from leaflets.records.approval.pages import is_signed
from leaflets.render.fontconfig import isolated


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an edition: its entry in the manifest, or None if it was not printed.

    `made` says how it was made, and `why` which inputs made that necessary. `kept` is True if it
    was not printed and the file printed before is still there.
    """

    edition: Edition
    pages: int
    problems: tuple[Problem, ...]
    entry: shelf.ManifestEntry | None
    kept: bool
    made: Made
    why: tuple[Input, ...]
    asked: tuple[Input, ...]

    @property
    def printed(self) -> entering.Printed | None:
        """Return what the ledger keeps of it; None if it was not printed."""
        if self.entry is None:
            return None
        return entering.Printed(
            edition=self.edition,
            fingerprint=self.entry.fingerprint,
            asked=self.asked,
            pages=self.pages,
            sha256=self.entry.sha256,
        )


class Means(msgspec.Struct, frozen=True):
    """What a build works with: workers, their limits, and a cache, or None to make all anew."""

    crew: Crew
    limits: Limits = Limits()
    cache: Cache | None = None


#: Reasons to make an edition that are no change of an input.
FIRST, LOST, UNCACHED = ("first",), ("lost",), ("uncached",)


class Job(msgspec.Struct, frozen=True):
    """What to print for one clinic, and the shelf that it goes on."""

    inputs: Inputs
    editions: tuple[Edition, ...]
    output: Shelf

    @property
    def site(self) -> str:
        """Return which site of a clinic folder it is for; empty if it has no sites."""
        return self.inputs.library.clinic.site


def build(
    jobs: Sequence[Job], means: Means, announce: Callable[[Job, Outcome], None]
) -> tuple[tuple[Outcome, ...], ...]:
    """Put the editions of some clinics on their shelves, making those that changed.

    The same edition is made for one clinic after the other, for they differ in a few words only;
    `announce` is called after each. Raises `MissingPartError` without a font, `OutputError` if a
    folder cannot be written, `WorkerError` if a worker refuses. What was made until an error or
    Ctrl-C is on the shelves; the caller commits them. Recalled files are taken from the shelves.
    """
    for job in jobs:
        clinic = job.inputs.library.clinic
        if clinic.is_named:
            ledger.read(Path(clinic.folder))
        job.output.withdraw(job.inputs.library.recalls.keys())
    outcomes: dict[tuple[str, str], Outcome] = {}
    with closing(_proofs(jobs, means)) as made:
        for job, proof, why in made:
            with uninterrupted():  # what is on a shelf is always in its manifest
                outcome = _shelved(proof, why, job.output)
                outcomes[job.site, outcome.edition.file] = outcome
            announce(job, outcome)
    return tuple(
        tuple(outcomes[job.site, edition.file] for edition in job.editions) for job in jobs
    )


def inspected(
    inputs: Inputs, editions: Sequence[Edition], means: Means
) -> Generator[Proof, None, None]:
    """Make editions and inspect them, without putting anything on a shelf.

    Raises `MissingPartError` without a font.
    """
    tasks, sites = _tasks(inputs, editions, means, "check"), {inputs.library.clinic.site: inputs}
    with (
        isolated(fonts.locate(families(inputs.library, editions))),
        closing(workers.made_by_crew(tasks, sites, means.crew)) as made,
    ):
        for _, proof in made:
            yield proof


def _tasks(
    inputs: Inputs, editions: Sequence[Edition], means: Means, purpose: Purpose = "print"
) -> list[Task]:
    clinic = inputs.library.clinic
    terms = workers.terms(inputs, editions) if means.crew.remote and editions else None
    folder = str(means.cache.folder) if means.cache and not means.crew.remote else ""
    region = "" if clinic.is_named else clinic.region
    return [
        Task(edition, clinic.folder, clinic.site, region, terms, means.limits, folder, purpose)
        for edition in editions
    ]


def _proofs(
    jobs: Sequence[Job], means: Means
) -> Generator[tuple[Job, Proof, tuple[Input, ...]], None, None]:
    """Yield what is unchanged, then what was made anew, each with the reasons why."""
    left: dict[str, dict[str, Task]] = {}
    why: dict[tuple[str, str], tuple[Input, ...]] = {}
    shown: dict[str, fonts.Family] = {}
    for job in jobs:
        changed: list[Edition] = []
        for edition in job.editions:
            known, reasons = _unchanged(job.inputs, edition, job.output, means.cache)
            if known:
                yield job, known, ()
            else:
                why[job.site, edition.file] = reasons
                changed.append(edition)
        shown |= {family.name: family for family in families(job.inputs.library, changed)}
        for task in _tasks(job.inputs, changed, means):
            left.setdefault(task.edition.name, {})[job.site] = task
    tasks = [task for each in left.values() for task in each.values()]
    if not tasks:
        return
    of = {job.site: job for job in jobs}
    sites = {job.site: job.inputs for job in jobs}
    with (
        isolated(fonts.locate([*shown.values()])),
        closing(workers.made_by_crew(tasks, sites, means.crew)) as made,
    ):
        for task, proof in made:
            job = of[task.site]
            if means.cache:
                _remember(means.cache, job.inputs.library, proof)
            yield job, proof, why[task.site, proof.edition.file]
    if means.cache:
        means.cache.trim()


def _unchanged(
    inputs: Inputs, edition: Edition, output: Shelf, cache: Cache | None
) -> tuple[Proof | None, tuple[Input, ...]]:
    """Find an edition of which no input changed; else say which did."""
    if cache is None:
        return None, (UNCACHED,)
    before = cache.dependencies(_name(inputs.library, edition))
    if before is None:
        return None, (FIRST,)
    if changed := inputs.changed(edition, dict(before.inputs)):
        return None, changed
    held = _held_back(inputs, edition, before, cache)
    if errors(held):
        return Proof(edition=edition, problems=held, made="unchanged"), ()
    kept = cache.find(before.fingerprint)
    file = _file(kept, edition, output) if kept else None
    if kept is None or file is None or not _is_signed(inputs, edition, kept):
        return None, (LOST if kept is None or file is None else ("release",),)
    _refresh(cache, inputs, edition, before)
    return _known(edition, kept, file, before), ()


def _held_back(
    inputs: Inputs, edition: Edition, before: Dependencies, cache: Cache
) -> tuple[Problem, ...]:
    asked = [name for name, _ in before.inputs]
    return held_back(inputs, edition, before.fingerprint, asked, cache)


def _is_signed(inputs: Inputs, edition: Edition, kept: Kept) -> bool:
    """Tell whether the pages of a release are still those that were signed; a draft's need not."""
    return edition.status == "draft" or is_signed(inputs.library, edition, kept.reading)


def _file(kept: Kept, edition: Edition, output: Shelf) -> bytes | None:
    """Read the file of an edition from the shelf, if it is the one, else from the cache."""
    held = output.held(edition.file, kept.sha256)
    return kept.file() if held is None else held


def _known(edition: Edition, kept: Kept, file: bytes, before: Dependencies) -> Proof:
    return Proof(
        edition=edition,
        pages=kept.pages,
        problems=kept.problems,
        file=file,
        sha256=kept.sha256,
        fingerprint=kept.fingerprint,
        inputs=dict(before.inputs),
        made="unchanged",
    )


def _remember(cache: Cache, library: Library, proof: Proof) -> None:
    if proof.file is None or not proof.inputs:
        return
    if proof.edition.status == "release" and not proof.is_good:
        return  # it may be signed as it is, and is then compared anew
    if proof.made == "typeset":
        cache.keep(
            proof.fingerprint, proof.pages, proof.problems, proof.file, reading=proof.reading
        )
    cache.remember(_name(library, proof.edition), proof.fingerprint, proof.inputs)


def _refresh(cache: Cache, inputs: Inputs, edition: Edition, before: Dependencies) -> None:
    """Note that another message of its catalogs changed, so that this need not be found again."""
    digests = dict(before.inputs)
    now = {asked: inputs.digest(edition, asked) for asked in digests if asked[0] == "catalog"}
    if any(digests[asked] != digest for asked, digest in now.items()):
        cache.remember(_name(inputs.library, edition), before.fingerprint, {**digests, **now})


def _name(library: Library, edition: Edition) -> str:
    """Name an edition among all that a cache may know of: whose it is, and which."""
    parts = (str(home.home()), library.clinic.folder, library.clinic.site, edition.name)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait until a step that belongs together is done.

    The handler is replaced, not the signal blocked: another thread of the process might take it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if heard:
        raise KeyboardInterrupt


def families(library: Library, editions: Sequence[Edition]) -> list[fonts.Family]:
    """List the font families that some editions are set in."""
    names = dict.fromkeys(name for edition in editions for name in edition.fonts)
    return [library.fonts[name] for name in names]


def _shelved(proof: Proof, why: tuple[Input, ...], output: Shelf) -> Outcome:
    edition = proof.edition
    entry = None
    if proof.is_good and proof.file is not None:
        sha256 = output.put(edition.file, proof.file, proof.sha256)
        entry = shelf.entry(edition, proof.fingerprint, proof.pages, sha256)
        output.enter(entry)
        if output.has(over_errors(edition).file) and not edition.with_errors:
            output.remove(over_errors(edition).file)  # it has none any more
    if any(problem.code == RECALLED.id for problem in proof.problems):
        output.remove(edition.file)  # whether or not the manifest says that it was printed
    return Outcome(
        edition=edition,
        pages=proof.pages,
        problems=proof.problems,
        entry=entry,
        kept=entry is None and output.has(edition.file),
        made=proof.made,
        why=why,
        asked=tuple(proof.inputs),
    )


def inputs_of(libraries: Sequence[Library]) -> Mapping[str, Inputs]:
    """Prepare the inputs of the sites of a library, which share the files that they read."""
    inputs: dict[str, Inputs] = {}
    first: Inputs | None = None
    for library in libraries:
        first = inputs[library.clinic.site] = Inputs(library, first)
    return inputs
