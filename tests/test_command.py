"""The command: what it prints, its exit codes, and that a failed edition leaves the last file."""

import fcntl
import importlib
import json
import os
import pkgutil
import pty
import subprocess
import sys
import termios
import tomllib
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from typer.testing import CliRunner

from leaflets.cli.main import app
from leaflets.editions.codes import CODES
from leaflets.errors import ExitCode
from leaflets.library import load
from leaflets.library.load import Library
from tests.conftest import ClinicFolder
from tests.waiting import HANG

SMALL = ("--language", "en", "--format", "a4", "--jobs", "1")


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "leaflets", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


def test_a_build_in_a_pipe_is_plain_lines_and_a_closing_table(tmp_path: Path) -> None:
    done = run("build", "warning-card", "diary", *SMALL, "--output", tmp_path)
    assert done.returncode == ExitCode.OK
    assert "1/2 " in done.stdout
    assert "2/2 " in done.stdout
    assert "\x1b" not in done.stdout
    table = done.stdout[done.stdout.index("Language") :].splitlines()
    assert table[0].split() == [
        "Language", "Editions", "Unchanged", "Pages", "Drafts", "Warnings", "Errors",
    ]  # fmt: skip
    assert table[1].split()[:2] == ["English", "2"]
    pages = 0
    for slug in ("diary", "warning-card"):
        with pikepdf.open(tmp_path / f"en/{slug}-en-a4.pdf") as pdf:
            pages += len(pdf.pages)
    assert table[1].split()[3:] == [str(pages), "2", "0", "0"]
    assert str(tmp_path) in table[-1]
    assert len([*(tmp_path / "en").iterdir()]) == 2


def test_a_build_for_a_program_is_json(tmp_path: Path) -> None:
    done = run("build", "warning-card", *SMALL, "--output", tmp_path, "--json")
    (edition,) = json.loads(done.stdout)
    assert edition["file"] == "en/warning-card-en-a4.pdf"
    assert edition["printed"]
    assert edition["problems"] == []


def test_a_failed_edition_leaves_the_last_good_file_and_is_named(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = ("build", "sample", "--clinic", clinic.path, *SMALL, "--output", out)
    assert run(*arguments).returncode == ExitCode.OK
    path = out / "en" / "sample-en-a4.pdf"
    before, listed = path.read_bytes(), (out / "manifest.json").read_bytes()
    clinic.body("<p>ཀ</p>")
    done = run(*arguments)
    assert done.returncode == ExitCode.PROBLEMS
    assert "PAGE-01 sample, en, a4, page 1" in done.stdout
    assert "en/sample-en-a4.pdf was not replaced" in done.stdout
    assert path.read_bytes() == before
    assert (out / "manifest.json").read_bytes() == listed
    assert sorted(one.name for one in path.parent.iterdir()) == [path.name]


def test_one_bad_edition_does_not_stop_the_others(clinic: ClinicFolder, tmp_path: Path) -> None:
    clinic.body("{% if %}")
    done = run(
        "build",
        "sample",
        "warning-card",
        "--clinic",
        clinic.path,
        *SMALL,
        "--output",
        tmp_path / "o",
    )
    assert done.returncode == ExitCode.PROBLEMS
    assert "FILE-01" in done.stdout
    assert (tmp_path / "o" / "en" / "warning-card-en-a4.pdf").is_file()


def test_a_release_prints_nothing_and_says_why(tmp_path: Path) -> None:
    done = run("build", "recovery", "-l", "es", "--release", "--output", tmp_path / "out")
    assert done.returncode == ExitCode.HELD_BACK
    assert "recovery, es: held back" in done.stdout
    assert "GOV-01 translator: nobody has signed." in done.stdout
    assert "editions were held back" in done.stdout
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("build", "hips"), "There is no leaflet “hips”"),
        (("build", "--language", "xx"), "There is no language “xx”"),
        (("build", "--format", "a3"), "There is no format “a3”"),
        (("build", "--jobs", "0"), "--jobs"),
        (("explain", "PAGE-99"), "did you mean"),
        (("check", "--language", "xx"), "There is no language “xx”"),
        (("nothing",), "No such command"),
    ],
)
def test_a_wrong_request_ends_with_exit_code_2(arguments: tuple[str, ...], part: str) -> None:
    done = run(*arguments)
    assert done.returncode == ExitCode.USAGE
    assert part in done.stderr


