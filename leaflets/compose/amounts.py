"""Amounts as patients read them: numbers, ranges and units, by ICU and in one numbering system."""

import datetime as dt
from functools import lru_cache

import icu
import msgspec
from markupsafe import Markup, escape

from leaflets.library.clinic import DAYS, Hours, LocalValue, Measure
from leaflets.library.facts import COUNTED, Fact
from leaflets.library.values import Number

# ICU formats moments, not days, and takes the time zone of the machine unless one is set.
icu.TimeZone.setDefault(icu.TimeZone.getGMT())

#: The number whose plural form stands beside a blank to write on: gettext must be given one.
_UNKNOWN_COUNT = 100


#: The most days that a diary may list: a year.
_MOST_DAYS = 366

#: A line to write on.
_BLANK = Markup('<span class="blank"></span>')


class Amount(msgspec.Struct, frozen=True):
    """An amount in words of one language; every part is markup that stays on one line.

    `count` is a whole number in the plural category of the amount, for gettext's plural forms.
    `per` is the denominator of a risk, empty otherwise. `set` is False for a write-in blank.
    `low` and `high` are the bare numbers, for a picture of them, `lowest` and `highest` the same in
    digits of the language; both ends are the same if it is no range.
    """

    text: Markup
    with_unit: Markup
    count: int
    per: Markup
    set: bool
    lowest: Markup
    highest: Markup
    low: Number = 0
    high: Number = 0

    def __html__(self) -> str:
        """Print as the number or range."""
        return str(self.text)


