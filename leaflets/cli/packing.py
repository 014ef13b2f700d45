"""Pack an output folder, and verify a pack that somebody sent."""

import hashlib
from collections import Counter
from pathlib import Path

import typer

from leaflets import files
from leaflets.cli.report import write_json
from leaflets.errors import ExitCode
from leaflets.library import load
from leaflets.output import pack, shelf
from leaflets.records import ledger
from leaflets.records.ledger import Ledger


def run(
    file: Path, folder: Path, *, since: Path | None, clinic: Path | None, as_json: bool
) -> None:
    """Write the pack of an output folder."""
    library = load.load(clinic)
    earlier = pack.editions_of(since) if since else None
    known = ledger.read(clinic) if clinic else Ledger()
    data, found = pack.pack(library, known, folder, earlier)
    sha256 = files.write(file.parent, file.name, data)
    kinds = Counter(one.kind for one in found)
    entries = shelf.read_manifest(folder).values()
    drafts = sum(one.status == "draft" for one in entries)
    if as_json:
        changed = [{"kind": one.kind, "before": one.before, "after": one.after} for one in found]
        write_json({"file": str(file), "sha256": sha256, "changes": changed if since else None})
        return
    typer.echo(f"{file}: {_counted(len(entries))}, of which {drafts} are drafts")
    if since:
        typer.echo(
            f"Since {since}: {kinds['new']} new, {kinds['changed']} changed,"
            f" {kinds['withdrawn']} withdrawn"
        )
    typer.echo(f"SHA-256 {sha256}")
    typer.echo(f"Whoever gets it can run: leaflets pack --verify {file.name}")


def verify(file: Path, *, as_json: bool) -> ExitCode:
    """Tell whether each file of a pack is what its manifest says; return the exit code."""
    count, faults = pack.verify(file)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    if as_json:
        write_json({"file": str(file), "sha256": sha256, "editions": count, "faults": faults})
    elif not faults:
        typer.echo(f"{file}: {_counted(count)}, each as the manifest says; SHA-256 {sha256}")
    for one in () if as_json else faults:
        name = ascii(one.file)[1:-1] or str(file)
        typer.echo(f"{one.kind}: {name}{f' ({one.reason})' if one.reason else ''}")
    return ExitCode.PROBLEMS if faults else ExitCode.OK


def _counted(editions: int) -> str:
    return "1 edition" if editions == 1 else f"{editions} editions"
