"""`leaflets trace`: what a printed sheet is, by its code."""

from typing import TYPE_CHECKING, Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption
from leaflets.errors import ExitCode

if TYPE_CHECKING:
    from rich.console import Console

    from leaflets.library.leaflet import Leaflet
    from leaflets.library.load import Library
    from leaflets.records.ledger import LedgerEntry
    from leaflets.records.trace import Trace

app = command_app()

_NOT_ENTERED = (
    "is what this folder would print today; neither `leaflets build` nor the desk has printed it"
)


@app.command(epilog=examples("leaflets trace AQ6-R2YY --clinic our-clinic"))
def trace(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code at the foot of the page.")],
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell which leaflet, language and version a sheet is, who signed it, and if it still holds.

    If it was superseded, what changed is shown word by word. A code that nothing is known of ends
    the command with exit code 1.
    """
    from rich.console import Console

    from leaflets.cli.report import write_json
    from leaflets.library import edition_code, load
    from leaflets.records import ledger
    from leaflets.records.trace import look_up

    wanted = edition_code.read(code)
    library = load.load(clinic)
    traces = look_up(library, ledger.read(clinic), wanted)
    if as_json:
        write_json([_record(library, trace) for trace in traces])
    else:
        console = Console(highlight=False, markup=False, soft_wrap=True)
        for trace in traces:
            _show(console, library, trace)
        if not traces:
            where = f"{clinic} has" if clinic else "Without --clinic, there is"
            typer.echo(f"{where} no record of {wanted}, and nothing here would print it today.")
    if not traces:
        raise typer.Exit(ExitCode.PROBLEMS)


def _show(console: "Console", library: "Library", trace: "Trace") -> None:
    from leaflets.cli.report import recall_line

    leaflet, language = library.leaflets.get(trace.leaflet), library.languages.get(trace.language)
    names = (
        f"{leaflet.title} ({trace.leaflet})" if leaflet else trace.leaflet,
        language.name if language else trace.language,
        trace.format,
    )
    console.print(f"{trace.code}  {', '.join(names)}", style="bold")
    if trace.recall:
        console.print(recall_line(library, trace.recall), style="bold red")
    if entry := trace.entry:
        site = f", site {entry.site}" if entry.site else ""
        console.print(
            f"Printed first on {entry.first} as a {entry.status}: {_extent(entry)}, region"
            f" {entry.region}{site}"
        )
        for given in entry.signatures:
            console.print(
                f"Signed by {given.name} as {given.role} on {given.on}, until {given.until};"
                f" {f'proved by the key {given.key}' if given.key else 'not proved'}"
            )
        if not entry.signatures:
            console.print("Signed by nobody")
        if trace.has_ended:
            console.print(
                "Its sign-off does not hold any more: `leaflets status` says why", style="bold"
            )
    elif not trace.recall:
        console.print(f"It {_NOT_ENTERED}")
    _show_succession(console, trace)
    if leaflet:
        _show_governance(console, leaflet)


def _show_governance(console: "Console", leaflet: "Leaflet") -> None:
    """Show what the library says today of who wrote a leaflet, and what has changed."""
    for heading, text in leaflet.governance.statements():
        console.print(f"{heading}: {text}")
    for change in leaflet.governance.changes:
        console.print(f"Changed on {change.day}: {change.what}")


def _extent(entry: "LedgerEntry") -> str:
    if not entry.sha256:
        return "at the desk, in a packet"
    return "1 page" if entry.pages == 1 else f"{entry.pages} pages"


def _show_succession(console: "Console", trace: "Trace") -> None:
    from leaflets.cli.report import changed

    succession = trace.succession
    if succession is None:
        if not trace.recall:
            console.print("Current: nothing has taken its place")
        return
    console.print(
        f"Superseded since {succession.since}; now there is {succession.by.code}", style="bold"
    )
    for change in succession.changes:
        console.print(changed(change))
    if succession.unknown:
        console.print(f"  The words of {succession.unknown} texts are not in the ledger")
    elif not succession.changes:
        console.print("  No text differs: the layout, a picture or the program has changed")


def _record(library: "Library", trace: "Trace") -> dict[str, object]:
    leaflet, succession = library.leaflets.get(trace.leaflet), trace.succession
    entry = trace.entry
    return {
        "code": trace.code,
        "state": trace.state,
        "leaflet": trace.leaflet,
        "title": leaflet.title if leaflet else None,
        "language": trace.language,
        "format": trace.format,
        "fingerprint": trace.fingerprint,
        "edition": entry
        and {
            "status": entry.status,
            "region": entry.region,
            "site": entry.site,
            "printed": sorted({turn.on for turn in entry.printed}),
            "pages": entry.pages or None,
            "sha256": entry.sha256 or None,
            "signatures": entry.signatures,
            "ended": trace.has_ended,
        },
        "recall": trace.recall,
        "governance": leaflet.governance if leaflet else None,
        "superseded": succession
        and {
            "by": succession.by.code,
            "since": succession.since,
            "changes": succession.changes,
            "unknown": succession.unknown,
        },
    }
