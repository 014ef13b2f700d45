"""Catalogs: what no gettext would write is refused; what can be read adds nothing to a page."""

import datetime as dt
import re
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.catalogs import binary, edit, extract, merge, po
from leaflets.catalogs.exchange import sheet, unit, xliff
from leaflets.catalogs.exchange.unit import Unit
from leaflets.catalogs.message import COMMON, DESK, Message
from leaflets.checks import catalog
from leaflets.checks.catalog import Rules
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.errors import LeafletsError
from leaflets.library import load
from leaflets.library.load import Library
from leaflets.render import plain_text, web_page
from leaflets.web.desk.desk import Desk
from tests.fuzz import inputs, small
from tests.fuzz.harness import examples, names, outcome, watched

#: A catalog with all that a PO file may hold.
WHOLE = small.catalog({}) + (
    b'\n#, fuzzy, python-format\n#| msgctxt "sample.old"\n#| msgid "Old."\n#: templates/a.html:3\n'
    b'msgctxt "sample.more"\nmsgid ""\n"More "\n"text."\nmsgstr ""\n"M\\u00e1s "\n"\\ttexto.\\n"\n'
    b'\n#~ msgctxt "sample.gone"\n#~ msgid "Gone."\n#~ msgstr "Ido."\n'
)
PO_WORDS = (
    b'msgid ""\n', b'msgctxt "sample.main"\n', b'msgstr "x"\n', b'msgstr[0] "x"\n', b"msgstr[9]",
    b'msgstr[1] "x"\n', b'msgid_plural "x"\n', b"#, fuzzy\n", b'#| msgid "x"\n', b"#~ ",
    b"#: a:1\n", b'"Plural-Forms: nplurals=9; plural=n;\\n"\n',
    b'"Content-Type: text/plain; charset=UTF-7\\n"\n', b"\\n", b"\\x", b"\\777", b'domain "x"\n',
    b"<script>", b"%(days)s", b"%(x)s", b"&lt;", b"<strong>",
)  # fmt: skip

TODAY = dt.date(2026, 11, 26)

#: What gettext itself is asked to do: to merge, and to say how it would write a file.
TOOLS = ("msgmerge", "msgcat")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("catalogs")


@pytest.fixture(scope="module")
def library(folder: Path) -> Library:
    return small.library(folder)


def _all_readers(library: Library, read: po.Catalog) -> None:
    """Do with a catalog whatever is done with one, apart from printing."""
    language = library.languages["es"]
    rules = Rules(library, language)
    for message in extract.domain(library, "sample"):
        list(catalog.check_message(rules, message, read.entries.get(message.key), "sample"))
    list(binary.compiled(library, language))
    list(merge.counts(library, language))
    units = unit.units(library, language, "sample")
    document = xliff.read(Path("a.xlf"), xliff.document(language, units))
    back = list(xliff.returned(document, units))
    assert [one.target for one in back if isinstance(one, unit.Returned)] == _targets(units)
    sheet.table(language, units)
    sheet.page(language, units, {}, library.roots.templates)


def _targets(units: tuple[Unit, ...]) -> list[str]:
    return [one.target for one in units]


@examples(14_000, quick=80)
@given(inputs.every([WHOLE], PO_WORDS))
def test_a_catalog_is_read_or_refused_in_one_sentence_that_names_it(
    folder: Path, library: Library, data: bytes
) -> None:
    path = small.catalog_of(folder)
    path.write_bytes(data)
    with watched("catalog (PO)", folder):
        read = outcome(po.read, path)
        assert names(read, path)
        if not isinstance(read, LeafletsError):
            outcome(_all_readers, library, read)


@examples(400, quick=6)
@given(inputs.every([WHOLE], PO_WORDS))
def test_a_catalog_is_merged_by_msgmerge_or_refused(
    folder: Path, library: Library, data: bytes
) -> None:
    path = small.catalog_of(folder)
    path.write_bytes(data)
    language = library.languages["es"]
    shared = Path(tempfile.gettempdir())
    with watched("catalog, merged and checked", folder, shared, tools=TOOLS):
        merged = outcome(lambda: list(merge.merged(library, language, _notes, ["sample"])))
        assert names(merged, path)
        outcome(lambda: list(catalog.check(library, language)))


def _notes(message: Message) -> tuple[str, ...]:
    return message.comments


