"""Units of measure: their symbols and names as they stand after a number."""

import re
from collections.abc import Mapping
from functools import lru_cache

#: Each unit by its CLDR name; symbols of the SI and of the scripts that have their own, and the
#: English names. Names in other languages come from CLDR, where the language is known.
UNITS: Mapping[str, tuple[str, ...]] = {
    "microgram": (
        "µg", "μg", "mcg", "мкг", "мкг.", "微克", "ไมโครกรัม", "মাইক্রোগ্রাম", "माइक्रोग्राम",
        "مائیکروگرام", "ميكروغرام", "میکروگرم", "מק״ג", "microgram", "micrograms",
    ),
    "milligram": (
        "mg", "мг", "毫克", "มก", "มิลลิกรัม", "মিগ্রা", "মিলিগ্রাম", "मिग्रा", "मि.ग्रा",
        "मिलीग्राम",
        "ملی گرام", "ملغ", "ملغم", "مجم", "ملجم", "میلی‌گرم", "מ״ג", "milligram", "milligrams",
    ),
    "gram": (
        "g", "г", "克", "กรัม", "গ্রাম", "ग्राम", "گرام", "غرام", "جرام", "غ", "גרם", "gram",
        "grams",
    ),
    "kilogram": (
        "kg", "кг", "公斤", "千克", "กก", "กิโลกรัม", "কেজি", "किग्रा", "किलोग्राम", "کلو گرام",
        "كغ", "كجم",
        "ק״ג", "kilogram", "kilograms",
    ),
    "milliliter": (
        "ml", "mL", "мл", "毫升", "มล", "মিলি", "मिली", "ملی لیٹر", "مل", "מ״ל", "milliliter",
        "milliliters", "millilitre", "millilitres",
    ),
    "liter": (
        "l", "L", "л", "升", "ลิตร", "লিটার", "लीटर", "لتر", "liter", "liters", "litre", "litres",
    ),
    "millimeter": (
        "mm", "мм", "毫米", "มม", "ملم", "מ״מ", "millimeter", "millimetre", "millimeters",
    ),
    "centimeter": (
        "cm", "см", "厘米", "ซม", "সেমি", "सेमी", "سم", "ס״מ", "centimeter", "centimeters",
        "centimetre", "centimetres",
    ),
    "meter": ("m", "м", "米", "เมตร", "মিটার", "मीटर", "meter", "meters", "metre", "metres"),
    "kilometer": (
        "km", "км", "公里", "กม", "کلومیٹر", "كم", "kilometer", "kilometers", "kilometres",
    ),
    "second": ("sec", "сек", "秒", "วินาที", "second", "seconds"),
    "minute": ("min", "мин", "分钟", "นาที", "minute", "minutes"),
    "hour": ("h", "hr", "hrs", "ч", "小时", "ชั่วโมง", "ชม", "hour", "hours"),
    "day": ("天", "วัน", "day", "days"),
    "week": ("周", "สัปดาห์", "week", "weeks"),
    "month": ("个月", "เดือน", "month", "months"),
    "year": ("年", "ปี", "year", "years"),
    "person": ("person", "people", "persons", "人"),
    "celsius": ("°C", "℃"),
    "fahrenheit": ("°F", "℉"),
    "pound": ("lb", "lbs", "pound", "pounds"),
    "international-unit": ("IU", "UI", "IE", "МЕ", "وحدة دولية", "international units"),
}  # fmt: skip

_SPACE = re.compile(r"[ \u00a0\u202f-]?")

#: Scripts whose words are not set apart by spaces: a name may be followed by any letter.
_RUNNING = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]$")


def unit_at(text: str, start: int, units: Mapping[str, tuple[str, ...]] = UNITS) -> str:
    """Name the unit whose symbol or name stands at `start`, after a space or hyphen, if any."""
    start = _SPACE.match(text, start).end()  # type: ignore[union-attr]  # it may match nothing
    pattern, by_name = _compiled(tuple(units.items()))
    found = pattern.match(text, start)
    return by_name[found[0]] if found else ""


@lru_cache(maxsize=32)
def _compiled(
    units: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Compile the names into one pattern, the longest first; a name of two units is left out."""
    named: dict[str, set[str]] = {}
    for unit, names in units:
        for name in names:
            named.setdefault(name, set()).add(unit)
    by_name = {name: next(iter(of)) for name, of in named.items() if len(of) == 1}
    parts = (
        re.escape(name) + ("" if _RUNNING.search(name) else r"(?!\w)")
        for name in sorted(by_name, key=len, reverse=True)
    )
    return re.compile("|".join(parts)), by_name
