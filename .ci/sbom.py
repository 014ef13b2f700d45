"""Write the software bill of materials: what Leaflets is made of, as CycloneDX 1.6 in JSON.

Usage: sbom.py FILE

The packages, their versions and hashes come from requirements.lock, licences from what is installed
in .venv, system packages from `leaflets/machine.py` and `templates/fonts.toml`. It holds no date
and no random number: the same lock gives the same bytes.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import NamedTuple

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.spdx import is_supported_id
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from leaflets import machine

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"

_PACKAGE = re.compile(
    r"(?P<name>[a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(?P<version>\S+)(?: ; (?P<marker>[^\\]+))?"
)
_LICENCE = LicenseFactory()
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

#: Classifiers that name one licence; “BSD License” and the like name several.
_SPDX = {
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}

#: Libraries that come inside a wheel. Which version follows from that of the wheel.
_BUNDLED = {
    "pillow": (
        *("FreeType", "HarfBuzz", "Little CMS", "OpenJPEG", "libavif"),
        *("libjpeg-turbo", "libpng", "libtiff", "libwebp"),
    ),
    "pypdfium2": ("PDFium",),
    "pyicu-wheels": ("ICU",),
}


class Locked(NamedTuple):
    """A package of the lock: its name, version, where it is needed, and a hash of each file."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def locked(text: str) -> Iterator[Locked]:
    """Yield the packages of a lock; raise `ValueError` for one without version or hash."""
    for entry in text.replace("\\\n", " ").splitlines():
        if not entry.strip() or entry.startswith("#"):
            continue
        found, hashes = _PACKAGE.match(entry), tuple(_HASH.findall(entry))
        if found is None or not hashes:
            raise ValueError(f"this line of the lock has no version or no hash: {entry[:60]}")
        marker = (found["marker"] or "").partition("--hash")[0].strip()
        yield Locked(found["name"], found["version"], marker, hashes)


def bill() -> Bom:
    """List Leaflets, its packages, and what it needs from the system."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    leaflets = Component(
        type=ComponentType.APPLICATION,
        name=project["name"],
        version=project["version"],
        description=project["description"],
        bom_ref=project["name"],
        licenses=[_LICENCE.make_from_string(project["license"])],
    )
    parts = [*map(_package, locked(LOCK.read_text("utf-8"))), *_system()]
    made = Bom(metadata=BomMetaData(component=leaflets), components=parts)
    made.register_dependency(leaflets, parts)
    return made


def _package(one: Locked) -> Component:
    purl = PackageURL("pypi", name=one.name, version=one.version)
    marker = [Property(name="leaflets:needed-if", value=one.marker)] if one.marker else []
    return Component(
        type=ComponentType.LIBRARY,
        name=one.name,
        version=one.version,
        purl=purl,
        bom_ref=purl.to_string(),
        licenses=_licences(one),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha) for sha in one.hashes],
        properties=marker,
        components=[
            Component(
                type=ComponentType.LIBRARY,
                name=name,
                bom_ref=f"{purl.to_string()}#{name}",
                description=f"Inside the wheel of {one.name}, which decides the version",
            )
            for name in _BUNDLED.get(one.name, ())
        ],
    )


def _licences(one: Locked) -> Iterable[License]:
    """Return the licences that a package declares; none if it is not installed on this system."""
    try:
        stated = metadata(one.name)
    except PackageNotFoundError:
        return ()
    if stated["Version"] != one.version:
        raise ValueError(f"{one.name} {one.version} is locked, and {stated['Version']} installed")
    return [_LICENCE.make_from_string(text) for text in _declared(stated)]


def _declared(stated: PackageMetadata) -> Sequence[str]:
    """Return an SPDX expression if there is one, else the names that the package gives."""
    if expression := stated.get_all("License-Expression", []):
        return expression
    text = "".join(stated.get_all("License", [])).partition("\n")[0].strip()
    if text and is_supported_id(text):
        return [text]
    named = [one for one in stated.get_all("Classifier", []) if one.startswith("License ::")]
    names = [one.rpartition(" :: ")[2] for one in named]
    return [_SPDX.get(one, one) for one in names] or [text] * bool(text)


def _system() -> Iterator[Component]:
    """Yield the Debian packages that a machine needs; their versions are those of the machine."""
    listed = tomllib.loads((ROOT / "templates" / "fonts.toml").read_text("utf-8"))
    holds: dict[tuple[str, ComponentType], list[str]] = {}
    for file, package in machine.LIBRARIES.items():
        holds.setdefault((package, ComponentType.LIBRARY), []).append(file)
    for tool, package in machine.TOOLS.items():
        holds.setdefault((package, ComponentType.APPLICATION), []).append(tool)
    for family in listed["family"].values():
        holds.setdefault((family["package"], ComponentType.DATA), []).extend(family["files"])
    for (package, kind), files in holds.items():
        purl = PackageURL("deb", "debian", package)
        yield Component(
            type=kind,
            name=package,
            purl=purl,
            bom_ref=purl.to_string(),
            description=f"From the system, for {', '.join(files)}",
        )


def written(made: Bom) -> str:
    """Write a bill without date and serial number; raise `ValueError` if it breaks the schema."""
    content = json.loads(JsonV1Dot6(made).output_as_string())
    del content["serialNumber"], content["metadata"]["timestamp"]
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"the bill is not CycloneDX 1.6: {fault}")
    return text


def main(arguments: list[str]) -> int:
    """Write the bill into the file named; return the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("Name the file to write: sbom.py FILE\n")
        return 2
    file = Path(arguments[0])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written(bill()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