def test_an_output_folder_that_cannot_be_made_ends_with_its_own_exit_code(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = run("build", "warning-card", *SMALL, "--output", tmp_path / "file" / "out")
    assert done.returncode == ExitCode.OUTPUT
    assert done.stderr.count("\n") == 1


def test_missing_fonts_are_named_with_the_command_that_installs_them(tmp_path: Path) -> None:
    nowhere = {
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_DATA_DIRS": str(tmp_path),
        "HOME": str(tmp_path),
    }
    done = run("build", "warning-card", *SMALL, "--output", tmp_path / "out", **nowhere)
    assert done.returncode == ExitCode.SYSTEM
    assert "NotoSans-Regular.ttf" in done.stderr
    assert "apt-get install --no-install-recommends fonts-noto-core" in done.stderr


def test_doctor_names_missing_fonts_by_language_and_missing_tools(tmp_path: Path) -> None:
    assert run("doctor").returncode == ExitCode.OK
    nowhere = {
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_DATA_DIRS": str(tmp_path),
        "HOME": str(tmp_path),
    }
    done = run("doctor", PATH=str(tmp_path), **nowhere)
    assert done.returncode == ExitCode.SYSTEM
    assert "fonts for Arabic: missing: NotoSansArabic-Regular.ttf" in done.stdout
    assert "gettext tools, to update catalogs: missing: msgmerge" in done.stdout
    assert "apt-get install" in done.stdout
    found = json.loads(run("doctor", "--json", PATH=str(tmp_path), **nowhere).stdout)
    assert {"name": "msgfmt", "package": "gettext"} in found["missing"]


def test_every_code_is_explained() -> None:
    listed = run("explain").stdout
    for name, code in CODES.items():
        assert name in listed
        shown = CliRunner().invoke(app, ["explain", name.lower()]).stdout
        assert code.title in shown
        assert code.remedy in " ".join(shown.split())


def test_list_names_what_build_takes(library: Library) -> None:
    shown = run("list").stdout
    for name in (*library.leaflets, *library.languages, *library.formats, *library.regions):
        assert f"  {name}" in shown
    found = json.loads(run("list", "--json").stdout)
    assert [one["slug"] for one in found["leaflets"]] == list(library.leaflets)


def test_check_finds_no_error_in_the_library() -> None:
    done = run("check", "--quick", "--json")
    assert done.returncode == ExitCode.OK
    assert json.loads(done.stdout) == []


def _clinic_with_faults(folder: Path) -> Path:
    clinic = ClinicFolder(folder)
    long = "pneumono" * 20
    clinic.body(f'<p>{{% trans "sample.long" trimmed %}}{long} is rare.{{% endtrans %}}</p>')
    return clinic.path


def test_check_looks_at_the_pages_too_and_names_the_sentence(tmp_path: Path) -> None:
    clinic = _clinic_with_faults(tmp_path)
    done = run("check", "-l", "en", "--clinic", clinic, "--json")
    assert done.returncode == ExitCode.PROBLEMS
    found = {(one["code"], one.get("where", "")) for one in json.loads(done.stdout)}
    assert ("PAGE-03", "sample.long") in found
    assert ("RISK-01", "sample.long") in found
    quick = run("check", "-l", "en", "--clinic", clinic, "--json", "--quick")
    assert not [one for one in json.loads(quick.stdout) if one["code"].startswith("PAGE")]


def test_check_writes_sarif_that_names_rules_files_and_levels(tmp_path: Path) -> None:
    done = run("check", "-l", "en", "--clinic", _clinic_with_faults(tmp_path), "--format", "sarif")
    log = json.loads(done.stdout)
    assert log["version"] == "2.1.0"
    (single,) = log["runs"]
    rules = single["tool"]["driver"]["rules"]
    for result in single["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning"}
        assert result["message"]["text"]
        assert len(result["partialFingerprints"]["leaflets/v1"]) == 32
    risk = next(one for one in single["results"] if one["ruleId"] == "RISK-01")
    place = risk["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == "templates/leaflets/sample/leaflet.html"
    assert run("check", "--format", "xml").returncode == ExitCode.USAGE


def test_init_makes_a_clinic_folder_that_builds(tmp_path: Path) -> None:
    folder = tmp_path / "our clinic"
    done = run(
        "init", folder, "--name", 'The "Hill" Clinic', "--region", "GB",
        "--phone", "020 7946 0000", "-l", "en",
    )  # fmt: skip
    assert done.returncode == ExitCode.OK
    done = run("build", "warning-card", "--clinic", folder, "--output", tmp_path / "out")
    assert done.returncode == ExitCode.OK
    assert (tmp_path / "out" / "en" / "warning-card-en-a4.pdf").is_file()


def test_init_lists_every_local_fact_in_a_form_that_can_be_used(
    tmp_path: Path, library: Library
) -> None:
    run("init", tmp_path)
    text = (tmp_path / "clinic.toml").read_text("utf-8")
    for fact in library.facts.local.values():
        assert f"# {fact.label}\n# {fact.id} = " in text


def test_init_never_changes_a_folder_that_has_a_clinic(tmp_path: Path) -> None:
    (tmp_path / "clinic.toml").write_text("mine")
    done = run("init", tmp_path)
    assert done.returncode == ExitCode.USAGE
    assert (tmp_path / "clinic.toml").read_text() == "mine"


def test_a_bad_setting_makes_init_write_nothing(tmp_path: Path) -> None:
    done = run("init", tmp_path / "new", "--phone", "ring us")
    assert done.returncode == ExitCode.INPUT
    assert not (tmp_path / "new").exists()


def asked(folder: Path, answers: str) -> tuple[int, str]:
    """Run init on a terminal; return its exit code, and what it showed."""
    main, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "leaflets", "init", str(folder)],
        stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
        # The terminal becomes its own, so that Ctrl-C reaches it.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads here
    ) as started:  # fmt: skip
        os.close(terminal)
        shown = b""
        with suppress(OSError):  # the end of a terminal
            while b"Name of the clinic" not in shown:
                shown += os.read(main, 4096)
            os.write(main, answers.encode())
            while piece := os.read(main, 4096):
                shown += piece
        code = started.wait(timeout=HANG)
        os.close(main)
    return code, shown.decode()


