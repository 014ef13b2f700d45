"""List what we replace and rely on of other packages, below the recipe in `docs/upgrading.md`."""

import importlib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from leaflets.insides import Patch, Touch

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "upgrading.md"

#: What is above this heading is written by hand.
HEADING = "## What is replaced\n"

REPLACED = """\
From here on made by `make docs`, from `PATCHES` and `TOUCHES` of each module.

| replaced | in | why | needless when | shown by |
|---|---|---|---|---|"""

RELIED_ON = """\
## What is relied on

Private, or not in the reference of the package: it may change with any version.
"""


def document() -> str:
    """Return the document: the recipe as it stands, and the lists made anew."""
    recipe, _, _ = DOCUMENT.read_text("utf-8").partition(HEADING)
    rows = [_row(module, patch) for module in modules() for patch in patches(module)]
    sections = [_section(module) for module in modules() if touches(module)]
    return "\n".join([recipe + HEADING, REPLACED, *rows, "", RELIED_ON, *sections])


def modules() -> Sequence[ModuleType]:
    """List the modules that state what they replace or rely on."""
    return [
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for path in sorted((ROOT / "leaflets").rglob("*.py"))
        if path.name != "patching.py"  # which puts together what the others state
        and "from leaflets.insides import" in path.read_text("utf-8")
    ]


def patches(module: ModuleType) -> tuple[Patch, ...]:
    """Return what a module replaces."""
    return getattr(module, "PATCHES", ())


def touches(module: ModuleType) -> tuple[Touch, ...]:
    """Return what a module relies on."""
    return getattr(module, "TOUCHES", ())


def _row(module: ModuleType, patch: Patch) -> str:
    cells = (f"`{patch.target}`", _place(module), patch.why, patch.needless_when, f"`{patch.test}`")
    return f"| {' | '.join(cells)} |"


def _section(module: ModuleType) -> str:
    return "\n".join([f"### In {_place(module)}", "", *map(_item, touches(module)), ""])


def _item(touch: Touch) -> str:
    return "\n".join(
        [
            f"- {touch.why}",
            f"  Needless when: {touch.needless_when}",
            f"  Shown by `{touch.test}`.",
            *(f"  - `{name}`" for name in touch.names),
        ]
    )


def _place(module: ModuleType) -> str:
    return f"`{module.__name__.replace('.', '/')}.py`"
