import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_the_first_account_is_made_with_a_password_that_is_told_once(capsys):
    call_command("create_first_account")
    password = re.search(r"password (\S+) ", capsys.readouterr().out)[1]
    assert User.objects.get().check_password(password) and User.objects.get().is_superuser


def test_where_there_is_an_account_nothing_is_made(capsys):
    call_command("create_first_account")
    capsys.readouterr()
    call_command("create_first_account")
    assert (User.objects.count(), capsys.readouterr().out) == (1, "")