@examples(5_000, quick=30)
@given(
    inputs.changed([WHOLE], PO_WORDS),
    st.sampled_from(sorted(small.MESSAGES)),
    st.lists(inputs.texts(), max_size=3),
)
def test_a_catalog_that_is_edited_changes_in_that_sentence_only(
    folder: Path, data: bytes, name: str, forms: Sequence[str]
) -> None:
    path = small.catalog_of(folder)
    path.write_bytes(data)
    with watched("catalog, edited", folder):
        before = outcome(po.read, path)
        if isinstance(before, LeafletsError):
            return
        key = (name, small.MESSAGES[name][0][0])
        text = path.read_bytes().decode()
        after = outcome(edit.edited, text, {key: forms})
        if isinstance(after, LeafletsError):
            return
        path.write_bytes(after.encode())
        entries = po.read(path).entries
        assert entries[key].forms[: len(forms)] == tuple(forms)
        others = {one: found.forms for one, found in before.entries.items() if one != key}
        assert {one: found.forms for one, found in entries.items() if one != key} == others


# --- what a msgstr can do to a page ---------------------------------------------------------------

#: Pieces that mean something to a browser, to Jinja or to a reader of paper.
HOSTILE = (
    "<script>alert(1)</script>", "<style>*{display:none}</style>", "<link href=x>", "<img src=x>",
    "<a href='javascript:alert(1)'>", "</p>", "</span></div>", "<!--", "-->", "<![CDATA[", "]]>",
    "<strong onclick=x>", "<strong>", "</strong>", "<br>", "<br/>", "<b", "&lt;script&gt;",
    "&amp;", "&amp;lt;", "&#60;", "&quot;", "&nbsp;", "&", "&lt;", "&gt;", '"', "'", "`", ">",
    "=", '" onload="', "' style='x", "{{ 7 * 191 }}", "{{ self.__class__ }}", "{% include 'x' %}",
    "{#", "#}", "{", "}}", "%(days)s", "%(count)s", "%(clinic)s", "%%", "%s", "%",
    "url(http://a.example/)", "@import 'x';", "javascript:alert(1)", "http://a.example/",
    "\\3c script", "\ue000sample.main\ue001", "\ue002", "\u202e", "\u2066", "\u200b", "\u2028",
    "\n", "\0", "\x1b[2J", "\xa0", "\ufeff", "\U0001f9b4", "７＊７",
)  # fmt: skip

#: What English and Spanish share is kept, so that a text is often good enough to be printed.
KEPT = {
    "sample.bold": "<strong>A</strong><br>B",
    "sample.rest": "%(days)s",
    "sample.times": "%(count)s",
}

#: Attributes that hold words; of the others, the value counts too.
WORDED = {"alt", "aria-label", "title", "content", "data-working", "data-ready", "data-unentered",
          "data-ended", "data-nothing", "data-words"}  # fmt: skip


