"""`leaflets pack`: what was printed in one file that its receiver can verify."""

import hashlib
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption
from leaflets.errors import ExitCode

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
    if verify:
        raise typer.Exit(_verify(verify, as_json=as_json))

    from leaflets import clock, files
    from leaflets.cli.report import write_json
    from leaflets.library import load
    from leaflets.output import shelf
    from leaflets.output.pack import editions_of
    from leaflets.output.pack import pack as packed
    from leaflets.records import ledger

    earlier = editions_of(since) if since else None
    library, today = load.load(clinic), clock.today()
    data, differences = packed(library, ledger.read(clinic), folder, earlier, today)
    sha256 = files.write(output.parent, output.name, data)
    if as_json:
        changed = [
            {"kind": difference.kind, "before": difference.before, "after": difference.after}
            for difference in differences
        ]
        write_json({"file": str(output), "sha256": sha256, "changes": changed if since else None})
        return
    entries = shelf.read_manifest(folder).values()
    drafts = sum(entry.status == "draft" for entry in entries)
    typer.echo(f"{output}: {_counted(len(entries))}, of which {drafts} are drafts")
    if since:
        kinds = Counter(difference.kind for difference in differences)
        typer.echo(
            f"Since {since}: {kinds['new']} new, {kinds['changed']} changed,"
            f" {kinds['withdrawn']} withdrawn"
        )
    typer.echo(f"SHA-256 {sha256}")
    typer.echo(f"Whoever gets it can run: leaflets pack --verify {output.name}")


def _verify(file: Path, *, as_json: bool) -> ExitCode:
    """Tell whether each file of a pack is what its manifest says; return the exit code."""
    from leaflets.cli.report import write_json
    from leaflets.output import pack as packs

    count, faults = packs.verify(file)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    if as_json:
        write_json({"file": str(file), "sha256": sha256, "editions": count, "faults": faults})
    elif not faults:
        typer.echo(f"{file}: {_counted(count)}, each as the manifest says; SHA-256 {sha256}")
    for fault in () if as_json else faults:
        name = ascii(fault.file)[1:-1] or str(file)
        typer.echo(f"{fault.kind}: {name}{f' ({fault.reason})' if fault.reason else ''}")
    return ExitCode.PROBLEMS if faults else ExitCode.OK


def _counted(editions: int) -> str:
    return "1 edition" if editions == 1 else f"{editions} editions"
