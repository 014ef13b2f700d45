"""Compose: an edition's template, facts and catalogs become one HTML page and its account."""

import datetime as dt
from pathlib import Path

import jinja2
import msgspec
from markupsafe import Markup

from leaflets.catalogs import extract, marks, po, pseudo
from leaflets.catalogs.translator import Translator
from leaflets.compose import bilingual, qr
from leaflets.compose.amounts import Amount, Numerals, isolated
from leaflets.compose.breaking import with_breaks
from leaflets.compose.composition import Composition
from leaflets.compose.inputs import Input, Inputs
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition, Released
from leaflets.compose.templates import Loader, environment
from leaflets.errors import InputError
from leaflets.library import edition_code, logo, overlay
from leaflets.library.facts import Fact
from leaflets.library.load import Library
from leaflets.library.redflags import Flag, Tier
from leaflets.library.sandbox import FAULTS, reason
from leaflets.library.sources import Source

#: Where a page waits for its edition code, alone and as a QR code: characters of private use.
_CODE, _QR = "\uf8f0", "\uf8f1"


class ClinicView(msgspec.Struct, frozen=True):
    """The clinic as a template sees it: formatted, isolated, blank where it states nothing."""

    name: Markup
    is_named: bool
    department: str
    phone: Markup
    out_of_hours: Markup
    has_out_of_hours: bool
    hours: tuple[Markup, ...]
    logo: str


class SheetAddress(msgspec.Struct, frozen=True):
    """Where a sheet is found on the web: a QR code, and the same to be read and typed."""

    qr: Markup
    text: Markup


class ReviewView(msgspec.Struct, frozen=True):
    """The dates of a release as a template sees them: formatted in the language of the page."""

    reviewed: Markup
    due: Markup


class MedicineView(msgspec.Struct, frozen=True):
    """A row of the medicine table as a template sees it; what is not stated is empty."""

    name: str
    keep: bool | None
    last: str
    restart: str
    told_by: str


class PersonalView(msgspec.Struct, frozen=True):
    """The details of one patient as a template sees them, formatted in the language of the page."""

    when: Markup
    where: str
    medicines: tuple[MedicineView, ...]


class _Page:
    """What a template may ask for while one edition is composed; it keeps account of the asking."""

    def __init__(
        self,
        library: Library,
        edition: Edition,
        translator: Translator,
        personal: Personal | None,
    ) -> None:
        self.asked: dict[Input, None] = {}
        self._library = library
        self._procedure = personal.procedure if personal else None
        self._edition = edition
        self._translator = translator
        tag = edition.language.icu_tag(library.clinic.digits, library.region.code)
        self.numerals = Numerals(tag)
        self.used: dict[str, Fact] = {}
        self.asked_locally: dict[str, None] = {}
        self.printed: list[str] = []

    def fact(self, fact_id: str) -> Amount:
        """Format a fact; one that is not stated here is a blank, and names no source."""
        stated = self._stated(fact_id)
        if stated is None:
            return self.numerals.blank()
        self.used[fact_id] = stated
        return self.numerals.of_fact(stated)

    def claim(self, *fact_ids: str) -> bool:
        """Tell whether a claim that rests on these facts may be printed: all are stated here."""
        return all(self._stated(fact_id) is not None for fact_id in fact_ids)

    def local(self, fact_id: str) -> Amount:
        """Format what the clinic states, or leave a write-in blank."""
        declared = self._library.facts.local.get(fact_id)
        if declared is None:
            raise LookupError(f"there is no local fact “{fact_id}” in facts.toml")
        self.asked["local fact", fact_id] = None
        self.asked_locally[fact_id] = None
        value = self._library.clinic.local.get(fact_id)
        if value is not None:
            return self.numerals.of_local(value, declared.unit)
        usual = [unit for unit in declared.units if unit in self._library.region.units]
        return self.numerals.blank(*usual[:1])

    def flags(self, tier: Tier) -> list[Flag]:
        """List the warning signs of a tier, in printed order."""
        self.asked["warning signs", self._edition.leaflet.red_flags] = None
        chosen = self._library.red_flags[self._edition.leaflet.red_flags]
        return [flag for flag in chosen if flag.tier == tier]

    def flag_printed(self, flag_id: str) -> str:
        """Note that a warning sign was set on the page."""
        if flag_id not in self.printed:
            self.printed.append(flag_id)
        return ""

    def sources(self) -> list[Source]:
        """List the sources of the facts set so far, each once."""
        ids = dict.fromkeys(name for fact in self.used.values() for name in fact.sources)
        return [self._library.sources[name] for name in ids]

    def picture(self, name: str) -> str:
        """Return the address of a figure or icon, to stand in an `img`."""
        path = overlay.find(self._library.roots.templates, f"figures/{name}.svg")
        if path is None or not overlay.is_below(self._library.roots.templates, path):
            raise LookupError(f"there is no figure “{name}” in templates/figures")
        self.asked["figure", name] = None
        logo.check_figure(path)
        return path.as_uri()

    def style(self, name: str) -> str:
        """Return the address of a style sheet."""
        path = overlay.find(self._library.roots.templates, f"style/{name}.css")
        if path is None:
            raise InputError(
                f"templates/style/{name}.css", "the style sheet does not exist; restore it."
            )
        self.asked["style", name] = None
        return path.as_uri()

    def stage_days(self, first: int, last: int | None) -> Markup:
        """Format the days of a stage, counted from the procedure; empty if its day is not known."""
        if self._procedure is None:
            return Markup("")
        begin = self._procedure + dt.timedelta(first)
        end = None if last is None else self._procedure + dt.timedelta(last)
        return self.numerals.days_from(begin, end)

    def follow_up_day(self) -> int | None:
        """Return the day of the next visit, counted from the procedure, if the clinic states it."""
        self.asked["local fact", "follow-up-weeks"] = None
        weeks = self._library.clinic.local.get("follow-up-weeks")
        return round(weeks * 7) if isinstance(weeks, int | float) else None

    def title(self) -> Markup:
        """Return the title in the language of the page."""
        leaflet = self._edition.leaflet
        return Markup(self._translator.pgettext(leaflet.title_id, leaflet.title))  # noqa: S704 - checked

    def _stated(self, fact_id: str) -> Fact | None:
        if not self._library.facts.has(fact_id):
            raise LookupError(f"there is no fact “{fact_id}” in facts.toml")
        self.asked["fact", fact_id] = None
        return self._library.facts.stated(fact_id, self._library.region.code)


