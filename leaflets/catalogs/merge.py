"""Bring catalogs up to date with the templates, by gettext's own msgmerge, which loses nothing."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from leaflets import files, machine
from leaflets.catalogs import domains, extract, po
from leaflets.catalogs.message import OVERRIDES, Message
from leaflets.errors import InputError, MissingPartError
from leaflets.library.languages import SOURCE, Language
from leaflets.library.load import Library

#: Writes the comments of a message for its translators.
Notes = Callable[[Message], tuple[str, ...]]

#: What the head of a new catalog says, so that nothing looks reviewed that was not.
_NOTICE = (
    "# {name} translation of Leaflets.\n"
    "# DRAFT: made without a qualified translator, and not reviewed by one. Do not release.\n"
)

_HEADER = {
    "Project-Id-Version": "Leaflets",
    "Language": "{tag}",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "{plural_forms}",
    "X-Translation-Status": "draft made without a qualified translator",
}


class Merged(msgspec.Struct, frozen=True):
    """A catalog file, relative to its locale root, as it is and as it would be."""

    file: str
    before: bytes | None
    after: bytes


class Count(msgspec.Struct, frozen=True):
    """How far a catalog is: messages translated, fuzzy, and not translated."""

    language: str
    domain: str
    translated: int
    fuzzy: int
    missing: int


def templates(
    library: Library, notes: Notes, named: Sequence[str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield the template catalog (POT) of some domains, or each: its file name, and its text."""
    for domain in domains.names(library) if named is None else named:
        messages = [
            msgspec.structs.replace(message, comments=notes(message))
            for message in _messages(library, domain)
        ]
        yield f"templates/{domain}.pot", str(extract.template_catalog(messages)).encode()


def extracted(library: Library, notes: Notes) -> Iterator[Merged]:
    """Yield every template catalog of the library, as it is and as it would be."""
    for file, text in templates(library, notes):
        path = library.roots.locales[0] / file
        yield Merged(file, path.read_bytes() if path.is_file() else None, text)


def domains_within(library: Library, language: Language, folder: Path) -> tuple[str, ...]:
    """List the domains whose catalogs belong into a clinic folder.

    They are the leaflets and overrides of the clinic, and catalogs that it has copied or begun.
    """
    templates_, locales = folder / "templates", folder / "locales"
    own = {
        leaflet.slug
        for leaflet in library.leaflets.values()
        if (templates_ / leaflet.template).is_file()
    }
    return tuple(
        name
        for name in domains.names(library)
        if name in {OVERRIDES, *own} or (locales / po.file_name(language.tag, name)).is_file()
    )


def msgmerge() -> str:
    """Return the path of gettext's msgmerge; raise `MissingPartError` if it is not installed."""
    if tool := shutil.which("msgmerge"):
        return tool
    install = machine.install_command([machine.Part("msgmerge", machine.TOOLS["msgmerge"])])
    raise MissingPartError(f"msgmerge is not installed. On Debian or Ubuntu: {install}")


def merged(
    library: Library, language: Language, notes: Notes, named: Sequence[str] | None = None
) -> Iterator[Merged]:
    """Merge the templates into some catalogs of a language, or each; a missing one is begun.

    Raises `MissingPartError` without msgmerge, `InputError` for a catalog that it cannot read.
    """
    root = library.roots.locales[0]
    for file, template in templates(library, notes, named):
        name = po.file_name(language.tag, Path(file).stem)
        path = root / name
        before = None
        if path.is_file():
            po.read(path)  # names the line of a fault, which msgmerge does less well
            before = path.read_bytes()
        yield Merged(name, before, _merge(path, before or _beginning(language), template))


def write(root: Path, catalogs: Iterable[Merged]) -> tuple[str, ...]:
    """Write the files that changed, each whole, once all of them could be made; name them."""
    changed = [catalog for catalog in list(catalogs) if catalog.after != catalog.before]
    for catalog in changed:
        files.write(root, catalog.file, catalog.after)
    return tuple(catalog.file for catalog in changed)


def counts(library: Library, language: Language) -> Iterator[Count]:
    """Count the messages of each catalog of a language, as the templates ask for them now."""
    for domain in domains.names(library):
        catalog = po.load(library, language.tag, domain)
        found = [
            catalog.entries.get(message.key)
            for message in _messages(library, domain)
            if po.asks_for(library, catalog, message.key)
        ]
        translated = sum(entry is not None and entry.usable for entry in found)
        fuzzy = sum(entry is not None and entry.fuzzy for entry in found)
        # A thin layer over the source leaves empty what is right in it.
        missing = 0 if language.parent == SOURCE else len(found) - translated - fuzzy
        yield Count(language.tag, domain, translated, fuzzy, missing)


def _messages(library: Library, domain: str) -> Sequence[Message]:
    return extract.domain(library, domain)


def _beginning(language: Language) -> bytes:
    lines = "".join(
        f'"{key}: {value.format(tag=language.tag, plural_forms=language.plural_forms)}\\n"\n'
        for key, value in _HEADER.items()
    )
    return (_NOTICE.format(name=language.name) + f'msgid ""\nmsgstr ""\n{lines}').encode()


def _merge(path: Path, catalog: bytes, template: bytes) -> bytes:
    tool = msgmerge()
    with tempfile.TemporaryDirectory(prefix="leaflets-merge-") as folder:
        ours, theirs = Path(folder) / "catalog.po", Path(folder) / "template.pot"
        ours.write_bytes(catalog)
        theirs.write_bytes(template)
        options = ["--previous", "--no-wrap", "--quiet", "-o", "-"]
        # The words of the command are ours; the catalog is data in a file.
        done = subprocess.run(  # noqa: S603 - see above
            [tool, *options, str(ours), str(theirs)], capture_output=True, check=False
        )
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["unknown reason"]
        where = reason[0].removeprefix(str(ours)).lstrip(":")
        raise InputError(path, f"msgmerge cannot read it, at line {where}; correct it.")
    return done.stdout
