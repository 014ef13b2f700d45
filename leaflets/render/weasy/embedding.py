"""Embedding: cut the fonts of a file to its glyphs, in one cut and without copying whole fonts.

WeasyPrint copies each font whole, 19 MB for Chinese, and cuts it twice. One cut gives the same
bytes. It also keeps the number of each glyph, so that a Chinese font has places for 63,000. Here
the glyphs of such a font (with CFF outlines, as for Chinese, Japanese and Korean) are numbered anew
in each file, and take 30 to 60 kB instead of 170 to 200. Number and CID of a glyph are the same, so
that it does not matter which of them a reader looks for (ISO 32000-1, 9.7.4.2).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from io import BytesIO
from itertools import groupby
from typing import Any, cast

import msgspec
import pydyf
from fontTools.ttLib import TTFont
from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset
from weasyprint.text.fonts import get_hb_object_data

from leaflets.insides import Patch, Touch

#: Tables that WeasyPrint leaves out as well: a file draws glyphs, and shapes no text.
_DROPPED = (
    b"BASE", b"DSIG", b"EBDT", b"EBLC", b"EBSC", b"GPOS", b"GSUB", b"JSTF", b"LTSH", b"PCLT",
    b"SVG ",
)  # fmt: skip


class _Unread:
    """The bytes of a font that nobody has asked for yet."""

    def __init__(self, face: Any) -> None:  # noqa: ANN401 - a C pointer
        self.face = face


def _data(face: Any, ot_color: str | None = None, glyph: int | None = None) -> Any:  # noqa: ANN401 - the same
    """Read a picture of a glyph now, as WeasyPrint does, and a whole font when it is needed."""
    return _Unread(face) if ot_color is None else get_hb_object_data(face, ot_color, glyph)


class CutFont(Font):  # type: ignore[misc]  # WeasyPrint has no type information
    """A font of a file, read only if it is needed whole."""

    _content: bytes | _Unread

    @property
    def file_content(self) -> bytes:
        """Return the bytes to embed; before they are cut, those of the whole font."""
        if isinstance(self._content, _Unread):
            self._content = get_hb_object_data(self._content.face)
        return cast("bytes", self._content)

    @file_content.setter
    def file_content(self, content: bytes | _Unread) -> None:
        self._content = content

    def _harfbuzz_subset(self, to_unicode: dict[int, str], hinting: bool) -> None:  # noqa: FBT001 - as WeasyPrint calls it
        """Cut the font to its glyphs."""
        flags = _flags(self, hinting=hinting) | harfbuzz_subset.HB_SUBSET_FLAGS_RETAIN_GIDS
        content = _cut(self.hb_face, to_unicode, flags)
        if content and _maps_nothing(content):
            content = _cut(self.hb_face, to_unicode, flags, (*_DROPPED, b"cmap"))
        if content:
            self.file_content = content
        else:
            super()._harfbuzz_subset(to_unicode, hinting)


def _flags(font: Font, *, hinting: bool) -> int:
    flags = (
        harfbuzz_subset.HB_SUBSET_FLAGS_PASSTHROUGH_UNRECOGNIZED
        | harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE
    )
    if not hinting:
        flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
    if font.missing:
        flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NOTDEF_OUTLINE
    return cast("int", flags)


def _maps_nothing(font: bytes) -> bool:
    """Tell whether no glyph of a cut font stands for a character by itself.

    Forms that letters take beside each other do not. The empty table is dropped by a second cut.
    """
    tables = TTFont(BytesIO(font), lazy=True).reader.tables
    return "cmap" in tables and tables["cmap"].length <= _LENGTH_OF_NO_MAP


#: The header of a `cmap` table, in bytes: its version, and that it has no table of characters.
_LENGTH_OF_NO_MAP = 4


def _cut(
    face: Any,  # noqa: ANN401 - a C pointer
    glyphs: Iterable[int],
    flags: int,
    dropped: Sequence[bytes] = _DROPPED,
) -> bytes | None:
    cut = _cut_face(face, glyphs, flags, dropped)
    return None if cut is None else cast("bytes | None", get_hb_object_data(cut))


def _cut_face(
    face: Any,  # noqa: ANN401 - the same
    glyphs: Iterable[int],
    flags: int,
    dropped: Sequence[bytes] = _DROPPED,
) -> Any:  # noqa: ANN401 - the same
    wanted = ffi.gc(
        harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy
    )
    _add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), tuple(sorted(glyphs)))
    _add(
        harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG),
        tuple(map(_tag, dropped)),
    )
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    cut = harfbuzz_subset.hb_subset_or_fail(face, wanted)
    return None if cut == ffi.NULL else ffi.gc(cut, harfbuzz.hb_face_destroy)


@cache
def _tag(table: bytes) -> int:
    return cast("int", harfbuzz.hb_tag_from_string(table, -1))


def _add(numbers: Any, values: tuple[int, ...]) -> None:  # noqa: ANN401 - the same
    array = ffi.new(f"hb_codepoint_t[{len(values)}]", values)
    harfbuzz.hb_set_add_sorted_array(numbers, array, len(values))


# --- fonts that are numbered anew -----------------------------------------------------------------


class _Numbered(msgspec.Struct, frozen=True):
    """A cut font, and the new number of each glyph in it."""

    numbers: Mapping[int, int]
    content: bytes


class _NumberedFont(CutFont):
    """A font as one file has it: cut, and numbered anew."""

    def __init__(self, font: Font, new: _Numbered) -> None:
        """Take the font that was painted with, and what stands for it in the file."""
        self.__dict__.update(font.__dict__)
        self.file_content = new.content
        self.widths = {new.numbers[glyph]: width for glyph, width in font.widths.items()}
        self.to_unicode = {new.numbers[glyph]: text for glyph, text in font.to_unicode.items()}

    def clean(self, *_: object) -> None:
        """Do nothing: it is cut already."""


def _numbering_anew(theirs: Callable[..., pydyf.Dictionary]) -> Callable[..., pydyf.Dictionary]:
    """Embed the fonts of a file, those with CFF outlines under new numbers."""

    def build_fonts_dictionary(
        pdf: pydyf.PDF,
        fonts: Mapping[Any, Font],
        compress: bool,  # noqa: FBT001 - as WeasyPrint calls it
        subset: bool,  # noqa: FBT001 - the same
        options: Mapping[str, Any],
    ) -> pydyf.Dictionary:
        files = groupby(sorted(fonts.values(), key=_file), _file)
        cut = {
            name: _numbered(list(same), hinting=options["hinting"])
            for name, same in files
            if subset
        }
        numbered = {name: new for name, new in cut.items() if new}
        if numbered:
            _renumber(pdf, {name: new.numbers for name, new in numbered.items()})
        embedded = {
            key: _NumberedFont(font, numbered[font.hash]) if font.hash in numbered else font
            for key, font in fonts.items()
        }
        return theirs(pdf, embedded, compress, subset, options)

    return build_fonts_dictionary


def _file(font: Font) -> str:
    return cast("str", font.hash)


def _numbered(same: Sequence[Font], *, hinting: bool) -> _Numbered | None:
    """Cut a font, painted with in some sizes, and number its glyphs; None if it must stay as it is.

    Twice: the first cut leaves out the tables that would add glyphs of their own to the second.
    """
    font = same[0]
    used = {glyph for sized in same for glyph in (*sized.to_unicode, *sized.widths)} - {0}
    if (
        "CFF " not in font.tables
        or not used
        or any(sized.missing or sized.used_in_forms for sized in same)
    ):
        return None
    flags = _flags(font, hinting=hinting)
    keeping = flags | harfbuzz_subset.HB_SUBSET_FLAGS_RETAIN_GIDS
    face = _cut_face(font.hb_face, used, keeping, (*_DROPPED, b"cmap"))
    cut = None if face is None else _cut_face(face, used, flags)
    if cut is None or harfbuzz.hb_face_get_glyph_count(cut) != len(used) + 1:
        return None
    content = _found_by_number(get_hb_object_data(cut))
    if content is None:
        return None
    numbers = {0: 0} | {glyph: number for number, glyph in enumerate(sorted(used), 1)}
    return _Numbered(numbers, content)


def _found_by_number(font: bytes) -> bytes | None:
    """Let the CID of each glyph of a font be its number; None if they are not found by CID."""
    # No time of writing: the same glyphs are the same bytes.
    with TTFont(BytesIO(font), lazy=True, recalcBBoxes=False, recalcTimestamp=False) as opened:
        top = opened["CFF "].cff.topDictIndex[0]
        if not hasattr(top, "ROS"):
            return None
        top.charset = [".notdef", *(f"cid{number:05d}" for number in range(1, top.numGlyphs))]
        top.CharStrings.charStrings = {name: at for at, name in enumerate(top.charset)}
        opened.save(written := BytesIO())
        return written.getvalue()


def _renumber(pdf: pydyf.PDF, numbered: Mapping[str, Mapping[int, int]]) -> None:
    """Write what is painted with the new numbers of glyphs, where such a font is set."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream):
            item.stream = list(_renumbered(item.stream, numbered))


