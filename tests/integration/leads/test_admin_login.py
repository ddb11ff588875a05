"""Test the admin's login: its limits, the second factor, and the end of a session."""

import re
from io import StringIO
from threading import Lock
from time import sleep

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from layersrank_site import admin_site, hashers
from leads.client_ip import login_address

from .conftest import in_parallel

LEADS = "/desk/leads/lead/"
PASSWORD = "a password of more than twelve letters"
WRONG_PASSWORD = "another one"


@pytest.fixture
def keeper(db):
    return get_user_model().objects.create_superuser("keeper", password=PASSWORD)


def login(client, name="keeper", password=PASSWORD, code="", **headers):
    data = {"username": name, "password": password, "code": code, "next": LEADS}
    return client.post("/desk/login/", data, headers=headers)


def set_up_second_factor(name="keeper"):
    """Run the command second_factor. Return the user's device, and the recovery codes in the output."""
    output = StringIO()
    call_command("second_factor", name, stdout=output)
    return TOTPDevice.objects.get(user__username=name), re.findall(r"^[a-z2-7]{8}$", output.getvalue(), re.MULTILINE)


def code_of(device, steps=0):
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, steps)
    totp.time = timezone.now().timestamp()
    return f"{totp.token():06}"


# Limits


@pytest.mark.usefixtures("keeper")
def test_ipv6_addresses_of_one_network_share_a_login_limit(settings):
    settings.LOGIN_LIMITS = (5, 1_000, 1_000)
    clients = [Client(REMOTE_ADDR=f"2001:db8:1:2::{number}") for number in range(1, 7)]
    statuses = [login(client, password=WRONG_PASSWORD).status_code for client in clients]
    assert statuses == [200, 200, 200, 200, 429, 429]
    assert login(Client(REMOTE_ADDR="2001:db8:1:3::1")).status_code == 302


