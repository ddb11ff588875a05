"""Responses with an HTML page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from ..content.document import Page
from .csp import content_security_policy
from .page_script import page_script
from .stylesheet import stylesheet

# `base.html` contains these elements. The page's stylesheet and script replace them.
_STYLE, _SCRIPT = "<style></style>", "<script></script>"

_RULES = re.compile(r'<script type="speculationrules">(.*?)</script>', re.DOTALL)

_ELEMENTS = re.compile(r"<([a-z]+)")
_CLASSES = re.compile(r' class="([^"]*)"')

_BLOCKS = "body|div|figure|footer|h[1-6]|header|li|main|nav|ol|p|section|table|tbody|td|th|thead|tr|ul"

# Elements that keep their whitespace.
_KEPT = re.compile(r"(<pre\b.*?</pre>|<textarea\b.*?</textarea>)", re.DOTALL)

# Line breaks that browsers don't show. They are before another line break, before a block's end tag, between two
# attributes, or at the end of an attribute's value. The pattern has a single `\n`, before its alternatives. So `re`
# first looks for this character alone, which is much faster.
_LINE_BREAKS = re.compile(rf"""\n(?:\s*(?=\n|</(?:{_BLOCKS})>)|(?<="\n)(?= [a-z-]+=)|(?="[ >\n]))""")


def html_response(
    template: str, context: Mapping[str, Any], request: HttpRequest | None = None, status: int = 200
) -> HttpResponse:
    """Render a template that extends `base.html`. Add the page's stylesheet and script.

    The Content-Security-Policy allows this stylesheet, this script and the page's videos.
    """
    html = _compact(str(render_to_string(template, dict(context), request)))
    names = {name for classes in _CLASSES.findall(html) for name in classes.split()} | {*_ELEMENTS.findall(html)}
    style, script = stylesheet(names), page_script(names)
    html = html.replace(_SCRIPT, f"<script>{script}</script>" if script else "", 1)
    html = html.replace(_STYLE, f"<style>{style}</style>", 1)
    scripts = (script, *_RULES.findall(html)[:1]) if script else ()
    page: Page | None = context.get("page")
    videos = (page.player_hosts, page.has_video_files) if page else ()
    policy = content_security_policy(style, scripts, *videos)
    return HttpResponse(html, status=status, headers={"Content-Security-Policy": policy})


def _compact(html: str) -> str:
    """Return `html` without the line breaks that templates leave around their tags, because each byte counts."""
    parts = _KEPT.split(html)  # every second part is an element that keeps its whitespace
    parts[::2] = [_LINE_BREAKS.sub("", part) for part in parts[::2]]
    return "".join(parts)
