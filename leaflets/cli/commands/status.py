"""`leaflets status`: what stands between each leaflet and its release."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from leaflets.cli.group import command_app, examples
from leaflets.cli.options import ClinicOption, JsonOption, SitesOption

if TYPE_CHECKING:
    from rich.console import Console

    from leaflets.compose.plan import Request
    from leaflets.library.load import Library
    from leaflets.problem import Problem
    from leaflets.records.approval.dossier import Dossier, SignOffStatus

app = command_app()

_MARKS = {
    "approved": "✓, not proved",
    "missing": "–",
    "changed": "changed",
    "expired": "expired",
    "refused": "refused",
}


@app.command(
    epilog=examples(
        "leaflets status", "leaflets status recovery -l es", "leaflets status --due 90d"
    )
)
def status(
    leaflets: Annotated[
        list[str] | None,
        typer.Argument(metavar="LEAFLET", help="Leaflets; a summary of all if none is named."),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", "-l", metavar="TAG", help="Language; repeat for more."),
    ] = None,
    due: Annotated[
        str,
        typer.Option("--due", metavar="PERIOD", help="List what must be renewed within 90d."),
    ] = "",
    clinic: ClinicOption = None,
    site: SitesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who has signed what, and word by word what has changed since.

    Of leaflets or languages that are named, the pages are compared as well with those signed.
    """
    from rich.console import Console

    from leaflets import clock
    from leaflets.cli.calendar import days
    from leaflets.cli.report import show_due, write_json
    from leaflets.compose.plan import Request
    from leaflets.library import load
    from leaflets.records.approval.dossier import dossiers
    from leaflets.records.approval.due import ending

    libraries, today = load.load_each(clinic, site or []), clock.today()
    request = Request(leaflets=tuple(leaflets or ()), languages=tuple(language or ()))
    standing = dossiers(libraries, request, today)
    if due:
        by = today + dt.timedelta(days(due, "--due"))
        show_due(ending(standing, by), by, as_json=as_json)
    elif as_json:
        pages = tuple(_changed_pages(libraries, request, today)) if leaflets or language else ()
        write_json([_record(dossier, pages) for dossier in standing])
    elif leaflets or language:
        console = Console(highlight=False)
        _show_leaflets(console, libraries[0], tuple(standing))
        for problem in _changed_pages(libraries, request, today):
            console.print(problem.sentence(), markup=False, soft_wrap=True)
    else:
        _show_languages(Console(highlight=False), libraries[0], tuple(standing))
    if not (due or as_json):
        _show_accepted(Console(highlight=False), libraries[0], request.languages, today)


def _changed_pages(
    libraries: "Sequence[Library]", request: "Request", today: dt.date
) -> "Iterator[Problem]":
    """Compare the pages of what was named with those that were signed; that alone needs Pango."""
    from leaflets.editions.signing import changed_pages

    yield from changed_pages(libraries, request, today)


def _show_accepted(
    console: "Console", library: "Library", tags: Sequence[str], day: dt.date
) -> None:
    """List the findings that were accepted, and what the checks do not know of a language."""
    from leaflets.checks import accepting, catalog
    from leaflets.library import accepted
    from leaflets.records import keys

    for tag in tags or library.languages:
        language = library.languages[tag]
        for problem in catalog.check_data(catalog.Rules(library, language)):
            console.print(f"{problem.message} {problem.hint}", markup=False, soft_wrap=True)
        for entry in accepted.load(library.roots.locales, tag):
            holds = accepting.holds(library, entry, day)
            proof = "" if keys.judge(library, entry).key else ", not proved"
            ended = "" if holds else ", and that does not hold any more"
            console.print(
                f"{language.name}: {entry.code} in {entry.message} was accepted by {entry.name} as"
                f" {entry.role} on {entry.on}{proof}{ended}"
                f" (until {entry.until}): {entry.why}",
                markup=False,
                soft_wrap=True,
            )


def _record(dossier: "Dossier", pages: "Sequence[Problem]") -> dict[str, object]:
    own = dossier.leaflet, dossier.language
    return {
        "leaflet": dossier.leaflet,
        "language": dossier.language,
        "release": dossier.release,
        "untranslated": dossier.untranslated,
        "roles": dossier.roles,
        "facts": dossier.facts,
        "claims": dossier.claims,
        "readers": dossier.readers,
        "pages": [page for page in pages if (page.leaflet, page.language) == own],
    }


