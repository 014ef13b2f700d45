"""Inputs: all that an edition depends on, each by kind and name, and a digest of what it says."""

import hashlib
import json
import platform
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import icu
import msgspec

from leaflets import machine
from leaflets.catalogs import po
from leaflets.compose.plan import Edition
from leaflets.library import fonts, home, overlay, parts, usertest
from leaflets.library.languages import Language
from leaflets.library.load import Library

#: The kind of an input, then its name: ("fact", id, region), ("message", "es", id, text).
Input = tuple[str, ...]

#: The fields of a clinic that any page may print. Each of its local facts is an input of its own.
CLINIC = (
    "name", "department", "phone", "out_of_hours", "comments", "hours", "logo", "address",
    "digits", "keys",
)  # fmt: skip

#: The packages that decide what a page looks like, and what is found on it.
_SETTERS = (
    "leaflets", "weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "fonttools", "pyphen",
    "pillow", "zopfli", "jinja2", "pyicu-wheels", "segno", "pypdfium2",
)  # fmt: skip

#: The kinds of inputs that are files, and where a template folder has them.
_FILES = {
    "template": "{}",
    "figure": "figures/{}.svg",
    "style": "style/{}.css",
    "logo": "",
    "catalog": "",
}

#: The kinds of inputs that are whole catalogs. If one changed, its messages are looked at: what
#: counts is whether one of the page is among them.
_CATALOGS = frozenset({"catalog", "overrides"})

_REFERENCE = re.compile(
    rb"""url\(\s*['"]?([^'")\s]+)|@import\s+['"]([^'"]+)|\s(?:xlink:)?href\s*=\s*['"]([^'"#][^'"]*)"""
)

_Files = dict[Path, bytes | None]
_Catalogs = dict[tuple[str, str], list[po.Catalog]]


