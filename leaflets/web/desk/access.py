"""Access: this computer reaches the desk at once, others only with a token."""

import secrets
import socket

import msgspec

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})

_EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - it is what was asked for, and not what we choose


class Access(msgspec.Struct, frozen=True):
    """The address to open, and what the server asks for; without a token, nothing.

    `names` are those by which other computers may call this one.
    """

    address: str
    names: tuple[str, ...] = ()
    token: str = ""


def access(host: str, port: int) -> Access:
    """Say how a desk that listens on a host is reached; a new token each time."""
    if host in _LOOPBACK:
        return Access(f"http://{host}:{port}/")
    token = secrets.token_urlsafe(24)
    name = socket.gethostname()
    shown = name if host == _EVERY_ADDRESS else host
    return Access(f"http://{shown}:{port}/#{token}", (host, name), token)
