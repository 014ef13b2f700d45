"""Check the catalogs of a language: complete, whole, well written, and in gettext's form."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from leaflets.catalogs import domains, extract, integrity, po
from leaflets.catalogs.measures import UNITS
from leaflets.catalogs.message import SHARED, Message, Translation
from leaflets.checks import translation
from leaflets.checks.translation import terms
from leaflets.checks.translation.pair import WHERE_HARMFUL, Pair
from leaflets.library import accepted, cldr, glossary, markup, orthography, plurals, safety
from leaflets.library.glossary import Glossary
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library
from leaflets.library.orthography import Orthography
from leaflets.library.parts import Parts, Role
from leaflets.library.safety import SafetyWords
from leaflets.problem import Code, Problem, Severity

PLURAL_FORMS_MISSING = Code(
    "FORM-01",
    title="The wrong number of plural forms",
    why="A language has a fixed number of plural forms. With one missing, some numbers would be "
    "printed in English; with one too many, a form is never used.",
    remedy="Correct the Plural-Forms header first; your editor then offers the right forms.",
)

PLURAL_HEADER = Code(
    "FORM-02",
    title="The Plural-Forms header is wrong",
    why="It decides which form goes with which number; a wrong one prints the wrong form.",
    remedy="Write the header that is given.",
)

HEADER = Code(
    "FORM-03",
    title="Another line of the catalog's header is wrong",
    why="Language, MIME-Version, Content-Type and Content-Transfer-Encoding tell editors how to "
    "read the file. With a wrong charset, an editor would save damaged letters.",
    remedy="Write the line that is given.",
    severity=Severity.WARNING,
)

NOT_AS_GETTEXT_WRITES = Code(
    "FORM-04",
    title="The file is not as gettext writes it",
    why="Editors and tools wrap and order a file in their own ways. If all files are kept as "
    "`msgcat --no-wrap` writes them, a change shows only what was changed.",
    remedy="Run `leaflets translate update`, which rewrites the file and keeps every word.",
    severity=Severity.WARNING,
)

UNTRANSLATED = Code(
    "TRAN-01",
    title="Not translated",
    why="The sentence has no translation that may be printed. A draft prints the English, marked "
    "as English; a release does not print at all.",
    remedy="Translate the message in the catalog named.",
    severity=Severity.WARNING,
    error_where="in a release",
)

ENGLISH_CHANGED = Code(
    "TRAN-02",
    title="Fuzzy: the English was changed since",
    why="The translation belongs to an older English sentence, which may have meant the opposite. "
    "It is never printed.",
    remedy="Compare it with the new English, correct it, and remove its fuzzy mark.",
    severity=Severity.WARNING,
)

WARNING_SIGN_UNTRANSLATED = Code(
    "SAFE-01",
    title="A warning sign is not translated",
    why="Inside the emergency box there is no falling back to English: a person who cannot read "
    "it would not ring.",
    remedy="Translate the warning sign named in the common catalog of the language.",
    grave=True,
)

WORDS_UNKNOWN = Code(
    "DATA-01",
    title="A language whose words a check does not know",
    why="No check can tell whether a translation lost a “not”, or says after instead of before, "
    "as long as nobody has written down how the language says them.",
    remedy="Write its words for no and not into locales/orthography.toml, and its safety words "
    "into locales/<language>/safety.toml; let a second person read both.",
    severity=Severity.WARNING,
)

WARNING_SIGN_UNCHECKED = Code(
    "DATA-02",
    title="A warning sign that no check could read",
    why="The language has no words by which a lost “not”, or after instead of before, would be "
    "noticed. Its warning signs are held back until a clinician says that they were read.",
    remedy="Write the words as DATA-01 says, or let the sign be translated back by somebody who "
    "has not seen the English, and accept it with `leaflets accept`.",
    grave=True,
)

TOO_LONG = Code(
    "LONG-01",
    title="The translation is longer than its place",
    why="The note above the message says how many characters have room where it stands. A longer "
    "text is set in more lines than there are, or pushes something else off the page.",
    remedy="Say it in fewer words. Look at the page: if it fits there, the number in the note is "
    "wrong, and templates/parts.toml states it as `room`.",
    severity=Severity.WARNING,
)

#: Headers of a catalog that gettext's tools read, and what they must say.
_HEADERS: Mapping[str, str] = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


#: Scripts for which CLDR lists the usual characters alone.
_WITHOUT_LETTERS = frozenset({"Hans", "Hant", "Hani", "Jpan", "Kore"})

#: A text of so many words, or so many letters, stands for one English sentence only.
_FEW, _LONG = 4, 30

_WORD = re.compile(r"[^\W\d_]+")

#: A stem with more letters is as good as a word: the name of a medicine.
_STEM = 6


def _words_of(texts: Iterable[str]) -> set[str]:
    return set(_WORD.findall(markup.bare(" ".join(texts)).casefold()))


class Rules(msgspec.Struct, frozen=True, dict=True):
    """What the checks of a language go by: the language, its orthography and its term base."""

    library: Library
    language: Language

    @property
    def is_english(self) -> bool:
        """Tell whether it is English: what we say in it, or another way to say that."""
        return SOURCE in {self.language.tag, self.language.parent}

    @cached_property
    def of_source(self) -> "Rules":
        """Return the rules by which another English is held against ours."""
        return Rules(self.library, self.library.languages[SOURCE])

    @cached_property
    def orthographies(self) -> tuple[Orthography, Orthography]:
        """Return how English is written, and how the language is."""
        known = orthography.load(self.library.roots.locales)
        own = orthography.ANOTHER_ENGLISH if self.is_english else self.language.tag
        return orthography.of(known, SOURCE), orthography.of(known, own)

    @cached_property
    def glossary(self) -> Glossary:
        """Return how the language says each thing."""
        return glossary.load(self.library.roots.locales, self.language.tag)

    @cached_property
    def safety_words(self) -> tuple[SafetyWords, SafetyWords]:
        """Return the safety words of English, and of the language."""
        locales = self.library.roots.locales
        english = safety.of_english(locales)
        if self.is_english:
            return english, english
        own = self.orthographies[1]
        words = SafetyWords({})
        for tag in filter(None, (self.language.tag, self.language.parent)):
            words = (
                words
                if words.concepts
                else safety.load(locales, tag, spaceless=own.spaceless, prefixes=own.prefixes)
            )
        return english, words

    @cached_property
    def units(self) -> Mapping[str, tuple[str, ...]]:
        """Return what the language calls each unit: by CLDR, as it says itself, and by symbol."""
        if self.language.pseudo or self.is_english:
            return {}
        named = cldr.unit_names(self.language.tag, tuple(UNITS))
        said = self.safety_words[1].units
        return {
            unit: tuple(dict.fromkeys((*symbols, *named.get(unit, ()), *said.get(unit, ()))))
            for unit, symbols in UNITS.items()
        }

    @cached_property
    def unit_forms(self) -> Mapping[str, tuple[frozenset[str], ...]]:
        """Return what a unit is called after the numbers of each plural form; last, after 1.5."""
        if self.language.pseudo:
            return {}
        numbers = (*plurals.numbers_of(self.language.plural_forms), (1.5,))
        return {
            unit: tuple(cldr.unit_forms(self.language.tag, unit, each) for each in numbers)
            for unit in UNITS
            if cldr.is_unit(unit)
        }

    @cached_property
    def letters(self) -> frozenset[str]:
        """Return the letters of the language; none for scripts of very many."""
        if self.language.pseudo or self.orthographies[1].script in _WITHOUT_LETTERS:
            return frozenset()
        return cldr.letters(self.language.tag)

    @cached_property
    def scripts(self) -> frozenset[str]:
        """Return the names of the scripts of the language."""
        return frozenset() if self.language.pseudo else cldr.scripts(self.language.tag)

    @cached_property
    def _translated(self) -> Sequence[tuple[str, Translation]]:
        """Return the English of every message in the catalogs, with its translation."""
        return [
            (english, entry)
            for domain in domains.names(self.library)
            for (_, english), entry in po.load(
                self.library, self.language.tag, domain
            ).entries.items()
            if entry.usable
        ]

    @cached_property
    def elsewhere(self) -> Mapping[str, frozenset[str]]:
        """Map each translation of a few words to the English sentences that it stands for."""
        english: dict[str, set[str]] = {}
        for text, entry in self._translated:
            for form in entry.forms:
                if len(form) >= _LONG or len(form.split()) >= _FEW:
                    english.setdefault(form, set()).add(text)
        return {form: frozenset(texts) for form, texts in english.items()}

    @cached_property
    def own_words(self) -> frozenset[str]:
        """Return the words of the language that are none of the English beside them.

        A word that both have in two messages or more is one of both. None, for a layer of English;
        a layer of another language says what that one says, and has its words.
        """
        if self.is_english or self.orthographies[1].script != "Latn":
            return frozenset()
        own = set(self.orthographies[1].shared)
        terms = (text for term in self.glossary.term for text in (term.preferred, *term.allowed))
        stems = (phrase.rstrip("*") for phrase in self.safety_words[1].phrases)
        own |= _words_of((*(stem for stem in stems if len(stem) > _STEM), *terms))
        shared = Counter[str]()
        for text, entry in self._translated:
            english = _words_of((text,))
            words = _words_of(entry.forms)
            own |= words - english
            shared.update(words & english)
        own |= {word for word, count in shared.items() if count > 1}
        parent = self.library.languages.get(self.language.parent)
        return frozenset(own | Rules(self.library, parent).own_words if parent else own)

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """List what nobody has written down of the language, though checks need it."""
        if self.language.pseudo or self.is_english:
            return ()
        needed = {
            "its words for no and not (locales/orthography.toml)": self.orthographies[1].negation,
            f"its safety words (locales/{safety.file_of(self.language.tag)})": self.safety_words[
                1
            ].concepts,
        }
        return tuple(name for name, words in needed.items() if not words)

    def pair(
        self, source: tuple[str, ...], forms: tuple[str, ...], *, reworded: bool = False
    ) -> Pair:
        """Set a translation beside its source, or what a clinic says in English beside ours."""
        return Pair(
            source,
            forms,
            *self.orthographies,
            self.glossary,
            self.is_english,
            *self.safety_words,
            self.units,
            self.unit_forms,
            self.elsewhere,
            self.own_words,
            self.letters,
            self.scripts,
            reworded,
        )


def check_data(rules: Rules) -> Iterator[Problem]:
    """Yield a problem for each thing that checks would have to know of a language."""
    for what in rules.unknown:
        yield WORDS_UNKNOWN.problem(
            language=rules.language.tag,
            message=f"{rules.language.name} lacks {what}.",
            hint="Until then its warning signs are held back.",
        )


def check(library: Library, language: Language) -> Iterator[Problem]:
    """Yield the problems of every catalog of a language, message by message in page order."""
    if language.tag == SOURCE:
        return
    rules = Rules(library, language)
    yield from check_data(rules)
    for domain in domains.names(library):
        catalog = po.load(library, language.tag, domain)
        leaflet = "" if domain in SHARED else domain
        own = po.own_words(library, language, domain)
        if catalog.path is not None:
            for problem in _file(catalog, language):
                yield _of_file(problem, catalog.path, language, leaflet)
        for message in extract.domain(library, domain):
            if not po.asks_for(library, catalog, message.key):
                continue
            entry = catalog.entries.get(message.key)
            is_own = message.key in own
            for problem in check_message(rules, message, entry, leaflet, own=is_own):
                yield msgspec.structs.replace(problem, file=file_of(library, catalog))


def file_of(library: Library, catalog: po.Catalog) -> str:
    """Name the file of a catalog, from the folder that holds its locale root."""
    for root in library.roots.locales:
        if catalog.path and catalog.path.is_relative_to(root):
            return catalog.path.relative_to(root.parent).as_posix()
    return ""


def _file(catalog: po.Catalog, language: Language) -> Iterator[Problem]:
    """Yield the problems of a catalog as a file: its header, and its form."""
    stated = catalog.header.get("Plural-Forms", "")
    if _packed(stated) != _packed(language.plural_forms):
        yield PLURAL_HEADER.problem(
            message="the Plural-Forms header is",
            text=stated or "missing",
            hint=f"Write: {language.plural_forms}",
        )
    wanted = {"Language": language.tag.replace("-", "_"), **_HEADERS}
    for name, value in wanted.items():
        found = catalog.header.get(name, "")
        if found.replace("-", "_").casefold() != value.replace("-", "_").casefold():
            yield HEADER.problem(
                message=f"the header {name} is",
                text=found or "missing",
                hint=f"Write: {name}: {value}",
            )
    if not _is_canonical(catalog):
        yield NOT_AS_GETTEXT_WRITES.problem(
            message="the file is not as gettext writes it.",
            hint="Run: leaflets translate update",
        )


def _of_file(problem: Problem, path: Path, language: Language, leaflet: str) -> Problem:
    where = f"{language.tag.replace('-', '_')}/LC_MESSAGES/{path.name}"
    return msgspec.structs.replace(
        problem,
        leaflet=leaflet,
        language=language.tag,
        where=where,
        file=f"locales/{where}",
        line=1,
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
    rules: Rules, message: Message, found: Translation | None, leaflet: str, *, own: bool = False
) -> Iterator[Problem]:
    """Yield the problems of one translation, those that make a page unsafe first.

    `own` tells that a clinic says it otherwise than we do.
    """
    digest = accepted.text_of(message.id, message.source, found.forms if found else ())
    line = found.line if found else 0
    for problem in _of_message(rules, message, found, leaflet, own=own):
        yield msgspec.structs.replace(problem, digest=digest, line=line)


def _of_message(
    rules: Rules, message: Message, found: Translation | None, leaflet: str, *, own: bool
) -> Iterator[Problem]:
    language, parts, source = rules.language, rules.library.parts, message.source
    if found is None or not found.usable:
        if language.parent == SOURCE:
            for fault in terms.broken(rules.pair(source, source)):
                yield faulty(parts, message.id, fault, language.tag, leaflet)
        else:
            is_fuzzy = found is not None and found.fuzzy
            yield untranslated(
                parts, message.id, message.text, language.tag, leaflet, is_fuzzy=is_fuzzy
            )
        return
    if rules.unknown and parts.is_message(Role.WARNING_SIGN, message.id):
        yield WARNING_SIGN_UNCHECKED.problem(
            leaflet=leaflet,
            language=language.tag,
            where=message.id,
            message=f"{language.name} lacks {' and '.join(rules.unknown)}, so no check can read",
            text=found.forms[0],
            hint="Have it read by a clinician, who accepts it.",
        )
    wanted = language.plural_count if message.plural else 1
    if len(found.forms) != wanted:
        yield PLURAL_FORMS_MISSING.problem(
            leaflet=leaflet,
            language=language.tag,
            where=message.id,
            message=f"there are {len(found.forms)} forms, not {wanted}, for",
            text=message.text,
            hint="Translate each form.",
        )
    longest = max(found.forms, key=markup.printed_length)
    if found.room and markup.printed_length(longest) > found.room:
        count = markup.printed_length(longest)
        yield TOO_LONG.problem(
            leaflet=leaflet,
            language=language.tag,
            where=message.id,
            message=f"it has {count} characters, and {found.room} have room:",
            text=longest,
            hint="Shorten it.",
        )
    pair = rules.pair(source, found.forms)
    faults = [*integrity.faults(source, found.forms), *translation.faults(pair)]
    for fault in dict.fromkeys(faults):
        yield faulty(parts, message.id, fault, language.tag, leaflet, own=own)


def untranslated(
    parts: Parts,
    message_id: str,
    text: str,
    language: str,
    leaflet: str,
    *,
    is_release: bool = False,
    is_fuzzy: bool = False,
) -> Problem:
    """State that a message has no translation; a warning sign without one is always an error."""
    if parts.is_message(Role.WARNING_SIGN, message_id):
        return WARNING_SIGN_UNTRANSLATED.problem(
            leaflet=leaflet,
            language=language,
            where=message_id,
            message="this warning sign is not translated:",
            text=text,
            hint="Translate it in common.po.",
        )
    if is_fuzzy:
        return ENGLISH_CHANGED.problem(
            leaflet=leaflet,
            language=language,
            where=message_id,
            message="the English was changed, so the translation is not printed:",
            text=text,
            hint="Correct it, and remove its fuzzy mark.",
        )
    return UNTRANSLATED.problem(
        is_grave=is_release,
        leaflet=leaflet,
        language=language,
        where=message_id,
        message="this is not translated:",
        text=text,
        hint="Translate it; if it is marked as fuzzy, take the mark away.",
    )


def faulty(
    parts: Parts,
    message_id: str,
    fault: integrity.Fault,
    language: str,
    leaflet: str,
    *,
    own: bool = False,
) -> Problem:
    """State what is wrong with a translation; what is lost in a warning is an error.

    So is what turns advice round in a clinic's own words, but a draft with errors says it.
    """
    problem = fault.code.problem(
        is_grave=bool(fault.code.error_where) and parts.is_critical(message_id),
        leaflet=leaflet,
        language=language,
        where=message_id,
        message=fault.message,
        text=fault.form,
        hint="Say what ours says, or accept it." if own else "Correct it in the catalog.",
    )
    if own and fault.code.error_where == WHERE_HARMFUL:
        return msgspec.structs.replace(problem, severity=Severity.ERROR)
    return problem
