"""Write the documents that are made from the program; a test holds that they are up to date."""

from collections.abc import Callable, Mapping
from pathlib import Path

import checks
import commands
import governance
import schemas
import sources
import upgrading

ROOT = Path(__file__).resolve().parent.parent

#: Each document by its place, and what makes it.
DOCUMENTS: Mapping[str, Callable[[], str]] = {
    "docs/checks.md": checks.document,
    "docs/commands.md": commands.document,
    "docs/governance.md": governance.document,
    "docs/schemas.md": schemas.document,
    "docs/sources.md": sources.document,
    "docs/upgrading.md": upgrading.document,
}


if __name__ == "__main__":
    for name, made in DOCUMENTS.items():
        (ROOT / name).write_text(made(), "utf-8")
