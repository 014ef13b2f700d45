"""Sites: several clinics in one folder; what a site leaves out, it takes from the top."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from leaflets.errors import InputError
from leaflets.library import clinic
from leaflets.library.clinic import Clinic

KEY = "site"

#: The name of a site is that of its folder in the output, on any system.
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 40


def load(folder: Path | None) -> Mapping[str, Clinic]:
    """Read the sites of a clinic folder, in the order of clinic.toml; none for most clinics.

    Raises `InputError` with file and key, such as `site.north.phone`.
    """
    if folder is None:
        return {}
    path = folder / clinic.FILE
    top = clinic.tables(path)
    stated = top.pop(KEY, {})
    if not isinstance(stated, dict) or not all(isinstance(own, dict) for own in stated.values()):
        raise InputError(path, "write a table for each site, such as [site.north].", at=KEY)
    return {name: _site(folder, top, name, own) for name, own in stated.items()}


def _site(folder: Path, top: Mapping[str, Any], name: str, own: Mapping[str, Any]) -> Clinic:
    path, within = folder / clinic.FILE, f"{KEY}.{name}"
    if not _ID.fullmatch(name) or len(name) > _LONGEST_ID:
        raise InputError(
            path,
            f"a site is named in small letters, digits and hyphens, at most {_LONGEST_ID}; its"
            " name is a folder of the output.",
            at=within,
        )
    if KEY in own:
        raise InputError(path, "a site has no sites; take this out.", at=f"{within}.{KEY}")
    if "keys" in own:
        raise InputError(
            path, "all sites share their sign-offs; state this at the top.", at=f"{within}.keys"
        )
    inherited = clinic.stated(_inherited(top, own), path, within=within)
    return msgspec.structs.replace(inherited, site=name)


def _inherited(top: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Put what a site states over what the top does: tables key by key, lists as a whole."""
    return {
        **top,
        **{
            key: {**top[key], **value}
            if isinstance(value, dict) and isinstance(top.get(key), dict)
            else value
            for key, value in own.items()
        },
    }
