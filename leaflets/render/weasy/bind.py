"""Bind: laid-out pages become the bytes of one tagged file, both PDF/UA-1 and PDF/A-2a."""

from collections.abc import Sequence
from typing import Any, cast

import pydyf

from leaflets.insides import Touch
from leaflets.render.imposition import Side
from leaflets.render.weasy import archive, press, tagging


class _Written(pydyf.Object):  # type: ignore[misc]  # pydyf has no type information
    """An object of a PDF that will not change any more, as bytes."""

    data = b""
    compressible = False

    def __init__(self, written: pydyf.Object) -> None:
        """Write an object."""
        super().__init__()
        self.number = written.number
        self.generation = written.generation
        self.compressible = written.compressible
        self.data = written.data


def bind(document: Any, *, right_to_left: bool, sides: Sequence[Side] = ()) -> bytes:  # noqa: ANN401 - WeasyPrint has no type information
    """Write a WeasyPrint document, with its pages on the sides of sheets if there are any.

    The same pages give the same bytes.
    """

    def finish(_painted: Any, pdf: pydyf.PDF) -> None:  # noqa: ANN401 - the same
        tagging.complete(pdf, right_to_left=right_to_left)
        archive.claim_both(pdf)
        if sides:
            press.impose(pdf, sides)
        # WeasyPrint asks for each object twice, to write it and for the identifier of the file.
        pdf.objects = [entry if entry.free == "f" else _Written(entry) for entry in pdf.objects]

    if sides:
        press.number_through(document.pages, sides)
    return cast("bytes", document.write_pdf(pdf_variant=archive.VARIANT, finisher=finish))


TOUCHES = (
    Touch(
        (
            "pydyf.Object()",
            "pydyf.Object.compressible",
            "pydyf.Object.data",
            "pydyf.Object.free",
            "pydyf.Object.generation",
            "pydyf.Object.number",
            "pydyf.PDF.objects",
        ),
        why="Each object is turned into bytes once, and not again for the identifier of the file.",
        needless_when="pydyf keeps the bytes of an object that it has written.",
        test="tests/test_editions.py::test_one_process_and_several_print_the_same_bytes",
    ),
)
