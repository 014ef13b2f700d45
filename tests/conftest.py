"""What many tests need: every leaflet printed once, and a clinic folder to change at will."""

import datetime as dt
import os
import re
import signal
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from weasyprint.text.fonts import FontConfiguration

from leaflets import clock
from leaflets.catalogs.merge import Notes
from leaflets.compose.compose import compose
from leaflets.compose.composition import Composition
from leaflets.compose.inputs import Inputs
from leaflets.compose.notes import Notebook
from leaflets.compose.plan import Edition, Released, Request, plan, released
from leaflets.editions.build import Job, Means, Outcome, build, inputs_of
from leaflets.editions.make import make_edition
from leaflets.editions.proof import Proof
from leaflets.editions.workers import Limits, processes
from leaflets.library import fonts, home, load
from leaflets.library.load import Library
from leaflets.output import shelf
from leaflets.problem import Problem
from leaflets.records import entering
from leaflets.render.fontconfig import isolated

#: The dates of a release, where a test needs one.
RELEASE = Released(reviewed=dt.date(2026, 8, 6), due=dt.date(2028, 8, 6))

CLINIC_TOML = """
name = "Test clinic"
region = "GB"
leaflets = ["sample"]
"""

LEAFLET_TOML = """
title = "A sample"
order = 1
pages = {a4 = 2, letter = 2}
red_flags = "general"
emergency_box = "last"

[governance]
authors = ["clinic"]
patients = "none yet"
conflicts = "None declared."

[[governance.changes]]
day = 2026-11-24
what = "The first version."
"""

LEAFLET_HTML = """{% extends "base.html" %}
{% import "parts.html" as part with context %}
{% block main_message %}{% trans "sample.main" trimmed %}Drink water.{% endtrans %}{% endblock %}
{% block body %}
BODY
{% endblock %}
"""


#: The files that take longest: they begin first, so that no process has one left at the end.
LONGEST = (
    "test_editions.py", "test_formats.py", "test_workers.py", "test_faults.py", "test_cache.py",
    "test_standing.py", "test_command.py", "test_signed_pages.py", "test_kill.py",
    "test_tracing_command.py", "test_desk.py", "test_usertest.py", "test_web_robustness.py",
    "test_screen.py", "test_schemas.py", "test_pseudo.py", "test_personal.py", "test_approval.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files that take longest begin first; each file stays in one piece."""
    last = len(LONGEST)
    rank = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, last))


#: A property of a test whose value is printed after all tests: what was measured.
PRINTED = "printed"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured, whichever process they ran in."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, text in report.user_properties:
                if name == PRINTED and report.when == "call":
                    terminalreporter.write_line(f"\n{text}")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give the commands that tests run a cache of their own, empty at first."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session", autouse=True)
def _hear_ctrl_c() -> None:
    """Let what tests start hear Ctrl-C: in the background of a shell nothing does."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _only_our_fonts() -> Iterator[None]:
    """Let every page of this process see the library's fonts only.

    Fontconfig reads its setting once in a process, when the first page is set: whatever a test
    shows by then, it reads ours. Until then nothing is prepared.
    """
    with (
        isolated(fonts.locate(load.load(None).fonts.values())),
        pytest.MonkeyPatch.context() as own,
    ):
        ours = os.environ["FONTCONFIG_FILE"]
        prepare = FontConfiguration.__init__

        def prepared(self: FontConfiguration, *given: Any) -> None:  # noqa: ANN401 - as WeasyPrint has it
            with pytest.MonkeyPatch.context() as shown:
                shown.setenv("FONTCONFIG_FILE", ours)
                prepare(self, *given)

        own.setattr(FontConfiguration, "__init__", prepared)
        yield


@pytest.fixture(scope="session")
def library() -> Library:
    """Return the library without a clinic."""
    return load.load(None)


@cache
def notes() -> Notes:
    """Return what writes the notes of the library; every leaflet is surveyed when one is wanted."""
    return Notebook(load.load(None)).notes


def print_into(
    library: Library, editions: Sequence[Edition], folder: Path, jobs: int = 1
) -> tuple[Outcome, ...]:
    """Print editions into a folder and enter them into the ledger, without a cache."""
    (inputs,) = inputs_of([library]).values()
    with shelf.opened(folder) as output, processes(jobs, Limits()) as crew:
        job = Job(inputs, tuple(editions), output)
        (outcomes,) = build([job], Means(crew), lambda *_: None)
        output.commit()
    if library.clinic.is_named:
        printed = [one.printed for one in outcomes if one.printed]
        entering.enter([(inputs, printed)], clock.today())
    return outcomes


def composed(library: Library, edition: Edition) -> Composition:
    """Compose an edition, which gives it its fingerprint and its code."""
    return compose(Inputs(library), edition)


class ClinicFolder:
    """A clinic folder with a leaflet of its own, `sample`, to write faults into."""

    def __init__(self, path: Path) -> None:
        """Make the folder, with one leaflet, which is in order and is all that it prints."""
        self.path = path
        self.write("clinic.toml", CLINIC_TOML)
        self.write("templates/leaflets/sample/leaflet.toml", LEAFLET_TOML)
        self.body("")

    @classmethod
    def there(cls, path: Path) -> "ClinicFolder":
        """Take a folder as it is."""
        folder = cls.__new__(cls)
        folder.path = path
        return folder

    def write(self, name: str, text: str) -> Path:
        """Write a file of the folder."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def body(self, text: str) -> None:
        """Set the prose of the leaflet."""
        self.write("templates/leaflets/sample/leaflet.html", LEAFLET_HTML.replace("BODY", text))

    def without_our_claims(self) -> None:
        """Let another leaflet state all claims of ours: no release waits for one of them.

        Nor for a number of ours: the warning signs that state one are taken out.
        """
        signs = (home.home() / "templates/redflags.toml").read_text("utf-8")
        with_numbers = r'(?m)^(  .*)"(?:bleeding|fever|blocked)",? ?'
        while (fewer := re.sub(with_numbers, r"\1", signs)) != signs:
            signs = fewer
        self.write("templates/redflags.toml", signs)
        self.write(
            "templates/claims.toml",
            "".join(
                f'[claim.{claim}]\nsays = "S"\nmessages = ["diary.title"]\nbasis = "local"\n'
                for claim in load.load(None).claims.entries
            ),
        )

    def edition(self, language: str = "en", release: Released | None = None) -> Edition:
        """Plan the leaflet, as a draft or as a release."""
        found = load.load(self.path)
        (edition,) = plan(found, Request(leaflets=("sample",), languages=(language,)))
        return released(edition, release) if release else edition

    def proof(self, language: str = "en", release: Released | None = None) -> Proof:
        """Compose, typeset and check the leaflet."""
        return make_edition(Inputs(load.load(self.path)), self.edition(language, release))

    def problems(
        self, language: str = "en", release: Released | None = None
    ) -> tuple[Problem, ...]:
        """Return the problems of the leaflet, apart from sentences of ours not translated."""
        return self.proof(language, release).problems


@pytest.fixture
def clinic(tmp_path: Path) -> ClinicFolder:
    """Return a fresh clinic folder."""
    return ClinicFolder(tmp_path / "clinic")
