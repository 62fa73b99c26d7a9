#!/usr/bin/env python3
import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    gc.set_threshold(
        20_000
    )  # the default looks through all objects every 700, while Django alone makes 100,000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressroom.settings")
    execute_from_command_line(sys.argv)
