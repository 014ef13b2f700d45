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
    sheet: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="Format whose pages a clinician signs; the usual ones if none is named.",
        ),
    ] = None,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Approve exactly the text, the facts and the terms that a leaflet has now in a language.

    A release needs a translator, a reviser who is somebody else, and a clinician; English needs a
    clinician, who approves the pages besides: whatever stands on them, in its order. Any change
    voids an approval. It is kept in locales/TAG/signoff.toml, in the clinic
    folder if one is named.
    """
    from leaflets import clock
    from leaflets.cli.calendar import day
    from leaflets.cli.report import show_signature
    from leaflets.compose.plan import Request
    from leaflets.editions import signing
    from leaflets.library import load
    from leaflets.records.signing import Signer
    from leaflets.render import needs

    libraries = load.load_each(clinic, [])
    request = Request(leaflets=(leaflet,), languages=(language,), formats=tuple(sheet or ()))
    signer = Signer(name, role, clock.today(), day(until, "--until"))
    if role == "clinician":
        needs.look(libraries, [language])
    path, entry = signing.sign(libraries, clinic, request, signer)
    signed = f"{leaflet}, {libraries[0].languages[language].name}: signed as {role}"
    show_signature(path, signed, entry, as_json=as_json)
