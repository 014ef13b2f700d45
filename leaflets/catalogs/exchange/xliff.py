"""XLIFF 2.1 (OASIS Standard, 13 February 2018): catalogs for CAT tools, and back.

One `<file>` for each domain, one `<unit>` for each message, with the id of the message. A message
with plural forms is a `<group>` with a unit for each form: XLIFF 2.1 has no plurals, and tools may
join the segments of one unit, but never units. Segments must not be divided or joined.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import defusedxml
import msgspec
from defusedxml.ElementTree import fromstring

from leaflets.catalogs.exchange import inline
from leaflets.catalogs.exchange.inline import XLIFF
from leaflets.catalogs.exchange.unit import Refusal, Returned, Unit
from leaflets.errors import InputError
from leaflets.library import xml
from leaflets.library.languages import SOURCE, Language


class Document(msgspec.Struct, frozen=True):
    """An XLIFF file read: its target language, and its units by file id, each an element."""

    language: str
    units: tuple[tuple[str, Element], ...]


def document(language: Language, units: Sequence[Unit]) -> bytes:
    """Write units of one language as an XLIFF document."""
    attributes = {
        "xmlns": XLIFF[1:-1],
        "version": "2.1",
        "srcLang": SOURCE,
        "trgLang": language.tag,
    }
    by_domain = groupby(units, lambda unit: unit.domain)
    files = (_file(language, domain, list(own)) for domain, own in by_domain)
    return xml.document(xml.around("xliff", attributes, files))


def _file(language: Language, domain: str, units: Sequence[Unit]) -> Element:
    attributes = {
        "id": domain,
        "original": f"{domain}.po",
        "canResegment": "no",
        "xml:space": "preserve",
        "srcDir": "ltr",
        "trgDir": language.direction,
    }
    by_message = groupby(units, lambda unit: unit.message.id)
    messages = (element for _, own in by_message for element in _message(list(own)))
    return xml.around("file", attributes, messages)


def _message(forms: Sequence[Unit]) -> Sequence[Element]:
    units = [_unit(form) for form in forms]
    return [xml.around("group", {"id": forms[0].message.id}, units)] if len(forms) > 1 else units


def _unit(unit: Unit) -> Element:
    source, target = inline.nodes(unit.source), inline.nodes(unit.target)
    known = inline.codes(source, target)
    texts = [inline.element("source", source, known)]
    if unit.target:
        texts.append(inline.element("target", target, known))
    state = "translated" if unit.status == "translated" else "initial"
    segment = xml.around("segment", {"id": "s1", "state": state}, texts)
    return xml.around("unit", {"id": unit.id}, [_notes(unit), *_original_data(known), segment])


def _notes(unit: Unit) -> Element:
    notes = [("location", f"templates/{unit.message.file}")]
    notes += [("comment", note) for note in unit.notes]
    if unit.status == "fuzzy":
        notes.append(("fuzzy", "This translation is of an older English sentence. Check it."))
    lines = (
        xml.element("note", {"id": f"n{number}", "category": category}, text)
        for number, (category, text) in enumerate(notes, 1)
    )
    return xml.around("notes", {}, lines)


def _original_data(known: Mapping[str, inline.Code]) -> Iterator[Element]:
    if known:
        lines = (
            xml.element("data", {"id": data_id}, text)
            for data_id, text in inline.original_data(known)
        )
        yield xml.around("originalData", {}, lines)


def read(path: Path, data: bytes) -> Document:
    """Parse an XLIFF file; `path` names it in errors.

    Raises `InputError` for XML that is not well-formed or declares a document type or an entity,
    and for what is not XLIFF 2 with our language as its source.
    """
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except defusedxml.DefusedXmlException:
        raise InputError(
            path,
            "it declares a document type or entities, which XLIFF has no use for; export anew.",
        ) from None
    except (ParseError, LookupError, ValueError) as error:
        raise InputError(path, f"it is not well-formed XML ({error}); export anew.") from None
    if root.tag != f"{XLIFF}xliff" or not root.get("version", "").startswith("2."):
        raise InputError(path, "it is not XLIFF 2; save it as XLIFF 2.1.")
    if root.get("srcLang") != SOURCE or not root.get("trgLang"):
        raise InputError(
            path, f"it does not state srcLang {SOURCE} and a trgLang; export anew.", at="xliff"
        )
    return Document(
        root.get("trgLang", ""),
        tuple(
            (file.get("id", ""), unit)
            for file in root.iter(f"{XLIFF}file")
            for unit in file.iter(f"{XLIFF}unit")
        ),
    )


def returned(document: Document, units: Sequence[Unit]) -> Iterator[Returned | Refusal]:
    """Yield the source and target text of each unit of a file, as text with our codes.

    `units` are ours, which say what each inline code stands for. The target is empty if there is
    none, if it is the English that a program filled in, and if the unit or its English is not ours,
    for the intake to refuse.
    """
    ours = {(unit.domain, unit.id): unit for unit in units}
    for domain, element in document.units:
        unit_id = element.get("id", "")
        unit = ours.get((domain, unit_id))
        if unit is None:
            yield Returned(domain=domain, id=unit_id, source="", target="")
            continue
        try:
            yield _returned(unit, element)
        except inline.InlineError as error:
            yield Refusal(unit.where, str(error))


def _returned(unit: Unit, element: Element) -> Returned:
    known = inline.codes(inline.nodes(unit.source), inline.nodes(unit.target))
    segments = element.findall(f"{XLIFF}segment")
    if len(segments) != 1 or element.find(f"{XLIFF}ignorable") is not None:
        raise inline.InlineError("it was divided into segments; join them again.")
    source = _text(segments[0].find(f"{XLIFF}source"), known, strict=False)
    # Of another English nothing is taken, so that its codes need not be ours.
    same = source == unit.source
    target = _text(segments[0].find(f"{XLIFF}target"), known, strict=True) if same else ""
    if target == source and segments[0].get("state", "initial") == "initial":
        target = ""
    return Returned(domain=unit.domain, id=unit.id, source=source, target=target)


def _text(element: Element | None, known: Mapping[str, inline.Code], *, strict: bool) -> str:
    """Turn an element into text; if not `strict`, one with a code that is not ours is empty."""
    try:
        return "" if element is None else inline.text(element, known)
    except inline.InlineError:
        if strict:
            raise
        return ""
