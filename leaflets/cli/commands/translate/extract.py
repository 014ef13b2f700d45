"""`leaflets translate extract`: write the template catalogs (POT)."""

from leaflets.cli.group import command_app, examples

app = command_app()


@app.command(epilog=examples("leaflets translate extract"))
def extract() -> None:
    """Write a template catalog (POT) for each leaflet, and one for what they share.

    They go into locales/templates, in the order of the page, without dates or line numbers.
    """
    from leaflets.cli import translating

    translating.extract()
