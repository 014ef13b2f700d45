"""A sheet for one patient: real days on the page, and not a trace of them anywhere else."""

import datetime as dt
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import page as validator
import pikepdf
import pypdfium2 as pdfium
import pytest

from leaflets.compose import personal
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.personal import Appointment, Medicine, Personal
from leaflets.compose.plan import Edition, Request, plan
from leaflets.editions.make import Making, make_edition
from leaflets.errors import RequestError
from leaflets.library.load import Library
from tests.waiting import HANG

TODAY = dt.date(2026, 11, 26)
DETAILS = {
    "procedure": "2026-12-03",
    "appointment": {"day": "2027-01-14", "time": "14:30", "place": "Zanzibar Ward"},
    "medicines": [
        {
            "name": "Quokkaban",
            "keep": False,
            "last": "2026-11-30",
            "restart": "2026-12-04",
            "told_by": "Dr Xylo",
        },
        {"name": "Metoprolol", "keep": True},
    ],
}
#: What must never be found anywhere but on the sheet.
SECRETS = ("Zanzibar", "Quokkaban", "Xylo", "2026-12-03", "2027-01-14", "14:30")


def edition(library: Library, slug: str, tag: str) -> Edition:
    (found,) = plan(library, Request(leaflets=(slug,), languages=(tag,), formats=("a4",)))
    return found


def details() -> Personal:
    return personal.read(json.dumps(DETAILS).encode(), TODAY)


def words(pdf: bytes) -> str:
    with pdfium.PdfDocument(pdf) as document:
        text = " ".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("tag", "week"),
    [("en", "December 4 – 10"), ("es", "4–10 de diciembre"), ("hi", "4 – 10 दिसंबर")],
)
def test_the_timeline_shows_real_days_in_the_form_of_the_language(
    library: Library, tag: str, week: str
) -> None:
    html = compose(Inputs(library), edition(library, "recovery", tag), details()).html
    assert week in html.replace("\u2009", " ").replace("\u202f", " ")


def test_the_preparation_sheet_shows_the_appointment_and_the_medicines(library: Library) -> None:
    done = make_edition(
        Inputs(library), edition(library, "preparation", "en"), Making(personal=details())
    )
    assert [one.sentence() for one in done.problems] == []
    assert done.file
    text = words(done.file)
    for expected in (
        "January 14, 2027, 2:30", "Zanzibar Ward", "Quokkaban", "November 30, 2026",
        "December 4, 2026", "Dr Xylo", "Metoprolol",
    ):  # fmt: skip
        assert expected in text.replace("\u202f", " "), expected


def test_without_details_not_a_byte_differs(library: Library) -> None:
    one = edition(library, "recovery", "en")
    assert (
        make_edition(Inputs(library), one).file
        == make_edition(Inputs(library), one, Making(personal=Personal())).file
    )
    with_days = make_edition(Inputs(library), one, Making(personal=details()))
    assert with_days.file != make_edition(Inputs(library), one).file
    assert with_days.fingerprint == make_edition(Inputs(library), one).fingerprint


@pytest.mark.parametrize("tag", ["es", "ar", "zh-Hans", "ur"])
def test_a_sheet_for_one_patient_is_as_sound_as_any(
    library: Library, tmp_path: Path, tag: str
) -> None:
    for slug in ("recovery", "preparation"):
        done = make_edition(
            Inputs(library), edition(library, slug, tag), Making(personal=details())
        )
        assert [one.sentence() for one in done.problems] == []
        path = tmp_path / f"{slug}.pdf"
        path.write_bytes(done.file or b"")
        for profile in (validator.ValidationProfile.PDF_UA_1, validator.ValidationProfile.PDF_A_2A):
            assert validator.validate_pdf(str(path), profile=profile).is_compliant


def surroundings(folder: Path) -> dict[str, str]:
    """Give a command folders of its own, which can be searched afterwards, and a day to live in."""
    for name in ("tmp", "home"):
        (folder / name).mkdir(exist_ok=True)
    epoch = int(dt.datetime.combine(TODAY, dt.time(), dt.UTC).timestamp())
    own = {"TMPDIR": str(folder / "tmp"), "HOME": str(folder / "home")}
    return {**os.environ, **own, "SOURCE_DATE_EPOCH": str(epoch)}


def run(folder: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "leaflets", "personal", *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=surroundings(folder),
    )


