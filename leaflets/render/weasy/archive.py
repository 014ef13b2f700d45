"""Archive: one file that is both PDF/UA-1, to be read aloud, and PDF/A-2a, to be kept for decades.

WeasyPrint writes the metadata of one standard only. PDF/A allows those of another if their schema
is described (ISO 19005-2, 6.6.2.3), and wants the metadata uncompressed.
"""

from typing import Any

import pydyf

from leaflets.insides import Touch

#: The variant that WeasyPrint writes.
VARIANT = "pdf/a-2a"

_END = b"</rdf:RDF>"

_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def claim_both(pdf: pydyf.PDF) -> None:
    """Add the claim of PDF/UA-1 to the metadata of a PDF/A-2a."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.extra.get("Type") == "/Metadata":
            item.compress = False
            item.stream = [_with_claim(part) for part in item.stream]


def _with_claim(part: Any) -> Any:  # noqa: ANN401 - pydyf writes bytes, strings and objects
    return part.replace(_END, _CLAIM + _END) if isinstance(part, bytes) else part


TOUCHES = (
    Touch(
        (
            "pydyf.PDF.objects",
            "pydyf.Stream.compress",
            "pydyf.Stream.extra",
            "pydyf.Stream.stream",
        ),
        why="The metadata of the file, to which the claim of PDF/UA-1 is added.",
        needless_when="WeasyPrint writes a file that claims to be both PDF/A-2a and PDF/UA-1.",
        test="tests/test_formats.py::test_every_file_is_both_pdf_ua_1_and_pdf_a_2a",
    ),
)
