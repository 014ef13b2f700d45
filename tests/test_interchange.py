"""Interchange: what goes out comes back; only target text is taken, and only if it is whole."""

import base64
import csv
import io
import json
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from leaflets import files
from leaflets.catalogs.exchange import handover, sheet, unit, xliff
from leaflets.catalogs.exchange.handover import Form
from leaflets.catalogs.exchange.unit import Intake, Refusal, Returned
from leaflets.editions.illustrating import pictures_of_messages
from leaflets.errors import ExitCode, InputError
from leaflets.library import home, load
from leaflets.library.load import Library
from tests.conftest import ClinicFolder, notes
from tests.running import in_this_process

XLIFF = "{urn:oasis:names:tc:xliff:document:2.0}"


@pytest.fixture(scope="module")
def marked(library: Library) -> str:
    """Name a text of the diary that has one word in bold, and nothing else that must be kept."""
    units = unit.units(library, library.languages["es"], "diary")
    return next(one.id for one in units if "<strong>" in one.target and "%(" not in one.source)


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """Return a clinic folder with catalogs of its own, which an import may change."""
    return begun(tmp_path / "clinic")


def begun(folder: Path) -> Path:
    folder.mkdir()
    (folder / "clinic.toml").write_text('name = "Test"\n')
    for tag in ("es", "ar"):
        shutil.copytree(home.home() / "locales" / tag, folder / "locales" / tag)
    return folder


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return in_this_process("translate", *arguments)


def export(clinic: Path, form: Form, tag: str = "es") -> Path:
    """Write what a clinic of `begun` hands over, as it was begun."""
    file = clinic / "out" / f"diary-{tag}.{'xlf' if form == 'xliff' else form}"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(exported(form, tag))
    return file


@cache
def exported(form: Form, tag: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        library = load.load(begun(Path(folder) / "clinic"))
        language = library.languages[tag]
        units = handover.chosen(library, language, ["diary"], notes())
        pictures = pictures_of_messages(library, language, ["diary"]) if form == "html" else {}
        return handover.written(
            language, units, form, templates=library.roots.templates, pictures=pictures
        )


def take_in(clinic: Path, file: Path) -> Intake:
    """Take a file into the catalogs of a clinic, unless something in it is refused."""
    _, intake = handover.taken_in(load.load(clinic), file)
    files.write_together(intake.files)
    return intake


@pytest.mark.parametrize("form", ["xliff", "csv"])
def test_the_command_writes_what_is_handed_over(clinic: Path, form: Form) -> None:
    file = export(clinic, form)
    done = run("export", "es", "diary", "-f", form, "-o", clinic / "sent", "--clinic", clinic)
    assert done.returncode == ExitCode.OK, done.stderr
    assert (clinic / "sent" / file.name).read_bytes() == file.read_bytes()


def catalogs(clinic: Path) -> dict[str, bytes]:
    root = clinic / "locales"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.po")}


@pytest.mark.parametrize("tag", ["es", "ar"])
@pytest.mark.parametrize("form", ["xliff", "csv"])
def test_what_comes_back_unchanged_changes_no_byte(clinic: Path, form: Form, tag: str) -> None:
    before = catalogs(clinic)
    assert not take_in(clinic, export(clinic, form, tag)).refused
    assert catalogs(clinic) == before


@pytest.mark.parametrize("form", ["xliff", "csv"])
def test_one_changed_target_changes_exactly_its_line(
    clinic: Path, library: Library, form: Form
) -> None:
    file = export(clinic, form)
    before = catalogs(clinic)
    text = file.read_text("utf-8")
    units = unit.units(library, library.languages["es"], "diary")
    old = next(one.target for one in units if text.count(one.target) == 1)
    file.write_text(text.replace(old, "Cajas"), "utf-8")
    assert not take_in(clinic, file).refused
    after = catalogs(clinic)
    assert {name for name in after if after[name] != before[name]} == {"es/LC_MESSAGES/diary.po"}
    pairs = zip(
        before["es/LC_MESSAGES/diary.po"].splitlines(),
        after["es/LC_MESSAGES/diary.po"].splitlines(),
        strict=True,
    )
    changed = [(one, other) for one, other in pairs if one != other]
    assert len(changed) == 1
    assert changed[0][1].startswith(b"msgstr")
    assert b"Cajas" in changed[0][1]


def _rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))


