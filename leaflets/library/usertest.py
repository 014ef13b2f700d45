"""User test: questions that readers answer with a leaflet in hand, and what came of it.

The questions of a leaflet stand in `usertest.toml` beside its prose, the mark to pass in
`templates/usertest.toml`, and the results beside the sign-offs, `locales/<language>/usertest.toml`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
import tomli_w
from msgspec import Meta

from leaflets.errors import InputError
from leaflets.library import overlay, seal, toml
from leaflets.library.accepted import MessageId
from leaflets.library.seal import Entry
from leaflets.library.sources import Source
from leaflets.library.values import Digest, Id, Words, described

FILE = "usertest.toml"

#: What a question asks of a reader: to find a place, to say it in their own words, to act.
Kind = Literal["find", "understand", "do"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: The fewest questions of each kind.
_LEAST = 3

_Readers = Annotated[int, Meta(title="a number of readers", ge=1, le=500)]
_Percent = Annotated[int, Meta(title="a percentage", ge=1, le=100)]

_HEAD = (
    "# What readers found and understood. `leaflets usertest --results` writes this file; review\n"
    "# it, and keep it in version control. An entry changed by hand is refused.\n\n"
)


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of a reader, the answer, and where it stands."""

    id: Annotated[Id, described("Its name, by which results count it.", "blood-thinner")]
    kind: Annotated[Kind, described("Whether the reader is to find, to understand or to act.")]
    ask: Annotated[Words, described("What the tester asks, in English.", "May you drive today?")]
    answer: Annotated[Words, described("What a reader must say or show.", "No.")]
    messages: Annotated[
        tuple[MessageId, ...],
        Meta(min_length=1, max_length=10),
        described("The messages in which the answer stands.", ["recovery.walk"]),
    ]


class Questions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The questions of one leaflet, 12 to 15, with 3 or more of each kind."""

    question: Annotated[tuple[Question, ...], Meta(min_length=12, max_length=15)]


class PassMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When a leaflet has passed, question by question, and who says so."""

    readers: Annotated[_Readers, described("The fewest readers.", 10)]
    found: Annotated[_Percent, described("How many in 100 readers must find the answer.", 90)]
    understood: Annotated[
        _Percent, described("How many in 100 of those who found it must understand it.", 90)
    ]
    source: Annotated[Source, described("Where the mark comes from.")]


class Answered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many readers found the answer to a question, and how many of them understood it."""

    id: Annotated[Id, described("The question.", "blood-thinner")]
    found: Annotated[
        Annotated[int, Meta(ge=0, le=500)], described("How many readers found the answer.", 9)
    ]
    understood: Annotated[
        Annotated[int, Meta(ge=0, le=500)], described("How many of these understood it.", 9)
    ]

    def said(self, readers: int) -> str:
        """Say how many of some readers found the answer, and understood it."""
        return (
            f"{self.id}: {self.found} of {readers} found the answer, and {self.understood} of these"
            " understood it"
        )


class UserTest(Entry, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What came of a test: readers, answers, and exactly which texts they read."""

    leaflet: Annotated[Id, described("The leaflet.", "recovery")]
    day: Annotated[dt.date, described("The day of the test.", dt.date(2027, 3, 1))]
    readers: Annotated[_Readers, described("How many people took part.", 10)]
    answers: Annotated[tuple[Answered, ...], described("What they answered to each question.")]
    texts: Annotated[tuple[Digest, ...], described("The digests of the texts that they read.")]

    @property
    def right(self) -> str:
        """Name what the key must be allowed to do: enter the results of user tests."""
        return "usertest"

    def failed(self, mark: PassMark) -> tuple[Answered, ...]:
        """List the questions that too few readers could answer."""
        return tuple(
            answered
            for answered in self.answers
            if 100 * answered.found < mark.found * self.readers
            or 100 * answered.understood < mark.understood * answered.found
        )

    def has_passed(self, mark: PassMark) -> bool:
        """Tell whether enough readers took part, and enough of them could answer each question."""
        return self.readers >= mark.readers and not self.failed(mark)


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The results of the user tests in one language, the newest of each leaflet."""

    test: tuple[UserTest, ...] = ()


def questions(templates: Sequence[Path], slug: str) -> tuple[Path, Questions] | None:
    """Read the questions of a leaflet, with their file; None if it has none.

    Raises `InputError` if two have one name, or there are too few of a kind.
    """
    path = overlay.find(templates, f"leaflets/{slug}/{FILE}")
    if path is None:
        return None
    asked = toml.read(path, Questions)
    names = Counter(question.id for question in asked.question)
    if twice := [name for name, count in names.items() if count > 1]:
        raise InputError(
            path, f"two questions are called “{twice[0]}”; name each once.", at="question"
        )
    kinds = Counter(question.kind for question in asked.question)
    for kind in KINDS:
        if kinds[kind] < _LEAST:
            raise InputError(
                path,
                f"there are {kinds[kind]} questions of the kind “{kind}”; ask {_LEAST} or more.",
                at="question",
            )
    return path, asked


def pass_mark(templates: Sequence[Path]) -> PassMark:
    """Read the mark to pass; the first root that has one wins."""
    path = overlay.find(templates, FILE)
    if path is None:
        raise InputError(f"templates/{FILE}", "the file does not exist; restore it.")
    return toml.read(path, PassMark)


def file_of(tag: str) -> str:
    """Name the results of a language, relative to a locale root."""
    return f"{tag.replace('-', '_')}/{FILE}"


def results(locales: Sequence[Path], tag: str, slug: str) -> UserTest | None:
    """Return the newest test of a leaflet in a language, from every locale root; None without."""
    entries = (test for path in overlay.each(locales, file_of(tag)) for test in read(path))
    own = (test for test in entries if test.leaflet == slug)
    return max(own, key=lambda test: (test.day, test.on), default=None)


def read(path: Path) -> tuple[UserTest, ...]:
    """Read one file of results; one that does not exist is empty.

    Raises `InputError` for an entry that was changed by hand, or that cannot be.
    """
    if not path.is_file():
        return ()
    tests = toml.read(path, File).test
    seal.check(path, "test", tests)
    return tests


def encoded(before: Sequence[UserTest], test: UserTest) -> bytes:
    """Write a file of results with one more, which takes the place of an older one."""
    kept = [other for other in before if other.leaflet != test.leaflet]
    ordered: list[UserTest] = sorted((*kept, test), key=lambda entry: entry.leaflet)
    rows = seal.rows(ordered)
    return _HEAD.encode() + tomli_w.dumps({"test": rows}).encode()
