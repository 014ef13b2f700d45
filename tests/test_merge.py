"""Keeping catalogs up to date: nothing that was written is lost, nothing changes by itself."""

import shutil
import subprocess
from pathlib import Path

import msgspec
import polib
import pytest

from leaflets.catalogs import merge
from leaflets.compose.notes import Notebook
from leaflets.errors import InputError, MissingPartError
from leaflets.library import home, load, overlay
from leaflets.library.load import Library

NOTES = Notebook(load.load(None)).notes


@pytest.fixture
def copy(tmp_path: Path) -> Library:
    """Return the library, with locales in a folder that a test may change."""
    shutil.copytree(home.home() / "locales", tmp_path / "locales")
    found = load.load(None)
    roots = overlay.Roots(templates=found.roots.templates, locales=(tmp_path / "locales",))
    return msgspec.structs.replace(found, roots=roots)


def update(library: Library, tag: str) -> None:
    for one in merge.merged(library, library.languages[tag], NOTES):
        path = library.roots.locales[0] / one.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.after)


@pytest.mark.parametrize("tag", ["es", "ar"])
def test_merging_anew_changes_no_catalog_of_the_library(library: Library, tag: str) -> None:
    for one in merge.merged(library, library.languages[tag], NOTES):
        assert one.after == one.before, one.file


def test_the_template_catalogs_of_the_library_are_current(library: Library) -> None:
    for file, text in merge.templates(library, NOTES):
        assert (library.roots.locales[0] / file).read_bytes() == text, file
        subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", "-"], input=text, check=True)


def test_a_changed_sentence_keeps_its_old_translation_as_fuzzy_with_the_old_english(
    copy: Library,
) -> None:
    path = copy.roots.locales[0] / "es/LC_MESSAGES/warning-card.po"
    path.write_text(
        path.read_text("utf-8").replace("Cut out the card", "Cut the card out"), "utf-8"
    )
    update(copy, "es")
    (entry,) = [
        one for one in polib.pofile(str(path)) if one.msgctxt == "warning-card.main-message"
    ]
    assert entry.fuzzy
    assert entry.msgstr
    assert entry.previous_msgid == "Cut the card out, fold it and keep it with you."


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
    assert all(one.after == one.before for one in merge.merged(copy, copy.languages["ar"], NOTES))
    (count,) = [one for one in merge.counts(copy, copy.languages["ar"]) if one.domain == "diary"]
    assert (count.translated, count.fuzzy) == (0, 0)
    assert count.missing > 5


def test_a_broken_catalog_is_named_with_its_line_and_left_alone(copy: Library) -> None:
    path = copy.roots.locales[0] / "es/LC_MESSAGES/diary.po"
    path.write_text('msgid "a\n')
    with pytest.raises(InputError, match=r"diary\.po, line 1"):
        list(merge.merged(copy, copy.languages["es"], NOTES))
    assert path.read_text() == 'msgid "a\n'


def test_without_msgmerge_the_command_that_installs_it_is_named(
    copy: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingPartError, match=r"apt-get install .*gettext"):
        list(merge.merged(copy, copy.languages["es"], NOTES))


def comments(library: Library, domain: str, message_id: str) -> str:
    texts = dict(merge.templates(library, NOTES))
    entries = polib.pofile(texts[f"templates/{domain}.pot"].decode())
    return next(str(one.comment) for one in entries if one.msgctxt == message_id)


def test_a_comment_says_where_a_message_stands_how_long_it_may_be_and_how_it_is_printed(
    library: Library,
) -> None:
    found = comments(library, "recovery", "recovery.week.sore")
    assert "Place: paragraph, under “" in found or "Place: list item, under “" in found
    assert "Printed, for example:" in found
    assert "Length: up to about" in found
    assert "the room is fixed" in comments(library, "common", "common.diary.fall")


def test_a_comment_of_a_negation_says_that_it_must_stay_negative(library: Library) -> None:
    found = comments(library, "common", "common.medicines.do-not-stop")
    assert "Must stay negative: the English says “do not”." in found
    assert "negative" not in comments(library, "common", "common.medicines.name")


def test_every_message_stands_somewhere(library: Library) -> None:
    for file, text in merge.templates(library, NOTES):
        for entry in polib.pofile(text.decode()):
            assert "Place: " in entry.comment, (file, entry.msgctxt)