def _write(file: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, sheet.COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(text.getvalue(), "utf-8-sig")


def test_a_reviewers_correction_counts_and_other_columns_do_not(clinic: Path, marked: str) -> None:
    file = export(clinic, "csv")
    rows = _rows(file)
    row = next(one for one in rows if one["id"] == marked)
    row["correction"] = "<strong>Minutos:</strong> sume todas sus caminatas del día."
    row["notes"] = "ignored"
    row["status"] = "ignored"
    _write(file, rows)
    done = run("import", file, "--clinic", clinic, "--json")
    assert json.loads(done.stdout)["changed"] == [marked]
    assert "sume todas sus caminatas del día" in (
        clinic / "locales/es/LC_MESSAGES/diary.po"
    ).read_text("utf-8")


@pytest.mark.parametrize(
    ("column", "text", "part"),
    [
        ("correction", "Sume sus caminatas.", "MARK-01"),
        ("correction", "<strong>Minutos:</strong> 30.", "NUM-03"),
        ("source", "Another English.", "its English changed since the export"),
        ("id", "diary.how.gone", "there is no such message any more"),
        ("domain", "hips", "there is no leaflet “hips”"),
    ],
)
def test_what_would_damage_a_page_or_is_not_ours_is_refused_and_nothing_is_written(
    clinic: Path, marked: str, column: str, text: str, part: str
) -> None:
    file = export(clinic, "csv")
    before = catalogs(clinic)
    rows = _rows(file)
    next(one for one in rows if one["id"] == marked)[column] = text
    next(one for one in rows if one["id"] == "diary.title")["correction"] = "Mi diario"
    _write(file, rows)
    assert part in " ".join(one.sentence() for one in take_in(clinic, file).refused)
    assert catalogs(clinic) == before


def test_an_export_is_xliff_2_1_with_one_unit_for_each_text(library: Library) -> None:
    language = library.languages["ar"]
    units = unit.units(library, language, "recovery")
    root = ET.fromstring(xliff.document(language, units))  # noqa: S314 - our own document
    assert (root.tag, root.get("version")) == (f"{XLIFF}xliff", "2.1")
    assert (root.get("srcLang"), root.get("trgLang")) == ("en", "ar")
    found = list(root.iter(f"{XLIFF}unit"))
    ids = [one.get("id") for one in found]
    assert ids == [one.id for one in units]
    assert len(set(ids)) == len(ids)
    for one in found:
        (segment,) = one.findall(f"{XLIFF}segment")
        assert segment.get("state") in {"initial", "translated"}
        data = {part.get("id") for part in one.iter(f"{XLIFF}data")}
        held = [part.get("dataRef") for part in one.iter(f"{XLIFF}ph")]
        assert set(filter(None, held)) <= data
    texts = ["".join(one.itertext()) for one in root.iter(f"{XLIFF}target")]
    assert not [text for text in texts if "<" in text or "%(" in text]


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"<xliff", "not well-formed XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "document type or entities"),
        (b"<html/>", "not XLIFF 2"),
    ],
)
def test_a_file_that_is_not_xliff_is_refused_with_one_sentence(
    tmp_path: Path, data: bytes, part: str
) -> None:
    file = tmp_path / "a.xlf"
    file.write_bytes(data)
    done = run("import", file)
    assert done.returncode == ExitCode.INPUT
    assert part in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_placeholder_lost_in_xliff_is_refused(clinic: Path) -> None:
    file = export(clinic, "xliff")
    tree = ET.parse(file)  # noqa: S314 - our own document
    ET.register_namespace("", XLIFF.strip("{}"))
    element = next(
        one for one in tree.iter(f"{XLIFF}unit") if one.get("id", "").startswith("diary.how.pain")
    )
    target = next(element.iter(f"{XLIFF}target"))
    for child in list(target):
        if child.tag == f"{XLIFF}ph":
            target.remove(child)
    tree.write(file, encoding="utf-8")
    before = catalogs(clinic)
    done = run("import", file, "--clinic", clinic)
    assert done.returncode == ExitCode.INPUT
    assert "diary.how.pain" in done.stdout
    assert "Nothing was written" in done.stdout
    assert catalogs(clinic) == before


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "it is empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"id,source\na,b\n", "the column “language” is missing"),
        (",".join(sheet.COLUMNS).encode() + b"\na,b\n", "it has 2 cells"),
    ],
)
def test_a_file_that_is_not_our_table_is_refused(data: bytes, part: str) -> None:
    with pytest.raises(InputError, match=part):
        sheet.read(Path("x.csv"), data)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\ta", "'quoted'"])
def test_no_cell_of_a_table_is_a_formula_and_each_comes_back_as_it_was(
    library: Library, text: str
) -> None:
    language = library.languages["es"]
    (first, *_) = unit.units(library, language, "diary")
    data = sheet.table(language, [msgspec.structs.replace(first, target=text)])
    cells = next(iter(csv.DictReader(io.StringIO(data.decode("utf-8-sig")))))
    assert cells["translation"].startswith("'")
    (back,) = sheet.read(Path("x.csv"), data).returned
    assert isinstance(back, Returned)
    assert back.target == text


def test_a_table_saved_with_semicolons_is_read(library: Library) -> None:
    language = library.languages["es"]
    units = unit.units(library, language, "diary")
    rows = list(csv.reader(io.StringIO(sheet.table(language, units).decode("utf-8-sig"))))
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    found = sheet.read(Path("x.csv"), text.getvalue().encode())
    texts = [text.target for text in found.returned if isinstance(text, Returned)]
    assert texts == [text.target for text in units]


