"""Test the list of requested paths that aren't published yet."""

from pages.publish.pending_requests import PendingRequests


def test_previews_are_not_recorded(tmp_path):
    pending = PendingRequests(tmp_path / "pending")
    for path in ("/hire", "/preview/secret.signature/hire", "/previews"):
        pending.add(path)
    assert pending.pop_all() == ["/hire", "/previews"]
    assert pending.pop_all() == []
