"""Bind: laid-out pages become the bytes of one tagged PDF/UA-1 file."""

from typing import Any, cast

import pydyf

from leaflets.typesetting import tagging


def bind(document: Any, *, right_to_left: bool) -> bytes:  # noqa: ANN401 - WeasyPrint has no type information
    """Write a WeasyPrint document as PDF/UA-1; the same pages give the same bytes."""

    def finish(_document: Any, pdf: pydyf.PDF) -> None:  # noqa: ANN401 - the same
        tagging.complete(pdf, right_to_left=right_to_left)

    return cast("bytes", document.write_pdf(pdf_variant="pdf/ua-1", finisher=finish))