def test_init_asks_on_a_terminal_until_each_answer_can_be_used(tmp_path: Path) -> None:
    answers = ("Hill Clinic", "France", "united kingdom", "ring us", "020 7946 0000", "xx",
               "en, Spanish")  # fmt: skip
    code, shown = asked(tmp_path, "".join(f"{one}\n" for one in answers))
    assert code == ExitCode.OK, shown
    assert "GB       United Kingdom" in shown
    assert "es       Spanish" in shown
    assert "“France” is not one of them" in shown
    assert "“ring us” is not a telephone number" in shown
    assert "“xx” is not one of them" in shown
    stated = tomllib.loads((tmp_path / "clinic.toml").read_text("utf-8"))
    assert stated["name"] == "Hill Clinic"
    assert stated["region"] == "GB"
    assert stated["phone"] == "020 7946 0000"
    assert stated["languages"] == ["en", "es"]


def test_ctrl_c_at_a_question_leaves_nothing(tmp_path: Path) -> None:
    code, shown = asked(tmp_path / "new", "Hill\n\x03")
    assert code == ExitCode.INTERRUPTED, shown
    assert "Traceback" not in shown
    assert not (tmp_path / "new").exists()


def test_a_region_that_init_does_not_know_is_named_with_those_of_the_library(
    library: Library, tmp_path: Path
) -> None:
    done = run("init", tmp_path / "new", "--region", "FR")
    assert done.returncode == ExitCode.USAGE
    assert f"There is no region “FR”; there are {', '.join(library.regions)}." in done.stderr
    assert not (tmp_path / "new").exists()


