"""`manage.py create_admin EMAIL FIRST LAST`: the first administrator of a new installation."""

from argparse import ArgumentParser
from getpass import getpass

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Role
from accounts.selectors import platform
from accounts.services import NewPerson, create_user
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError


class Command(BaseCommand):
    help = "Create an administrator; the password is asked for, or read from the first line of standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("first_name")
        parser.add_argument("last_name")
        parser.add_argument("--password-stdin", action="store_true", help="for scripts: read it from standard input")

    def handle(self, *, email: str, first_name: str, last_name: str, **options: object) -> None:
        password = input() if options["password_stdin"] else getpass()
        person = NewPerson(email, password, first_name, last_name, role=Role.ADMIN, organisation=platform())
        try:
            user = create_user(person=person, at=now())
        except ApplicationError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{user.email} may sign in now.")
