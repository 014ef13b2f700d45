"""Keeping catalogs up to date: nothing that was written is lost, nothing changes by itself."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import msgspec
import polib
import pytest

from leaflets.catalogs import merge
from leaflets.errors import InputError, MissingPartError
from leaflets.library import home, load, overlay
from leaflets.library.load import Library
from tests.conftest import notes


@pytest.fixture
def copy(tmp_path: Path) -> Library:
    """Return the library, with locales in a folder that a test may change."""
    shutil.copytree(home.home() / "locales", tmp_path / "locales")
    found = load.load(None)
    roots = overlay.Roots(templates=found.roots.templates, locales=(tmp_path / "locales",))
    return msgspec.structs.replace(found, roots=roots)


def update(library: Library, tag: str) -> None:
    for one in merge.merged(library, library.languages[tag], notes()):
        path = library.roots.locales[0] / one.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.after)


@pytest.mark.parametrize("tag", ["es", "ar"])
def test_merging_anew_changes_no_catalog_of_the_library(library: Library, tag: str) -> None:
    for one in merge.merged(library, library.languages[tag], notes()):
        assert one.after == one.before, one.file


def test_the_template_catalogs_of_the_library_are_current(library: Library) -> None:
    for file, text in merge.templates(library, notes()):
        assert (library.roots.locales[0] / file).read_bytes() == text, file
        subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", "-"], input=text, check=True)


def test_a_changed_sentence_keeps_its_old_translation_as_fuzzy_with_the_old_english(
    copy: Library,
) -> None:
    path = copy.roots.locales[0] / "es/LC_MESSAGES/warning-card.po"
    catalog = polib.pofile(str(path))
    before = max(catalog.translated_entries(), key=lambda one: len(one.msgstr))
    before.msgid = f"{before.msgid} Or so it was."
    catalog.save()
    update(copy, "es")
    entry = polib.pofile(str(path)).find(before.msgctxt, by="msgctxt")
    assert entry
    assert entry.fuzzy
    assert entry.msgstr == before.msgstr != ""
    assert entry.previous_msgid == before.msgid


def test_a_comment_of_a_translator_is_kept(copy: Library) -> None:
    path = copy.roots.locales[0] / "es/LC_MESSAGES/diary.po"
    path.write_text(path.read_text("utf-8").replace("#. Title", "# mine\n#. Title"), "utf-8")
    update(copy, "es")
    assert "# mine\n" in path.read_text("utf-8")


def test_a_catalog_that_is_missing_is_begun_as_a_draft_and_a_second_update_changes_nothing(
    copy: Library,
) -> None:
    path = copy.roots.locales[0] / "ar/LC_MESSAGES/diary.po"
    path.unlink()
    update(copy, "ar")
    text = path.read_text("utf-8")
    assert "DRAFT: made without a qualified translator" in text.partition("msgid")[0]
    assert copy.languages["ar"].plural_forms in text
    assert all(one.after == one.before for one in merge.merged(copy, copy.languages["ar"], notes()))
    (count,) = [one for one in merge.counts(copy, copy.languages["ar"]) if one.domain == "diary"]
    assert (count.translated, count.fuzzy) == (0, 0)
    assert count.missing > 5


def test_a_broken_catalog_is_named_with_its_line_and_left_alone(copy: Library) -> None:
    path = copy.roots.locales[0] / "es/LC_MESSAGES/diary.po"
    path.write_text('msgid "a\n')
    with pytest.raises(InputError, match=r"diary\.po, line 1"):
        list(merge.merged(copy, copy.languages["es"], notes()))
    assert path.read_text() == 'msgid "a\n'


def test_without_msgmerge_the_command_that_installs_it_is_named(
    copy: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingPartError, match=r"apt-get install .*gettext"):
        list(merge.merged(copy, copy.languages["es"], notes()))


@pytest.fixture(scope="module")
def templates(library: Library) -> Mapping[str, polib.POFile]:
    """Return the template catalogs, by their names."""
    return {file: polib.pofile(text.decode()) for file, text in merge.templates(library, notes())}


def comments(templates: Mapping[str, polib.POFile], message_id: str) -> str:
    """Return the comments of a message that every leaflet shares."""
    entries = templates["templates/common.pot"]
    return next(str(one.comment) for one in entries if one.msgctxt == message_id)


def test_a_comment_says_where_a_message_stands_how_long_it_may_be_and_how_it_is_printed(
    templates: Mapping[str, polib.POFile],
) -> None:
    filled = [one for one in templates["templates/recovery.pot"] if "%(" in one.msgid]
    flowing = [
        one.comment
        for one in filled
        if "Place: paragraph, under “" in one.comment or "Place: list item, under “" in one.comment
    ]
    assert flowing
    for comment in flowing:
        assert "Printed, for example: " in comment
        assert "Length: up to about" in comment
    assert "the room is fixed" in comments(templates, "common.diary.fall")


def test_a_comment_of_a_negation_says_that_it_must_stay_negative(
    templates: Mapping[str, polib.POFile],
) -> None:
    found = comments(templates, "common.medicines.do-not-stop")
    assert "Must stay negative: the English says “do not”." in found
    assert "negative" not in comments(templates, "common.medicines.name")


def test_every_message_stands_somewhere(templates: Mapping[str, polib.POFile]) -> None:
    for file, entries in templates.items():
        for entry in entries:
            assert "Place: " in entry.comment, (file, entry.msgctxt)
