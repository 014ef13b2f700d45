"""SSH: signatures by OpenSSH's `ssh-keygen -Y`, which alone makes and verifies them.

Needs OpenSSH 8.9 or newer, of February 2022: an older one takes no day for whom a key belongs to.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import msgspec

from leaflets import machine
from leaflets.errors import InputError, MissingPartError, RequestError

_TOOL = "ssh-keygen"

#: As ssh-keygen says that a signature is good.
_GOOD = re.compile(r'^Good ".*" signature .*with \S+ key (SHA256:\S+)$', re.MULTILINE)


class Question(msgspec.Struct, frozen=True):
    """What is asked of a signature: was it made of these bytes, by whom, for what, on which day.

    `signers` is a file of allowed signers, `namespace` what the key was used for, and `time` a
    moment as ssh-keygen takes it.
    """

    data: bytes
    signature: str
    signers: bytes
    name: str
    namespace: str
    time: str


class Answer(msgspec.Struct, frozen=True):
    """What ssh-keygen answers: the key's fingerprint if all is right, else what is not.

    `is_of_data` is False if another text or for something else was signed. `principals` are those
    whose key it is at that time, and `refusal` what ssh-keygen says of the line of signers.
    """

    key: str = ""
    is_of_data: bool = True
    principals: tuple[str, ...] = ()
    refusal: str = ""


def sign(key: Path, namespace: str, data: bytes) -> str:
    """Sign bytes with a private key, or with its public half if an agent holds the private one.

    A passphrase is asked for on the terminal. Raises `RequestError` if there is no such key,
    `InputError` if it cannot sign.
    """
    if not key.is_file():
        raise RequestError(
            f"{key}: there is no such key; name the file of your SSH key, such as"
            " ~/.ssh/id_ed25519. docs/signing.md says how to make one."
        )
    done = _run(["-q", "-Y", "sign", "-f", str(key), "-n", namespace], data)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise InputError(
            key,
            f"it cannot sign ({said[-1] if said else 'ssh-keygen says nothing'}); name the file of"
            " your own SSH key, and type its passphrase as it was set.",
        )
    return done.stdout.decode()


def ask(question: Question) -> Answer:
    """Have a signature verified; raise `MissingPartError` if there is no ssh-keygen."""
    with tempfile.TemporaryDirectory() as folder:
        signature, signers = Path(folder, "signature"), Path(folder, "signers")
        signature.write_text(question.signature)
        signers.write_bytes(question.signers)
        of_it = ["-n", question.namespace, "-s", str(signature)]
        by_whom = ["-f", str(signers), "-O", f"verify-time={question.time}"]
        done = _run(["-Y", "verify", "-I", question.name, *by_whom, *of_it], question.data)
        good = _GOOD.search(done.stdout.decode(errors="replace"))
        if done.returncode == 0 and good:
            return Answer(key=good[1])
        refusal = done.stderr.decode(errors="replace")
        plain = _run(["-Y", "check-novalidate", *of_it], question.data)
        named = _run(["-Y", "find-principals", *by_whom, "-s", str(signature)], b"")
    return Answer(
        is_of_data=plain.returncode == 0,
        principals=tuple(named.stdout.decode(errors="replace").splitlines())
        if named.returncode == 0
        else (),
        refusal=refusal,
    )


def _run(arguments: list[str], data: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run ssh-keygen in UTC, so that a day of signers is the same day everywhere."""
    tool = shutil.which(_TOOL)
    if tool is None:
        part = machine.Part(_TOOL, machine.TOOLS[_TOOL])
        raise MissingPartError(
            f"{_TOOL} is missing, with which signatures by key are made and verified. On Debian or"
            f" Ubuntu: {machine.install_command([part])}"
        )
    return subprocess.run(  # noqa: S603 - no shell reads these words
        [tool, *arguments], input=data, capture_output=True, check=False,
        env={**os.environ, "TZ": "UTC"},
    )  # fmt: skip
