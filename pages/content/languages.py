"""Languages: their codes (BCP 47), names and writing directions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

DEFAULT = "en"

# Each language: its code (ISO 639), its own name, its English name, and the country for Open Graph's locale
# (https://ogp.me/#optional).
_TABLE = """
af|Afrikaans|Afrikaans|ZA       am|አማርኛ|Amharic|ET            ar|العربية|Arabic|AR          as|অসমীয়া|Assamese|IN
az|Azərbaycanca|Azerbaijani|AZ  be|Беларуская|Belarusian|BY   bg|Български|Bulgarian|BG     bho|भोजपुरी|Bhojpuri|IN
bn|বাংলা|Bengali|IN             bs|Bosanski|Bosnian|BA        ca|Català|Catalan|ES          ckb|کوردی|Sorani|IQ
cs|Čeština|Czech|CZ             cy|Cymraeg|Welsh|GB           da|Dansk|Danish|DK            de|Deutsch|German|DE
dv|ދިވެހި|Dhivehi|MV            el|Ελληνικά|Greek|GR          en|English|English|US         eo|Esperanto|Esperanto|EO
es|Español|Spanish|ES           et|Eesti|Estonian|EE          eu|Euskara|Basque|ES          fa|فارسی|Persian|IR
fi|Suomi|Finnish|FI             fil|Filipino|Filipino|PH      fr|Français|French|FR         ga|Gaeilge|Irish|IE
gl|Galego|Galician|ES           gu|ગુજરાતી|Gujarati|IN        ha|Hausa|Hausa|NG             he|עברית|Hebrew|IL
hi|हिन्दी|Hindi|IN               hr|Hrvatski|Croatian|HR       hu|Magyar|Hungarian|HU        hy|Հայերեն|Armenian|AM
id|Bahasa_Indonesia|Indonesian|ID ig|Igbo|Igbo|NG             is|Íslenska|Icelandic|IS      it|Italiano|Italian|IT
ja|日本語|Japanese|JP            ka|ქართული|Georgian|GE        kk|Қазақша|Kazakh|KZ          km|ខ្មែរ|Khmer|KH
kn|ಕನ್ನಡ|Kannada|IN              ko|한국어|Korean|KR            kok|कोंकणी|Konkani|IN          ks|کٲشُر|Kashmiri|IN
ky|Кыргызча|Kyrgyz|KG           lo|ລາວ|Lao|LA                 lt|Lietuvių|Lithuanian|LT     lv|Latviešu|Latvian|LV
mai|मैथिली|Maithili|IN           mk|Македонски|Macedonian|MK   ml|മലയാളം|Malayalam|IN        mn|Монгол|Mongolian|MN
mni|মৈতৈলোন্|Manipuri|IN         mr|मराठी|Marathi|IN            ms|Bahasa_Melayu|Malay|MY     mt|Malti|Maltese|MT
my|မြန်မာ|Burmese|MM              nb|Norsk_bokmål|Norwegian|NO  ne|नेपाली|Nepali|NP           nl|Nederlands|Dutch|NL
nn|Norsk_nynorsk|Nynorsk|NO     no|Norsk|Norwegian|NO         or|ଓଡ଼ିଆ|Odia|IN               pa|ਪੰਜਾਬੀ|Punjabi|IN
pl|Polski|Polish|PL             ps|پښتو|Pashto|AF             pt|Português|Portuguese|PT    ro|Română|Romanian|RO
ru|Русский|Russian|RU           sa|संस्कृतम्|Sanskrit|IN         sat|ᱥᱟᱱᱛᱟᱲᱤ|Santali|IN        sd|سنڌي|Sindhi|PK
si|සිංහල|Sinhala|LK              sk|Slovenčina|Slovak|SK       sl|Slovenščina|Slovenian|SI   so|Soomaali|Somali|SO
sq|Shqip|Albanian|AL            sr|Српски|Serbian|RS          sv|Svenska|Swedish|SE         sw|Kiswahili|Swahili|KE
ta|தமிழ்|Tamil|IN                te|తెలుగు|Telugu|IN            tg|Тоҷикӣ|Tajik|TJ            th|ไทย|Thai|TH
tk|Türkmençe|Turkmen|TM         tr|Türkçe|Turkish|TR          ug|ئۇيغۇرچە|Uyghur|CN         uk|Українська|Ukrainian|UA
ur|اردو|Urdu|PK                 uz|Oʻzbekcha|Uzbek|UZ         vi|Tiếng_Việt|Vietnamese|VN   xh|isiXhosa|Xhosa|ZA
yi|ייִדיש|Yiddish|DE             yo|Yorùbá|Yoruba|NG           zh|中文|Chinese|CN             zu|isiZulu|Zulu|ZA
"""
_ROWS = [entry.replace("_", " ").split("|") for entry in _TABLE.split()]

OWN_NAMES = {code: own for code, own, _, _ in _ROWS}
_ENGLISH_NAMES = {code: english for code, _, english, _ in _ROWS}
_COUNTRIES = {code: country for code, _, _, country in _ROWS}

# Country codes that people write in place of a language code.
_COUNTRY_SLIPS = {"cn": "zh", "cz": "cs", "dk": "da", "gr": "el", "in": "hi", "jp": "ja", "kr": "ko", "ua": "uk"}

# ISO 3166-1 reserves UK, but the code of the United Kingdom is GB.
_REGION_SLIPS = {"UK": "GB"}

# Languages and scripts (ISO 15924) that are written from right to left.
_RIGHT_TO_LEFT = frozenset(("ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"))
_RIGHT_TO_LEFT_SCRIPTS = frozenset(("Arab", "Hebr", "Thaa"))

# Scripts with capitals and separate letters, as in English. The languages in _OTHER_SCRIPTS use another script.
_SIMILAR_SCRIPTS = frozenset(("Latn", "Cyrl", "Grek", "Armn"))
_OTHER_SCRIPTS = _RIGHT_TO_LEFT | frozenset(
    (
        *("am", "as", "bho", "bn", "gu", "hi", "ja", "ka", "km", "kn", "ko", "kok", "lo", "mai", "ml", "mni", "mr"),
        *("my", "ne", "or", "pa", "sa", "sat", "si", "ta", "te", "th", "zh"),
    )
)

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
# Django doesn't know the names of months in these languages.
_WITHOUT_MONTHS = frozenset(
    (
        *("am", "as", "bho", "dv", "fil", "gu", "ha", "kok", "ks", "lo", "mai", "mni", "mt", "my", "or", "ps", "sa"),
        *("sat", "sd", "si", "so", "xh", "yi", "yo", "zu"),
    )
)

_CODE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?", re.IGNORECASE)


@dataclass(frozen=True)
class Language:
    """A language, given by its code in the form of BCP 47, such as `hi` or `pt-BR`."""

    code: str = DEFAULT

    @property
    def own_name(self) -> str:
        """The language's name in the language itself. A country or script follows in parentheses."""
        primary, *rest = self.code.split("-")
        name = OWN_NAMES.get(primary, self.code)
        return f"{name} ({', '.join(rest)})" if rest else name

    @property
    def english_name(self) -> str:
        primary, *rest = self.code.split("-")
        name = _ENGLISH_NAMES.get(primary, self.code)
        return f"{name} ({', '.join(rest)})" if rest else name

    @property
    def is_right_to_left(self) -> bool:
        script = self._script
        return script in _RIGHT_TO_LEFT_SCRIPTS if script else self.code.split("-")[0] in _RIGHT_TO_LEFT

    @property
    def has_other_script(self) -> bool:
        """Whether the language's script has no capitals, or joins its letters. Both are true of Hindi and Arabic."""
        script = self._script
        return script not in _SIMILAR_SCRIPTS if script else self.code.split("-")[0] in _OTHER_SCRIPTS

    @property
    def has_month_names(self) -> bool:
        """Whether dates can name the month in this language without words from `site.toml`."""
        return self.code.split("-")[0] not in _WITHOUT_MONTHS

    def is_like(self, other: Language) -> bool:
        """Return whether both are the same language. The country or script may differ, as in `en-US` and `en-GB`."""
        return self.code.split("-")[0] == other.code.split("-")[0]

    @property
    def locale(self) -> str:
        """The language and country for Open Graph, such as `hi_IN`, or "" if the country is unknown."""
        primary, *rest = self.code.split("-")
        country = next((part for part in rest if len(part) == 2), "") or _COUNTRIES.get(primary, "")
        return f"{primary}_{country}" if country else ""

    @property
    def fallbacks(self) -> tuple[str, ...]:
        """The codes under which a text in this language may be found: `pt-BR`, then `pt`."""
        parts = self.code.split("-")
        return tuple("-".join(parts[:count]) for count in range(len(parts), 0, -1))

    @property
    def _script(self) -> str:
        return next((part for part in self.code.split("-")[1:] if len(part) == 4), "")


