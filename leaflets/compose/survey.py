"""Survey a leaflet: compose every branch of its template, and list all that any asks for."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

import msgspec

from leaflets.compose.compose import filled
from leaflets.compose.composition import Composition
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Released, over_errors, plan_one, released
from leaflets.library.clinic import Clinic, Hours, LocalValue, Measure
from leaflets.library.facts import LocalFact
from leaflets.library.governance import Author
from leaflets.library.languages import SOURCE
from leaflets.library.leaflet import Leaflet
from leaflets.library.load import Library
from leaflets.library.regions import Region, Support, Topic

#: Any day will do: what a leaflet asks for does not depend on it.
_A_DAY = dt.date(2026, 1, 31)


class Survey(msgspec.Struct, frozen=True):
    """What the branches of a leaflet ask for, in the order in which it is first asked for.

    `messages` maps the key of each message to its source text and plural; `facts` and `locals` are
    ids of facts, and of what the clinic states; `pages` are the branches themselves, in English.
    """

    messages: Mapping[tuple[str, str], tuple[str, ...]]
    facts: tuple[str, ...]
    locals: tuple[str, ...]
    pages: tuple[Composition, ...]


def survey(library: Library, leaflet: Leaflet) -> Survey:
    """Compose a leaflet by `branches`, and list what they ask for."""
    pages = tuple(branches(library, leaflet))
    return Survey(
        messages={key: text for page in pages for key, text in page.requested.items()},
        facts=tuple(dict.fromkeys(fact for page in pages for fact in page.facts)),
        locals=tuple(dict.fromkeys(fact for page in pages for fact in page.locals)),
        pages=pages,
    )


def branches(library: Library, leaflet: Leaflet) -> Iterator[Composition]:
    """Compose the branches one by one, for whoever may need no more than the first few.

    A leaflet is composed for every region, by a clinic that states all and one that states nothing,
    with its facts and without them, as a draft and as a release. Not each with each, which takes
    four times as long: `pairs` has every two of these together, and none of our texts depends on
    more. If a clinic's does, its release is held back as not signed (GOV-08).
    """
    draft = plan_one(library, leaflet, library.languages[SOURCE])
    release = released(draft, Released(reviewed=_A_DAY, due=_A_DAY))
    files = Inputs(library)  # each template is read once for all branches
    helped = {code: _with_all_support(region) for code, region in library.regions.items()}
    for code, states_all, has_facts, is_draft in pairs(tuple(library.regions)):
        branch = msgspec.structs.replace(
            library,
            clinic=_full_clinic(library, code) if states_all else Clinic(region=code),
            regions=helped if states_all else library.regions,
            facts=library.facts if has_facts else library.facts.unstated(),
        )
        edition = draft if is_draft else release
        yield filled(Inputs(branch, files), msgspec.structs.replace(edition, region=branch.region))
    yield filled(files, over_errors(draft))
    yield filled(files, msgspec.structs.replace(draft, leaflet=_by_all(leaflet), as_if_tested=True))


def pairs(regions: Sequence[str]) -> Iterator[tuple[str, bool, bool, bool]]:
    """Yield regions with three choices, so that every two values of two of the four come together.

    Each region has two that are opposite in all three choices. Neighbours in the list have
    different twos, so that the choices come together in all ways as well.
    """
    ways = ((True, True), (False, True), (True, False), (False, False))
    for number in range(max(len(regions), len(ways))):
        region, (has_facts, is_draft) = regions[number % len(regions)], ways[number % len(ways)]
        yield region, True, has_facts, is_draft
        yield region, False, not has_facts, not is_draft


def _by_all(leaflet: Leaflet) -> Leaflet:
    """Let a leaflet be written by everybody who writes leaflets."""
    every = msgspec.structs.replace(leaflet.governance, authors=get_args(Author))
    return msgspec.structs.replace(leaflet, governance=every)


def _with_all_support(region: Region) -> Region:
    """Give a region an organisation for every topic."""
    support = tuple(Support(name="Help", topic=topic, checked=_A_DAY) for topic in get_args(Topic))
    return msgspec.structs.replace(region, support=support)


def _full_clinic(library: Library, region: str) -> Clinic:
    """State everything that a clinic can state."""
    return Clinic(
        name="Hill Street Clinic",
        department="Radiology",
        region=region,
        phone="555 0100",
        out_of_hours="555 0199",
        hours=(Hours("mon", "08:00", "17:00"),),
        local={key: _plausible(fact) for key, fact in library.facts.local.items()},
    )


def _plausible(fact: LocalFact) -> LocalValue:
    unit = fact.units[0] if fact.units else fact.unit
    limits = fact.limits(unit)
    value = round(sum(limits) / 2) if limits else 1
    return Measure(value, unit) if fact.units else value
