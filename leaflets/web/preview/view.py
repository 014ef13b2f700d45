"""A view: an edition as the preview shows it, with the place and the state of each sentence."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Literal

import msgspec

from leaflets import clock
from leaflets.catalogs import extract, po
from leaflets.catalogs.difference import Piece, difference
from leaflets.catalogs.message import SHARED, Message, Translation
from leaflets.checks import accepting, catalog
from leaflets.checks.catalog import Rules
from leaflets.compose.inputs import Inputs
from leaflets.compose.notes import Notebook
from leaflets.compose.plan import Edition
from leaflets.compose.survey import Survey
from leaflets.editions.make import Making, make_edition
from leaflets.errors import LeafletsError
from leaflets.library import overlay
from leaflets.library.formats import Medium
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library
from leaflets.problem import Problem
from leaflets.records.approval.dossier import roles_of
from leaflets.render.aloud import Spoken, spoken
from leaflets.render.layout import Layout, Page

State = Literal["missing", "fuzzy", "unsigned", "changed", "signed", "source"]


class Spot(msgspec.Struct, frozen=True):
    """Where a sentence stands on a page: a rectangle in percent of the sheet."""

    message: str
    page: int
    left: float
    top: float
    width: float
    height: float


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the preview shows it, in page order."""

    id: str
    domain: str
    source: tuple[str, ...]
    forms: tuple[str, ...]
    state: State
    notes: tuple[str, ...]
    previous: tuple[Piece, ...]
    problems: tuple[Problem, ...]
    file: str
    line: int
    pages: tuple[int, ...]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """An edition made for the preview.

    `medium` tells whether it is printed pages, a web page or plain text; only pages have spots, a
    sheet and something read aloud. `token` names its file. `digests` are of the catalogs that
    sentences come from, by domain, so that nobody's change is overwritten; `seconds` is how long it
    took to make.
    """

    leaflet: str
    language: str
    format: str
    medium: Medium
    direction: str
    token: str
    sheet: tuple[float, float] | None
    pages: int
    budget: int
    spots: tuple[Spot, ...]
    sentences: tuple[Sentence, ...]
    problems: tuple[Problem, ...]
    aloud: tuple[Spoken, ...]
    digests: Mapping[str, str]
    seconds: float


class Drawn(msgspec.Struct, frozen=True):
    """A view, and the file that it shows: a PDF page by page, a web page or plain text."""

    view: View
    file: bytes


class Subject(msgspec.Struct, frozen=True):
    """What is drawn: an edition, what its leaflet asks for, and who knows where its texts stand."""

    library: Library
    edition: Edition
    surveyed: Survey
    notebook: Notebook


class NotDrawnError(LeafletsError):
    """An edition that cannot be made, so that there is nothing to show."""


def draw(subject: Subject) -> Drawn:
    """Make an edition to be looked at, and say of each sentence how it stands.

    Raises `NotDrawnError` if it cannot be made.
    """
    library, edition = subject.library, subject.edition
    began = time.perf_counter()
    proof = make_edition(Inputs(library), edition, Making(purpose="look"))
    workings = proof.workings
    layout = workings.layout if workings else None
    file = workings.pdf if workings and layout else proof.file
    if workings is None or file is None:
        raise NotDrawnError(
            " and ".join(f"{problem.message} {problem.text}" for problem in proof.problems)
        )
    first = layout.pages[0].sheet if layout else None
    spots = tuple(_spots(layout)) if layout else ()
    asked = tuple(workings.composition.requested)
    view = View(
        leaflet=edition.leaflet.slug,
        language=edition.language.tag,
        format=edition.format.id,
        medium=edition.format.medium,
        direction=edition.language.direction,
        token=hashlib.sha256(file).hexdigest()[:24],
        sheet=(first.right, first.bottom) if first else None,
        pages=proof.pages,
        budget=edition.budget or 0,
        spots=spots,
        sentences=tuple(_sentences(subject, asked, spots, proof.problems)),
        problems=tuple(problem for problem in proof.problems if not problem.where),
        aloud=spoken(file) if layout else (),
        digests={
            domain: digest(path.read_bytes()) if path else ""
            for domain, path in _files(library, edition).items()
        },
        seconds=round(time.perf_counter() - began, 3),
    )
    return Drawn(view, file)


def digest(data: bytes) -> str:
    """Return the hash of a catalog, by which a change by somebody else is noticed."""
    return hashlib.sha256(data).hexdigest()


def _files(library: Library, edition: Edition) -> Mapping[str, Path | None]:
    tag = edition.language.tag
    return {
        domain: overlay.find(library.roots.locales, po.file_name(tag, domain))
        for domain in po.domains_of(edition.leaflet.slug)
    }


