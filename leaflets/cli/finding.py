"""Answer a request for leaflets from the catalogue of an output folder."""

import sys
from pathlib import Path

from leaflets.cli.report import write_json
from leaflets.errors import ExitCode
from leaflets.output.site import atom, catalogue, infobutton


def infobutton_answer(text: str, output: Path, *, as_json: bool) -> ExitCode:
    """Print the editions that answer an Infobutton query string, as Atom or as JSON."""
    asked = infobutton.query(text)
    found = catalogue.read(output)
    answer = infobutton.answer(found, asked)
    if as_json:
        write_json(answer)
    else:
        title = answer.note or "Patient handouts"
        sys.stdout.write(atom.feed(found, title, answer.records).decode())
    if not answer.records:
        sys.stderr.write(f"{answer.note}\n")
        return ExitCode.PROBLEMS
    return ExitCode.OK
