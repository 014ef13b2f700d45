"""The profiles of fuzzing, and the count of inputs at the end."""

import hypothesis
import pytest

from tests.fuzz.harness import LONG, counted

hypothesis.settings.register_profile(LONG)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many inputs were tried of each kind."""
    if counted and hypothesis.settings.get_current_profile_name() == LONG:
        terminalreporter.section("inputs")
        for target, number in sorted(counted.items()):
            terminalreporter.write_line(f"{target:<34} {number:>8,}")
        terminalreporter.write_line(f"{'all together':<34} {counted.total():>8,}")
