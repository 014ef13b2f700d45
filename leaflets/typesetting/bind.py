"""Bind: laid-out pages become the bytes of one tagged file, both PDF/UA-1 and PDF/A-2a."""

from collections.abc import Sequence
from typing import Any, cast

import pydyf

from leaflets.typesetting import archive, press, tagging
from leaflets.typesetting.imposition import Side


def bind(document: Any, *, right_to_left: bool, sides: Sequence[Side] = ()) -> bytes:  # noqa: ANN401 - WeasyPrint has no type information
    """Write a WeasyPrint document, with its pages on the sides of sheets if there are any.

    The same pages give the same bytes.
    """

    def finish(_document: Any, pdf: pydyf.PDF) -> None:  # noqa: ANN401 - the same
        tagging.complete(pdf, right_to_left=right_to_left)
        archive.claim_both(pdf)
        if sides:
            press.impose(pdf, sides)

    if sides:
        press.number_through(document.pages, sides)
    return cast("bytes", document.write_pdf(pdf_variant=archive.VARIANT, finisher=finish))