class Inputs:
    """Reads and digests what editions depend on; each file is read once, so that all agree.

    Make one for each run: it does not see what changes on disk after it has read a file.
    """

    def __init__(self, library: Library, like: "Inputs | None" = None) -> None:
        """Take the library; what `like` has read for another site of it is not read again."""
        self.library = library
        self._digests: dict[Input, str] = {}
        self._of_files: dict[tuple[tuple[Path, ...], tuple[str, ...]], str] = {}
        self._data, self._catalogs = like.read_before() if like else ({}, {})

    def read_before(self) -> tuple[_Files, _Catalogs]:
        """Return the files and catalogs that were read, for another site of the library."""
        return self._data, self._catalogs

    def read(self, path: Path) -> bytes | None:
        """Return the bytes of a file, or None if there is none."""
        if path not in self._data:
            try:
                self._data[path] = path.read_bytes()
            except OSError:
                self._data[path] = None
        return self._data[path]

    def digest_of_files(self, folders: tuple[Path, ...], names: tuple[str, ...]) -> str:
        """Digest the files of some names below every folder, for what is read from all of them."""
        if (folders, names) not in self._of_files:
            digest = hashlib.blake2b(digest_size=16)
            for path in (folder / name for name in names for folder in folders):
                data = self.read(path)
                said = b"-" if data is None else hashlib.blake2b(data, digest_size=16).digest()
                digest.update(said)
            self._of_files[folders, names] = digest.hexdigest()
        return self._of_files[folders, names]

    def find(self, name: str) -> Path | None:
        """Return the template, figure or style sheet of a name; the first folder wins."""
        return overlay.find(self.library.roots.templates, name)

    def catalogs(self, edition: Edition) -> list[po.Catalog]:
        """Read the catalogs that an edition looks into, in order."""
        key = edition.language.tag, edition.leaflet.slug
        if key not in self._catalogs:
            self._catalogs[key] = po.chain(self.library, edition.language, edition.leaflet.slug)
        return self._catalogs[key]

    def always(self, edition: Edition) -> tuple[Input, ...]:
        """List what every edition depends on, whatever its template asks for."""
        tags = [language.tag for language in edition.languages]
        files = {file: None for name in edition.fonts for file in self.library.fonts[name].files}
        domains = po.domains_of(edition.leaflet.slug)
        lookups = dict.fromkeys(
            po.file_name(tag, domain)
            for language in edition.languages
            for tag in filter(None, (language.tag, language.parent))
            for domain in domains
        )
        return (
            ("leaflet", edition.leaflet.slug),
            ("format", edition.format.id),
            ("release",),
            ("other languages",),
            *(("language", tag) for tag in tags),
            *(("clinic", field) for field in CLINIC),
            ("region", edition.region.code),
            *((("logo", self.library.clinic.logo),) if self.library.clinic.logo else ()),
            *(("font", file) for file in files),
            *(("software", name) for name in software()),
            ("program", "leaflets"),
            *(("catalog", file) for file in lookups),
            ("overrides",),
        )

    def digest(self, edition: Edition, asked: Input) -> str:
        """Return the digest of an input as it is now; empty if there is no such file."""
        kind, *name = asked
        if kind == "message":
            return self._message(edition, *name)
        if kind in _OF_EDITION:
            return _of(_OF_EDITION[kind](edition, *name))
        if asked not in self._digests:
            self._digests[asked] = self._shared(kind, *name)
        return self._digests[asked]

    def _shared(self, kind: str, *name: str) -> str:
        """Digest an input that is the same for all editions."""
        if kind in _FILES:
            return self._file(self._path(kind, *name))
        if kind == "font":
            return fonts.digest(*name)
        return program() if kind == "program" else _of(self._value(kind, *name))

    def _path(self, kind: str, name: str) -> Path | None:
        if kind == "logo":
            return Path(self.library.clinic.folder) / name
        if kind == "catalog":
            return overlay.find(self.library.roots.locales, name)
        return self.find(_FILES[kind].format(name))

    def _value(self, kind: str, *names: str) -> object:
        library = self.library
        name = names[0] if names else ""
        match kind:
            case "fact":
                stated = library.facts.has(name) and library.facts.stated(name, names[1])
                return stated and (stated, [library.sources[source] for source in stated.sources])
            case "pseudo":
                from leaflets.catalogs import extract  # noqa: PLC0415 - reads templates, for these only

                domains = po.domains_of(names[1])
                return name, [extract.domain(library, domain) for domain in domains]
            case "user test":
                test = usertest.results(library.roots.locales, *names)
                return test and (test, usertest.pass_mark(library.roots.templates))
            case "clinic":
                return getattr(library.clinic, name)
            case "local fact":
                return library.facts.local.get(name), library.clinic.local.get(name)
        known: Mapping[str, Mapping[str, object]] = {
            "overrides": {"": library.overrides},
            "warning signs": library.red_flags,
            "region": library.regions,
            "software": software(),
        }
        return known[kind].get(name)

    def _message(self, edition: Edition, tag: str, message_id: str, *source: str) -> str:
        """Digest the wording that a message is printed in, in one of the edition's languages."""
        override = self.library.overrides.get(message_id)
        key = message_id, override.source[0] if override else source[0]
        own = edition if edition.language.tag == tag else _turned(edition)
        translation = None if own.language.pseudo else po.find(self.catalogs(own), key)
        return _of((override and override.source, translation and translation.forms))

    def _file(self, path: Path | None) -> str:
        """Digest a file, and with it the files that it refers to."""
        if path is None:
            return ""
        digest = hashlib.blake2b(digest_size=16)
        for file, data in self._closure(path):
            digest.update(hashlib.blake2b(data, digest_size=16).digest() if data else b"-")
            del file
        return digest.hexdigest()

    def assets(self, asked: Sequence[Input]) -> Mapping[Path, str]:
        """Map each file that the typesetter will read for some inputs to the hash of its bytes."""
        hashes: dict[Path, str] = {}
        for kind, *name in asked:
            path = self._path(kind, *name) if kind in {"figure", "style", "logo"} else None
            for file, data in self._closure(path) if path else ():
                if data is not None:
                    hashes[file.resolve()] = hashlib.sha256(data).hexdigest()
        return hashes

    def _closure(self, path: Path) -> Iterator[tuple[Path, bytes | None]]:
        """Yield a file, and those that a style sheet or picture refers to, and so on."""
        left, seen = [path], {path}
        while left:
            file = left.pop()
            data = self.read(file)
            yield file, data
            if data is None or file.suffix.lower() not in {".css", ".svg"}:
                continue
            for reference in _REFERENCE.finditer(data):
                address = next(part for part in reference.groups() if part).decode(errors="replace")
                if address.startswith(("#", "data:")):
                    continue
                other = file.parent / unquote(address.partition("#")[0].partition("?")[0])
                if other not in seen:
                    seen.add(other)
                    left.append(other)

    def changed(self, edition: Edition, before: Mapping[Input, str]) -> tuple[Input, ...]:
        """List the inputs that have changed; if there are none, the page is the same."""
        now = set(self.always(edition))
        others = [known for known in before if known[0] not in {*_CATALOGS, "message"}]
        differ = [known for known in others if self.digest(edition, known) != before[known]]
        differ += [new for new in now if new not in before and new[0] not in _CATALOGS]
        catalogs = [asked for asked in {*now, *before} if asked[0] in _CATALOGS]
        if any(self.digest(edition, asked) != before.get(asked) for asked in catalogs):
            messages = (known for known in before if known[0] == "message")
            differ += [text for text in messages if self.digest(edition, text) != before[text]]
        return tuple(dict.fromkeys(differ))

    def fingerprint(self, edition: Edition, html: str, asked: Sequence[Input]) -> str:
        """Hash what decides the file of an edition: the page, its files and what sets them.

        `html` is the page without its code, which follows from the fingerprint. An input that has
        changed without changing the page does not change the fingerprint.
        """
        digest = hashlib.sha256(self._anywhere(html).encode())
        region = edition.region.code
        parts = (edition.leaflet, edition.format, edition.languages, region, edition.release)
        digest.update(msgspec.json.encode(parts, order="sorted"))
        kinds = {"figure", "style", "logo", "font", "software"}
        for kind, *name in sorted({*asked, *self.always(edition)}):
            if kind in kinds:
                said = self.digest(edition, (kind, *name))
                digest.update(json.dumps([kind, *name, said]).encode())
        return digest.hexdigest()

    def _anywhere(self, html: str) -> str:
        """Name the files in a page by their place in the library, which is the same everywhere."""
        for name, folders in (
            ("templates", self.library.roots.templates),
            ("clinic", [Path(folder) for folder in [self.library.clinic.folder] if folder]),
        ):
            for folder in folders:
                html = html.replace(f"{folder.resolve().as_uri()}/", f"{name}:")
        return html


