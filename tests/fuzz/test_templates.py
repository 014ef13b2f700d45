"""Templates: what one can do is fill a page; it reaches no file of others, and comes to an end."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.catalogs import extract
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, plan_one
from leaflets.library.load import Library
from tests.fuzz import inputs, small
from tests.fuzz.harness import examples, outcome, watched

#: What stands in a file beside the templates, and must never be shown.
BESIDE = "Zanzibar"

PIECES = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ fact.__globals__ }}",
    "{{ fact.__self__ }}", "{{ title.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}", "{{ cycler.__init__ }}",
    "{{ fact.__func__.__globals__['sys'] }}", "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}", "{{ '{0.__class__}'.format(fact) }}",
    "{{ lipsum.__globals__.os.popen('id').read() }}", "{{ region.__struct_fields__ }}",
    "{{ range.__self__ }}", "{% set x = [] %}{{ x.append(1) }}",
    "{% for a in range(1000000000) %}{% endfor %}",
    "{% for a in range(10000) %}{% for b in range(10000)" " %}{% endfor %}{% endfor %}",
    "{{ 'a' * 1000000000 }}", "{{ 9 ** 9 ** 9 }}", "{{ '%9999999d' % 1 }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include 'leaflets/sample/leaflet.html' %}", "{% include '../secret.html' %}",
    "{% include '/etc/hostname' %}", "{% include 'secret.html' %}",
    "{% extends '../../../etc/hostname' %}", "{% import '../secret.html' as x %}",
    "{% include [] %}", "{{ 1|nothing }}", "{{ 1 is nothing }}", "{% nothing %}", "{{ 1 / 0 }}",
    "{{ fact('nothing') }}", "{{ fact() }}", "{{ fact([]) }}", "{{ local('nothing') }}",
    "{{ picture('../../secret') }}", "{{ picture('/etc/hostname') }}",
    "{{ picture('icon-pen') }}", "{{ style('../secret') }}", "{% raw %}",
    "{{ stage_days(10 ** 9, 1) }}", "{{ stage_days('a', none) }}", "{{ day_numbers(1, 4) }}",
    "{{ isolated(7) }}", "{{ day_numbers(1, 1000000000) }}", "{{ flags('emergency') }}",
    "{{ flags(1) }}", "{{ flag_printed([]) }}", "{% trans %}No id{% endtrans %}",
    "{% trans 'sample.x' %}{{ a.b }}{% endtrans %}", "{{ gettext('x') }}",
    "{% trans 'sample.x', n=3 %}a{% pluralize %}b{% endtrans %}", "{{ pgettext(1, 2) }}",
    "{{ pgettext() }}", "{% trans 'sample.x' days=1 %}{{ days }}{% endtrans %}",
    "{{ npgettext('a', 'b', 'c', 'd') }}", "{{ pgettext('sample.x', '%(a)s') }}",
    "{{ pgettext('sample.x', '%') }}", "{% block body %}", "{# ", "{% if 1 %}", "{% endif %}",
    "{% for a in 5 %}{% endfor %}", "{% set a.b = 1 %}", "{{", "}}", "{%", "%}",
    "{{ leaflet.slug }}", "{{ clinic.name }}", "{{ x }}", "{{ loop }}", "{{ caller() }}",
    "{{ dict(**1) }}", "{{ namespace(a=1).a }}", "{{ [1][9] }}", "{{ {}['a'] }}",
    "{{ 'x'|format(1) }}", "{{ [3, 'a']|sort }}", "{{ " + "(" * 150 + "1" + ")" * 150 + " }}",
    "{% if 1 %}" * 120 + "{% endif %}" * 120, "{{ 'é'|safe }}",
    "{% for a in [1] %}" * 25 + "{% endfor %}" * 25, "{{ " + "1 + " * 2000 + "1 }}",
    "{{ 'a' ~ " * 9 + "}}", "\ue000", "\ue002", "\0", "\r", "<script>", "{{ 1e999|int }}",
    "{{ 'a'|int(base=99) }}", "{% debug %}", "{{ [[1]]|sum }}", "{{ none|length }}",
    "{{ range(1, 9, 0)|list }}", "{{ (1, 2)|random }}", "{% do 1 %}",
    "{{ 'a'.encode('nothing') }}", "{{ b'a' }}", "{{ 7|batch(0)|list }}", "{{ 7.real.imag }}",
    "{{ ... }}",
)  # fmt: skip


class Folder:
    """A small library, a leaflet of which is changed; a file lies beside it that is nobody's."""

    def __init__(self, path: Path) -> None:
        """Write the library, and the file."""
        self.path = path / "library"
        self.library: Library = small.library(self.path)
        self.template = self.path / "templates/leaflets/sample/leaflet.html"
        for place in (path / "secret.html", self.path / "secret.html"):
            place.write_text(BESIDE)
        leaflet = self.library.leaflets["sample"]
        self.edition: Edition = plan_one(self.library, leaflet, self.library.languages["es"])

    def filled(self) -> str:
        """Extract the messages of the template, and fill it."""
        outcome(extract.domain, self.library, "sample")
        return compose(Inputs(self.library), self.edition).html


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(tmp_path_factory.mktemp("templates"))


def _templates() -> st.SearchStrategy[bytes]:
    pieces = [piece.encode() for piece in PIECES]
    parts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
    within = parts.map(lambda text: small.LEAFLET.replace("</h2>", f"</h2>{text}").encode())
    return st.one_of(
        within, parts.map(str.encode), inputs.changed([small.LEAFLET.encode()], pieces)
    )


@examples(8_000, quick=80)
@given(_templates())
def test_a_template_is_filled_or_refused_in_one_sentence(folder: Folder, data: bytes) -> None:
    folder.template.write_bytes(data)
    with watched("template", folder.path / "templates", folder.path / "locales"):
        found = outcome(folder.filled)
    assert BESIDE not in str(found)
    assert "<class '" not in str(found)
