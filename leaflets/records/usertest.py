"""User tests: the table that a tester fills in, what is entered of it, and how it stands today."""

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from leaflets import files
from leaflets.catalogs import po
from leaflets.compose import tested
from leaflets.errors import InputError, RequestError
from leaflets.library import usertest
from leaflets.library.languages import Language
from leaflets.library.leaflet import Leaflet
from leaflets.library.load import Library
from leaflets.library.usertest import Answered, PassMark, Question, UserTest
from leaflets.problem import Problem
from leaflets.records import keys

if TYPE_CHECKING:
    from leaflets.compose.survey import Survey

#: How many readers the table has room for: those of one round.
READERS = 10

_COLUMNS = ("question", "kind", "ask")

#: The row under the questions, which says what was tested.
_TEXTS = "texts"

_ANSWERS: Mapping[str, bool] = {"y": True, "yes": True, "n": False, "no": False}

State = Literal["passed", "failed", "changed", "refused"]


class Standing(msgspec.Struct, frozen=True):
    """How the user test of a leaflet in a language stands today.

    `is_changed` tells whether the texts are not those that were tested, `failed` are the questions
    that too few could answer, and `key` is the fingerprint of the key that proves who entered it.
    """

    state: State
    test: UserTest
    is_changed: bool
    failed: tuple[Answered, ...]
    key: str = ""
    problem: Problem | None = None


def standing(
    library: Library, surveyed: "Survey", leaflet: Leaflet, language: Language
) -> Standing | None:
    """Look up how the newest test of a leaflet in a language stands; None if there was none."""
    test = usertest.results(library.roots.locales, language.tag, leaflet.slug)
    if test is None:
        return None
    mark = usertest.pass_mark(library.roots.templates)
    verdict = keys.judge(library, test)
    is_changed = not _is_unchanged(library, surveyed, leaflet, language, test)
    state: State = "passed" if test.has_passed(mark) else "failed"
    if verdict.problem:
        state = "refused"
    elif is_changed:
        state = "changed"
    return Standing(state, test, is_changed, test.failed(mark), verdict.key, verdict.problem)


def _is_unchanged(
    library: Library, surveyed: "Survey", leaflet: Leaflet, language: Language, test: UserTest
) -> bool:
    """Tell whether a branch of the leaflet has exactly the texts that were tested."""
    catalogs = po.chain(library, language, leaflet.slug)
    read = frozenset(test.texts)
    return any(
        tested.texts(library, leaflet.slug, page.requested, page.facts, catalogs) == read
        for page in surveyed.pages
    )