ENGLISH = Language()


def normalize(written: str) -> str:
    """Return the language code `written` with the usual capitals, or "" if it is not the code of a known language."""
    match = _CODE.fullmatch(written)
    if not match or match[1].lower() not in OWN_NAMES:
        return ""
    primary, script, region = match[1].lower(), (match[2] or "").title(), (match[3] or "").upper()
    return "" if region in _REGION_SLIPS else "-".join(filter(None, (primary, script, region)))


def nearest(written: str) -> str:
    """Return the language code that the author of `written` probably meant.

    For example, return `hi` for “Hindi”, and `hi-IN` for “hi_IN”. If `written` is similar to no code, return "".
    """
    word = written.strip()
    primary, *rest = [part for part in re.split(r"[-_ ]", word) if part] or [""]
    regions = [_REGION_SLIPS.get(part.upper(), part) for part in rest]
    repaired = normalize("-".join((primary, *regions))) or _COUNTRY_SLIPS.get(primary.lower(), "")
    return repaired or _by_name(word, OWN_NAMES.items()) or _by_name(word, _ENGLISH_NAMES.items())


def _by_name(written: str, names: Iterable[tuple[str, str]]) -> str:
    codes = {name.lower(): code for code, name in reversed([*names])}
    near = get_close_matches(written.lower(), codes, n=1, cutoff=0.7)
    return codes[near[0]] if near else ""
