"""Link texts that don't say where a link leads."""

from __future__ import annotations

# The texts that the audit “link-text” of Lighthouse reports, by language
# (https://github.com/GoogleChrome/lighthouse/blob/main/core/audits/seo/link-text.js, November 2026).
_TEXTS_BY_LANGUAGE = {
    "en": (
        "click here,click this,go,here,information,learn more,more,more info,more information,read more,"
        "right here,see more,start,this"
    ),
    "de": "das,dies,hier,hier klicken,klicke hier,mehr,siehe,weiterlesen",
    "ja": "ここをクリック,こちらをクリック,リンク,全文表示,続きを読む,続く",
    "ko": "계속,링크,여기,여기를 클릭,이동,자세히,자세히 보기,전체 보기,클릭",
    "fa": ("اطلاعات,اطلاعات بیشتر,این,اینجا,اینجا بزنید,اینجا کلیک کنید,برو,بیشتر,بیشتر بخوانید,بیشتر بدانید,شروع"),
    "pt": "clique aqui,ir,mais,mais informação,mais informações,veja mais",
    "es": (
        "aqui,aquí,click aqui,click aquí,clicka aqui,clicka aquí,empezar,enlace,este,este enlace,mas,"
        "mas informacion,mas información,más,más informacion,más información,pincha aqui,pincha aquí"
    ),
    "sv": "här,klicka här,läs mer,mer,mer info,mer information",
    "ta": (
        "அடுத்த பக்கம்,இங்கே கிளிக் செய்யவும்,தயவுசெய்து இங்கே அழுத்தவும்,முந்தைய பக்கம்,முன்பக்கம்,"
        "மறுபக்கம்,மேலும் அறிக,மேலும் தகவலுக்கு,மேலும் தரவுகளுக்கு"
    ),
}
_LISTS = {language: frozenset(texts.split(",")) for language, texts in _TEXTS_BY_LANGUAGE.items()}
_ALL_LANGUAGES = frozenset().union(*_LISTS.values())

# Lighthouse doesn't report these texts, but they don't describe a link's target either (WCAG 2.2, 2.4.4).
OTHER_TEXTS = frozenset({"click", "link", "this link", "this page"})


def is_generic(text: str, language: str = "en") -> bool:
    """Return whether a link with `text` doesn't say where it leads. Case and marks around the text don't matter.

    Compare `text` with a list for the page's language. `language` is the code of this language, such as `en-IN`. If the
    code is empty, use the lists of all languages. If there is no list for the language, use the English list: texts
    such as “click here” are often left in English.
    """
    words = text.strip(" .!…→").lower()
    known = _LISTS.get(language.partition("-")[0].lower(), _LISTS["en"]) if language else _ALL_LANGUAGES
    return words in known or words in OTHER_TEXTS
