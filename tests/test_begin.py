"""Beginning a language, and compiling catalogs for other programs."""

import gettext
import io
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import icu
import msgspec
import polib
import pytest
from fontTools.ttLib import TTCollection, TTFont

from leaflets import files
from leaflets.catalogs import begin, binary, domains, merge, po
from leaflets.catalogs.begin import beginning
from leaflets.errors import InputError, OutputError, RequestError
from leaflets.library import cldr, fonts, home, load, overlay, plurals
from leaflets.library.load import Library
from tests.conftest import ClinicFolder, notes
from tests.running import in_this_process as run


@pytest.fixture
def copy(tmp_path: Path, library: Library) -> Library:
    """Return the library, with locales in a folder that a test may change."""
    shutil.copytree(home.home() / "locales", tmp_path / "locales")
    roots = overlay.Roots(templates=library.roots.templates, locales=(tmp_path / "locales",))
    return msgspec.structs.replace(library, roots=roots)


def begun(library: Library, tag: str, autonym: str = "") -> begin.Beginning:
    return beginning(library, library.roots.locales[0], tag, notes(), autonym=autonym)


def languages_file(library: Library) -> Path:
    return library.roots.locales[0] / "languages.toml"


def test_a_language_begun_has_its_names_script_fonts_digits_and_plural_forms(copy: Library) -> None:
    found = begun(copy, "ru")
    entry = tomllib.loads(found.files[languages_file(copy)].decode())["language"]["ru"]
    assert entry == {
        "name": "Russian", "autonym": "Русский", "direction": "ltr", "fonts": ["Noto Sans"],
        "begun": True,
    }  # fmt: skip
    assert found.language.plural_count == 3
    assert begun(copy, "fa").language.direction == "rtl"
    assert begun(copy, "fa").language.fonts == ("Noto Sans Arabic", "Noto Sans")
    assert begun(copy, "fa").language.native_digits == "arabext"
    assert begun(copy, "ne").language.fonts == ("Noto Sans Devanagari", "Noto Sans")
    assert begun(copy, "ne").language.leading == copy.languages["hi"].leading
    assert begun(copy, "ht", "Kreyòl ayisyen").language.autonym == "Kreyòl ayisyen"


def test_a_variety_of_a_language_that_is_there_is_a_layer_over_it(copy: Library) -> None:
    assert begun(copy, "es-MX").language.parent == "es"
    assert begun(copy, "en-AU").language.parent == "en"
    assert not begun(copy, "fr-CA").language.parent


def test_the_rest_of_languages_toml_is_kept_byte_for_byte(copy: Library) -> None:
    before = (copy.roots.locales[0] / "languages.toml").read_bytes()
    after = begun(copy, "vi").files[languages_file(copy)]
    assert after.startswith(before.rstrip() + b"\n\n[language.vi]\n")


def test_the_catalogs_begun_are_those_of_the_templates_and_stay_as_they_are(copy: Library) -> None:
    found = begun(copy, "vi")
    root = copy.roots.locales[0]
    assert set(found.files) == {
        *(root / po.file_name("vi", domain) for domain in domains.names(copy)),
        root / "vi/glossary.toml",
        root / "languages.toml",
    }
    files.write_together(found.files)
    for file in merge.merged(copy, found.language, notes()):
        assert file.after == file.before
        subprocess.run(["msgfmt", "--check", "-o", "/dev/null", str(root / file.file)], check=True)
        assert b"DRAFT" in file.after
    assert tomllib.loads((root / "vi/glossary.toml").read_text("utf-8")) == {}


def test_a_glossary_and_translations_that_are_there_are_kept(copy: Library) -> None:
    root = copy.roots.locales[0]
    files.write_together(begun(copy, "vi").files)
    path = root / po.file_name("vi", "diary")
    path.write_text(path.read_text("utf-8").replace('msgstr ""\n\n', 'msgstr "x"\n\n', 1), "utf-8")
    (root / "languages.toml").write_bytes((home.home() / "locales/languages.toml").read_bytes())
    found = begun(copy, "vi").files
    assert root / "vi/glossary.toml" not in found
    assert found[path] == path.read_bytes()


@pytest.mark.parametrize(
    ("tag", "part"),
    [
        ("es", r"Spanish \(es\) is there already"),
        ("zh_Hans", "not a language tag"),
        ("es-mx", "write es-MX"),
        ("iw", "write he"),
        ("qaa", "CLDR does not know the language"),
        ("prs", "does not know the script"),
        ("ht", "state it with --autonym"),
        ("th", r"serves the script Thai of Thai; add one, with scripts = \[.Thai.\]"),
    ],
)
def test_a_language_that_cannot_be_begun_is_refused_with_what_to_do(
    library: Library, tag: str, part: str
) -> None:
    with pytest.raises(RequestError, match=part):
        begun(library, tag)


