"""User testing: what the tester needs of a leaflet as it is printed, and what came of the test."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from leaflets.catalogs import po
from leaflets.compose import tested
from leaflets.compose.composition import Composition
from leaflets.compose.inputs import Inputs
from leaflets.compose.places import places
from leaflets.compose.plan import Edition, plan_one
from leaflets.editions.build import families
from leaflets.editions.make import Making, make_edition
from leaflets.errors import InputError, RequestError
from leaflets.library import fonts, usertest
from leaflets.library.load import Library
from leaflets.library.parts import Parts
from leaflets.library.sandbox import Sandbox
from leaflets.library.usertest import Question, UserTest
from leaflets.problem import errors
from leaflets.records import usertest as records
from leaflets.records.usertest import Interviewer
from leaflets.render import html_tree, needs
from leaflets.render.fontconfig import isolated
from leaflets.render.html_tree import Element
from leaflets.render.layout import Layout


class Place(msgspec.Struct, frozen=True):
    """Where an answer stands: the page, the heading above it, the message and its words."""

    page: int
    heading: str
    message: str
    text: str


class Asked(msgspec.Struct, frozen=True):
    """A question, and the places where its answer stands."""

    question: Question
    places: tuple[Place, ...]


class InHand(msgspec.Struct, frozen=True):
    """A leaflet as readers have it in hand: its edition, its questions, and its texts by digest."""

    edition: Edition
    code: str
    title: str
    asked: tuple[Asked, ...]
    texts: frozenset[str]

    @property
    def questions(self) -> tuple[Question, ...]:
        """List its questions."""
        return tuple(asked.question for asked in self.asked)


def in_hand(library: Library, slug: str, tag: str) -> InHand:
    """Make a leaflet on the paper of its country, and find where each answer stands.

    Raises `RequestError` for a leaflet or a language that does not exist, one that has no questions
    or cannot be printed; `InputError` if an answer stands nowhere on it.
    """
    if slug not in library.leaflets:
        raise RequestError(
            f"There is no leaflet “{slug}”; there are {', '.join(library.leaflets)}."
        )
    if tag not in library.languages:
        raise RequestError(
            f"There is no language “{tag}”; there are {', '.join(library.languages)}."
        )
    stated = usertest.questions(library.roots.templates, slug)
    if stated is None:
        raise RequestError(
            f"Nobody has written the questions of “{slug}” yet: docs/usertest.md says how, in"
            f" templates/leaflets/{slug}/{usertest.FILE}."
        )
    path, questions = stated
    needs.look([library], [tag])
    edition = plan_one(library, library.leaflets[slug], library.languages[tag])
    with isolated(fonts.locate(families(library, [edition]))):
        proof = make_edition(Inputs(library), edition, Making(purpose="look"))
    for problem in errors(proof.problems):
        raise RequestError(f"It cannot be tested, because of an error. {problem.sentence()}")
    if proof.workings is None or proof.workings.layout is None:
        raise RequestError(f"{edition.name} cannot be read, so it cannot be tested.")
    composition = proof.workings.composition
    return InHand(
        edition=edition,
        code=composition.code,
        title=composition.title,
        asked=tuple(_asked(library, path, questions.question, composition, proof.workings.layout)),
        texts=tested.texts(
            library,
            slug,
            composition.requested,
            composition.facts,
            po.chain(library, edition.language, slug),
        ),
    )


def _asked(
    library: Library,
    path: Path,
    questions: Sequence[Question],
    composition: Composition,
    layout: Layout,
) -> Iterator[Asked]:
    printed = places([composition], library.parts)
    words = _words(composition, library.parts)
    pages = _pages(layout)
    for question in questions:
        for message in question.messages:
            if message not in printed or message not in pages:
                raise InputError(
                    path,
                    f"“{message}” is not printed on the leaflet; name the message in which the"
                    " answer stands.",
                    at=f"question {question.id}",
                )
        yield Asked(
            question,
            tuple(
                Place(pages[message], printed[message].section, message, words[message])
                for message in question.messages
            ),
        )


def _pages(layout: Layout) -> dict[str, int]:
    """Map each message to the page that it is printed on first."""
    pages: dict[str, int] = {}
    for number, page in enumerate(layout.pages, 1):
        for run in page.runs:
            pages.setdefault(run.message, number)
    return pages


def _words(composition: Composition, parts: Parts) -> Mapping[str, str]:
    """Map each message to its words as they are printed first, with a line for each blank."""
    words: dict[str, str] = {}
    for element, _ in html_tree.elements(html_tree.parse(composition.html)):
        if element.message:
            words.setdefault(element.message, " ".join(_text(element, parts).split()))
    return words


def _text(element: Element, parts: Parts) -> str:
    return "".join(
        child
        if isinstance(child, str)
        else parts.in_words(child.names).before + _text(child, parts)
        for child in element.children
    )


def sheet(library: Library, held: InHand) -> bytes:
    """Write the tester's sheet and the table for ten readers as one page of HTML, to print."""
    roots = [root for root in library.roots.templates if (root / "usertest").is_dir()]
    environment = Sandbox([root / "usertest" for root in roots])
    html = environment.get_template("sheet.html").render(
        held=held,
        leaflet=held.edition.leaflet,
        language=held.edition.language,
        clinic=library.clinic,
        mark=usertest.pass_mark(library.roots.templates),
        readers=range(1, records.READERS + 1),
    )
    return html.encode()


def enter(
    library: Library, clinic: Path | None, held: InHand, file: Path, tester: Interviewer
) -> tuple[Path, UserTest, tuple[InputError, ...]]:
    """Enter the results of a table that was filled in; return where they stand, and its faults.

    With a fault nothing is entered. Raises `InputError` if the file is no such table.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(file, f"the file cannot be read ({error.strerror}).") from None
    filled = records.read(file, data, held.questions, held.texts)
    test = UserTest(
        leaflet=held.edition.leaflet.slug,
        name=tester.name.strip(),
        on=tester.on,
        day=tester.day,
        readers=max(filled.readers, 1),
        answers=filled.answers,
        texts=tuple(sorted(held.texts)),
    )
    if filled.faults:
        return file, test, filled.faults
    path, entry = records.enter(library, clinic, held.edition.language, test, tester.key)
    return path, entry, ()
