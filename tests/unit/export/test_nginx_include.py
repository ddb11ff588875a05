"""The export's configuration for nginx: text with `$` never becomes a variable of nginx."""

import re

import pytest

from pages.export.nginx_include import left_out_headers, nginx_include
from pages.export.published_site import ExportedFile, Rule

HTML = ("content-type", "text/html; charset=utf-8")
OWN_VARIABLES = re.compile(r"\$(?:uri|args|is_args|request_uri|document_root|http_accept_encoding|export_\w+)")


def file(path, name, *headers):
    return ExportedFile(path, name, (HTML, *headers), {"identity": 1})


@pytest.mark.parametrize(
    ("files", "rules", "line"),
    [
        ([file("/a$host.png", "a$host.png")], [], 'try_files "$uri" =404;'),
        ([file("/a$host", "a$host.html")], [], 'try_files "$uri.html" =404;'),
        ([file("/a", "a.html", ("x-name", "a$host"))], [], 'try_files "/a.html" =404;'),
        ([], [Rule("/a", 301, "/b?c=$host#$d")], 'return 301 "/b?c=%24host$export_more#%24d";'),
        ([], [Rule("/a", 301, "/b/$1/:splat", is_prefix=True)], 'return 301 "/b/%241/$export_rest$is_args$args";'),
        ([], [Rule("/a", 301, "/b$host", query=frozenset({"p=$1"}))], 'return 301 "/b%24host";'),
    ],
)
def test_a_dollar_sign_is_never_a_variable(files, rules, line):
    text = nginx_include(files, rules)
    values = re.sub(r"(?m)^(?:location (?:=|\^~) .*|if .* ~ .*)$", "", OWN_VARIABLES.sub("", text))
    assert line in text
    assert "$host" not in values and "$1" not in values


def test_a_header_with_a_dollar_sign_is_named():
    files = [file("/a", "a.html", ("x-name", "$1"), ("x-other", "1"))]
    assert left_out_headers(files) == [("/a", "x-name")]
    assert "x-name" not in nginx_include(files, []) and 'add_header x-other "1" always;' in nginx_include(files, [])
