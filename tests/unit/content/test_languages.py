"""Language codes, names and writing directions."""

import pytest

from pages.content import languages
from pages.content.languages import Language


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(("hi", "hi"), ("HI", "hi"), ("pt-br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")),
        *(("", ""), ("hindi", ""), ("hi_IN", ""), ("hi-", ""), ("xx", ""), ("en-UK", ""), ("jp", ""), ("हिन्दी", "")),
    ],
)
def test_codes_of_known_languages_get_their_usual_capitals(written, code):
    assert languages.normalize(written) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(("hindi", "hi"), ("Hindi", "hi"), ("Hindhi", "hi"), ("हिन्दी", "hi"), ("hi_IN", "hi-IN"), ("jp", "ja")),
        *(("en-UK", "en-GB"), ("deutsch", "de"), ("Tamil", "ta"), ("klingon", ""), ("-", ""), ("", ""), ("(", "")),
    ],
)
def test_the_nearest_code_is_found_by_name_or_slip(written, code):
    assert languages.nearest(written) == code


@pytest.mark.parametrize(
    ("code", "right_to_left", "other_script"),
    [
        *(("en", False, False), ("de", False, False), ("ru", False, False), ("hi", False, True), ("ja", False, True)),
        *(("ar", True, True), ("he", True, True), ("fa-IR", True, True), ("ur", True, True), ("ur-Latn", False, False)),
        *(("az-Arab", True, True), ("sr-Latn", False, False)),
    ],
)
def test_the_script_decides_the_direction(code, right_to_left, other_script):
    language = Language(code)
    assert (language.is_right_to_left, language.has_other_script) == (right_to_left, other_script)


def test_names_and_locales():
    names = {code: (Language(code).own_name, Language(code).english_name, Language(code).locale) for code in
             ("hi", "pt-BR", "en", "en-GB")}  # fmt: skip
    assert names == {
        "hi": ("हिन्दी", "Hindi", "hi_IN"),
        "pt-BR": ("Português (BR)", "Portuguese (BR)", "pt_BR"),
        "en": ("English", "English", "en_US"),
        "en-GB": ("English (GB)", "English (GB)", "en_GB"),
    }


def test_every_language_has_a_valid_code_and_its_own_name():
    assert len(languages.OWN_NAMES) == 100
    assert all(languages.normalize(code) == code for code in languages.OWN_NAMES)
    assert all(languages.nearest(name) for name in languages.OWN_NAMES.values())
