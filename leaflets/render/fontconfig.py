"""Show the typesetter the fonts that a library names, and no other font of the machine."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path

# A file that calls itself bold is bold, whatever weight it states: Noto Nastaliq Urdu states 400.
_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="scan">
    <test name="style"><string>Bold</string></test>
    <edit name="weight" mode="assign"><const>bold</const></edit>
  </match>
</fontconfig>
"""


@contextmanager
def isolated(files: Mapping[str, Path]) -> Iterator[None]:
    """Let fontconfig see only `files` (name to path) in this process and those it starts.

    Fontconfig reads its configuration once in a process: enter this before the first page is set.
    What other fonts a machine has would otherwise change line breaks and bytes. Inside another that
    shows just these files, nothing is done: what fontconfig has read must stay where it is.
    """
    if _is_shown(files):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="leaflets-fonts-") as name:
        folder = Path(name)
        fonts = folder / "fonts"
        fonts.mkdir()
        (folder / "cache").mkdir()
        for file, path in files.items():
            (fonts / file).symlink_to(path)
        configuration = folder / "fonts.conf"
        configuration.write_text(
            _CONFIGURATION.format(fonts=escape(str(fonts)), cache=escape(str(folder / "cache"))),
            encoding="utf-8",
        )
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(configuration)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def _is_shown(files: Mapping[str, Path]) -> bool:
    """Tell whether fontconfig is pointed to a folder of ours that has these files and no others."""
    fonts = Path(os.environ.get("FONTCONFIG_FILE", "")).parent / "fonts"
    shown = {path.name: path.resolve() for path in fonts.glob("*") if path.is_symlink()}
    return bool(files) and shown == {name: path.resolve() for name, path in files.items()}
