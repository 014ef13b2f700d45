"""The wheel: built from the checkout, it prints in an empty folder without the checkout."""

import os
import subprocess
import sys
import venv
from pathlib import Path

from leaflets.library import home

ROOT = Path(__file__).resolve().parent.parent


def test_the_wheel_prints_in_an_empty_folder(tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "--outdir",
            str(tmp_path / "dist"),
            str(ROOT),
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    # What it depends on comes from this environment: the test needs no network.
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--no-index",
            "--no-deps",
            "--quiet",
            str(wheel),
        ],
        check=True,
    )
    site = Path(home.__file__).resolve().parents[2]
    (dependencies,) = {
        path
        for path in sys.path
        if path.endswith("site-packages") and Path(path, "weasyprint").is_dir()
    }
    empty = tmp_path / "empty"
    empty.mkdir()
    code = (
        f"import sys; sys.path.append({dependencies!r});"
        f"import leaflets; assert not leaflets.__file__.startswith({str(site)!r});"
        "from leaflets.cli.main import main; sys.argv = ['leaflets', *sys.argv[1:]]; main()"
    )
    done = subprocess.run(
        [str(python), "-c", code, "build", "warning-card", "-l", "ar", "-f", "a4", "-j", "1"],
        cwd=empty,
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (empty / "build" / "ar" / "warning-card-ar-a4.pdf").is_file()
