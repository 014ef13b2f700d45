"""Read the whole library at once, and check what one file says of another."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from leaflets.errors import InputError, RequestError
from leaflets.library import (
    claims,
    clinic,
    facts,
    fonts,
    formats,
    languages,
    leaflet,
    overlay,
    overrides,
    parts,
    plurals,
    recalls,
    redflags,
    regions,
    sites,
    sources,
)
from leaflets.library.clinic import Clinic
from leaflets.library.languages import Language
from leaflets.library.parts import Parts
from leaflets.library.regions import Region


class Library(msgspec.Struct, frozen=True):
    """All that an edition can depend on, apart from its templates and catalogs.

    `clinic` is what is printed for: a site of the clinic folder, or what the folder states on top.
    `sites` are all sites of the folder; most have none.
    """

    roots: overlay.Roots
    leaflets: Mapping[str, leaflet.Leaflet]
    facts: facts.Facts
    sources: Mapping[str, sources.Source]
    claims: claims.Claims
    regions: Mapping[str, Region]
    red_flags: Mapping[str, tuple[redflags.Flag, ...]]
    formats: Mapping[str, formats.Format]
    refused_formats: Mapping[str, str]
    languages: Mapping[str, Language]
    plural_forms: Mapping[str, str]
    fonts: Mapping[str, fonts.Family]
    clinic: Clinic
    sites: Mapping[str, Clinic]
    recalls: Mapping[str, recalls.Recall]
    overrides: Mapping[str, overrides.Override]
    parts: Parts

    @property
    def printed_languages(self) -> Mapping[str, Language]:
        """Return the languages to print: neither begun only, nor made to try the pages with.

        One whose country is not settled is among them only if the clinic names it.
        """
        return {
            tag: language
            for tag, language in self.languages.items()
            if not language.pseudo
            and not language.begun
            and (tag in self.clinic.languages or self.is_country_settled(language))
        }

    @property
    def region(self) -> Region:
        """Return the region of the clinic, and of each language without a country of its own."""
        return self.regions[self.clinic.region]

    def region_of(self, *languages: Language) -> Region:
        """Return the region of a sheet in a language, or in two.

        It is what the clinic states for the language, else the language's own country, else the
        region of the clinic. Raises `RequestError` for two languages of two countries: a sheet has
        one emergency number.
        """
        codes = {language.tag: self._country_of(language) for language in languages}
        countries = dict.fromkeys(filter(None, codes.values()))
        if len(countries) > 1:
            both = " and ".join(f"{tag} for {code}" for tag, code in codes.items())
            raise RequestError(f"One sheet cannot be for two countries: {both}. Print them apart.")
        return self.regions[next(iter(countries), self.clinic.region)]

    def _country_of(self, language: Language) -> str:
        stated = self.clinic.language.get(language.tag)
        return stated.region if stated else language.region

    def is_country_settled(self, language: Language) -> bool:
        """Tell whether there is no doubt for which country sheets in a language are.

        There is if the language has a country of its own, the clinic is in another one, and does
        not state which of them it is.
        """
        return (
            not self.clinic.is_named
            or language.region in {"", self.clinic.region}
            or language.tag in self.clinic.language
        )


def load(clinic_folder: Path | None, site: str = "", *, region: str = "") -> Library:
    """Read the library, and the clinic's own folder over it, for a site if one is named.

    Without a folder, `region` says for which country it is printed. Raises `InputError` with file
    and key for anything that cannot be used, `RequestError` for a site or a region that does not
    exist.
    """
    roots = overlay.roots(clinic_folder)
    forms = plurals.load(roots.locales)
    library = Library(
        roots=roots,
        leaflets=leaflet.load(roots.templates),
        facts=facts.load(roots.templates),
        sources=sources.load(roots.templates),
        claims=claims.load(roots.templates),
        regions=regions.load(roots.templates),
        red_flags=redflags.load(roots.templates),
        formats=formats.load(roots.templates),
        refused_formats=formats.refused(roots.templates),
        languages=languages.load(roots.locales, forms),
        plural_forms=forms,
        fonts=fonts.load(roots.templates),
        clinic=clinic.load(clinic_folder, region),
        sites=sites.load(clinic_folder),
        recalls=recalls.load(clinic_folder),
        overrides=overrides.load(roots.templates),
        parts=parts.load(roots.templates),
    )
    if region and region not in library.regions:
        raise RequestError(
            f"There is no region “{region}”; there are {', '.join(library.regions)}."
        )
    check(library, clinic_folder)
    return for_site(library, site) if site else library


def check(library: Library, clinic_folder: Path | None) -> None:
    """Raise `InputError` if one file says of another what is not so."""
    _check_leaflets(library)
    _check_facts(library)
    _check_claims(library)
    _check_regions(library)
    _check_languages(library)
    for stated in (library.clinic, *library.sites.values()):
        _check_clinic(library, stated, clinic_folder)


def for_site(library: Library, site: str) -> Library:
    """Turn the library to one of its sites; raise `RequestError` if it does not exist."""
    if site not in library.sites:
        there_are = f"there are {', '.join(library.sites)}" if library.sites else "it has none"
        raise RequestError(f"There is no site “{site}” in the clinic folder; {there_are}.")
    return msgspec.structs.replace(library, clinic=library.sites[site])


def with_locales(library: Library, root: Path) -> Library:
    """Let a locale root be the first of the library, also if it does not exist yet."""
    locales = (root, *(other for other in library.roots.locales if other != root))
    return msgspec.structs.replace(
        library, roots=msgspec.structs.replace(library.roots, locales=locales)
    )


def load_each(
    clinic_folder: Path | None, chosen: Sequence[str] = (), *, region: str = ""
) -> tuple[Library, ...]:
    """Read the library for each of the sites chosen, or all; once if the folder has no sites."""
    return each(load(clinic_folder, region=region), chosen)


def each(library: Library, chosen: Sequence[str] = ()) -> tuple[Library, ...]:
    """Turn the library to each of the sites chosen, or all; it stays as it is if it has none."""
    for site in chosen:
        for_site(library, site)  # says what does not exist
    sites = (site for site in library.sites if not chosen or site in chosen)
    return tuple(for_site(library, site) for site in sites) or (library,)


def load_one(clinic_folder: Path | None, site: str = "", *, region: str = "") -> Library:
    """Read the library for one clinic: the site named, or the only one there is.

    Raises `RequestError` if there are several and none is named: a page for a patient must never
    hold the telephone number of another site.
    """
    library = load(clinic_folder, site, region=region)
    if site or not library.sites:
        return library
    if len(library.sites) > 1:
        raise RequestError(f"Say for which site: --site {' or --site '.join(library.sites)}.")
    return for_site(library, next(iter(library.sites)))


def _check_leaflets(library: Library) -> None:
    for known in library.leaflets.values():
        path = Path("templates") / "leaflets" / known.slug / leaflet.FILE
        if known.red_flags not in library.red_flags:
            raise InputError(
                path,
                f"there is no set “{known.red_flags}” in redflags.toml; use"
                f" {' or '.join(library.red_flags)}.",
                at="red_flags",
            )
        if unknown := [key for key in known.pages if key not in library.formats]:
            raise InputError(
                path,
                f"there is no format “{unknown[0]}” in formats.toml; use"
                f" {' or '.join(library.formats)}.",
                at="pages",
            )
        papers = {region.paper for region in library.regions.values()}
        if missing := [key for key in library.formats if key in papers and key not in known.pages]:
            raise InputError(path, f"state the page budget for {', '.join(missing)}.", at="pages")


def _check_facts(library: Library) -> None:
    path = f"templates/{facts.FILE}"
    for fact_id, entry in library.facts.entries.items():
        named = library.facts.sources_of(fact_id)
        if unknown := sorted(named - set(library.sources)):
            raise InputError(
                path,
                f"there is no source “{unknown[0]}” in sources.toml; add it.",
                at=f"fact.{fact_id}.source",
            )
        if abroad := [code for code in entry.by_region if code not in library.regions]:
            raise InputError(
                path,
                f"there is no region “{abroad[0]}” in regions.toml; use"
                f" {' or '.join(library.regions)}.",
                at=f"fact.{fact_id}.by_region",
            )


def _check_claims(library: Library) -> None:
    for claim_id, claim in library.claims.entries.items():
        if unknown := sorted(set(claim.sources) - set(library.sources)):
            raise InputError(
                f"templates/{claims.FILE}",
                f"there is no source “{unknown[0]}” in sources.toml; add it.",
                at=f"claim.{claim_id}.sources",
            )


def _check_regions(library: Library) -> None:
    for code, region in library.regions.items():
        if region.paper not in library.formats:
            raise InputError(
                f"templates/{regions.FILE}",
                f"there is no format “{region.paper}” in formats.toml; use"
                f" {' or '.join(library.formats)}.",
                at=f"region.{code}.paper",
            )


def _check_languages(library: Library) -> None:
    for language in library.languages.values():
        for family in language.fonts:
            if family not in library.fonts:
                raise InputError(
                    f"locales/{languages.FILE}",
                    f"the font “{family}” is not in fonts.toml; add it.",
                    at=f"language.{language.tag}.fonts",
                )
        if language.region and language.region not in library.regions:
            raise InputError(
                f"locales/{languages.FILE}",
                f"there is no region “{language.region}” in regions.toml; use"
                f" {' or '.join(library.regions)}.",
                at=f"language.{language.tag}.region",
            )


def _check_clinic(library: Library, stated: Clinic, folder: Path | None) -> None:
    if folder is None:
        return
    path = folder / clinic.FILE
    within = f"{sites.KEY}.{stated.site}" if stated.site else ""
    for key, chosen, known in (
        ("region", (stated.region,), library.regions),
        ("languages", stated.languages, library.languages),
        ("leaflets", stated.leaflets, library.leaflets),
        ("formats", stated.formats, library.formats),
        ("language", tuple(stated.language), library.languages),
        *(
            (f"language.{tag}.region", (own.region,), library.regions)
            for tag, own in stated.language.items()
        ),
    ):
        for name in chosen:
            if name not in known:
                at = f"{within}.{key}" if within else key
                raise InputError(path, f"“{name}” is not one of {', '.join(known)}.", at=at)
    clinic.check_local(stated, library.facts, path, within=within)
