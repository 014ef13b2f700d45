"""`leaflets translate`: a group of commands, a module for each."""

from collections.abc import Mapping
from typing import ClassVar

import typer

from leaflets.cli.group import LazyGroup


class Commands(LazyGroup):
    """The commands, in the order in which they are listed."""

    package = __name__
    lines: ClassVar[Mapping[str, str]] = {
        "extract": "Write the template catalogs (POT).",
        "update": "Merge the templates into the catalogs (PO).",
        "add": "Begin a language.",
        "export": "Export texts for a translator or a reviewer.",
        "import": "Import what a translator or a reviewer sent back.",
        "compile": "Compile the catalogs (MO) for other programs.",
        "status": "Show how far the catalogs are.",
    }


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback()
def translate() -> None:
    """Keep the catalogs of the translators up to date."""
