"""How a message leaves, and what is made of every way in which the other side can fail."""

import base64
import hashlib
import hmac
import json
import re
import shutil
import socket
import ssl
import subprocess
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic, time

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from leads import transports
from leads.models import Lead, Message
from leads.transports import SendError
from tests.conftest import free_port

from .conftest import MailServer

MAIL = "sales@layersrank.example"


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(transports, "ANSWER_SECONDS", 0.4)
    monkeypatch.setattr(transports, "TOTAL_SECONDS", 1.2)


def message(kind=Message.Kind.SALES, **changes):
    lead = Lead(email="Priya <b>@Example.com".replace(" <b>", ""), fields={}, page="/start", sent_at=timezone.now())
    made = {
        "lead": lead,
        "kind": kind,
        "message_id": "<0123456789abcdef@www.layersrank.example>",
        "recipient": "priya@example.com" if kind == Message.Kind.REPLY else "",
        "subject": "Lead 7 from /start",
        "body": "Name: Zoë\n.\nFrom here on\n",
    }
    return Message(**made | changes)


def unsent(kind=Message.Kind.SALES, **changes):
    with pytest.raises(SendError) as caught:
        transports.send(message(kind, **changes))
    assert "example.com" not in str(caught.value)
    return caught.value


# Mail


def test_a_mail_to_sales(mailing):
    transports.send(message())
    (mail,) = mailing.mails
    assert (mail.sender, mail.recipients) == ("site@layersrank.example", [MAIL])
    assert mail.message["To"] == MAIL
    assert mail.message["From"] == "LayersRank <site@layersrank.example>"
    assert mail.message["Reply-To"] == "Priya@Example.com"
    assert mail.message["Subject"] == "Lead 7 from /start"
    assert mail.message["Message-ID"] == "<0123456789abcdef@www.layersrank.example>"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message.get_content().splitlines() == ["Name: Zoë", ".", "From here on"]


def test_a_reply_says_that_a_machine_wrote_it_and_answers_go_to_people(mailing):
    transports.send(message(Message.Kind.REPLY))
    (mail,) = mailing.mails
    assert mail.recipients == ["priya@example.com"]
    assert mail.message["Auto-Submitted"] == "auto-replied"
    assert mail.message["Reply-To"] is None
    assert mail.message["From"].addresses[0].addr_spec == "site@layersrank.example"


def test_an_alarm_has_no_lead_to_answer(mailing):
    transports.send(message(Message.Kind.ALARM, lead=None))
    assert mailing.to(MAIL)[0]["Reply-To"] is None


def test_it_goes_to_where_the_settings_say_when_it_is_sent(mailing, settings):
    waiting = message()
    settings.LEADS_TO = "right@layersrank.example"
    transports.send(waiting)
    assert mailing.to("right@layersrank.example")


@pytest.mark.parametrize("body", ["x" * 5_000, "नमस्ते " * 900, "\U0001f469\u200d\U0001f3ed\x01", "a\r\nb\rc\nd", ""])
def test_any_words_arrive(mailing, body):
    transports.send(message(body=body))
    arrived = mailing.to(MAIL)[0].get_content()
    assert arrived.split() == body.split()


@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n", "\n ", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_no_header_can_be_brought_in_by_a_subject(mailing, break_):
    try:
        transports.send(message(subject=f"Thanks{break_}Bcc: all@example.com{break_}{break_}Words"))
    except SendError:
        assert mailing.mails == []
    else:
        (mail,) = mailing.mails
        assert mail.message["Bcc"] is None
        assert mail.recipients == [MAIL]
        assert mail.message.get_content().splitlines() == ["Name: Zoë", ".", "From here on"]


