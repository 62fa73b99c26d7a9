#!/usr/bin/env python3
import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    gc.disable()  # until all apps are loaded: what they make stays
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pressroom.settings")
    execute_from_command_line(sys.argv)
