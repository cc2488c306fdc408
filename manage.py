"""The command line of CreditIQ."""

import os
import sys

from django.core.management import execute_from_command_line

from creditiq import embedded


def main() -> None:
    """Run one command; commands that need the database find the bundled services running."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "creditiq.settings.local")
    with embedded.at_hand_for(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
