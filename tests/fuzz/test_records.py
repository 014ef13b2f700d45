"""Records and requests that come from elsewhere: ledgers, packs, codes, queries, details."""

import datetime as dt
import hashlib
import io
import json
import zipfile
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.compose import personal
from leaflets.errors import LeafletsError
from leaflets.library import edition_code
from leaflets.library.signoff import Item
from leaflets.output import pack, shelf
from leaflets.output.site import atom, catalogue, infobutton
from leaflets.output.site.catalogue import Catalogue, Record
from leaflets.records import ledger
from leaflets.records.ledger import LedgerEntry, Turn
from tests.fuzz import inputs
from tests.fuzz.harness import examples, names, outcome, watched

TODAY = dt.date(2026, 11, 26)

JSON_WORDS = (
    b"{}", b"[]", b"null", b"true", b"1e999", b"-0", b'"\\ud800"', b'"\\u0000"', b"{" * 2000, b",",
    b"[" * 2000, b'"2026-02-30"', b'"9999-12-31"', b'"printed":[]', b'"items":[1]', b"9" * 400,
    b'"name":"A"', b'"day":"2026-12-01"', b'"procedure":null', b'"medicines":[{"name":" "}]',
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records")


# --- the ledger -----------------------------------------------------------------------------------

ITEM = Item("sentence", "sample.main", ("Drink water.",), ("Beba agua.",))
FINGERPRINT = "7" * 64
ENTRY = LedgerEntry(
    code=edition_code.of(FINGERPRINT), fingerprint=FINGERPRINT, leaflet="sample", language="es",
    format="a4", region="GB", status="draft", printed=(Turn(TODAY, 1),), items=(ITEM.digest,),
)  # fmt: skip


def _lines(folder: Path) -> dict[str, bytes]:
    ledger.write(folder, ledger.Ledger((ENTRY,), {ITEM.digest: ITEM}))
    return {
        name: (folder / ledger.FOLDER / name).read_bytes()
        for name in (ledger.EDITIONS, ledger.TEXTS)
    }


def _traced(folder: Path) -> None:
    found = ledger.read(folder)
    for entry in found.entries:
        found.items(entry)
        found.later(entry)


@pytest.mark.parametrize("name", [ledger.EDITIONS, ledger.TEXTS])
def test_a_ledger_is_read_or_refused_with_its_file_and_line(folder: Path, name: str) -> None:
    whole = _lines(folder)
    path = folder / ledger.FOLDER / name

    @examples(4_000, quick=30)
    @given(
        st.one_of(inputs.every([whole[name] * 2], JSON_WORDS), inputs.changed_json([whole[name]]))
    )
    def tried(data: bytes) -> None:
        path.write_bytes(data)
        with watched("ledger", folder):
            assert names(outcome(_traced, folder), path)

    tried()
    path.write_bytes(whole[name])


# --- packs ----------------------------------------------------------------------------------------


def _packed(manifest: bytes = b"", name: str = "en/sample-en-a4.pdf") -> bytes:
    """Zip a pack as we do; one line of it may be what somebody else wrote."""
    pdf = b"%PDF-1.7 sample"
    entry = shelf.ManifestEntry(
        file=name, leaflet="sample", language="en", format="a4", status="draft",
        code=ENTRY.code, fingerprint=FINGERPRINT, pages=1, sha256=hashlib.sha256(pdf).hexdigest(),
    )  # fmt: skip
    files = {name: pdf, "manifest.json": manifest or shelf.encoded([entry]), pack.CHANGES: b"x"}
    sums = "".join(f"{hashlib.sha256(files[one]).hexdigest()}  {one}\n" for one in sorted(files))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in {**files, pack.SUMS: sums.encode()}.items():
            archive.writestr(zipfile.ZipInfo(one), content)
    return data.getvalue()


ZIP_WORDS = (
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08",
    b"\xff\xff\xff\xff", b"\0\0\0\0", b"../../x", b"manifest.json", b"\x63\0", b"\x0e\0", b"\x0c\0",
)  # fmt: skip


def _zips() -> st.SearchStrategy[bytes]:
    manifest = json.dumps({"version": 1, "editions": []}).encode()
    return st.one_of(
        inputs.every([_packed()], ZIP_WORDS),
        inputs.changed([_packed()], ZIP_WORDS),
        inputs.changed([manifest], JSON_WORDS).map(_packed),
        inputs.texts().map(_named),
    )


def _named(name: str) -> bytes:
    return _packed(name=name)


@examples(8_000, quick=60)
@given(_zips())
def test_a_pack_is_verified_or_refused_and_nothing_is_unpacked(folder: Path, data: bytes) -> None:
    path = folder / "pack.zip"
    path.write_bytes(data)
    before = sorted(folder.iterdir())
    with watched("pack", folder):
        assert names(outcome(pack.verify, path), path)
        assert names(outcome(pack.editions_of, path), path)
    assert sorted(folder.iterdir()) == before


# --- codes, queries, details ----------------------------------------------------------------------


@examples(10_000, quick=100)
@given(
    st.one_of(
        inputs.texts(),
        st.text(edition_code.ALPHABET + "ilou0- –‐\u00df\u0131\ufb01", min_size=5, max_size=9),
    )
)
def test_a_code_is_read_or_is_none(text: str) -> None:
    with watched("edition code"):
        found = outcome(edition_code.read, text)
    if not isinstance(found, LeafletsError):
        assert edition_code.read(found) == found


_NAMES = (
    "mainSearchCriteria.v.c", "mainSearchCriteria.v.cs", "mainSearchCriteria.v.dn",
    "mainSearchCriteria.v.ot", "informationRecipient", "informationRecipient.languageCode.c",
    "performer.languageCode.c", "knowledgeResponseType", "x",
)  # fmt: skip
_VALUES = (
    atom.ICD10CM, atom.SNOMED, "icd10cm", "M48.5", "m485xxa", "S32.1", "recovery", "bones", "PAT",
    "PROV", "es", "es_MX", "zh-TW", "xx", "application/json", "text/html", "<script>", "../../x",
)  # fmt: skip
_PAIRS = st.lists(
    st.tuples(st.sampled_from(_NAMES), st.one_of(st.sampled_from(_VALUES), inputs.texts())),
    max_size=6,
)


def _query() -> st.SearchStrategy[str]:
    raw = inputs.scratch([name.encode() + b"=" for name in _NAMES] + [b"&", b"%", b"%zz", b";"])
    return st.one_of(
        _PAIRS.map(lambda pairs: urlencode(pairs, errors="replace")),
        raw.map(lambda data: data.decode("latin-1")),
    )


RECORD = Record(
    leaflet="recovery", title="Después", title_language="es", english_title="Getting better",
    topic="Sacroplasty", audience="patients", icd10cm=("M48.5", "S32.1"), snomed=("1",),
    language="es", language_name="Spanish", autonym="Español", direction="ltr", region="GB",
    region_name="United Kingdom", country="Reino Unido", beside="",
    format="a4", format_name="A4", media_type="application/pdf", pages=2, file="es/a.pdf", size=1,
    sha256="0", code=ENTRY.code, status="draft", reviewed=None, due=None,
)  # fmt: skip
CATALOGUE = Catalogue(
    clinic="Hill Street", region="GB", updated=TODAY,
    editions=tuple(msgspec.structs.replace(RECORD, language=tag) for tag in ("en", "zh-Hant")),
    governance={},
)  # fmt: skip


@examples(10_000, quick=80)
@given(_query())
def test_a_query_is_answered_or_refused(query: str) -> None:
    with watched("infobutton query"):
        asked = outcome(infobutton.query, query)
        if not isinstance(asked, LeafletsError):
            answer = infobutton.answer(CATALOGUE, asked)
            feed = atom.feed(CATALOGUE, answer.note or "x", answer.records)
            assert "<script" not in str(feed)


@examples(3_000, quick=30)
@given(inputs.every([msgspec.json.encode(CATALOGUE)], JSON_WORDS, inputs.changed_json))
def test_a_catalogue_is_read_or_refused(folder: Path, data: bytes) -> None:
    path = folder / catalogue.FILE
    path.write_bytes(data)
    with watched("catalogue (JSON)", folder):
        assert names(outcome(catalogue.read, folder), path)


DETAILS = json.dumps(
    {
        "procedure": "2026-12-01",
        "appointment": {"day": "2026-12-14", "time": "08:30", "place": "Room 3, Zanzibar"},
        "medicines": [
            {"name": "apixaban", "keep": False, "last": "2026-11-28", "restart": "2026-12-02"},
            {"name": "paracetamol", "keep": True, "told_by": "Dr Sol"},
        ],
    }
).encode()


@examples(10_000, quick=80)
@given(inputs.every([DETAILS], JSON_WORDS, inputs.changed_json))
def test_details_are_read_or_refused_without_repeating_them(data: bytes) -> None:
    with watched("personal details (JSON)"):
        found = outcome(personal.read, data, TODAY)
    for secret in ("Zanzibar", "apixaban", "Dr Sol"):
        assert secret not in str(found) or not isinstance(found, LeafletsError)
