"""Test the webhook: the request, its signature, and every kind of failure."""

import base64
import hashlib
import hmac
import json
import re
from time import monotonic, time

import pytest

from leads.models import Message
from leads.transports import SendError
from leads.webhook_transport import send, signature
from tests.support.waiting import PATIENCE

from .conftest import outbox_message
from .misbehaving_servers import MISBEHAVIORS, running


def webhook(body="{}"):
    return outbox_message(Message.Kind.WEBHOOK, body=body)


def send_error():
    """Try to send a webhook, and return the error."""
    with pytest.raises(SendError) as caught:
        send(webhook())
    assert "example.com" not in str(caught.value)
    return caught.value


def standard_signature(secret, request):
    """Sign a request independently of the site's code.

    See https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.
    """
    key = base64.b64decode(secret.split("_", 1)[1])
    headers = request.headers
    content = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), request.body])
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def test_request_is_signed_according_to_standard_webhooks(webhook_receiver, settings):
    body = json.dumps({"type": "lead.created", "data": {"name": "Zoë"}})
    send(webhook(body))
    (request,) = webhook_receiver.requests
    assert request.body == body.encode()
    assert request.path == "/leads?from=site"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == "0123456789abcdef@www.layersrank.example"
    assert abs(time() - int(request.headers["webhook-timestamp"])) < 60
    assert request.headers["webhook-signature"] == "v1," + standard_signature(settings.WEBHOOK_SECRET, request)


def test_signature_matches_the_example_in_standard_webhooks():
    signed = signature(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        b'{"test": 2432232314}',
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secret_without_prefix_is_used_unchanged():
    expected = base64.b64encode(hmac.digest(b"secret", b"id.7.{}", "sha256")).decode()
    assert signature("id", "7", b"{}", "secret") == f"v1,{expected}"


def test_each_attempt_has_the_same_id(webhook_receiver):
    message = webhook()
    send(message)
    send(message)
    assert len({request.headers["webhook-id"] for request in webhook_receiver.requests}) == 1


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(301, False), (302, False), (400, False), (404, False), (410, True), (429, False), (500, False)],
)
def test_status_other_than_2xx_is_an_error(webhook_receiver, status, permanent):
    webhook_receiver.status, webhook_receiver.headers = status, {"Location": webhook_receiver.url}
    error = send_error()
    assert (error.permanent, error.unreachable) == (permanent, False)
    assert str(status) in str(error)
    assert len(webhook_receiver.requests) == 1  # redirects are not followed


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_2xx_means_delivered(webhook_receiver, status):
    webhook_receiver.status = status
    send(webhook())


@pytest.mark.parametrize(("end", "path"), [("", "/"), ("?a=b", "/?a=b"), ("/x#top", "/x")])
def test_request_target(webhook_receiver, settings, end, path):
    settings.WEBHOOK_URL = re.match(r"http://[^/]+", webhook_receiver.url)[0] + end
    send(webhook())
    assert webhook_receiver.requests[0].path == path


def test_missing_url(settings):
    settings.WEBHOOK_URL = ""
    assert send_error().unreachable


@pytest.mark.usefixtures("short_timeouts")
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("serve", MISBEHAVIORS)
def test_delivery_to_a_misbehaving_receiver_fails_within_the_time_limit(settings, serve, scheme):
    settings.WEBHOOK_SECRET = "a secret"
    with running(serve) as port:
        settings.WEBHOOK_URL = f"{scheme}://127.0.0.1:{port}/"
        started = monotonic()
        assert send_error().unreachable
        assert monotonic() - started < PATIENCE
