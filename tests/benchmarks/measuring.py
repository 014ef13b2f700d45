"""What every question measures with: rows, goals, sizes, our command, and a clinic folder."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]

LEAFLETS = (
    "about-sacroplasty", "symptoms", "preparation", "recovery", "fall-prevention",
    "osteoporosis-care", "living-well", "diary", "warning-card",
)  # fmt: skip
LANGUAGES = ("en", "es", "ar", "hi", "zh-Hans")


class Goal(msgspec.Struct, frozen=True):
    """A bound that a ratio should keep: at least `bound`, or at most if `most`."""

    bound: float
    most: bool = False

    def met(self, ratio: float) -> bool:
        """Tell whether a ratio keeps the bound."""
        return ratio <= self.bound if self.most else ratio >= self.bound

    def __str__(self) -> str:
        """Write the bound as the table shows it."""
        return f"{'≤' if self.most else '≥'} {self.bound:g}"


#: What we aim at, as issue 5 states it. A ratio is ours over theirs: of speed at least, of time and
#: memory at most.
GOALS: Mapping[str, Goal] = {
    "loop": Goal(2),
    "command": Goal(2),
    "chromium": Goal(1),
    "typst": Goal(1),  # for many clinics
    "unchanged": Goal(0.01, most=True),
    "sentence": Goal(1.5, most=True),
    "clinics": Goal(0.9),
    "memory": Goal(1.1, most=True),
    "help": Goal(1.3, most=True),
    "list": Goal(1, most=True),
    "preview": Goal(0.5, most=True),
    "growth": Goal(1.1, most=True),
}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A figure: ours, theirs, and ours over theirs; `note` says what differs between the two.

    A `headline` stands in the table of README too.
    """

    name: str
    ours: float
    theirs: float
    unit: str
    against: str
    goal: Goal | None = None
    note: str = ""
    headline: bool = False

    @property
    def ratio(self) -> float:
        """Return ours over theirs."""
        return self.ours / self.theirs


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much is measured: rounds, leaflets, clinics and editions."""

    rounds: int = 3
    starts: int = 15
    saves: int = 20
    leaflets: tuple[str, ...] = LEAFLETS
    subset: tuple[str, ...] = ("preparation", "recovery", "warning-card")
    clinics: tuple[int, ...] = (1, 5, 20)
    memory: int = 300


QUICK = Size(
    rounds=2, starts=9, saves=6, leaflets=("preparation", "recovery", "warning-card"),
    subset=("recovery", "warning-card"), clinics=(1, 3, 6), memory=100,
)  # fmt: skip


def environment(cache: Path) -> dict[str, str]:
    """Return the environment of a command of ours, with a cache folder of its own."""
    kept = {key: value for key, value in os.environ.items() if key != "LEAFLETS_CACHE"}
    return kept | {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache)}


def without_fonts(variables: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that shows no fonts: our command does so itself."""
    return {key: value for key, value in variables.items() if key != "FONTCONFIG_FILE"}


def leaflets(cache: Path, *arguments: str) -> str:
    """Run our command, and return what it prints; raise if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "leaflets", *arguments],
        env=without_fonts(environment(cache)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"leaflets {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


def build(work: Path, *arguments: str) -> None:
    """Build without a cache, into a new folder."""
    with tempfile.TemporaryDirectory(dir=work) as name:
        leaflets(Path(name), "build", "--no-cache", "-o", str(Path(name) / "out"), *arguments)


def chosen(flag: str, names: Sequence[str]) -> list[str]:
    """Repeat an option for each of some names."""
    return [part for name in names for part in (flag, name)]


def seconds(task: Callable[[], object]) -> float:
    """Time a task by the clock on the wall."""
    began = time.perf_counter()
    task()
    return time.perf_counter() - began


def interleaved(tasks: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Do all tasks in turn, again and again, and return the median of each.

    Every other round goes backwards, so that none always comes after the same one.
    """
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(rounds):
        for name in sorted(tasks, key=list(tasks).index, reverse=number % 2 == 1):
            times[name].append(tasks[name]())
    return {name: statistics.median(found) for name, found in times.items()}


@contextmanager
def folder() -> Iterator[Path]:
    """Lend a folder, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="leaflets-bench-") as name:
        yield Path(name)


def clinic_of_sites(path: Path, count: int, languages: Sequence[str]) -> Path:
    """Write a clinic folder with so many sites, each with a name and number of its own."""
    quoted = ", ".join(f'"{tag}"' for tag in languages)
    lines = ['name = "Hill Clinics"', 'region = "GB"', f"languages = [{quoted}]"]
    for number in range(1, count + 1):
        lines += [
            f"[site.s{number}]",
            f'name = "Hill Street {number}"',
            f'phone = "020 7946 {number:04}"',
        ]
    path.mkdir()
    (path / "clinic.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return path


def with_own_locales(path: Path) -> Path:
    """Write a clinic folder with a copy of all catalogs."""
    path.mkdir()
    (path / "clinic.toml").write_text('name = "Bench"\nregion = "GB"\n', "utf-8")
    shutil.copytree(ROOT / "locales", path / "locales")
    return path
