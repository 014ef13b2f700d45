"""`leaflets translate status`: show how far the catalogs are."""

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import JsonOption

app = command_app()


@app.command(epilog=examples("leaflets translate status", "leaflets translate status --json"))
def status(as_json: JsonOption = False) -> None:
    """Show how many messages of each language are translated, fuzzy or missing."""
    from leaflets.cli import translating

    translating.status(as_json=as_json)