def test_no_detail_is_left_in_any_file_message_or_metadata(tmp_path: Path) -> None:
    done = run(tmp_path, json.dumps(DETAILS), "preparation", "-l", "en", "-o", "sheet.pdf")
    assert done.returncode == 0, done.stderr
    for secret in SECRETS:
        assert secret not in done.stdout + done.stderr
    others = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "sheet.pdf"]
    for path in others:
        assert not any(secret.encode() in path.read_bytes() for secret in SECRETS), path
    with pikepdf.open(tmp_path / "sheet.pdf") as pdf:
        kept = [str(value) for value in pdf.docinfo.values()]
        kept.append(pdf.Root.Metadata.read_bytes().decode("utf-8"))
    for secret in SECRETS:
        assert not any(secret in text for text in kept), secret
    assert "Quokkaban" in words((tmp_path / "sheet.pdf").read_bytes())


def test_the_sheet_goes_to_standard_output_and_nothing_to_disk(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "leaflets", "personal", "recovery", "-l", "es", "-o", "-"],
        input=json.dumps(DETAILS).encode(),
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env=surroundings(tmp_path),
    )
    assert done.stdout.startswith(b"%PDF-")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


WRONG = [
    ({"procedure": "2026-02-30"}, "“procedure” is not a day that exists"),
    ({"procedure": "2036-12-03"}, "“procedure” is more than a year ago or two years ahead"),
    ({"procedure": 5}, "“procedure” is not"),
    ({"appointment": {"time": "08:30"}}, "lacks “day”"),
    ({"appointment": {"day": "2027-01-14", "time": "8 Uhr"}}, "“appointment.time” is not a time"),
    ({"appointment": {"day": "2027-01-14", "place": "x" * 90}}, "“appointment.place” is longer"),
    ({"medicines": [{"name": ""}]}, "“medicines[0].name” is empty"),
    (
        {"medicines": [{"name": "A", "last": "2026-12-05", "restart": "2026-12-04"}]},
        "“medicines[0].restart” is not after",
    ),
    ({"medicines": [{"name": "A", "keep": True, "last": "2026-12-05"}]}, "is kept, and has a day"),
    (
        {"medicines": [{"name": "A", "keep": True, "restart": "2026-12-05"}]},
        "is kept, and has a day",
    ),
    (
        {"procedure": "2026-12-03", "medicines": [{"name": "A", "last": "2026-12-05"}]},
        "“medicines[0].last” is after “procedure”",
    ),
    (
        {"procedure": "2026-12-03", "medicines": [{"name": "A", "restart": "2026-12-01"}]},
        "“medicines[0].restart” is before “procedure”",
    ),
    ({"medicines": [{"name": "A"}] * 13}, "more than 12"),
    ({"medicines": [{"name": "A\u202eB"}]}, "cannot be printed"),
    ({"patient": "Zanzibar"}, "a field that is not known"),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_a_detail_that_cannot_be_right_is_named_and_not_repeated(
    given: dict[str, object], said: str
) -> None:
    with pytest.raises(RequestError) as found:
        personal.read(json.dumps(given).encode(), TODAY)
    assert said in str(found.value)
    for value in ("2026-02-30", "8 Uhr", "Zanzibar", "2036"):
        assert value not in str(found.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00", '"x"', "{" * 20000])
def test_what_is_not_json_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    done = run(tmp_path, text, "recovery", "-o", "sheet.pdf")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "sheet.pdf").exists()


def test_questions_are_asked_on_a_terminal_until_a_day_exists(tmp_path: Path) -> None:
    answers = ["2026-02-30", "2026-12-03", "", "Quokkaban", "n", "2026-11-30", "", "Dr Xylo", ""]
    main, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "leaflets", "personal", "recovery", "-o", "s.pdf"],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=surroundings(tmp_path),
    ) as asked:
        os.close(terminal)
        os.write(main, "".join(f"{answer}\n" for answer in answers).encode())
        _, said = asked.communicate(timeout=HANG)
        os.close(main)
    assert b"not a day that exists" in said
    assert asked.returncode == 0, said
    assert "December 3" in words((tmp_path / "s.pdf").read_bytes())


def test_a_value_is_checked_wherever_it_comes_from() -> None:
    wrong = Personal(
        appointment=Appointment(day=dt.date(2020, 1, 1)), medicines=(Medicine(name="A"),)
    )
    with pytest.raises(RequestError, match=r"appointment\.day"):
        personal.check(wrong, TODAY)
