"""Embedding: cut the fonts of a file to its glyphs, in one cut and without copying whole fonts.

WeasyPrint copies each font whole, 19 MB for Chinese, and cuts it twice. One cut gives the same
bytes. Each glyph keeps its number: a bare CFF font, whose readers look for CIDs, would be a third
as long, but not every reader and validator looks for them (ISO 32000-1, 9.7.4.2).
"""

from functools import cache
from typing import Any, cast

import weasyprint.pdf.fonts
import weasyprint.pdf.stream
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
            | harfbuzz_subset.HB_SUBSET_FLAGS_RETAIN_GIDS
        )
        if not hinting:
            flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
        if self.missing:
            flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NOTDEF_OUTLINE
        content = _cut(self.hb_face, to_unicode, flags)
        if content:
            self.file_content = content
        else:
            super()._harfbuzz_subset(to_unicode, hinting)


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


PATCHES = Patches(
    (
        Patch(weasyprint.pdf.fonts, "get_hb_object_data", _data),
        Patch(weasyprint.pdf.stream, "Font", CutFont),
    )
)
