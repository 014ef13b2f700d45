"""From an edition to pages and a file: compose (Jinja), typeset (WeasyPrint), bind (PDF)."""

from leaflets import machine
from leaflets.errors import MissingPartError


def _look() -> None:
    """Raise `MissingPartError` before a library that is not there is opened, or others changed."""
    lacking = machine.sentences(
        libraries=machine.missing_libraries(), packages=machine.other_packages()
    )
    if lacking:
        raise MissingPartError(lacking)


_look()