def table(questions: Sequence[Question], texts: Collection[str]) -> bytes:
    """Write the table to fill in, as CSV in UTF-8 with the mark that spreadsheets know it by."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*_COLUMNS, *_headings()))
    for question in questions:
        writer.writerow((question.id, question.kind, question.ask, *[""] * (2 * READERS)))
    writer.writerow((_TEXTS, together(texts)))
    return text.getvalue().encode("utf-8-sig")


def _headings() -> Iterator[str]:
    for reader in range(1, READERS + 1):
        yield f"found {reader}"
        yield f"understood {reader}"


def together(texts: Collection[str]) -> str:
    """Digest all texts of a leaflet into one, by which a table is bound to what was tested."""
    return hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()[:32]


class Filled(msgspec.Struct, frozen=True):
    """A table that came back: how many readers, what they answered, and what was wrong with it."""

    readers: int
    answers: tuple[Answered, ...]
    faults: tuple[InputError, ...]


def read(path: Path, data: bytes, questions: Sequence[Question], texts: Collection[str]) -> Filled:
    """Read a table that came back; its faults are listed, each in a sentence that names the line.

    A reader whose columns are empty did not take part. Raises `InputError` if it is no such table.
    """
    rows = _rows(path, data)
    faults: list[InputError] = []
    readers = [reader for reader in range(READERS) if any(_cells(row, reader) for row in rows[1:])]
    if not readers:
        faults.append(InputError(path, "nobody's answers are filled in; write y or n."))
    lines = {row[0].strip(): (number, row) for number, row in enumerate(rows, 1) if number > 1}
    stated = lines.pop(_TEXTS, (0, ["", ""]))[1]
    if stated[1:2] != [together(texts)]:
        faults.append(
            InputError(
                path,
                "the leaflet is not the one that this table was made for; test the newest one, or"
                f" restore the row “{_TEXTS}” if it was changed.",
            )
        )
    asked = {question.id for question in questions}
    for name, (number, _) in lines.items():
        if name not in asked:
            said = f"there is no question “{name}” of this leaflet; take the line out."
            faults.append(InputError(path, said, at=f"line {number}"))
    answers = []
    for question in questions:
        if question.id not in lines:
            said = f"the question “{question.id}” is missing; restore its line."
            faults.append(InputError(path, said))
            continue
        number, row = lines[question.id]
        counted = [_answer(path, number, row, reader, faults) for reader in readers]
        found = sum(one for one, _ in counted)
        answers.append(Answered(question.id, found, sum(two for _, two in counted)))
    return Filled(len(readers), tuple(answers), tuple(faults))


def _rows(path: Path, data: bytes) -> list[list[str]]:
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), strict=True))
    except UnicodeDecodeError:
        raise InputError(path, "it is not in UTF-8; save it as CSV UTF-8.") from None
    except csv.Error as error:
        raise InputError(path, f"it is no table ({error}); save it as CSV.") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    wanted = [*_COLUMNS, *_headings()]
    if not rows or [cell.strip() for cell in rows[0]] != wanted:
        raise InputError(
            path,
            "its first line is not that of the table; fill in the file that `leaflets usertest`"
            " writes, and save it as CSV with commas.",
            at="line 1",
        )
    return rows


def _cells(row: Sequence[str], reader: int) -> tuple[str, ...]:
    """Return what is written for a reader in a row; nothing if both cells are empty."""
    if row[0].strip() == _TEXTS:
        return ()
    first = len(_COLUMNS) + 2 * reader
    cells = tuple(cell.strip().casefold() for cell in row[first : first + 2])
    return cells if any(cells) else ()


def _answer(
    path: Path, number: int, row: Sequence[str], reader: int, faults: list[InputError]
) -> tuple[bool, bool]:
    """Read whether a reader found an answer and understood it; note what is wrong with it."""
    found, understood = (*_cells(row, reader), "", "")[:2]
    at = f"line {number}, reader {reader + 1}"
    if found not in _ANSWERS:
        said = f"“{found}” under “found” is neither y nor n; write one of them."
        faults.append(InputError(path, said, at=at))
        return False, False
    if not _ANSWERS[found]:
        if _ANSWERS.get(understood):
            said = "nobody can understand what they did not find; correct one of the two."
            faults.append(InputError(path, said, at=at))
        return False, False
    if understood not in _ANSWERS:
        said = f"“{understood}” under “understood” is neither y nor n; write one of them."
        faults.append(InputError(path, said, at=at))
        return True, False
    return True, _ANSWERS[understood]


class Interviewer(msgspec.Struct, frozen=True):
    """Who enters a test, on which day it was, on which day it is entered, and with which key."""

    name: str
    day: dt.date
    on: dt.date
    key: Path | None = None


def enter(
    library: Library,
    clinic: Path | None,
    language: Language,
    test: UserTest,
    key: Path | None,
) -> tuple[Path, UserTest]:
    """Enter a test into the clinic's folder, or the library's; return its file and the entry.

    Raises `RequestError` for a day that is yet to come, and if the key is not that of the person;
    then nothing is written.
    """
    if test.day > test.on:
        raise RequestError(f"--day: {test.day} is yet to come; write the day of the test.")
    root = clinic / "locales" if clinic else library.roots.locales[-1]
    file = usertest.file_of(language.tag)
    entry = keys.signed(library, test, key)
    files.write(root, file, usertest.encoded(usertest.read(root / file), entry))
    return root / file, entry


def outcome(test: UserTest, mark: PassMark) -> str:
    """Say in a sentence what came of a test."""
    people = "1 reader" if test.readers == 1 else f"{test.readers} readers"
    failed = test.failed(mark)
    asked = len(test.answers)
    if test.readers < mark.readers:
        return f"{people} on {test.day}: too few, the mark is {mark.readers}"
    if not failed:
        return f"{people} on {test.day}: passed, all {asked} questions"
    return f"{people} on {test.day}: not passed, {len(failed)} of {asked} questions failed"
