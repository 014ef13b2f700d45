"""Streams: how pydyf and WeasyPrint write the content of a file, where readers stumble over it."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any

import pydyf

from leaflets.insides import Patch


def _closing(profile: Callable[..., Any]) -> Callable[..., Any]:
    """Close the file of a colour profile once it is read, which WeasyPrint leaves open."""

    def read(file: IO[bytes], *arguments: Any) -> Any:  # noqa: ANN401 - WeasyPrint has no type information
        with file:
            return profile(BytesIO(file.read()), *arguments)

    return read


def _ending_plainly(data: property) -> property:
    """End a stream so that its length can be told without being stated.

    Where the last byte is a carriage return, a line feed alone after it would be taken for half of
    the end of the line (ISO 19005-2, 6.1.7.1).
    """

    def ended(stream: pydyf.Stream) -> bytes:
        written: bytes = data.__get__(stream)
        end = b"\nendstream"
        return written.removesuffix(end) + b"\r" + end if written.endswith(b"\r" + end) else written

    return property(ended)


def _without_empty_strings(show: Callable[..., None]) -> Callable[..., None]:
    """Show text without empty strings, after which PDFium loses the number that ends the array.

    WeasyPrint writes them after each glyph that is raised, as in Nastaliq: `[<>814<>-995] TJ`.
    """

    def show_text(stream: pydyf.Stream, text: str) -> None:
        show(stream, text.replace("<>", " "))  # a space, for a number may stand on each side

    return show_text


PATCHES = (
    Patch(
        "pydyf.Stream.data",
        _ending_plainly,
        digest="bdc2bc513f286de7",
        why="Ends a stream so that its length can be told, as PDF/A-2 asks, where its last byte is"
        " a carriage return.",
        needless_when="pydyf ends each stream with both signs, carriage return and line feed.",
        test="tests/test_formats.py::test_every_file_is_both_pdf_ua_1_and_pdf_a_2a",
    ),
    Patch(
        "pydyf.Stream.show_text",
        _without_empty_strings,
        digest="3e008af86f62f42c",
        why="Shows text without empty strings, after which PDFium draws raised glyphs, as in"
        " Nastaliq, in a wrong place.",
        needless_when="WeasyPrint writes no empty string after a glyph that is raised.",
        test="tests/test_ink.py::test_raised_glyphs_stand_where_they_were_laid_out",
    ),
    Patch(
        "weasyprint.pdf.ColorProfile",
        _closing,
        digest="8b4e0541486ee983",
        why="Closes the file of the colour profile, of which Python else warns with each file.",
        needless_when="WeasyPrint closes the file itself.",
        test="tests/test_upgrading.py::test_the_file_of_the_colour_profile_is_closed",
    ),
)
