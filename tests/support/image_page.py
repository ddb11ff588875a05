"""A page with one image, for tests of generated images."""

import re
from pathlib import Path

from .sample_images import camera_jpeg

IMMUTABLE = "public, max-age=31536000, immutable"
PAGE = "# Panel\n## /panel\n\n## META\n\n```\nTitle: Panel\n```\n\n## ONE\n\n{}\n"
PANEL = PAGE.format('![The panel](images/panel.jpg "Caption")')


def add_image_page(content: Path) -> None:
    """Add a page with a photo that has to be rotated. The photo is small, because encoding a large photo takes long.

    Remove most other pages, because drawing a page's social card takes 0.1 seconds.
    """
    for path in list(content.rglob("*.md")):
        if path.name not in ("index.md", "pricing.md"):
            path.unlink()
    (content / "images").mkdir()
    (content / "images" / "panel.jpg").write_bytes(camera_jpeg(150, 600, orientation=6))
    (content / "panel.md").write_text(PANEL)


def addresses(html: str, pattern: str = r"/images/[^\s\"]+") -> list[str]:
    """Return the distinct URLs of a page's images, sorted."""
    return sorted(set(re.findall(pattern, html)))
