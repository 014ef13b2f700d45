"""`leaflets doctor`: what this machine lacks, and the command that installs it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import JsonOption
from leaflets.errors import ExitCode

if TYPE_CHECKING:
    from leaflets.library.load import Library
    from leaflets.machine import Package, Part

app = command_app()


@app.command(epilog=examples("leaflets doctor", "leaflets doctor --json"))
def doctor(as_json: JsonOption = False) -> None:
    """Tell whether this machine has what Leaflets needs, and the command that installs the rest."""
    from leaflets import machine
    from leaflets.cli.report import write_json
    from leaflets.library import load
    from leaflets.render import needs

    library = load.load(None)
    missing = {part.name: part for part in needs.missing(library)}
    others = tuple(machine.other_packages())
    if as_json:
        write_json(
            {
                "missing": [part._asdict() for part in missing.values()],
                "install": machine.install_command(missing.values()) if missing else "",
                "packages": [package._asdict() for package in others],
                "pip": machine.pip_command(others) if others else "",
            }
        )
    else:
        _show_parts(_needed(library), missing)
        _show_packages(others)
    if missing or others:
        raise typer.Exit(ExitCode.SYSTEM)


def _needed(library: "Library") -> Mapping[str, Sequence[str]]:
    """List the parts that are needed, by what needs them."""
    from leaflets import machine

    return {
        "Pango and the libraries WeasyPrint opens": tuple(machine.LIBRARIES),
        "gettext tools, to update catalogs": _tools("gettext"),
        "OpenSSH, to sign with a key": _tools("openssh-client"),
        **{
            f"fonts for {language.name}": [
                file for name in language.fonts for file in library.fonts[name].files
            ]
            for language in library.languages.values()
        },
    }


def _tools(package: str) -> Sequence[str]:
    from leaflets import machine

    return [tool for tool, brings in machine.TOOLS.items() if brings == package]


def _show_parts(needed: Mapping[str, Sequence[str]], missing: "Mapping[str, Part]") -> None:
    from leaflets import machine

    for title, names in needed.items():
        lacking = [name for name in names if name in missing]
        state = f"missing: {', '.join(lacking)}" if lacking else "ok"
        typer.echo(f"{title}: {state}")
    if missing:
        typer.echo("\nOn Debian or Ubuntu, install what is missing with:\n")
        typer.echo(f"    {machine.install_command(missing.values())}\n")


def _show_packages(others: "Sequence[Package]") -> None:
    from leaflets import machine

    by_name = {package.name: package for package in others}
    for name, needed in machine.PACKAGES.items():
        other = by_name.get(name)
        state = f"{other.installed or 'none'} is installed" if other else "ok"
        typer.echo(f"{name} {needed}: {state}")
    if others:
        typer.echo(
            f"\nInstall what Leaflets is tested with:\n\n    {machine.pip_command(others)}\n"
        )
