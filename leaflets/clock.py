"""The clock: which day it is, for what is noted by day; nothing printed depends on it."""

import datetime as dt
import os


def today() -> dt.date:
    """Return the day of SOURCE_DATE_EPOCH (reproducible-builds.org) if set, else of the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    return dt.datetime.now().astimezone().date()