def _renumbered(items: Sequence[Any], numbered: Mapping[str, Mapping[int, int]]) -> Iterator[Any]:
    numbers: Mapping[int, int] | None = None
    saved: list[Mapping[int, int] | None] = []
    for item in items:
        if item == b"q":
            saved.append(numbers)
        elif item == b"Q":
            numbers = saved.pop()
        elif isinstance(item, bytes) and item.endswith(b" Tf"):
            numbers = numbered.get(item[1:].split(maxsplit=1)[0].decode())
        elif numbers and isinstance(item, bytes) and item.endswith(b"] TJ"):
            yield _SHOWN.sub(partial(_written, numbers), item)
            continue
        yield item


#: The glyphs of a run, four digits each (ISO 32000-1, 9.4.3).
_SHOWN = re.compile(rb"<([0-9a-f]+)>")


def _written(numbers: Mapping[int, int], shown: re.Match[bytes]) -> bytes:
    digits = shown[1]
    glyphs = (int(digits[at : at + 4], 16) for at in range(0, len(digits), 4))
    return b"<%s>" % b"".join(b"%04x" % numbers[glyph] for glyph in glyphs)


_CUT = "tests/test_speed.py::test_fonts_that_are_cut_once_are_those_that_are_cut_twice"
_NUMBERED = (
    "tests/test_speed.py"
    "::test_a_chinese_font_that_is_numbered_anew_shows_and_says_the_same_in_half_the_room"
)

