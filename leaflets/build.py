"""Build: print many editions, several at once; a bad one is named and never stops the rest."""

import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from leaflets import approval, ledger, record, shelf
from leaflets.checks import composition, page, text
from leaflets.errors import LeafletsError
from leaflets.library import fonts
from leaflets.library.load import Library
from leaflets.personal import Personal
from leaflets.plan import Edition
from leaflets.problem import Problem, errors
from leaflets.typesetting import plain, screen
from leaflets.typesetting.compose import Composition, compose
from leaflets.typesetting.fonts import isolated
from leaflets.typesetting.typeset import Typeset, typeset


class Proof(msgspec.Struct, frozen=True):
    """An edition made: its file, its number of pages if it has any, and the problems found."""

    edition: Edition
    pages: int
    problems: tuple[Problem, ...]
    file: bytes | None

    @property
    def is_good(self) -> bool:
        """Tell whether it may be put on the shelf."""
        return self.file is not None and not errors(self.problems)


class Outcome(msgspec.Struct, frozen=True):
    """What became of an edition: its entry in the manifest, or None if it was not printed.

    `kept` is True if it was not printed and the file printed before is still there.
    """

    edition: Edition
    pages: int
    problems: tuple[Problem, ...]
    entry: shelf.Entry | None
    kept: bool


def proof(library: Library, edition: Edition, personal: Personal | None = None) -> Proof:
    """Compose, typeset, inspect and bind one edition; every fault becomes a problem of it.

    With `personal` it is one patient's, and must not be put on a shelf.
    """
    if recall := recalled(library, edition):
        return Proof(edition, 0, (recall,), None)
    try:
        composed = compose(library, edition, personal)
        if edition.format.medium == "print":
            return _printed(library, edition, composed)
        return _unpaged(library, edition, composed)
    except LeafletsError as error:
        return Proof(edition, 0, (fault_of_a_file(edition, error),), None)
    except Exception as error:  # noqa: BLE001 - one edition's fault must not stop the others
        return Proof(edition, 0, (_located(edition, _fault_of_ours(error)),), None)


def _printed(library: Library, edition: Edition, composed: Composition) -> Proof:
    rtl = edition.language.direction == "rtl"
    set_ = typeset(composed.html, folders_of(library), right_to_left=rtl, page=edition.format)
    problems = inspected(library, edition, composed, set_)
    return Proof(edition, len(set_.layout.pages), problems, set_.sheets)


def _unpaged(library: Library, edition: Edition, composed: Composition) -> Proof:
    """Make a web page or plain text, which have no pages to inspect."""
    if edition.format.medium == "screen":
        file = screen.standalone(composed.html, folders_of(library))
        words = "".join(one.words for one in text.texts_of(file.decode()))
    else:
        file = plain.written(composed.html)
        words = file.decode()
    found = (
        *composition.check(library, edition, composed),
        *text.check_written(composed.html, words),
    )
    return Proof(edition, 0, tuple(_located(edition, one) for one in found), file)


def folders_of(library: Library) -> list[Path]:
    """List the folders that a page may read figures and style from."""
    return [*library.roots.templates, *(Path(one) for one in [library.clinic.folder] if one)]


def inspected(
    library: Library, edition: Edition, composed: Composition, set_: Typeset
) -> tuple[Problem, ...]:
    """Run the checks of an edition over what was composed and typeset."""
    found = (
        *composition.check(library, edition, composed),
        *page.check(edition, set_.layout),
        *text.check_laid_out(composed.html, set_.layout),
        *(text.check_file(set_.pdf, set_.layout, edition.languages) if set_.pdf else ()),
    )
    return tuple(_located(edition, one) for one in found)


def _located(edition: Edition, problem: Problem) -> Problem:
    return msgspec.structs.replace(
        problem,
        leaflet=edition.leaflet.slug,
        language=problem.language or edition.language.tag,
        format=edition.format.id,
    )


def recalled(library: Library, edition: Edition) -> Problem | None:
    """Return why an edition was recalled, or None if it was not."""
    recall = library.recalls.get(edition.fingerprint)
    if recall is None:
        return None
    problem = Problem(
        code="GOV-06",
        message=f"{recall.code} was recalled by {recall.name} on {recall.on}:",
        text=recall.reason,
        hint="Change what is wrong; then it prints, under a new code.",
    )
    return _located(edition, problem)


