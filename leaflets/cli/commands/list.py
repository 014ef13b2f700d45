"""`leaflets list`: the names that other commands take."""

from typing import TYPE_CHECKING

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption

if TYPE_CHECKING:
    from leaflets.library.load import Library

app = command_app()


@app.command(epilog=examples("leaflets list", "leaflets list --clinic our-clinic --json"))
def list_(clinic: ClinicOption = None, as_json: JsonOption = False) -> None:
    """List the leaflets, languages, formats and regions, by the names that `build` takes."""
    from leaflets.cli.report import write_json
    from leaflets.library import load

    library = load.load(clinic)
    if as_json:
        write_json(_record(library))
    else:
        _show(library)


def _record(library: "Library") -> dict[str, object]:
    return {
        "leaflets": [
            {
                "slug": leaflet.slug,
                "title": leaflet.title,
                "audience": leaflet.audience,
                "pages": leaflet.pages,
                "icd10cm": leaflet.icd10cm,
                "snomed": leaflet.snomed,
            }
            for leaflet in library.leaflets.values()
        ],
        "languages": [
            {
                "tag": language.tag,
                "name": language.name,
                "autonym": language.autonym,
                "direction": language.direction,
            }
            for language in library.languages.values()
        ],
        "formats": [{"id": page.id, "name": page.name} for page in library.formats.values()],
        "regions": [
            {"code": region.code, "name": region.name} for region in library.regions.values()
        ],
        "sites": [{"id": clinic.site, "name": clinic.name} for clinic in library.sites.values()],
    }


def _show(library: "Library") -> None:
    from leaflets.cli.report import show_names

    show_names("Leaflets", [(leaflet.slug, leaflet.title) for leaflet in library.leaflets.values()])
    show_names(
        "Languages",
        [
            (language.tag, f"{language.name} ({language.autonym})")
            for language in library.languages.values()
        ],
    )
    show_names(
        "Formats",
        [
            (page.id, f"{page.name}, {page.width:g} × {page.height:g} mm")
            for page in library.formats.values()
        ],
    )
    show_names(
        "Regions",
        [
            (region.code, f"{region.name}, emergency number {region.emergency_number}")
            for region in library.regions.values()
        ],
    )
    if library.sites:
        show_names("Sites", [(clinic.site, clinic.name) for clinic in library.sites.values()])
