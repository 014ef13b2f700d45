"""Answer a request as HL7 Infobutton asks it: a code, a language, an audience.

The parameters are those of the HL7 URL-based implementation guide for Context-Aware Knowledge
Retrieval (Infobutton), release 1.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

import msgspec

from leaflets.errors import RequestError
from leaflets.output.site import atom
from leaflets.output.site.catalogue import Catalogue, Record

_SYSTEMS = {
    atom.ICD10CM: "icd10cm",
    atom.SNOMED: "snomed",
    "icd10cm": "icd10cm",
    "icd-10-cm": "icd10cm",
    "snomedct": "snomed",
    "snomed ct": "snomed",
}

_LONGEST = 4000

#: How many codes of a query are looked at.
_MOST_CODES = 20

#: Chinese by region: which script it is read in (CLDR, likely subtags).
_SCRIPTS = {"zh": "zh-Hans", "zh-CN": "zh-Hans", "zh-SG": "zh-Hans"}
_SCRIPTS |= dict.fromkeys(("zh-TW", "zh-HK", "zh-MO"), "zh-Hant")

#: How long codes of ICD-10-CM are without their dot: a category, and a diagnosis in full.
_CATEGORY_LENGTH, _DIAGNOSIS_LENGTH = 3, 6


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: codes by system, words, a language, for whom, and as which media type."""

    codes: tuple[tuple[str, str], ...]
    words: str
    language: str
    audience: str
    response_type: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The editions that answer, the language they are in, and why it is not the one asked for."""

    records: tuple[Record, ...]
    language: str
    note: str


def query(text: str) -> Query:
    """Read a query string; raise `RequestError` for one that asks for nothing, or too much."""
    if len(text) > _LONGEST:
        raise RequestError(f"The query is longer than {_LONGEST} characters.")
    asked: dict[str, str] = {}
    for name, value in parse_qsl(text.lstrip("?"), keep_blank_values=True):
        asked.setdefault(name, value.strip())
    codes = tuple(_codes(asked))
    words = asked.get("mainSearchCriteria.v.dn") or asked.get("mainSearchCriteria.v.ot", "")
    if not codes and not words:
        raise RequestError(
            "The query names no topic: give mainSearchCriteria.v.c with its system in"
            " mainSearchCriteria.v.cs, or words in mainSearchCriteria.v.dn."
        )
    language = (
        asked.get("informationRecipient.languageCode.c")
        or asked.get("performer.languageCode.c")
        or "en"
    )
    if not re.fullmatch(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*", language):
        raise RequestError(f"“{language[:20]}” is not a language tag, such as es or zh-Hans.")
    return Query(
        codes=codes,
        words=words,
        language=language.replace("_", "-"),
        audience=asked.get("informationRecipient", "PAT"),
        response_type=asked.get("knowledgeResponseType", "application/atom+xml"),
    )


def _codes(asked: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Return the codes of a query, by system; they are numbered from the second on.

    A system that the catalogue does not have is passed over if another one is asked for as well.
    """
    numbered = ("", *map(str, range(1, _MOST_CODES)))
    stated = [
        (asked.get(f"mainSearchCriteria.v.cs{number}", ""), code)
        for number in numbered
        if (code := asked.get(f"mainSearchCriteria.v.c{number}", ""))
    ]
    known = [
        (_SYSTEMS[name], code)
        for system, code in stated
        if (name := system.lower().removeprefix("urn:oid:")) in _SYSTEMS
    ]
    if stated and not known:
        raise RequestError(
            f"“{stated[0][0][:40]}” is not a code system that the catalogue has; it has ICD-10-CM"
            f" ({atom.ICD10CM}) and SNOMED CT ({atom.SNOMED})."
        )
    return known


def answer(catalogue: Catalogue, asked: Query) -> Answer:
    """Find the leaflets for a query, in its language or, failing that, in English."""
    if asked.audience not in {"PAT", ""}:
        return Answer(records=(), language="", note="Our leaflets are for patients (PAT).")
    matching = [
        record for record in catalogue.editions if not record.beside and _matches(record, asked)
    ]
    if not matching:
        return Answer(records=(), language="", note="No leaflet has this code or these words.")
    have = list(dict.fromkeys(record.language for record in matching))
    language = _negotiated(asked.language, have)
    note = ""
    if not language:
        language = "en" if "en" in have else have[0]
        note = f"There is no leaflet in {asked.language}; these are in {language}."
    records = tuple(record for record in matching if record.language == language)
    return Answer(records=records, language=language, note=note)


def _matches(record: Record, asked: Query) -> bool:
    for system, code in asked.codes:
        own = record.icd10cm if system == "icd10cm" else record.snomed
        if any(_same_code(system, code, other) for other in own):
            return True
    words = asked.words.casefold().split()
    text = f"{record.english_title} {record.title} {record.topic}".casefold()
    return bool(words) and not asked.codes and all(word in text for word in words)


def _same_code(system: str, asked: str, own: str) -> bool:
    """Compare two codes.

    One of ICD-10-CM also answers for its category, with or without the dot; its seventh character
    tells which visit it is, and not what the patient has.
    """
    if system != "icd10cm":
        return asked == own
    wanted, stated = (code.replace(".", "").upper()[:_DIAGNOSIS_LENGTH] for code in (asked, own))
    return len(wanted) >= _CATEGORY_LENGTH and stated.startswith(wanted)


def _negotiated(asked: str, have: Sequence[str]) -> str:
    """Choose the language to answer in: as asked, or the same without region; none if neither."""
    folded = {tag.casefold(): tag for tag in have}
    wanted = {key.casefold(): tag for key, tag in _SCRIPTS.items()}.get(asked.casefold(), asked)
    parts = wanted.split("-")
    for length in range(len(parts), 0, -1):
        if tag := folded.get("-".join(parts[:length]).casefold()):
            return tag
    return ""