@pytest.mark.parametrize(
    ("answers", "unreachable"),
    [
        ({"EHLO": "550 go away", "HELO": "550 go away"}, True),
        ({"EHLO": "421 busy", "HELO": "421 busy"}, True),
        ({"MAIL": "451 later"}, False),
        ({"MAIL": "550 never"}, False),
        ({"RCPT": "450 later"}, False),
        ({"RCPT": "550 no such mailbox"}, False),
        ({"DATA": "451 later"}, False),
        ({"DATA": "554 spam"}, False),
    ],
)
def test_a_mail_to_sales_that_is_refused_is_tried_again(mailing, answers, unreachable):
    mailing.answers = answers
    error = unsent()
    assert (error.for_good, error.unreachable) == (False, unreachable)
    mailing.answers = {}
    transports.send(message())
    assert len(mailing.mails) == 1


@pytest.mark.parametrize(("answer", "for_good"), [("450 later", False), ("550 no such mailbox", True)])
def test_a_reply_to_an_address_that_does_not_exist_is_given_up(mailing, answer, for_good):
    mailing.answers = {"RCPT": answer}
    assert unsent(Message.Kind.REPLY).for_good == for_good


def test_a_server_that_asks_for_no_password_is_not_told_one(mailing, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "site", "wrong"
    assert unsent().unreachable
    assert mailing.mails == []


@pytest.mark.usefixtures("impatient")
def test_words_are_not_sent_in_the_clear_where_the_settings_say_otherwise(mailing, settings):
    settings.EMAIL_USE_TLS = True
    assert unsent().unreachable
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = False, True
    assert unsent().unreachable
    assert mailing.mails == []


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
def test_a_server_that_is_not_there(settings, host):
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = host, "9", False
    assert unsent().unreachable


def test_nobody_to_write_to(mailing, settings, monkeypatch):
    monkeypatch.setattr(transports, "sales_address", lambda: "")
    assert unsent().unreachable


@pytest.fixture
def encrypted(tmp_path, settings):
    """A mail server that takes nothing in the clear, by the name of `localhost`, and the certificate that says so."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, *named]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server = MailServer("localhost", free_port())
    controller = Controller(server, "127.0.0.1", server.port, tls_context=context, require_starttls=True)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = server.host, str(server.port), True
    settings.LEADS_TO = MAIL
    try:
        yield server, certificate
    finally:
        controller.stop()


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl on this machine to make a certificate with")
def test_a_server_is_asked_who_it_is_before_it_is_told_anything(encrypted, monkeypatch):
    server, certificate = encrypted
    assert unsent().unreachable
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    transports.send(message())
    assert len(server.to(MAIL)) == 1


# Servers that do anything at all


@contextmanager
def server(serve):
    """A port at which `serve(connection, over)` is called for each that connects; `over` is set at the end."""
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    serve(connection, over)

        thread = Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def hangs(connection, over):
    over.wait(20)


def hangs_up(connection, over):
    pass


def trickles(connection, over):
    while not over.wait(0.1):
        connection.sendall(b"x")


def talks_nonsense(connection, over):
    connection.sendall(b"\x16\x03\x01nonsense\r\n" * 3)
    over.wait(0.1)


def takes_no_password(connection, over):
    connection.sendall(b"220 here\r\n")
    with connection.makefile("rb") as lines:
        for line in lines:
            connection.sendall(b"250-here\r\n250 AUTH PLAIN\r\n" if line.startswith(b"ehlo") else b"535 wrong\r\n")


def lists_without_end(connection, over):
    while not over.wait(0.05):
        connection.sendall(b"220-and another line\r\n")


def hangs_after(command):
    """A mail server that answers no more once it was told `command`."""

    def serve(connection, over):
        in_mail = False
        connection.sendall(b"220 here\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                in_mail = in_mail and line != b".\r\n"
                if line.upper().startswith(command):
                    over.wait(20)
                elif not in_mail:
                    in_mail = line.upper().startswith(b"DATA")
                    connection.sendall(b"354 go on\r\n" if in_mail else b"250 fine\r\n")

    return serve


STUBBORN = [hangs, hangs_up, trickles, talks_nonsense, lists_without_end]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("serve", [*STUBBORN, *map(hangs_after, [b"EHLO", b"MAIL", b"RCPT", b"DATA", b".\r\n"])])
def test_a_mail_server_ends_within_its_time_whatever_it_does(settings, serve):
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    with server(serve) as port:
        settings.EMAIL_PORT = str(port)
        started = monotonic()
        assert unsent().unreachable
        assert monotonic() - started < 6


def test_a_server_that_refuses_the_password_takes_nothing(settings):
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "site", "wrong"
    with server(takes_no_password) as port:
        settings.EMAIL_PORT = str(port)
        error = unsent()
    assert error.unreachable
    assert str(error) == "the mail server takes nothing (SMTPAuthenticationError)"


@pytest.mark.usefixtures("impatient")
def test_a_mail_that_was_taken_is_sent_though_nobody_says_goodbye(settings):
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    with server(hangs_after(b"QUIT")) as port:
        settings.EMAIL_PORT = str(port)
        transports.send(message())


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("serve", STUBBORN)
def test_a_receiver_ends_within_its_time_whatever_it_does(settings, serve, scheme):
    settings.WEBHOOK_SECRET = "a secret"
    with server(serve) as port:
        settings.WEBHOOK_URL = f"{scheme}://127.0.0.1:{port}/"
        started = monotonic()
        assert unsent(Message.Kind.WEBHOOK, body="{}").unreachable
        assert monotonic() - started < 6


# Webhooks


def standard_signature(secret, hook):
    """As https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md has it."""
    key = base64.b64decode(secret.split("_", 1)[1])
    content = b".".join([hook.headers["webhook-id"].encode(), hook.headers["webhook-timestamp"].encode(), hook.body])
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def test_a_webhook_is_signed_as_the_standard_says(hooking, settings):
    body = json.dumps({"type": "lead.created", "data": {"name": "Zoë"}})
    transports.send(message(Message.Kind.WEBHOOK, body=body))
    (hook,) = hooking.hooks
    assert hook.body == body.encode()
    assert hook.path == "/leads?from=site"
    assert hook.headers["content-type"] == "application/json"
    assert hook.headers["webhook-id"] == "0123456789abcdef@www.layersrank.example"
    assert abs(time() - int(hook.headers["webhook-timestamp"])) < 60
    assert hook.headers["webhook-signature"] == "v1," + standard_signature(settings.WEBHOOK_SECRET, hook)


def test_the_standards_own_example():
    signed = transports.signature(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        b'{"test": 2432232314}',
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_of_another_kind_is_taken_as_it_is():
    expected = base64.b64encode(hmac.digest(b"secret", b"id.7.{}", "sha256")).decode()
    assert transports.signature("id", "7", b"{}", "secret") == f"v1,{expected}"


def test_a_second_copy_has_the_same_name(hooking):
    waiting = message(Message.Kind.WEBHOOK, body="{}")
    transports.send(waiting)
    transports.send(waiting)
    assert len({hook.headers["webhook-id"] for hook in hooking.hooks}) == 1


@pytest.mark.parametrize(
    ("status", "for_good"),
    [(301, False), (302, False), (400, False), (404, False), (410, True), (429, False), (500, False)],
)
def test_a_receiver_that_answers_anything_but_2xx_has_not_taken_it(hooking, status, for_good):
    hooking.status, hooking.headers = status, {"Location": hooking.url}
    error = unsent(Message.Kind.WEBHOOK, body="{}")
    assert (error.for_good, error.unreachable) == (for_good, False)
    assert str(status) in str(error)
    assert len(hooking.hooks) == 1  # it follows nobody


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_receiver_that_answers_2xx_has_taken_it(hooking, status):
    hooking.status = status
    transports.send(message(Message.Kind.WEBHOOK, body="{}"))


@pytest.mark.parametrize(("end", "path"), [("", "/"), ("?a=b", "/?a=b"), ("/x#top", "/x")])
def test_every_address_of_a_receiver_is_asked_for_as_it_is_written(hooking, settings, end, path):
    settings.WEBHOOK_URL = re.match(r"http://[^/]+", hooking.url)[0] + end
    transports.send(message(Message.Kind.WEBHOOK, body="{}"))
    assert hooking.hooks[0].path == path


def test_no_receiver(settings):
    settings.WEBHOOK_URL = ""
    assert unsent(Message.Kind.WEBHOOK, body="{}").unreachable
