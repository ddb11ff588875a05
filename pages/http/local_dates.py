"""Dates in the language of a page. Django has the names of months and the usual formats of most languages."""

from __future__ import annotations

import re
from datetime import date

from django.utils.dateformat import DateFormat
from django.utils.formats import iter_format_modules
from django.utils.translation import trans_real

from ..content.languages import ENGLISH, MONTHS
from ..content.site_words import Words

DEFAULT_FORMAT = "j F Y"

# Django has no translation with these codes. Each value is the code of the translation to use instead: Norwegian (`no`)
# uses Bokmål (`nb`), and Chinese (`zh`) uses Simplified Chinese (`zh-hans`).
_DJANGO_CODES = {"no": "nb", "zh": "zh-hans"}
# Formats that consist of a day, a month and a year, with other characters between them.
_DAY_MONTH_YEAR = re.compile(r"(?:\\.|[jdEFmnY]|[^A-Za-z\\])+", re.DOTALL)


def local_date(day: date, words: Words) -> str:
    """Return `day` in the language of `words`, such as “9 March 2025” or “9. März 2025”.

    If `site.toml` translates the month's name, use this translation instead of Django's.
    """
    language = words.language
    code = _DJANGO_CODES.get(language.code, language.code)
    formats = (getattr(module, "DATE_FORMAT", "") for module in iter_format_modules(code))
    written = next(filter(None, formats), "") if not language.is_like(ENGLISH) else ""
    has_own_name = bool(words.translations.get(MONTHS[day.month - 1]))
    known = written if _DAY_MONTH_YEAR.fullmatch(written) and not has_own_name else DEFAULT_FORMAT
    return str(_LocalFormat(day, words, code).format(known))


class _LocalFormat(DateFormat):
    """Formats a date with the month's name in another language, without activating the language in Django."""

    def __init__(self, day: date, words: Words, code: str) -> None:
        super().__init__(day)
        self._name = words(MONTHS[day.month - 1])
        self._code = code if self._name == MONTHS[day.month - 1] else ENGLISH.code

    def F(self) -> str:
        """Return the month's name."""
        return trans_real.translation(self._code).gettext(self._name)

    def E(self) -> str:
        """Return the month's name as it is written after a day. In some languages, this is the genitive case."""
        context = f"alt. month\x04{self._name}"
        name = trans_real.translation(self._code).gettext(context)
        return self.F() if name == context else name