class _Shape(HTMLParser):
    """Counts elements and attributes, and collects the text of each message."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: Counter[tuple[object, ...]] = Counter()
        self.texts: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        message = given.get("data-message") or ""
        english = given == {"lang": "en", "dir": "ltr"} and tag == "span"
        if not (english or message):
            kept = tuple((key, None if key in WORDED else value) for key, value in attrs)
            self.elements[tag, kept] += 1
        if tag not in {"br", "img", "meta", "link", "input", "hr"}:
            self._open.append((tag, message))
        if message:
            self.texts.setdefault(message, "")

    def handle_endtag(self, tag: str) -> None:
        if any(opened == tag for opened, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        for message in {one for _, one in self._open if one}:
            self.texts[message] += data

    def handle_comment(self, data: str) -> None:
        self.elements["comment", data] += 1

    def handle_decl(self, decl: str) -> None:
        self.elements["declaration", decl] += 1

    def handle_pi(self, data: str) -> None:
        self.elements["instruction", data] += 1

    def unknown_decl(self, data: str) -> None:
        self.elements["section", data] += 1


def hostile(kept: str = "") -> st.SearchStrategy[str]:
    """Make translations of hostile pieces; often with what the English has, so that it is taken."""
    piece = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6), st.just(" palabra "))
    texts = st.lists(piece, min_size=1, max_size=4).map("".join)
    return st.one_of(
        texts, texts.map(lambda text: kept + text), texts.map(lambda text: text + kept)
    )


FORMS = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(hostile(KEPT.get(name, "")), min_size=len(source), max_size=len(source))
        for name, (source, _) in small.MESSAGES.items()
    },
)


class Office:
    """A clinic with the leaflet on our own base template, and how its pages usually look."""

    def __init__(self, path: Path) -> None:
        """Write the clinic folder, and compose each of its pages from a good translation."""
        self.path = path
        (path / "clinic.toml").write_text(CLINIC)
        for name in ("leaflet.html", "leaflet.toml"):
            file = path / "templates/leaflets/sample" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(small.FILES[f"leaflets/sample/{name}"], "utf-8")
        self.catalog = small.catalog_of(path)
        self.catalog.parent.mkdir(parents=True)
        self.catalog.write_bytes(small.catalog({}))
        self.library = load.load(path)
        self.editions = self._editions()
        self.usual = [self.shape(one).elements for one in self.editions]

    def _editions(self) -> list[Edition]:
        found = plan(self.library, Request(leaflets=("sample",), languages=("es",)))
        paper = next(one for one in found if one.format.id == "a4")
        return [*found, msgspec.structs.replace(paper, beside=self.library.languages["ar"])]

    def shape(self, edition: Edition) -> _Shape:
        """Compose a page, and take it apart."""
        return _Shape(compose(Inputs(self.library), edition).html)

    def messages(self, domain: str) -> Sequence[Message]:
        """List the sentences of a domain."""
        return extract.domain(self.library, domain)


CLINIC = 'name = "Hill Street"\nformats = ["a4", "html", "text"]\n'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("hostile"))


@examples(6_000, quick=40)
@given(FORMS, st.integers(0, 3))
def test_whatever_a_msgstr_holds_stands_on_the_page_as_text(
    office: Office, forms: dict[str, Sequence[str]], number: int
) -> None:
    office.catalog.write_bytes(small.catalog(forms))
    edition = office.editions[number]
    with watched("msgstr on a page", office.path):
        read = outcome(po.read, office.catalog)
        if isinstance(read, LeafletsError):
            return
        composed = compose(Inputs(office.library), edition)
        shape = _Shape(composed.html)
    # A sentence that is not translated stands once on a page of two languages.
    assert not shape.elements - office.usual[number]
    assert edition.beside or shape.elements == office.usual[number]
    if edition.format.medium == "print" and edition.beside is None:
        _stand_as_they_are(read, composed.faults.keys(), shape.texts)
    if edition.format.medium == "screen":
        folders = [*office.library.roots.templates, office.path]
        alone = _Shape(web_page.standalone(composed.html, folders).decode())
        assert not {tag for tag, *_ in alone.elements} & {"script", "link", "iframe", "object"}
    plain_text.written(composed.html, office.library.parts)


def _stand_as_they_are(
    read: po.Catalog, refused: Collection[tuple[str, str]], texts: Mapping[str, str]
) -> None:
    """Hold each sentence that was taken to its text: no expression worked out, nothing left out."""
    for name in ("sample.main", "sample.head", "sample.bold", "sample.label"):
        key = (name, small.MESSAGES[name][0][0])
        found = po.find([read], key)
        if found and key not in refused:
            wanted = unescape(re.sub(r"</?strong>|<br>", "", found.forms[0]))
            assert " ".join(texts[name].split()) == " ".join(wanted.split())


CHANGED = st.lists(st.tuples(st.integers(0, 10_000), hostile()), min_size=1, max_size=60)


def _shared_catalog(messages: Sequence[Message], forms: Sequence[tuple[int, str]]) -> bytes:
    """Write a catalog in which some sentences are hostile, with what their English must keep."""
    changed = {number % len(messages): text for number, text in forms}
    file = polib.POFile(wrapwidth=0)
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for number, one in enumerate(messages):
        kept = "".join(re.findall(r"%\(\w+\)s|</?strong>|<br>", one.source[-1]))
        text = f"{kept}{changed.get(number, 'palabra')}" or "palabra"
        plural = {0: text, 1: text} if one.plural else None
        file.append(
            polib.POEntry(
                msgctxt=one.id,
                msgid=one.text,
                msgid_plural=one.plural,
                msgstr="" if plural else text,
                msgstr_plural=plural,
            )
        )
    return str(file).encode("utf-8", "surrogatepass")


@examples(2_000, quick=20)
@given(CHANGED)
def test_a_sentence_that_all_leaflets_share_is_text_as_well(
    office: Office, forms: Sequence[tuple[int, str]]
) -> None:
    path = office.catalog.with_name("common.po")
    office.catalog.write_bytes(small.catalog({}))
    path.write_bytes(_shared_catalog(office.messages(COMMON), forms))
    try:
        with watched("msgstr on every page", office.path):
            if not isinstance(outcome(po.read, path), LeafletsError):
                assert office.shape(office.editions[0]).elements == office.usual[0]
    finally:
        path.unlink()


@examples(300, quick=6)
@given(CHANGED)
def test_a_word_of_the_desk_is_text_as_well(
    office: Office, forms: Sequence[tuple[int, str]]
) -> None:
    path = office.catalog.with_name("desk.po")
    words = office.messages(DESK)
    try:
        path.write_bytes(_shared_catalog(words, []))
        desk = Desk(office.path)
        usual = _Shape(desk.page("es", TODAY)).elements
        path.write_bytes(_shared_catalog(words, forms))
        with watched("msgstr on the page of the desk", office.path):
            page = outcome(desk.page, "es", TODAY)
        if not isinstance(page, LeafletsError):
            assert _Shape(page).elements == usual
    finally:
        path.unlink()
