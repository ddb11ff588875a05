"""Test that SVG files are refused if they contain anything that a browser could run."""

import pytest

from pages.content.images import Picture, RejectedImage, inspect

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {}>{}</svg>'


@pytest.mark.parametrize(
    "text",
    [
        SVG.format("", "<script>alert(1)</script>"),
        SVG.format("", "<SCRIPT>alert(1)</SCRIPT>"),
        SVG.format("", '<script href="https://evil.example/a.js"/>'),
        SVG.format("", '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>'),
        SVG.format("", '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>'),
        SVG.format("", '<h:meta xmlns:h="http://www.w3.org/1999/xhtml" http-equiv="refresh" content="0"/>'),
        SVG.format("", "<foreignObject><p>x</p></foreignObject>"),
        SVG.format("", '<iframe src="/"/>'),
        SVG.format("", '<handler type="text/javascript">alert(1)</handler>'),
        SVG.format('onload="alert(1)"', ""),
        SVG.format("", '<rect ONCLICK="alert(1)"/>'),
        SVG.format("", '<a href="javascript:alert(1)"><path d="M0 0h9"/></a>'),
        SVG.format("", '<a xlink:href=" java&#9;script:alert(1)"><path d="M0 0h9"/></a>'),
        SVG.format("", '<a href="data:text/html,&lt;script>"><path d="M0 0h9"/></a>'),
        SVG.format("", '<use href="data:image/svg+xml,&lt;svg/>"/>'),
        SVG.format("", '<set attributeName="onclick" to="alert(1)"/>'),
        SVG.format("", '<animate attributeName="xlink:href" values="#a;javascript:alert(1)"/>'),
        SVG.format("", '<animate attributeName="href" to="x"/>'),
        '<?xml-stylesheet href="https://evil.example/a.xsl" type="text/xsl"?>' + SVG.format("", ""),
        '<!DOCTYPE svg [<!ENTITY x "<script>1</script>">]>' + SVG.format("", "&x;"),
        '<!DOCTYPE svg [<!ENTITY x "javascript:1">]>' + SVG.format("", '<a href="&x;"/>'),
        '<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]>' + SVG.format("", ""),
        (SVG.format("", "<script/>").encode("utf-16")),
    ],
)
def test_active_content_is_refused(text):
    image = inspect("/a.svg", text if isinstance(text, bytes) else text.encode())
    assert isinstance(image, RejectedImage) and image.rule == "unsafe-image", image
    assert image.help


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG.format("", "&x;"),
        '<!DOCTYPE svg [<!ENTITY % x SYSTEM "https://evil.example/a.dtd"> %x;]>' + SVG.format("", ""),
        "<svg width='40' height='40'><path d='M0 0h9'/></svg>",
        "<svg xmlns='http://www.w3.org/1999/xhtml'/>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
    ],
    ids=["external entity", "external parameter entity", "no namespace", "other namespace", "HTML"],
)
def test_a_file_that_browsers_do_not_show_as_svg_is_rejected_as_broken(text):
    image = inspect("/a.svg", text.encode())
    assert isinstance(image, RejectedImage) and image.rule == "broken-image", image


@pytest.mark.parametrize(
    "text",
    [
        SVG.format("", '<style>a{fill:red}</style><defs><path id="p"/></defs><use xlink:href="#p"/>'),
        SVG.format("", '<image href="data:image/png;base64,iVBORw0KGgo="/>'),
        SVG.format("", '<a href="https://www.layersrank.com/"><text>onload= javascript</text></a>'),
        SVG.format("", '<animate attributeName="opacity" values="0;1" dur="1s"/>'),
        SVG.format('xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:version="1"', ""),
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">' + SVG.format("", "<title>A</title>"),
    ],
)
def test_files_of_common_editors_are_accepted(text):
    assert isinstance(inspect("/a.svg", text.encode()), Picture)
