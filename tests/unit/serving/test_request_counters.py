"""Test which requests are counted, and under which kind of answer each request is counted."""

import pytest

from layersrank_site.metrics.request_counters import BOUNDS, RequestCounters, bucket_key, count_requests
from tests.support.asgi_client import ask


def answering(status):
    async def application(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return application


async def failing(scope, receive, send):
    raise ValueError


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/about", "rendered"),
        ("HEAD", "/desk", "rendered"),
        ("POST", "/start", "form"),
        ("GET", "/desk/login/", "admin"),
        ("POST", "/desk/login/", "admin"),
    ],
)
def test_each_answer_has_one_kind_and_one_status_class(method, path, kind):
    counters = RequestCounters()
    ask(count_requests(answering(404), counters.add, "desk"), path, method)
    numbers = {name: value for name, value in counters.read().items() if name.startswith("requests")}
    assert numbers == {f"requests {kind} 4xx": 1}


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/version", "/metrics"])
def test_probes_are_not_counted(path):
    counters = RequestCounters()
    ask(count_requests(answering(200), counters.add, ""), path)
    assert not [name for name in counters.read() if name.startswith("requests")]


def test_an_exception_counts_as_a_server_error():
    counters = RequestCounters()
    with pytest.raises(ValueError):  # noqa: PT011
        ask(count_requests(failing, counters.add, ""), "/about")
    assert counters.read()["requests rendered 5xx"] == 1


@pytest.mark.parametrize(("seconds", "bucket"), [(0, 0), (BOUNDS[0], 0), (0.006, 1), (30, len(BOUNDS) - 1), (31, 12)])
def test_a_duration_counts_in_the_first_bucket_that_holds_it(seconds, bucket):
    counters = RequestCounters()
    counters.add("form", 200, seconds)
    assert counters.read()[bucket_key("form", bucket)] == 1
    assert counters.read()["seconds form"] == seconds


def test_prebuilt_answers_are_counted_by_class_of_status():
    counters = RequestCounters()
    counters.prebuilt.update({200: 5, 206: 1, 304: 2, 412: 1})
    numbers = counters.read()
    assert [numbers[f"requests prebuilt {status}"] for status in ("2xx", "3xx", "4xx")] == [6, 2, 1]
