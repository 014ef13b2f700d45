"""Tell what this machine lacks, and the command that installs it."""

from collections.abc import Iterable, Sequence

import typer

from leaflets import machine
from leaflets.cli.report import write_json
from leaflets.errors import ExitCode
from leaflets.library import load


def run(*, as_json: bool) -> ExitCode:
    """Print each part and whether it is there; return the exit code."""
    missing = {part.name: part for part in _missing()}
    others = list(machine.other_packages())
    library = load.load(None)
    needs: list[tuple[str, list[str]]] = [
        ("Pango and the libraries WeasyPrint opens", list(machine.LIBRARIES)),
        ("gettext tools, to update catalogs", list(machine.TOOLS)),
    ]
    for language in library.languages.values():
        files = [file for name in language.fonts for file in library.fonts[name].files]
        needs.append((f"fonts for {language.name}", files))
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
        _show(needs, missing)
        _show_packages(others)
    return ExitCode.SYSTEM if missing or others else ExitCode.OK


def _missing() -> Iterable[machine.Part]:
    yield from machine.missing_libraries()
    yield from machine.missing_tools()
    families = load.load(None).fonts.values()
    yield from machine.missing_fonts((file, one.package) for one in families for file in one.files)


def _show(needs: Iterable[tuple[str, list[str]]], missing: dict[str, machine.Part]) -> None:
    for title, names in needs:
        lacking = [name for name in names if name in missing]
        state = f"missing: {', '.join(lacking)}" if lacking else "ok"
        typer.echo(f"{title}: {state}")
    if missing:
        typer.echo("\nOn Debian or Ubuntu, install what is missing with:\n")
        typer.echo(f"    {machine.install_command(missing.values())}\n")


def _show_packages(others: Sequence[machine.Package]) -> None:
    by_name = {package.name: package for package in others}
    for name, needed in machine.PACKAGES.items():
        other = by_name.get(name)
        state = f"{other.installed or 'none'} is installed" if other else "ok"
        typer.echo(f"{name} {needed}: {state}")
    if others:
        typer.echo(
            f"\nInstall what Leaflets is tested with:\n\n    {machine.pip_command(others)}\n"
        )
