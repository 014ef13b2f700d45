"""The studio: keeps the library and the last good views, and draws anew what is looked at."""

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from leaflets import files
from leaflets.catalogs import extract, integrity, po
from leaflets.catalogs.edit import edited
from leaflets.compose.notes import Notebook
from leaflets.compose.plan import Request, plan
from leaflets.compose.survey import Survey, survey
from leaflets.errors import LeafletsError, RequestError
from leaflets.library import load, overlay
from leaflets.library.formats import Medium
from leaflets.library.languages import SOURCE
from leaflets.library.load import Library
from leaflets.render import pictures
from leaflets.web.preview.view import Drawn, Subject, View, digest, draw

#: How finely pages are drawn: sharp on a screen at twice its size.
_DPI = 120

_KEPT = 12


class Choices(msgspec.Struct, frozen=True):
    """What the preview can show."""

    leaflets: Mapping[str, str]
    languages: Mapping[str, str]
    formats: Mapping[str, str]


class Shown(msgspec.Struct, frozen=True):
    """What the browser gets: the last good view, and what stands against a newer one."""

    view: View | None
    error: str
    epoch: int


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A translation typed into the preview; `digest` is of the catalog that was on the screen."""

    language: str
    domain: str
    id: str
    forms: tuple[str, ...]
    digest: str


class ConflictError(LeafletsError):
    """The catalog was changed by another program since it was read."""


class Studio:
    """Draws editions one at a time in a thread of its own, and waits for changes of files."""

    def __init__(self, clinic: Path | None, site: str = "", region: str = "") -> None:
        """Read the library once, so that a fault in it is said before a browser opens."""
        self._clinic = clinic
        self._site = site
        self._region = region
        self._library = self._read()
        self._surveys: dict[str, tuple[Survey, Notebook]] = {}
        self._good: dict[tuple[str, str, str], Drawn] = {}
        self._epochs: dict[tuple[str, str, str], int] = {}
        self._busy = asyncio.Lock()
        self._changed = asyncio.Condition()
        self.epoch = 1
        self._templates_changed = True
        self._closed = False

    def _read(self) -> Library:
        return load.load_one(self._clinic, self._site, region=self._region)

    @property
    def library(self) -> Library:
        """Return the library as it was last read."""
        return self._library

    def folders(self) -> tuple[Path, ...]:
        """List the folders to watch."""
        own = (self._clinic,) if self._clinic else ()
        return (*self._library.roots.templates, *self._library.roots.locales, *own)

    def choices(self) -> Choices:
        """List what may be shown; pseudo-languages come last."""
        ordered = sorted(
            self._library.languages.values(), key=lambda language: bool(language.pseudo)
        )
        return Choices(
            {leaflet.slug: leaflet.title for leaflet in self._library.leaflets.values()},
            {language.tag: f"{language.name} ({language.autonym})" for language in ordered},
            {format_.id: format_.name for format_ in self._library.formats.values()},
        )

    async def note_change(self, *, templates: bool) -> None:
        """Take note that files have changed, and wake whoever waits."""
        async with self._changed:
            self.epoch += 1
            self._templates_changed |= templates
            self._changed.notify_all()

    async def close(self) -> None:
        """Let whoever waits for a change go, now and from now on."""
        async with self._changed:
            self._closed = True
            self._changed.notify_all()

    async def wait(self, seen: int, seconds: float) -> int:
        """Wait until something changes after `seen`, but not for ever; return the epoch."""
        async with self._changed:
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait_for(lambda: self._closed or self.epoch > seen)
            except TimeoutError:
                pass
        return self.epoch

    async def show(self, leaflet: str, language: str, sheet: str) -> Shown:
        """Draw an edition if something changed since; keep the last good view if that fails."""
        key = (leaflet, language, sheet)
        async with self._busy:
            epoch, error = self.epoch, ""
            if self._epochs.get(key) != epoch:
                try:
                    drawn = await asyncio.to_thread(self._draw, key)
                except LeafletsError as fault:
                    error = str(fault)
                else:
                    self._good.pop(key, None)
                    self._good[key] = drawn
                    self._epochs[key] = epoch
                    while len(self._good) > _KEPT:
                        self._good.pop(next(iter(self._good)))
        good = self._good.get(key)
        return Shown(good.view if good else None, error, epoch)

    def _draw(self, key: tuple[str, str, str]) -> Drawn:
        library = self._read()
        leaflet, language, sheet = key
        request = Request(leaflets=(leaflet,), languages=(language,), formats=(sheet,))
        (edition,) = plan(library, request)
        if self._templates_changed:
            self._surveys.clear()
            self._templates_changed = False
        if leaflet not in self._surveys:
            surveyed = survey(library, edition.leaflet)
            self._surveys[leaflet] = surveyed, Notebook(library, [surveyed])
        self._library = library
        return draw(Subject(library, edition, *self._surveys[leaflet]))

    async def picture(self, token: str, number: int) -> bytes | None:
        """Draw a page of a view that was shown, as PNG; None if it is not kept any more."""
        drawn = self._kept(token)
        if drawn is None or not 1 <= number <= drawn.view.pages:
            return None
        # PDFium, which draws and inspects, is not made for several threads.
        async with self._busy:
            return await asyncio.to_thread(_picture, drawn.file, number)

    def unpaged(self, token: str) -> tuple[Medium, bytes] | None:
        """Return a web page or plain text that was shown; None if it is not kept any more."""
        drawn = self._kept(token)
        return (drawn.view.medium, drawn.file) if drawn and not drawn.view.pages else None

    def _kept(self, token: str) -> Drawn | None:
        return next((drawn for drawn in self._good.values() if drawn.view.token == token), None)

    async def save(self, edit: Edit) -> str:
        """Write a translation into its catalog, no other line changed; return the new digest.

        Raises `ConflictError` if the file is not the one that was read,
        `RequestError` for a message that does not exist or a text that would damage the page.
        """
        async with self._busy:
            return await asyncio.to_thread(self._save, edit)

    def _save(self, edit: Edit) -> str:
        library = self._library
        if edit.language == SOURCE or edit.language not in library.languages:
            raise RequestError(f"“{edit.language}” has no catalog to write into.")
        domains = {po.domains_of(slug)[1] for slug in library.leaflets} | set(library.leaflets)
        if edit.domain not in domains:
            raise RequestError(f"There is no catalog “{edit.domain}”.")
        messages = extract.domain(library, edit.domain)
        message = next((message for message in messages if message.id == edit.id), None)
        if message is None:
            raise RequestError(f"There is no message “{edit.id}” in {edit.domain}.")
        for fault in integrity.faults(message.source, [form for form in edit.forms if form]):
            raise RequestError(f"{fault.code.id}: {fault.message} Nothing was saved.")
        name = po.file_name(edit.language, edit.domain)
        path = overlay.find(library.roots.locales, name)
        if path is None:
            raise RequestError(f"{name} does not exist; run `leaflets translate update`.")
        before = path.read_bytes()
        if digest(before) != edit.digest:
            raise ConflictError(
                f"{name} was changed by another program; look at the new page, then save again."
            )
        root = next(root for root in library.roots.locales if path.is_relative_to(root))
        after = edited(before.decode("utf-8"), {message.key: edit.forms}).encode()
        files.write(root, name, after)
        return digest(after)


@lru_cache(maxsize=64)
def _picture(pdf: bytes, number: int) -> bytes:
    return pictures.png(pictures.page(pdf, number, _DPI), fast=True)
