"""Passwords of a list are refused, wherever in the file they stand."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

pytestmark = pytest.mark.django_db
LEAKED = ["a leaked passphrase", "(quite) regular.*^$ one", "vergißmeinnicht äöü", "the last of them all"]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_password_that_leaked_is_refused_and_any_other_taken(settings, tmp_path, end):
    file = tmp_path / "leaked.txt"
    file.write_bytes(end.join(LEAKED).encode())
    settings.BREACHED_PASSWORDS = str(file)
    for word in LEAKED:
        with pytest.raises(ValidationError, match="stolen elsewhere"):
            validate_password(word)
        for other in (f"{word} never", f"never {word}", word[:-1]):
            validate_password(other)
    settings.BREACHED_PASSWORDS = ""
    validate_password(LEAKED[0])