def _spots(pages: Layout) -> Iterator[Spot]:
    for number, page in enumerate(pages.pages, 1):
        boxes: dict[str, list[float]] = {}
        for run in page.runs:
            if run.message:
                area = run.area
                box = boxes.setdefault(run.message, [area.left, area.top, area.right, area.bottom])
                box[:2] = min(box[0], area.left), min(box[1], area.top)
                box[2:] = max(box[2], area.right), max(box[3], area.bottom)
        for message, box in boxes.items():
            yield _spot(message, number, box, page)


def _spot(message: str, number: int, box: Sequence[float], page: Page) -> Spot:
    left, top, right, bottom = box
    across, down = 100 / page.sheet.right, 100 / page.sheet.bottom
    return Spot(
        message,
        number,
        round(left * across, 3),
        round(top * down, 3),
        round((right - left) * across, 3),
        round((bottom - top) * down, 3),
    )


def _sentences(
    subject: Subject,
    asked: Sequence[tuple[str, str]],
    spots: Sequence[Spot],
    problems: Sequence[Problem],
) -> Iterator[Sentence]:
    """Yield the sentences of the page: as read where they are seen, and then the spoken ones."""
    library, edition = subject.library, subject.edition
    domains = po.domains_of(edition.leaflet.slug)
    messages = {
        message.key: (message, domain)
        for domain in domains
        for message in extract.domain(library, domain)
    }
    order = list(dict.fromkeys(spot.message for spot in spots))
    rank = {name: place for place, name in enumerate(order)}
    catalogs = {domain: po.load(library, edition.language.tag, domain) for domain in domains}
    state = _states(library, edition, subject.surveyed)
    own = _of_texts(library, edition.language, [messages[key] for key in asked], catalogs)
    for key in sorted(asked, key=lambda key: rank.get(key[0], len(rank))):
        message, domain = messages[key]
        translation = catalogs[domain].entries.get(key)
        on_page = (
            problem
            for problem in problems
            if problem.where == message.id and problem.code.startswith("PAGE-")
        )
        yield Sentence(
            id=message.id,
            domain=domain,
            source=message.source,
            forms=_forms(message, translation, edition),
            state=state(message, translation),
            notes=subject.notebook.notes(message),
            previous=_previous(message, translation),
            # Two plural forms with the same fault are one thing to say.
            problems=tuple(dict.fromkeys((*own.get(message.id, ()), *on_page))),
            file=catalog.file_of(library, catalogs[domain]),
            line=translation.line if translation else 0,
            pages=tuple(spot.page for spot in spots if spot.message == message.id),
        )


def _of_texts(
    library: Library,
    language: Language,
    messages: Iterable[tuple[Message, str]],
    catalogs: Mapping[str, po.Catalog],
) -> Mapping[str, tuple[Problem, ...]]:
    """Map ids of messages to what the checks find in their translations, and nobody accepted."""
    if language.tag == SOURCE:
        return {}
    rules = Rules(library, language)
    problems = chain.from_iterable(
        catalog.check_message(
            rules,
            message,
            catalogs[domain].entries.get(message.key),
            "" if domain in SHARED else domain,
        )
        for message, domain in messages
    )
    found: dict[str, tuple[Problem, ...]] = {}
    for problem in accepting.left(library, language.tag, problems, clock.today()):
        found[problem.where] = (*found.get(problem.where, ()), problem)
    return found


def _forms(message: Message, translation: Translation | None, edition: Edition) -> tuple[str, ...]:
    count = edition.language.plural_count if message.plural else 1
    return translation.forms if translation and len(translation.forms) == count else ("",) * count


def _previous(message: Message, translation: Translation | None) -> tuple[Piece, ...]:
    """Compare the English that a fuzzy translation was made from with the English of today."""
    if translation is None or not translation.fuzzy or not translation.previous:
        return ()
    return difference(translation.previous, message.plural or message.text)


class _states:  # noqa: N801 - used like a function
    """Tells how the translation of a message stands: missing, fuzzy, or signed off or not."""

    def __init__(self, library: Library, edition: Edition, surveyed: Survey) -> None:
        self._source = edition.language.tag == SOURCE
        self._layer = edition.language.parent == SOURCE
        roles = roles_of(library, surveyed, edition.leaflet, edition.language, clock.today())
        self._changed = {change.id for status in roles.values() for change in status.changes}
        self._signed = all(status.state in {"approved", "changed"} for status in roles.values())

    def __call__(self, message: Message, translation: Translation | None) -> State:
        if self._source:
            return "source"
        if translation is not None and translation.fuzzy:
            return "fuzzy"
        if (translation is None or not translation.usable) and not self._layer:
            return "missing"
        if message.id in self._changed:
            return "changed"
        return "signed" if self._signed else "unsigned"
