"""`leaflets translate extract`: the template catalogs (POT)."""

from leaflets.cli.group import command_app, examples

app = command_app()


@app.command(epilog=examples("leaflets translate extract"))
def extract() -> None:
    """Write a template catalog (POT) for each leaflet, and one for what they share.

    They go into locales/templates, in the order of the page, without dates or line numbers.
    """
    from leaflets.catalogs import merge
    from leaflets.cli.report import show_changed
    from leaflets.compose.notes import Notebook
    from leaflets.library import load

    library = load.load(None)
    catalogs = merge.extracted(library, Notebook(library).notes)
    show_changed(merge.write(library.roots.locales[0], catalogs))
