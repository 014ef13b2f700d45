"""Task: an edition to make, and what the worker that makes it must agree on."""

import hashlib
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from leaflets.compose import inputs as made_of
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition
from leaflets.editions.proof import Purpose
from leaflets.editions.workers.limits import Limits
from leaflets.errors import WorkerError
from leaflets.library import fonts
from leaflets.library.load import Library
from leaflets.records import keys


class Terms(msgspec.Struct, frozen=True):
    """What a worker must agree on: the hash of the library's files, software and fonts."""

    library: str
    program: str
    software: Mapping[str, str]
    fonts: Mapping[str, str]


class Task(msgspec.Struct, frozen=True):
    """An edition to make, for which clinic, and within which limits.

    `purpose` is what it is made for. `clinic` is the clinic folder, which a worker elsewhere must
    find in the same place; without one, `region` is that of the library. `terms` are for such a
    worker, and None for one that we have started.
    """

    edition: Edition
    clinic: str
    site: str
    region: str
    terms: Terms | None
    limits: Limits
    cache: str
    purpose: Purpose = "print"


def terms(inputs: Inputs, editions: Sequence[Edition]) -> Terms:
    """State what workers must agree on to make some editions."""
    library = inputs.library
    names = {name for edition in editions for name in edition.fonts}
    files = sorted({file for name in names for file in library.fonts[name].files})
    return Terms(
        library=_files_of(library),
        program=made_of.program(),
        software=made_of.software(),
        fonts={file: fonts.digest(file) for file in files},
    )


def _files_of(library: Library) -> str:
    """Hash the files of a library: templates, locales and the clinic's own."""
    digest = hashlib.sha256()
    for root in (*library.roots.templates, *library.roots.locales):
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    stated = msgspec.structs.replace(library.clinic, folder="")
    for part in (stated, library.recalls):
        digest.update(msgspec.json.encode(part, order="sorted"))
    own = [Path(library.clinic.folder) / name for name in (stated.logo, keys.SIGNERS) if name]
    for path in own if library.clinic.folder else ():
        digest.update(path.read_bytes() if path.is_file() else b"-")
    return digest.hexdigest()


def agree(asked: Terms, task: Task, inputs: Inputs) -> None:
    """Raise `WorkerError` naming what this worker has otherwise."""
    own = terms(inputs, [task.edition])
    others = [
        f"{name} {own.software.get(name) or 'missing'} instead of {wanted or 'none'}"
        for name, wanted in asked.software.items()
        if own.software.get(name) != wanted
    ]
    others += [
        f"another {file}" for file, wanted in asked.fonts.items() if fonts.digest(file) != wanted
    ]
    if own.program != asked.program:
        others.append("another Leaflets")
    if own.library != asked.library:
        others.append("another library, or clinic folder")
    if others:
        raise WorkerError(
            f"The worker on {socket.gethostname()} has {', '.join(others)}. Give it the same, then"
            " build again."
        )
