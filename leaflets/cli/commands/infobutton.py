"""`leaflets infobutton`: answer an HL7 Infobutton request."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import JsonOption
from leaflets.errors import ExitCode

app = command_app()


@app.command(
    epilog=examples(
        "leaflets infobutton 'mainSearchCriteria.v.c=M80.08XA"
        "&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&informationRecipient.languageCode.c=es'",
    )
)
def infobutton(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="The query string.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the files are.")
    ] = Path("build"),
    as_json: JsonOption = False,
) -> None:
    """Find leaflets by code and language, as a health record asks for them.

    The answer is an Atom feed, with addresses relative to the output folder; --json for JSON. It
    comes from the catalogue that `leaflets build` writes. Exit code 1: no leaflet answers.
    """
    from leaflets.cli.report import write_json
    from leaflets.output.site import atom, catalogue
    from leaflets.output.site.infobutton import answer
    from leaflets.output.site.infobutton import query as read_query

    asked = read_query(query)
    known = catalogue.read(output)
    reply = answer(known, asked)
    if as_json:
        write_json(reply)
    else:
        title = reply.note or "Patient handouts"
        sys.stdout.write(atom.feed(known, title, reply.records).decode())
    if not reply.records:
        sys.stderr.write(f"{reply.note}\n")
        raise typer.Exit(ExitCode.PROBLEMS)