def compose(inputs: Inputs, edition: Edition, personal: Personal | None = None) -> Composition:
    """Fill the template of an edition; a bilingual one has each text in both of its languages.

    With `personal`, the blanks of one patient are filled; nothing of it is kept, and the edition
    code is that of the sheet without it. Raises `InputError` naming template and line if the
    template cannot be filled.
    """
    found = filled(inputs, edition)
    fingerprint = inputs.fingerprint(edition, found.html, found.inputs)
    if personal:
        found = filled(inputs, edition, personal)
    html = _with_code(found.html, inputs.library.clinic.address, edition_code.of(fingerprint))
    return msgspec.structs.replace(
        found, html=html, fingerprint=fingerprint, assets=inputs.assets(found.inputs)
    )


def filled(inputs: Inputs, edition: Edition, personal: Personal | None = None) -> Composition:
    """Compose an edition without its fingerprint; the places of its code hold a mark."""
    own = _composed(inputs, edition, personal)
    beside = None
    asked = own.inputs
    if edition.beside is not None:
        other = msgspec.structs.replace(edition, language=edition.beside)
        beside = _composed(inputs, other, personal)
        both = bilingual.interleaved(own.html, beside.html, edition.beside, inputs.library.parts)
        own = msgspec.structs.replace(own, html=both)
        asked = tuple(dict.fromkeys((*asked, *beside.inputs)))
    html = _finished(own.html, edition)
    return msgspec.structs.replace(own, html=html, beside=beside, inputs=asked)


def _composed(inputs: Inputs, edition: Edition, personal: Personal | None) -> Composition:
    """Fill the template in one language; the marks of `tracing` are still in the page."""
    library = inputs.library
    translator = Translator(edition.language, _catalogs(inputs, edition), library.overrides)
    page = _Page(library, edition, translator, personal)
    loader = Loader(inputs)
    filled = environment(library.roots.templates, translator, loader)
    context = _context(library, edition, page)
    context["personal"] = personal and _personal_view(personal, page.numerals)
    try:
        html = filled.get_template(edition.leaflet.template).render(context)
    except jinja2.TemplateSyntaxError as error:
        raise _template_error(
            error.filename, error.lineno, error.message or "syntax error"
        ) from None
    except jinja2.TemplateNotFound as error:
        raise InputError(
            edition.leaflet.template, f"the template {error} does not exist."
        ) from None
    except FAULTS as error:
        file, line = _raised_at(error)
        raise _template_error(file or edition.leaflet.template, line, reason(error)) from None
    return Composition(
        html=html,
        title=marks.unmarked(page.title()),
        inputs=_asked(inputs, edition, page, translator, loader),
        requested=dict(translator.requested),
        missing=tuple(translator.missing),
        faults=dict(translator.faults),
        flags=tuple(page.printed),
        facts=tuple(page.used),
        locals=tuple(page.asked_locally),
    )


def _asked(
    inputs: Inputs, edition: Edition, page: _Page, translator: Translator, loader: Loader
) -> tuple[Input, ...]:
    tag = edition.language.tag
    return (
        *inputs.always(edition),
        *(("template", name) for name in loader.loaded),
        *page.asked,
        *(("message", tag, *key) for key in translator.asked),
        *([("pseudo", tag, edition.leaflet.slug)] if edition.language.pseudo else ()),
    )