def test_the_page_of_a_review_shows_pictures_and_asks_nothing_of_the_network(clinic: Path) -> None:
    html = export(clinic, "html", "ar").read_text("utf-8")
    assert html.count('src="data:image/png;base64,') > 20
    assert "http" not in html.replace("http-equiv", "")
    assert 'lang="ar" dir="rtl"' in html
    assert "default-src 'none'" in html


def test_the_logo_of_a_clinic_is_in_the_pictures_of_a_review(clinic: Path) -> None:
    red = (255, 0, 0)
    Image.new("RGB", (40, 40), red).save(clinic / "logo.png")
    plain = pictures_in(export(clinic, "html", "ar").read_text("utf-8"))
    (clinic / "clinic.toml").write_text('name = "Test"\nlogo = "logo.png"\n')
    done = run("export", "ar", "diary", "-f", "html", "-o", clinic / "logo", "--clinic", clinic)
    assert done.returncode == ExitCode.OK, done.stderr
    shown = pictures_in((clinic / "logo/diary-ar.html").read_text("utf-8"))
    assert len(shown) == len(plain) > 20
    assert any(red in {color for _, color in colors(one)} for one in shown)
    assert not any(red in {color for _, color in colors(one)} for one in plain)


def pictures_in(html: str) -> list[Image.Image]:
    """Read the pictures that a page holds."""
    found = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    return [Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB") for data in found]


def colors(image: Image.Image) -> list[tuple[int, tuple[int, ...]]]:
    """Count the colours of a picture."""
    found = image.getcolors(image.width * image.height)
    return [(count, color) for count, color in found or [] if isinstance(color, tuple)]


def test_a_page_that_cannot_be_drawn_is_named_and_nothing_is_exported(
    clinic: Path,
) -> None:
    folder = ClinicFolder(clinic)
    folder.body('<p><img src="https://example.org/x.png" alt="x"></p>')
    done = run("export", "es", "sample", "-f", "html", "-o", clinic / "out", "--clinic", clinic)
    assert done.returncode == ExitCode.INPUT
    assert "sample" in done.stderr
    assert "example.org" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (clinic / "out").exists()


def test_an_import_shows_what_the_checks_find(clinic: Path) -> None:
    file = export(clinic, "csv")
    rows = _rows(file)
    next(one for one in rows if one["id"] == "diary.title")["correction"] = "Mi diario."
    _write(file, rows)
    done = run("import", file, "--clinic", clinic)
    assert done.returncode == ExitCode.OK
    assert "PUNC-03" in done.stdout


def test_elements_far_within_each_other_are_refused_in_a_sentence(clinic: Path) -> None:
    file = export(clinic, "xliff")
    text = file.read_text("utf-8")
    deep = "<target>" + '<mrk id="m">' * 2000 + "A" + "</mrk>" * 2000 + "</target>"
    file.write_text(re.sub(r"<target>.*?</target>", deep, text, count=1), "utf-8")
    (refused,) = take_in(clinic, file).refused
    assert "stand within each other" in refused.sentence()


def test_ids_and_texts_are_escaped_in_xliff(library: Library) -> None:
    language = library.languages["es"]
    (first, *_) = unit.units(library, language, "diary")
    changed = msgspec.structs.replace(
        first, id='a&"<b', domain='c&"<d', target='1 < 2 & "3"\x07\r %(days)s <strong>x</strong>'
    )
    data = xliff.document(language, [changed])
    (found,) = xliff.returned(xliff.read(Path("a.xlf"), data), [changed])
    assert isinstance(found, Returned)
    assert (found.id, found.domain) == (changed.id, changed.domain)
    assert found.target == changed.target


def test_a_region_that_a_program_puts_to_the_language_is_taken_off(clinic: Path) -> None:
    file = export(clinic, "xliff")
    file.write_text(file.read_text("utf-8").replace('trgLang="es"', 'trgLang="es-ES"'), "utf-8")
    before = catalogs(clinic)
    assert not take_in(clinic, file).refused
    assert catalogs(clinic) == before


@pytest.mark.parametrize("state", [' state="initial"', ""])
def test_english_that_a_program_filled_in_is_not_taken_for_a_translation(
    library: Library, state: str
) -> None:
    units = unit.units(library, library.languages["es"], "diary")
    (own,) = (one for one in units if one.id == "diary.title")
    file = (
        f'<xliff xmlns="{XLIFF[1:-1]}" version="2.1" srcLang="en" trgLang="es"><file id="diary">'
        f'<unit id="{own.id}"><segment{state}><source>{own.source}</source>'
        f"<target>{own.source}</target></segment></unit></file></xliff>"
    )
    document = xliff.read(Path("a.xlf"), file.encode())
    (found,) = xliff.returned(document, units)
    assert isinstance(found, Returned)
    assert not found.target


def test_a_remark_in_the_place_of_a_correction_is_refused(library: Library) -> None:
    language = library.languages["es"]
    long = max(unit.units(library, language, "diary"), key=lambda one: len(one.target))
    table = sheet.table(language, [long]).decode("utf-8-sig")
    (found,) = sheet.read(Path("x.csv"), f"{table.rstrip()}OK\r\n".encode()).returned
    assert isinstance(found, Refusal)
    assert "“OK”" in found.message
