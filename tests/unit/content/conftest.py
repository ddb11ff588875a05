"""Content folders for tests of documents and the library."""

import pytest

SITE = '[calls_to_action]\n"Start Free Trial" = "/start"\n'


@pytest.fixture
def write(tmp_path):
    """Return a function that writes files into a content folder, and returns the folder."""
    folder = tmp_path / "content"
    folder.mkdir()

    def write_files(**files):
        for name, text in ({"site.toml": SITE} | files.pop("named", {}) | files).items():
            path = folder / (name if "." in name else f"{name}.md")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return write_files