def fault_of_a_file(edition: Edition, error: LeafletsError) -> Problem:
    """State that a file which an edition is made of cannot be used."""
    problem = Problem(code="FILE-01", message=str(error), hint="Then build again.")
    return _located(edition, problem)


def _fault_of_ours(error: BaseException) -> Problem:
    return Problem(
        code="SOFT-01",
        message="Leaflets failed here:",
        text=f"{type(error).__name__}: {error}",
        hint="Please report it.",
    )


def build(
    library: Library,
    editions: Sequence[Edition],
    folder: Path,
    jobs: int,
    announce: Callable[[Outcome], None],
) -> tuple[Outcome, ...]:
    """Print the editions into `folder` with `jobs` processes; call `announce` after each.

    Raises `MissingPartError` without a font, `OutputError` if the folder cannot be written, and
    `InputError` if the clinic's ledger cannot be read. The manifest and the ledger are brought up
    to date even if the build is interrupted. Files that were recalled are taken out of the folder.
    """
    shelf.prepare(folder)
    if library.clinic.is_named:
        ledger.read(Path(library.clinic.folder))
    shelf.withdraw(folder, library.recalls.keys())
    outcomes: dict[str, Outcome] = {}
    try:
        with closing(proofs(library, editions, jobs)) as found:
            for one in found:
                with _uninterrupted():  # a file on the shelf is always in the manifest
                    outcome = _shelved(one, folder)
                    outcomes[outcome.edition.file] = outcome
                announce(outcome)
    finally:
        with _uninterrupted():
            printed = [(one.edition, one.entry) for one in outcomes.values() if one.entry]
            shelf.write_manifest(folder, [entry for _, entry in printed])
            if library.clinic.is_named:
                record.enter(library, printed, approval.today())
    return tuple(outcomes[edition.file] for edition in editions)


def proofs(
    library: Library, editions: Sequence[Edition], jobs: int
) -> Generator[Proof, None, None]:
    """Lay editions out and inspect them, without putting anything on a shelf.

    Raises `MissingPartError` without a font.
    """
    with (
        isolated(fonts.locate(families(library, editions))),
        closing(_proofs(library, editions, jobs)) as found,
    ):
        yield from found


@contextmanager
def _uninterrupted() -> Iterator[None]:
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
    names = dict.fromkeys(
        name for edition in editions for language in edition.languages for name in language.fonts
    )
    return [library.fonts[name] for name in names]


def _shelved(one: Proof, folder: Path) -> Outcome:
    edition = one.edition
    if not one.is_good or one.file is None:
        kept = (folder / edition.file).is_file()
        return Outcome(edition, one.pages, one.problems, None, kept)
    entry = shelf.Entry(
        file=edition.file,
        leaflet=edition.leaflet.slug,
        language=edition.language.tag,
        beside=edition.beside.tag if edition.beside else "",
        format=edition.format.id,
        status=edition.status,
        code=edition.code,
        fingerprint=edition.fingerprint,
        pages=one.pages,
        sha256=shelf.shelve(folder, edition.file, one.file),
        reviewed=edition.release.reviewed if edition.release else None,
        due=edition.release.due if edition.release else None,
    )
    return Outcome(edition, one.pages, one.problems, entry, kept=False)


def _proofs(
    library: Library, editions: Sequence[Edition], jobs: int
) -> Generator[Proof, None, None]:
    """Yield proofs as they are finished; in one process if one is enough."""
    workers = min(jobs, len(editions))
    if workers <= 1:
        for edition in editions:
            yield proof(library, edition)
        return
    pool = ProcessPoolExecutor(workers, _processes(), _start, (library,))
    try:
        waiting = {pool.submit(_proof_in_worker, edition): edition for edition in editions}
        for done in as_completed(waiting):
            yield _collected(done, waiting[done])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _collected(done: Future[Proof], edition: Edition) -> Proof:
    try:
        return done.result()
    except BrokenProcessPool:
        died = RuntimeError("a worker process ended; the machine may have run out of memory")
        return Proof(edition, 0, (_located(edition, _fault_of_ours(died)),), None)


def _processes() -> multiprocessing.context.BaseContext:
    """Fork where that is safe: a warm parent gives workers that need not import anything."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


_library: Library


def _start(library: Library) -> None:
    """Keep the library in a worker process, so that it is not sent with each edition."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends the workers
    global _library  # noqa: PLW0603 - a worker process has no other place to keep it
    _library = library


def _proof_in_worker(edition: Edition) -> Proof:
    return proof(_library, edition)
