"""`leaflets verify`: verify facts and claims."""

from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import (
    ClinicOption,
    JsonOption,
    KeyOption,
    NameOption,
    UntilOption,
    YesOption,
)

app = command_app()


@app.command(
    epilog=examples(
        'leaflets verify recovery-weeks --name "Dr Lee" --role clinician --until 2028-01-31',
        'leaflets verify claim.bed-rest --name "Dr Lee" --until 2028-01-31',
    )
)
def verify(
    subjects: Annotated[
        list[str],
        typer.Argument(
            metavar="FACT|claim.CLAIM", help="Facts of facts.toml, and claims of claims.toml."
        ),
    ],
    name: NameOption,
    until: UntilOption,
    role: Annotated[str, typer.Option("--role", help="As whom, such as clinician.")] = "clinician",
    key: KeyOption = None,
    yes: YesOption = False,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show facts and claims with their sources, and state that you compared them.

    A change of the fact, of the claim, of the source, or of the English of a message that states
    the claim voids it. It is kept in templates/signoff.toml, in the clinic folder if one is named.
    """
    from leaflets import clock
    from leaflets.cli.calendar import day
    from leaflets.cli.report import confirmed, show_signature
    from leaflets.library import load
    from leaflets.records import signing
    from leaflets.records.approval import rules

    library = load.load(clinic)
    signer = signing.Signer(name, role, clock.today(), day(until, "--until"), key)
    items = rules.verifiable(library, subjects)
    shown = tuple(signing.shown(library, items))
    confirmed(shown, "Have you compared each with its source?", yes=yes)
    path, entries = signing.verify(library, clinic, items, signer)
    for entry in entries:
        show_signature(path, f"{entry.subject}: verified", entry, as_json=as_json)
