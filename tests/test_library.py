"""Reading the library: bad input is one sentence with file and key, and never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from leaflets.catalogs.message import SHARED
from leaflets.compose.plan import Request, plan
from leaflets.errors import ExitCode, InputError
from leaflets.library import home, leaflet, load, sources
from leaflets.library.load import Library
from tests.conftest import ClinicFolder

GOOD = 'name = "Clinic"\nregion = "GB"\n'


def refusal(clinic: ClinicFolder) -> str:
    with pytest.raises(InputError) as caught:
        load.load(clinic.path)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("name = ", ["clinic.toml", "line 1"]),
        ('name = "a"\nname = "b"', ["clinic.toml", "line 2"]),
        ('nmae = "Clinic"', ["nmae", "did you mean `name`?"]),
        ("name = 5", ["name", "text", "not 5"]),
        ('region = "FR"', ["region", "“FR”", "US", "GB"]),
        ('languages = ["xx"]', ["languages", "“xx”", "ar"]),
        ('leaflets = ["hips"]', ["leaflets", "“hips”", "recovery"]),
        ('formats = ["a3"]', ["formats", "“a3”", "letter"]),
        ('phone = "ring us"', ["phone", "“ring us”"]),
        ('logo = "logo.svg"', ["logo", "logo.svg"]),
        ('digits = "roman"', ["digits", "roman"]),
        ('[[hours]]\ndays = "mon-fri"\nopens = "8"\ncloses = "17:00"', ["hours", "opens"]),
        (
            '[[hours]]\ndays = "weekdays"\nopens = "08:00"\ncloses = "17:00"',
            ["weekdays", "mon-fri"],
        ),
        ('[[hours]]\ndays = "mon"\nopens = "18:00"\ncloses = "17:00"', ["closing time"]),
        (
            '[[hours]]\ndays = "mon-fri"\nopens = "08:00"\ncloses = "17:00"\n'
            '[[hours]]\ndays = "wed"\nopens = "12:00"\ncloses = "18:00"',
            ["hours, entry 2", "wed 12:00–18:00", "mon-fri 08:00–17:00", "once"],
        ),
        (
            '[[hours]]\ndays = "mon"\nopens = "08:00"\ncloses = "12:00"\n'
            '[[hours]]\ndays = "sat-tue"\nopens = "09:00"\ncloses = "10:00"',
            ["hours, entry 2", "sat-tue", "overlaps mon"],
        ),
        ("[local]\ndriving = 2", ["local.driving", "known are"]),
        (
            "[local]\nfasting-food-hours = 2\nfasting-drink-hours = 6",
            ["local.fasting-food-hours", "2 hour is less than 6 hour", "`fasting-drink-hours`"],
        ),
        (
            "[local]\nbathing-days = 3\ndressing-days = [2, 5]",
            ["local.bathing-days", "3 day is less than 2–5 day", "`dressing-days`"],
        ),
        (
            "[local]\nsedation-hours = 72\ndriving-days = 2",
            ["local.driving-days", "2 day is less than 72 hour", "`sedation-hours`"],
        ),
        (
            "[local]\nlying-hours = 24\ncement-stay-days = 0.5",
            ["local.cement-stay-days", "0.5 day is less than 24 hour", "`lying-hours`"],
        ),
        (
            "[local]\nsedation-hours = 48\n[site.a.local]\ndriving-days = 1",
            ["site.a.local.driving-days", "1 day is less than 48 hour"],
        ),
    ],
)
def test_a_bad_clinic_is_refused_in_one_sentence(
    clinic: ClinicFolder, text: str, parts: list[str]
) -> None:
    clinic.write("clinic.toml", text)
    message = refusal(clinic)
    for part in ["clinic.toml", *parts]:
        assert part in message


def test_numbers_and_hours_that_agree_are_taken(clinic: ClinicFolder) -> None:
    clinic.write(
        "clinic.toml",
        f"{GOOD}hours = ["
        '{days = "sun-thu", opens = "08:00", closes = "12:00"},'
        '{days = "sun-thu", opens = "12:00", closes = "17:00"},'
        '{days = "fri", opens = "08:00", closes = "12:30"}]\n'
        "[local]\nfasting-food-hours = [6, 8]\nfasting-drink-hours = [2, 6]\n"
        "sedation-hours = 48\ndriving-days = 2\ndressing-days = 3\nbathing-days = 3\n"
        "lying-hours = 12\ncement-stay-days = [0.5, 2]\n",
    )
    assert load.load(clinic.path).clinic.local["driving-days"] == 2


@pytest.mark.parametrize(
    ("local", "parts"),
    [
        ('[local.driving-days]\nunit = "day"\nlabel = "Own"', ["driving-days", "1 day is less"]),
        (
            '[local.own]\nunit = "day"\nlabel = "Own"\nat_least = "none"',
            ["facts.toml", "local.own.at_least", "no local fact “none”"],
        ),
        (
            '[local.own]\nunit = "gram"\nlabel = "Own"\nat_least = "driving-days"',
            ["facts.toml", "local.own.at_least", "cannot be compared"],
        ),
        (
            '[local.own]\nunits = ["day", "week"]\nlabel = "Own"\nat_least = "lifting-time"',
            ["facts.toml", "local.own.at_least", "cannot be compared"],
        ),
    ],
)
def test_a_limit_of_a_clinics_own_keeps_what_it_may_not_be_less_than(
    clinic: ClinicFolder, local: str, parts: list[str]
) -> None:
    clinic.write("templates/facts.toml", local)
    clinic.write("clinic.toml", f"{GOOD}[local]\nsedation-hours = 48\ndriving-days = 1\n")
    message = refusal(clinic)
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("format_id", "other", "parts"),
    [
        ("large-en-html", "sample-en-large", ["“sample”", "“large-en-html”", "“sample-en-large”"]),
        ("html-with-errors", "other", ["“html-with-errors”", "“html” with errors"]),
        ("es-html", "sample-es", ["“es-html”", "“sample-es”", "es/sample-es-es-html.html"]),
    ],
)
def test_two_editions_that_would_be_one_file_are_refused(
    clinic: ClinicFolder, format_id: str, other: str, parts: list[str]
) -> None:
    sample = clinic.path / "templates/leaflets/sample"
    for name in ("leaflet.toml", "leaflet.html"):
        clinic.write(f"templates/leaflets/{other}/{name}", (sample / name).read_text())
    assert plan(load.load(clinic.path), Request())
    web = 'name = "Own"\nmedium = "screen"\nlabel = 12\nsmallest = 12\nbody = 12\n'
    clinic.write("templates/formats.toml", f"[format.{format_id}]\n{web}")
    # Refused whatever is asked for: of two builds, the second would overwrite the first.
    with pytest.raises(InputError) as caught:
        plan(load.load(clinic.path), Request(leaflets=("sample",), formats=("a4",)))
    for part in ["templates: the leaflet", "make one file", "give one another name", *parts]:
        assert part in str(caught.value)


@pytest.mark.parametrize("slug", SHARED)
def test_a_leaflet_is_not_called_like_a_catalog_of_ours(clinic: ClinicFolder, slug: str) -> None:
    sample = clinic.path / "templates/leaflets/sample"
    for name in ("leaflet.toml", "leaflet.html"):
        clinic.write(f"templates/leaflets/{slug}/{name}", (sample / name).read_text())
    assert f"{slug}.po; give the leaflet another name" in refusal(clinic)
    assert slug in leaflet.TAKEN


def test_a_clinic_file_that_is_not_utf_8_is_refused(clinic: ClinicFolder) -> None:
    (clinic.path / "clinic.toml").write_bytes('name = "Clínica"'.encode("latin-1"))
    assert "UTF-8" in refusal(clinic)


def test_a_folder_without_clinic_toml_is_refused_with_the_way_to_make_one(
    clinic: ClinicFolder,
) -> None:
    (clinic.path / "clinic.toml").unlink()
    assert "leaflets init" in refusal(clinic)


def test_every_local_fact_is_refused_beyond_its_bounds(
    clinic: ClinicFolder, library: Library
) -> None:
    for fact in library.facts.local.values():
        stated = f'{{value = 100000, unit = "{fact.units[0]}"}}' if fact.units else "100000"
        clinic.write("clinic.toml", f"{GOOD}[local]\n{fact.id} = {stated}\n")
        message = refusal(clinic)
        assert f"local.{fact.id}" in message
        assert "outside" in message


def test_a_measure_in_an_unknown_unit_is_refused(clinic: ClinicFolder, library: Library) -> None:
    measured = [fact for fact in library.facts.local.values() if fact.units]
    assert measured
    for fact in measured:
        for stated in ("5", '{value = 5, unit = "stone"}'):
            clinic.write("clinic.toml", f"{GOOD}[local]\n{fact.id} = {stated}\n")
            assert fact.units[0] in refusal(clinic)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('[fact.x]\nvalue = 3\nunit = "day"\nsource = "nobody"', ["fact.x.source", "“nobody”"]),
        ('[fact.x]\nunit = "day"\nsource = "a"', ["fact.x", "value"]),
        ('[fact.x]\nvalue = [7, 3]\nunit = "day"', ["fact.x", "low to high"]),
        ('[fact.x]\nvalue = "3"\nunit = "day"', ["fact.x.value"]),
        ('[fact.x]\nvalue = 3\nunits = "day"', ["fact.x.units", "did you mean `unit`?"]),
    ],
)
def test_a_bad_fact_is_refused_in_one_sentence(
    clinic: ClinicFolder, text: str, parts: list[str]
) -> None:
    clinic.write("templates/facts.toml", text)
    message = refusal(clinic)
    for part in ["facts.toml", *parts]:
        assert part in message


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (('red_flags = "general"', 'red_flags = "heads"'), "heads"),
        (("pages = {a4 = 2, letter = 2}", "pages = {a4 = 1}"), "letter"),
        (('title = "A sample"', f'title = "{"long " * 20}"'), "title"),
        (("order = 1", "order = 1\norders = 2"), "orders"),
        (("order = 1", ""), "order"),
    ],
)
def test_a_bad_leaflet_is_refused_in_one_sentence(
    clinic: ClinicFolder, change: tuple[str, str], part: str
) -> None:
    path = clinic.path / "templates/leaflets/sample/leaflet.toml"
    path.write_text(path.read_text().replace(*change))
    message = refusal(clinic)
    assert "leaflet.toml" in message
    assert part in message


def test_a_bad_clinic_ends_the_command_without_a_traceback(clinic: ClinicFolder) -> None:
    clinic.write("clinic.toml", "name = ")
    done = subprocess.run(
        [sys.executable, "-m", "leaflets", "build", "--clinic", str(clinic.path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.INPUT
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "clinic.toml" in done.stderr


def test_a_clinic_leaflet_wins_over_the_library(clinic: ClinicFolder) -> None:
    clinic.write(
        "templates/leaflets/recovery/leaflet.toml",
        (home.home() / "templates/leaflets/recovery/leaflet.toml")
        .read_text("utf-8")
        .replace("title = ", 'title = "Ours" # '),
    )
    clinic.write("templates/leaflets/recovery/leaflet.html", "x")
    assert load.load(clinic.path).leaflets["recovery"].title == "Ours"


def test_every_region_states_what_a_page_needs(library: Library) -> None:
    assert {"US", "GB"} < set(library.regions)
    assert len(library.regions) >= 3
    for region in library.regions.values():
        assert region.emergency_number
        assert region.paper in library.formats
        assert region.support
        for one in region.support:
            assert one.phone or one.url
            assert one.checked_how


def test_an_error_stays_one_short_line_whatever_it_quotes() -> None:
    message = str(InputError("a.toml", "\x1b[2J\n\u202e" + "x" * 9000 + "; correct it."))
    assert message.startswith("a.toml: \\x1b[2J\\n\\u202exxx")
    assert message.endswith("x; correct it.")
    assert len(message) < 1000


@pytest.mark.parametrize(
    "text", ['[source]\n"[...]" = "x"', '[source."a.b"]\nx = 1', "x = " + "9" * 5000]
)
def test_a_key_or_a_number_that_no_reader_expects_is_refused_in_a_sentence(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"sources\.toml.*: .*(correct|remove|write)"):
        sources.load([tmp_path])
