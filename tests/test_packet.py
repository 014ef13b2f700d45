"""A packet: several leaflets as one tagged file, each on a right-hand page, behind a cover."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import msgspec
import page as validator
import pikepdf
import pypdfium2 as pdfium
import pytest

from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition, Request, plan
from leaflets.editions.packet import Packet, packet
from leaflets.library import load
from leaflets.library.load import Library
from leaflets.library.recalls import Recall
from tests.conftest import ClinicFolder, composed
from tests.test_personal import SECRETS, details


def editions(library: Library, tag: str, sheet: str, *slugs: str) -> list[Edition]:
    """Plan leaflets in the order in which they are named."""
    found = plan(library, Request(leaflets=slugs, languages=(tag,), formats=(sheet,)))
    by_slug = {one.leaflet.slug: one for one in found}
    return [by_slug[slug] for slug in slugs]


def made(library: Library, tag: str, staff: str, sheet: str, *slugs: str) -> Packet:
    return packet(library, editions(library, tag, sheet, *slugs), library.languages[staff])


def pages(file: bytes | None) -> list[str]:
    """Read the text of each page."""
    assert file
    with pdfium.PdfDocument(file) as document:
        texts = [one.get_textpage().get_text_bounded() for one in document]
    return [" ".join(text.split()) for text in texts]


def codes(library: Library, chosen: Sequence[Edition]) -> list[str]:
    """Return the codes of editions."""
    return [composed(library, one).code for one in chosen]


def test_each_leaflet_begins_on_a_right_hand_page_in_the_order_chosen(library: Library) -> None:
    chosen = editions(library, "es", "a4", "warning-card", "recovery", "diary")
    found = pages(packet(library, chosen, library.languages["en"]).file)
    starts = [
        next(index for index, text in enumerate(found) if index and code in text)
        for code in codes(library, chosen)
    ]
    assert starts == sorted(starts)
    assert all(start % 2 == 0 and "Página 1 de" in found[start] for start in starts)
    assert len(found) % 2 == 0
    # A blank page stands before a leaflet, or after the last, and nowhere else.
    blank = [index for index, text in enumerate(found) if not text]
    assert blank[0] == 1
    assert all(index + 1 in {*starts, len(found)} for index in blank)


def test_a_blank_page_holds_nothing_to_read(library: Library) -> None:
    file = made(library, "en", "en", "a4", "warning-card").file
    with pikepdf.open(BytesIO(file or b"")) as pdf:
        tree = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        marks = {int(key): len(kids) for key, kids in zip(tree[::2], tree[1::2], strict=True)}
        read = [marks[int(one.StructParents)] for one in pdf.pages]
    assert [count > 0 for count in read] == [True, False, True, True]


def test_a_reference_to_the_warning_signs_leads_to_those_of_its_own_leaflet(
    library: Library,
) -> None:
    chosen = editions(library, "en", "a4", "recovery", "preparation", "about-sacroplasty")
    file = packet(library, chosen, library.languages["en"]).file
    found = pages(file)
    with pikepdf.open(BytesIO(file or b"")) as pdf:
        names = list(pdf.Root.Names.Dests.Names)
        targets = dict(zip(map(str, names[::2]), names[1::2], strict=True))
        numbers = {int(one.objgen[0]): index for index, one in enumerate(pdf.pages)}
        links = {
            (index, numbers[int(targets[str(link.Dest)][0].objgen[0])])
            for index, one in enumerate(pdf.pages)
            for link in one.get("/Annots", [])
            if "/Dest" in link
        }
    assert len(links) == len(chosen)
    for begin, end in links:
        (code,) = (one for one in codes(library, chosen) if one in found[begin])
        assert code in found[end]
        assert "Call 911 now" in found[end]


@pytest.mark.parametrize(
    ("tag", "staff", "chosen"),
    [
        ("es", "ar", ("a4", "recovery", "diary")),
        ("ar", "en", ("letter", "preparation")),
        ("km", "zh-Hans", ("a4-large", "recovery")),
        ("ur", "ur", ("a5-booklet", "recovery", "diary")),
        ("en", "hi", ("a4-card", "warning-card")),
    ],
)
def test_a_packet_is_as_sound_as_a_leaflet(
    library: Library, tmp_path: Path, tag: str, staff: str, chosen: tuple[str, ...]
) -> None:
    done = made(library, tag, staff, *chosen)
    assert [one.sentence() for one in done.problems] == []
    path = tmp_path / "packet.pdf"
    path.write_bytes(done.file or b"")
    for profile in (validator.ValidationProfile.PDF_UA_1, validator.ValidationProfile.PDF_A_2A):
        found = validator.validate_pdf(str(path), profile=profile)
        assert found.is_compliant, [(one.rule_id, one.message) for one in found.failures]


def test_what_is_folded_or_cut_begins_on_the_front_of_a_sheet(library: Library) -> None:
    booklets = pages(made(library, "en", "en", "a5-booklet", "recovery", "diary").file)
    starts = [index for index, text in enumerate(booklets) if "Page 1 of" in text]
    assert len(starts) == 2
    assert all(index % 2 == 0 for index in (*starts, len(booklets)))
    cards = made(library, "en", "en", "a4-card", "warning-card").file
    with pikepdf.open(BytesIO(cards or b"")) as pdf:
        sizes = {tuple(round(float(edge)) for edge in one.mediabox) for one in pdf.pages}
    assert sizes == {(0, 0, 595, 842)}


def test_the_cover_names_leaflets_languages_and_codes_and_no_patient(library: Library) -> None:
    chosen = editions(library, "es", "a4", "preparation", "recovery")
    done = packet(library, chosen, library.languages["en"], details())
    cover, *others = pages(done.file)
    assert all(code in cover for code in codes(library, chosen))
    for one in chosen:
        assert one.leaflet.title in cover
    assert "Su recuperación después de la sacroplastia" in cover
    assert "Spanish" in cover
    assert "Draft" in cover
    assert not any(secret in cover for secret in SECRETS)
    assert any("Quokkaban" in text for text in others)
    with pikepdf.open(BytesIO(done.file or b"")) as pdf:
        kept = [*map(str, pdf.docinfo.values()), pdf.Root.Metadata.read_bytes().decode("utf-8")]
    assert not any(secret in text for text in kept for secret in SECRETS)


def test_a_packet_without_details_is_the_same_byte_for_byte(library: Library) -> None:
    chosen = editions(library, "ar", "a4", "recovery", "diary")
    plain = packet(library, chosen, library.languages["ar"])
    assert plain.file == packet(library, chosen, library.languages["ar"], Personal()).file


def test_one_leaflet_that_cannot_be_printed_holds_all_back(clinic: ClinicFolder) -> None:
    clinic.body('<p>{{ fact("no-such").text }}</p>')
    library = load.load(clinic.path)
    done = made(library, "en", "en", "a4", "diary", "sample")
    assert done.file is None
    assert [(one.code, one.leaflet) for one in done.problems] == [("FILE-01", "sample")]
    clinic.body('<p><img src="https://example.org/x.png" alt="x"></p>')
    done = made(library, "en", "en", "a4", "sample")
    assert done.file is None
    (problem,) = done.problems
    assert (problem.code, problem.leaflet) == ("PAGE-05", "sample")
    assert "example.org" in problem.text


def test_a_recalled_leaflet_is_in_no_packet(library: Library) -> None:
    one = composed(library, *editions(library, "en", "a4", "diary"))
    recall = Recall(
        code=one.code,
        leaflet="diary",
        language="en",
        format="a4",
        on=dt.date(2026, 1, 1),
        name="A Nurse",
        reason="A wrong number.",
        fingerprint=one.fingerprint,
    )
    known = msgspec.structs.replace(library, recalls={one.fingerprint: recall})
    done = made(known, "en", "en", "a4", "diary")
    assert done.file is None
    assert [problem.code for problem in done.problems] == ["GOV-06"]
