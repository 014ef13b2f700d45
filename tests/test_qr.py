"""The way back from paper: a QR code and an address on each sheet, if the clinic has one."""

from pathlib import Path

import page as validator
import pypdfium2 as pdfium
import pytest
import segno
from pypdfium2 import raw

from leaflets.checks.text import plain, words_of
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.compose.qr import svg
from leaflets.editions.make import make_edition
from leaflets.editions.proof import Proof
from leaflets.errors import InputError
from leaflets.library import edition_code, load
from leaflets.library.load import Library
from tests.conftest import ClinicFolder

ADDRESS = "https://clinic.example/leaflets/"
LONGEST = "https://patient-information.hospital-trust.example/sheets/1/"

#: One that closes with its sources, one whose warning signs take the page, and one without room.
LEAFLETS = ("recovery", "living-well", "diary", "warning-card")


def library(clinic: ClinicFolder, address: str) -> Library:
    clinic.write("clinic.toml", f'name = "Clinic"\nregion = "GB"\naddress = "{address}"\n')
    return load.load(clinic.path)


def proofs(found: Library, tag: str, sheet: str = "a4") -> list[Proof]:
    request = Request(leaflets=LEAFLETS, languages=(tag,), formats=(sheet,))
    return [make_edition(Inputs(found), one) for one in plan(found, request)]


def drawn(sheet: pdfium.PdfPage) -> list[list[bool]] | None:
    """Read the modules of the QR code from the picture of a page; None if there is none."""
    paths = sheet.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=5)
    areas = [(*one.get_bounds(), raw.FPDFPath_CountSegments(one.raw)) for one in paths]
    codes = [one for one in areas if one[4] > 1000]
    if not codes:
        return None
    left, _bottom, right, top, _count = codes[0]
    scale = 6
    image = sheet.render(scale=scale).to_pil().convert("L")
    module = 0.5 * 72 / 25.4
    side = round((right - left) / module)
    height = sheet.get_height()
    return [
        [
            image.getpixel(
                (
                    int((left + (x + 0.5) * module) * scale),
                    int((height - top + (y + 0.5) * module) * scale),
                )
            ) < 128
            for x in range(side)
        ]
        for y in range(side)
    ]  # fmt: skip


@pytest.mark.parametrize("tag", ["en", "ar", "zh-Hans"])
def test_each_sheet_carries_its_address_as_text_and_as_qr_code(
    clinic: ClinicFolder, tmp_path: Path, tag: str
) -> None:
    found = library(clinic, ADDRESS)
    for one in proofs(found, tag):
        assert [problem.sentence() for problem in one.problems] == []
        assert one.file
        path = tmp_path / f"{one.edition.name}.pdf"
        path.write_bytes(one.file)
        verdict = validator.validate_pdf(str(path), profile=validator.ValidationProfile.PDF_UA_1)
        assert verdict.is_compliant
        assert not verdict.failures
        own = edition_code.of(one.fingerprint)
        wanted = segno.make_qr(ADDRESS + own, error="m", boost_error=False)
        with pdfium.PdfDocument(one.file) as document:
            codes = [found_ for found_ in map(drawn, document) if found_]
        assert codes == [[[bool(dark) for dark in row] for row in wanted.matrix]]
        # That the file has every text of the page is checked in each proof.
        html = compose(Inputs(found), one.edition).html
        texts = plain("".join(words_of(html)))
        assert f"clinic.example/leaflets/{own}" in texts


@pytest.mark.parametrize(("tag", "sheet"), [("ur", "letter"), ("pl", "letter")])
def test_the_longest_address_fits_the_fullest_sheets(
    clinic: ClinicFolder, tag: str, sheet: str
) -> None:
    found = library(clinic, LONGEST)
    assert len(LONGEST) == 60
    for one in proofs(found, tag, sheet):
        assert [problem.sentence() for problem in one.problems] == []


def test_without_an_address_nothing_is_added(clinic: ClinicFolder) -> None:
    found = load.load(clinic.path)
    for edition in plan(found, Request(languages=("en",))):
        html = compose(Inputs(found), edition).html
        assert "<svg" not in html
        assert "sheet-address" not in html


@pytest.mark.parametrize(
    "address",
    [
        "clinic.example/leaflets/",
        "ftp://clinic.example/",
        "https://clinic.example/leaflets",
        "https://clinic.example",
        "https://intranet/",
        "https://user@clinic.example/",
        "https://clinic.example/?code=/",
        "https://clinic.example/#/",
        "https://clinic.example//",
        "https://clinic.example/our leaflets/",
        "https://klinik-süd.example/",
        "https://clinic.example/%2e/",
        "https://-clinic.example/",
        "javascript:alert(1)/",
        LONGEST.replace("1/", "12/"),
    ],
)
def test_an_address_that_cannot_be_printed_is_refused(clinic: ClinicFolder, address: str) -> None:
    with pytest.raises(InputError) as caught:
        library(clinic, address)
    assert "clinic.toml, address: " in str(caught.value)
    assert "such as https://clinic.example/leaflets/" in str(caught.value)


@pytest.mark.parametrize("address", [ADDRESS, LONGEST, "http://www.clinic.example:8080/"])
def test_an_address_of_a_folder_is_taken(clinic: ClinicFolder, address: str) -> None:
    assert library(clinic, address).clinic.address == address


def test_the_same_address_gives_the_same_picture() -> None:
    assert svg(ADDRESS) == svg(ADDRESS)
    assert svg(ADDRESS) != svg(LONGEST)
