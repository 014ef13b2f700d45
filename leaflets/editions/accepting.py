"""Accepting: say that a finding of a check was looked at, and that the text is right."""

import datetime as dt
import fnmatch
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from leaflets import files
from leaflets.catalogs import domains, po
from leaflets.checks import wording
from leaflets.checks.catalog import Rules
from leaflets.errors import RequestError
from leaflets.library import accepted
from leaflets.library.accepted import Acceptance
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.library.signoff import ROLES, Role
from leaflets.problem import Problem
from leaflets.records import keys


class Reason(msgspec.Struct, frozen=True):
    """Who accepts a finding and as whom, why, on which day, until when, and with which key."""

    name: str
    role: str
    why: str
    on: dt.date
    until: dt.date
    key: Path | None = None


def accept(
    library: Library,
    clinic: Path | None,
    tag: str,
    finding: tuple[str, Sequence[str]],
    reason: Reason,
) -> tuple[Path, tuple[Acceptance, ...]]:
    """Accept a finding in a language: a code, in some messages; return the file it stands in.

    A star in the id of a message stands for any letters. Raises `RequestError` if there is no such
    finding, if something is left unsaid, or if the role may not accept it; then nothing is written.
    """
    language = _language(library, tag)
    role = _checked(reason)
    code, ids = finding
    problems = [problem for problem in _problems(library, language) if problem.code == code.upper()]
    entries = tuple(
        Acceptance(
            code=problem.code,
            message=problem.where,
            text=problem.digest,
            name=reason.name.strip(),
            role=role,
            why=reason.why.strip(),
            on=reason.on,
            until=reason.until,
        )
        for pattern in ids
        for problem in _of(problems, pattern, code)
    )
    for entry in entries:
        if library.parts.is_critical(entry.message) and role != "clinician":
            raise RequestError(
                f"{entry.message} is a warning sign or speaks of medicines: a clinician alone can"
                " accept a finding there. Use --role clinician."
            )
    entries = tuple(keys.signed(library, entry, reason.key) for entry in entries)
    root = clinic / "locales" if clinic else library.roots.locales[-1]
    file = accepted.file_of(language.tag)
    before = accepted.read(root / file)
    files.write(root, file, accepted.encoded([*before, *entries]))
    return root / file, entries


def _language(library: Library, tag: str) -> Language:
    if tag not in library.languages:
        known = ", ".join(library.languages)
        raise RequestError(f"There is no language “{tag}”; there are {known}.")
    return library.languages[tag]


def _checked(reason: Reason) -> Role:
    if not reason.name.strip():
        raise RequestError("Say who accepts it: --name “First Last”.")
    if not reason.why.strip():
        raise RequestError("Say why the text is right: --why “…”.")
    if reason.until <= reason.on:
        raise RequestError(
            f"{reason.until} is not after {reason.on}: --until is the day by which it must be"
            " looked at again, such as 2028-01-31."
        )
    for role in ROLES:
        if role == reason.role:
            return role
    raise RequestError(f"There is no role “{reason.role}”; there are {', '.join(ROLES)}.")


def _problems(library: Library, language: Language) -> Iterator[Problem]:
    rules = Rules(library, language)
    for domain in domains.names(library):
        catalogs = [po.load(library, tag, domain) for tag in language.lineage]
        yield from wording.check(rules, domain, catalogs)


def _of(problems: Sequence[Problem], pattern: str, code: str) -> Sequence[Problem]:
    named = [problem for problem in problems if fnmatch.fnmatchcase(problem.where, pattern)]
    if not named:
        others = ", ".join(dict.fromkeys(problem.where for problem in problems))
        advice = f"there is one in {others}." if others else "`leaflets check` lists what there is."
        raise RequestError(f"There is no finding {code.upper()} in “{pattern}”; {advice}")
    return named
