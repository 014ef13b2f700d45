"""Trace a code, recall an edition, and list what was recalled."""

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console

from leaflets import clock, files
from leaflets.cli.report import changed, write_json
from leaflets.errors import ExitCode, RequestError
from leaflets.library import edition_code, load, recalls
from leaflets.library.load import Library
from leaflets.library.recalls import Recall
from leaflets.records import ledger, trace
from leaflets.records.ledger import Ledger, LedgerEntry
from leaflets.records.trace import Trace

_NOT_ENTERED = (
    "is what this folder would print today; neither `leaflets build` nor the desk has printed it"
)


def run(typed: str, clinic: Path | None, *, as_json: bool) -> ExitCode:
    """Show what a code stands for; return the exit edition_code."""
    wanted = edition_code.read(typed)
    library = load.load(clinic)
    found = trace.look_up(library, _ledger(clinic), wanted)
    if as_json:
        write_json([_record(library, one) for one in found])
    else:
        console = Console(highlight=False, markup=False, soft_wrap=True)
        for one in found:
            _show(console, library, one)
        if not found:
            where = f"{clinic} has" if clinic else "Without --clinic, there is"
            typer.echo(f"{where} no record of {wanted}, and nothing here would print it today.")
    return ExitCode.OK if found else ExitCode.PROBLEMS


def _ledger(clinic: Path | None) -> Ledger:
    return ledger.read(clinic) if clinic else Ledger()


def _show(console: Console, library: Library, one: Trace) -> None:
    leaflet, language = library.leaflets.get(one.leaflet), library.languages.get(one.language)
    names = (
        f"{leaflet.title} ({one.leaflet})" if leaflet else one.leaflet,
        language.name if language else one.language,
        one.format,
    )
    console.print(f"{one.code}  {', '.join(names)}", style="bold")
    if one.recall:
        console.print(_recall_line(one.recall), style="bold red")
    if entry := one.entry:
        site = f", site {entry.site}" if entry.site else ""
        console.print(
            f"Printed first on {entry.first} as a {entry.status}: {_extent(entry)}, region"
            f" {entry.region}{site}"
        )
        for given in entry.signatures:
            console.print(
                f"Signed by {given.name} as {given.role} on {given.on}, until {given.until}"
            )
        if not entry.signatures:
            console.print("Signed by nobody")
    elif not one.recall:
        console.print(f"It {_NOT_ENTERED}")
    _show_succession(console, one)


def _extent(entry: LedgerEntry) -> str:
    if not entry.sha256:
        return "at the desk, in a packet"
    return "1 page" if entry.pages == 1 else f"{entry.pages} pages"


def _show_succession(console: Console, one: Trace) -> None:
    found = one.succession
    if found is None:
        if not one.recall:
            console.print("Current: nothing has taken its place")
        return
    console.print(f"Superseded since {found.since}; now there is {found.by.code}", style="bold")
    for change in found.changes:
        console.print(changed(change))
    if found.unknown:
        console.print(f"  The words of {found.unknown} texts are not in the ledger")
    elif not found.changes:
        console.print("  No text differs: the layout, a picture or the program has changed")


def _recall_line(one: Recall) -> str:
    return f"RECALLED on {one.on} by {one.name}: {one.reason}"


def _record(library: Library, one: Trace) -> dict[str, object]:
    leaflet, found, entry = library.leaflets.get(one.leaflet), one.succession, one.entry
    return {
        "code": one.code,
        "state": one.state,
        "leaflet": one.leaflet,
        "title": leaflet.title if leaflet else None,
        "language": one.language,
        "format": one.format,
        "fingerprint": one.fingerprint,
        "edition": entry
        and {
            "status": entry.status,
            "region": entry.region,
            "site": entry.site,
            "printed": sorted({turn.on for turn in entry.printed}),
            "pages": entry.pages or None,
            "sha256": entry.sha256 or None,
            "signatures": entry.signatures,
        },
        "recall": one.recall,
        "superseded": found
        and {
            "by": found.by.code,
            "since": found.since,
            "changes": found.changes,
            "unknown": found.unknown,
        },
    }


def recall(
    typed: Sequence[str], *, reason: str, name: str, clinic: Path | None, as_json: bool
) -> None:
    """Recall editions; write the recalls of the clinic."""
    if clinic is None:
        raise RequestError("Name the clinic folder, where recalls are kept: --clinic FOLDER.")
    wanted = [edition_code.read(one) for one in typed]
    library, found = load.load(clinic), ledger.read(clinic)
    new = trace.recall(library, found, wanted, reason=reason, name=name, day=clock.today())
    if new:
        files.write(clinic, recalls.FILE, recalls.encoded({**library.recalls, **new}))
    alike = trace.alike(library, found, new)
    if as_json:
        write_json({"recalled": list(new.values()), "alike": [one.code for one in alike]})
        return
    for one in new.values():
        typer.echo(f"{one.code}  {one.leaflet}, {one.language}, {one.format}: recalled")
    if not new:
        typer.echo("Recalled already; nothing was changed.")
    for entry in alike:
        typer.echo(
            f"{entry.code}  {entry.leaflet}, {entry.language}, {entry.format}: has the same words"
            " and is not recalled"
        )
    if new:
        typer.echo(f"Kept in {clinic / recalls.FILE}. Take the sheets back from where they lie.")


def recalled(clinic: Path | None, *, as_json: bool) -> None:
    """List what a clinic has recalled."""
    found = sorted(
        load.load(clinic).recalls.values(), key=lambda one: (one.on, one.code), reverse=True
    )
    if as_json:
        write_json(found)
        return
    for one in found:
        typer.echo(f"{one.code}  {one.leaflet}, {one.language}, {one.format}: {_recall_line(one)}")
    if not found:
        typer.echo("Nothing is recalled.")
