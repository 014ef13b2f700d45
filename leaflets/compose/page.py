"""Page: what a template may ask for while an edition is composed, and the account of the asking."""

import datetime as dt

from markupsafe import Markup

from leaflets.catalogs.translator import Translator
from leaflets.compose import tested, views
from leaflets.compose.amounts import Amount, Numerals, isolated
from leaflets.compose.inputs import Input
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition, names_of
from leaflets.errors import InputError
from leaflets.library import logo, overlay, usertest
from leaflets.library.facts import Fact
from leaflets.library.load import Library
from leaflets.library.redflags import Flag, Tier
from leaflets.library.sources import Source


class Page:
    """What a template may ask for while one edition is composed; it keeps account of the asking."""

    def __init__(
        self,
        library: Library,
        edition: Edition,
        translator: Translator,
        personal: Personal | None,
    ) -> None:
        """Take what the page is made of; nothing is asked for yet."""
        self.asked: dict[Input, None] = {}
        self._library = library
        self._procedure = personal.procedure if personal else None
        self._edition = edition
        self._translator = translator
        tag = edition.language.icu_tag(library.clinic.digits, edition.region.code)
        self.numerals = Numerals(tag)
        self.personal = views.of_personal(personal, self.numerals) if personal else None
        self._days: list[str] = []
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

    def stamps(self) -> tuple[str, ...]:
        """Return what is printed though nobody writes it: the dates of a release, other languages.

        A draft has no dates.
        """
        release = self._edition.release
        days = (release.reviewed, release.due) if release else ()
        dates = (self.numerals.date(day).striptags() for day in days)
        return (*dates, *filter(None, [names_of(self._edition.others)]))

    def stated(self, *fact_ids: str) -> bool:
        """Tell whether all of these facts are stated here, so that a sentence may rest on them."""
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
        usual = [unit for unit in declared.units if unit in self._edition.region.units]
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
        days = self.numerals.days_from(begin, end)
        self._days.append(days.striptags())
        return days

    def details(self) -> tuple[str, ...]:
        """List all texts that stand on the page for one patient."""
        own = self.personal.texts() if self.personal else ()
        return tuple(text for text in (*own, *self._days) if text)

    def follow_up_day(self) -> int | None:
        """Return the day of the next visit, counted from the procedure, if the clinic states it."""
        self.asked["local fact", "follow-up-weeks"] = None
        weeks = self._library.clinic.local.get("follow-up-weeks")
        return round(weeks * 7) if isinstance(weeks, int | float) else None

    def is_tested(self) -> bool:
        """Tell whether readers tested exactly what was asked for so far, and it passed.

        Where the clinic requires keys it does not: here it is not known if a key proves the test.
        """
        slug, tag = self._edition.leaflet.slug, self._edition.language.tag
        self.asked["user test", tag, slug] = None
        if self._edition.as_if_tested:
            return True
        roots = self._library.roots
        test = usertest.results(roots.locales, tag, slug)
        if test is None or self._library.clinic.keys == "required":
            return False
        read = tested.texts(
            self._library,
            slug,
            self._translator.requested,
            self.used,
            self._translator.catalogs,
        )
        return test.has_passed(usertest.pass_mark(roots.templates)) and read == {*test.texts}

    def title(self) -> Markup:
        """Return the title in the language of the page."""
        leaflet = self._edition.leaflet
        return Markup(self._translator.pgettext(leaflet.title_id, leaflet.title))  # noqa: S704 - checked

    def _stated(self, fact_id: str) -> Fact | None:
        if not self._library.facts.has(fact_id):
            raise LookupError(f"there is no fact “{fact_id}” in facts.toml")
        region = self._edition.region.code
        self.asked["fact", fact_id, region] = None
        return self._library.facts.stated(fact_id, region)


def names(library: Library, edition: Edition, page: Page) -> dict[str, object]:
    """Map each name that a template may use to what it stands for."""
    region = edition.region
    return {
        "leaflet": edition.leaflet,
        "language": edition.language,
        "format": edition.format,
        "stacked": edition.format.stacked or edition.beside is not None,
        "beside": edition.beside,
        "other_languages": edition.others,
        "crop_marks": edition.crop_marks,
        "status": edition.status,
        "with_errors": edition.with_errors,
        "approval": edition.release and views.of_release(edition.release, page.numerals),
        "code": isolated(views.CODE),
        "sheet_address": views.of_address(library.clinic.address),
        "region": region,
        "country": views.of_country(region, edition.language, edition.format),
        "emergency_number": isolated(region.emergency_number),
        "crisis_line": isolated(region.crisis_line),
        "urgent_line": isolated(region.urgent_line) if region.urgent_line else "",
        "clinic": views.of_clinic(library, page.numerals),
        "fact": page.fact,
        "stated": page.stated,
        "local": page.local,
        "flags": page.flags,
        "flag_printed": page.flag_printed,
        "sources": page.sources,
        "is_tested": page.is_tested,
        "stage_days": page.stage_days,
        "follow_up_day": page.follow_up_day,
        "picture": page.picture,
        "style": page.style,
        "isolated": isolated,
        "day_numbers": page.numerals.days,
        "title": page.title(),
        "english_title": edition.leaflet.title,
        "foot_title": views.foot_title(edition.leaflet, edition.format),
        "personal": page.personal,
    }
