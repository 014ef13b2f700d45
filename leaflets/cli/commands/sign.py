"""`leaflets sign`: sign a leaflet off."""

from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import (
    ClinicOption,
    JsonOption,
    LanguageArgument,
    LeafletArgument,
    NameOption,
    UntilOption,
)

app = command_app()


@app.command(
    epilog=examples(
        'leaflets sign recovery es --role reviser --name "Ana Ruiz" --until 2028-01-31',
    )
)
def sign(
    leaflet: LeafletArgument,
    language: LanguageArgument,
    role: Annotated[str, typer.Option("--role", help="As whom: translator, reviser or clinician.")],
    name: NameOption,
    until: UntilOption,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Approve exactly the text, the facts and the terms that a leaflet has now in a language.

    A release needs a translator, a reviser who is somebody else, and a clinician; English needs a
    clinician. Any change voids an approval. It is kept in locales/TAG/signoff.toml, in the clinic
    folder if one is named.
    """
    from leaflets import clock
    from leaflets.cli.calendar import day
    from leaflets.cli.report import show_signature
    from leaflets.library import load
    from leaflets.records import signing

    library = load.load(clinic)
    signer = signing.Signer(name, role, clock.today(), day(until, "--until"))
    path, entry = signing.sign(library, clinic, leaflet, language, signer)
    signed = f"{leaflet}, {library.languages[language].name}: signed as {role}"
    show_signature(path, signed, entry, as_json=as_json)
