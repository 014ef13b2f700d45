"""`leaflets pack`: pack what was printed into one file, or verify such a pack."""

from pathlib import Path
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption

app = command_app()


@app.command(
    epilog=examples(
        "leaflets pack -o spring.zip --output-folder our-clinic/print --clinic our-clinic",
        "leaflets pack -o summer.zip --since spring.zip --clinic our-clinic",
        "leaflets pack --verify summer.zip",
    )
)
def pack(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The zip file to write.")
    ] = Path("leaflets.zip"),
    folder: Annotated[
        Path, typer.Option("--output-folder", metavar="FOLDER", help="Where the files were built.")
    ] = Path("build"),
    since: Annotated[
        Path | None, typer.Option("--since", metavar="FILE", help="The pack to compare with.")
    ] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="FILE", help="Only verify this pack.")
    ] = None,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Zip what was printed, with its manifest, SHA256SUMS, and a page that says what has changed.

    The page compares with the pack named by --since, word by word where the ledger of the clinic
    knows the texts. --verify tells whether each file of a pack is what its manifest says, and ends
    with exit code 1 if not; nothing is unpacked.
    """
    from leaflets.cli import packing

    if verify:
        raise typer.Exit(packing.verify(verify, as_json=as_json))
    packing.run(output, folder, since=since, clinic=clinic, as_json=as_json)
