"""Compose: an edition's template, facts and catalogs become one HTML page and its account."""

import jinja2
import msgspec

from leaflets.catalogs import extract, marks, po, pseudo
from leaflets.catalogs.translator import Translator
from leaflets.compose import bilingual, qr
from leaflets.compose.breaking import with_breaks
from leaflets.compose.composition import Composition
from leaflets.compose.inputs import Input, Inputs
from leaflets.compose.page import Page, names
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition
from leaflets.compose.templates import Loader, environment
from leaflets.compose.views import CODE, QR
from leaflets.errors import InputError
from leaflets.library import edition_code
from leaflets.library.sandbox import FAULTS, reason


def compose(inputs: Inputs, edition: Edition, personal: Personal | None = None) -> Composition:
    """Fill the template of an edition; a bilingual one has each text in both of its languages.

    With `personal`, the blanks of one patient are filled; nothing of it is kept, and the edition
    code is that of the sheet without it. Raises `InputError` naming template and line if the
    template cannot be filled.
    """
    composition = filled(inputs, edition)
    fingerprint = inputs.fingerprint(edition, composition.html, composition.inputs)
    if personal:
        composition = filled(inputs, edition, personal)
    address = inputs.library.clinic.address
    return msgspec.structs.replace(
        composition,
        html=_with_code(composition.html, address, edition_code.of(fingerprint)),
        fingerprint=fingerprint,
        assets=inputs.assets(composition.inputs),
    )


def filled(inputs: Inputs, edition: Edition, personal: Personal | None = None) -> Composition:
    """Compose an edition without its fingerprint; the places of its code hold a mark."""
    own = _composed(inputs, edition, personal)
    beside = None
    asked = own.inputs
    if edition.beside is not None:
        other = msgspec.structs.replace(edition, language=edition.beside)
        beside = _composed(inputs, other, personal)
        both = bilingual.interleaved(own.html, beside.html, edition.beside, inputs.library.parts)
        own = msgspec.structs.replace(own, html=both)
        asked = tuple(dict.fromkeys((*asked, *beside.inputs)))
    html = _finished(own.html, edition)
    return msgspec.structs.replace(own, html=html, beside=beside, inputs=asked)


def _composed(inputs: Inputs, edition: Edition, personal: Personal | None) -> Composition:
    """Fill the template in one language; the marks of `catalogs.marks` are still in the page."""
    library = inputs.library
    translator = Translator(
        edition.language, _catalogs(inputs, edition), library.parts, library.overrides
    )
    page = Page(library, edition, translator, personal)
    loader = Loader(inputs)
    templates = environment(library.roots.templates, translator, loader)
    context = names(library, edition, page)
    try:
        html = templates.get_template(edition.leaflet.template).render(context)
    except jinja2.TemplateSyntaxError as error:
        raise _template_error(
            error.filename, error.lineno, error.message or "syntax error"
        ) from None
    except jinja2.TemplateNotFound as error:
        raise InputError(
            edition.leaflet.template, f"the template {error} does not exist."
        ) from None
    except FAULTS as error:
        file, line = _raised_at(error)
        raise _template_error(file or edition.leaflet.template, line, reason(error)) from None
    return Composition(
        html=html,
        title=marks.unmarked(page.title()),
        inputs=_asked(inputs, edition, page, translator, loader),
        requested=dict(translator.requested),
        missing=tuple(translator.missing),
        faults=dict(translator.faults),
        flags=tuple(page.printed),
        facts=tuple(page.used),
        locals=tuple(page.asked_locally),
        stamps=page.stamps(),
        details=page.details(),
    )


def _asked(
    inputs: Inputs, edition: Edition, page: Page, translator: Translator, loader: Loader
) -> tuple[Input, ...]:
    tag = edition.language.tag
    return (
        *inputs.always(edition),
        *(("template", name) for name in loader.loaded),
        *page.asked,
        *(("message", tag, *key) for key in translator.asked),
        *([("pseudo", tag, edition.leaflet.slug)] if edition.language.pseudo else ()),
    )


def _catalogs(inputs: Inputs, edition: Edition) -> list[po.Catalog]:
    """Read the catalogs of the language; make those of a pseudo-language from the templates."""
    library, language, slug = inputs.library, edition.language, edition.leaflet.slug
    if not language.pseudo:
        return inputs.catalogs(edition)
    return [
        pseudo.catalog(extract.domain(library, domain), language) for domain in po.domains_of(slug)
    ]


def _finished(html: str, edition: Edition) -> str:
    """Trace the messages of pages to print, and mark where their lines may break."""
    if edition.format.medium != "print":
        return marks.unmarked(html)
    traced = marks.traced(html)
    for language in edition.languages:
        if language.line_breaks == "icu":
            traced = with_breaks(traced, language.tag)
    return traced


def _with_code(html: str, address: str, edition_code: str) -> str:
    """Put the edition code where a page waits for it: it is made of the rest of the page."""
    if QR in html:
        html = html.replace(QR, qr.svg(address + edition_code))
    return html.replace(CODE, edition_code)


def _raised_at(error: BaseException) -> tuple[str | None, int]:
    """Find the innermost template line that an error passed through."""
    file, line = None, 0
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith(".html"):
            file, line = name, trace.tb_lineno
        trace = trace.tb_next
    return file, line


def _template_error(file: str | None, line: int | None, message: str) -> InputError:
    text = message[:1].lower() + message[1:].rstrip(".")
    at = f"line {line}" if line else ""
    return InputError(file or "template", f"{text}; correct the template.", at=at)
