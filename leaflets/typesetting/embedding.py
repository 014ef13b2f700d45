"""Embedding: cut the fonts of a file to its glyphs, in one cut and without copying whole fonts.

WeasyPrint copies each font whole, 19 MB for Chinese, cuts it twice, and keeps the numbers of all
glyphs. One cut gives the same bytes. In a font whose glyphs are found by CID (Chinese, Japanese,
Korean) a number needs no place of its own, so that the part of 200 kB becomes one of 60.
"""

import io
from functools import cache
from typing import Any, cast

import pydyf
import weasyprint.pdf.fonts
import weasyprint.pdf.stream
from fontTools.ttLib import TTFont
from weasyprint.pdf.fonts import Font
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset

from leaflets.typesetting.patching import Patch, Patches

#: Tables that WeasyPrint leaves out as well: a file draws glyphs, and shapes no text.
_DROPPED = (
    b"BASE", b"DSIG", b"EBDT", b"EBLC", b"EBSC", b"GPOS", b"GSUB", b"JSTF", b"LTSH", b"PCLT",
    b"SVG ",
)  # fmt: skip


class _Unread:
    """The bytes of a font that nobody has asked for yet."""

    def __init__(self, face: Any) -> None:  # noqa: ANN401 - a C pointer
        self.face = face


def _data(thing: Any, ot_color: str | None = None, glyph: int | None = None) -> Any:  # noqa: ANN401 - the same
    """Read a picture of a glyph now, as WeasyPrint does, and a whole font when it is needed."""
    return _Unread(thing) if ot_color is None else _THEIR_DATA(thing, ot_color, glyph)


_THEIR_DATA = weasyprint.pdf.fonts.get_hb_object_data


class CutFont(Font):  # type: ignore[misc]  # WeasyPrint has no type information
    """A font of a file, read only if it is needed whole."""

    _content: bytes | _Unread
    is_bare = False

    @property
    def type(self) -> str:
        """Return which kind of outlines it has."""
        return "otf" if self.is_bare else cast("str", super().type)

    @property
    def file_content(self) -> bytes:
        """Return the bytes to embed; before they are cut, those of the whole font."""
        if isinstance(self._content, _Unread):
            self._content = _THEIR_DATA(self._content.face)
        return cast("bytes", self._content)

    @file_content.setter
    def file_content(self, content: bytes | _Unread) -> None:
        self._content = content

    def _harfbuzz_subset(self, to_unicode: dict[int, str], hinting: bool) -> None:  # noqa: FBT001 - as WeasyPrint calls it
        """Cut the font to its glyphs."""
        flags = (
            harfbuzz_subset.HB_SUBSET_FLAGS_PASSTHROUGH_UNRECOGNIZED
            | harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE
        )
        if not hinting:
            flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
        if self.missing:
            flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NOTDEF_OUTLINE
        if self.missing or not self._is_found_by_cid():
            flags |= harfbuzz_subset.HB_SUBSET_FLAGS_RETAIN_GIDS
        content = _cut(self.hb_face, to_unicode, flags)
        if not content:
            super()._harfbuzz_subset(to_unicode, hinting)
        elif flags & harfbuzz_subset.HB_SUBSET_FLAGS_RETAIN_GIDS:
            self.file_content = content
        else:
            # Bare, so that readers look for CIDs: wrapped as OpenType, some count glyphs instead.
            self.file_content = TTFont(io.BytesIO(content)).reader["CFF "]
            self.is_bare = True

    def _is_found_by_cid(self) -> bool:
        if "CFF " not in self.tables:
            return False
        # A name and an index tell files apart: one folder of fonts is shown to a process.
        name = (self.name, self.index, self.glyph_count)
        if name not in _FOUND_BY_CID:
            _FOUND_BY_CID[name] = _numbers_are_cids(_THEIR_DATA(self.hb_face), self.index)
        return _FOUND_BY_CID[name]


_FOUND_BY_CID: dict[tuple[bytes, int, int], bool] = {}


def _numbers_are_cids(content: bytes, index: int) -> bool:
    """Tell whether a reader of the file finds each glyph by its number also in a cut font.

    It looks for the CID in the list of the font (ISO 32000-1, 9.7.4.2). What WeasyPrint writes are
    glyph numbers, so each must be the CID of its glyph.
    """
    with TTFont(io.BytesIO(content), fontNumber=index, lazy=True) as font:
        top = font["CFF "].cff.topDictIndex[0]
        return hasattr(top, "ROS") and all(
            name == f"cid{number:05d}" for number, name in enumerate(top.charset) if number
        )


def _cut(face: Any, glyphs: dict[int, str], flags: int) -> bytes | None:  # noqa: ANN401 - a C pointer
    wanted = ffi.gc(
        harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy
    )
    _add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), tuple(sorted(glyphs)))
    _add(
        harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG),
        _dropped_tags(),
    )
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    cut = harfbuzz_subset.hb_subset_or_fail(face, wanted)
    if cut == ffi.NULL:
        return None
    cut = ffi.gc(cut, harfbuzz.hb_face_destroy)
    return cast("bytes | None", _THEIR_DATA(cut))


@cache
def _dropped_tags() -> tuple[int, ...]:
    return tuple(harfbuzz.hb_tag_from_string(name, -1) for name in _DROPPED)


def _add(numbers: Any, values: tuple[int, ...]) -> None:  # noqa: ANN401 - the same
    array = ffi.new(f"hb_codepoint_t[{len(values)}]", values)
    harfbuzz.hb_set_add_sorted_array(numbers, array, len(values))


def complete(document: Any, pdf: pydyf.PDF) -> None:  # noqa: ANN401 - WeasyPrint has no type information
    """Say of each bare font of a finished PDF what it is."""
    bare = {font.name for font in document.fonts.values() if getattr(font, "is_bare", False)}
    for item in pdf.objects:
        if not isinstance(item, pydyf.Dictionary):
            continue
        if item.get("Type") == "/FontDescriptor" and item["FontName"] in bare:
            file = pdf.objects[int(item["FontFile3"].split()[0])]
            file.extra["Subtype"] = "/CIDFontType0C"
        if item.get("Subtype") == "/CIDFontType0" and item["BaseFont"] in bare:
            del item["CIDToGIDMap"]  # it is for TrueType only (ISO 32000-1, table 117)


PATCHES = Patches(
    (
        Patch(weasyprint.pdf.fonts, "get_hb_object_data", _data),
        Patch(weasyprint.pdf.stream, "Font", CutFont),
    )
)
