"""Views: a clinic, a release and a patient as templates see them, formatted for one language."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from markupsafe import Markup

from leaflets.compose.amounts import Numerals, isolated
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Released
from leaflets.library import cldr
from leaflets.library.formats import Format
from leaflets.library.languages import Language
from leaflets.library.leaflet import Leaflet
from leaflets.library.load import Library
from leaflets.library.regions import Region

#: Where a page waits for its edition code, alone and as a QR code: characters of private use.
CODE, QR = "\uf8f0", "\uf8f1"


class ClinicView(msgspec.Struct, frozen=True):
    """The clinic as a template sees it: formatted, isolated, blank where it states nothing."""

    name: Markup
    is_named: bool
    department: str
    phone: Markup
    out_of_hours: Markup
    has_out_of_hours: bool
    comments: Markup
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

    def texts(self) -> Iterator[str]:
        """Yield each text of them as it is printed."""
        yield from (self.when.striptags(), self.where)
        for medicine in self.medicines:
            yield from (medicine.name, medicine.last, medicine.restart, medicine.told_by)


def of_personal(personal: Personal, numerals: Numerals) -> PersonalView:
    """Format the details of one patient."""
    next_visit = personal.appointment
    return PersonalView(
        when=numerals.moment(next_visit.day, next_visit.time) if next_visit else Markup(""),
        where=next_visit.place if next_visit else "",
        medicines=tuple(
            MedicineView(
                medicine.name,
                medicine.keep,
                numerals.date(medicine.last).striptags() if medicine.last else "",
                numerals.date(medicine.restart).striptags() if medicine.restart else "",
                medicine.told_by,
            )
            for medicine in personal.medicines
        ),
    )


def of_release(release: Released, numerals: Numerals) -> ReviewView:
    """Format the dates of a release."""
    return ReviewView(numerals.date(release.reviewed), numerals.date(release.due))


def of_clinic(library: Library, numerals: Numerals) -> ClinicView:
    """Format what a clinic states, with a blank for a name or number that it does not."""
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
        comments=isolated(clinic.comments or clinic.phone)
        if clinic.comments or clinic.phone
        else long_blank,
        hours=tuple(numerals.hours(hours) for hours in clinic.hours),
        logo=picture,
    )


def of_country(region: Region, language: Language, format_: Format) -> Markup:
    """Name the country of a sheet in the language of the page; in English if CLDR cannot.

    On a card or a folded sheet it is the short name, where CLDR has one.
    """
    name = cldr.country_name(language.tag, region.code, short=format_.is_slim)
    if name:
        return Markup('<span class="country">{}</span>').format(name)
    return Markup('<span lang="en" dir="ltr">{}</span>').format(region.name)


def foot_title(leaflet: Leaflet, format_: Format) -> str:
    """Return the English title for the foot of a page: the short one where there is no room."""
    return (
        leaflet.short_title if format_.takes_short_title and leaflet.short_title else leaflet.title
    )


def of_address(address: str) -> SheetAddress | None:
    """Make the address of a sheet, with marks in the place of its code; None without one."""
    if not address:
        return None
    # A line may break after a slash, but not inside the edition code.
    text = Markup('<span class="isolated">{}<span class="whole">{}</span></span>')
    picture = Markup(QR)  # noqa: S704 - a single character of ours
    return SheetAddress(picture, text.format(address.removeprefix("https://"), CODE))
