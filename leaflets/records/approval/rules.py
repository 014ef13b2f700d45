"""Rules: who may sign and verify what, which editions are released, and why others are not.

Modelled on ISO 17100: a translator, then a reviser who is somebody else; a clinician besides. For
English, the source, the clinician alone. Facts and claims are verified in the same way.
"""

import datetime as dt
import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from leaflets.compose.plan import Edition, Released, released
from leaflets.errors import RequestError
from leaflets.library import signoff
from leaflets.library.languages import Language
from leaflets.library.load import Library
from leaflets.library.signoff import CLAIM, ROLES, Approval, Item, SignOff, Verification
from leaflets.problem import Code, Problem
from leaflets.records import keys
from leaflets.records.approval import days
from leaflets.records.approval.claims import claim_items
from leaflets.records.approval.dossier import (
    Dossier,
    SignOffStatus,
    chain,
    chain_problem,
    dossier_of,
    file_of,
    same_person,
    untranslated,
)
from leaflets.records.approval.items import fact_item, items_of

if TYPE_CHECKING:
    from leaflets.compose.survey import Survey

#: The longest time for which somebody can approve a text.
_LONGEST = dt.timedelta(5 * 365 + 2)

NOT_SIGNED = Code(
    "GOV-01",
    title="Not signed off",
    why="A release needs a translator, a reviser who is somebody else, and a clinician, who "
    "approved exactly this text (modelled on ISO 17100); English needs a clinician. Until then "
    "the leaflet prints only as a draft.",
    remedy="Print drafts for the reviewers, and let each sign with `leaflets sign`.",
)

CHANGED_SINCE = Code(
    "GOV-02",
    title="Changed since it was signed off",
    why="An approval holds for exactly the sentences, facts and terms that were on the leaflet. "
    "One of them is different now, so the approval is void.",
    remedy="`leaflets status LEAFLET -l LANGUAGE` shows word by word what changed. Let the person "
    "named check it and sign again, or take the change back.",
)

APPROVAL_OVER = Code(
    "GOV-03",
    title="A sign-off past its date",
    why="Whoever signed named a day by which the text must be checked again, and it is over.",
    remedy="Check the leaflet again and sign anew with a later day.",
)

FACT_NOT_VERIFIED = Code(
    "GOV-04",
    title="A fact that nobody verified",
    why="Each number on a release was compared with its source by a named person, for as long as "
    "neither the number nor the source changes.",
    remedy="Open the source that facts.toml names, compare the number, and run `leaflets verify`.",
)

CLAIM_NOT_VERIFIED = Code(
    "GOV-13",
    title="A claim that nobody verified",
    why="Each clinical statement on a release was compared with its source, or judged where it is "
    "advice of our own, by a named person. It holds until the statement, its source or the English "
    "of a message that states it changes.",
    remedy="Read the source that claims.toml names, and the messages; run `leaflets verify` with "
    "`claim.` and the name of the claim. `leaflets status LEAFLET` shows what changed.",
)

NOT_TRANSLATED = Code(
    "GOV-05",
    title="Not translated, so not released",
    why="A release never falls back to English.",
    remedy="Translate the message, let it be revised, and sign.",
)


def chosen(
    library: Library, editions: Sequence[Edition], day: dt.date
) -> tuple[tuple[Edition, ...], tuple[Problem, ...]]:
    """Turn the editions whose chain is complete into releases; say of the others why they are not.

    Editions of one leaflet and language stand and fall together, whatever their format; one in two
    languages needs both.
    """
    from leaflets.compose.survey import survey  # noqa: PLC0415 - composes; drafts need none

    dossiers: dict[tuple[str, str], Dossier] = {}
    claims = claim_items(library)
    surveys: dict[str, Survey] = {}
    for edition in editions:
        slug = edition.leaflet.slug
        if slug not in surveys:
            surveys[slug] = survey(library, edition.leaflet)
        for language in edition.languages:
            if (slug, language.tag) not in dossiers:
                dossiers[slug, language.tag] = dossier_of(
                    library, surveys[slug], edition.leaflet, language, day, claims=claims
                )
    approved = tuple(
        released(edition, release)
        for edition in editions
        if (
            release := _release(
                dossiers[edition.leaflet.slug, language.tag] for language in edition.languages
            )
        )
    )
    problems = (problem for dossier in dossiers.values() for problem in reasons(dossier))
    return approved, tuple(problems)


