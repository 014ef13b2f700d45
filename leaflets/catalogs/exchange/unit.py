"""A unit: one text for a translator or reviewer, as it leaves us and as it comes back."""

from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from leaflets.catalogs import extract, integrity, po
from leaflets.catalogs.edit import edited
from leaflets.catalogs.message import Message
from leaflets.errors import RequestError
from leaflets.library import overlay
from leaflets.library.languages import Language
from leaflets.library.load import Library

#: The numbers looked at to say which numbers a plural form is for.
_NUMBERS = range(201)

_EXAMPLES = 6

#: A domain and the id of a unit in it; or the id and text of a message.
Key = tuple[str, str]


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A message, or one plural form of it, in one language.

    `id` is unique in its domain. `source` is the English of the form, `target` what the catalog
    has, `notes` what a translator should know.
    """

    id: str
    domain: str
    message: Message
    form: int
    source: str
    target: str
    status: Literal["missing", "fuzzy", "translated"]
    notes: tuple[str, ...]

    @property
    def where(self) -> str:
        """Name the place, for a problem."""
        return f"{self.domain}, {self.id}"


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """A target text that came back, with the source that it was made from."""

    domain: str
    id: str
    source: str
    target: str


class Refusal(msgspec.Struct, frozen=True):
    """Why something that came back is not taken: the unit concerned, and what to do."""

    where: str
    message: str

    def sentence(self) -> str:
        """Write it as one line."""
        return f"{self.where}: {self.message}"


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """What an import comes to: the catalogs it changes, with their new text, or refusals.

    `changed` and `fuzzy` name units: those with new text, and those that stay fuzzy because their
    text came back as it was. If anything is refused, there are no files.
    """

    files: Mapping[Path, bytes]
    changed: tuple[str, ...]
    fuzzy: tuple[str, ...]
    refused: tuple[Refusal, ...]


def units(library: Library, language: Language, domain: str) -> tuple[Unit, ...]:
    """List the units of a domain in page order; a message with plural forms is one for each form.

    Raises `InputError` for a catalog that cannot be read.
    """
    catalog = po.load(library, language.tag, domain)
    return tuple(
        unit
        for message in extract.domain(library, domain)
        for unit in _of_message(message, language, domain, catalog)
    )


def _of_message(
    message: Message, language: Language, domain: str, catalog: po.Catalog
) -> Iterator[Unit]:
    translation = catalog.entries.get(message.key)
    count = language.plural_count if message.plural else 1
    for form in range(count):
        forms = translation.forms if translation else ()
        target = forms[form] if form < len(forms) else ""
        fuzzy = translation is not None and translation.fuzzy
        yield Unit(
            id=f"{message.id}.form-{form}" if message.plural else message.id,
            domain=domain,
            message=message,
            form=form,
            source=_source(message, language, form),
            target=target,
            status="missing" if not target else "fuzzy" if fuzzy else "translated",
            notes=(*message.comments, *_form_note(message, language, form)),
        )


def _source(message: Message, language: Language, form: int) -> str:
    """Return the English of a form: the singular for the form of the number one, if it has one."""
    if not message.plural:
        return message.text
    singular = language.plural_count > 1 and form == po.plural_function(language.plural_forms)(1)
    return message.text if singular else message.plural


def _form_note(message: Message, language: Language, form: int) -> Iterator[str]:
    if message.plural:
        index = po.plural_function(language.plural_forms)
        numbers = [str(number) for number in _NUMBERS if index(number) == form]
        more = ", …" if len(numbers) > _EXAMPLES else ""
        yield (
            f"Plural form {form + 1} of {language.plural_count}, for the numbers"
            f" {', '.join(numbers[:_EXAMPLES])}{more}"
        )


def intake(
    library: Library, language: Language, units: Sequence[Unit], returned: Sequence[Returned]
) -> Intake:
    """Take over target text by unit id, and nothing else; refuse all if a part is refused.

    `units` are ours of the domains concerned. An empty target is passed over. Refused are a domain
    or unit that we do not have, a unit that comes twice, one whose English is no longer ours, a
    translation that would damage the page, and a fuzzy message of which only some plural forms
    come. Writes nothing. Raises `RequestError` for a catalog that lacks a message of the templates.
    """
    ours = {(unit.domain, unit.id): unit for unit in units}
    refused = list(_strangers(ours, returned))
    came = {
        (text.domain, text.id): text.target
        for text in returned
        if text.target and (text.domain, text.id) in ours
    }
    changed = {key: text for key, text in came.items() if text != ours[key].target}
    for key, text in changed.items():
        refused += _damage(ours[key], text)
        refused += _halves(ours[key], ours, came)
    return Intake(
        files={} if refused else dict(_files(library, language, ours, changed)),
        changed=tuple(name for _, name in changed),
        fuzzy=tuple(
            name
            for domain, name in came
            if (domain, name) not in changed and ours[domain, name].status == "fuzzy"
        ),
        refused=tuple(refused),
    )


def _strangers(ours: Mapping[Key, Unit], returned: Sequence[Returned]) -> Iterator[Refusal]:
    """Refuse what does not fit the messages that we have."""
    known = {domain for domain, _ in ours}
    seen: set[Key] = set()
    for text in returned:
        key = (text.domain, text.id)
        where = f"{text.domain}, {text.id}"
        if text.domain not in known:
            yield Refusal(where, f"there is no leaflet “{text.domain}”; take it out of the file.")
        elif key not in ours:
            yield Refusal(where, "there is no such message any more; export again.")
        elif key in seen:
            yield Refusal(where, "it stands twice in the file; take one of them out.")
        elif text.source != ours[key].source:
            yield Refusal(
                where,
                f"its English changed since the export, to “{ours[key].source}”; export again and"
                " translate this.",
            )
        seen.add(key)


def _damage(unit: Unit, target: str) -> Iterator[Refusal]:
    for fault in integrity.faults(unit.message.source, (target,)):
        yield Refusal(unit.where, f"{fault.code.id}: {fault.message} Correct “{target}”.")


def _halves(unit: Unit, ours: Mapping[Key, Unit], came: Container[Key]) -> Iterator[Refusal]:
    """Refuse some forms of a fuzzy message: the others would be confirmed with them, unseen."""
    if unit.status == "fuzzy" and not all(
        key in came for key, other in ours.items() if other.message == unit.message
    ):
        yield Refusal(
            unit.where,
            "the message is fuzzy and not all of its plural forms are in the file; bring all.",
        )


def _files(
    library: Library, language: Language, ours: Mapping[Key, Unit], changed: Mapping[Key, str]
) -> Iterator[tuple[Path, bytes]]:
    """Put the changed texts into the catalogs that hold them."""
    changes: dict[str, dict[Key, list[str]]] = {}
    for key, unit in ours.items():
        text = changed.get(key, unit.target)
        changes.setdefault(unit.domain, {}).setdefault(unit.message.key, []).append(text)
    touched = {(ours[key].domain, ours[key].message.key) for key in changed}
    for domain in dict.fromkeys(domain for domain, _ in touched):
        path = overlay.find(library.roots.locales, po.file_name(language.tag, domain))
        if path is None:
            raise RequestError(
                f"There is no catalog of {domain} in {language.name}; run"
                f" `leaflets translate update {language.tag}` first."
            )
        own = {key: one for key, one in changes[domain].items() if (domain, key) in touched}
        # Bytes, so that the ends of lines stay as they are.
        yield path, edited(path.read_bytes().decode(), own).encode()
