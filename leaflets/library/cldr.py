"""What CLDR says of a language: its names, script, direction and digits, through ICU."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Literal

import icu
import msgspec

from leaflets.errors import RequestError

#: Kinds of exemplar characters, as ICU numbers them; the second are letters of loanwords and of
#: foreign names.
_MAIN = 0
_AUXILIARY = 1

#: Names as "Simplified Chinese", in the form for a list of languages.
_STYLE = (
    icu.UDisplayContext.DIALECT_NAMES,
    icu.UDisplayContext.CAPITALIZATION_FOR_UI_LIST_OR_MENU,
)


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """A language as CLDR knows it.

    `script` is an ISO 15924 code. `autonym` is empty where CLDR has no words of the language.
    `native_digits` is the numbering system of the language's own digits, "latn" if it has none.
    """

    tag: str
    name: str
    autonym: str
    script: str
    direction: Literal["ltr", "rtl"]
    native_digits: str


def describe(tag: str) -> Description:
    """Look a BCP 47 tag up; raise `RequestError` if it is none, or CLDR knows too little of it."""
    locale = _locale(tag)
    name = _name(tag, locale)
    script = _script(tag)
    return Description(
        tag=tag,
        name=name,
        autonym=_autonym(locale),
        script=script,
        direction="rtl" if _is_right_to_left(script) else "ltr",
        native_digits=_native_digits(tag),
    )


@lru_cache(maxsize=4096)
def script_of(char: str) -> str:
    """Name the script of a character, "Common" for one of many scripts."""
    return str(icu.Script.getScript(char).getName())


def scripts_in(text: str) -> frozenset[str]:
    """Name the scripts of the letters of a text."""
    return frozenset(script_of(char) for char in text if char.isalpha())


def is_unit(name: str) -> bool:
    """Tell whether CLDR knows a unit of measure by this name."""
    try:
        icu.MeasureUnit.forIdentifier(name)
    except icu.ICUError:
        return False
    return True


def is_numbering_system(name: str) -> bool:
    """Tell whether CLDR knows a numbering system of ten digits by this name."""
    if name not in icu.NumberingSystem.getAvailableNames():
        return False
    return not icu.NumberingSystem.createInstanceByName(name).isAlgorithmic()


def _locale(tag: str) -> icu.Locale:
    try:
        locale = icu.Locale.forLanguageTag(tag)
    except icu.ICUError:
        raise RequestError(
            f"“{tag}” is not a language tag; write one like es, zh-Hans or pt-BR."
        ) from None
    if (written := locale.toLanguageTag()) != tag:
        raise RequestError(f"“{tag}” is not how the tag is written; write {written}.")
    return locale


def _name(tag: str, locale: icu.Locale) -> str:
    names = icu.LocaleDisplayNames.createInstance(icu.Locale.getEnglish(), _STYLE)
    name = str(names.localeDisplayName(locale))
    # ICU returns the code itself for what it does not know.
    if not locale.getLanguage() or name.split(" ", maxsplit=1)[0] == locale.getLanguage():
        raise RequestError(
            f"CLDR does not know the language “{tag}”; correct the tag, or write its entry in"
            " languages.toml by hand."
        )
    return name


def _autonym(locale: icu.Locale) -> str:
    # For a language without data ICU would answer in another language.
    if locale.getLanguage() not in icu.Locale.getAvailableLocales():
        return ""
    names = icu.LocaleDisplayNames.createInstance(locale, _STYLE)
    return capitalized(str(names.localeDisplayName(locale)))


def country_name(tag: str, code: str, *, short: bool = False) -> str:
    """Return the name of a country, by its two letters, in a language; empty if CLDR has none.

    The short one of the United Kingdom is UK in English.
    """
    locale = icu.Locale.forLanguageTag(tag)
    if locale.getLanguage() not in icu.Locale.getAvailableLocales():
        return ""  # ICU would answer in another language
    name = str(icu.Locale("", code).getDisplayCountry(locale))
    if name == code:
        return ""  # ICU has no name
    if short:
        names = icu.LocaleDisplayNames.createInstance(locale, (icu.UDisplayContext.LENGTH_SHORT,))
        name = str(names.regionDisplayName(code))
    return name.replace("\u200b", "")  # where lines may break is marked in the composed page


def capitalized(name: str) -> str:
    """Begin a name with a capital, as in a list; scripts without capitals are left alone."""
    return name[:1].title() + name[1:]


def _script(tag: str) -> str:
    likely = icu.Locale.forLanguageTag(tag)
    likely.addLikelySubtags()
    script = str(likely.getScript())
    if not script:
        raise RequestError(
            f"CLDR does not know the script of “{tag}”; state it in the tag, as in {tag}-Arab."
        )
    return script


def _is_right_to_left(script: str) -> bool:
    (code,) = icu.Script.getCode(script)
    return bool(icu.Script(code).isRightToLeft())


def _native_digits(tag: str) -> str:
    system = icu.NumberingSystem.createInstance(icu.Locale.forLanguageTag(f"{tag}-u-nu-native"))
    digits = str(system.getDescription())
    positional = all(unicodedata.category(digit) == "Nd" for digit in digits)
    return str(system.getName()) if positional and not system.isAlgorithmic() else "latn"


@cache
def number_words(tag: str, number: int) -> tuple[str, ...]:
    """List how a language spells a number, in each gender and case that CLDR has; none, if none."""
    spelled = _spelled(tag, number)
    english = _spelled("en", number)
    return () if spelled == english and not tag.startswith("en") else spelled


def _spelled(tag: str, number: int) -> tuple[str, ...]:
    rules = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale.forLanguageTag(tag))
    names = [rules.getRuleSetName(index) for index in range(rules.getNumberOfRuleSetNames())]
    cardinal = [name for name in names if "year" not in name and "ordinal" not in name]
    return tuple(dict.fromkeys(_formatted(rules, number, name) for name in cardinal))


def _formatted(rules: icu.RuleBasedNumberFormat, number: int, name: str) -> str:
    rules.setDefaultRuleSet(name)
    return str(rules.format(number)).replace("\u00ad", "")


@cache
def quotes(tag: str) -> tuple[str, ...]:
    """List the pairs of quotation marks of a language, as opening and closing mark in turn."""
    data = icu.LocaleData(tag)
    names = ("QUOTATION_START", "QUOTATION_END", "ALT_QUOTATION_START", "ALT_QUOTATION_END")
    marks = [data.getDelimiter(getattr(icu.ULocaleDataDelimiterType, name)) for name in names]
    return tuple(dict.fromkeys((marks[0] + marks[1], marks[2] + marks[3])))


@cache
def letters(tag: str) -> frozenset[str]:
    """Return the letters that texts in a language are written with, loanwords included.

    They are its exemplar characters, main and auxiliary, in capitals too.
    """
    data = icu.LocaleData(tag)
    exemplars = "".join(
        str(each) for kind in (_MAIN, _AUXILIARY) for each in data.getExemplarSet(0, kind)
    )
    return frozenset((*exemplars, *exemplars.upper(), *exemplars.lower()))


@cache
def scripts(tag: str) -> frozenset[str]:
    """Return the names of the scripts that a language is written in, as `icu.Script` has them."""
    return frozenset(icu.Script(code).getName() for code in icu.Script.getCode(tag))


@cache
def unit_forms(tag: str, unit: str, numbers: tuple[float, ...]) -> frozenset[str]:
    """Return what stands for a unit after the numbers given, in full; nothing if CLDR has none."""
    locale = icu.Locale.forLanguageTag(tag)
    written = icu.MeasureFormat(locale, icu.UMeasureFormatWidth.WIDE)
    measured = icu.MeasureUnit.forIdentifier(unit)
    names = (_without_number(written, number, measured) for number in numbers)
    return frozenset(name for name in names if name)


#: Numbers that together need every plural form of any language (CLDR, plural rules).
_EACH_FORM = (0, 1, 2, 3, 5, 11, 21, 100)


@cache
def unit_names(tag: str, units: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Map units, by CLDR name, to what stands for each after a number, in every plural form.

    Names are full and short, without the number. ICU's own list of units is asked: one that it does
    not know has no names.
    """
    locale = icu.Locale.forLanguageTag(tag)
    widths = (icu.UMeasureFormatWidth.WIDE, icu.UMeasureFormatWidth.SHORT)
    formats = [icu.MeasureFormat(locale, width) for width in widths]
    known = {
        unit.getSubtype(): unit
        for kind in icu.MeasureUnit.getAvailableTypes()
        for unit in icu.MeasureUnit.getAvailable(kind)
    }
    return {
        name: tuple(
            dict.fromkeys(
                spelled
                for written in formats
                for number in _EACH_FORM
                if (spelled := _without_number(written, number, known[name]))
            )
        )
        for name in units
        if name in known
    }


def _without_number(written: icu.MeasureFormat, number: float, unit: icu.MeasureUnit) -> str:
    """Format an amount and leave the number out; empty if it is said without a number."""
    text = written.formatMeasure(icu.Measure(number, unit))
    spelled = re.sub(r"\d[.,٫]\d|\d", "", text).strip(" \u00a0\u200f\u200e")
    return spelled if len(spelled) < len(text) and any(map(str.isdecimal, text)) else ""