def _release(dossiers: Iterable[Dossier]) -> Released | None:
    """Combine the releases of the languages of an edition; None if one is missing."""
    releases = [dossier.release for dossier in dossiers]
    complete = [release for release in releases if release is not None]
    if len(complete) < len(releases):
        return None
    return Released(
        reviewed=min(release.reviewed for release in complete),
        due=min(release.due for release in complete),
    )


def reasons(dossier: Dossier) -> Iterator[Problem]:
    """Yield why a leaflet may not be released, each with what to do."""
    for message_id in dossier.untranslated:
        yield _problem(
            dossier, NOT_TRANSLATED, "there is no translation.", "Translate and sign.", message_id
        )
    for role, status in dossier.roles.items():
        if status.problem:
            yield _refused(dossier, role, status.problem)
        elif status.state != "approved":
            code, words = _explained(status)
            yield _problem(
                dossier,
                code,
                f"{role}: {words}",
                f"Run: leaflets sign {dossier.leaflet} {dossier.language} --role {role}",
            )
    for fact, status in dossier.facts.items():
        yield from _unverified(dossier, FACT_NOT_VERIFIED, f"fact {fact}", (fact, status))
    for claim, status in dossier.claims.items():
        subject = f"{CLAIM}{claim}"
        yield from _unverified(dossier, CLAIM_NOT_VERIFIED, f"claim {claim}", (subject, status))


def _unverified(
    dossier: Dossier, code: Code, what: str, verified: tuple[str, SignOffStatus]
) -> Iterator[Problem]:
    """Yield why a fact or a claim holds a release back; `verified` names it as `verify` is told."""
    subject, status = verified
    where = what.replace(" ", ".")
    if status.problem:
        yield _refused(dossier, what, status.problem, where)
    elif status.state != "approved":
        yield _problem(
            dossier,
            code,
            f"{what} is not verified: {_explained(status)[1]}",
            f"Compare it with its source, then run: leaflets verify {subject}",
            where,
        )


def _refused(dossier: Dossier, what: str, problem: Problem, where: str = "") -> Problem:
    return msgspec.structs.replace(
        problem,
        leaflet=dossier.leaflet,
        language=dossier.language,
        where=where,
        message=f"{what}: {problem.message}",
    )


def _problem(dossier: Dossier, code: Code, message: str, hint: str, where: str = "") -> Problem:
    return code.problem(
        leaflet=dossier.leaflet,
        language=dossier.language,
        where=where,
        message=message,
        hint=hint,
    )


def _explained(status: SignOffStatus) -> tuple[Code, str]:
    if status.state == "missing":
        return NOT_SIGNED, "nobody has signed."
    if status.state == "expired":
        return APPROVAL_OVER, f"the approval of {status.name} ended on {status.until}."
    count = len(status.changes)
    what = "one thing has" if count == 1 else f"{count} things have"
    if not count:
        what = "the order has"
    return CHANGED_SINCE, f"{what} changed since {status.name} signed on {status.on}."


