"""Days and periods as they are typed on a command line."""

import datetime as dt
import re

from leaflets.errors import RequestError

_PERIOD = re.compile(r"([0-9]{1,4})([dwy])")
_DAYS = {"d": 1, "w": 7, "y": 365}


def day(text: str, option: str) -> dt.date:
    """Read a day such as 2028-01-31; raise `RequestError` naming the option."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"{option}: “{text}” is not a day; write 2028-01-31.") from None


def days(text: str, option: str) -> int:
    """Read a period such as 90d, 12w or 1y; raise `RequestError` naming the option."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise RequestError(f"{option}: “{text}” is not a period; write 90d, 12w or 1y.")
    return int(found[1]) * _DAYS[found[2]]
