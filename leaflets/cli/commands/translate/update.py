"""`leaflets translate update`: the templates merged into the catalogs (PO)."""

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, LanguagesArgument

app = command_app()


@app.command(epilog=examples("leaflets translate update", "leaflets translate update es ar"))
def update(
    language: LanguagesArgument = None,
    clinic: ClinicOption = None,
) -> None:
    """Bring catalogs up to date with the templates, and begin those that are missing.

    gettext's msgmerge does it: a sentence that changed keeps its old translation, marked fuzzy,
    with the old English beside it. A fuzzy translation is never printed. A new language is begun
    with `leaflets translate add`. With --clinic, the catalogs of the clinic folder: those of its
    own leaflets and overrides.
    """
    from leaflets.catalogs import merge, updating
    from leaflets.cli.report import show_changed
    from leaflets.compose.notes import Notebook
    from leaflets.library import load

    merge.msgmerge()  # says if it is missing, before anything is read
    library = load.load(clinic)
    for changed in updating.update(
        library, clinic, language or [], lambda merged: Notebook(merged).notes
    ):
        show_changed(changed)
