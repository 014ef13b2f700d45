"""The logo of a clinic: SVG, PNG or JPEG, and nothing that is more than a picture; and figures.

A logo is drawn on every sheet and stands in web pages, so a file from elsewhere is looked at first:
an SVG may hold scripts, addresses and entities, a bitmap more pixels than a computer has memory.
"""

import io
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageFile, UnidentifiedImageError

from leaflets.errors import InputError

#: A logo is a few square centimetres: more bytes or pixels than this are a mistake, or an attack.
_LARGEST = 2 * 1024 * 1024
_MOST_PIXELS = 25_000_000

_KINDS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
_DECODERS = ("PNG", "JPEG")

#: Kinds of pixels that the typesetter takes; of grey with 16 bits it draws nothing.
_MODES = frozenset({"1", "P", "L", "LA", "RGB", "RGBA", "CMYK"})
_SVG = "{http://www.w3.org/2000/svg}"
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_FORBIDDEN = frozenset({"script", "foreignObject", "iframe", "animate", "set", "animateTransform"})
_WORDS = frozenset({"text", "tspan", "textPath"})
#: Four numbers; WeasyPrint fails at fewer.
_VIEW = re.compile(r"\s*[-+.\d][-+.\deE]*(?:[\s,]+[-+.\d][-+.\deE]*){3}\s*")
_ADDRESS = re.compile(r"url\(\s*['\"]?(?!#)|@import", re.IGNORECASE)


def check(folder: Path, name: str, *, at: str = "logo") -> None:
    """Raise `InputError` naming the file and what to do, if a logo cannot be used.

    `at` is the key of clinic.toml that names it.
    """
    try:
        path = (folder / name).resolve()
        is_there = path.is_file()
    except (OSError, ValueError):
        reason = "the logo has a name that no file can have; correct it."
        raise InputError(folder / "clinic.toml", reason, at=at) from None
    if not path.is_relative_to(folder.resolve()):
        raise InputError(path, "the logo lies outside the clinic folder; copy it into the folder.")
    if not is_there:
        raise InputError(folder / "clinic.toml", f"the logo “{name}” is not in the folder.", at=at)
    if path.stat().st_size > _LARGEST:
        raise InputError(path, f"it is larger than {_LARGEST // 1024**2} MB; make it smaller.")
    for fault in _faults(path, path.read_bytes()):
        raise InputError(path, fault)


def check_figure(path: Path) -> None:
    """Raise `InputError` naming the file and what to do, if a figure is more than a drawing."""
    _check_figure(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _check_figure(path: Path, _changed: int) -> None:
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise InputError(path, f"it is larger than {_LARGEST // 1024**2} MB; make it smaller.")
    for fault in _faults_of_svg(data):
        raise InputError(path, fault)


def _faults(path: Path, data: bytes) -> Iterator[str]:
    suffix = path.suffix.lower()
    if suffix == ".svg":
        yield from _faults_of_svg(data)
    elif suffix in _KINDS:
        yield from _faults_of_bitmap(data, _KINDS[suffix])
    else:
        yield "a logo is an SVG, PNG or JPEG file; save it as one of these."


def _faults_of_bitmap(data: bytes, kind: str) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            # No other decoder of Pillow's many is to see a byte of it.
            with Image.open(io.BytesIO(data), formats=_DECODERS) as image:
                size, frames = image.size, getattr(image, "n_frames", 1)
                if image.format != kind:
                    yield f"it is not a {kind} file inside; save it anew as {kind}."
                elif size[0] * size[1] > _MOST_PIXELS:
                    yield f"it has {size[0]} × {size[1]} pixels; make it smaller."
                elif frames > 1:
                    yield "it is animated; save one picture of it."
                elif image.mode not in _MODES:
                    yield "it has more than 8 bits for a colour; save it with 8."
                else:
                    _load_whole(data)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        yield f"it cannot be read as a {kind} file; save it anew."


def _load_whole(data: bytes) -> None:
    """Read all pixels, strictly and then as WeasyPrint does.

    It lets Pillow take half a picture for a whole one, and so read on where it would have stopped.
    """
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        for lenient in (False, True):
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient
            with Image.open(io.BytesIO(data), formats=_DECODERS) as image:
                image.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _faults_of_svg(data: bytes) -> Iterator[str]:
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        yield "the SVG has a DOCTYPE or entities; save it as “plain SVG”."
        return
    except (ValueError, SyntaxError):
        yield "it cannot be read as SVG; save it anew."
        return
    if root.tag != f"{_SVG}svg":
        yield "it is not SVG inside; save it anew as SVG."
        return
    for element in root.iter():
        name = element.tag.removeprefix(_SVG)
        if name in _FORBIDDEN:
            yield f"the SVG holds <{name}>, which a sheet has no use for; take it out."
        if name == "mask":
            yield "the SVG holds a mask, behind which nothing is printed; save it without."
        if name in _WORDS:
            yield "the SVG holds text, which prints differently elsewhere; turn it into paths."
        if name == "style" and _ADDRESS.search(element.text or ""):
            yield "the SVG fetches a file from elsewhere; put everything into it."
        if not _VIEW.fullmatch(element.get("viewBox", "0 0 1 1")):
            yield "a viewBox of the SVG has not four numbers; save it anew."
        for key, value in element.attrib.items():
            if key.lower().startswith("on"):
                yield f"the SVG holds a script (“{key}”); take it out."
            if (key in _HREFS and not value.startswith("#")) or _ADDRESS.search(value):
                yield "the SVG fetches a file from elsewhere; put everything into it."
