"""Large builds compress bodies quickly, and the publisher compresses these bodies again later."""

import errno
from contextlib import closing
from io import FileIO

import brotli
import pytest

from layersrank_site.serving.prepared_response import prepare
from pages.media import artifact_store
from pages.publish import manifest_entry
from pages.publish.manifest import ManifestReader, ManifestWriter
from pages.publish.recompression import Recompressor

HTML = (("content-type", "text/html"), ("vary", "Accept-Encoding"))
BODY = "".join(f"<p>Question {number}: what would you measure first, and why?</p>\n" for number in range(200)).encode()


@pytest.fixture
def writer(tmp_path, settings):
    settings.BUILD_DIR = tmp_path
    with closing(ManifestWriter(tmp_path / "manifest")) as writer:
        writer.compresses_quickly = True
        yield writer


@pytest.fixture
def recompressor(writer):
    writer.store("/a", BODY, HTML)
    recompressor = Recompressor(writer)
    recompressor.find_paths()
    return recompressor


@pytest.fixture
def refuse_compression(monkeypatch):
    """Call this function to make each further compression fail."""

    def refuse(body, is_quick):
        raise AssertionError("compressed again")

    return lambda: monkeypatch.setattr(manifest_entry, "compress", refuse)


def response(entry):
    """Return the headers and the body that a worker sends to a client that accepts Brotli."""
    prepared = prepare(entry, "br", entry.body("br"))
    return dict(prepared.start["headers"]), prepared.body["body"]


def test_the_smaller_version_replaces_the_quick_one_and_has_its_own_etag_and_length(writer, recompressor, tmp_path):
    quick_headers, quick = response(writer.entries["/a"])
    assert recompressor.run_once() and not recompressor.run_once()
    with closing(ManifestReader(tmp_path / "manifest")) as reader:
        reader.refresh()
        headers, best = response(reader.entries["/a"])
    assert brotli.decompress(quick) == brotli.decompress(best) == BODY
    assert best == brotli.compress(BODY, quality=11) and len(best) < len(quick)
    assert int(headers[b"content-length"]) == len(best) and int(quick_headers[b"content-length"]) == len(quick)
    assert headers[b"etag"] != quick_headers[b"etag"]


def test_the_quick_version_stays_while_the_disk_is_full(writer, recompressor, monkeypatch):
    def write(url, data, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(artifact_store, "write", write)
    assert not recompressor.run_once()
    assert brotli.decompress(writer.entries["/a"].body("br")) == BODY


@pytest.mark.parametrize("written", [0, 10])
def test_workers_read_later_changes_although_the_disk_was_full(writer, recompressor, tmp_path, monkeypatch, written):
    class FullDisk(FileIO):
        def write(self, data):
            if not written:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data[:written])

    with closing(ManifestReader(tmp_path / "manifest")) as reader:
        reader.refresh()
        with monkeypatch.context() as patch, FullDisk(tmp_path / "manifest", "ab") as full_disk:
            patch.setattr(writer, "_file", full_disk)
            assert not recompressor.run_once()
        writer.store("/b", BODY, HTML)
        reader.refresh()
        assert set(reader.entries) == {"/a", "/b"} and not reader.is_damaged


def test_an_unpublished_path_is_not_published_again(writer, recompressor):
    writer.remove("/a")
    assert recompressor.run_once()
    assert writer.entries == {}


def test_the_prebuilt_response_for_the_next_change_stays(writer, recompressor):
    writer.expect_change(32_503_680_000)  # the year 3000
    writer.store("/a", BODY + b"New", HTML, is_upcoming=True)
    upcoming = writer.upcoming["/a"]
    assert recompressor.run_once()
    assert writer.upcoming["/a"] is upcoming


def test_a_small_build_has_the_best_compression_at_once(writer):
    writer.compresses_quickly = False
    writer.store("/a", BODY, HTML)
    assert writer.entries["/a"].body("br") == brotli.compress(BODY, quality=11)


def test_a_body_that_a_killed_publisher_stored_is_not_compressed_again(writer, tmp_path, refuse_compression):
    writer.store("/a", BODY, HTML)
    refuse_compression()
    with closing(ManifestWriter(tmp_path / "manifest-of-another-release")) as other:
        other.compresses_quickly = True
        other.store("/a", BODY, HTML)
        assert other.entries["/a"].body("br") == writer.entries["/a"].body("br")


def test_a_large_build_uses_the_best_version_if_it_is_stored(writer, recompressor, tmp_path, refuse_compression):
    recompressor.run_once()
    refuse_compression()
    writer.store("/b", BODY, HTML)
    assert not writer.entries["/b"].is_quick


def test_quick_versions_have_other_names_than_the_best_versions(writer, recompressor, tmp_path):
    quick = {path.name.rpartition("-")[2] for path in tmp_path.glob("pages/*/*")}
    recompressor.run_once()
    best = {path.name.rpartition("-")[2] for path in tmp_path.glob("pages/*/*")} - quick
    assert (quick, best) == ({"br3", "gzip3", "identity"}, {"br", "gzip"})


def test_a_damaged_body_is_compressed_again(writer, tmp_path):
    writer.store("/a", BODY, HTML)
    [path] = tmp_path.glob("pages/*/*-br3")
    path.write_bytes(b"damaged")
    writer.store("/a", BODY, HTML)
    assert brotli.decompress(writer.entries["/a"].body("br")) == BODY


def test_an_image_is_stored_once_without_compression(writer):
    headers = (("content-type", "image/avif"), ("accept-ranges", "bytes"), *HTML[1:])
    writer.store("/a.avif", BODY, headers)
    assert list(writer.entries["/a.avif"].sizes) == ["identity"] and not writer.entries["/a.avif"].is_quick
