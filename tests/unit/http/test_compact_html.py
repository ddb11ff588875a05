"""Line breaks that browsers don't show are left out of pages."""

import pytest

from pages.http.html_response import _compact


@pytest.mark.parametrize(
    ("html", "compact"),
    [
        ("<p>a</p>\n\n\n<p>b</p>", "<p>a</p>\n<p>b</p>"),
        ("<p>a</p>\n  \n<p>b</p>", "<p>a</p>\n<p>b</p>"),
        ("<ul>\n<li>a\n</li>\n<li>b</li>\n</ul>\n</div>\n", "<ul>\n<li>a</li>\n<li>b</li></ul></div>\n"),
        ("<td>a\n</td>", "<td>a</td>"),
        ("<b>a</b>\n<b>b\n</b>", "<b>a</b>\n<b>b\n</b>"),
        ("<time>a\n</time>b", "<time>a\n</time>b"),
        ('<section class="section faq\n"\n aria-labelledby="a">', '<section class="section faq" aria-labelledby="a">'),
        ('<a class="b"\n href="/a">a\n b</a>', '<a class="b" href="/a">a\n b</a>'),
        ("<pre><code>a\n\n\nb\n</code></pre>\n\n<p>", "<pre><code>a\n\n\nb\n</code></pre>\n<p>"),
        ("<textarea name=a>\na\n\nb\n</textarea>\n</p>", "<textarea name=a>\na\n\nb\n</textarea></p>"),
    ],
)
def test_only_line_breaks_that_browsers_do_not_show_are_left_out(html, compact):
    assert _compact(html) == compact
