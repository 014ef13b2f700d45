"""`leaflets build`: print leaflets into a folder."""

import os
from pathlib import Path
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption, SitesOption

app = command_app()


@app.command(
    epilog=examples(
        "leaflets build",
        "leaflets build recovery warning-card -l es -l ar",
        "leaflets build recovery -l ar --with en -f a4-large",
        "leaflets build --clinic our-clinic --output our-clinic/print",
    )
)
def build(
    leaflets: Annotated[
        list[str] | None,
        typer.Argument(metavar="LEAFLET", help="Leaflets; all if none is named."),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(
            "--language", "-l", metavar="TAG", help="Language, such as es; repeat for more."
        ),
    ] = None,
    sheet: Annotated[
        list[str] | None,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="Format, such as a4; repeat for more."
        ),
    ] = None,
    beside: Annotated[
        str,
        typer.Option(
            "--with", metavar="TAG", help="A second language below the first, such as en."
        ),
    ] = "",
    crop_marks: Annotated[
        bool, typer.Option("--crop-marks", help="Add crop marks and bleed, for a print shop.")
    ] = False,
    clinic: ClinicOption = None,
    site: SitesOption = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the files go.")
    ] = Path("build"),
    release: Annotated[
        bool,
        typer.Option("--release", help="Print only what is signed off, without the draft mark."),
    ] = False,
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", min=1, help="Processes to use; one per core if not given."),
    ] = os.cpu_count() or 1,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Print on the workers of a Dask scheduler, such as tcp://10.0.0.5:8786.",
        ),
    ] = "",
    cache: Annotated[
        Path | None,
        typer.Option(
            "--cache",
            metavar="FOLDER",
            envvar="LEAFLETS_CACHE",
            help="Where editions are kept, so that only what changed is printed anew.",
        ),
    ] = None,
    cached: Annotated[
        bool, typer.Option("--cached/--no-cache", help="Whether to use a cache.")
    ] = True,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of each edition why it was printed anew.")
    ] = False,
    time_limit: Annotated[
        float,
        typer.Option("--time-limit", min=1, metavar="SECONDS", help="The most for one edition."),
    ] = 120,
    memory_limit: Annotated[
        int,
        typer.Option("--memory-limit", min=64, metavar="MB", help="The most for a process."),
    ] = 2048,
    as_json: JsonOption = False,
) -> None:
    """Print leaflets into a folder, one PDF for each leaflet, language and format.

    Without --clinic, everything is printed for an unnamed clinic, with blanks to write on. With it,
    the clinic's own leaflets, languages and paper are printed; if it has several sites, each into
    a folder of its own. What did not change since it was printed is not made anew. An edition with
    an error is not printed: the file printed before stays, and the command ends with exit code 1.
    """
    from leaflets.cli import building
    from leaflets.compose.plan import Request
    from leaflets.editions.cache import default_folder
    from leaflets.editions.workers import Limits

    code = building.run(
        Request(
            leaflets=tuple(leaflets or ()),
            languages=tuple(language or ()),
            formats=tuple(sheet or ()),
            beside=beside,
            crop_marks=crop_marks,
        ),
        clinic=clinic,
        sites=site or [],
        output=output,
        release=release,
        settings=building.Settings(
            jobs=jobs,
            scheduler=scheduler,
            limits=Limits(time_limit, memory_limit * 1024**2),
            cache=(cache or default_folder()) if cached else None,
        ),
        explain=explain,
        as_json=as_json,
    )
    raise typer.Exit(code)
