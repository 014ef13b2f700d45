"""Who wrote a leaflet, who reviewed it, and how patients took part: stated, shown and printed."""

import json
from pathlib import Path

import pytest

from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.editions.make import make_edition
from leaflets.errors import InputError
from leaflets.library import load
from leaflets.library.governance import NOBODY, PATIENTS
from leaflets.library.load import Library
from leaflets.output import shelf
from leaflets.output.site import catalogue, page
from leaflets.output.site.publish import publish
from tests.conftest import LEAFLET_TOML, ClinicFolder, print_into
from tests.test_command import run

UNTESTED = "No patient has tested yet if this sheet is clear."
WROTE = "Written by the Leaflets project."


def text_of(library: Library, leaflet: str = "recovery", language: str = "en") -> str:
    request = Request(leaflets=(leaflet,), languages=(language,), formats=("text",))
    (edition,) = plan(library, request)
    file = make_edition(Inputs(library), edition).file
    assert file is not None
    return file.decode()


def test_every_leaflet_says_that_nobody_reviewed_and_no_patient_took_part(
    library: Library,
) -> None:
    for leaflet in library.leaflets.values():
        said = dict(leaflet.governance.statements())
        assert said["Reviewed by"] == NOBODY
        assert said["Patients"] == PATIENTS["none yet"]


def test_every_leaflet_says_in_its_language_who_wrote_it_and_that_none_tested_it(
    library: Library,
) -> None:
    for slug in library.leaflets:
        assert f"{WROTE} {UNTESTED}" in text_of(library, slug)
    assert "Escrito por el proyecto Leaflets. Ningún paciente" in text_of(library, language="es")


def test_a_clinic_that_wrote_a_leaflet_itself_is_named_as_its_author(clinic: ClinicFolder) -> None:
    assert "Written by our clinic." in text_of(load.load(clinic.path), "sample")
    both = LEAFLET_TOML.replace('["clinic"]', '["project", "clinic"]')
    clinic.write("templates/leaflets/sample/leaflet.toml", both)
    text = text_of(load.load(clinic.path), "sample")
    assert "Written by the Leaflets project. Written by our clinic." in text


@pytest.mark.parametrize(
    ("stated", "printed"),
    [
        ('phone = "020 7946 0000"\ncomments = "leaflets@hill.example"', "leaflets@hill.example"),
        ('phone = "020 7946 0000"', "020 7946 0000"),
        ("", "________________________"),
    ],
)
def test_what_was_hard_to_understand_is_told_where_the_clinic_says_or_by_its_number_or_on_a_blank(
    clinic: ClinicFolder, stated: str, printed: str
) -> None:
    clinic.write("clinic.toml", f'name = "Hill Street"\nregion = "GB"\n{stated}\n')
    text = text_of(load.load(clinic.path))
    assert f"Was something hard to understand? Tell us: {printed}" in text


@pytest.mark.parametrize("where", ["hill street", "a@b", "leaflets@hill.example\\nCall 1"])
def test_a_place_for_comments_is_a_number_or_an_email_address(
    clinic: ClinicFolder, where: str
) -> None:
    clinic.write("clinic.toml", f'name = "Hill"\nregion = "GB"\ncomments = "{where}"\n')
    with pytest.raises(InputError, match="comments: write a telephone number, or an email"):
        load.load(clinic.path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[governance]\n", "[other]\n", "`authors` is missing"),
        ('authors = ["clinic"]', "authors = []", "governance.authors: "),
        ('authors = ["clinic"]', 'authors = ["clinic", "clinic"]', "a role is named twice"),
        ('authors = ["clinic"]', 'authors = ["Dr Ana Ruiz"]', "governance.authors"),
        ('patients = "none yet"\n', "", "`patients` is missing"),
        ('patients = "none yet"', 'patients = "tested"', "governance.patients"),
        ("2026-11-24", "soon", "line"),
        (
            '[[governance.changes]]',
            '[[governance.changes]]\nday = 2026-11-01\nwhat = "Old."\n[[governance.changes]]',
            "the newest change must come first",
        ),
    ],
)  # fmt: skip
def test_what_is_not_stated_or_out_of_order_is_refused_in_one_sentence(
    clinic: ClinicFolder, old: str, new: str, said: str
) -> None:
    assert old in LEAFLET_TOML
    clinic.write("templates/leaflets/sample/leaflet.toml", LEAFLET_TOML.replace(old, new))
    with pytest.raises(InputError) as refused:
        load.load(clinic.path)
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_the_catalogue_shows_of_each_leaflet_who_wrote_it_and_what_has_changed(
    library: Library, tmp_path: Path
) -> None:
    request = Request(leaflets=("diary",), languages=("en",), formats=("text",))
    print_into(library, plan(library, request), tmp_path)
    with shelf.opened(tmp_path) as output:
        publish(library, output)
        output.commit()
    written = json.loads((tmp_path / catalogue.FILE).read_text("utf-8"))
    assert list(written["governance"]) == ["diary"]
    assert written["governance"]["diary"]["reviewers"] == []
    html = (tmp_path / page.FILE).read_text("utf-8")
    assert f"<dt>Reviewed by</dt><dd>{NOBODY}</dd>" in html
    assert "<dt>Changed on 24 November 2026</dt>" in html


def test_whoever_looks_up_a_code_reads_who_wrote_the_leaflet(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    out = str(tmp_path / "out")
    folder = ("--clinic", str(clinic.path))
    built = run("build", "sample", "-l", "en", "-f", "a4", *folder, "-o", out)
    assert built.returncode == 0, built.stderr
    manifest = json.loads((tmp_path / "out" / "catalogue.json").read_text("utf-8"))
    traced = run("trace", manifest["editions"][0]["code"], *folder)
    assert "Written by: the clinic" in traced.stdout
    assert f"Reviewed by: {NOBODY}" in traced.stdout
    assert "Changed on 2026-11-24: The first version." in traced.stdout
