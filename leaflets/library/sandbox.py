"""Fill templates without a way into Python, and stop one that goes on without end.

A template sees what it is given and no more: no name that begins with an underscore, no code, no
module, no change of what it was given.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, FileSystemLoader, StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

#: How a template is read, also for its messages: a difference would lose translations silently.
READ_AS: Mapping[str, bool] = {"trim_blocks": True, "lstrip_blocks": True}

#: How often a page may go round a loop or call something: a leaflet does about 400 times, a page
#: of all editions 100,000 times. So many take about a second.
_MOST_STEPS = 1_000_000

#: The largest product, be it a number or a text that is repeated.
_LARGEST = 100_000

#: What reading or filling a template can raise.
FAULTS = (
    TemplateError,
    LookupError,
    TypeError,
    ValueError,
    ArithmeticError,
    AttributeError,
    NameError,
    AssertionError,
    SyntaxError,
    RecursionError,
    MemoryError,
)

#: No template can name a filter so.
_FILTER = " counted"


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment of Jinja for one page: it counts its steps, and refuses the one too many."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(
        self,
        folders: Sequence[Path],
        loader: BaseLoader | None = None,
        **options: Any,  # noqa: ANN401 - those of Jinja
    ) -> None:
        """Fill the templates of some folders, of which the first wins, or of a loader."""
        super().__init__(
            loader=loader or FileSystemLoader([str(folder) for folder in folders]),
            autoescape=True,
            undefined=StrictUndefined,
            **READ_AS,
            **options,
        )
        self._steps = 0
        self.filters[_FILTER] = self._counted
        self.globals["range"] = self._range

    def call(
        self,
        context: Context,
        called: Callable[..., Any],
        /,
        *arguments: Any,  # noqa: ANN401 - of Jinja
        **named: Any,  # noqa: ANN401 - of Jinja
    ) -> Any:  # noqa: ANN401 - of Jinja
        """Call something for a template."""
        self._count(1)
        return super().call(context, called, *arguments, **named)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 - of Jinja
        """Calculate for a template, unless the result could be huge."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise SecurityError(f"a template cannot use {operator} here")
        if operator == "*":
            sizes = [len(side) if hasattr(side, "__len__") else abs(side) for side in (left, right)]
            if sizes[0] * sizes[1] > _LARGEST:
                raise SecurityError("a product is larger than any that a page has a use for")
        return super().call_binop(context, operator, left, right)

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,  # noqa: FBT001, FBT002 - of Jinja
    ) -> str:
        """Compile a template; Jinja names this as the place to do so in another way."""
        counting: nodes.Template = _Counting().visit(source)
        return super()._generate(counting, name, filename, defer_init)

    def _counted(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self._count(1)
            yield item

    def _range(self, *bounds: int) -> range:
        numbers = range(*bounds)
        # Its length may be beyond what len() can return.
        self._count(_MOST_STEPS + 1 if numbers[_MOST_STEPS:] else len(numbers))
        return numbers

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _MOST_STEPS:
            raise SecurityError(f"it takes more than {_MOST_STEPS:,} steps")


class _Counting(NodeTransformer):
    """Has each round of a loop counted."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - of Jinja
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, _FILTER, [], [], None, None, lineno=node.lineno)
        return node


def reason(error: Exception) -> str:
    """Return what a fault of a template says; a key that is missing, without its quotes."""
    if isinstance(error, LookupError) and error.args:
        return str(error.args[0])
    if isinstance(error, MemoryError):  # Python's reader raises it for what is nested too deeply
        return "it needs more memory than there is, or is nested too deeply"
    return str(error) or type(error).__name__
