"""Editing a PO file: exactly the lines of one translation change, in the layout of msgcat."""

import re
import subprocess
from pathlib import Path

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaflets.catalogs.edit import edited
from leaflets.errors import RequestError
from leaflets.library import home

LOCALES = home.home() / "locales"
CATALOGS = sorted(
    path for tag in ("es", "ar", "pl") for path in (LOCALES / tag).glob("LC_MESSAGES/*.po")
)

SMALL = r"""# A catalog.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

# A comment of a translator.
#. L10N
#, fuzzy, python-format
#| msgctxt "a"
#| msgid "Wait."
#| msgid_plural ""
#| "Wait\n"
#| "on."
msgctxt "a"
msgid "Wait %(days)s day."
msgid_plural "Wait %(days)s days."
msgstr[0] "uno"
msgstr[1] "dos"

#, fuzzy
#| msgid "Drink."
msgctxt "b"
msgid "Drink water."
msgstr ""
"Beba\n"
"agua."

#: templates/x.html
msgctxt "c"
msgid "Drink water."
msgstr "Beba agua."

#~ msgctxt "gone"
#~ msgid "Drink water."
#~ msgstr "Beba."
"""

#: Everything but what a catalog cannot hold, with much of what needs care.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("\"\\\t\n'%()#~|msgtr[]0 nاـ\u200f\u2067ַ😀𝔸é"),
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")),
    ),
    max_size=40,
)


def canonical(text: str) -> str:
    done = subprocess.run(
        ["msgcat", "--no-wrap", "-"], input=text.encode(), capture_output=True, check=True
    )
    return done.stdout.decode()


def forms(text: str) -> dict[tuple[str, str], list[str]]:
    return {
        (one.msgctxt, one.msgid): list(one.msgstr_plural.values()) or [one.msgstr]
        for one in polib.pofile(text)
        if not one.obsolete
    }


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_writing_what_a_catalog_holds_changes_nothing(path: Path) -> None:
    text = path.read_text("utf-8")
    confirmed = {
        (one.msgctxt, one.msgid): list(one.msgstr_plural.values()) or [one.msgstr]
        for one in polib.pofile(text)
        if not one.fuzzy and not one.obsolete
    }
    assert edited(text, confirmed) == text


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_an_edited_catalog_is_as_msgcat_writes_it_and_differs_in_one_line(path: Path) -> None:
    text = path.read_text("utf-8")
    entry = next(one for one in polib.pofile(text) if one.msgstr and not one.fuzzy)
    after = edited(text, {(entry.msgctxt, entry.msgid): ['مرحبا "\\ 😀']})
    assert canonical(after) == after
    pairs = list(zip(text.split("\n"), after.split("\n"), strict=True))
    (changed,) = [new for old, new in pairs if old != new]
    assert changed == r'msgstr "مرحبا \"\\ 😀"'


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, one=TEXTS, two=TEXTS)
def test_any_text_is_written_as_msgcat_writes_it_and_reads_back(
    text: str, one: str, two: str
) -> None:
    after = edited(SMALL, {("b", "Drink water."): [text], ("a", "Wait %(days)s day."): [one, two]})
    assert canonical(after) == after
    found = forms(after)
    assert found["b", "Drink water."] == [text]
    assert found["a", "Wait %(days)s day."] == [one, two]
    assert found["c", "Drink water."] == ["Beba agua."]
    # Nothing but the two entries changed.
    assert after.startswith(SMALL[: SMALL.index("#, fuzzy, python-format")])
    assert after.endswith(SMALL[SMALL.index("#: templates/x.html") :])


def test_an_edit_confirms_the_entry_and_keeps_its_other_flags_and_comments() -> None:
    after = edited(SMALL, {("a", "Wait %(days)s day."): ["uno", "dos"]})
    removed = re.sub(r"#\|.*\n", "", SMALL[: SMALL.index('msgctxt "a"\nmsgid')])
    assert after.startswith(removed.replace("#, fuzzy, python-format", "#, python-format"))
    assert "#, fuzzy\n#| msgid" in after


def test_line_ends_of_windows_and_a_missing_last_line_end_are_kept() -> None:
    text = SMALL[: SMALL.index("\n#~")].rstrip("\n").replace("\n", "\r\n")
    after = edited(text, {("c", "Drink water."): ["Tome\nagua."]})
    unchanged = text.removesuffix('msgstr "Beba agua."')
    assert after == unchanged + 'msgstr ""\r\n"Tome\\n"\r\n"agua."'


@pytest.mark.parametrize(
    ("key", "given", "part"),
    [
        (("z", "Drink water."), ["x"], "no message “z”"),
        (("b", "Drink."), ["x"], "no message “b” with the text “Drink.”"),
        (("gone", "Drink water."), ["x"], "no message “gone”"),
        (("b", "Drink water."), ["x", "y"], "cannot have 2 forms"),
        (("b", "Drink water."), [], "cannot have 0 forms"),
        (("b", "Drink water."), ["x\x07"], r"holds U\+0007"),
        (("b", "Drink water."), ["x\u2028y"], r"holds U\+2028"),
        (("b", "Drink water."), ["x\ud83d"], r"holds U\+D83D"),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused(
    key: tuple[str, str], given: list[str], part: str
) -> None:
    with pytest.raises(RequestError, match=part):
        edited(SMALL, {("c", "Drink water."): ["first"], key: given})


def test_an_edit_of_an_entry_whose_lines_are_mixed_with_others_is_refused() -> None:
    mixed = 'msgctxt "a"\nmsgid "Wait."\n\n#~ msgstr "Gone."\n'
    text = f'{mixed}msgctxt "b"\nmsgid "Sit."\nmsgstr "Ici."\n'
    with pytest.raises(RequestError, match="not in the order"):
        edited(text, {("a", "Wait."): ["Attendez."]})
