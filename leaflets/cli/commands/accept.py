"""`leaflets accept`: accept a finding of a check."""

from typing import Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import (
    ClinicOption,
    JsonOption,
    KeyOption,
    LanguageArgument,
    NameOption,
    UntilOption,
)

app = command_app()


@app.command(
    epilog=examples(
        'leaflets accept TERM-01 es recovery.walk --why "The glossary word would rhyme."'
        ' --name "Ana Ruiz" --role reviser --until 2028-01-31',
    )
)
def accept(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code of the finding.")],
    language: LanguageArgument,
    messages: Annotated[
        list[str],
        typer.Argument(metavar="MESSAGE", help="Ids of messages; a star stands for any letters."),
    ],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why the text is right.")],
    name: NameOption,
    role: Annotated[str, typer.Option("--role", help="As whom: translator, reviser or clinician.")],
    until: UntilOption,
    key: KeyOption = None,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a check is wrong about a text: that it was looked at, by whom, and why it is right.

    It holds for exactly this text, until that day; in a warning sign or a message about medicines
    a clinician alone can say so. It is kept in locales/TAG/accepted.toml, in the clinic folder if
    one is named, and `leaflets status` lists it.
    """
    from leaflets import clock
    from leaflets.cli.calendar import day
    from leaflets.cli.report import write_json
    from leaflets.editions import accepting
    from leaflets.library import load

    library = load.load(clinic)
    reason = accepting.Reason(name, role, why, clock.today(), day(until, "--until"), key)
    path, entries = accepting.accept(library, clinic, language, (code, messages), reason)
    if as_json:
        write_json({"file": str(path), "accepted": entries})
        return
    for entry in entries:
        typer.echo(f"{entry.code} in {entry.message}: accepted by {entry.name} until {entry.until}")
    typer.echo(f"Kept in {path}.")
