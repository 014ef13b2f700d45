"""The desk: what a receptionist can choose, and the packet that comes of it.

Nothing of the patient is kept. The ledger of the clinic gets the editions, as from any printing.
"""

import datetime as dt
import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import icu
import msgspec

from leaflets.catalogs import extract, marks, po
from leaflets.catalogs.message import DESK
from leaflets.catalogs.translator import Translator, of_desk
from leaflets.compose import personal
from leaflets.compose.inputs import Inputs
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition, Request, plan
from leaflets.compose.templates import environment
from leaflets.editions.codes import CODES, OF_PAGES, OF_ROOM
from leaflets.editions.packet import packet
from leaflets.errors import LeafletsError, RequestError
from leaflets.library import load
from leaflets.library.formats import Format
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library
from leaflets.problem import Problem, errors
from leaflets.records import entering
from leaflets.records.approval.dossier import is_signed
from leaflets.records.approval.rules import chosen
from leaflets.records.entering import Printed

#: More handouts than this are for several patients, and too many to make at once.
_MOST = 20

#: A language tag as browsers write them.
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")

_LOG = logging.getLogger(__name__)


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked for: leaflets in printed order, in a language and a format, for a patient.

    `own` is the language of the page at the desk; `drafts` that drafts are wanted all the same.
    """

    language: str
    leaflets: tuple[str, ...]
    format: str
    own: str = SOURCE
    drafts: bool = False
    personal: Personal = Personal()


class LanguageView(msgspec.Struct, frozen=True):
    """A language of the clinic as the page shows it; `called` is its name in that of the page."""

    tag: str
    autonym: str
    name: str
    called: str
    direction: str


class LeafletView(msgspec.Struct, frozen=True):
    """A leaflet as the page shows it: its title in the language of the page, and in English."""

    slug: str
    title: str
    english_title: str


class Given(msgspec.Struct, frozen=True):
    """A packet for a patient, and whether the clinic's ledger has its editions."""

    file: bytes
    entered: bool


class DraftError(LeafletsError):
    """A handout is a draft, and it was not said that it is wanted all the same."""


class Desk:
    """Makes pages and packets of the library of a clinic, as its files stand at that moment.

    A recall or a sign-off holds from the next packet on, without starting the desk again.
    """

    def __init__(self, clinic: Path | None, site: str = "", region: str = "") -> None:
        """Read the library; a fault in it is said before a browser opens."""
        self._clinic = clinic
        self._site = site
        self._region = region
        self.library = self._read()

    def _read(self) -> Library:
        return load.load_one(self._clinic, self._site, region=self._region)

    def page(self, own: str, today: dt.date, accepted: str = "") -> str:
        """Write the page of the desk in a language of the clinic, or in English.

        `own` is the language asked for, `accepted` what the browser says of its languages.
        """
        library = self._read()
        language = _spoken(library, own, accepted)
        slugs = library.clinic.leaflets or tuple(library.leaflets)
        earliest, latest = personal.near(today)
        filled = environment(library.roots.templates, of_desk(library, language))
        html = filled.get_template("desk/page.html").render(
            language=language,
            clinic=library.clinic.name,
            own_languages=_own_languages(library),
            languages=[_language(known, language) for known in _languages(library)],
            leaflets=[_leaflet(library, slug, language) for slug in slugs],
            formats=_formats(library),
            paper=library.region.paper,
            earliest=earliest.isoformat(),
            latest=latest.isoformat(),
        )
        return marks.unmarked(html)

    def drafts(self, language: str, today: dt.date) -> tuple[str, ...]:
        """List the leaflets that are drafts in a language; raise `RequestError` for an unknown one.

        Editions of a leaflet stand and fall together, so that one format tells.
        """
        library = self._read()
        asked = Request(languages=(language,), formats=(library.region.paper,))
        found = _standing(library, plan(library, asked), today)
        return tuple(edition.leaflet.slug for edition in found if edition.status == "draft")

    def packet(self, order: Order, today: dt.date) -> Given:
        """Print what is asked for into one file, and enter its editions into the ledger.

        Raises `RequestError` for what cannot be printed, `DraftError` if a handout is a draft and
        drafts were not asked for.
        """
        library = self._read()
        if not 0 < len(order.leaflets) <= _MOST or len(set(order.leaflets)) < len(order.leaflets):
            raise RequestError(f"Choose 1 to {_MOST} different handouts.")
        personal.check(order.personal, today)
        editions = _standing(library, _planned(library, order), today)
        if not order.drafts and any(edition.status == "draft" for edition in editions):
            raise DraftError("No clinician has checked these handouts.")
        made = packet(library, editions, _spoken(library, order.own, ""), order.personal)
        if made.file is None:
            raise RequestError(_held_back(library, order.personal, errors(made.problems)))
        return Given(made.file, _entered(library, made.given, today))


def _languages(library: Library) -> tuple[Language, ...]:
    """List the languages that the clinic prints."""
    chosen = library.clinic.languages or tuple(library.printed_languages)
    return tuple(library.languages[tag] for tag in chosen)


