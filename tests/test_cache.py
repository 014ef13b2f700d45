"""The cache: exactly the editions that depend on a change are printed anew; damage is not used."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from leaflets.compose import inputs as made_of
from leaflets.compose.plan import Released, Request, plan, released
from leaflets.editions import signing
from leaflets.editions.build import Job, Means, Outcome, build, inputs_of
from leaflets.editions.cache import Cache
from leaflets.editions.workers import serial
from leaflets.library import fonts, home, load, recalls
from leaflets.library.recalls import Recall
from leaflets.library.seal import sealed
from leaflets.output import shelf
from leaflets.records.signing import Signer
from tests.conftest import LEAFLET_HTML, LEAFLET_TOML, ClinicFolder

CLINIC = 'name = "Hill Street"\nregion = "GB"\nphone = "020 7946 0000"\n[local]\ndriving-days = 2\n'

SAMPLE = """{# L10N: days = how long, for example 3–7. #}
<p>{% trans "sample.one" trimmed days=fact("pain-early-days").text %}For {{ days }} days.{% endtrans %}</p>
<p>{{ local("driving-days").text }}</p>
<p><img src="{{ picture('walker') }}" alt=""></p>
{{ pgettext("common.yes", "Yes") }}
"""  # noqa: E501 - one message

SAMPLE_ES = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "sample.main"
msgid "Drink water."
msgstr "Beba agua."

msgctxt "sample.one"
msgid "For %(days)s days."
msgstr "Durante %(days)s días."
"""

ALL = frozenset(f"{slug}-{tag}-{page}" for slug in ("sample", "walk") for tag in ("en", "es")
                for page in ("a4", "letter"))  # fmt: skip


def matching(*parts: str) -> frozenset[str]:
    """Name the editions that have one of the parts in their name."""
    return frozenset(name for name in ALL if any(part in name for part in parts))


class Office:
    """A clinic folder with two leaflets, an output folder, and a cache."""

    def __init__(self, folder: Path) -> None:
        """Write the folder."""
        self.clinic = ClinicFolder(folder / "clinic")
        self.output = folder / "out"
        self.cache = folder / "cache"
        self.release: tuple[str, Released] | None = None
        self.clinic.write("clinic.toml", CLINIC)
        self.clinic.body(SAMPLE)
        roomy = LEAFLET_TOML.replace("a4 = 2, letter = 2", "a4 = 3, letter = 3")
        self.clinic.write("templates/leaflets/sample/leaflet.toml", roomy)
        toml = roomy.replace("A sample", "A walk").replace("general", "falls")
        self.clinic.write("templates/leaflets/walk/leaflet.toml", toml)
        walk = LEAFLET_HTML.replace("BODY", '<p>{{ fact("recovery-weeks").text }}</p>')
        self.clinic.write("templates/leaflets/walk/leaflet.html", walk.replace("sample.", "walk."))
        self.clinic.write("locales/es/LC_MESSAGES/sample.po", SAMPLE_ES)

    def sign(self) -> None:
        """Let a clinician sign the English, and release it on A4."""
        library, days = load.load(self.clinic.path), (dt.date(2026, 8, 6), dt.date(2028, 8, 6))
        request = Request(leaflets=("sample",), languages=("en",), formats=("a4",))
        signer = Signer("Dr Sol", "clinician", *days)
        signing.sign(signing.propose([library], request, signer), self.clinic.path)
        self.release = ("sample-en-a4", Released(*days))

    def build(self) -> Mapping[str, Outcome]:
        """Print what changed."""
        (inputs,) = inputs_of([load.load(self.clinic.path)]).values()
        request = Request(
            leaflets=("sample", "walk"), languages=("en", "es"), formats=("a4", "letter")
        )
        editions = [
            released(one, self.release[1]) if self.release and one.name == self.release[0] else one
            for one in plan(inputs.library, request)
        ]
        means = Means(serial(), cache=Cache(self.cache, made_of.program()))
        with shelf.opened(self.output) as output:
            (found,) = build([Job(inputs, tuple(editions), output)], means, lambda *_: None)
            output.commit()
        assert all(one.entry for one in found), [one.problems for one in found]
        return {one.edition.name: one for one in found}

    def made(self, how: str) -> frozenset[str]:
        """Build, and name the editions that were made in a way."""
        return frozenset(name for name, one in self.build().items() if one.made == how)

    def override(self, name: str, old: str, new: str) -> None:
        """Put a changed copy of a file of the library into the clinic folder."""
        text = (home.home() / name).read_text("utf-8")
        assert old in text
        self.clinic.write(name, text.replace(old, new, 1))

    def change(self, name: str, old: str, new: str) -> None:
        """Change a file of the clinic folder."""
        text = (self.clinic.path / name).read_text("utf-8")
        assert old in text
        self.clinic.write(name, text.replace(old, new, 1))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office in which all is printed."""
    found = Office(tmp_path_factory.mktemp("office"))
    assert found.made("typeset") == ALL
    assert found.made("unchanged") == ALL
    return found


@pytest.fixture
def office(shared: Office) -> Iterator[Office]:
    """Return the office; whatever a test does to its files is undone."""
    folder = shared.clinic.path
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield shared
    shared.release = None
    for path in [path for path in folder.rglob("*") if path.is_file() and path not in before]:
        path.unlink()
    for path, data in before.items():
        path.write_bytes(data)
    assert shared.made("typeset") == frozenset()


LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
FACT = '[fact.pain-early-days]\nvalue = [{}, 9]\nunit = "day"\nsource = "chandra-2019"\n'


def _with_logo(office: Office) -> None:
    office.clinic.write("logo.svg", LOGO)
    office.change("clinic.toml", "[local]", 'logo = "logo.svg"\n[local]')


def _touched(office: Office) -> None:
    for path in office.clinic.path.rglob("*"):
        path.touch()


#: Each kind of input: a change of it, and the editions whose page it changes.
def _without_a_sign(office: Office) -> None:
    """Take a sign out of the set of the sample alone."""
    text = (home.home() / "templates/redflags.toml").read_text("utf-8")
    before, table, after = text.partition("[sets.general]")
    assert '"blocked", ' in after
    changed = before + table + after.replace('"blocked", ', "", 1)
    office.clinic.write("templates/redflags.toml", changed)


CHANGES: Mapping[str, tuple[Callable[[Office], object], frozenset[str]]] = {
    "prose": (
        lambda one: one.change("templates/leaflets/sample/leaflet.html", "<p>", '<p class="x">'),
        matching("sample"),
    ),
    "message in a language": (
        lambda one: one.change("locales/es/LC_MESSAGES/sample.po", "Durante", "Unos"),
        matching("sample-es"),
    ),
    "message that two leaflets share": (
        lambda one: one.override("locales/es/LC_MESSAGES/common.po", "Esta hoja", "La hoja"),
        matching("-es-"),
    ),
    "message that one of them asks for": (
        lambda one: one.override("locales/es/LC_MESSAGES/common.po", '"Sí"', '"Sí, sí"'),
        matching("sample-es"),
    ),
    "macro that both use": (
        lambda one: one.override("templates/parts.html", '<div class="letterhead">',
                                 '<div class="letterhead new">'),
        ALL,
    ),
    "fact": (
        lambda one: one.clinic.write("templates/facts.toml", FACT.format(4)),
        matching("sample"),
    ),
    "source": (
        lambda one: one.override("templates/sources.toml", '"Schindler OS, Watura R, Cobby M"',
                                 '"Schindler O, Watura R, Cobby M"'),
        matching("walk"),
    ),
    "telephone number": (
        lambda one: one.change("clinic.toml", "7946 0000", "7946 0001"),
        ALL,
    ),
    "local fact": (
        lambda one: one.change("clinic.toml", "driving-days = 2", "driving-days = 3"),
        matching("sample"),
    ),
    "logo": (_with_logo, ALL),
    "format": (
        lambda one: one.clinic.write("templates/formats.toml", _letter(17)),
        matching("letter"),
    ),
    "figure": (
        lambda one: one.override("templates/figures/walker.svg", "<path", '<path id="x"'),
        matching("sample"),
    ),
    "style": (
        lambda one: one.override("templates/style/page.css", "h1 {", "h1 { padding-top: 0;"),
        ALL,
    ),
    "region": (
        lambda one: one.override("templates/regions.toml", '"999"', '"9999"'),
        ALL,
    ),
    "warning signs of one leaflet": (
        _without_a_sign,
        matching("sample"),
    ),
    "language": (
        lambda one: one.override("locales/languages.toml", '"Spanish"', '"spanish"'),
        matching("-es-"),
    ),
    "language that others name": (
        lambda one: one.override("locales/languages.toml", '"Polski"', '"polski"'),
        matching("-en-"),
    ),
    "override": (
        lambda one: one.clinic.write(
            "templates/overrides.toml",
            '[message."sample.one"]\ntext = "About %(days)s days."\n'),
        matching("sample"),
    ),
    "title": (
        lambda one: one.change("templates/leaflets/walk/leaflet.toml", "A walk", "A stroll"),
        matching("walk"),
    ),
    "sign-off": (
        lambda one: one.sign(),
        matching("sample-en-a4"),
    ),
}  # fmt: skip

#: Changes that no page shows, and the editions that are composed to see that.
SILENT: Mapping[str, tuple[Callable[[Office], object], frozenset[str]]] = {
    "comment in a template": (
        lambda one: one.change("templates/leaflets/sample/leaflet.html", "<p>", "{# a #}<p>"),
        matching("sample"),
    ),
    "macro that none uses": (
        lambda one: one.override("templates/common/medicines.html", "{% macro", "{#-#}{% macro"),
        ALL,
    ),
    "message that none asks for": (
        lambda one: one.override("locales/es/LC_MESSAGES/common.po", '"fisioterapeuta"', '"fisio"'),
        frozenset(),
    ),
    "fact that none states": (
        lambda one: one.clinic.write("templates/facts.toml",
                                     FACT.format(4).replace("pain-early-days", "mild-pain")),
        frozenset(),
    ),
    "local fact that none asks for": (
        lambda one: one.change("clinic.toml", "driving-days", "bathing-days = 4\ndriving-days"),
        frozenset(),
    ),
    "another region": (
        lambda one: one.override("templates/regions.toml", '"911"', '"0911"'),
        frozenset(),
    ),
    "another set of warning signs": (
        lambda one: one.override("templates/redflags.toml", "[sets.after-procedure]\nflags = [\n",
                                 '[sets.after-procedure]\nflags = [\n  "calf",'),
        frozenset(),
    ),
    "another language": (
        lambda one: one.override("locales/languages.toml", '"Arabic"', '"arabic"'),
        frozenset(),
    ),
    "another format": (
        lambda one: one.override("templates/formats.toml", "(18 pt)", "(18 point)"),
        frozenset(),
    ),
    "times of files": (
        _touched,
        frozenset(),
    ),
}  # fmt: skip


def _letter(margin: int) -> str:
    text = (home.home() / "templates/formats.toml").read_text("utf-8")
    (table,) = re.findall(r"^\[format\.letter\]\n(?:.+\n)+", text, re.MULTILINE)
    return re.sub(r"margin_bottom = \d+", f"margin_bottom = {margin}", table)


@pytest.mark.parametrize("kind", CHANGES)
def test_exactly_the_editions_that_depend_on_a_change_are_printed_anew(
    office: Office, kind: str
) -> None:
    change, expected = CHANGES[kind]
    change(office)
    found = office.build()
    assert {name for name, one in found.items() if one.made == "typeset"} == expected
    assert all(one.why for one in found.values() if one.made == "typeset")
    assert office.made("unchanged") == ALL


@pytest.mark.parametrize("kind", SILENT)
def test_a_change_that_no_page_shows_prints_nothing_anew(office: Office, kind: str) -> None:
    change, expected = SILENT[kind]
    change(office)
    found = office.build()
    assert {name: one.made for name, one in found.items() if one.made == "typeset"} == {}
    assert {name for name, one in found.items() if one.made == "composed"} == expected


def test_another_font_or_version_of_what_sets_a_page_prints_anew_what_uses_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = fonts.digest
    (bold,) = (file for file in load.load(None).fonts["Noto Sans"].files if "Bold" in file)
    monkeypatch.setattr(fonts, "digest", cache(lambda file: known(file) + "x" * (file == bold)))
    assert {one.why for one in office.build().values()} == {(("font", bold),)}
    versions = {**made_of.software(), "pango": "0"}
    monkeypatch.setattr(made_of, "software", lambda: versions)
    assert {one.why for one in office.build().values()} == {(("software", "pango"),)}
    monkeypatch.setattr(made_of, "program", lambda: "0")
    assert office.made("typeset") == ALL


def test_what_was_printed_is_what_a_build_without_a_cache_prints(
    office: Office, tmp_path: Path
) -> None:
    office.change("clinic.toml", "7946 0000", "7946 0002")
    office.build()
    before = {path.name: path.read_bytes() for path in office.output.rglob("*.pdf")}
    fresh = Office(tmp_path)
    fresh.change("clinic.toml", "7946 0000", "7946 0002")
    fresh.build()
    assert {path.name: path.read_bytes() for path in fresh.output.rglob("*.pdf")} == before


def test_a_file_that_was_changed_on_the_shelf_is_put_right_from_the_cache(office: Office) -> None:
    path = office.output / "en/sample-en-a4.pdf"
    before = path.read_bytes()
    path.write_bytes(b"not a PDF")
    assert office.made("unchanged") == ALL
    assert path.read_bytes() == before
    path.unlink()
    assert office.made("unchanged") == ALL
    assert path.read_bytes() == before


def test_a_damaged_entry_is_noticed_and_made_again(office: Office) -> None:
    before = {path: path.read_bytes() for path in office.output.rglob("*.pdf")}
    for path in (office.cache).rglob("files/*/*"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data))
    for path in before:
        path.unlink()
    found = office.build()
    assert {one.made for one in found.values()} == {"typeset"}
    assert {one.why for one in found.values()} == {(("lost",),)}
    assert {path: path.read_bytes() for path in before} == before


def test_two_clinics_that_state_the_same_share_what_was_printed(tmp_path: Path) -> None:
    one, other = Office(tmp_path / "one"), Office(tmp_path / "other")
    other.cache = one.cache
    assert one.made("typeset") == ALL
    assert other.made("composed") == ALL


def test_what_nothing_used_for_long_is_deleted(tmp_path: Path) -> None:
    kept = Cache(tmp_path, "p")
    kept.keep("f", 1, (), b"x")
    kept.trim()
    assert kept.find("f")
    kept.trim(now=dt.datetime.now(dt.UTC).timestamp() + 61 * 24 * 3600)
    assert kept.find("f") is None


def test_a_recall_takes_out_an_edition_that_is_unchanged(office: Office) -> None:
    one = office.build()["sample-en-a4"].entry
    assert one
    recall = sealed(Recall(
        code=one.code, leaflet="sample", language="en", format="a4", on=dt.date(2026, 11, 26),
        name="Dr Sol", reason="Wrong", fingerprint=one.fingerprint,
    ))  # fmt: skip
    (office.clinic.path / recalls.FILE).write_bytes(recalls.encoded({one.fingerprint: recall}))
    with pytest.raises(AssertionError, match="GOV-06"):
        office.build()
    assert not (office.output / one.file).exists()
