"""Test sending email by SMTP: headers, contents, and every kind of failure."""

import shutil
import ssl
import subprocess
from time import monotonic

import pytest
from aiosmtpd.controller import Controller

from leads import email_transport
from leads.email_transport import send
from leads.models import Message
from leads.transports import SendError
from tests.conftest import free_port
from tests.support.waiting import PATIENCE

from .conftest import SALES, SENDER, MailServer, outbox_message
from .misbehaving_servers import MISBEHAVIORS, hang_after, reject_password, running


def send_error(kind=Message.Kind.SALES, **changes):
    """Try to send a message, and return the error."""
    with pytest.raises(SendError) as caught:
        send(outbox_message(kind, **changes))
    assert "example.com" not in str(caught.value)
    return caught.value


def test_sales_email(mail_server):
    send(outbox_message())
    (email,) = mail_server.emails
    assert (email.sender, email.recipients) == (SENDER, [SALES])
    assert email.message["To"] == SALES
    assert email.message["From"] == f"LayersRank <{SENDER}>"
    assert email.message["Reply-To"] == "Priya@Example.com"
    assert email.message["Subject"] == "Lead 7 from /start"
    assert email.message["Message-ID"] == "<0123456789abcdef@www.layersrank.example>"
    assert email.message["Auto-Submitted"] == "auto-generated"
    assert email.message.get_content().splitlines() == ["Name: Zoë", ".", "From here on"]


def test_reply_is_marked_as_automatic(mail_server):
    send(outbox_message(Message.Kind.REPLY))
    (email,) = mail_server.emails
    assert email.recipients == ["priya@example.com"]
    assert email.message["Auto-Submitted"] == "auto-replied"
    assert email.message["Reply-To"] is None
    assert email.message["From"].addresses[0].addr_spec == SENDER


def test_alert_has_no_reply_to(mail_server):
    send(outbox_message(Message.Kind.ALARM, lead=None))
    assert mail_server.received_by(SALES)[0]["Reply-To"] is None


def test_sales_email_goes_to_the_recipient_configured_at_delivery_time(mail_server, settings):
    message = outbox_message()
    settings.LEADS_TO = "right@layersrank.example"
    send(message)
    assert mail_server.received_by("right@layersrank.example")


@pytest.mark.parametrize("body", ["x" * 5_000, "नमस्ते " * 900, "\U0001f469\u200d\U0001f3ed\x01", "a\r\nb\rc\nd", ""])
def test_any_text_arrives(mail_server, body):
    send(outbox_message(body=body))
    received = mail_server.received_by(SALES)[0].get_content()
    assert received.split() == body.split()


@pytest.mark.parametrize("separator", ["\n", "\r", "\r\n", "\n ", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_subject_cannot_inject_headers(mail_server, separator):
    try:
        send(outbox_message(subject=f"Thanks{separator}Bcc: all@example.com{separator}{separator}Words"))
    except SendError:
        assert mail_server.emails == []
    else:
        (email,) = mail_server.emails
        assert email.message["Bcc"] is None
        assert email.recipients == [SALES]
        assert email.message.get_content().splitlines() == ["Name: Zoë", ".", "From here on"]


@pytest.mark.parametrize(
    ("responses", "unreachable"),
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
def test_rejected_sales_email_can_be_retried(mail_server, responses, unreachable):
    mail_server.responses = responses
    error = send_error()
    assert (error.permanent, error.unreachable) == (False, unreachable)
    mail_server.responses = {}
    send(outbox_message())
    assert len(mail_server.emails) == 1


@pytest.mark.parametrize(("response", "permanent"), [("450 later", False), ("550 no such mailbox", True)])
def test_reply_to_an_unknown_mailbox_fails_permanently(mail_server, response, permanent):
    mail_server.responses = {"RCPT": response}
    assert send_error(Message.Kind.REPLY).permanent == permanent


def test_password_is_not_sent_to_a_server_without_auth(mail_server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "site", "wrong"
    assert send_error().unreachable
    assert mail_server.emails == []


@pytest.mark.usefixtures("short_timeouts")
def test_email_is_not_sent_unencrypted_if_the_settings_require_tls(mail_server, settings):
    settings.EMAIL_USE_TLS = True
    assert send_error().unreachable
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = False, True
    assert send_error().unreachable
    assert mail_server.emails == []


@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid"])
def test_missing_server(settings, host):
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = host, "9", False
    assert send_error().unreachable


def test_missing_recipient(mail_server, monkeypatch):
    monkeypatch.setattr(email_transport, "sales_address", lambda: "")
    assert send_error().unreachable


@pytest.fixture
def tls_server(tmp_path, settings):
    """An SMTP server named `localhost` that requires STARTTLS, and the path of its certificate."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate]
    subprocess.run([*command, *subject], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server = MailServer("localhost", free_port())
    controller = Controller(server, "127.0.0.1", server.port, tls_context=context, require_starttls=True)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = server.host, str(server.port), True
    settings.LEADS_TO = SALES
    try:
        yield server, certificate
    finally:
        controller.stop()


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_server_certificate_is_verified(tls_server, monkeypatch):
    server, certificate = tls_server
    assert send_error().unreachable
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    send(outbox_message())
    assert len(server.received_by(SALES)) == 1


SMTP_COMMANDS = [b"EHLO", b"MAIL", b"RCPT", b"DATA", b".\r\n"]


@pytest.mark.usefixtures("short_timeouts")
@pytest.mark.parametrize("serve", [*MISBEHAVIORS, *map(hang_after, SMTP_COMMANDS)])
def test_delivery_times_out_if_the_mail_server_misbehaves(settings, serve):
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    with running(serve) as port:
        settings.EMAIL_PORT = str(port)
        started = monotonic()
        assert send_error().unreachable
        assert monotonic() - started < PATIENCE


def test_mail_server_that_rejects_the_password_counts_as_unreachable(settings):
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "site", "wrong"
    with running(reject_password) as port:
        settings.EMAIL_PORT = str(port)
        error = send_error()
    assert error.unreachable
    assert str(error) == "the SMTP session failed (SMTPAuthenticationError)"


@pytest.mark.usefixtures("short_timeouts")
def test_accepted_email_counts_as_sent_even_if_quit_hangs(settings):
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    with running(hang_after(b"QUIT")) as port:
        settings.EMAIL_PORT = str(port)
        send(outbox_message())
