"""Keys: whether an entry was signed by the person it names, with a key that the clinic knows.

`signers` in the clinic's folder says whose key is whose, what it may sign, and from when to when.
It is a file of allowed signers as OpenSSH has it, so that `ssh-keygen -Y verify` reads it.
"""

import re
from functools import cache
from pathlib import Path

import msgspec

from leaflets.errors import InputError, RequestError
from leaflets.library import clinic, seal
from leaflets.library.load import Library
from leaflets.library.seal import Entry, EntryT
from leaflets.problem import Code, Problem
from leaflets.records import ssh

#: The file in the clinic's folder that says whose key is whose.
SIGNERS = "signers"

NO_KEY = Code(
    "GOV-09",
    title="Signed without a key",
    why="The clinic requires that who signs proves it with a key of their own, and whoever signed "
    "this did not: anybody could have typed the name.",
    remedy="Let the person sign again with `--key`; docs/signing.md leads through it.",
)

WRONG_SIGNATURE = Code(
    "GOV-10",
    title="A signature that does not prove who signed",
    why="The signature is not that of the person named, in this role, on this day, under exactly "
    "this entry: it may have been taken from elsewhere. It is not accepted in place of one.",
    remedy="Look into `signers` whose key it is, what it may sign, and from when to when. If that "
    "is right, let the person named sign again.",
)


class Verdict(msgspec.Struct, frozen=True):
    """How an entry stands: `key` is the fingerprint of the key that proves it, if one does.

    With a `problem` it does not count. With neither it counts and is not proved.
    """

    key: str = ""
    problem: Problem | None = None


def judge(library: Library, entry: Entry) -> Verdict:
    """Tell whether an entry counts, and whether a key proves who signed it.

    Raises `InputError` if keys are required and there is no `signers`, `MissingPartError` if there
    is a signature and no ssh-keygen.
    """
    signers = _signers(library)
    if is_required(library) and not entry.signature:
        return Verdict(
            problem=NO_KEY.problem(
                message=f"{entry.name} signed on {entry.on} without a key.",
                hint=f"Sign again with --key: {clinic.FILE} requires keys.",
            )
        )
    if not entry.signature or signers is None:
        return Verdict()
    return _judged(signers, entry)


def is_required(library: Library) -> bool:
    """Tell whether the clinic counts only what is signed by key."""
    return library.clinic.keys == "required"


def signed(library: Library, entry: EntryT, key: Path | None) -> EntryT:
    """Seal an entry that is complete, and sign it with a key if one is named.

    Raises `RequestError` if the clinic requires a key and none is named, and if the key is not that
    of the person, in this role, on this day; see `judge` for the rest.
    """
    if key is None:
        if is_required(library):
            raise RequestError(
                f"{clinic.FILE} requires keys: sign with --key and the file of your SSH key, such"
                " as ~/.ssh/id_ed25519. docs/signing.md says how to make one."
            )
        return seal.sealed(entry)
    if _signers(library) is None:
        raise RequestError(
            f"--key needs the clinic's folder (--clinic FOLDER) with a file `{SIGNERS}`, which says"
            " whose key is whose; docs/signing.md has its form."
        )
    signature = ssh.sign(key.expanduser(), _namespace(entry), seal.statement(entry))
    done = msgspec.structs.replace(seal.sealed(entry), signature=signature)
    problem = judge(library, done).problem
    if problem:
        raise RequestError(f"It is not signed: {problem.message} {problem.hint}")
    return done


def _namespace(entry: Entry) -> str:
    """Name what the key is used for, as `namespaces` of a line of `signers` does."""
    return f"{entry.right}@leaflets"


def _signers(library: Library) -> bytes | None:
    if not library.clinic.is_named:
        return None
    path = Path(library.clinic.folder) / SIGNERS
    try:
        signers = path.read_bytes()
    except FileNotFoundError:
        if is_required(library):
            raise InputError(
                path,
                f"the file does not exist, and {clinic.FILE} requires keys; restore it from"
                " version control, or make it as docs/signing.md says.",
            ) from None
        return None
    except OSError as error:
        raise InputError(path, f"the file cannot be read ({error.strerror}).") from None
    _check_names(path, signers)
    return signers


#: The names that a line begins with, up to the first space outside of quotation marks.
_NAMES = re.compile(rb'(?:"[^"]*"|[^\s"])*')
#: What OpenSSH takes for anybody's name, or for anybody's but one.
_PATTERN = re.compile(rb"[*?!]")


def _check_names(path: Path, signers: bytes) -> None:
    """Refuse a line whose key would be that of whoever fits a pattern: a key is one person's."""
    for number, line in enumerate(signers.splitlines(), 1):
        names = _NAMES.match(line.strip())
        if names and not line.lstrip().startswith(b"#") and _PATTERN.search(names[0]):
            raise InputError(
                path,
                "a key belongs to one person; write the name, without *, ? or !.",
                at=f"line {number}",
            )


@cache
def _judged(signers: bytes, entry: Entry) -> Verdict:
    # In the middle of the day: the first and the last day of a key count as a whole.
    question = ssh.Question(
        data=seal.statement(entry),
        signature=entry.signature,
        signers=signers,
        name=entry.name,
        namespace=_namespace(entry),
        time=f"{entry.on:%Y%m%d}1200",
    )
    answer = ssh.ask(question)
    if answer.key:
        return Verdict(answer.key)
    message, hint = _explained(entry, answer)
    return Verdict(problem=WRONG_SIGNATURE.problem(message=message, hint=hint))


def _explained(entry: Entry, answer: ssh.Answer) -> tuple[str, str]:
    """Say what is wrong with a signature, and what to do."""
    name, right = entry.name, entry.right
    if not answer.is_of_data:
        return (
            f"the signature under the entry of {name} is not of this entry.",
            f"Let {name} sign again.",
        )
    if "not permitted" in answer.refusal:
        return (
            f"the key of {name} may not sign as “{right}”.",
            f"If it may, add {_namespace(entry)} to its namespaces in `{SIGNERS}`.",
        )
    if "not yet valid" in answer.refusal:
        return (
            f"the key of {name} was not valid yet on {entry.on}.",
            f"`{SIGNERS}` says from when it is: valid-after.",
        )
    if "expired" in answer.refusal:
        return (
            f"the key of {name} was not valid any more on {entry.on}.",
            f"`{SIGNERS}` says until when it was: valid-before. Sign with a newer key.",
        )
    if answer.principals:
        others = " and ".join(f"“{other}”" for other in answer.principals)
        return (
            f"the key is that of {others}, not of “{name}”.",
            f"Each person signs with a key of their own, and the name as in `{SIGNERS}`.",
        )
    return (
        f"the key of this signature is not in `{SIGNERS}`.",
        f"If it is that of {name}, let whoever looks after `{SIGNERS}` add it.",
    )
