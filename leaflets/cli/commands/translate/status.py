"""`leaflets translate status`: how far the catalogs are."""

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import JsonOption

app = command_app()


@app.command(epilog=examples("leaflets translate status", "leaflets translate status --json"))
def status(as_json: JsonOption = False) -> None:
    """Show how many messages of each language are translated, fuzzy or missing."""
    from rich.console import Console
    from rich.table import Table

    from leaflets.catalogs import merge
    from leaflets.cli.report import write_json
    from leaflets.library import load
    from leaflets.library.languages import with_catalogs

    library = load.load(None)
    languages = with_catalogs(library.languages, ())
    counts = [count for language in languages for count in merge.counts(library, language)]
    if as_json:
        write_json(counts)
        return
    table = Table("Language", box=None, pad_edge=False, header_style="bold")
    for heading in ("Translated", "Fuzzy", "Missing"):
        table.add_column(heading, justify="right")
    for language in languages:
        own = [count for count in counts if count.language == language.tag]
        table.add_row(
            language.name,
            str(sum(count.translated for count in own)),
            str(sum(count.fuzzy for count in own)),
            str(sum(count.missing for count in own)),
        )
    Console(highlight=False).print(table)
