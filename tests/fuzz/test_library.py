"""TOML of every kind: read, or refused in one sentence that names the file."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.compose.survey import survey
from leaflets.errors import LeafletsError
from leaflets.library import (
    claims,
    clinic,
    edition_code,
    facts,
    fonts,
    formats,
    glossary,
    home,
    languages,
    leaflet,
    load,
    orthography,
    plurals,
    recalls,
    redflags,
    regions,
    seal,
    signoff,
    sites,
    sources,
)
from leaflets.library.recalls import Recall
from leaflets.library.signoff import Approval, SignOff, Verification
from tests.conftest import LEAFLET_HTML, LEAFLET_TOML
from tests.fuzz import inputs
from tests.fuzz.harness import examples, names, outcome, watched

CLINIC = """name = "Hill Street"
department = "Radiology"
region = "GB"
phone = "020 7946 0000"
out_of_hours = "111"
address = "https://clinic.example/leaflets/"
languages = ["en", "es"]
formats = ["a4"]
digits = "native"
hours = [{days = "mon-fri", opens = "08:00", closes = "17:00"}]
[local]
driving-days = [2, 3]
lifting-weight = {value = 4.5, unit = "kilogram"}
"""
SITES = CLINIC + '[site.north]\nname = "North"\nphone = "020 7946 0001"\n[site.south]\n'
ITEM = signoff.Item("sentence", "sample.main", ("Drink water.",), ("Beba agua.",))
ON, UNTIL = dt.date(2026, 1, 31), dt.date(2027, 1, 31)
APPROVAL = Approval(
    leaflet="sample", role="translator", name="A", items=(ITEM.digest,), on=ON, until=UNTIL
)
VERIFICATION = Verification(
    fact="rest", name="B", role="clinician", item=ITEM.digest, on=ON, until=UNTIL
)
SIGNOFF = signoff.encoded(
    SignOff((seal.sealed(APPROVAL),), (seal.sealed(VERIFICATION),), {ITEM.digest: ITEM})
).decode()
RECALLED = Recall(
    code=edition_code.of("0" * 64), leaflet="sample", language="en", format="a4",
    on=dt.date(2026, 11, 26), name="Dr Sol", reason="Wrong number", fingerprint="0" * 64,
)  # fmt: skip
RECALL = recalls.encoded({RECALLED.fingerprint: seal.sealed(RECALLED)}).decode()
FACTS = '[fact.rest]\nvalue = [3, 7]\nunit = "day"\nsource = "book"\n[fact.risk]\nunit = "people"\nper = 100\nby_region.GB = {value = 2, source = ["book"]}\n[local.driving-days]\nlabel = "Driving"\nunit = "day"\nlow = 1\nhigh = 14\n'  # noqa: E501 - one file
SOURCES = '[source.book]\nkind = "web"\ntitle = "The book"\nchecked = 2026-01-31\n'
CLAIMS = '[claim.rest]\nsays = "Rest helps."\nmessages = ["sample.*"]\nbasis = "source"\nsources = ["book"]\nread = "whole"\n[no_claim]\nmessages = ["sample.title"]\n'  # noqa: E501 - one file
FORMATS = '[format.own]\nname = "Own"\npaper = "a4"\nwidth = 210\nheight = 297\nmargin_top = 10\nmargin_bottom = 10\nmargin_side = 10\nmarker = 20\nbody = 12.5\nlabel = 11\nsmallest = 10.5\nbudget = {of = "own", times = 1.5}\n[refused]\na3 = "Too big."\n'  # noqa: E501 - one file

PLURALS = (
    '[cldr]\nen = "nplurals=2; plural=(n != 1);"\n[beyond_cldr]\nsm = "nplurals=1; plural=0;"\n'
)


def _own(name: str) -> str:
    return (home.home() / name).read_text("utf-8")


def _forms(root: Path) -> object:
    return languages.load([root], plurals.load([home.home() / "locales"]))


#: Each kind of file: where it lies in a folder, a real one, and what reads it.
KINDS: dict[str, tuple[str, str, Callable[[Path], object]]] = {
    "clinic.toml": ("clinic.toml", CLINIC, clinic.load),
    "clinic.toml, sites": ("clinic.toml", SITES, sites.load),
    "facts.toml": ("facts.toml", _own("templates/facts.toml")[:3000].rpartition("\n[")[0],
                   lambda root: facts.load([root])),
    "sources.toml": ("sources.toml", SOURCES, lambda root: sources.load([root])),
    "claims.toml": ("claims.toml", CLAIMS, lambda root: claims.load([root])),
    "regions.toml": ("regions.toml", _own("templates/regions.toml"),
                     lambda root: regions.load([root])),
    "redflags.toml": ("redflags.toml", _own("templates/redflags.toml"),
                      lambda root: redflags.load([root, home.home() / "templates"])),
    "formats.toml": ("formats.toml", FORMATS, lambda root: (formats.load([root]),
                                                            formats.refused([root]))),
    "fonts.toml": ("fonts.toml", _own("templates/fonts.toml"), lambda root: fonts.load([root])),
    "languages.toml": ("languages.toml", _own("locales/languages.toml"), _forms),
    "plurals.toml": ("plurals.toml", PLURALS,
                     lambda root: plurals.load([root])),
    "orthography.toml": ("orthography.toml", _own("locales/orthography.toml"),
                         lambda root: orthography.load([root])),
    "leaflet.toml": ("leaflets/sample/leaflet.toml", LEAFLET_TOML,
                     lambda root: leaflet.load([root])),
    "glossary.toml": ("es/glossary.toml", _own("locales/es/glossary.toml")[:2500].rpartition("\n[")[0],  # noqa: E501 - a row of the table
                      lambda root: glossary.load([root], "es")),
    "signoff.toml": ("signoff.toml", SIGNOFF,
                     lambda root: signoff.read(root / "signoff.toml")),
    "recalls.toml": ("recalls.toml", RECALL, recalls.load),
}  # fmt: skip

WORDS = (
    b"[a]\n", b"[[a]]\n", b"a = 1\n", b"a = {b = 1}\n", b"[fact.x]\n", b"x = [1, 2]\n", b"= inf\n",
    b"= nan\n", b"= 2026-02-30\n", b"= 1979-05-27T07:32:00Z\n", b'= "a\\u0000b"\n', b"= '''\n",
    b"= true\n", b"= []\n", b"[site.x]\n", b'logo = "a\\u0000.svg"\n', b"name = 1\n",
)  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder to write files into."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "leaflets" / "sample").mkdir(parents=True)
    (folder / "leaflets" / "sample" / "leaflet.html").write_text(LEAFLET_HTML)
    (folder / "es").mkdir()
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_toml_is_read_or_refused_in_one_sentence_that_names_it(root: Path, kind: str) -> None:
    name, seed, read = KINDS[kind]

    @examples(1_500, quick=12)
    @given(inputs.every([seed.encode()], WORDS, inputs.changed_toml))
    def tried(data: bytes) -> None:
        (root / name).write_bytes(data)
        with watched(kind, root):
            assert names(outcome(read, root), root)

    assert not isinstance(outcome(read, _seeded(root, name, seed)), LeafletsError)
    tried()


def _seeded(root: Path, name: str, seed: str) -> Path:
    (root / name).write_text(seed, "utf-8")
    return root


#: Files of a clinic folder of which one at a time is changed, and the library printed with it.
FOLDER: dict[str, str] = {
    "clinic.toml": CLINIC,
    "recalls.toml": RECALL,
    "templates/facts.toml": FACTS,
    "templates/sources.toml": SOURCES,
    "templates/claims.toml": CLAIMS,
    "templates/formats.toml": FORMATS,
    "templates/regions.toml": _own("templates/regions.toml"),
    "templates/redflags.toml": _own("templates/redflags.toml"),
    "templates/leaflets/sample/leaflet.toml": LEAFLET_TOML,
    "locales/languages.toml": _own("locales/languages.toml"),
    "locales/plurals.toml": _own("locales/plurals.toml"),
}
PROSE = LEAFLET_HTML.replace(
    "BODY",
    "{{ fact('rest').with_unit }} {{ fact('risk').text }} {{ fact('risk').per }}"
    " {{ local('driving-days').text }} {{ local('lifting-weight').text }} {{ stage_days(1, 2) }}",
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clinic folder that is in order."""
    folder = tmp_path_factory.mktemp("clinic")
    for name, text in {**FOLDER, "templates/leaflets/sample/leaflet.html": PROSE}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def _composed(folder: Path) -> None:
    """Read a clinic folder, plan what it prints, and compose and survey its own leaflet."""
    for library in load.load_each(folder):
        for tag in ("en", "ar"):
            request = Request(leaflets=("sample",), languages=(tag,))
            for edition in plan(library, request)[:2]:
                assert ".." not in edition.file
                compose(Inputs(library), edition)
        survey(library, library.leaflets["sample"])


@examples(1_000, quick=40)
@given(
    st.sampled_from(sorted(FOLDER)).flatmap(
        lambda name: st.tuples(st.just(name), inputs.changed_toml([FOLDER[name].encode()]))
    )
)
def test_a_library_that_is_read_can_be_composed_or_is_refused(
    own: Path, change: tuple[str, bytes]
) -> None:
    name, data = change
    (own / name).write_bytes(data)
    try:
        with watched("library, read and composed", own):
            outcome(_composed, own)
    finally:
        (own / name).write_text(FOLDER[name], "utf-8")
