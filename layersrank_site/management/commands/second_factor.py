"""Set up the second factor of an admin user: a key for an authenticator app, and recovery codes."""

from argparse import ArgumentParser
from base64 import b32encode
from io import StringIO
from typing import Any

import segno
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django_otp import devices_for_user
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--remove", action="store_true", help="remove the user's second factor instead of creating one"
        )

    def handle(self, *args: Any, username: str, remove: bool, **options: Any) -> None:
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user “{username}”. Create the user with: manage.py createsuperuser")
        with transaction.atomic():
            removed = [device.delete() for device in devices_for_user(user, confirmed=None)]
            if remove:
                was_removed = "was removed" if removed else "does not exist"
                self.stdout.write(f"The second factor of {username} {was_removed}.")
                return
            device = TOTPDevice.objects.create(user=user, name="authenticator app")
            recovery = StaticDevice.objects.create(user=user, name="recovery codes")
            codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
            StaticToken.objects.bulk_create(StaticToken(device=recovery, token=code) for code in codes)
        if removed:
            self.stdout.write(f"The earlier second factor of {username} no longer works.")
        self.stdout.write("Scan this code with an authenticator app:\n")
        picture = StringIO()
        segno.make(device.config_url).terminal(picture, compact=True)
        self.stdout.write(picture.getvalue())
        self.stdout.write(f"Or enter this key: {b32encode(device.bin_key).decode()}\n")
        self.stdout.write("Keep these recovery codes in a safe place. Each code works once, without the app:")
        self.stdout.write("\n".join(codes))