def _catalogs(inputs: Inputs, edition: Edition) -> list[po.Catalog]:
    """Read the catalogs of the language; make those of a pseudo-language from the templates."""
    library, language, slug = inputs.library, edition.language, edition.leaflet.slug
    if not language.pseudo:
        return inputs.catalogs(edition)
    return [pseudo.catalog(extract.domain(library, one), language) for one in po.domains_of(slug)]


def _finished(html: str, edition: Edition) -> str:
    """Trace the messages of pages to print, and mark where their lines may break."""
    if edition.format.medium != "print":
        return marks.unmarked(html)
    traced = marks.traced(html)
    for language in edition.languages:
        if language.line_breaks == "icu":
            traced = with_breaks(traced, language.tag)
    return traced


def _context(library: Library, edition: Edition, page: _Page) -> dict[str, object]:
    region = library.region
    return {
        "leaflet": edition.leaflet,
        "language": edition.language,
        "format": edition.format,
        "stacked": edition.format.stacked or edition.beside is not None,
        "beside": edition.beside,
        "crop_marks": edition.crop_marks,
        "status": edition.status,
        "approval": edition.release and _review(edition.release, page.numerals),
        "code": isolated(_CODE),
        "sheet_address": _sheet_address(library.clinic.address),
        "region": region,
        "emergency_number": isolated(region.emergency_number),
        "crisis_line": isolated(region.crisis_line),
        "urgent_line": isolated(region.urgent_line) if region.urgent_line else "",
        "clinic": _clinic_view(library, page.numerals),
        "fact": page.fact,
        "claim": page.claim,
        "local": page.local,
        "flags": page.flags,
        "flag_printed": page.flag_printed,
        "sources": page.sources,
        "stage_days": page.stage_days,
        "follow_up_day": page.follow_up_day,
        "picture": page.picture,
        "style": page.style,
        "isolated": isolated,
        "day_numbers": page.numerals.days,
        "title": page.title(),
        "english_title": edition.leaflet.title,
    }


def _personal_view(personal: Personal, numerals: Numerals) -> PersonalView:
    next_visit = personal.appointment
    return PersonalView(
        when=numerals.moment(next_visit.day, next_visit.time) if next_visit else Markup(""),
        where=next_visit.place if next_visit else "",
        medicines=tuple(
            MedicineView(
                one.name,
                one.keep,
                numerals.date(one.last).striptags() if one.last else "",
                numerals.date(one.restart).striptags() if one.restart else "",
                one.told_by,
            )
            for one in personal.medicines
        ),
    )


def _review(release: Released, numerals: Numerals) -> ReviewView:
    return ReviewView(numerals.date(release.reviewed), numerals.date(release.due))


def _clinic_view(library: Library, numerals: Numerals) -> ClinicView:
    clinic = library.clinic
    long_blank = Markup('<span class="blank long"></span>')
    picture = (Path(clinic.folder) / clinic.logo).as_uri() if clinic.logo else ""
    return ClinicView(
        name=Markup("{}").format(clinic.name) if clinic.name else long_blank,
        is_named=bool(clinic.name),
        department=clinic.department,
        phone=isolated(clinic.phone) if clinic.phone else long_blank,
        out_of_hours=isolated(clinic.out_of_hours) if clinic.out_of_hours else long_blank,
        has_out_of_hours=bool(clinic.out_of_hours),
        hours=tuple(numerals.hours(hours) for hours in clinic.hours),
        logo=picture,
    )


def _sheet_address(address: str) -> SheetAddress | None:
    if not address:
        return None
    # A line may break after a slash, but not inside the edition_code.
    text = Markup('<span class="isolated">{}<span class="whole">{}</span></span>')
    picture = Markup(_QR)  # noqa: S704 - a single character of ours
    return SheetAddress(picture, text.format(address.removeprefix("https://"), _CODE))


def _with_code(html: str, address: str, edition_code: str) -> str:
    """Put the edition code where a page waits for it: it is made of the rest of the page."""
    if _QR in html:
        html = html.replace(_QR, qr.svg(address + edition_code))
    return html.replace(_CODE, edition_code)


def _raised_at(error: BaseException) -> tuple[str | None, int]:
    """Find the innermost template line that an error passed through."""
    file, line = None, 0
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith(".html"):
            file, line = name, trace.tb_lineno
        trace = trace.tb_next
    return file, line


def _template_error(file: str | None, line: int | None, message: str) -> InputError:
    text = message[:1].lower() + message[1:].rstrip(".")
    at = f"line {line}" if line else ""
    return InputError(file or "template", f"{text}; correct the template.", at=at)
