"""The corpus in data/translation_corpus: what the checks of translations catch, counted by kind."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from leaflets.catalogs import domains, extract, po
from leaflets.catalogs.message import SHARED, Message, Translation
from leaflets.checks.catalog import Rules, check_message
from leaflets.library import load
from leaflets.library.load import Library
from tests.conftest import PRINTED

CORPUS = Path(__file__).parent / "data" / "translation_corpus"
FLOORS = CORPUS / "floors.toml"
LANGUAGES = tuple(
    sorted(path.stem.replace("_", "-") for path in CORPUS.glob("*.toml") if path != FLOORS)
)

Ids = Mapping[str, tuple[str, Message]]


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wording of one message; README.md beside the corpus says what each key holds."""

    id: str
    domain: str
    kind: str
    verdict: Literal["faulty", "correct"]
    text: str | tuple[str, ...]
    note: str
    held_out: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """Return the wording, form by form."""
        return (self.text,) if isinstance(self.text, str) else self.text


class Floors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may not get worse: by kind, and for all that is held out."""

    caught: dict[str, int]
    false_alarms: dict[str, int]
    held_out: dict[str, int]


class Result(msgspec.Struct, frozen=True):
    """What the checks made of an item: whether they say more of it than of what we ship."""

    language: str
    item: Item
    alarmed: bool


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    item: list[Item]


def items_of(language: str) -> list[Item]:
    """Read the items of a language."""
    content = (CORPUS / f"{po.folder(language)}.toml").read_bytes()
    return msgspec.toml.decode(content, type=_File).item


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the library with the texts that the items are wordings of, whatever it says now."""
    return load.load(CORPUS / "printed_before")


@pytest.fixture(scope="module")
def messages(library: Library) -> Ids:
    """Return every message of the library with its domain, by id."""
    return {
        message.id: (domain, message)
        for domain in domains.names(library)
        for message in extract.domain(library, domain)
    }


@pytest.fixture(scope="module")
def results(library: Library, messages: Ids) -> Sequence[Result]:
    """Check every item in the place of what we ship."""
    found = []
    for tag in LANGUAGES:
        rules = Rules(library, library.languages[tag])
        catalogs = {domain: po.load(library, tag, domain) for domain in domains.names(library)}
        for item in items_of(tag):
            domain, message = messages[item.id]
            shipped = catalogs[domain].entries.get(message.key)
            wording = Translation(item.forms, fuzzy=False, line=0)
            more = problems(rules, message, wording, domain) - problems(
                rules, message, shipped, domain
            )
            found.append(Result(tag, item, bool(more)))
    return found


def problems(
    rules: Rules, message: Message, translation: Translation | None, domain: str
) -> set[tuple[str, str, str]]:
    """Return what the checks say of a translation: code, sentence and plural form."""
    leaflet = "" if domain in SHARED else domain
    return {
        (problem.code, problem.message, problem.text)
        for problem in check_message(rules, message, translation, leaflet)
    }


def counted(results: Iterable[Result], verdict: str) -> dict[str, list[Result]]:
    """Return the results of a verdict by kind."""
    by_kind: dict[str, list[Result]] = {}
    for result in results:
        if result.item.verdict == verdict:
            by_kind.setdefault(result.item.kind, []).append(result)
    return dict(sorted(by_kind.items()))


def alarms(results: Iterable[Result]) -> int:
    """Return in how many the checks said more than of what we ship."""
    return sum(result.alarmed for result in results)


def table(results: Sequence[Result], verdict: str, title: str) -> str:
    """Write the counts by kind and language; what is held out once more, in the last column."""
    columns = [*LANGUAGES, "all", "held out"]
    lines = [title, " " * 26 + "".join(f"{name:>10}" for name in columns)]
    by_kind = counted(results, verdict)
    everything = [result for kind in by_kind.values() for result in kind]
    for kind, ones in [*by_kind.items(), ("all", everything)]:
        cells = [[one for one in ones if one.language == tag] for tag in LANGUAGES]
        cells += [ones, [one for one in ones if one.item.held_out]]
        counts = (f"{alarms(cell)}/{len(cell)}" if cell else "" for cell in cells)
        lines.append(f"{kind:<26}" + "".join(f"{count:>10}" for count in counts))
    return "\n".join(lines)


def test_every_item_is_of_a_message_that_we_have(messages: Ids) -> None:
    gone = [
        f"{language}: {item.id} in {item.domain}"
        for language in LANGUAGES
        for item in items_of(language)
        if messages.get(item.id, ("",))[0] != item.domain
    ]
    assert not gone, "the corpus names messages that are gone: write the items anew or delete them"


def test_every_item_has_the_forms_of_its_message_and_differs_from_what_we_ship(
    library: Library, messages: Ids
) -> None:
    for language in LANGUAGES:
        for item in items_of(language):
            domain, message = messages[item.id]
            catalog = po.load(library, language, domain)
            assert isinstance(item.text, str) != bool(message.plural), (language, item.id)
            shipped = catalog.entries.get(message.key)
            if shipped and shipped.usable:
                assert len(item.forms) == len(shipped.forms), (language, item.id)
                assert item.forms != shipped.forms, (language, item.id)
            else:
                assert item.forms != message.source, (language, item.id)


def test_the_corpus_is_large_and_spread_over_languages_and_a_part_is_held_out() -> None:
    sizes = Counter[tuple[str, str]]()
    for language in LANGUAGES:
        items = items_of(language)
        sizes.update((language, item.verdict) for item in items)
        sizes.update(("all", item.verdict) for item in items)
        sizes.update(("held out", item.verdict) for item in items if item.held_out)
    for verdict in ("faulty", "correct"):
        assert sizes["all", verdict] >= 330
        assert min(sizes[language, verdict] for language in LANGUAGES) >= 35
        assert 0.15 <= sizes["held out", verdict] / sizes["all", verdict] <= 0.25


def test_the_checks_catch_no_less_and_alarm_no_oftener_than_the_floors_say(
    results: Sequence[Result], record_property: Callable[[str, object], None]
) -> None:
    record_property(PRINTED, table(results, "faulty", "Faulty translations caught"))
    record_property(PRINTED, table(results, "correct", "Correct translations that alarm"))
    floors = msgspec.toml.decode(FLOORS.read_bytes(), type=Floors)
    caught = {kind: alarms(ones) for kind, ones in counted(results, "faulty").items()}
    alarmed = {kind: alarms(ones) for kind, ones in counted(results, "correct").items()}
    assert caught.keys() == floors.caught.keys()
    assert alarmed.keys() == floors.false_alarms.keys()
    held_out = [result for result in results if result.item.held_out]
    totals = {
        verdict: sum(map(alarms, counted(held_out, verdict).values()))
        for verdict in ("faulty", "correct")
    }
    worse = [
        *(
            f"{kind}: {caught[kind]} caught"
            for kind, n in floors.caught.items()
            if caught[kind] < n
        ),
        *(f"{k}: {alarmed[k]} alarm" for k, n in floors.false_alarms.items() if alarmed[k] > n),
    ]
    assert not worse
    assert totals["faulty"] >= floors.held_out["caught"]
    assert totals["correct"] <= floors.held_out["false_alarms"]
