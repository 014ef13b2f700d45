"""Screen: a composed page becomes one HTML file that stands alone, to read, hear or print."""

import re
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from leaflets.errors import InputError

_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]*)">')
_PICTURE = re.compile(r'(<img [^>]*?src=")(file:[^"]*)(")')

#: How the kinds of pictures that a page may hold are named (RFC 6838).
_KINDS = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


def standalone(html: str, folders: Sequence[Path]) -> bytes:
    """Put style sheets and pictures into a page, which then asks for no other file.

    Raises `InputError` for a file outside `folders`, or of a kind that a page may not hold.
    """

    def style(found: re.Match[str]) -> str:
        return f"<style>\n{_file(found[1], folders).read_text('utf-8')}</style>"

    def picture(found: re.Match[str]) -> str:
        return found[1] + _as_data(_file(found[2], folders)) + found[3]

    return _PICTURE.sub(picture, _STYLE.sub(style, html)).encode()


def _file(address: str, folders: Sequence[Path]) -> Path:
    path = Path(unquote(urlsplit(address).path)).resolve()
    if not any(path.is_relative_to(folder.resolve()) for folder in folders):
        raise InputError(path, "the file lies outside the template and clinic folders; move it.")
    return path


def _as_data(path: Path) -> str:
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise InputError(path, f"a page holds pictures of the kinds {', '.join(_KINDS)} only.")
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"
