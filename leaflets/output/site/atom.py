"""An Atom feed of editions (RFC 4287), with the codes that HL7 Infobutton answers carry."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from leaflets.output.site.catalogue import Catalogue, Record

FILE = "catalogue.atom"

#: The code systems by their object identifiers, as HL7 registers them.
ICD10CM, SNOMED = "2.16.840.1.113883.6.90", "2.16.840.1.113883.6.96"


def feed(found: Catalogue, title: str, records: Iterable[Record]) -> bytes:
    """Write a feed of some records of a catalogue; addresses are relative to the catalogue."""
    listed = tuple(records)
    name = hashlib.sha256(f"{found.clinic}\n{title}".encode()).hexdigest()[:32]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        f"<title>{escape(title)}</title>",
        f"<id>urn:leaflets:feed:{name}</id>",
        f"<updated>{_moment(found.updated)}</updated>",
        f"<author><name>{escape(found.clinic or 'Leaflets')}</name></author>",
        '<link rel="self" href="catalogue.atom"/>',
        *(_entry(found, one) for one in listed),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _entry(found: Catalogue, one: Record) -> str:
    draft = "" if one.status == "release" else " Draft: no clinician has checked it."
    what = f"{one.english_title}. {one.language_name}, {one.format_name}. Code {one.code}.{draft}"
    codes = [(ICD10CM, code) for code in one.icd10cm] + [(SNOMED, code) for code in one.snomed]
    return "\n".join(
        (
            f"<entry xml:lang={quoteattr(one.title_language)}>",
            f"<title>{escape(one.title)}</title>",
            f"<id>urn:leaflets:edition:{one.sha256}</id>",
            f"<updated>{_moment(one.reviewed or found.updated)}</updated>",
            f'<summary xml:lang="en">{escape(what)}</summary>',
            f'<link rel="alternate" type="{one.media_type}" hreflang={quoteattr(one.language)}'
            f' length="{one.size}" href={quoteattr(one.file)}/>',
            *(
                f'<category scheme="urn:oid:{scheme}" term={quoteattr(code)}/>'
                for scheme, code in codes
            ),
            "</entry>",
        )
    )


def _moment(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
