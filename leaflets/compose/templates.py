"""Templates: how they are found, and what fills them with the words of a language."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType

import jinja2
from jinja2.bccache import Bucket
from jinja2.loaders import split_template_path

from leaflets.catalogs.translator import Translator
from leaflets.compose.inputs import Inputs
from leaflets.library.sandbox import Sandbox


class _Compiled(jinja2.BytecodeCache):
    """Keeps compiled templates in memory; Jinja looks them up by the hash of their source."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with the code compiled before from the same source."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a bucket."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Loader(jinja2.BaseLoader):
    """Loads templates as the inputs hold them, and lists those that were loaded."""

    def __init__(self, inputs: Inputs) -> None:
        """Take the inputs; nothing is loaded yet."""
        self._inputs = inputs
        self.loaded: dict[str, None] = {}

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Return the text of a template, and its path; raise `TemplateNotFound`."""
        del environment
        split_template_path(template)  # refuses a way out of the folders
        path = self._inputs.find(template)
        data = self._inputs.read(path) if path else None
        if path is None or data is None:
            raise jinja2.TemplateNotFound(template)
        self.loaded[template] = None
        return data.decode(), str(path), lambda: True


def environment(
    templates: Sequence[Path], translator: Translator, loader: jinja2.BaseLoader | None = None
) -> jinja2.Environment:
    """Make what fills the templates of some folders with the words of a translator."""
    made = Sandbox(templates, loader, extensions=["jinja2.ext.i18n"], bytecode_cache=_COMPILED)
    made.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        gettext=translator.gettext,
        ngettext=translator.ngettext,
        pgettext=translator.pgettext,
        npgettext=translator.npgettext,
        newstyle=True,
    )
    return made
