"""From an edition to pages and a file: compose (Jinja), typeset (WeasyPrint), bind (PDF)."""

import sys

from leaflets import machine
from leaflets.errors import MissingPartError


def _look_for_libraries() -> None:
    """Raise `MissingPartError` before WeasyPrint opens a library that is not there.

    Elsewhere than on Linux they have other names, and WeasyPrint looks for them itself.
    """
    if sys.platform == "linux" and (lacking := tuple(machine.missing_libraries())):
        names = ", ".join(part.name for part in lacking)
        raise MissingPartError(
            f"Libraries are missing: {names}. On Debian or Ubuntu:"
            f" {machine.install_command(lacking)}"
        )


_look_for_libraries()
