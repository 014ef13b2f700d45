"""`leaflets explain`: what the code of a problem means."""

import difflib
import textwrap
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import JsonOption
from leaflets.errors import RequestError

if TYPE_CHECKING:
    from leaflets.problem import Code

app = command_app()


@app.command(epilog=examples("leaflets explain PAGE-01", "leaflets explain"))
def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A code, such as PAGE-01; all if none.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Explain what the code of a problem means, why it matters, and what to do."""
    from leaflets.cli.report import show_names, write_json
    from leaflets.editions.codes import CODES

    if code is None:
        if as_json:
            write_json({known.id: _record(known) for known in CODES.values()})
        else:
            show_names("Codes", [(known.id, known.title) for known in CODES.values()])
        return
    explained = CODES.get(code.upper())
    if explained is None:
        near = difflib.get_close_matches(code.upper(), CODES, n=1)
        raise RequestError(
            f"There is no code “{code}”"
            + (f"; did you mean {near[0]}?" if near else "; `leaflets explain` lists them.")
        )
    if as_json:
        write_json({explained.id: _record(explained)})
    else:
        _show(explained)


def _show(code: "Code") -> None:
    typer.echo(f"{code.id}  {code.title}")
    severity = f"{code.severity.value.capitalize()}." + (
        f" It is an error {code.error_where}." if code.error_where else ""
    )
    for paragraph in (severity, code.why, f"What to do: {code.remedy}"):
        typer.echo("\n" + textwrap.fill(paragraph, width=min(get_terminal_size().columns, 100)))


def _record(code: "Code") -> dict[str, str]:
    import msgspec

    return {name: text for name, text in msgspec.to_builtins(code).items() if name != "id"}
