"""Where the library's own templates and locales lie."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Return the folder that holds `templates` and `locales`: in a wheel, or in a checkout."""
    packaged = _PACKAGE / "data"
    return packaged if (packaged / "templates").is_dir() else _PACKAGE.parent
