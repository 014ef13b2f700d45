"""What Leaflets needs from the machine: libraries, fonts and tools, and where they come from.

The parts themselves are looked for, not the packages: whoever brought them, they will do. Nothing
but the standard library is imported, for the Makefile reads this before anything is installed.
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

#: What WeasyPrint opens by name, and the Debian package that has it.
LIBRARIES: Mapping[str, str] = {
    "libpango-1.0.so.0": "libpango-1.0-0",  # brings libgobject as well
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "libfontconfig1",
}

#: The packages whose insides we touch, and the version for which that was shown to be right.
PACKAGES: Mapping[str, str] = {"weasyprint": "70.0", "pydyf": "0.13.0"}

#: gettext's own tools, with which catalogs are kept up to date, and what signs with keys.
TOOLS: Mapping[str, str] = {
    "msgmerge": "gettext",
    "msgfmt": "gettext",
    "ssh-keygen": "openssh-client",
}


class Part(NamedTuple):
    """Something the machine needs: its name, and the Debian package that brings it."""

    name: str
    package: str


class Package(NamedTuple):
    """A package of which another version is installed than the one we need; empty if none is."""

    name: str
    needed: str
    installed: str


def other_packages() -> Iterator[Package]:
    """Yield the packages that are missing, or installed in another version than the one we need."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - few need it

    for name, needed in PACKAGES.items():
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = ""
        if installed != needed:
            yield Package(name, needed, installed)


def missing_libraries() -> Iterator[Part]:
    """Yield the libraries that cannot be opened.

    Elsewhere than on Linux they have other names: WeasyPrint looks for them itself.
    """
    if sys.platform != "linux":
        return
    for name, package in LIBRARIES.items():
        try:
            ctypes.CDLL(name)
        except OSError:
            yield Part(name, package)


def library_versions() -> Mapping[str, str]:
    """Name the versions of the libraries that shape and draw text; one that is missing is empty."""
    pango = _called("libpango-1.0.so.0", "pango_version_string", ctypes.c_char_p)
    harfbuzz = _called("libharfbuzz.so.0", "hb_version_string", ctypes.c_char_p)
    fontconfig = _called("libfontconfig.so.1", "FcGetVersion", ctypes.c_int)
    fribidi = _pointed("libfribidi.so.0", "fribidi_version_info")
    return {
        "pango": pango,
        "harfbuzz": harfbuzz,
        "fontconfig": fontconfig,
        "fribidi": fribidi.partition("\n")[0],
        "freetype": _freetype(),
    }


def _called(library: str, function: str, kind: type[ctypes.c_char_p | ctypes.c_int]) -> str:
    try:
        call = getattr(ctypes.CDLL(library), function)
    except (OSError, AttributeError):
        return ""
    call.restype = kind
    said = call()
    return said.decode() if isinstance(said, bytes) else str(said)


def _pointed(library: str, name: str) -> str:
    try:
        return (ctypes.c_char_p.in_dll(ctypes.CDLL(library), name).value or b"").decode()
    except (OSError, ValueError):
        return ""


def _freetype() -> str:
    try:
        library = ctypes.CDLL("libfreetype.so.6")
    except OSError:
        return ""
    handle = ctypes.c_void_p()
    if library.FT_Init_FreeType(ctypes.byref(handle)):
        return ""
    parts = [ctypes.c_int() for _ in range(3)]
    library.FT_Library_Version(handle, *(ctypes.byref(part) for part in parts))
    library.FT_Done_FreeType(handle)
    return ".".join(str(part.value) for part in parts)


def missing_tools() -> Iterator[Part]:
    """Yield the tools that are not on the PATH."""
    for name, package in TOOLS.items():
        if shutil.which(name) is None:
            yield Part(name, package)


def missing_fonts(files: Iterable[tuple[str, str]]) -> Iterator[Part]:
    """Yield the font files, given as (file name, package), that lie in no font folder."""
    present = font_files()
    for file, package in files:
        if file not in present:
            yield Part(file, package)


def font_folders() -> tuple[Path, ...]:
    """List the folders in which this machine keeps fonts, as the XDG specification names them.

    Those of the system come first: no font in somebody's home takes the place of the one that drew
    what was signed.
    """
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    shared = (os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    system = (Path(folder) / "fonts" for folder in shared if folder)
    found = (*system, data / "fonts", home / ".fonts")
    return tuple(dict.fromkeys(found))


def font_files() -> Mapping[str, Path]:
    """Map the name of each font file of the machine to its path; the first folder wins."""
    found: dict[str, Path] = {}
    for folder in font_folders():
        for parent, names, files in os.walk(folder):
            names.sort()
            for name in sorted(files):
                found.setdefault(name, Path(parent) / name)
    return found


def install_command(parts: Iterable[Part]) -> str:
    """Write the command that installs the parts on Debian or Ubuntu."""
    sudo = "sudo " if shutil.which("sudo") and os.geteuid() != 0 else ""
    packages = " ".join(sorted({part.package for part in parts}))
    return f"{sudo}apt-get update && {sudo}apt-get install --no-install-recommends {packages}"


def pip_command(packages: Iterable[Package]) -> str:
    """Write the command that installs the packages in the versions that we need."""
    return "pip install " + " ".join(f"{package.name}=={package.needed}" for package in packages)


def sentences(
    *, libraries: Iterable[Part] = (), fonts: Iterable[Part] = (), packages: Iterable[Package] = ()
) -> str:
    """Say what is missing, and which commands install it; nothing if nothing is missing."""
    parts = {"Libraries": tuple(libraries), "Fonts": tuple(fonts)}
    said = [
        f"{kind} are missing: {', '.join(part.name for part in missing)}."
        for kind, missing in parts.items()
        if missing
    ]
    others = tuple(packages)
    said += [
        f"Leaflets is tested with {package.name} {package.needed}, and"
        f" {package.installed or 'none'} is installed."
        for package in others
    ]
    every = [part for missing in parts.values() for part in missing]
    commands = [install_command(every)] * bool(every) + [pip_command(others)] * bool(others)
    if commands:
        said.append(f"{'On Debian or Ubuntu' if every else 'Install it with'}:")
        said.append(" && ".join(commands))
    return " ".join(said)