def imported(*arguments: str | Path) -> set[str]:
    """Run a command in a process of its own, and name the modules that it has imported."""
    code = (
        "import sys; from typer.testing import CliRunner; before = {*sys.modules};"
        "from leaflets.cli.main import app; done = CliRunner().invoke(app, sys.argv[1:]);"
        "assert done.exit_code == 0, done.output; print(*{*sys.modules} - before)"
    )
    words = [sys.executable, "-c", code, *map(str, arguments)]
    return set(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())


def test_help_imports_the_command_line_and_nothing_else() -> None:
    found = imported("--help")
    assert "importlib.metadata" not in found
    others = sys.stdlib_module_names | {"typer"}
    assert {name for name in found if name.partition(".")[0] not in others} == {
        "leaflets", "leaflets.cli", "leaflets.cli.group", "leaflets.cli.main", "leaflets.errors",
        "leaflets.insides",
    }  # fmt: skip


def test_a_build_in_which_nothing_changed_enters_no_room_that_makes_anything(
    tmp_path: Path,
) -> None:
    publishing = {"PIL", "jinja2", "leaflets.output.site.pieces", "pypdfium2"}
    making = {"babel", "fontTools", "leaflets.editions.make", "pydyf", "weasyprint"}
    words = ("build", "warning-card", *SMALL, "-o", tmp_path / "out", "--cache", tmp_path / "kept")
    first = imported(*words)
    assert publishing <= first
    assert making & first == set(), "pages are made by workers, which are no copies of this process"
    assert (publishing | making) & imported(*words) == set()


COMMANDS = "leaflets.cli.commands"


@pytest.mark.parametrize(
    ("words", "modules"),
    [
        (("--help",), set()),
        (("list", "--help"), {"list"}),
        (("translate", "--help"), {"translate"}),
        (("translate", "import", "--help"), {"translate", "translate.import_"}),
    ],
)
def test_a_command_is_imported_when_it_is_used(words: tuple[str, ...], modules: set[str]) -> None:
    found = {name for name in imported(*words) if name.startswith(f"{COMMANDS}.")}
    assert found == {f"{COMMANDS}.{module}" for module in modules}


@pytest.mark.parametrize("words", [(), ("translate",)], ids=["leaflets", "leaflets translate"])
def test_the_help_lists_the_commands_that_there_are_and_each_has_examples(
    words: tuple[str, ...],
) -> None:
    package = importlib.import_module(".".join((COMMANDS, *words)))
    modules = {module.name.rstrip("_") for module in pkgutil.iter_modules(package.__path__)}
    shown = CliRunner().invoke(app, [*words, "--help"]).stdout.partition("Commands:\n")[2]
    listed = [line.split()[0] for line in shown.splitlines()]
    assert sorted(listed) == sorted(modules)
    for name in listed:
        help_text = CliRunner().invoke(app, [*words, name, "--help"])
        assert help_text.exit_code == ExitCode.OK
        called = " ".join(("leaflets", *words, name))
        assert f"Usage: {called} " in help_text.stdout
        assert "Commands:" in help_text.stdout or f"Examples:\n    {called}" in help_text.stdout


def test_the_catalogs_of_the_library_are_up_to_date_and_complete() -> None:
    assert run("translate", "extract").stdout == "Nothing to change.\n"
    assert set(run("translate", "update").stdout.splitlines()) == {"Nothing to change."}
    counts = json.loads(run("translate", "status", "--json").stdout)
    printed = load.load(None).printed_languages
    assert {one["language"] for one in counts} >= set(printed) - {"en"}
    own = [one for one in counts if one["language"] in printed]
    assert all(one["fuzzy"] == one["missing"] == 0 for one in own)
    assert run("translate", "update", "en").returncode == ExitCode.USAGE
    assert "translate add xx" in run("translate", "update", "xx").stderr


def test_an_unforeseen_fault_is_one_sentence() -> None:
    code = (
        "import leaflets.library.load as load; from leaflets.cli.main import main; import sys;"
        "load.load = lambda clinic: 1 / 0; sys.argv = ['leaflets', 'list']; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == ExitCode.SYSTEM
    assert done.stderr.count("\n") == 1
    assert "ZeroDivisionError" in done.stderr
