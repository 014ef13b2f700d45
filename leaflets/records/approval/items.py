"""Items: what an approval covers, each thing that a sign-off names, and what differs since."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from leaflets.catalogs import po
from leaflets.library import glossary
from leaflets.library.clinic import LocalValue, Measure
from leaflets.library.languages import Language
from leaflets.library.leaflet import Leaflet
from leaflets.library.load import Library
from leaflets.library.signoff import Item, Role

if TYPE_CHECKING:
    from leaflets.compose.survey import Survey


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


def items_of(
    library: Library, surveyed: "Survey", leaflet: Leaflet, language: Language, role: Role
) -> tuple[Item, ...]:
    """List what an approval covers: sentences and terms of every branch of the leaflet.

    Translator and reviser approve words. A clinician approves besides what the facts say, and what
    the clinic states itself, such as how long not to eat.
    """
    catalogs = po.chain(library, language, leaflet.slug)
    covered = sentence_items(catalogs, surveyed.messages)
    covered += _terms(library, surveyed, language)
    if role == "clinician":
        covered += [fact_item(library, fact) for fact in surveyed.facts]
        covered += _locals_of_all(library, surveyed.locals)
    return tuple(covered)


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
        Item("fact", f"local.{fact}", (_local_text(stated[fact]),))
        for fact in ids
        if fact in stated
    ]


def _locals_of_all(library: Library, ids: Sequence[str]) -> list[Item]:
    """State local facts as all sites of the folder have them: one approval covers every site."""
    if not library.sites:
        return local_items(library, ids)
    items: list[Item] = []
    for fact in ids:
        stated = {
            site: _local_text(clinic.local[fact]) if fact in clinic.local else ""
            for site, clinic in library.sites.items()
        }
        alike = len(set(stated.values())) == 1
        texts = (
            tuple(filter(None, set(stated.values())))
            if alike
            else tuple(f"{site}: {text or 'a blank'}" for site, text in sorted(stated.items()))
        )
        if texts:
            items.append(Item("fact", f"local.{fact}", texts))
    return items


def _terms(library: Library, surveyed: "Survey", language: Language) -> list[Item]:
    """State the terms of the glossary that the source has, in the order of the glossary."""
    english = "\n".join(source[-1] for source in surveyed.messages.values())
    return [
        Item("term", term.source, (term.preferred, *term.allowed), term.forbidden)
        for term in glossary.load(library.roots.locales, language.tag).standing_in(english)
    ]


def _forms(catalogs: Sequence[po.Catalog], key: tuple[str, str]) -> tuple[str, ...]:
    translation = po.find(catalogs, key)
    return translation.forms if translation else ()


def _local_text(value: LocalValue) -> str:
    if isinstance(value, Measure):
        return f"{value.value} {value.unit}"
    return "–".join(map(str, value)) if isinstance(value, tuple) else str(value)


def fact_item(library: Library, fact_id: str) -> Item:
    """State a fact as it is verified: its values, by region, and the sources it names."""
    sources = [
        f"{name}: {library.sources[name].citation()}"
        for name in sorted(library.facts.sources_of(fact_id))
    ]
    return Item("fact", fact_id, (*library.facts.statement(fact_id), *sources))


def compared(approved: Sequence[Item], now: Sequence[Item]) -> Iterator[Change]:
    """Yield what differs, in the order of the page; what is gone comes last."""
    before = {(item.kind, item.id): item for item in approved}
    after = {(item.kind, item.id): item for item in now}
    for key, item in after.items():
        if before.get(key) != item:
            yield Change(before.get(key), item)
    for key, item in before.items():
        if key not in after:
            yield Change(item, None)
