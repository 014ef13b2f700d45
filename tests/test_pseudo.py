"""Pseudo-languages: no text is typed into a template, and every text has room in its place."""

from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

import msgspec
import pytest

from leaflets.catalogs import extract, pseudo
from leaflets.catalogs.integrity import faults
from leaflets.catalogs.message import Message
from leaflets.checks import page, text
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.editions.proof import located
from leaflets.editions.setting import folders_of
from leaflets.library import load
from leaflets.library.load import Library
from leaflets.render import html_tree
from leaflets.render.weasy.typeset import laid_out, layout_of, listening
from tests.conftest import ClinicFolder

LONGER = "en-XA"

#: From the right, without spaces, in long words.
OTHERS = ("ar-XB", "zh-XC", "de-XD")

PSEUDO = (LONGER, *OTHERS)

#: Leaflets that have between them every part whose room is fixed.
ALL_PARTS = ("about-sacroplasty", "choices", "recovery", "fall-prevention", "medicines", "diary")

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


def crowded(library: Library, edition: Edition) -> Iterator[str]:
    """Lay an edition out, without drawing it, and yield what has too little room."""
    composition = compose(Inputs(library), edition)
    heard: list[str] = []
    with listening(heard):
        document = laid_out(composition.html, folders_of(library))
    layout = layout_of(document, document.pages, heard)
    for problem in (
        *page.check(edition, layout, library.parts),
        *text.check_laid_out(composition.html, layout, library.parts),
    ):
        if problem.code not in BUDGETS:
            yield located(edition, problem).sentence()


def test_every_leaflet_has_room_for_longer_texts(library: Library) -> None:
    editions = plan(library, Request(languages=(LONGER,), formats=("a4",)))
    assert {one.leaflet.slug for one in editions} == set(library.leaflets)
    assert [problem for one in editions for problem in crowded(library, one)] == []


def test_every_part_has_room_for_longer_texts_in_large_print(library: Library) -> None:
    editions = plan(
        library, Request(leaflets=ALL_PARTS, languages=(LONGER,), formats=("a4-large",))
    )
    assert [problem for one in editions for problem in crowded(library, one)] == []


@pytest.mark.parametrize("tag", OTHERS)
def test_every_part_has_room_for_texts_of_another_kind(library: Library, tag: str) -> None:
    editions = plan(library, Request(leaflets=ALL_PARTS, languages=(tag,), formats=("a4",)))
    assert [problem for one in editions for problem in crowded(library, one)] == []


def test_what_is_laid_out_in_other_kinds_has_every_part_whose_room_is_fixed(
    library: Library,
) -> None:
    def parts(editions: Sequence[Edition]) -> set[str]:
        pages = (html_tree.parse(compose(Inputs(library), one).html) for one in editions)
        names = [element.names for page in pages for element, _ in html_tree.elements(page)]
        fixed = {key: part for key, part in library.parts.part.items() if part.room}
        return {key for key, part in fixed.items() if any(map(part.is_element, names))}

    asked = Request(languages=("en",), formats=("a4",))
    some = msgspec.structs.replace(asked, leaflets=ALL_PARTS)
    assert parts(plan(library, some)) == parts(plan(library, asked))


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