def _language(edition: Edition, tag: str) -> Language | None:
    return next((language for language in edition.languages if language.tag == tag), None)


def _others(edition: Edition) -> object:
    """Return what is printed of the languages that a sheet names."""
    return [(other.tag, other.direction, other.autonym, other.fonts) for other in edition.others]


#: The kinds of inputs that an edition has itself, and what each says.
_OF_EDITION: Mapping[str, Callable[..., object]] = {
    "leaflet": lambda edition, _: edition.leaflet,
    "format": lambda edition, _: edition.format,
    "release": lambda edition: edition.release,
    "language": _language,
    "other languages": _others,
}


def _turned(edition: Edition) -> Edition:
    """Turn a bilingual edition to its second language."""
    return msgspec.structs.replace(edition, language=edition.beside or edition.language)


def _of(value: Any) -> str:  # noqa: ANN401 - any value that can be written as JSON
    data = msgspec.json.encode(value, order="sorted")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


@cache
def software() -> Mapping[str, str]:
    """Name the versions of what sets a page: packages, libraries of the machine, Python."""
    return {
        **{name: _version(name) for name in _SETTERS},
        **machine.library_versions(),
        "icu": icu.ICU_VERSION,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def _version(package: str) -> str:
    """Return the version that is installed of a package; its description is not parsed for it."""
    metadata = distribution(package).read_text("METADATA") or ""
    key = "Version: "
    return next(line for line in metadata.splitlines() if line.startswith(key)).removeprefix(key)


@cache
def program() -> str:
    """Digest our own code and parts.toml, which change between one version and the next."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.blake2b((home.home() / "templates" / parts.FILE).read_bytes(), digest_size=16)
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
