"""How long a command takes that does little: its help, and what there is."""

import subprocess
import sys
from functools import partial
from pathlib import Path

from tests.benchmarks.measuring import (
    GOALS,
    Row,
    Size,
    environment,
    folder,
    interleaved,
    seconds,
)

#: What a list may take, in seconds.
_MOMENT = 0.5

_SMALLEST = '''"""The smallest Typer program."""
import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def hello(name: str = "you") -> None:
    """Say hello."""
    typer.echo(f"Hello {name}")


app()
'''


def rows(size: Size) -> list[Row]:
    """Start each in turn."""
    with folder() as work:
        smallest = work / "smallest.py"
        smallest.write_text(_SMALLEST, "utf-8")
        commands = {
            "typer": [str(smallest), "--help"],
            "help": ["-m", "leaflets", "--help"],
            "list": ["-m", "leaflets", "list"],
        }
        tasks = {name: partial(_taken, work, words) for name, words in commands.items()}
        for task in tasks.values():
            task()  # so that what Python compiles is compiled
        times = interleaved(tasks, size.starts)
    return [
        Row(
            name="leaflets --help",
            ours=times["help"],
            theirs=times["typer"],
            unit="s",
            against="--help of a Typer program with one command",
            goal=GOALS["help"],
            headline=True,
        ),
        Row(
            name="leaflets list, the whole catalogue",
            ours=times["list"],
            theirs=_MOMENT,
            unit="s",
            against="half a second",
            goal=GOALS["list"],
            headline=True,
        ),
    ]


def _taken(work: Path, words: list[str]) -> float:
    def task() -> None:
        subprocess.run(
            [sys.executable, *words],
            env=environment(work),
            cwd=work,
            check=True,
            capture_output=True,
        )

    return seconds(task)
