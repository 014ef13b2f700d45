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
            name=f"leaflets {words}",
            ours=times[key],
            theirs=times["typer"],
            unit="s",
            against="--help of a Typer program with one command",
            goal=GOALS[key],
            headline=True,
        )
        for key, words in (("help", "--help"), ("list", "list"))
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
