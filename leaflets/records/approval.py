"""Approval: what a sign-off covers, whether it still holds, and what has changed since.

Modelled on ISO 17100: a translator, then a reviser who is somebody else; a clinician besides. For
English, the source, the clinician alone. Facts are verified in the same way.
"""

import datetime as dt
import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from leaflets.catalogs import po
from leaflets.compose.plan import Edition, Released, released
from leaflets.errors import RequestError
from leaflets.library import glossary, signoff
from leaflets.library.clinic import LocalValue, Measure
from leaflets.library.languages import SOURCE, Language
from leaflets.library.leaflet import Leaflet
from leaflets.library.load import Library
from leaflets.library.signoff import Approval, Item, Role, SignOff, Verification
from leaflets.problem import Problem

if TYPE_CHECKING:
    from leaflets.compose.survey import Survey

State = Literal["approved", "missing", "changed", "expired"]


class Change(msgspec.Struct, frozen=True):
    """An item that is not what was approved: as it was, and as it is; None if it is new or gone."""

    before: Item | None
    after: Item | None

    @property
    def id(self) -> str:
        """Name the item."""
        item = self.after or self.before
        return item.id if item else ""

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Yield what to compare: a name, the text as it was, and as it is."""
        nothing = Item("sentence", "", ())
        old, new = self.before or nothing, self.after or nothing
        yield "source", " / ".join(old.source), " / ".join(new.source)
        yield "translation", " / ".join(old.translation), " / ".join(new.translation)


class SignOffStatus(msgspec.Struct, frozen=True):
    """How an approval stands today: in force, never given, void because of changes, or expired."""

    role: str
    state: State
    name: str = ""
    on: dt.date | None = None
    until: dt.date | None = None
    changes: tuple[Change, ...] = ()


class Dossier(msgspec.Struct, frozen=True):
    """All that a release of a leaflet in a language depends on, as it stands on a day."""

    leaflet: str
    language: str
    roles: Mapping[Role, SignOffStatus]
    facts: Mapping[str, SignOffStatus]
    untranslated: tuple[str, ...]

    @property
    def release(self) -> Released | None:
        """Return the dates to print if the chain is complete and in date, else None."""
        standings = [*self.roles.values(), *self.facts.values()]
        clinician = self.roles["clinician"]
        if self.untranslated or any(one.state != "approved" for one in standings):
            return None
        due = min(one.until for one in standings if one.until)
        return Released(clinician.on, due) if clinician.on else None


def chain(language: Language) -> tuple[Role, ...]:
    """List the roles that must approve a language."""
    return ("clinician",) if language.tag == SOURCE else signoff.ROLES


def file_of(language: Language) -> str:
    """Name the sign-off of a language, relative to a locale root."""
    return f"{language.tag.replace('-', '_')}/{signoff.FILE}"


def items(
    library: Library, surveyed: "Survey", leaflet: Leaflet, language: Language, role: Role
) -> tuple[Item, ...]:
    """List what an approval covers: sentences, facts and terms of every branch of the leaflet.

    A clinician approves besides what the clinic states itself, such as how long not to eat.
    """
    catalogs = po.chain(library.roots.locales, language, leaflet.slug)
    found = sentence_items(catalogs, surveyed.messages)
    found += [fact_item(library, fact) for fact in surveyed.facts]
    found += _terms(library, surveyed, language)
    if role == "clinician":
        found += _locals_of_all(library, surveyed.locals)
    return tuple(found)


def sentence_items(
    catalogs: Sequence[po.Catalog], messages: Mapping[tuple[str, str], tuple[str, ...]]
) -> list[Item]:
    """State sentences with what stands for them in the catalogs of a language."""
    return [
        Item("sentence", message_id, source, _forms(catalogs, (message_id, source[0])))
        for (message_id, _), source in messages.items()
    ]


def local_items(library: Library, ids: Sequence[str]) -> list[Item]:
    """State those of the local facts that the clinic states."""
    stated = library.clinic.local
    return [
        Item("fact", f"local.{one}", (_local_text(stated[one]),)) for one in ids if one in stated
    ]


def _locals_of_all(library: Library, ids: Sequence[str]) -> list[Item]:
    """State local facts as all sites of the folder have them: one approval covers every site."""
    if not library.sites:
        return local_items(library, ids)
    found: list[Item] = []
    for one in ids:
        stated = {
            site: _local_text(clinic.local[one]) if one in clinic.local else ""
            for site, clinic in library.sites.items()
        }
        alike = len(set(stated.values())) == 1
        texts = (
            tuple(filter(None, set(stated.values())))
            if alike
            else tuple(f"{site}: {text or 'a blank'}" for site, text in sorted(stated.items()))
        )
        if texts:
            found.append(Item("fact", f"local.{one}", texts))
    return found


def _terms(library: Library, surveyed: "Survey", language: Language) -> list[Item]:
    """State the terms of the glossary that the source has, in the order of the glossary."""
    english = "\n".join(source[-1] for source in surveyed.messages.values())
    return [
        Item("term", one.source, (one.preferred, *one.allowed), one.forbidden)
        for one in glossary.load(library.roots.locales, language.tag).term
        if one.stands_in(english)
    ]


def _forms(catalogs: Sequence[po.Catalog], key: tuple[str, str]) -> tuple[str, ...]:
    translation = po.find(catalogs, key)
    return translation.forms if translation else ()


def _local_text(value: LocalValue) -> str:
    if isinstance(value, Measure):
        return f"{value.value} {value.unit}"
    return "–".join(str(one) for one in value) if isinstance(value, tuple) else str(value)


def fact_item(library: Library, fact_id: str) -> Item:
    """State a fact as it is verified: its values, by region, and the sources it names."""
    sources = [
        f"{name}: {library.sources[name].citation()}"
        for name in sorted(library.facts.sources_of(fact_id))
    ]
    return Item("fact", fact_id, (*library.facts.statement(fact_id), *sources))


def dossier(
    library: Library, surveyed: "Survey", leaflet: Leaflet, language: Language, day: dt.date
) -> Dossier:
    """Look up how a leaflet in a language stands on a day."""
    given = signoff.load(library.roots.locales, file_of(language))
    verified = signoff.load(library.roots.templates, signoff.FILE)
    catalogs = po.chain(library.roots.locales, language, leaflet.slug)
    bare = SOURCE in {language.tag, language.parent}
    return Dossier(
        leaflet=leaflet.slug,
        language=language.tag,
        roles={
            role: _role(
                given, leaflet, role, items(library, surveyed, leaflet, language, role), day
            )
            for role in chain(language)
        },
        facts={one: verification(verified, fact_item(library, one), day) for one in surveyed.facts},
        untranslated=()
        if bare
        else tuple(key[0] for key in surveyed.messages if po.find(catalogs, key) is None),
    )


def _role(
    given: SignOff, leaflet: Leaflet, role: Role, now: Sequence[Item], day: dt.date
) -> SignOffStatus:
    """Take the approval in force, else the newest; the clinic's and the library's both count."""
    found = [
        _standing(role, one, [given.item[digest] for digest in one.items], now, day)
        for one in given.approval
        if (one.leaflet, one.role) == (leaflet.slug, role)
    ]
    return _best(role, found)


def verification(verified: SignOff, now: Item, day: dt.date) -> SignOffStatus:
    """Look up how the verification of a fact stands on a day."""
    found = [
        _standing(one.role, one, [verified.item[one.item]], [now], day)
        for one in verified.verification
        if one.fact == now.id
    ]
    return _best("verification", found)


def _best(role: str, found: Sequence[SignOffStatus]) -> SignOffStatus:
    in_force = (one for one in found if one.state == "approved")
    newest = max(
        found, key=lambda one: one.on or dt.date.min, default=SignOffStatus(role, "missing")
    )
    return next(in_force, newest)


def _standing(
    role: str,
    entry: Approval | Verification,
    approved: Sequence[Item],
    now: Sequence[Item],
    day: dt.date,
) -> SignOffStatus:
    changes = () if list(approved) == list(now) else tuple(compared(approved, now))
    state: State = (
        "changed" if list(approved) != list(now) else "expired" if entry.until < day else "approved"
    )
    return SignOffStatus(role, state, entry.name, entry.on, entry.until, changes)


def compared(approved: Sequence[Item], now: Sequence[Item]) -> Iterator[Change]:
    """Yield what differs, in the order of the page; what is gone comes last."""
    before = {(one.kind, one.id): one for one in approved}
    after = {(one.kind, one.id): one for one in now}
    for key, one in after.items():
        if before.get(key) != one:
            yield Change(before.get(key), one)
    for key, one in before.items():
        if key not in after:
            yield Change(one, None)


def chosen(
    library: Library, editions: Sequence[Edition], day: dt.date
) -> tuple[tuple[Edition, ...], tuple[Problem, ...]]:
    """Turn the editions whose chain is complete into releases; say of the others why they are not.

    Editions of one leaflet and language stand and fall together, whatever their format; one in two
    languages needs both.
    """
    from leaflets.compose.survey import survey  # noqa: PLC0415 - composes; drafts need none

    dossiers: dict[tuple[str, str], Dossier] = {}
    surveys: dict[str, Survey] = {}
    for one in editions:
        slug = one.leaflet.slug
        if slug not in surveys:
            surveys[slug] = survey(library, one.leaflet)
        for language in one.languages:
            if (slug, language.tag) not in dossiers:
                dossiers[slug, language.tag] = dossier(
                    library, surveys[slug], one.leaflet, language, day
                )
    approved = tuple(
        released(one, release)
        for one in editions
        if (release := _release(dossiers[one.leaflet.slug, tag.tag] for tag in one.languages))
    )
    return approved, tuple(problem for one in dossiers.values() for problem in reasons(one))


def _release(found: Iterable[Dossier]) -> Released | None:
    """Combine the releases of the languages of an edition; None if one is missing."""
    releases = [one.release for one in found]
    if any(one is None for one in releases):
        return None
    complete = [one for one in releases if one is not None]
    return Released(
        reviewed=min(one.reviewed for one in complete), due=min(one.due for one in complete)
    )


def is_signed(library: Library, edition: Edition) -> bool:
    """Tell whether anybody ever signed its leaflet in its language, which is quick to look up."""
    given = signoff.load(library.roots.locales, file_of(edition.language))
    return any(one.leaflet == edition.leaflet.slug for one in given.approval)


def reasons(found: Dossier) -> Iterator[Problem]:
    """Yield why a leaflet may not be released, each with what to do."""
    for message_id in found.untranslated:
        yield _problem(
            found, "GOV-05", "there is no translation.", "Translate and sign.", message_id
        )
    for role, one in found.roles.items():
        if one.state != "approved":
            code, words = _explained(one)
            yield _problem(
                found,
                code,
                f"{role}: {words}",
                f"Run: leaflets sign {found.leaflet} {found.language} --role {role}",
            )
    for fact, one in found.facts.items():
        if one.state != "approved":
            yield _problem(
                found,
                "GOV-04",
                f"fact {fact} is not verified: {_explained(one)[1]}",
                f"Compare it with its source, then run: leaflets verify {fact}",
                f"fact.{fact}",
            )


def _problem(found: Dossier, code: str, message: str, hint: str, where: str = "") -> Problem:
    return Problem(
        code=code,
        leaflet=found.leaflet,
        language=found.language,
        where=where,
        message=message,
        hint=hint,
    )


def _explained(one: SignOffStatus) -> tuple[str, str]:
    if one.state == "missing":
        return "GOV-01", "nobody has signed."
    if one.state == "expired":
        return "GOV-03", f"the approval of {one.name} ended on {one.until}."
    count = len(one.changes)
    what = "one thing has" if count == 1 else f"{count} things have"
    if not count:
        what = "the order has"
    return "GOV-02", f"{what} changed since {one.name} signed on {one.on}."


def approve(
    library: Library,
    surveyed: "Survey",
    language: Language,
    entry: Approval,
    root: Path,
) -> SignOff:
    """Add an approval to the sign-off of a language below a locale root; nothing is written.

    Raises `RequestError` if the role does not approve this language, if something is untranslated,
    if the date is over, or if translator and reviser are the same person (ISO 17100, 5.3.3).
    """
    if entry.role not in chain(language):
        raise RequestError(
            f"{language.name} is the source: it has no {entry.role}. Sign as clinician."
        )
    _check_entry(entry)
    leaflet = library.leaflets[entry.leaflet]
    now = dossier(library, surveyed, leaflet, language, entry.on)
    if now.untranslated:
        raise RequestError(
            f"{leaflet.slug} is not translated into {language.name}: {len(now.untranslated)}"
            f" messages are missing, first “{now.untranslated[0]}”. Translate them first."
        )
    _check_persons(signoff.load(library.roots.locales, file_of(language)), entry)
    covered = items(library, surveyed, leaflet, language, entry.role)
    signed = msgspec.structs.replace(entry, items=tuple(one.digest for one in covered))
    given = signoff.read(root / file_of(language))
    return signoff.with_approval(given, signed, covered)


def verify(library: Library, given: SignOff, entry: Verification) -> SignOff:
    """Add the verification of a fact to a sign-off.

    Raises `RequestError` if there is no such fact, or the date is over.
    """
    if not library.facts.has(entry.fact):
        near = difflib.get_close_matches(entry.fact, library.facts.entries, n=1)
        advice = f"did you mean {near[0]}?" if near else "see templates/facts.toml."
        raise RequestError(f"There is no fact “{entry.fact}”; {advice}")
    _check_entry(entry)
    item = fact_item(library, entry.fact)
    signed = msgspec.structs.replace(entry, item=item.digest)
    return signoff.with_verification(given, signed, item)


def _check_entry(entry: Approval | Verification) -> None:
    if not entry.name.strip():
        raise RequestError("Say who signs: --name “First Last”.")
    if entry.until <= entry.on:
        raise RequestError(
            f"{entry.until} is not after {entry.on}: --until is the day by which the text must be"
            " checked again, such as 2028-01-31."
        )


def _check_persons(given: SignOff, entry: Approval) -> None:
    other = {"translator": "reviser", "reviser": "translator"}.get(entry.role)
    for one in given.approval:
        if (one.leaflet, one.role) == (entry.leaflet, other) and _same(one.name, entry.name):
            raise RequestError(
                f"{one.name} signed as {one.role}: translator and reviser must be two people."
            )


def _same(one: str, other: str) -> bool:
    folded = [
        " ".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in (one, other)
    ]
    return folded[0] == folded[1]
