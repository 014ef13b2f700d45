"""A small library that is read in a moment: one leaflet, bare templates, one Spanish catalog."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import polib

from leaflets.library import home, leaflet, load, overlay
from leaflets.library.load import Library
from tests.conftest import LEAFLET_TOML

LEAFLET = """{% extends "base.html" %}
{% import "parts.html" as part with context %}
{% block main_message %}{% trans "sample.main" trimmed %}Drink water.{% endtrans %}{% endblock %}
{% block body %}
<h2>{% trans "sample.head" %}At home{% endtrans %}</h2>
<p>{% trans "sample.bold" %}<strong>Walk</strong> a little.<br>Then rest.{% endtrans %}</p>
<p>{% trans "sample.rest" days=fact("recovery-weeks").text %}Rest for {{ days }}.{% endtrans %}</p>
<p>{{ npgettext("sample.times", "One time %(count)s", "%(count)s times", 2, count=2) }}</p>
{% call part.figure("walker", pgettext("sample.alt", "Somebody walks with a frame.")) %}
{{ part.label(9, 9, "left", pgettext("sample.label", "Frame")) }}
{% endcall %}
{% endblock %}
"""

#: The files below `templates`.
FILES = {
    "base.html": "<!DOCTYPE html><title>{{ title }}</title>{% block main_message %}{% endblock %}"
    "{% block body %}{% endblock %}",
    "parts.html": "{% macro figure(name, alt) %}<img alt='{{ alt|striptags }}'>{{ caller() }}"
    "{% endmacro %}{% macro label(x, y, side, text) %}<i>{{ text }}</i>{% endmacro %}",
    "common/redflags.html": "",
    "common/medicines.html": "",
    "desk/page.html": '{{ pgettext("desk.ready", "Ready.") }}',
    "desk/cover.html": "",
    "review/sheet.html": (home.home() / "templates/review/sheet.html").read_text("utf-8"),
    "leaflets/sample/leaflet.html": LEAFLET,
    "leaflets/sample/leaflet.toml": LEAFLET_TOML,
}

#: The English of each message of the leaflet, and the Spanish that a translator gave.
MESSAGES: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "sample.title": (("A sample",), ("Un ejemplo",)),
    "sample.main": (("Drink water.",), ("Beba agua.",)),
    "sample.head": (("At home",), ("En casa",)),
    "sample.bold": (
        ("<strong>Walk</strong> a little.<br>Then rest.",),
        ("<strong>Camine</strong> un poco.<br>Descanse.",),
    ),
    "sample.rest": (("Rest for %(days)s.",), ("Descanse %(days)s.",)),
    "sample.times": (
        ("One time %(count)s", "%(count)s times"),
        ("%(count)s vez", "%(count)s veces"),
    ),
    "sample.alt": (("Somebody walks with a frame.",), ("Alguien camina con andador.",)),
    "sample.label": (("Frame",), ("Andador",)),
}


def catalog(forms: dict[str, Sequence[str]]) -> bytes:
    """Write a catalog of the leaflet, with what it is given in the place of the Spanish."""
    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Language": "es",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for name, (source, target) in MESSAGES.items():
        texts = forms.get(name, target)
        plural = dict(enumerate(texts)) if len(source) > 1 else None
        file.append(
            polib.POEntry(
                msgctxt=name,
                msgid=source[0],
                msgid_plural=source[1] if plural else "",
                msgstr="" if plural else texts[0],
                msgstr_plural=plural,
                comment="A note",
            )
        )
    return str(file).encode("utf-8", "surrogatepass")


def library(folder: Path) -> Library:
    """Write the files of the library below a folder, and read them."""
    for name, text in FILES.items():
        path = folder / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    catalog_of(folder).parent.mkdir(parents=True, exist_ok=True)
    catalog_of(folder).write_bytes(catalog({}))
    templates = (folder / "templates",)
    roots = overlay.Roots(templates, (folder / "locales",))
    return msgspec.structs.replace(
        load.load(None), roots=roots, leaflets=leaflet.load(list(templates))
    )


def catalog_of(folder: Path) -> Path:
    """Return where the Spanish catalog of the leaflet lies."""
    return folder / "locales" / "es" / "LC_MESSAGES" / "sample.po"
