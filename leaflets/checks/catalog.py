"""Check the catalogs of a language: complete, whole, well written, and in gettext's form."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec

from leaflets.catalogs import extract, integrity, po
from leaflets.catalogs.measures import UNITS
from leaflets.catalogs.message import SHARED, Message, Translation
from leaflets.checks import translation
from leaflets.checks.translation import terms
from leaflets.checks.translation.pair import Pair
from leaflets.library import cldr, glossary, orthography, safety
from leaflets.library.glossary import Glossary
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library
from leaflets.library.orthography import Orthography
from leaflets.library.parts import Parts, Role
from leaflets.library.safety import SafetyWords
from leaflets.problem import KINDS, Problem, Severity

#: What is a warning elsewhere, and an error in these messages.
_ERRORS_IF_CRITICAL = frozenset({"NEG-01", "LANG-01", "LANG-02", "WORD-01", "WORD-02"})

#: Headers of a catalog that gettext's tools read, and what they must say.
_HEADERS: Mapping[str, str] = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


class Rules(msgspec.Struct, frozen=True, dict=True):
    """What the checks of a language go by: the language, its orthography and its term base."""

    library: Library
    language: Language

    @cached_property
    def orthographies(self) -> tuple[Orthography, Orthography]:
        """Return how English is written, and how the language is."""
        known = orthography.load(self.library.roots.locales)
        return orthography.of(known, SOURCE), orthography.of(known, self.language.tag)

    @cached_property
    def glossary(self) -> Glossary:
        """Return how the language says each thing."""
        return glossary.load(self.library.roots.locales, self.language.tag)

    @cached_property
    def safety_words(self) -> tuple[SafetyWords, SafetyWords]:
        """Return the safety words of English, and of the language."""
        locales, tag = self.library.roots.locales, self.language.tag
        spaceless = self.orthographies[1].spaceless
        return safety.of_english(locales), safety.load(locales, tag, spaceless=spaceless)

    @cached_property
    def units(self) -> Mapping[str, tuple[str, ...]]:
        """Return what the language calls each unit: by CLDR, as it says itself, and by symbol."""
        if self.language.pseudo or self.language.parent == SOURCE:
            return {}
        named = cldr.unit_names(self.language.tag, tuple(UNITS))
        said = self.safety_words[1].units
        return {
            unit: tuple(dict.fromkeys((*symbols, *named.get(unit, ()), *said.get(unit, ()))))
            for unit, symbols in UNITS.items()
        }

    def pair(self, source: tuple[str, ...], forms: tuple[str, ...]) -> Pair:
        """Set a translation beside its source."""
        layer = self.language.parent == SOURCE
        return Pair(
            source, forms, *self.orthographies, self.glossary, layer, *self.safety_words, self.units
        )


def check(library: Library, language: Language) -> Iterator[Problem]:
    """Yield the problems of every catalog of a language, message by message in page order."""
    if language.tag == SOURCE:
        return
    rules = Rules(library, language)
    for domain in extract.domains(library):
        catalog = po.load(library.roots.locales, language.tag, domain)
        leaflet = "" if domain in SHARED else domain
        yield from _file(catalog, language, leaflet)
        for message in extract.domain(library, domain):
            found = check_message(rules, message, catalog.entries.get(message.key), leaflet)
            for one in found:
                yield msgspec.structs.replace(one, file=file_of(library, catalog))


def file_of(library: Library, catalog: po.Catalog) -> str:
    """Name the file of a catalog, from the folder that holds its locale root."""
    for root in library.roots.locales:
        if catalog.path and catalog.path.is_relative_to(root):
            return catalog.path.relative_to(root.parent).as_posix()
    return ""


def _file(catalog: po.Catalog, language: Language, leaflet: str) -> Iterator[Problem]:
    """Yield the problems of a catalog as a file: its header, and its form."""
    if catalog.path is None:
        return
    where = f"{language.tag.replace('-', '_')}/LC_MESSAGES/{catalog.path.name}"
    place = {"leaflet": leaflet, "language": language.tag, "where": where, "line": 1}
    place["file"] = f"locales/{where}"
    stated = catalog.header.get("Plural-Forms", "")
    if _packed(stated) != _packed(language.plural_forms):
        yield _problem(
            "FORM-02",
            message="the Plural-Forms header is",
            text=stated or "missing",
            hint=f"Write: {language.plural_forms}",
            **place,
        )
    wanted = {"Language": language.tag.replace("-", "_"), **_HEADERS}
    for name, value in wanted.items():
        found = catalog.header.get(name, "")
        if found.replace("-", "_").casefold() != value.replace("-", "_").casefold():
            yield _problem(
                "FORM-03",
                message=f"the header {name} is",
                text=found or "missing",
                hint=f"Write: {name}: {value}",
                **place,
            )
    if not _is_canonical(catalog):
        yield _problem(
            "FORM-04",
            message="the file is not as gettext writes it.",
            hint="Run: leaflets translate update",
            **place,
        )


def _is_canonical(catalog: po.Catalog) -> bool:
    """Tell whether `msgcat --no-wrap` would leave the file as it is; without msgcat, believe it."""
    tool = shutil.which("msgcat")
    if tool is None or catalog.path is None:
        return True
    # The words of the command are ours; the catalog is data in a file.
    done = subprocess.run(  # noqa: S603 - see above
        [tool, "--no-wrap", "--output-file=-", str(catalog.path)], capture_output=True, check=False
    )
    return done.returncode != 0 or done.stdout == catalog.path.read_bytes()


def _packed(plural_forms: str) -> str:
    return "".join(plural_forms.split()).rstrip(";")


def check_message(
    rules: Rules, message: Message, found: Translation | None, leaflet: str
) -> Iterator[Problem]:
    """Yield the problems of one translation, those that make a page unsafe first."""
    language = rules.language
    line = found.line if found else 0
    source = (message.text, message.plural) if message.plural else (message.text,)
    if found is None or not found.usable:
        if language.parent == SOURCE:
            for fault in terms.broken(rules.pair(source, source)):
                yield faulty(rules.library.parts, message.id, fault, language.tag, leaflet)
        else:
            one = untranslated(
                rules.library.parts,
                message.id,
                message.text,
                language.tag,
                leaflet,
                severity=Severity.WARNING,
            )
            fuzzy = found is not None and found.fuzzy
            yield msgspec.structs.replace(_as_fuzzy(one) if fuzzy else one, line=line)
        return
    wanted = language.plural_count if message.plural else 1
    if len(found.forms) != wanted:
        yield _problem(
            "FORM-01",
            leaflet=leaflet,
            language=language.tag,
            where=message.id,
            line=line,
            message=f"there are {len(found.forms)} forms, not {wanted}, for",
            text=message.text,
            hint="Translate each form.",
        )
    pair = rules.pair(source, found.forms)
    faults = [*integrity.faults(source, found.forms), *translation.faults(pair)]
    for fault in dict.fromkeys(faults):
        one = faulty(rules.library.parts, message.id, fault, language.tag, leaflet)
        yield msgspec.structs.replace(one, line=line)


def _as_fuzzy(one: Problem) -> Problem:
    if one.code != "TRAN-01":
        return one
    return msgspec.structs.replace(
        one,
        code="TRAN-02",
        message="the English was changed, so the translation is not printed:",
        hint="Correct it, and remove its fuzzy mark.",
    )


def untranslated(
    parts: Parts, message_id: str, text: str, language: str, leaflet: str, *, severity: Severity
) -> Problem:
    """State that a message has no translation; a warning sign without one is always an error."""
    if parts.is_message(Role.WARNING_SIGN, message_id):
        return Problem(
            code="SAFE-01",
            leaflet=leaflet,
            language=language,
            where=message_id,
            message="this warning sign is not translated:",
            text=text,
            hint="Translate it in common.po.",
        )
    return Problem(
        code="TRAN-01",
        severity=severity,
        leaflet=leaflet,
        language=language,
        where=message_id,
        message="this is not translated:",
        text=text,
        hint="Translate it; if it is marked as fuzzy, take the mark away.",
    )


def faulty(
    parts: Parts, message_id: str, fault: integrity.Fault, language: str, leaflet: str
) -> Problem:
    """State what is wrong with a translation; what is lost in a warning is an error."""
    critical = parts.is_critical(message_id) and fault.code in _ERRORS_IF_CRITICAL
    one = _problem(
        fault.code,
        leaflet=leaflet,
        language=language,
        where=message_id,
        message=fault.message,
        text=fault.form,
        hint="Correct it in the catalog.",
    )
    return msgspec.structs.replace(one, severity=Severity.ERROR) if critical else one


def _problem(code: str, **parts: object) -> Problem:
    """Make a problem as severe as its kind."""
    return msgspec.convert({"code": code, "severity": KINDS[code].severity, **parts}, Problem)
