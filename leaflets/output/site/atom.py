"""An Atom feed of editions (RFC 4287), with the codes that HL7 Infobutton answers carry."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from leaflets.library.xml import around, document, element
from leaflets.output.site.catalogue import Catalogue, Record

FILE = "catalogue.atom"

#: The code systems by their object identifiers, as HL7 registers them.
ICD10CM, SNOMED = "2.16.840.1.113883.6.90", "2.16.840.1.113883.6.96"


def feed(catalogue: Catalogue, title: str, records: Iterable[Record]) -> bytes:
    """Write a feed of some records of a catalogue; addresses are relative to the catalogue."""
    name = hashlib.sha256(f"{catalogue.clinic}\n{title}".encode()).hexdigest()[:32]
    author = element("name", text=catalogue.clinic or "Leaflets", end="")
    holder = element("author")
    holder.append(author)
    return document(
        around(
            "feed",
            {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"},
            (
                element("title", text=title),
                element("id", text=f"urn:leaflets:feed:{name}"),
                element("updated", text=_moment(catalogue.updated)),
                holder,
                element("link", {"rel": "self", "href": FILE}),
                *(_entry(catalogue, record) for record in records),
            ),
        )
    )


def _entry(catalogue: Catalogue, record: Record) -> Element:
    draft = "" if record.status == "release" else " Draft: no clinician has checked it."
    named = ", ".join(filter(None, (record.language_name, record.region_name, record.format_name)))
    summary = f"{record.english_title}. {named}. Code {record.code}.{draft}"
    link = {
        "rel": "alternate",
        "type": record.media_type,
        "hreflang": record.language,
        "length": str(record.size),
        "href": record.file,
    }
    codes = [(ICD10CM, code) for code in record.icd10cm]
    codes += [(SNOMED, code) for code in record.snomed]
    return around(
        "entry",
        {"xml:lang": record.title_language},
        (
            element("title", text=record.title),
            element("id", text=f"urn:leaflets:edition:{record.sha256}"),
            element("updated", text=_moment(record.reviewed or catalogue.updated)),
            element("summary", {"xml:lang": "en"}, summary),
            element("link", link),
            *(
                element("category", {"scheme": f"urn:oid:{scheme}", "term": code})
                for scheme, code in codes
            ),
        ),
    )


def _moment(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
