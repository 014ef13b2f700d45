"""`leaflets sign`: sign a leaflet off."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import (
    ClinicOption,
    JsonOption,
    KeyOption,
    LanguageArgument,
    LeafletArgument,
    NameOption,
    UntilOption,
    YesOption,
)

if TYPE_CHECKING:
    from leaflets.editions.signing import Proposal
    from leaflets.library.signoff import Item

app = command_app()


@app.command(
    epilog=examples(
        'leaflets sign recovery es --role reviser --name "Ana Ruiz" --until 2028-01-31',
        'leaflets sign recovery es --role clinician --name "Eva Sol" --until 2028-01-31'
        " --key ~/.ssh/id_ed25519 -c our-clinic",
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
    key: KeyOption = None,
    yes: YesOption = False,
    clinic: ClinicOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show exactly what a leaflet says now in a language, and approve it.

    A release needs a translator, a reviser who is somebody else, and a clinician; English needs a
    clinician, who approves the pages besides: whatever stands on them, in its order. Any change
    voids an approval; a changed number voids the clinician's alone. A clinician is shown the claims
    that the leaflet states, with their sources and how these were read. It is kept in
    locales/TAG/signoff.toml, in the clinic folder if one is named.
    """
    from leaflets import clock
    from leaflets.cli.calendar import day
    from leaflets.cli.report import confirmed, show_signature
    from leaflets.compose.plan import Request
    from leaflets.editions import signing
    from leaflets.library import load
    from leaflets.records.signing import Signer
    from leaflets.render import needs

    libraries = load.load_each(clinic, [])
    request = Request(leaflets=(leaflet,), languages=(language,), formats=tuple(sheet or ()))
    signer = Signer(name, role, clock.today(), day(until, "--until"), key)
    if role == "clinician":
        needs.look(libraries, [language])
    proposal = signing.propose(libraries, request, signer)
    confirmed(lines_shown(proposal), "Do you approve exactly this?", yes=yes)
    path, entry = signing.sign(proposal, clinic)
    signed = f"{leaflet}, {libraries[0].languages[language].name}: signed as {role}"
    show_signature(path, signed, entry, as_json=as_json)


def lines_shown(proposal: "Proposal") -> Iterator[str]:
    """Show all that an approval covers, with how many there are of each."""
    edition = proposal.edition
    pages, seen = proposal.pages
    kinds = {
        kind: [item for item in proposal.items if item.kind == kind]
        for kind in ("sentence", "term", "fact")
    }
    yield f"{edition.leaflet.title}, {edition.language.name}, as {proposal.signer.role}\n"
    for kind, items in kinds.items():
        yield f"{_counted(len(items), kind)}:"
        yield from (line for item in items for line in _item(proposal, item))
    by_digest = {item.digest: item for item in seen}
    for page in pages:
        where = f" for {page.site}" if page.site else ""
        yield f"The pages{where}, as they stand in {', '.join(page.formats)}:"
        for digest in page.items:
            item = by_digest[digest]
            shown = f"[{item.id}]" if item.kind in {"picture", "file"} else " ".join(item.source)
            yield f"  {shown}"
        yield ""
    if proposal.claims:
        yield f"{_counted(len(proposal.claims), 'claim')}, each verified on its own:"
    for item, standing in proposal.claims:
        by = f"verified by {standing.name}, until {standing.until}"
        yield f"  {item.id} ({by if standing.state == 'approved' else 'not verified'})"
        yield from (f"    {text}" for text in item.source)
        yield ""
    yield f"{_counted(len(proposal.accepted), 'accepted finding')}:"
    for entry in proposal.accepted:
        yield f"  {entry.code} in {entry.message}, by {entry.name} as {entry.role}: {entry.why}"
    yield f"No check finds an error in these texts; {_counted(len(proposal.doubts), 'warning')}:"
    for problem in proposal.doubts:
        yield f"  {problem.sentence()}"
    yield ""


def _item(proposal: "Proposal", item: "Item") -> Iterator[str]:
    yield f"  {item.id}"
    for text in item.source:
        yield f"    {text}"
    for text in item.translation:
        yield f"    {'never: ' if item.kind == 'term' else ''}{text}"
    entry = proposal.library.facts.entries.get(item.id)
    if item.kind == "fact" and entry and entry.note:
        yield f"    Note: {entry.note}"
    yield ""


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
