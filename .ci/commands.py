"""Describe every command, from its own help: `docs/commands.md`."""

from collections.abc import Iterator, Mapping
from typing import cast

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from leaflets.cli.group import LazyCommand
from leaflets.cli.main import app

_HEAD = """# Commands

Made by `make docs` from the program: `leaflets COMMAND --help` says the same. Where a command has
`--json`, a program may read what it prints. [Exit codes](design.md#exit-codes).
"""

#: Where more is written about a command.
_MORE: Mapping[str, str] = {
    "build": "[formats](formats.md), [many machines](scale.md#on-several-machines)",
    "sign": "[translating](translating.md#revise-and-sign)",
    "status": "[translating](translating.md#revise-and-sign)",
    "trace": "[paper that can be traced](tracing.md)",
    "recall": "[taking a sheet back](tracing.md#taking-a-sheet-back)",
    "check": "[all checks](checks.md)",
    "preview": "[translating](translating.md)",
    "desk": "[the desk](desk.md)",
    "personal": "[a sheet for one patient](personal.md)",
    "infobutton": "[the catalogue](catalogue.md)",
    "explain": "[all checks](checks.md)",
    "doctor": "[installing](install.md)",
    "init": "[for clinics](clinics.md)",
    "translate": "[translating](translating.md)",
}

#: What shows a default that differs from machine to machine.
_OF_THE_MACHINE = {"jobs"}


def document() -> str:
    """Write the document."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    group = cast("TyperGroup", typer.main.get_command(app))
    yield _HEAD
    yield "| command | does | more |"
    yield "|---|---|---|"
    for name, line in group.commands.items():
        link = f"[`leaflets {name}`](#leaflets-{name})"
        yield f"| {link} | {line.short_help} | {_MORE.get(name, '')} |"
    yield from _each(group, "leaflets")


def _each(group: TyperGroup, above: str) -> Iterator[str]:
    """Describe the commands of a group, and theirs."""
    for name, line in group.commands.items():
        command = cast("LazyCommand", line).load()
        words = f"{above} {name}"
        yield from _described(command, typer.Context(command, info_name=words), words)
        if isinstance(command, TyperGroup):
            yield from _each(command, words)


def _described(
    command: TyperCommand | TyperGroup, context: typer.Context, words: str
) -> Iterator[str]:
    yield f"\n## {words}"
    yield f"`{' '.join((words, *command.collect_usage_pieces(context)))}`\n"
    yield command.help
    rows = [row for parameter in command.params if (row := _row(parameter, context))]
    if rows:
        yield "\n| argument or option | means |"
        yield "|---|---|"
        yield from rows
    if command.epilog:
        examples = [line.strip() for line in command.epilog.splitlines() if line.startswith("  ")]
        yield "\n```sh"
        yield from examples
        yield "```"


def _row(parameter: TyperOption | TyperArgument, context: typer.Context) -> str:
    record = parameter.get_help_record(context)
    if record is None:
        return ""
    name, text = record
    if parameter.name in _OF_THE_MACHINE:
        text = parameter.help
    return f"| `{_cell(name)}` | {_cell(text).replace('<', '&lt;')} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
