"""Test the limits on parallel requests, and the order in which clients take turns."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from asgiref.testing import ApplicationCommunicator

from layersrank_site.serving.admission import (
    ADMIN,
    LOGINS,
    MAX_WAITING,
    PREVIEWS,
    PROBES,
    READS,
    REFUSAL,
    SUBMISSIONS,
    FairQueue,
    admit_in_turns,
)
from tests.support.waiting import PATIENCE

ATTACKER, VISITOR = "198.51.100.1", "198.51.100.2"


class Django:
    """Holds each request until the test lets it finish."""

    def __init__(self):
        self.running, self.most, self.served = [], 0, []

    async def __call__(self, scope, receive, send):
        done = asyncio.get_running_loop().create_future()
        self.running.append((scope, done))
        self.most = max(self.most, len(self.running))
        await done
        self.running.remove((scope, done))
        self.served.append((scope["client"][0], scope["path"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def finish(self, count=1):
        for _ in range(count):
            self.running[0][1].set_result(None)
            await settle()


async def settle():
    for _ in range(10):
        await asyncio.sleep(0)


@asynccontextmanager
async def site():
    """Yield the fake Django, a function that sends a request, and the list of response statuses."""
    django, tasks, statuses = Django(), [], []
    application = admit_in_turns(django, lambda: {"X-Content-Type-Options": "nosniff"})

    async def ask(client, path="/search", method="GET", headers=(), reads=True):
        scope = {"type": "http", "path": path, "method": method, "client": (client, 1), "headers": list(headers)}

        async def send(message):
            if not reads:
                await asyncio.Event().wait()
            if message["type"] == "http.response.start":
                statuses.append((client, message["status"]))

        tasks.append(asyncio.create_task(application(scope, None, send)))
        await settle()
        return tasks[-1]

    yield django, ask, statuses
    while django.running:
        await django.finish()
    await settle()
    for task in tasks:
        task.cancel()  # only tasks whose client doesn't read are still running
    await asyncio.gather(*tasks, return_exceptions=True)


def run(test):
    asyncio.run(test())


def test_django_handles_a_limited_number_of_reads_at_once():
    async def test():
        async with site() as (django, ask, _):
            for number in range(20):
                await ask(ATTACKER, f"/{number}")
        assert django.most == READS
        assert len(django.served) == 20

    run(test)


def test_clients_take_turns():
    async def test():
        async with site() as (django, ask, _):
            for number in range(20):
                await ask(ATTACKER, f"/{number}")
            await ask(VISITOR, "/a")
            await ask(VISITOR, "/b")
            await django.finish(READS + 4)
        clients = [client for client, _ in django.served]
        assert clients[READS : READS + 4].count(VISITOR) == 2
        assert [path for client, path in django.served if client == VISITOR] == ["/a", "/b"]

    run(test)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", "/start"), ("GET", "/livez"), ("GET", "/readyz"), ("GET", "/version"), ("GET", "/metrics")),
        *(("GET", "/desk/"), ("POST", "/desk/login/"), ("GET", "/preview/token/hire")),
    ],
)
def test_forms_and_probes_and_the_admin_do_not_wait_for_read_requests(method, path):
    async def test():
        async with site() as (django, ask, _):
            for _ in range(20):
                await ask(ATTACKER)
            await ask(VISITOR, path, method)
            assert [scope["path"] for scope, _ in django.running] == ["/search"] * READS + [path]

    run(test)


@pytest.mark.parametrize(
    ("method", "path", "slots"),
    [
        ("GET", "/livez", PROBES),
        ("GET", "/version", PROBES),
        ("GET", "/desk/leads/lead/", ADMIN),
        ("POST", "/desk/leads/lead/", ADMIN),
        ("POST", "/desk/login/", LOGINS),
        ("GET", "/preview/token/hire", PREVIEWS),
        ("POST", "/preview/token/start", PREVIEWS),
        ("PUT", "/start", READS),
        ("DELETE", "/hire/unknown", READS),
    ],
)
def test_each_kind_of_request_has_a_limit(method, path, slots):
    async def test():
        async with site() as (django, ask, _):
            for _ in range(20):
                await ask(ATTACKER, path, method)
            assert len(django.running) == slots
            await ask(VISITOR, "/start", "POST")
            assert [scope["path"] for scope, _ in django.running][-1] == "/start"

    run(test)


def test_forms_have_a_limit_of_their_own():
    async def test():
        async with site() as (django, ask, _):
            for _ in range(2 * SUBMISSIONS):
                await ask(ATTACKER, "/start", "POST")
            await ask(VISITOR, "/")
            assert len(django.running) == SUBMISSIONS + 1

    run(test)


def test_the_client_with_the_most_waiting_requests_is_refused_first():
    async def test():
        async with site() as (_, ask, statuses):
            for _ in range(READS + MAX_WAITING):
                await ask(ATTACKER)
            assert not statuses
            await ask(VISITOR)
            assert statuses == [(ATTACKER, 503)]
            await ask(ATTACKER)
            assert statuses == [(ATTACKER, 503)] * 2
        assert (VISITOR, 200) in statuses

    run(test)


def test_a_refusal_has_retry_after_and_the_usual_headers():
    async def test():
        django = Django()
        application = admit_in_turns(django, lambda: {"X-Content-Type-Options": "nosniff"})
        scope = {"type": "http", "path": "/", "method": "GET", "client": (ATTACKER, 1), "headers": []}
        requests = [ApplicationCommunicator(application, scope) for _ in range(READS + MAX_WAITING + 1)]
        for request in requests:
            await request.send_input({"type": "http.request"})
        start, body = [await requests[-1].receive_output(PATIENCE) for _ in range(2)]
        for request in requests:
            request.stop(exceptions=False)
        headers = dict(start["headers"])
        assert (start["status"], body["body"]) == (503, REFUSAL)
        assert headers[b"retry-after"] and headers[b"x-content-type-options"] == b"nosniff"

    run(test)


def test_a_cancelled_request_leaves_the_queue():
    async def test():
        async with site() as (django, ask, _):
            for _ in range(READS):
                await ask(ATTACKER)
            waiting = await ask(VISITOR, "/cancelled")
            last = await ask(VISITOR, "/last")
            waiting.cancel()
            await settle()
            django.running[0][1].set_result(None)
            await settle()
            assert [scope["path"] for scope, _ in django.running] == ["/search", "/last"]
            last.cancel()
            await settle()
            await ask(ATTACKER, "/next")
            assert "/next" in [scope["path"] for scope, _ in django.running]
            django.running[:] = [each for each in django.running if not each[1].cancelled()]

    run(test)


def test_a_cancelled_request_passes_its_slot_to_the_next_request():
    async def test():
        async with site() as (django, ask, _):
            for _ in range(READS):
                await ask(ATTACKER)
            cancelled = await ask(VISITOR, "/cancelled")
            await ask(VISITOR, "/last")
            django.running[0][1].set_result(None)
            while not django.served:
                await asyncio.sleep(0)
            cancelled.cancel()
            await settle()
            assert "/last" in [scope["path"] for scope, _ in django.running]

    run(test)


def test_a_client_that_reads_slowly_holds_no_slot():
    async def test():
        async with site() as (django, ask, _):
            for _ in range(READS + 1):
                await ask(ATTACKER, reads=False)
            await django.finish(READS + 1)
            await ask(VISITOR, "/visitor")
            assert [scope["path"] for scope, _ in django.running] == ["/visitor"]

    run(test)


def test_visitors_behind_a_trusted_proxy_are_told_apart(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.4"]

    async def test():
        async with site() as (django, ask, _):
            for _ in range(READS + 5):
                await ask("10.0.0.4", "/flood", headers=[(b"x-forwarded-for", ATTACKER.encode())])
            await ask("10.0.0.4", "/visitor", headers=[(b"x-forwarded-for", VISITOR.encode())])
            await django.finish(2)
            assert "/visitor" in [scope["path"] for scope, _ in django.running]

    run(test)


def test_a_request_that_is_refused_and_cancelled_at_once_frees_no_slot():
    async def run():
        queue = FairQueue(1, 2)
        await queue.acquire("visitor")
        waiting = [asyncio.create_task(queue.acquire("attacker")) for _ in range(2)]
        await settle()
        newest = asyncio.create_task(queue.acquire("other"))  # makes the queue refuse the attacker's second request
        asyncio.get_running_loop().call_soon(waiting[1].cancel)
        await settle()
        assert waiting[1].cancelled() and not waiting[0].done() and not newest.done()
        for task in (waiting[0], newest):
            task.cancel()

    asyncio.run(run())