PATCHES = (
    Patch(
        "weasyprint.pdf.fonts.get_hb_object_data",
        lambda _: _data,
        digest="03040a623df04c2b",
        why="Reads a font whole only if it is needed whole: 19 MB for Chinese.",
        needless_when="WeasyPrint reads the bytes of a font only when it embeds it whole.",
        test=_CUT,
    ),
    Patch(
        "weasyprint.pdf.stream.Font",
        lambda _: CutFont,
        digest="1888854798bf8726",
        why="Cuts a font once, to the same bytes, where WeasyPrint cuts it twice.",
        needless_when="WeasyPrint cuts a font once.",
        test=_CUT,
    ),
    Patch(
        "weasyprint.pdf.build_fonts_dictionary",
        _numbering_anew,
        digest="fc551bef35d0d6c3",
        why="Numbers the glyphs of a font with CFF outlines anew in each file, which then takes 30"
        " to 60 kB instead of 170 to 200.",
        needless_when="WeasyPrint numbers the glyphs of a cut font anew.",
        test=_NUMBERED,
    ),
)

TOUCHES = (
    Touch(
        (
            "weasyprint.text.fonts.get_hb_object_data(hb_object, ot_color=None, glyph=None)",
            "weasyprint.pdf.fonts.Font",
            "weasyprint.pdf.fonts.Font._harfbuzz_subset(self, to_unicode, hinting)",
            "weasyprint.pdf.fonts.Font.clean(self, to_unicode, hinting)",
            "weasyprint.pdf.fonts.Font.file_content",
            "weasyprint.pdf.fonts.Font.hash",
            "weasyprint.pdf.fonts.Font.hb_face",
            "weasyprint.pdf.fonts.Font.missing",
            "weasyprint.pdf.fonts.Font.tables",
            "weasyprint.pdf.fonts.Font.to_unicode",
            "weasyprint.pdf.fonts.Font.used_in_forms",
            "weasyprint.pdf.fonts.Font.widths",
            "weasyprint.text.ffi.ffi",
            "weasyprint.text.ffi.harfbuzz",
            "weasyprint.text.ffi.harfbuzz_subset",
        ),
        why="What WeasyPrint knows of a font while it paints with it, and HarfBuzz, which cuts it.",
        needless_when="The patches of fonts can go.",
        test=_CUT,
    ),
    Touch(
        ("pydyf.PDF.objects", "pydyf.Stream.stream"),
        why="What is painted, item by item, to write it with the new numbers of glyphs: a font is"
        " set by one item that ends in `Tf`, and glyphs are shown by one that ends in `TJ`.",
        needless_when="The patch of `build_fonts_dictionary` can go.",
        test=_NUMBERED,
    ),
    Touch(
        (
            "fontTools.cffLib.CFFFontSet.topDictIndex",
            "fontTools.cffLib.TopDict.charset",
            "fontTools.cffLib.TopDict.numGlyphs",
            "fontTools.cffLib.TopDict.CharStrings",
            "fontTools.cffLib.CharStrings.charStrings",
        ),
        why="The list of the CIDs of a font, which is made to be that of its numbers.",
        needless_when="The patch of `build_fonts_dictionary` can go.",
        test=_NUMBERED,
    ),
)
