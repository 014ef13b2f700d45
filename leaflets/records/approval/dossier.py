"""Dossier: how the approvals of a leaflet in a language stand on a day."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from leaflets.catalogs import po
from leaflets.compose.plan import Edition, Released, Request, plan
from leaflets.library import signoff
from leaflets.library.languages import SOURCE, Language
from leaflets.library.leaflet import Leaflet
from leaflets.library.load import Library
from leaflets.library.signoff import Approval, Item, Role, SignOff, Verification
from leaflets.problem import Problem
from leaflets.records import keys, usertest
from leaflets.records.approval import days, persons
from leaflets.records.approval.claims import claim_items, of_leaflet
from leaflets.records.approval.items import Change, compared, fact_item, items_of
from leaflets.records.usertest import Standing

if TYPE_CHECKING:
    from leaflets.compose.survey import Survey

State = Literal["approved", "missing", "changed", "expired", "refused"]


class SignOffStatus(msgspec.Struct, frozen=True):
    """How an approval stands today: in force, never given, changed, expired, or refused.

    `key` is the fingerprint of the key that proves who signed; it is empty if none does. `problem`
    says why it is refused.
    """

    role: str
    state: State
    name: str = ""
    on: dt.date | None = None
    until: dt.date | None = None
    changes: tuple[Change, ...] = ()
    key: str = ""
    problem: Problem | None = None

    @property
    def is_proved(self) -> bool:
        """Tell whether it is in force, and a key proves who signed."""
        return self.state == "approved" and bool(self.key)


class Dossier(msgspec.Struct, frozen=True):
    """All that a release of a leaflet in a language depends on, as it stands on a day.

    `readers` is how its user test stands, None if there was none; no release depends on it.
    """

    leaflet: str
    language: str
    roles: Mapping[Role, SignOffStatus]
    facts: Mapping[str, SignOffStatus]
    claims: Mapping[str, SignOffStatus]
    untranslated: tuple[str, ...]
    readers: Standing | None = None

    @property
    def is_tested(self) -> bool:
        """Tell whether readers tested exactly what there is today, and it passed."""
        return self.readers is not None and self.readers.state == "passed"

    @property
    def release(self) -> Released | None:
        """Return the dates to print if the chain is complete and in date, else None."""
        statuses = [*self.roles.values(), *self.facts.values(), *self.claims.values()]
        clinician = self.roles["clinician"]
        if self.untranslated or any(status.state != "approved" for status in statuses):
            return None
        due = min(status.until for status in statuses if status.until)
        return Released(clinician.on, due) if clinician.on else None


def chain(language: Language) -> tuple[Role, ...]:
    """List the roles that must approve a language."""
    return ("clinician",) if language.tag == SOURCE else signoff.ROLES


def file_of(language: Language) -> str:
    """Name the sign-off of a language, relative to a locale root."""
    return f"{language.tag.replace('-', '_')}/{signoff.FILE}"


def dossiers(libraries: Sequence[Library], request: Request, day: dt.date) -> Iterator[Dossier]:
    """Yield the dossier of each leaflet and language that any site prints; sites share them.

    Raises `RequestError` for a leaflet or a language that does not exist.
    """
    from leaflets.compose.survey import survey  # noqa: PLC0415 - composes; one dossier needs none

    editions = [edition for library in libraries for edition in plan(library, request)]
    leaflets = {edition.leaflet.slug: edition.leaflet for edition in editions}
    surveys = {slug: survey(libraries[0], leaflet) for slug, leaflet in leaflets.items()}
    each = {(edition.leaflet.slug, edition.language.tag): edition for edition in editions}
    claims = claim_items(libraries[0])
    for edition in each.values():
        surveyed = surveys[edition.leaflet.slug]
        leaflet, language = edition.leaflet, edition.language
        yield dossier_of(libraries[0], surveyed, leaflet, language, day, claims=claims)


def holds(library: Library, leaflet: str, languages: Sequence[str], day: dt.date) -> bool:
    """Tell whether a leaflet would be released on a day, in all of some languages."""
    if leaflet not in library.leaflets or not library.languages.keys() >= set(languages):
        return False
    request = Request(leaflets=(leaflet,), languages=tuple(languages))
    return all(dossier.release for dossier in dossiers([library], request, day))


def dossier_of(
    library: Library,
    surveyed: "Survey",
    leaflet: Leaflet,
    language: Language,
    day: dt.date,
    *,
    claims: Mapping[str, Item],
) -> Dossier:
    """Look up how a leaflet in a language stands on a day; `claims` are all of the library."""
    verified = signoff.load(library.roots.templates, signoff.FILE)
    return Dossier(
        leaflet=leaflet.slug,
        language=language.tag,
        roles=roles_of(library, surveyed, leaflet, language, day),
        facts={
            fact: verification_status(library, verified, fact_item(library, fact), day)
            for fact in surveyed.facts
        },
        claims={
            claim_id: verification_status(library, verified, item, day)
            for claim_id, item in of_leaflet(library, surveyed, claims).items()
        },
        untranslated=untranslated(library, surveyed, leaflet, language),
        readers=usertest.standing(library, surveyed, leaflet, language),
    )


def roles_of(
    library: Library, surveyed: "Survey", leaflet: Leaflet, language: Language, day: dt.date
) -> Mapping[Role, SignOffStatus]:
    """Look up how the sign-off of each role stands on a day."""
    signed = signoff.load(library.roots.locales, file_of(language))
    return _in_chain(
        {
            role: _role(library, signed, (leaflet.slug, role), items, day)
            for role in chain(language)
            for items in [items_of(library, surveyed, leaflet, language, role)]
        }
    )


def untranslated(
    library: Library, surveyed: "Survey", leaflet: Leaflet, language: Language
) -> tuple[str, ...]:
    """List the messages that a language lacks; English lacks none, nor does a layer over it.

    What only we word, such as when a sheet was checked, is in English where a clinic adds a
    language: no release waits for it.
    """
    if SOURCE in {language.tag, language.parent}:
        return ()
    catalogs = po.chain(library, language, leaflet.slug)
    return tuple(
        key[0]
        for key in surveyed.messages
        if po.find(catalogs, key) is None and not library.parts.is_status(key[0])
    )


def _in_chain(roles: Mapping[Role, SignOffStatus]) -> Mapping[Role, SignOffStatus]:
    """Refuse a reviser who is the translator, and each role that signed before the one before."""
    checked: dict[Role, SignOffStatus] = {}
    before: SignOffStatus | None = None
    for role, status in roles.items():
        checked[role] = status
        if status.state == "approved":
            problem = chain_problem(before, status) if before else None
            if problem:
                checked[role] = msgspec.structs.replace(status, state="refused", problem=problem)
            before = status
    return checked


def chain_problem(before: SignOffStatus, after: SignOffStatus) -> Problem | None:
    """State why one role cannot follow another as they signed; None if it can."""
    return same_person(before, after) or days.out_of_order(before, after)


def same_person(before: SignOffStatus, after: SignOffStatus) -> Problem | None:
    """State that translator and reviser are one person; None if they are not, or other roles."""
    if (before.role, after.role) == ("translator", "reviser") and persons.are_one(before, after):
        return persons.problem(before, after)
    return None


def _role(
    library: Library, signed: SignOff, key: tuple[str, Role], now: Sequence[Item], day: dt.date
) -> SignOffStatus:
    """Take the approval in force, else the newest; the clinic's and the library's both count."""
    approvals = [other for other in signed.approval if (other.leaflet, other.role) == key]
    items = ([signed.item[digest] for digest in approval.items] for approval in approvals)
    statuses = [
        _status(library, approval, (approved, now), day)
        for approval, approved in zip(approvals, items, strict=True)
    ]
    return _best(key[1], statuses)


def verification_status(
    library: Library, verified: SignOff, now: Item, day: dt.date
) -> SignOffStatus:
    """Look up how the verification of a fact or a claim stands on a day."""
    return _best(
        "verification",
        [
            _status(library, entry, ([verified.item[entry.item]], [now]), day)
            for entry in verified.verification
            if now.id == (entry.claim if now.kind == "claim" else entry.fact)
        ],
    )


def _best(role: str, statuses: Sequence[SignOffStatus]) -> SignOffStatus:
    in_force = (status for status in statuses if status.state == "approved")
    newest = max(
        statuses,
        key=lambda status: status.on or dt.date.min,
        default=SignOffStatus(role, "missing"),
    )
    return next(in_force, newest)


def _status(
    library: Library,
    entry: Approval | Verification,
    items: tuple[Sequence[Item], Sequence[Item]],
    day: dt.date,
) -> SignOffStatus:
    """Look up how an entry stands; `items` are what it approved, and what there is now."""
    approved, now = items
    verdict = keys.judge(library, entry)
    problem = verdict.problem or days.problem(library, entry, day)
    is_same = list(approved) == list(now)
    changes = () if is_same else tuple(compared(approved, now))
    state: State = "changed" if not is_same else "expired" if entry.until < day else "approved"
    return SignOffStatus(
        entry.role,
        "refused" if problem else state,
        entry.name,
        entry.on,
        entry.until,
        changes,
        verdict.key,
        problem,
    )


def is_signed(library: Library, edition: Edition) -> bool:
    """Tell whether anybody ever signed its leaflet in its language, which is quick to look up."""
    signed = signoff.load(library.roots.locales, file_of(edition.language))
    return any(approval.leaflet == edition.leaflet.slug for approval in signed.approval)
