"""What several commands show, such as problems, changes of texts, and JSON."""

import datetime as dt
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from leaflets.catalogs.difference import difference
from leaflets.errors import RequestError

if TYPE_CHECKING:  # a command that shows none of them need not import them
    from leaflets.library.load import Library
    from leaflets.library.recalls import Recall
    from leaflets.library.signoff import Approval, Verification
    from leaflets.problem import Problem
    from leaflets.records.approval.due import Due
    from leaflets.records.approval.items import Change


def problem_groups(problems: "Sequence[Problem]") -> Iterator[str]:
    """Yield a line for each problem, once for all the editions that share it."""
    groups: dict[tuple[str, str, str, str, str], list[Problem]] = {}
    for problem in problems:
        key = (problem.code, problem.language, problem.where, problem.message, problem.text)
        groups.setdefault(key, []).append(problem)
    for first, *others in groups.values():
        more = f" (and {len(others)} more like it)" if others else ""
        yield f"{first.severity.value}: {first.sentence()}{more}"


def write_json(value: object) -> None:
    """Print a value as indented JSON."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.write(text.decode() + "\n")


def changed(change: "Change") -> Text:
    """Write a change as wdiff does: [-removed-] {+added+}."""
    text = Text(f"  {change.id}: ")
    for name, old, new in change.texts():
        if old == new:
            continue
        text.append(f"{name}: " if name else "")
        for piece in difference(old, new):
            if piece.kind == "removed":
                text.append(f"[-{piece.text}-]", style="red")
            elif piece.kind == "added":
                text.append(f"{{+{piece.text}+}}", style="green")
            else:
                text.append(piece.text)
        text.append(" ")
    return text


def recall_line(library: "Library", recall: "Recall") -> str:
    """Say when, by whom and why an edition was recalled, and if no key proves by whom."""
    from leaflets.records import keys  # noqa: PLC0415 - few commands need it

    proof = "" if keys.judge(library, recall).key else ", not proved"
    return f"RECALLED on {recall.on} by {recall.name}{proof}: {recall.reason}"


def show_signature(
    path: Path, what: str, entry: "Approval | Verification", *, as_json: bool
) -> None:
    """Show what somebody signed, and the file that it stands in."""
    if as_json:
        write_json({"file": str(path), "name": entry.name, "on": entry.on, "until": entry.until})
    else:
        typer.echo(f"{what} by {entry.name} until {entry.until}, in {path}")


def confirmed(lines: Iterable[str], question: str, *, yes: bool) -> None:
    """Show what is about to be signed, page by page on a terminal, and ask.

    Raises `RequestError` if there is nobody to ask, and `typer.Abort` if the answer is no.
    """
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise RequestError("Nobody can be asked here: look at it on a terminal, or say --yes.")
    console = Console(highlight=False, markup=False)
    with console.pager():
        for line in lines:
            console.print(line, soft_wrap=True)
    if not typer.confirm(question):
        raise typer.Abort


def show_names(heading: str, rows: Sequence[tuple[str, str]]) -> None:
    """Show names in a column, each with what it stands for."""
    width = max((len(name) for name, _ in rows), default=0)
    typer.echo(heading)
    for name, text in rows:
        typer.echo(f"  {name:{width}}  {text}")


def show_due(entries: "Sequence[Due]", by: dt.date, *, as_json: bool) -> None:
    """List the approvals and verifications that end by a day."""
    if as_json:
        write_json(entries)
        return
    for entry in entries:
        place = ", ".join(part for part in (entry.leaflet, entry.language, entry.what) if part)
        typer.echo(f"{entry.standing.until}  {place}: {entry.standing.name} must check it again")
    if not entries:
        typer.echo(f"Nothing is due by {by}.")


def show_changed(names: Sequence[str]) -> None:
    """Name the files that were changed."""
    for name in names:
        typer.echo(name)
    if not names:
        typer.echo("Nothing to change.")
