"""What comes back from translators and reviewers: only target text is taken, or all is refused."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.catalogs import po
from leaflets.catalogs.exchange import sheet, unit, xliff
from leaflets.catalogs.exchange.unit import Intake, Refusal, Returned, Unit
from leaflets.catalogs.message import Translation
from leaflets.library.languages import Language
from leaflets.library.load import Library
from tests.fuzz import inputs, small
from tests.fuzz.harness import examples, names, outcome, watched

XLIFF_WORDS = (
    b"<unit id='sample.main'>", b"</unit>", b"<segment>", b"</segment>", b"<source>", b"</source>",
    b"<target>", b"</target>", b"<ph id='1'/>", b"<ph id='9'/>", b"<pc id='1'>", b"</pc>", b"<cp/>",
    b"<cp hex='0000'/>", b"<cp hex='D800'/>", b"<cp hex='FFFFFFFF'/>", b"<cp hex='-1'/>", b"<mrk>",
    b"<sc id='1'/>", b"<ec/>", b"<sm/>", b"<em/>", b"<script/>", b"&lt;script&gt;", b"&amp;lt;",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>", b"<!ENTITY a 'b'>", b"&b;",
    b"<?xml version='1.0' encoding='UTF-16'?>", b"<?xml-stylesheet href='x'?>", b" xmlns=''",
    b"<xi:include href='/etc/hostname' xmlns:xi='http://www.w3.org/2001/XInclude'/>",
    b"<ignorable/>", b"<mrk>" * 2000 + b"x" + b"</mrk>" * 2000, b"<file id='sample'>", b"<group>",
    b"<pc id='1'>" * 1500 + b"</pc>" * 1500, b' trgLang="xx"', b' version="2.0"', b"%(days)s",
)  # fmt: skip
CSV_WORDS = (
    b",", b";", b"\t", b'""', b'"', b"\r", b"=1+1", b"'=1", b"@SUM(A1)", b"sample.main", b"sample",
    b"correction", b"translation", b"es,sample,sample.main,Drink water.,x,,translated,y\r\n",
    b"language,domain,id,source,translation,notes,status,correction\r\n", b"A" * 140_000,
)  # fmt: skip


class Office:
    """A small library, and what went out of it to a translator."""

    def __init__(self, folder: Path) -> None:
        """Write the library, and export its leaflet."""
        self.folder = folder
        self.library: Library = small.library(folder)
        self.spanish: Language = self.library.languages["es"]
        self.catalog = small.catalog_of(folder)
        self.whole = self.catalog.read_bytes()
        self.units: Sequence[Unit] = unit.units(self.library, self.spanish, "sample")

    def restore(self) -> None:
        """Put the catalog back as it was."""
        self.catalog.write_bytes(self.whole)

    def taken(self, returned: Sequence[Returned | Refusal]) -> Intake:
        """Take what came back over, and hold the catalog that comes of it to what went out."""
        texts = [one for one in returned if isinstance(one, Returned)]
        found = unit.intake(self.library, self.spanish, self.units, texts)
        assert not (found.refused and found.files)
        for path, data in found.files.items():
            path.write_bytes(data)
            entries = po.read(path).entries
            assert len(entries) == len(small.MESSAGES)
            for one in texts:
                self._stands(one, entries)
        return found

    def _stands(self, one: Returned, entries: Mapping[tuple[str, str], Translation]) -> None:
        ours = next(own for own in self.units if own.id == one.id)
        if one.target:
            assert entries[ours.message.key].forms[ours.form] == one.target


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("interchange"))


def _xliff(office: Office, path: Path) -> None:
    document = xliff.read(path, path.read_bytes())
    office.taken(list(xliff.returned(document, office.units)))


def _csv(office: Office, path: Path) -> None:
    office.taken(sheet.read(path, path.read_bytes()).returned)


def _tried(office: Office, target: str, name: str, read: Callable[..., None], data: bytes) -> None:
    path = office.folder / name
    path.write_bytes(data)
    try:
        with watched(target, office.folder):
            found = outcome(read, office, path)
            assert names(found, path) or names(found, "catalog") or "“" in str(found)
    finally:
        office.restore()


def test_an_xliff_file_is_taken_or_refused_whole(office: Office) -> None:
    seed = xliff.document(office.spanish, office.units)

    @examples(15_000, quick=80)
    @given(inputs.every([seed], XLIFF_WORDS))
    def tried(data: bytes) -> None:
        _tried(office, "XLIFF", "diary-es.xlf", _xliff, data)

    tried()


def _cells(table: bytes) -> st.SearchStrategy[bytes]:
    """Make tables in which some cells are others."""
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    change = st.tuples(st.integers(0, 99), st.integers(0, 9), inputs.texts())

    def made(changes: Sequence[tuple[int, int, str]]) -> bytes:
        changed = [list(row) for row in rows]
        for row, column, text in changes:
            changed[row % len(rows)][column % len(rows[0])] = text
        written = io.StringIO()
        csv.writer(written).writerows(changed)
        return written.getvalue().encode("utf-8", "surrogatepass")

    return st.lists(change, min_size=1, max_size=3).map(made)


def test_a_table_is_taken_or_refused_whole(office: Office) -> None:
    seed = sheet.table(office.spanish, office.units)

    @examples(10_000, quick=60)
    @given(st.one_of(inputs.every([seed], CSV_WORDS), _cells(seed)))
    def tried(data: bytes) -> None:
        _tried(office, "table (CSV)", "diary-es.csv", _csv, data)

    tried()