def test_a_language_without_plural_forms_names_both_files(library: Library) -> None:
    with pytest.raises(InputError, match=r"languages\.toml, language\.gsw: .*plurals\.toml"):
        begun(library, "gsw")


def test_the_command_begins_a_language_in_a_clinic_folder(clinic: ClinicFolder) -> None:
    assert run("translate", "add", "vi", "--clinic", clinic.path).returncode == 0
    found = load.load(clinic.path)
    assert found.languages["vi"].begun
    assert (clinic.path / "locales" / po.file_name("vi", "sample")).is_file()
    assert "vi" not in load.load(None).languages
    done = run("translate", "add", "vi", "--clinic", clinic.path)
    assert done.returncode == 2
    assert "Vietnamese (vi) is there already" in done.stderr


def test_nothing_is_left_half_written(copy: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    root = copy.roots.locales[0]
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    replace = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if target.name == "languages.toml":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="No space left"):
        files.write_together(begun(copy, "vi").files)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_updating_a_language_that_is_not_there_says_how_to_begin_it() -> None:
    done = run("translate", "update", "vi")
    assert done.returncode == 2
    assert "leaflets translate add vi" in done.stderr


def served(library: Library) -> Iterator[str]:
    """Yield the languages of the plural table that CLDR knows and our fonts serve."""
    available = icu.Locale.getAvailableLocales()
    for tag in library.plural_forms:
        locale = icu.Locale.forLanguageTag(tag)
        if locale.getLanguage() in available and fonts.serving(
            library.fonts.values(), cldr.describe(tag).script
        ):
            yield tag


def characters(path: Path) -> set[int]:
    found = TTCollection(path).fonts if path.suffix == ".ttc" else [TTFont(path)]
    return {code for font in found for code in font.getBestCmap()}


def test_the_families_of_a_script_have_every_letter_of_every_language_that_may_be_added(
    library: Library,
) -> None:
    tags = list(served(library))
    assert len(tags) > 50
    files = fonts.locate(library.fonts.values())
    known = {name: characters(files[one.files[0]]) for name, one in library.fonts.items()}
    kind = icu.ULocaleDataExemplarSetType.ES_STANDARD
    for tag in tags:
        families = fonts.serving(library.fonts.values(), cldr.describe(tag).script)
        name = icu.Locale.forLanguageTag(tag).getName()
        letters = {
            ord(char) for text in icu.LocaleData(name).getExemplarSet(0, kind) for char in text
        }
        missing = letters - set().union(*(known[family] for family in families))
        assert letters
        assert not missing, (tag, [chr(code) for code in missing])


@pytest.mark.parametrize("tag", ["es", "ar", "zh-Hans"])
def test_gettext_reads_in_a_compiled_catalog_what_the_catalog_holds(
    library: Library, tag: str
) -> None:
    for one in binary.compiled(library, library.languages[tag]):
        domain = Path(one.file).stem
        catalog = po.load(library, tag, domain)
        read = gettext.GNUTranslations(io.BytesIO(one.data))
        assert one.file == f"{po.folder(tag)}/LC_MESSAGES/{domain}.mo"
        assert one.messages + one.left_out == len(catalog.entries)
        for (context, text), translation in catalog.entries.items():
            if translation.usable and len(translation.forms) == 1:
                assert read.pgettext(context, text) == translation.forms[0]
        assert read.info()["plural-forms"] == library.languages[tag].plural_forms


def test_no_fuzzy_or_damaged_translation_is_compiled(copy: Library) -> None:
    path = copy.roots.locales[0] / po.file_name("es", "diary")
    file = polib.pofile(str(path), wrapwidth=0)
    fuzzy, damaged = [one for one in file if one.msgstr][:2]
    fuzzy.flags.append("fuzzy")
    damaged.msgstr += " 5"
    file.save()
    (one,) = [
        one for one in binary.compiled(copy, copy.languages["es"]) if one.file.endswith("diary.mo")
    ]
    assert one.left_out == 2
    read = gettext.GNUTranslations(io.BytesIO(one.data))
    for entry in (fuzzy, damaged):
        assert read.pgettext(entry.msgctxt, entry.msgid) == entry.msgid


def test_the_command_compiles_into_a_folder(tmp_path: Path) -> None:
    done = run("translate", "compile", "es", "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "es/LC_MESSAGES/common.mo: " in done.stdout
    read = gettext.translation("recovery", str(tmp_path), ["es"])
    assert read.pgettext("recovery.day.when", "First day") == "Primer día"
    assert run("translate", "compile", "en", "--output", tmp_path).returncode == 2


def test_the_table_of_plural_forms_has_what_a_begun_language_gets(library: Library) -> None:
    assert begun(library, "pt-BR").language.plural_forms == plurals.of(library.plural_forms, "pt")
