"""Arguments and options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

ClinicOption = Annotated[
    Path | None,
    typer.Option("--clinic", "-c", metavar="FOLDER", help="Clinic folder, with its clinic.toml."),
]
SiteOption = Annotated[
    str, typer.Option("--site", metavar="SITE", help="Which of the sites of the clinic folder.")
]
SitesOption = Annotated[
    list[str] | None,
    typer.Option("--site", metavar="SITE", help="Only this site of the folder; repeat for more."),
]
RegionOption = Annotated[
    str,
    typer.Option(
        "--region",
        metavar="COUNTRY",
        help="Without a clinic: for which country, such as GB, if the language does not say it.",
    ),
]
LeafletArgument = Annotated[str, typer.Argument(metavar="LEAFLET", help="The leaflet.")]
LanguageArgument = Annotated[str, typer.Argument(metavar="TAG", help="The language.")]
LanguagesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="TAG", help="Languages; all if none is named.")
]
NameOption = Annotated[str, typer.Option("--name", metavar="NAME", help="Who signs.")]
UntilOption = Annotated[
    str,
    typer.Option("--until", metavar="DAY", help="When it must be checked again, as 2028-01-31."),
]
YesOption = Annotated[
    bool, typer.Option("--yes", help="Do not ask, for a program: you have looked at all of it.")
]
KeyOption = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="Your SSH key, which proves that it is you."),
]
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="Port; a free one if not given.")
]
NoBrowserOption = Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