def test_login_address_of_an_ipv6_client_is_the_first_address_of_its_network(rf):
    assert login_address(rf.get("/", REMOTE_ADDR="2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::"
    assert login_address(rf.get("/", REMOTE_ADDR="198.51.100.7")) == "198.51.100.7"


@pytest.mark.usefixtures("keeper")
def test_failed_logins_of_one_user_from_many_addresses_are_limited(settings):
    settings.LOGIN_LIMITS = (5, 20, 7)
    statuses = [login(Client(REMOTE_ADDR=f"198.51.100.{n}"), password=WRONG_PASSWORD).status_code for n in range(8)]
    assert statuses == [200] * 6 + [429] * 2
    assert login(Client(REMOTE_ADDR="203.0.113.9")).status_code == 429


@pytest.mark.usefixtures("keeper")
def test_failed_logins_of_many_users_from_one_address_are_limited(settings):
    settings.LOGIN_LIMITS = (5, 7, 50)
    statuses = [login(Client(), name=f"user{number}", password=WRONG_PASSWORD).status_code for number in range(8)]
    assert statuses == [200] * 6 + [429] * 2
    assert login(Client()).status_code == 429
    assert login(Client(REMOTE_ADDR="203.0.113.9")).status_code == 302


@pytest.mark.usefixtures("keeper")
def test_a_login_resets_only_the_limit_of_that_user_and_network(settings):
    settings.LOGIN_LIMITS = (5, 20, 7)
    for number in range(5):
        login(Client(REMOTE_ADDR=f"198.51.100.{number}"), password=WRONG_PASSWORD)
    login(Client(REMOTE_ADDR="203.0.113.9"), password=WRONG_PASSWORD)
    assert login(Client(REMOTE_ADDR="203.0.113.9")).status_code == 302
    statuses = [login(Client(REMOTE_ADDR="203.0.113.9"), password=WRONG_PASSWORD).status_code for _ in range(2)]
    assert statuses == [200, 429]


@pytest.mark.django_db(transaction=True)
def test_parallel_password_guesses_cannot_exceed_the_limit(monkeypatch):
    get_user_model().objects.create_superuser("keeper", password=PASSWORD)
    checked, running, lock = [], [], Lock()
    authenticate = admin_site.LoginForm.clean

    def slow_clean(form):
        with lock:
            running.append(1)
            checked.append(len(running))
        sleep(0.05)  # if the site allowed parallel checks, the next one would start during this sleep
        try:
            return authenticate(form)
        finally:
            running.pop()

    monkeypatch.setattr(admin_site.LoginForm, "clean", slow_clean)
    statuses = in_parallel(lambda number: login(Client(), password=f"wrong {number}").status_code, 12)
    assert sorted(statuses) == [200] * 4 + [429] * 8
    assert set(checked) == {1}


def test_passwords_are_hashed_one_at_a_time_in_another_thread():
    hasher = hashers.LowPriorityHasher()
    assert hashers._executor._max_workers == 1
    encoded = hasher.encode(PASSWORD, "salt", 10)
    assert encoded.startswith("pbkdf2_sha256$10$salt$")
    assert hasher.verify(PASSWORD, encoded)
    assert not hasher.verify("another", encoded)


# Second factor


@pytest.mark.usefixtures("keeper")
def test_users_can_log_in_without_a_second_factor_unless_it_is_required(settings):
    assert login(Client()).status_code == 302
    settings.ADMIN_OTP = True
    response = login(Client())
    assert "needs a second factor" in response.text
    assert Client().get(LEADS).status_code == 302


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.usefixtures("keeper")
def test_users_with_a_second_factor_must_enter_a_code(settings, required):
    settings.ADMIN_OTP = required
    device, _ = set_up_second_factor()
    client = Client()
    for code in ("", "12345", "000000x", "aaaaaaaa"):
        response = login(Client(REMOTE_ADDR="203.0.113.9"), code=code)
        assert (response.status_code, "code is wrong" in response.text) == (200, True)
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert login(client, code=code_of(device)).status_code == 302
    assert client.get(LEADS).status_code == 200


@pytest.mark.usefixtures("keeper")
def test_a_code_works_only_once():
    device, _ = set_up_second_factor()
    code = code_of(device)
    assert login(Client(), code=code).status_code == 302
    assert login(Client(), code=code).status_code == 200


@pytest.mark.usefixtures("keeper")
def test_each_recovery_code_works_only_once():
    _, codes = set_up_second_factor()
    assert len(set(codes)) == 10
    assert login(Client(), code=codes[0].upper()).status_code == 302
    assert login(Client(), code=codes[0]).status_code == 200


@pytest.mark.usefixtures("keeper")
def test_wrong_codes_count_as_failed_logins():
    set_up_second_factor()
    statuses = [login(Client(), code="000000").status_code for _ in range(6)]
    assert statuses == [200] * 4 + [429] * 2


@pytest.mark.usefixtures("keeper")
def test_a_session_started_without_a_code_ends_when_the_user_gets_a_second_factor():
    client = Client()
    assert login(client).status_code == 302
    assert client.get(LEADS).status_code == 200
    set_up_second_factor()
    assert client.get(LEADS)["Location"].startswith("/desk/login/")


@pytest.mark.usefixtures("keeper")
def test_a_new_second_factor_replaces_the_old_one():
    old, old_codes = set_up_second_factor()
    new, _ = set_up_second_factor()
    assert login(Client(), code=code_of(old)).status_code == 200
    assert login(Client(), code=old_codes[0]).status_code == 200
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert login(Client(), code=code_of(new)).status_code == 302
    for message in ("was removed", "does not exist"):
        output = StringIO()
        call_command("second_factor", "keeper", "--remove", stdout=output)
        assert output.getvalue() == f"The second factor of keeper {message}.\n"
    assert login(Client()).status_code == 302


@pytest.mark.django_db
def test_the_second_factor_command_refuses_an_unknown_user():
    with pytest.raises(CommandError, match="There is no user"):
        call_command("second_factor", "nobody")


@pytest.mark.usefixtures("keeper")
def test_the_admin_shows_no_keys():
    device, _ = set_up_second_factor()
    client = Client()
    login(client, code=code_of(device))
    page = client.get(f"/desk/otp_totp/totpdevice/{device.pk}/change/")
    assert page.status_code == 200
    assert device.key not in page.text


# Sessions


@pytest.mark.usefixtures("keeper")
def test_a_session_ends_after_eight_hours_without_a_request():
    client = Client()
    assert login(client).cookies["sessionid"]["max-age"] == 8 * 60 * 60
    first = client.session.get_expiry_date()
    response = client.get(LEADS)
    assert response.cookies["sessionid"]["max-age"] == 8 * 60 * 60
    assert client.session.get_expiry_date() > first


@pytest.mark.usefixtures("keeper")
def test_only_the_admin_extends_a_session():
    client = Client()
    login(client)
    assert "sessionid" not in client.get("/").cookies
    assert "sessionid" not in Client().get("/desk/login/").cookies
