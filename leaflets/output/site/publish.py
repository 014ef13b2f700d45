"""Publish: bring the catalogue of an output folder up to date with the editions in it."""

import hashlib
from collections.abc import Mapping

import msgspec

from leaflets.compose import inputs
from leaflets.library.load import Library
from leaflets.output.shelf import Shelf

#: What the catalogue was made of, and the hashes of its files.
_FILE = ".published"


class _Published(msgspec.Struct, frozen=True):
    made_of: str
    files: Mapping[str, str]


def publish(library: Library, output: Shelf) -> None:
    """Put catalogue, feed, pictures and page on a shelf; they name only what is there.

    A picture is drawn when its edition is new, and goes when no edition needs it. Nothing is done
    if all is as it was when they were last made.
    """
    made_of = _digest(library, output)
    if _is_published(output, made_of):
        return
    from leaflets.output.site import pieces  # noqa: PLC0415 - fills a template and draws, if there is need

    files, drawn = pieces.made(library, output)
    before = _read(output)
    sums = {name: output.put(name, data) for name, data in files.items()}
    sums |= {name: output.put(name, output.read(name)) for name in drawn}
    for name in (before.files if before else {}).keys() - sums.keys():
        output.remove(name)
    output.put(_FILE, msgspec.json.encode(_Published(made_of, sums)))


def _digest(library: Library, output: Shelf) -> str:
    """Hash what the catalogue is made of; titles stand on the editions, and so in their hashes."""
    digest = hashlib.sha256(inputs.program().encode())
    stated = (
        tuple(output.entries.values()), library.clinic.name, library.clinic.region, library.regions,
        library.leaflets, library.languages, library.formats, library.sources,
    )  # fmt: skip
    digest.update(msgspec.json.encode(stated, order="sorted"))
    for root in library.roots.templates:
        for path in sorted((root / "site").glob("*")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _read(output: Shelf) -> _Published | None:
    try:
        return msgspec.json.decode(output.read(_FILE), type=_Published)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _is_published(output: Shelf, made_of: str) -> bool:
    before = _read(output)
    return (
        before is not None
        and before.made_of == made_of
        and all(output.holds(name, sha256) for name, sha256 in before.files.items())
    )