def _own_languages(library: Library) -> tuple[Language, ...]:
    """List the languages of the clinic that the words of the desk are translated into."""
    keys = [message.key for message in extract.domain(library, DESK)]
    return tuple(
        language for language in _languages(library) if _is_complete(library, language, keys)
    )


def _is_complete(library: Library, language: Language, keys: Sequence[tuple[str, str]]) -> bool:
    if SOURCE in {language.tag, language.parent}:
        return True
    catalog = po.load(library, language.tag, DESK)
    return all(po.find([catalog], key) for key in keys if po.asks_for(library, catalog, key))


def _spoken(library: Library, own: str, accepted: str) -> Language:
    """Choose the language of the page: as asked for, else as the browser accepts, else English."""
    known = {language.tag.casefold(): language for language in _own_languages(library)}
    for wanted in (own, *(part.partition(";")[0].strip() for part in accepted.split(","))):
        likely = (known.get(tag.casefold()) for tag in _near(wanted))
        if found := next((language for language in likely if language), None):
            return found
    return library.languages[SOURCE]


def _near(tag: str) -> Iterator[str]:
    """Yield a tag, and those that are less exact: es-MX, then es; zh-CN, then zh-Hans."""
    if not _TAG.fullmatch(tag):
        return
    yield tag
    locale = icu.Locale.forLanguageTag(tag)
    locale.addLikelySubtags()
    parts = locale.toLanguageTag().split("-")
    yield from ("-".join(parts[:count]) for count in range(len(parts), 0, -1))


def _language(language: Language, staff: Language) -> LanguageView:
    own = icu.Locale.forLanguageTag(staff.tag)
    called = str(icu.Locale.forLanguageTag(language.tag).getDisplayName(own))
    return LanguageView(language.tag, language.autonym, language.name, called, language.direction)


def _leaflet(library: Library, slug: str, staff: Language) -> LeafletView:
    leaflet = library.leaflets[slug]
    translator = Translator(staff, po.chain(library, staff, slug), library.parts)
    text = marks.unmarked(translator.pgettext(leaflet.title_id, leaflet.title))
    title = leaflet.title if translator.missing or translator.faults else text
    return LeafletView(slug, title, leaflet.title)


def _formats(library: Library) -> tuple[Format, ...]:
    """List the formats on paper, those of the region's paper first."""
    paper = library.region.paper
    printed = (format_ for format_ in library.formats.values() if format_.medium == "print")
    return tuple(
        sorted(printed, key=lambda format_: (format_.paper != paper, format_.sheet is not None))
    )


def _planned(library: Library, order: Order) -> Sequence[Edition]:
    """Plan the leaflets of an order, in its order."""
    if order.format not in {format_.id for format_ in _formats(library)}:
        raise RequestError("Choose one of the papers that are listed.")
    request = Request(leaflets=order.leaflets, languages=(order.language,), formats=(order.format,))
    found = {edition.leaflet.slug: edition for edition in plan(library, request)}
    return [found[slug] for slug in order.leaflets]


def _standing(library: Library, editions: Sequence[Edition], today: dt.date) -> Sequence[Edition]:
    """Turn those into releases whose approvals are complete and in date."""
    # To see that nobody signed is quick, and to compare what was signed is not.
    signed = [edition for edition in editions if is_signed(library, edition)]
    released, _ = chosen(library, signed, today)
    by_slug = {edition.leaflet.slug: edition for edition in released}
    return [by_slug.get(edition.leaflet.slug, edition) for edition in editions]


def _entered(library: Library, given: Sequence[Printed], today: dt.date) -> bool:
    """Enter editions into the ledger; where there is none, the patient gets the packet no less."""
    if not library.clinic.is_named:
        return False
    try:
        entering.enter([(Inputs(library), given)], today)
    except LeafletsError as error:
        _LOG.warning("Given out and not entered into the ledger: %s", error)
        return False
    return True


def _held_back(library: Library, typed: Personal, problems: Sequence[Problem]) -> str:
    """Say what holds a packet back; a problem may quote the page, so only its kind is said.

    What has no room was typed at the desk, if something was: the sheet fits without it. All else is
    mended by whoever looks after the handouts.
    """
    kinds = dict.fromkeys((problem.leaflet, problem.code) for problem in problems)
    faults = "; ".join(
        f"“{library.leaflets[slug].title if slug else 'The packet'}”: "
        f"{CODES[code].title.lower()} ({code})"
        for slug, code in kinds
    )
    codes = {code for _, code in kinds}
    # What has no room may be cut off as well, which other checks of the page find.
    if typed != Personal() and codes & OF_ROOM and codes <= OF_PAGES.keys():
        return f"It cannot be printed. {faults}. Shorten what you typed, or ask for help."
    remedies = " ".join(dict.fromkeys(CODES[code].remedy for _, code in kinds))
    return f"It cannot be printed. {faults}. Tell whoever looks after the handouts: {remedies}"
