"""Find the messages of the templates, in the order of the page."""

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import polib
from babel.messages.extract import extract
from jinja2.exceptions import TemplateSyntaxError

from leaflets.catalogs import domains
from leaflets.catalogs.message import OVERRIDES, Message
from leaflets.errors import InputError
from leaflets.library import markup, overlay, overrides
from leaflets.library.leaflet import Leaflet
from leaflets.library.load import Library
from leaflets.library.overrides import Override
from leaflets.library.sandbox import FAULTS, READ_AS, reason

_BABEL_OPTIONS: Mapping[str, str] = {
    "silent": "false",
    "newstyle_gettext": "true",
    "encoding": "utf-8",
    **{option: str(value).lower() for option, value in READ_AS.items()},
}

_KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...]] = {
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def domain(library: Library, name: str) -> tuple[Message, ...]:
    """Extract the messages of a domain: `common`, `desk`, `overrides`, or the slug of a leaflet.

    A message that the clinic overrides is one of `overrides`, and of no other domain.
    """
    if name == OVERRIDES:
        found = (message for slug in library.leaflets for message in original(library, slug))
        return tuple(
            _overridden(message, library.overrides[message.id])
            for message in found
            if message.id in library.overrides
        )
    return tuple(
        message for message in original(library, name) if message.id not in library.overrides
    )


def original(library: Library, name: str) -> tuple[Message, ...]:
    """Extract the messages of a domain as its templates have them."""
    templates = library.roots.templates
    if name in library.leaflets:
        return _leaflet(templates, library.leaflets[name])
    files = domains.files_of(library, name)
    return tuple(message for file in files for message in _of_template(templates, file))


def ours(library: Library, name: str) -> Mapping[str, Message]:
    """Map the ids of the messages of a domain to what we say, where a clinic may say otherwise.

    Titles are not among them. Without a clinic's own templates there is nothing to compare.
    """
    *own, root = library.roots.templates
    files = domains.files_of(library, name) if own else ()
    found = (
        message
        for file in files
        if file.endswith(".html") and (root / file).is_file()
        for message in _of_template((root,), file)
    )
    return {message.id: message for message in found}


def _leaflet(templates: Sequence[Path], leaflet: Leaflet) -> tuple[Message, ...]:
    """Extract the messages of one leaflet: its title, then its prose."""
    name = f"leaflets/{leaflet.slug}/leaflet.toml"
    title = Message(leaflet.title_id, leaflet.title, "", name, ("Title of the leaflet.",))
    return (title, *_of_template(templates, leaflet.template))


def _overridden(message: Message, override: Override) -> Message:
    note = f"In place of: {message.text}"
    return Message(
        message.id, override.text, override.plural, overrides.FILE, (note, *message.comments)
    )


def _of_template(templates: Sequence[Path], name: str) -> Iterator[Message]:
    path = overlay.find(templates, name)
    if path is None:
        raise InputError(name, "the template does not exist; restore it.")
    try:
        found = _extracted(path.read_bytes())
    except TemplateSyntaxError as error:
        raise InputError(path, f"{error.message}; correct it.", at=f"line {error.lineno}") from None
    except FAULTS as error:
        raise InputError(path, f"it cannot be read ({reason(error)}); correct it.") from None
    for text, comments, context in found:
        if not context:
            shown = text if isinstance(text, str) else text[0]
            raise InputError(path, f"the message “{shown}” has no id; give it one.")
        singular, plural = (text, "") if isinstance(text, str) else (text[0], text[1])
        yield Message(context, singular, plural, name, comments)


@lru_cache(maxsize=256)
def _extracted(template: bytes) -> tuple[tuple[str | tuple[str, ...], tuple[str, ...], str], ...]:
    """Extract text, comments and id of each message; a check asks for one template many times."""
    found = extract(
        "jinja2.ext:babel_extract",
        io.BytesIO(template),
        keywords=dict(_KEYWORDS),
        comment_tags=("L10N:",),
        options=dict(_BABEL_OPTIONS),
        strip_comment_tags=True,
    )
    return tuple(
        (text, tuple(" ".join(note.split()) for note in comments), context or "")
        for _line, text, comments, context in found
    )


def template_catalog(messages: Sequence[Message]) -> polib.POFile:
    """Write the messages as a POT: in page order, by file, without dates or line numbers."""
    pot = polib.POFile(wrapwidth=0)
    pot.metadata = {
        "Project-Id-Version": "Leaflets",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for message in messages:
        python_format = markup.placeholders(message.text + message.plural)
        pot.append(
            polib.POEntry(
                msgctxt=message.id,
                msgid=message.text,
                msgid_plural=message.plural,
                msgstr_plural={0: "", 1: ""} if message.plural else None,
                occurrences=[(f"templates/{message.file}", "")],
                comment="\n".join(message.comments),
                flags=["python-format"] if python_format else [],
            )
        )
    return pot
