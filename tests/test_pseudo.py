"""Pseudo-languages: no text is typed into a template, and every text has room in its place."""

import os
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from leaflets.catalogs import extract, pseudo
from leaflets.catalogs.integrity import faults
from leaflets.catalogs.message import Message
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.editions.build import Means, inputs_of, inspected
from leaflets.editions.proof import Proof
from leaflets.editions.workers import Limits, processes
from leaflets.library import load
from leaflets.library.load import Library
from tests.conftest import ClinicFolder

PSEUDO = ("en-XA", "ar-XB", "zh-XC", "de-XD")

#: Real languages have budgets for pages and boxes; these have room to be longer.
BUDGETS = {"PAGE-04", "PAGE-07"}


#: The classes of what ICU formats or names, and of what a clinic states.
_BY_ICU = {"whole", "isolated", "country"}


class Outside(HTMLParser):
    """Collects the words that stand outside the brackets of a pseudo-language.

    English that is marked as English, and what ICU formats or a clinic states, may stand there.
    """

    def __init__(self) -> None:
        """Begin outside."""
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._depth = 0
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        given = dict(attrs)
        if alt := given.get("alt"):
            self.handle_data(alt)
        if tag in {"br", "hr", "img", "link", "meta"}:
            return
        kinds = set((given.get("class") or "").split())
        exempt = given.get("lang") == "en" or bool(kinds & _BY_ICU) or tag == "style"
        self._open.append((tag, exempt))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep the letters outside the brackets."""
        exempt = any(one for _, one in self._open)
        for char in data:
            self._depth += {pseudo.OPENING: 1, pseudo.CLOSING: -1}.get(char, 0)
            if char.isalpha() and not self._depth and not exempt:
                self.found.append(char)


def outside(html: str) -> str:
    reader = Outside()
    reader.feed(html)
    return "".join(reader.found)


@pytest.fixture(scope="module")
def laid_out(library: Library) -> dict[str, list[Proof]]:
    found: dict[str, list[Proof]] = {tag: [] for tag in PSEUDO}
    editions = (
        *plan(library, Request(languages=PSEUDO, formats=("a4",))),
        *plan(library, Request(languages=("en-XA",), formats=("a4-large",))),
    )
    (inputs,) = inputs_of([library]).values()
    with processes(os.cpu_count() or 1, Limits()) as crew:
        for one in inspected(inputs, editions, Means(crew)):
            found[one.edition.language.tag].append(one)
    return found


@pytest.mark.parametrize("tag", PSEUDO)
def test_every_leaflet_has_room_for_every_text(
    library: Library, laid_out: dict[str, list[Proof]], tag: str
) -> None:
    problems = [
        one.sentence()
        for found in laid_out[tag]
        for one in found.problems
        if one.code not in BUDGETS
    ]
    assert {one.edition.leaflet.slug for one in laid_out[tag]} == set(library.leaflets)
    assert problems == []


@pytest.mark.parametrize("tag", PSEUDO)
def test_no_text_is_typed_into_a_template(library: Library, tag: str) -> None:
    for edition in plan(library, Request(languages=(tag,), formats=("a4",))):
        assert outside(compose(Inputs(library), edition).html) == "", edition.name


def test_a_text_typed_into_a_template_is_found(clinic: ClinicFolder) -> None:
    clinic.body("<p>Typed by hand.</p>")
    html = compose(Inputs(load.load(clinic.path)), clinic.edition("en-XA")).html
    assert outside(html).endswith("Typedbyhand")


def messages(library: Library) -> Iterator[Message]:
    yield from extract.domain(library, "common")
    for one in library.leaflets.values():
        yield from extract.domain(library, one.slug)


@pytest.mark.parametrize("tag", PSEUDO)
def test_a_pseudo_text_keeps_placeholders_and_markup(library: Library, tag: str) -> None:
    language = library.languages[tag]
    found = pseudo.catalog(messages(library), language)
    for message in messages(library):
        source = (message.text, message.plural) if message.plural else (message.text,)
        assert not list(faults(source, found.entries[message.key].forms))


def test_accents_make_a_text_two_fifths_longer(library: Library) -> None:
    found = pseudo.catalog(messages(library), library.languages["en-XA"])
    before = sum(len(message.text) for message in messages(library) if not message.plural)
    after = sum(
        len(found.entries[message.key].forms[0])
        for message in messages(library)
        if not message.plural
    )
    assert 1.3 < after / before < 1.5


def test_pseudo_languages_are_printed_only_when_they_are_named(library: Library) -> None:
    tags = {one.language.tag for one in plan(library, Request())}
    assert tags == set(library.printed_languages)
    assert not tags & set(PSEUDO)