def _show_languages(console: "Console", library: "Library", dossiers: "Sequence[Dossier]") -> None:
    """Show a row for each language, and how many facts and claims are verified."""
    from rich.table import Table

    from leaflets.library.signoff import ROLES

    table = Table("Language", box=None, pad_edge=False, header_style="bold")
    for heading in ("Leaflets", "Translated", *(role.title() for role in ROLES), "Releasable"):
        table.add_column(heading, justify="right")
    for tag in dict.fromkeys(dossier.language for dossier in dossiers):
        own = [dossier for dossier in dossiers if dossier.language == tag]
        signed = [
            sum(dossier.roles[role].state == "approved" for dossier in own)
            if role in own[0].roles
            else "–"
            for role in ROLES
        ]
        table.add_row(
            library.languages[tag].name,
            *map(str, (len(own), sum(not dossier.untranslated for dossier in own), *signed)),
            str(sum(dossier.release is not None for dossier in own)),
        )
    console.print(table)
    facts = {fact: state for dossier in dossiers for fact, state in dossier.facts.items()}
    claims = {claim: state for dossier in dossiers for claim, state in dossier.claims.items()}
    console.print(
        f"{_verified(facts)} facts and {_verified(claims)} claims are verified.", soft_wrap=True
    )
    tested = sum(dossier.is_tested for dossier in dossiers)
    console.print(f"{tested}/{len(dossiers)} leaflets are tested with readers.")
    _show_proofs(console, dossiers)
    console.print("Name a leaflet or a language to see who signed, and what has changed since.")


def _show_leaflets(console: "Console", library: "Library", dossiers: "Sequence[Dossier]") -> None:
    """Show a row for each leaflet and language, and what changed since somebody signed."""
    from rich.table import Table

    from leaflets.library.signoff import ROLES

    table = Table("Leaflet", "Language", box=None, pad_edge=False, header_style="bold")
    for heading in ("Missing", *(role.title() for role in ROLES), "Facts", "Claims", "Release"):
        table.add_column(heading)
    for dossier in dossiers:
        table.add_row(
            dossier.leaflet,
            library.languages[dossier.language].name,
            str(len(dossier.untranslated)),
            *(_mark(dossier.roles.get(role)) for role in ROLES),
            _verified(dossier.facts),
            _verified(dossier.claims),
            f"until {dossier.release.due}" if dossier.release else "no",
        )
    console.print(table)
    _show_readers(console, library, dossiers)
    _show_proofs(console, dossiers)
    standing = _standing(dossiers)
    for what, status in standing.items():
        if status.problem:
            refusal = f"{what}: refused: {status.problem.sentence()}"
            console.print(refusal, markup=False, soft_wrap=True)
    for what, status in standing.items():
        if status.changes:
            _show_changes(console, what, status)


def _show_readers(console: "Console", library: "Library", dossiers: "Sequence[Dossier]") -> None:
    """Say of each leaflet and language what readers found and understood, if any tested it."""
    from leaflets.library import usertest
    from leaflets.records.usertest import outcome

    mark = usertest.pass_mark(library.roots.templates)
    for dossier in dossiers:
        name = f"{dossier.leaflet}, {library.languages[dossier.language].name}"
        readers = dossier.readers
        if readers is None:
            console.print(f"{name}: not tested with readers")
            continue
        changed = "; the texts have changed since" if readers.is_changed else ""
        proof = "" if readers.key else "; not proved"
        console.print(f"{name}: {outcome(readers.test, mark)}{changed}{proof}", soft_wrap=True)
        for failed in readers.failed:
            console.print(f"  {failed.said(readers.test.readers)}", soft_wrap=True)
        if readers.problem:
            console.print(f"  {readers.problem.message}", soft_wrap=True)


def _standing(dossiers: "Sequence[Dossier]") -> "Mapping[str, SignOffStatus]":
    """Name all that was signed; a fact or claim that several leaflets state is named once."""
    return {
        what: status
        for dossier in dossiers
        for what, status in (
            *(
                (f"{dossier.leaflet}, {dossier.language}, {role}", status)
                for role, status in dossier.roles.items()
            ),
            *((f"fact {fact}", status) for fact, status in dossier.facts.items()),
            *((f"claim {claim}", status) for claim, status in dossier.claims.items()),
        )
    }


def _verified(standing: "Mapping[str, SignOffStatus]") -> str:
    return f"{sum(status.state == 'approved' for status in standing.values())}/{len(standing)}"


def _show_proofs(console: "Console", dossiers: "Sequence[Dossier]") -> None:
    """Say of how many sign-offs in force no key proves who signed."""
    standing = _standing(dossiers).values()
    in_force = [status for status in standing if status.state == "approved"]
    unproved = sum(not status.is_proved for status in in_force)
    if unproved:
        console.print(
            f"Not proved: {unproved} of {len(in_force)} sign-offs and verifications in force are"
            " signed without a key (docs/signing.md).",
            soft_wrap=True,
        )


def _mark(standing: "SignOffStatus | None") -> str:
    if standing is None:
        return "not needed"
    return "✓" if standing.is_proved else _MARKS[standing.state]


def _show_changes(console: "Console", what: str, standing: "SignOffStatus") -> None:
    """Show word by word what changed since somebody signed."""
    from leaflets.cli.report import changed

    console.print(
        f"\n{what}: changed since {standing.name} signed as {standing.role} on {standing.on}",
        style="bold",
        markup=False,
    )
    for change in standing.changes:
        console.print(changed(change), soft_wrap=True)