def approve(
    library: Library,
    surveyed: "Survey",
    language: Language,
    entry: Approval,
    root: Path,
    *,
    seen: Sequence[Item] = (),
    key: Path | None = None,
) -> SignOff:
    """Add an approval to the sign-off of a language below a locale root; nothing is written.

    `seen` are the items of the pages that the entry names; it is signed with the key, if one is
    named.

    Raises `RequestError` if the role does not approve this language, if something is untranslated,
    if the date is over, if the key is not that of the person in this role, if the role before
    signed later, or if translator and reviser are the same person (ISO 17100, 5.3.3).
    """
    if entry.role not in chain(language):
        raise RequestError(
            f"{language.name} is the source: it has no {entry.role}. Sign as clinician."
        )
    _check_entry(entry)
    leaflet = library.leaflets[entry.leaflet]
    missing = untranslated(library, surveyed, leaflet, language)
    if missing:
        raise RequestError(
            f"{leaflet.slug} is not translated into {language.name}: {len(missing)}"
            f" messages are missing, first “{missing[0]}”. Translate them first."
        )
    covered = items_of(library, surveyed, leaflet, language, entry.role)
    approval = keys.signed(
        library, msgspec.structs.replace(entry, items=tuple(item.digest for item in covered)), key
    )
    _check_chain(library, signoff.load(library.roots.locales, file_of(language)), approval)
    before = signoff.read(root / file_of(language))
    return signoff.with_approval(before, approval, (*covered, *seen))


def verify(
    library: Library, before: SignOff, entry: Verification, item: Item, key: Path | None = None
) -> SignOff:
    """Add a verification to a sign-off; it is signed with the key, if one is named.

    `item` is the fact or the claim as it is now. Raises `RequestError` if the date is over or
    before the source was looked up, or if the key is not that of the person.
    """
    _check_entry(entry)
    wrong_day = days.problem(library, entry, entry.on)
    if wrong_day:
        raise RequestError(f"It is not verified: {wrong_day.message} {wrong_day.hint}")
    verified = keys.signed(library, msgspec.structs.replace(entry, item=item.digest), key)
    return signoff.with_verification(before, verified, item)


def verifiable(library: Library, subjects: Sequence[str]) -> tuple[Item, ...]:
    """State facts, and claims that are named with `claim.` before them, as they are now.

    Raises `RequestError` if there is no such fact or claim.
    """
    claims = claim_items(library) if any(name.startswith(CLAIM) for name in subjects) else {}
    items: list[Item] = []
    for subject in subjects:
        name = subject.removeprefix(CLAIM)
        if name != subject:
            _check_known("claim", name, claims, "templates/claims.toml")
            items.append(claims[name])
        else:
            _check_known("fact", name, library.facts.entries, "templates/facts.toml")
            items.append(fact_item(library, name))
    return tuple(items)


def _check_known(kind: str, name: str, known: Collection[str], file: str) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        advice = f"did you mean {near[0]}?" if near else f"see {file}."
        raise RequestError(f"There is no {kind} “{name}”; {advice}")


def _check_entry(entry: Approval | Verification) -> None:
    if not entry.name.strip():
        raise RequestError("Say who signs: --name “First Last”.")
    if entry.until > entry.on + _LONGEST:
        raise RequestError(
            f"{entry.until} is more than {_LONGEST.days // 365} years after {entry.on}; medicine"
            " changes sooner. Say --until which day somebody must look at it again."
        )
    if entry.until <= entry.on:
        raise RequestError(
            f"{entry.until} is not after {entry.on}: --until is the day by which the text must be"
            " checked again, such as 2028-01-31."
        )


def _check_chain(library: Library, signed: SignOff, entry: Approval) -> None:
    """Raise `RequestError` if the entry cannot stand beside what other roles signed."""
    own = _signer(library, entry)
    for approval in signed.approval:
        if approval.leaflet != entry.leaflet or keys.judge(library, approval).problem:
            continue
        other = _signer(library, approval)
        if ROLES.index(approval.role) < ROLES.index(entry.role):
            problem = chain_problem(other, own)
        else:
            problem = same_person(own, other)
        if problem:
            raise RequestError(f"It is not signed: {problem.message} {problem.hint}")


def _signer(library: Library, entry: Approval) -> SignOffStatus:
    key = keys.judge(library, entry).key
    return SignOffStatus(entry.role, "approved", entry.name, entry.on, entry.until, key=key)
