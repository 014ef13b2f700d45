"""Sites: one folder, many clinics; each states what is its own and takes the rest from the top."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leaflets.cli.main import app
from leaflets.compose.plan import Request, plan
from leaflets.compose.survey import survey
from leaflets.errors import ExitCode, InputError, RequestError
from leaflets.library import load
from leaflets.library.clinic import Clinic
from leaflets.library.load import Library
from leaflets.records import ledger
from leaflets.records.approval.items import items_of
from leaflets.records.trace import look_up
from tests.conftest import ClinicFolder, composed
from tests.test_command import run

SITES = """
name = "Hill Clinics"
region = "GB"
phone = "020 7946 0000"
languages = ["en"]
leaflets = ["sample"]

[[hours]]
days = "mon-fri"
opens = "08:00"
closes = "17:00"

[local]
driving-days = 2
follow-up-weeks = 6

[site.north]
name = "Hill Street"
phone = "020 7946 0111"

[[site.north.hours]]
days = "sat"
opens = "10:00"
closes = "12:00"

[site.north.local]
follow-up-weeks = 4

[site.south]
region = "ES"
out_of_hours = ""
"""


@pytest.fixture
def sites(clinic: ClinicFolder) -> ClinicFolder:
    """Return a clinic folder with two sites."""
    clinic.write("clinic.toml", SITES)
    return clinic


def at(sites: ClinicFolder, site: str) -> Clinic:
    return load.load(sites.path, site).clinic


def test_a_site_takes_from_the_top_what_it_leaves_out(sites: ClinicFolder) -> None:
    north, south = at(sites, "north"), at(sites, "south")
    assert (north.name, north.phone, north.region) == ("Hill Street", "020 7946 0111", "GB")
    assert (south.name, south.phone, south.region) == ("Hill Clinics", "020 7946 0000", "ES")
    assert load.load(sites.path, "south").region.paper == "a4"


def test_tables_are_merged_key_by_key_and_lists_are_replaced(sites: ClinicFolder) -> None:
    north = at(sites, "north")
    assert north.local == {"driving-days": 2, "follow-up-weeks": 4}
    assert [one.days for one in north.hours] == ["sat"]
    assert [one.days for one in at(sites, "south").hours] == ["mon-fri"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('[site.north]\nphone = "ring us"', ["site.north.phone", "“ring us”"]),
        ('[site.north]\nphoen = "1"', ["site.north.phoen", "did you mean `phone`?"]),
        ("[site.north]\nname = 5", ["site.north.name"]),
        ('[site.north]\nregion = "FR"', ["site.north.region", "“FR”"]),
        ('[site.north]\nlanguages = ["xx"]', ["site.north.languages", "“xx”"]),
        ("[site.north.local]\ndriving = 2", ["site.north.local.driving"]),
        ("[site.north.local]\ndriving-days = 9999", ["site.north.local.driving-days"]),
        (
            '[[site.north.hours]]\ndays = "mon"\nopens = "18:00"\ncloses = "17:00"',
            ["site.north.hours, entry 1"],
        ),
        ('[site.north]\nlogo = "none.svg"', ["site.north.logo"]),
        ('[site.north.site.west]\nname = "W"', ["site.north.site"]),
        ('[site."../up"]\nname = "W"', ["site.../up", "small letters"]),
        ('[site.North]\nname = "W"', ["site.North", "small letters"]),
        ('site = "north"', ["site", "[site.north]"]),
    ],
)
def test_a_fault_of_a_site_names_the_file_and_its_key(
    clinic: ClinicFolder, text: str, parts: list[str]
) -> None:
    clinic.write("clinic.toml", text)
    with pytest.raises(InputError) as caught:
        load.load(clinic.path)
    for part in ["clinic.toml", *parts]:
        assert part in str(caught.value)


def test_a_site_that_does_not_exist_is_named_beside_those_that_do(sites: ClinicFolder) -> None:
    with pytest.raises(RequestError, match=r"“west”.*north, south"):
        load.load_each(sites.path, ["west"])


def test_a_page_for_a_patient_is_of_one_site_that_is_named(sites: ClinicFolder) -> None:
    with pytest.raises(RequestError, match="--site north or --site south"):
        load.load_one(sites.path)
    assert load.load_one(sites.path, "south").clinic.site == "south"
    sites.write("clinic.toml", 'region = "GB"\n[site.only]\nname = "Only"\n')
    assert load.load_one(sites.path).clinic.name == "Only"


def test_every_site_is_printed_into_its_own_folder(sites: ClinicFolder, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("build", "--clinic", sites.path, "--output", out, "--json")
    printed = {(one["site"], one["file"]): one["sha256"] for one in json.loads(done.stdout)}
    assert set(printed) == {
        ("north", "en/sample-en-a4.pdf"), ("south", "en/sample-en-a4.pdf"),
    }  # fmt: skip
    assert len(set(printed.values())) == 2
    for site in ("north", "south"):
        assert (out / site / "en/sample-en-a4.pdf").is_file()
        assert (out / site / "index.html").is_file()
        assert len(json.loads((out / site / "manifest.json").read_text())["editions"]) == 1
    assert not (out / "en").exists()
    entries = ledger.read(sites.path).entries
    assert sorted(one.site for one in entries) == ["north", "south"]


def test_a_site_whose_folder_is_a_link_is_not_printed(sites: ClinicFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "north").symlink_to(outside)
    done = run("build", "--clinic", sites.path, "--output", tmp_path / "out")
    assert done.returncode == ExitCode.OUTPUT
    assert "out/north: this is a link to another place" in done.stderr
    assert not list(outside.iterdir())


def test_one_site_can_be_chosen(sites: ClinicFolder, tmp_path: Path) -> None:
    done = run("build", "--clinic", sites.path, "--output", tmp_path / "o", "--site", "south")
    assert done.returncode == 0
    assert "south:" in done.stdout
    assert [one.name for one in (tmp_path / "o").iterdir()] == ["south"]


def test_sites_that_state_the_same_print_the_same_bytes(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    clinic.write(
        "clinic.toml",
        'name = "Hill"\nregion = "GB"\nlanguages = ["en"]\nleaflets = ["sample"]\n'
        '[site.a]\nphone = "020 7946 0000"\n[site.b]\nphone = "020 7946 0000"\n',
    )
    done = run("build", "--clinic", clinic.path, "--output", tmp_path, "--json")
    printed = json.loads(done.stdout)
    assert len({one["sha256"] for one in printed}) == 1
    file = "en/sample-en-a4.pdf"
    assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    # The paper of either is traced by itself: one may be superseded before the other.
    library, found = load.load(clinic.path), ledger.read(clinic.path)
    (code,) = {one.code for one in found.entries}
    traces = look_up(library, found, code)
    assert [one.entry.site for one in traces if one.entry] == ["a", "b"]


def test_the_code_of_a_site_is_traced_before_it_is_printed(sites: ClinicFolder) -> None:
    south = load.load(sites.path, "south")
    (edition,) = plan(south, Request(formats=("a4",)))
    one = composed(south, edition)
    (found,) = look_up(load.load(sites.path), ledger.Ledger(), one.code)
    assert found.fingerprint == one.fingerprint


def _covered(library: Library) -> tuple[tuple[str, ...], ...]:
    leaflet, english = library.leaflets["sample"], library.languages["en"]
    covered = items_of(library, survey(library, leaflet), leaflet, english, "clinician")
    return tuple(one.source for one in covered if one.id == "local.follow-up-weeks")


def test_one_sign_off_covers_what_every_site_states(sites: ClinicFolder) -> None:
    sites.body("<p>{{ local('follow-up-weeks').text }}</p>")

    def covered() -> set[tuple[tuple[str, ...], ...]]:
        return {_covered(load.load(sites.path, site)) for site in ("north", "south")}

    assert covered() == {(("north: 4", "south: 6"),)}
    sites.write("clinic.toml", SITES.replace("follow-up-weeks = 4", "follow-up-weeks = 6"))
    assert covered() == {(("6",),)}


def test_what_is_held_back_names_its_site(sites: ClinicFolder, tmp_path: Path) -> None:
    done = run("build", "--release", "--clinic", sites.path, "--output", tmp_path, "--json")
    assert {one["site"] for one in json.loads(done.stdout)} == {"north", "south"}


def test_check_looks_at_the_pages_of_each_site(sites: ClinicFolder) -> None:
    sites.write("clinic.toml", SITES.replace("Hill Street", "Street" * 40))
    done = run("check", "--clinic", sites.path, "-l", "en", "--json")
    pages = [one for one in json.loads(done.stdout) if one["code"].startswith("PAGE")]
    assert {one.get("site") for one in pages} == {"north"}
    done = run("check", "--clinic", sites.path, "-l", "en", "--site", "south", "--json")
    assert not [one for one in json.loads(done.stdout) if one["code"].startswith("PAGE")]


def test_list_names_the_sites_and_status_what_they_print(sites: ClinicFolder) -> None:
    runner = CliRunner()
    shown = runner.invoke(app, ["list", "--clinic", str(sites.path), "--json"])
    assert [one["id"] for one in json.loads(shown.stdout)["sites"]] == ["north", "south"]
    sites.write("clinic.toml", SITES + 'languages = ["es"]\n')
    shown = runner.invoke(app, ["status", "--clinic", str(sites.path), "--json"])
    assert [one["language"] for one in json.loads(shown.stdout)] == ["en", "es"]
    shown = runner.invoke(app, ["status", "--clinic", str(sites.path), "--site", "south", "--json"])
    assert [one["language"] for one in json.loads(shown.stdout)] == ["es"]
