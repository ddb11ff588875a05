"""Template filters for pages."""

import pytest
from django.utils.safestring import SafeString

from pages.http.navigation import NavLink
from pages.templatetags.page_filters import nav_link


@pytest.mark.parametrize(
    "names", [("R&D", SafeString("R&D")), (SafeString("Q&A"), "Q&A")], ids=["unsafe first", "safe first"]
)
def test_a_link_is_escaped_unless_its_name_is_safe_even_if_another_link_has_the_same_name(names):
    links = [nav_link(NavLink(name, "/a")) for name in names]
    expected = [name if isinstance(name, SafeString) else name.replace("&", "&amp;") for name in names]
    assert links == [f'<a href="/a">{name}</a>' for name in expected]
