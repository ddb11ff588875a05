"""Tasks of a marketer's week: pages in other languages."""

from pages.content.site_words import WORDS, WORDS_OF_NOTICES

HINDI = "Language: hi\nTranslation of: /pricing\n"


def translations(language):
    """Return a table for site.toml with a translation of all the site's own words."""
    names = ("Hire", "Privacy", "Start free", "Structured hiring assessments.", "India")
    words = (*WORDS, *WORDS_OF_NOTICES, *names)
    return f"\n[translations.{language}]\n" + "".join(f'"{word}" = "{word} ✓"\n' for word in words)


def test_translate_a_page(marketer):
    marketer.write_page("hi/pricing", "पाँच आकलन मुफ़्त हैं।", HINDI, name="मूल्य")
    marketer.write("site.toml", (marketer.folder / "site.toml").read_text() + translations("hi"))
    assert marketer.problems() == []
    original, hindi = marketer.page("/pricing"), marketer.page("/hi/pricing")
    assert (original.html["lang"], hindi.html["lang"], hindi.html.get("dir")) == ("en", "hi", None)
    for page in original, hindi:
        links = {link["hreflang"]: link["href"] for link in page.select("head link[hreflang]")}
        assert links.keys() == {"en", "hi", "x-default"}
        assert links["x-default"] == links["en"] and links["hi"].endswith("/hi/pricing")
    assert original.select_one("a[hreflang=hi]:not(head *)")["href"] == "/hi/pricing"
    assert hindi.select_one("a[hreflang=en]:not(head *)")["href"] == "/pricing"
    assert hindi.select_one(".skip-link").text == "Skip to content ✓"
    assert b'hreflang="hi"' in marketer.get("/sitemap.xml").content


def test_write_a_page_from_right_to_left(marketer):
    marketer.write_page("ar/pricing", "خمسة تقييمات مجانية.", HINDI.replace("hi", "ar"), name="الأسعار")
    marketer.write("site.toml", (marketer.folder / "site.toml").read_text() + translations("ar"))
    assert marketer.problems() == []
    assert (marketer.page("/ar/pricing").html["lang"], marketer.page("/ar/pricing").html["dir"]) == ("ar", "rtl")


def test_a_missing_word_is_one_warning_and_the_page_shows_english(marketer):
    marketer.write_page("hi/pricing", "पाँच आकलन मुफ़्त हैं।", HINDI, name="मूल्य")
    [problem] = marketer.problems()
    assert problem.endswith(": site-words")
    assert marketer.page("/hi/pricing").select_one(".skip-link").text == "Skip to content"


def test_wrong_pairs_are_problems(marketer):
    for meta in ("Language: hi\nTranslation of: /prices\n", "Translation of: /pricing\n", HINDI.replace("hi", "en")):
        marketer.write_page("hi/pricing", "Words.", meta, name="मूल्य")
        assert any(problem.endswith(": translation") for problem in marketer.problems()), meta
