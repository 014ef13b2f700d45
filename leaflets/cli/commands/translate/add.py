"""`leaflets translate add`: a language is begun."""

from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption

app = command_app()


@app.command(
    epilog=examples(
        "leaflets translate add vi", 'leaflets translate add ht --autonym "Kreyòl ayisyen"'
    )
)
def add(
    tag: Annotated[str, typer.Argument(metavar="TAG", help="BCP 47 tag, such as vi or pt-BR.")],
    autonym: Annotated[
        str,
        typer.Option("--autonym", metavar="NAME", help="Its name in itself, if CLDR has none."),
    ] = "",
    clinic: ClinicOption = None,
) -> None:
    """Begin a language: its entry in languages.toml, its empty catalogs, and its glossary.

    Names, script and direction come from CLDR, fonts from fonts.toml, plural forms from
    plurals.toml. It is printed only when it is named, until you remove `begun` from its entry. With
    --clinic, everything goes into the clinic folder.
    """
    from leaflets.catalogs import merge, po
    from leaflets.catalogs.begin import begin
    from leaflets.checks import catalog
    from leaflets.compose.notes import Notebook
    from leaflets.library import load

    merge.msgmerge()  # says if it is missing, before anything is read
    library = load.load(clinic)
    begun = begin(library, clinic, tag, Notebook(library).notes, autonym=autonym)
    for path in begun.files:
        typer.echo(path.relative_to(begun.root))
    typer.echo(
        f"{begun.language.name} is begun in {begun.root}. Translate the files in"
        f" {po.folder(tag)}/LC_MESSAGES, then print it with: leaflets build -l {tag}"
    )
    for problem in catalog.check_data(catalog.Rules(library, begun.language)):
        typer.echo(f"{problem.message} {problem.hint}")
