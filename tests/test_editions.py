"""Editions as they are printed: complete, without problems, tagged, and marked as a draft.

`make build` prints every leaflet in every language on every usual format. Here each is printed in
English, and in two of the other languages, which take turns: what is wrong with a template, a
language, a script or a format shows whatever else it is printed with.
"""

import ctypes
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import page as validator
import pikepdf
import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw

from leaflets.checks.text import plain
from leaflets.compose import views
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.editions.build import Outcome
from leaflets.library.load import Library
from leaflets.output import shelf
from leaflets.render.weasy.typeset import typeset
from tests.conftest import composed, print_into

Printed = tuple[Path, tuple[Outcome, ...]]

LEAFLETS = {
    "about-sacroplasty", "choices", "symptoms", "preparation", "recovery", "carers",
    "without-procedure", "fall-prevention", "osteoporosis-care", "medicines", "living-well",
    "diary", "warning-card",
}  # fmt: skip


MARKS = {
    "en": "Draft", "en-GB": "Draft", "es": "Borrador", "ar": "مسودة",
    "km": "សេចក្ដីព្រាង", "pl": "Wersja robocza", "hi": "ड्राफ़्ट", "zh-Hans": "草稿", "ur": "مسودہ",
}  # fmt: skip


def chosen(library: Library) -> Sequence[Edition]:
    """Choose what is printed: each leaflet on A4 in English, and in two languages that take turns.

    The first of these is on A4 as well, the second on each of the other usual formats in turn.
    """
    every = {
        (one.leaflet.slug, one.language.tag, one.format.id): one for one in plan(library, Request())
    }
    tags, formats = ([*dict.fromkeys(key[part] for key in every)] for part in (1, 2))
    others = [tag for tag in tags if tag != "en"]
    sheets = [sheet for sheet in formats if sheet != "a4"]
    wanted = [
        key
        for turn, slug in enumerate(library.leaflets)
        for key in (
            (slug, "en", "a4"),
            (slug, others[turn % len(others)], "a4"),
            (slug, tags[turn % len(tags)], sheets[turn % len(sheets)]),
        )
    ]
    return [every[key] for key in wanted]


