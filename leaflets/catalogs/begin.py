"""Begin a language: its entry in languages.toml, its catalogs, and its glossary."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from leaflets import files
from leaflets.catalogs import merge, po
from leaflets.errors import RequestError
from leaflets.library import cldr, fonts, languages, load, toml
from leaflets.library.cldr import Description
from leaflets.library.languages import Language, Stated
from leaflets.library.load import Library

_LANGUAGES_HEAD = (
    "# Languages of this clinic. The key is the BCP 47 tag and the name of the folder.\n"
)

_GLOSSARY = """\
# Term base of {name}: how we say it, in every leaflet. Draft, made without a qualified translator.
# An entry says how a word of the English is translated. Every key but source is optional:
#
# [[term]]
# source = "bone cement"
# preferred = "…"
# stems = ["…"]        # beginnings by which the term is found in a sentence, in all its forms
# allowed = ["…"]      # other words that are right too
# forbidden = ["…"]    # words that look right and are not
# note = "Why."
"""


class Beginning(msgspec.Struct, frozen=True):
    """A language that is begun in a locale root, and the files that begin it."""

    root: Path
    language: Language
    files: Mapping[Path, bytes]


def begin(
    library: Library, clinic: Path | None, tag: str, notes: merge.Notes, *, autonym: str = ""
) -> Beginning:
    """Begin a language in the clinic folder, or in the library; all of it is written, or nothing.

    Raises as `beginning` does, and `OutputError` if a file cannot be written.
    """
    root = clinic.resolve() / "locales" if clinic else library.roots.locales[-1]
    begun = beginning(library, root, tag, notes, autonym=autonym)
    files.write_together(begun.files)
    return begun


def beginning(
    library: Library, root: Path, tag: str, notes: merge.Notes, *, autonym: str = ""
) -> Beginning:
    """Make all the files that begin a language in a locale root; write none.

    `autonym` is the language's own name, for one that CLDR has no words of. A language of the
    library whose tag begins this one's, in the same script, becomes its parent. The files end with
    languages.toml: without it the others are not read. Raises `RequestError` for a language that is
    there already or of which too little is known, `InputError` for one without plural forms.
    """
    if tag in library.languages:
        raise RequestError(
            f"{library.languages[tag].name} ({tag}) is there already; bring its catalogs up to date"
            f" with: leaflets translate update {tag}"
        )
    stated = _stated(library, cldr.describe(tag), autonym)
    path = root / languages.FILE
    language = languages.whole(path, tag, stated, library.plural_forms)
    entry = _entry(tag, stated)
    before = path.read_text(encoding="utf-8") if path.is_file() else _LANGUAGES_HEAD
    text = f"{before.rstrip()}\n\n{entry}"
    toml.parse(text, path, languages.File)
    return Beginning(
        root,
        language,
        {
            **dict(_catalogs(library, root, language, notes)),
            **dict(_glossary(root, language)),
            path: text.encode(),
        },
    )


def _stated(library: Library, known: Description, autonym: str) -> Stated:
    if not known.autonym and not autonym:
        raise RequestError(
            f"CLDR does not have the name of {known.name} in {known.name}; state it with --autonym."
        )
    families = fonts.serving(library.fonts.values(), known.script)
    if not families:
        raise RequestError(
            f"No family in fonts.toml serves the script {known.script} of {known.name}; add one,"
            f' with scripts = ["{known.script}"].'
        )
    # What follows from how letters look and break is the same for languages set alike.
    alike = next(
        (language for language in library.languages.values() if language.fonts == families), None
    )
    return Stated(
        name=known.name,
        autonym=autonym or known.autonym,
        direction=known.direction,
        fonts=families,
        native_digits=known.native_digits,
        parent=_parent(library, known),
        begun=True,
        leading=alike.leading if alike else 1,
        line_breaks=alike.line_breaks if alike else "typesetter",
        extraction=alike.extraction if alike else "content",
    )


def _parent(library: Library, known: Description) -> str:
    parts = known.tag.split("-")
    shorter = ("-".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))
    return next(
        (
            tag
            for tag in shorter
            if tag in library.languages and cldr.describe(tag).script == known.script
        ),
        "",
    )


def _entry(tag: str, stated: Stated) -> str:
    """Write the table of a language, without what is as usual."""
    usual = {field.name: field.default for field in msgspec.structs.fields(Stated)}
    lines = (
        f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in msgspec.structs.asdict(stated).items()
        if value != usual[key]
    )
    return f"[language.{tag}]\n{''.join(lines)}"


def _catalogs(
    library: Library, root: Path, language: Language, notes: merge.Notes
) -> Iterator[tuple[Path, bytes]]:
    for merged in merge.merged(load.with_locales(library, root), language, notes):
        yield root / merged.file, merged.after


def _glossary(root: Path, language: Language) -> Iterator[tuple[Path, bytes]]:
    path = root / po.folder(language.tag) / "glossary.toml"
    if not path.exists():
        yield path, _GLOSSARY.format(name=language.name).encode()
