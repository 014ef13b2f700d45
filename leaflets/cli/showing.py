"""Show what a code means."""

import difflib
import textwrap
from collections.abc import Sequence
from shutil import get_terminal_size

import msgspec
import typer

from leaflets.cli.report import write_json
from leaflets.editions.codes import CODES
from leaflets.errors import RequestError
from leaflets.problem import Code


def _block(heading: str, rows: Sequence[tuple[str, str]]) -> None:
    width = max((len(name) for name, _ in rows), default=0)
    typer.echo(heading)
    for name, text in rows:
        typer.echo(f"  {name:{width}}  {text}")


def explanation(name: str | None, *, as_json: bool) -> None:
    """Print what a code means; without a code, list them all."""
    if name is None:
        if as_json:
            write_json({code.id: _explained(code) for code in CODES.values()})
            return
        _block("Codes", [(code.id, code.title) for code in CODES.values()])
        return
    code = CODES.get(name.upper())
    if code is None:
        near = difflib.get_close_matches(name.upper(), CODES, n=1)
        raise RequestError(
            f"There is no code “{name}”"
            + (f"; did you mean {near[0]}?" if near else "; `leaflets explain` lists them.")
        )
    if as_json:
        write_json({code.id: _explained(code)})
        return
    typer.echo(f"{code.id}  {code.title}")
    severity = f"{code.severity.value.capitalize()}." + (
        f" It is an error {code.error_where}." if code.error_where else ""
    )
    for paragraph in (severity, code.why, f"What to do: {code.remedy}"):
        typer.echo("\n" + textwrap.fill(paragraph, width=min(get_terminal_size().columns, 100)))


def _explained(code: Code) -> dict[str, str]:
    return {name: text for name, text in msgspec.to_builtins(code).items() if name != "id"}