@pytest.fixture(scope="module")
def printed(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Print what is chosen; return the folder, and what became of each edition."""
    folder = tmp_path_factory.mktemp("build")
    return folder, print_into(library, chosen(library), folder, os.cpu_count() or 1)


def test_every_leaflet_is_planned_in_every_language_and_on_every_usual_format(
    library: Library,
) -> None:
    assert {one.file for one in plan(library, Request())} == {
        f"{tag}/{slug}-{tag}-{sheet}.pdf"
        for slug in LEAFLETS
        for tag in MARKS
        for sheet in ("a4", "letter", "a4-large")
    }


def test_every_leaflet_language_and_usual_format_is_printed(
    printed: Printed, library: Library
) -> None:
    folder, outcomes = printed
    expected = {one.file for one in chosen(library)}
    assert {one.entry.file for one in outcomes if one.entry} == expected
    assert {str(path.relative_to(folder)) for path in folder.glob("*/*")} == expected
    ours, every = [one.edition for one in outcomes], plan(library, Request())
    for named in (
        lambda edition: edition.leaflet.slug,
        lambda edition: edition.language.tag,
        lambda edition: edition.format.id,
    ):
        assert {*map(named, ours)} == {*map(named, every)}


def test_no_edition_has_a_problem(printed: Printed) -> None:
    assert [problem.sentence() for one in printed[1] for problem in one.problems] == []


def test_every_edition_passes_pdf_ua_1(printed: Printed) -> None:
    folder, outcomes = printed
    failures = {}
    for one in outcomes:
        found = validator.validate_pdf(
            str(folder / one.edition.file), profile=validator.ValidationProfile.PDF_UA_1
        )
        if found.failures or not found.is_compliant:
            failures[one.edition.name] = [failure.message for failure in found.failures]
    assert failures == {}


def test_the_validator_fails_a_file_that_is_not_tagged(printed: Printed, tmp_path: Path) -> None:
    folder, outcomes = printed
    with pikepdf.open(folder / outcomes[0].edition.file) as pdf:
        del pdf.Root.StructTreeRoot
        pdf.save(tmp_path / "untagged.pdf")
    found = validator.validate_pdf(
        str(tmp_path / "untagged.pdf"), profile=validator.ValidationProfile.PDF_UA_1
    )
    assert found.failures


def test_every_page_carries_the_draft_mark_in_its_language(printed: Printed) -> None:
    folder, outcomes = printed
    for one in outcomes:
        if one.edition.language.extraction == "tags":
            continue  # its letters share glyphs: the next test looks at the page instead
        mark = MARKS[one.edition.language.tag]
        with pdfium.PdfDocument(folder / one.edition.file) as pdf:
            for number, sheet in enumerate(pdf, 1):
                text = plain(sheet.get_textpage().get_text_bounded())
                assert plain(mark) in text, f"{one.edition.name}, page {number}"


def test_every_page_in_a_script_of_shared_glyphs_is_laid_out_with_the_draft_mark(
    printed: Printed, library: Library
) -> None:
    shared = [one.edition for one in printed[1] if one.edition.language.extraction == "tags"]
    assert {edition.language.tag for edition in shared} == {"ur"}
    for edition in shared:
        html = compose(Inputs(library), edition).html
        for page in typeset(html, library.roots.templates, right_to_left=True).layout.pages:
            marks = [run.text for run in page.runs if ".draft-mark" in run.kinds]
            assert marks == [MARKS["ur"]]


def test_every_translated_sheet_names_its_language_and_title_in_english(printed: Printed) -> None:
    folder, outcomes = printed
    for one in outcomes:
        with pdfium.PdfDocument(folder / one.edition.file) as pdf:
            page = plain(pdf[0].get_textpage().get_text_bounded())
        title = views.foot_title(one.edition.leaflet, one.edition.format)
        for word in re.findall(r"\w+", f"{one.edition.language.name} {title}"):
            assert word in page, (one.edition.name, word)


def texts_at_the_foot(sheet: pdfium.PdfPage) -> list[list[str]]:
    """Read the texts at the foot, letters sorted: PDFium orders those of a right-to-left page."""
    text_page = sheet.get_textpage()
    bounds = [item.get_bounds() for item in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])]
    low = [area for area in bounds if area[1] < sheet.get_height() / 10]
    return [sorted(plain(text_page.get_text_bounded(*area))) for area in low]


def test_every_page_carries_the_edition_code(printed: Printed) -> None:
    folder, outcomes = printed
    codes = set()
    for one in outcomes:
        assert one.entry
        codes.add(one.entry.code)
        with pdfium.PdfDocument(folder / one.edition.file) as pdf:
            for sheet in pdf:
                assert sorted(one.entry.code) in texts_at_the_foot(sheet), one.edition.name
    assert len(codes) == len(outcomes)


def test_every_edition_states_its_language_and_direction(printed: Printed) -> None:
    folder, outcomes = printed
    for one in outcomes:
        with pikepdf.open(folder / one.edition.file) as pdf:
            assert str(pdf.Root.Lang) == one.edition.language.tag
            direction = pdf.Root.ViewerPreferences.get("/Direction")
            assert (direction == pikepdf.Name.R2L) == (one.edition.language.direction == "rtl")
            assert pdf.docinfo["/Title"]


def test_every_font_is_embedded(printed: Printed) -> None:
    folder, outcomes = printed
    for one in outcomes:
        with pikepdf.open(folder / one.edition.file) as pdf:
            for item in pdf.objects:
                if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                    assert "/FontFile2" in item or "/FontFile3" in item, one.edition.name


@pytest.mark.parametrize("tag", ["es", "ar"])
def test_every_language_shows_the_warning_signs_of_the_english_in_its_order(
    library: Library, tag: str
) -> None:
    for slug in library.leaflets:
        english, other = (
            composed(
                library,
                plan(library, Request(leaflets=(slug,), languages=(one,), formats=("a4",)))[0],
            )
            for one in ("en", tag)
        )
        assert english.flags
        assert other.flags == english.flags
        assert not [key for key in other.missing if key[0].startswith("redflag.")]


def pieces(sheet: pdfium.PdfPage) -> Iterator[tuple[str, float, float]]:
    """Read each piece of text of a page, its size as it is printed, and how far up it stands."""
    text_page = sheet.get_textpage()
    for item in sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        length = raw.FPDFTextObj_GetText(item.raw, text_page.raw, None, 0)
        units = (ctypes.c_ushort * (length // 2))()
        raw.FPDFTextObj_GetText(item.raw, text_page.raw, units, length)
        size = ctypes.c_float()
        assert raw.FPDFTextObj_GetFontSize(item.raw, size)
        text = bytes(units).decode("utf-16-le").rstrip("\0")
        yield text.strip(), size.value * abs(item.get_matrix().d), item.get_bounds()[1]


def test_the_emergency_number_is_the_largest_text_of_its_page(printed: Printed) -> None:
    folder, outcomes = printed
    editions = [one.edition for one in outcomes if one.edition.format.id == "a4"]
    assert {edition.region.emergency_number for edition in editions} == {"911", "999"}
    for edition in editions:
        with pdfium.PdfDocument(folder / edition.file) as pdf:
            first, height = list(pieces(pdf[0])), pdf[0].get_height()
        largest, size, above = max(first, key=lambda piece: piece[1])
        number = edition.region.emergency_number
        numbers = [size for text, size, _ in first if text == number]
        assert numbers, edition.name
        assert max(numbers) >= min(size, 20)
        if edition.leaflet.emergency_box == "last":
            assert largest == number, edition.name
            assert above > height * 3 / 4


def test_the_manifest_states_the_hash_of_every_file(printed: Printed) -> None:
    folder, outcomes = printed
    entries = shelf.read_manifest(folder)
    assert len(entries) == len(outcomes)
    for file, stated in entries.items():
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == stated.sha256


def test_one_process_and_several_print_the_same_bytes(
    printed: Printed, library: Library, tmp_path: Path
) -> None:
    folder, outcomes = printed
    for one in print_into(library, [one.edition for one in outcomes[::13]], tmp_path):
        file = one.edition.file
        assert (tmp_path / file).read_bytes() == (folder / file).read_bytes()