class Numerals:
    """Formats numbers for one ICU locale, for example `ar-u-nu-latn` or `es-US-u-nu-latn`."""

    def __init__(self, icu_tag: str) -> None:
        """Take a BCP 47 tag with the numbering system."""
        self._locale = icu.Locale.forLanguageTag(icu_tag)
        self._number = icu.NumberFormatter.withLocale(self._locale)
        self._range = icu.NumberRangeFormatter.withLocale(self._locale)
        self._plurals = icu.PluralRules.forLocale(self._locale)

    def number(self, value: Number) -> Markup:
        """Format a number without trailing zeros: 5, not 5.0; 0.5, not .5."""
        return _kept(self._number.formatDouble(value))

    def of_fact(self, fact: Fact) -> Amount:
        """Format a fact."""
        per = self.number(fact.per) if fact.per else Markup("")
        return self._amount(fact.low, fact.high, fact.unit, per)

    def of_local(self, value: LocalValue, unit: str) -> Amount:
        """Format a local fact; a measure brings its own unit, and prints it."""
        if isinstance(value, Measure):
            amount = self._amount(value.value, None, value.unit, Markup(""))
            return msgspec.structs.replace(amount, text=amount.with_unit)
        low, high = value if isinstance(value, tuple) else (value, None)
        return self._amount(low, high, unit, Markup(""))

    def blank(self, unit: str = "") -> Amount:
        """Return a blank to write on, before its unit if it has one, in the form for many."""
        line = _BLANK
        if unit:
            number = str(self._number.formatDouble(_UNKNOWN_COUNT))
            before, _, after = self._measured(_UNKNOWN_COUNT, None, unit).partition(number)
            line = _kept(before) + _BLANK + _kept(after)
        return Amount(
            line,
            line,
            self._representative(self._plurals.select(_UNKNOWN_COUNT)),
            Markup(""),
            set=False,
            lowest=line,
            highest=line,
        )

    def days(self, first: int, last: int) -> list[Markup]:
        """Format the numbers of consecutive days; raise `ValueError` for more than a year."""
        if last - first > _MOST_DAYS:
            raise ValueError(f"{first} to {last} are more than {_MOST_DAYS} days")
        return [self.number(day) for day in range(first, last + 1)]

    def date(self, day: dt.date) -> Markup:
        """Format a day in full, with the month as a word, for example “6 August 2026”."""
        style = icu.DateFormat.createDateInstance(icu.DateFormat.kLong, self._locale)
        style.setTimeZone(icu.TimeZone.getGMT())
        return _kept(str(style.format(_noon(day))))

    def days_from(self, first: dt.date, last: dt.date | None) -> Markup:
        """Format a day without its year, or a range of days, in the language's way.

        A range without an end is its first day and a dash.
        """
        style = icu.DateIntervalFormat.createInstance("MMMMd", self._locale)
        ends = [_noon(first), _noon(last or first)]
        text = str(style.format(icu.DateInterval(*ends)))
        return Markup("{}").format(text if last else f"{text} –")

    def moment(self, day: dt.date, time: str) -> Markup:
        """Format a day in full, with a time of day such as "08:30" if there is one."""
        if not time:
            return self.date(day)
        style = icu.DateFormat.createTimeInstance(icu.DateFormat.kShort, self._locale)
        style.setTimeZone(icu.TimeZone.getGMT())
        return Markup("{}, {}").format(self.date(day), _kept(str(style.format(_seconds(time)))))

    def hours(self, hours: Hours) -> Markup:
        """Format opening hours, for example “Monday–Friday, 08:00–17:00”, in the language's way."""
        first, last = hours.first_last()
        days = self._weekday(first) if first == last else self._join_days(first, last)
        return Markup("{days}, {times}").format(
            days=days, times=self._times(hours.opens, hours.closes)
        )

    def _join_days(self, first: int, last: int) -> str:
        return f"{self._weekday(first)}–{self._weekday(last)}"

    def _weekday(self, day: int) -> str:
        # ICU counts from Sunday, at index 1.
        names = icu.DateFormatSymbols(self._locale).getWeekdays()
        return str(names[1 + (day + 1) % len(DAYS)])

    def _times(self, opens: str, closes: str) -> Markup:
        style = icu.DateFormat.createTimeInstance(icu.DateFormat.kShort, self._locale)
        style.setTimeZone(icu.TimeZone.getGMT())
        texts = [style.format(_seconds(time)) for time in (opens, closes)]
        return _kept("–".join(str(text) for text in texts))

    def _amount(self, low: Number, high: Number | None, unit: str, per: Markup) -> Amount:
        if high is None:
            text = self._number.formatDouble(low)
            category = self._plurals.select(low)
        else:
            text = self._range.formatDoubleRange(low, high)
            category = self._plurals.select(self._range.formatDoubleRangeToValue(low, high))
        with_unit = text if unit in COUNTED else self._measured(low, high, unit)
        return Amount(
            _kept(text),
            _kept(with_unit),
            self._representative(category),
            per,
            set=True,
            lowest=self.number(low),
            highest=self.number(low if high is None else high),
            low=low,
            high=low if high is None else high,
        )

    def _measured(self, low: Number, high: Number | None, unit: str) -> str:
        measure = icu.MeasureUnit.forIdentifier(unit)
        full = icu.UNumberUnitWidth.FULL_NAME
        if high is None:
            return str(self._number.unit(measure).unitWidth(full).formatDouble(low))
        both = icu.NumberFormatter.with_().unit(measure).unitWidth(full)
        return str(
            icu.NumberRangeFormatter.withLocale(self._locale)
            .numberFormatterBoth(both)
            .formatDoubleRange(low, high)
        )

    def _representative(self, category: str) -> int:
        return _representative(str(self._locale.toLanguageTag()), category)


@lru_cache(maxsize=256)
def _representative(icu_tag: str, category: str) -> int:
    """Find a whole number of a CLDR plural category; for one that only fractions have, many."""
    rules = icu.PluralRules.forLocale(icu.Locale.forLanguageTag(icu_tag))
    candidates = (*range(201), 1_000_000)
    return next((n for n in candidates if rules.select(n) == category), _UNKNOWN_COUNT)


def _noon(day: dt.date) -> float:
    return dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp()


def _seconds(time: str) -> float:
    hours, minutes = time.split(":")
    return (int(hours) * 60 + int(minutes)) * 60.0


def _kept(text: str) -> Markup:
    """Keep a text on one line: a range must not break after its dash.

    One number alone cannot break, and is left bare: WeasyPrint breaks right-to-left lines badly
    before what it may not break. One with a unit in Chinese has no space, but can.
    """
    if text.isdecimal():
        return escape(text)
    return Markup('<span class="whole">{}</span>').format(escape(text))


def isolated(text: str) -> Markup:
    """Set a telephone number, address or code from left to right, whatever surrounds it."""
    kinds = "isolated" if text.isalnum() else "isolated whole"
    return Markup('<span class="{}" dir="ltr">{}</span>').format(kinds, text)
