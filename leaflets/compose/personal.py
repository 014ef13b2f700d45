"""What a sheet for one patient adds: days, an appointment, medicines. It is never kept.

It comes from standard input or from questions, and goes onto the printed page alone: into no log,
cache, manifest, file name or address. Errors name the field, and never what stands in it.
"""

import datetime as dt
import re
from collections.abc import Iterator

import msgspec

from leaflets.errors import RequestError
from leaflets.library.values import is_seen

#: How many days before and after today a sheet may name: a day further off is a slip of the pen.
_BEFORE, _AFTER = 366, 732

_LONGEST_TEXT = 80
_MOST_MEDICINES = 12
_LARGEST = 16 * 1024
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Appointment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When and where the patient comes next: a day, a time such as "08:30", a place."""

    day: dt.date
    time: str = ""
    place: str = ""


class Medicine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of the table that the team decided: what is not stated stays a blank to write on."""

    name: str
    keep: bool | None = None
    last: dt.date | None = None
    restart: dt.date | None = None
    told_by: str = ""


class Personal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The details of one patient's sheet; every one may be left out."""

    procedure: dt.date | None = None
    appointment: Appointment | None = None
    medicines: tuple[Medicine, ...] = ()


def read(data: bytes, today: dt.date) -> Personal:
    """Read personal details from JSON, as docs/personal.md describes it.

    Raises `RequestError` naming the field, without what stands in it.
    """
    if len(data) > _LARGEST:
        raise RequestError(f"The details are longer than {_LARGEST // 1024} kB; shorten them.")
    try:
        personal = msgspec.json.decode(data, type=Personal)
    except msgspec.ValidationError as error:
        raise RequestError(f"The details cannot be used: {_without_value(str(error))}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RequestError("The details are not JSON; docs/personal.md shows an example.") from None
    check(personal, today)
    return personal


def _without_value(message: str) -> str:
    """Say which field is wrong, without its value: that may be a patient's."""
    place = message.rpartition("`$")[2].rstrip("`").lstrip(".")
    if "unknown field" in message:
        return "they hold a field that is not known; docs/personal.md lists them"
    if "missing required field" in message:
        missing = message.partition("field `")[2].partition("`")[0]
        return f"{place or 'they'} lacks “{missing}”"
    kind = "a day that exists, written as 2026-08-06" if "date" in message else "of the right kind"
    return f"“{place or 'the whole'}” is not {kind}"


def near(today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the earliest and the latest day that may stand on a sheet printed today."""
    return today - dt.timedelta(_BEFORE), today + dt.timedelta(_AFTER)


def check(personal: Personal, today: dt.date) -> None:
    """Raise `RequestError` for the first detail that cannot be right, naming its field."""
    for problem in _problems(personal, today):
        raise RequestError(problem)


def _problems(personal: Personal, today: dt.date) -> Iterator[str]:
    earliest, latest = near(today)
    if len(personal.medicines) > _MOST_MEDICINES:
        yield f"“medicines” holds more than {_MOST_MEDICINES}; print a second sheet."
    for field, day in _days(personal):
        if day and not earliest <= day <= latest:
            yield f"“{field}” is more than a year ago or two years ahead; correct the year."
    for field, text in _texts(personal):
        if len(text) > _LONGEST_TEXT:
            yield f"“{field}” is longer than {_LONGEST_TEXT} characters; shorten it."
        if not text.isprintable() or not is_seen(text):
            yield f"“{field}” holds a character that cannot be printed; take it out."
    appointment = personal.appointment
    if appointment and appointment.time and not _TIME.fullmatch(appointment.time):
        yield "“appointment.time” is not a time; write it as 08:30."
    for number, medicine in enumerate(personal.medicines):
        if not medicine.name.strip():
            yield f"“medicines[{number}].name” is empty; name the medicine."
        yield from _contradictions(number, medicine, personal.procedure)


def _contradictions(number: int, medicine: Medicine, procedure: dt.date | None) -> Iterator[str]:
    """Yield what of a row cannot be right together; a patient would not know which to believe."""
    last, restart, place = medicine.last, medicine.restart, f"medicines[{number}]"
    if last and restart and restart <= last:
        yield f"“{place}.restart” is not after “last”; correct one of them."
    if medicine.keep and (last or restart):
        yield f"“{place}” is kept, and has a day to stop or start again; leave one of them out."
    if procedure and last and last > procedure:
        yield f"“{place}.last” is after “procedure”; correct one of them."
    if procedure and restart and restart < procedure:
        yield f"“{place}.restart” is before “procedure”; correct one of them."


def _days(personal: Personal) -> Iterator[tuple[str, dt.date | None]]:
    yield "procedure", personal.procedure
    if personal.appointment:
        yield "appointment.day", personal.appointment.day
    for number, medicine in enumerate(personal.medicines):
        yield f"medicines[{number}].last", medicine.last
        yield f"medicines[{number}].restart", medicine.restart


def _texts(personal: Personal) -> Iterator[tuple[str, str]]:
    if personal.appointment:
        yield "appointment.place", personal.appointment.place
    for number, medicine in enumerate(personal.medicines):
        yield f"medicines[{number}].name", medicine.name
        yield f"medicines[{number}].told_by", medicine.told_by
