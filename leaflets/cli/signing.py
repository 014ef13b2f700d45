"""Sign off leaflets, verify facts, and show what stands between a leaflet and its release."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from leaflets import clock, files
from leaflets.cli.calendar import day, days
from leaflets.cli.report import changed, write_json
from leaflets.compose.plan import Edition, Request, plan
from leaflets.compose.survey import survey
from leaflets.errors import RequestError
from leaflets.library import load, signoff
from leaflets.library.load import Library
from leaflets.library.signoff import ROLES, Approval, Role, Verification
from leaflets.records.approval import rules
from leaflets.records.approval.dossier import Dossier, SignOffStatus, dossier_of, file_of

_MARKS = {"approved": "✓", "missing": "–", "changed": "changed", "expired": "expired"}


def sign(
    slug: str, tag: str, *, role: str, name: str, until: str, clinic: Path | None, as_json: bool
) -> None:
    """Sign a leaflet off in a language; write the sign-off of the clinic, or of the library."""
    library = load.load(clinic)
    edition = _edition(library, slug, tag)
    if role not in ROLES:
        raise RequestError(f"There is no role “{role}”; there are {', '.join(ROLES)}.")
    root = _root(clinic, library.roots.locales[-1], "locales")
    entry = Approval(
        leaflet=edition.leaflet.slug,
        role=_role(role),
        name=name.strip(),
        on=clock.today(),
        until=day(until, "--until"),
        items=(),
    )
    found = survey(library, edition.leaflet)
    signed = rules.approve(library, found, edition.language, entry, root)
    file = file_of(edition.language)
    files.write(root, file, signoff.encoded(signed))
    _report(root / file, f"{slug}, {edition.language.name}: signed as {role}", entry, as_json)


def verify(
    facts: Sequence[str], *, role: str, name: str, until: str, clinic: Path | None, as_json: bool
) -> None:
    """Verify facts: somebody compared each with its source."""
    library = load.load(clinic)
    root = _root(clinic, library.roots.templates[-1], "templates")
    given = signoff.read(root / signoff.FILE)
    entries = [
        Verification(
            fact=fact,
            name=name.strip(),
            role=role,
            on=clock.today(),
            until=day(until, "--until"),
            item="",
        )
        for fact in facts
    ]
    for entry in entries:
        given = rules.verify(library, given, entry)
    files.write(root, signoff.FILE, signoff.encoded(given))
    for entry in entries:
        _report(root / signoff.FILE, f"{entry.fact}: verified", entry, as_json)


def _report(path: Path, what: str, entry: Approval | Verification, as_json: bool) -> None:  # noqa: FBT001 - one word to the caller
    if as_json:
        write_json({"file": str(path), "name": entry.name, "on": entry.on, "until": entry.until})
    else:
        typer.echo(f"{what} by {entry.name} until {entry.until}, in {path}")


def _role(role: str) -> Role:
    return next(one for one in ROLES if one == role)


def _root(clinic: Path | None, library_root: Path, name: str) -> Path:
    """Return the clinic's own folder if there is a clinic, else the library's."""
    return clinic / name if clinic else library_root


def _edition(library: Library, slug: str, tag: str) -> Edition:
    return plan(library, Request(leaflets=(slug,), languages=(tag,)))[0]


def status(
    leaflets: Sequence[str],
    languages: Sequence[str],
    *,
    due: str,
    clinic: Path | None,
    sites: Sequence[str],
    as_json: bool,
) -> None:
    """Show how far each leaflet is from its release, or what must be renewed."""
    libraries = load.load_each(clinic, sites)
    library = libraries[0]
    request = Request(leaflets=tuple(leaflets), languages=tuple(languages))
    found = list(_dossiers(libraries, request, clock.today()))
    if due:
        _due(found, clock.today() + dt.timedelta(days(due, "--due")), as_json=as_json)
    elif as_json:
        write_json([_record(one) for one in found])
    elif leaflets or languages:
        _show_leaflets(Console(highlight=False), library, found)
    else:
        _show_languages(Console(highlight=False), library, found)


def _dossiers(libraries: Sequence[Library], request: Request, now: dt.date) -> Iterator[Dossier]:
    """Yield a dossier for each leaflet and language that any site prints; sites share them."""
    library = libraries[0]
    editions = [edition for one in libraries for edition in plan(one, request)]
    leaflets = {one.leaflet.slug: one.leaflet for one in editions}
    surveys = {slug: survey(library, one) for slug, one in leaflets.items()}
    for one in _each(editions):
        found = surveys[one.leaflet.slug]
        yield dossier_of(library, found, one.leaflet, one.language, now)


def _each(editions: Sequence[Edition]) -> Iterator[Edition]:
    """Take one edition of each leaflet and language, whatever the format."""
    yield from {(one.leaflet.slug, one.language.tag): one for one in editions}.values()


def _record(one: Dossier) -> dict[str, object]:
    return {
        "leaflet": one.leaflet,
        "language": one.language,
        "release": one.release,
        "untranslated": one.untranslated,
        "roles": one.roles,
        "facts": one.facts,
    }


def _show_languages(console: Console, library: Library, found: Sequence[Dossier]) -> None:
    table = Table("Language", box=None, pad_edge=False, header_style="bold")
    for heading in ("Leaflets", "Translated", *(role.title() for role in ROLES), "Releasable"):
        table.add_column(heading, justify="right")
    for tag in dict.fromkeys(one.language for one in found):
        own = [one for one in found if one.language == tag]
        signed = [
            sum(one.roles[role].state == "approved" for one in own) if role in own[0].roles else "–"
            for role in ROLES
        ]
        table.add_row(
            library.languages[tag].name,
            *map(str, (len(own), sum(not one.untranslated for one in own), *signed)),
            str(sum(one.release is not None for one in own)),
        )
    console.print(table)
    facts = {fact: one for dossier in found for fact, one in dossier.facts.items()}
    verified = sum(one.state == "approved" for one in facts.values())
    console.print(f"{verified} of {len(facts)} facts are verified.")
    console.print("Name a leaflet or a language to see who signed, and what has changed since.")


def _show_leaflets(console: Console, library: Library, found: Sequence[Dossier]) -> None:
    table = Table("Leaflet", "Language", box=None, pad_edge=False, header_style="bold")
    for heading in ("Missing", *(role.title() for role in ROLES), "Facts", "Release"):
        table.add_column(heading)
    for one in found:
        verified = sum(fact.state == "approved" for fact in one.facts.values())
        table.add_row(
            one.leaflet,
            library.languages[one.language].name,
            str(len(one.untranslated)),
            *(_mark(one.roles.get(role)) for role in ROLES),
            f"{verified}/{len(one.facts)}",
            f"until {one.release.due}" if one.release else "no",
        )
    console.print(table)
    for one in found:
        for standing in (*one.roles.values(), *one.facts.values()):
            if standing.changes:
                _show_changes(console, one, standing)


def _mark(standing: SignOffStatus | None) -> str:
    return "not needed" if standing is None else _MARKS[standing.state]


def _show_changes(console: Console, one: Dossier, standing: SignOffStatus) -> None:
    """Show word by word what changed since somebody signed."""
    console.print(
        f"\n{one.leaflet}, {one.language}: changed since {standing.name} signed as"
        f" {standing.role} on {standing.on}",
        style="bold",
        markup=False,
    )
    for change in standing.changes:
        console.print(changed(change), soft_wrap=True)


def _due(found: Sequence[Dossier], by: dt.date, *, as_json: bool) -> None:
    """List the approvals and verifications that end by a day, the first to end first."""
    ending: dict[tuple[str, str, str], SignOffStatus] = {}
    for one in found:
        for role, standing in one.roles.items():
            ending[one.leaflet, one.language, role] = standing
        for fact, standing in one.facts.items():
            ending["facts.toml", "", fact] = standing
    rows = sorted(
        ((due.until, key, due) for key, due in ending.items() if due.until and due.until <= by),
        key=lambda row: (row[0], row[1]),
    )
    if as_json:
        write_json(
            [
                {"leaflet": key[0], "language": key[1], "what": key[2], "standing": due}
                for _, key, due in rows
            ]
        )
        return
    for until, key, due in rows:
        place = ", ".join(part for part in key if part)
        typer.echo(f"{until}  {place}: {due.name} must check it again")
    if not rows:
        typer.echo(f"Nothing is due by {by}.")
