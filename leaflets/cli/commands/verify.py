"""`leaflets verify`: verify facts."""

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
        'leaflets verify recovery-weeks --name "Dr Lee" --role clinician --until 2028-01-31'
    )
)
def verify(
    facts: Annotated[list[str], typer.Argument(metavar="FACT", help="Facts of facts.toml.")],
    name: NameOption,
    until: UntilOption,
    role: Annotated[str, typer.Option("--role", help="As whom, such as clinician.")] = "clinician",
    key: KeyOption = None,
    yes: YesOption = False,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show facts with their sources, and state that you compared them.

    A change of the fact or of the source voids it.
    It is kept in templates/signoff.toml, in the clinic folder if one is named.
    """
    from leaflets import clock
    from leaflets.cli.calendar import day
    from leaflets.cli.report import confirmed, show_signature
    from leaflets.library import load
    from leaflets.records import signing

    library = load.load(clinic)
    signer = signing.Signer(name, role, clock.today(), day(until, "--until"), key)
    shown = tuple(signing.shown(library, facts))
    confirmed(shown, "Have you compared each with its source?", yes=yes)
    path, entries = signing.verify(library, clinic, facts, signer)
    for entry in entries:
        show_signature(path, f"{entry.fact}: verified", entry, as_json=as_json)
