"""The desk: what a receptionist can choose, and the packet that comes of it. Nothing is kept."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from leaflets import approval, personal
from leaflets.catalogs import extract, po, tracing
from leaflets.catalogs.message import DESK
from leaflets.catalogs.translator import Translator
from leaflets.errors import LeafletsError, RequestError
from leaflets.library import load
from leaflets.library.formats import Format
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library
from leaflets.packet import packet
from leaflets.personal import Personal
from leaflets.plan import Edition, Request, plan
from leaflets.problem import KINDS, errors
from leaflets.typesetting.compose import environment

#: What is printed side by side with a cover; a screen and a sheet that is folded are not.
_MOST = 20


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


class DraftError(LeafletsError):
    """A handout is a draft, and it was not said that it is wanted all the same."""


class Desk:
    """Holds the library of a clinic, and makes pages and packets of it."""

    def __init__(self, clinic: Path | None, site: str = "") -> None:
        """Read the library once, so that a fault in it is said before a browser opens."""
        self._clinic, self._site = clinic, site
        self.library = load.load_one(clinic, site)

    def languages(self) -> tuple[Language, ...]:
        """List the languages that the clinic prints."""
        chosen = self.library.clinic.languages or tuple(self.library.printed_languages)
        return tuple(self.library.languages[tag] for tag in chosen)

    def formats(self) -> tuple[Format, ...]:
        """List the formats of single pages, on the paper of the region first."""
        paper = self.library.region.paper
        printed = [
            one
            for one in self.library.formats.values()
            if one.medium == "print" and one.sheet is None and one.arrangement == "leaflet"
        ]
        return tuple(sorted(printed, key=lambda one: one.paper != paper))

    def page(self, own: str) -> str:
        """Write the page of the desk in a language of the clinic, or in English."""
        language = self._own(own)
        library = self.library
        words = _Words(library, language)
        slugs = library.clinic.leaflets or tuple(library.leaflets)
        return words.rendered(
            "desk/page.html",
            {
                "clinic": library.clinic.name,
                "own_languages": self._own_languages(),
                "languages": self.languages(),
                "leaflets": [
                    {
                        "slug": slug,
                        "title": _title(library, library.leaflets[slug].slug, language),
                        "english_title": library.leaflets[slug].title,
                    }
                    for slug in slugs
                ],
                "formats": self.formats(),
                "paper": library.region.paper,
                "medicine": {
                    "name": words("common.medicines.name", "Medicine"),
                    "keep": words("common.medicines.keep", "Keep taking it?"),
                    "last": words("common.medicines.last", "Take the last one on"),
                    "restart": words("common.medicines.restart", "Start again on"),
                    "who": words("common.medicines.who", "Who told you"),
                    "yes": words("common.yes", "Yes"),
                    "no": words("common.no", "No"),
                },
            },
        )

    def _own_languages(self) -> tuple[Language, ...]:
        """List the languages of the clinic that the words of the desk are translated into."""
        library = self.library
        messages = extract.domain(library, DESK)
        return tuple(
            one
            for one in self.languages()
            if one.tag == SOURCE or _complete(library, one, [message.key for message in messages])
        )

    def _own(self, tag: str) -> Language:
        known = {one.tag: one for one in self._own_languages()}
        return known.get(tag, self.library.languages[SOURCE])

    def packet(self, order: Order, today: dt.date) -> bytes:
        """Print what is asked for into one file.

        Raises `RequestError` for what cannot be printed, `DraftError` if a handout is a draft and
        drafts were not asked for.
        """
        if not 0 < len(order.leaflets) <= _MOST or len(set(order.leaflets)) < len(order.leaflets):
            raise RequestError(f"Choose 1 to {_MOST} different handouts.")
        personal.check(order.personal, today)
        # Read anew: an edition that was recalled meanwhile must not be printed.
        self.library = load.load_one(self._clinic, self._site)
        editions = self._editions(order, today)
        if not order.drafts and any(one.status == "draft" for one in editions):
            raise DraftError("No clinician has checked these handouts.")
        made = packet(self.library, editions, self._own(order.own), order.personal)
        if made.file is None:
            # A problem may quote the page, and with it the patient: only its kind is said.
            kinds = dict.fromkeys((one.leaflet, one.code) for one in errors(made.problems))
            faults = (f"{slug}: {KINDS[code].title.lower()} ({code})" for slug, code in kinds)
            raise RequestError(
                f"It cannot be printed. {'; '.join(faults)}. Shorten what you typed."
            )
        return made.file

    def _editions(self, order: Order, today: dt.date) -> Sequence[Edition]:
        found: list[Edition] = []
        if order.format not in {one.id for one in self.formats()}:
            raise RequestError("Choose one of the papers that are listed.")
        for slug in order.leaflets:
            request = Request(
                leaflets=(slug,), languages=(order.language,), formats=(order.format,)
            )
            drafts = plan(self.library, request)
            released, _ = approval.chosen(self.library, drafts, today)
            found += released or drafts
        return found


class _Words:
    """The words of the desk in a language."""

    def __init__(self, library: Library, language: Language) -> None:
        self._library = library
        self._language = language
        catalogs = po.chain(library.roots.locales, language, DESK)
        self._translator = Translator(language, catalogs)

    def __call__(self, message: str, text: str) -> str:
        return tracing.unmarked(self._translator.pgettext(message, text))

    def rendered(self, template: str, values: Mapping[str, object]) -> str:
        """Fill a template with words and values."""
        filled = environment(self._library.roots.templates, self._translator)
        context = {"language": self._language, **values}
        return tracing.unmarked(filled.get_template(template).render(context))


def _complete(library: Library, language: Language, keys: Sequence[tuple[str, str]]) -> bool:
    catalogs = po.chain(library.roots.locales, language, DESK)
    return language.parent == SOURCE or all(po.find(catalogs, key) for key in keys)


def _title(library: Library, slug: str, language: Language) -> str:
    leaflet = library.leaflets[slug]
    translator = Translator(language, po.chain(library.roots.locales, language, slug))
    text = tracing.unmarked(translator.pgettext(leaflet.title_id, leaflet.title))
    return leaflet.title if translator.missing or translator.faults else text
