"""The table of OWASP ASVS 5.0: it leaves nothing of levels 1 and 2 out, and names tests that exist. Below stand
those that nothing else in the suite asks."""

import ast
import re
import ssl
import tomllib
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from releases.models import Session
from releases.services.editing import previews
from tests.admin.test_authority import arguments, names
from tests.factories import make_agency, make_edition, make_member, make_user

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/asvs.md").read_text()
CODE = [path for top in ("releases", "pressroom") for path in (ROOT / top).rglob("*.py")]
LEVELS = """
 1.1 22  1.2 1111122223  1.3 112222222223  1.4 222  1.5 123
 2.1 122  2.2 112  2.3 12223  2.4 23
 3.1 3  3.2 113  3.3 12223  3.4 11222233  3.5 11122333  3.6 3  3.7 22333
 4.1 12233  4.2 23333  4.3 22  4.4 1222
 5.1 2  5.2 112333  5.3 113  5.4 222
 6.1 122  6.2 111111112222  6.3 11223333  6.4 112233  6.5 22222333  6.6 2223  6.7 33  6.8 2222
 7.1 222  7.2 1111  7.3 22  7.4 11222  7.5 223  7.6 22
 8.1 1233  8.2 1123  8.3 133  8.4 23
 9.1 111  9.2 1222
 10.1 22  10.2 223  10.3 22223  10.4 1111122222233333  10.5 22222  10.6 22  10.7 222
 11.1 2233  11.2 22233  11.3 11233  11.4 1222  11.5 23  11.6 23  11.7 33
 12.1 12233  12.2 11  12.3 22223
 13.1 2333  13.2 222223  13.3 2233  13.4 1222233
 14.1 22  14.2 12223333  14.3 122
 15.1 12233  15.2 12233  15.3 1222222  15.4 3333
 16.1 2  16.2 22222  16.3 2222  16.4 222  16.5 2223
 17.1 23  17.2 22223333  17.3 22
"""
"""By section the level of each of its requirements, in their order: 345 in all."""
OF_LEVEL_3 = "1.2.10 1.3.12 1.5.3 2.3.5 3.5.8 4.1.4 5.2.4 5.2.5 5.2.6 5.3.3 8.3.2 14.2.5 14.2.8 15.4.1 15.4.2 15.4.3 16.5.4".split()
"""Those that a newsroom needs all the same."""
DOCUMENTS = {
    "2.1.1": ("docs/operators/data.md", "by their bytes and not by their names"),
    "2.1.2": ("docs/consent.md", "change voids it; where the text comes back"),
    "2.1.3": ("docs/operators/data.md", "## Limits"),
    "5.1.1": ("docs/operators/data.md", "archives, programs and SVG are refused"),
    "6.1.1": ("docs/operators/data.md", "five wrong passwords a name and network address"),
    "6.1.3": ("docs/operators/data.md", "## Ways to sign in"),
    "7.1.3": ("docs/operators/data.md", "neither prolongs nor ends the one here"),
    "7.1.1": ("docs/operators/data.md", "12 hours after signing in"),
    "7.1.2": ("docs/operators/data.md", "any number at once"),
    "11.1.1": ("docs/operators/data.md", "to change it"),
    "11.1.2": ("docs/operators/data.md", "Digests are SHA-256"),
    "13.1.1": ("docs/operators/data.md", "## Whom the server talks to"),
    "14.1.1": ("docs/operators/data.md", "## Of people"),
    "14.1.2": ("docs/operators/data.md", "30 days after they were sent or given up"),
    "15.1.1": ("docs/operators/data.md", "a grave one within a week"),
    "15.1.3": ("docs/operators/data.md", "in a process of its own with little memory"),
    "16.1.1": ("docs/operators/data.md", "## Logs"),
    "16.2.3": ("docs/operators/data.md", "standard error, so the journal"),
}


def read_table(begins, ends):
    """The rows of the tables between two headings, as lists of cells."""
    part = PAGE[PAGE.index(begins) : PAGE.index(ends) if ends else None]
    return [line.strip("| ").split(" | ") for line in part.splitlines() if re.match(r"\| \d", line)]


MET = read_table("## 1 ", "## Not met")
OPEN = read_table("## Not met", "## Does not apply")
NOT_OURS = read_table("## Does not apply", None)


def list_levels():
    words = LEVELS.split()
    for section, levels in zip(words[::2], words[1::2], strict=True):
        for number, level in enumerate(levels, 1):
            yield f"{section}.{number}", level


def stands_for(cell, key):
    return key == cell or key.startswith(f"{cell}.")


def test_every_requirement_of_levels_1_and_2_is_in_one_table():
    levels = dict(list_levels())
    assert [list(levels.values()).count(level) for level in "123"] == [70, 183, 92]
    cells = [row[0] for row in [*MET, *OPEN, *NOT_OURS]]
    told = {key: sum(stands_for(cell, key) for cell in cells) for key in levels}
    assert {key: number for key, number in told.items() if levels[key] in "12" and number != 1} == {}
    assert {key: number for key, number in told.items() if number > 1} == {}
    assert [key for key in OF_LEVEL_3 if told[key] != 1] == []
    assert {row[0]: row[1] for row in MET} == {row[0]: levels[row[0]] for row in MET}


@pytest.mark.parametrize("row", MET, ids=lambda row: row[0])
def test_the_test_that_a_requirement_names_exists(row):
    file, _, name = row[3].strip("`").partition("::")
    defined = [
        node.name
        for node in ast.walk(ast.parse((ROOT / "tests" / file).read_text()))
        if isinstance(node, ast.FunctionDef)
    ]
    assert name in defined
    assert name.startswith("test_")


@pytest.mark.parametrize("row", [*OPEN, *NOT_OURS], ids=lambda row: row[0])
def test_what_has_no_test_has_a_reason(row):
    assert all(len(cell) > 5 for cell in row[1:])


def test_each_document_that_is_asked_for_is_looked_for():
    asked = {row[0] for row in MET if row[3].endswith("test_a_document_says_it`")}
    assert asked == set(DOCUMENTS)


@pytest.mark.parametrize("key", DOCUMENTS)
def test_a_document_says_it(key):
    page, words = DOCUMENTS[key]
    assert words in (ROOT / page).read_text()


def list_calls():
    """Of our code: the file, what is called, and the call."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield path, ast.unparse(node.func), node


def test_no_code_uses_a_shell_evaluates_text_or_unpickles():
    forbidden = {"eval", "exec", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads"}
    calls = list(list_calls())
    words = [(word.arg, ast.unparse(word.value)) for _, _, node in calls for word in node.keywords]
    assert len(calls) > 1000
    assert {name for _, name, _ in calls} & forbidden == set()
    assert ("shell", "True") not in words
    readers = [path for path, name, _ in calls if name.startswith("yaml.load")]
    assert [path for path in readers if "class _Loader(yaml.SafeLoader)" not in path.read_text()] == []


def test_cryptography_is_that_of_libraries_and_no_weak_hash_is_used():
    called = {
        (path, found[0])
        for path, name, _ in list_calls()
        if (found := re.match(r"(hashlib|hmac|random|ssl)\.\w+", name))
    }
    assert {name for _, name in called} <= {
        "hashlib.sha256",
        "hashlib.blake2b",
        "hashlib.file_digest",
        "random.Random",
    }
    drawn = {path.parent.name for path, name in called if name.startswith("random.")}
    assert drawn <= {"samples"}  # made-up newsrooms, which have to come out the same


@pytest.mark.django_db
def test_passwords_are_judged_by_length_and_what_is_common_alone():
    for password in ("short1!", "password123", "qwertyuiop", "12345678901"):
        with pytest.raises(ValidationError):
            validate_password(password)
    for password in (
        "only small letters here",
        "密码很长的一个句子在这里呢",
        "        spaces count too",
        "x" * 15 + "y",
    ):
        validate_password(password)


@pytest.mark.django_db
def test_a_password_counts_as_it_was_typed_to_its_last_character():
    password = " Ünï" + "a" * 90 + "Z "
    user = make_user()
    user.set_password(password)
    assert user.check_password(password)
    for other in (password.strip(), password[:-2], password.lower(), password.swapcase()):
        assert not user.check_password(other)
    assert not hasattr(user, "password_expires")


@pytest.mark.django_db
def test_a_new_password_needs_the_old_one(client):
    client.force_login(make_member(make_agency(), role="writer"))
    page = client.get(reverse("admin:password_change"), follow=True).content.decode()
    fields = re.findall(r"<input[^>]*name=\"[^\"]*password[^\"]*\"[^>]*>", page)
    assert len(fields) == 3
    assert "old" in fields[0]
    assert all(
        'type="password"' in field and "onpaste" not in field and 'autocomplete="off"' not in field
        for field in fields
    )


@pytest.mark.django_db
def test_a_new_password_ends_the_other_sessions():
    user, client = make_member(make_agency(), role="writer"), Client()
    client.force_login(user)
    assert client.get(reverse("admin:index")).status_code == 200
    user.set_password("another long password")
    user.save()
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.django_db
def test_every_page_of_the_desk_has_a_way_to_sign_out(client):
    make_member(make_agency())
    client.force_login(make_user(is_staff=True, is_superuser=True))
    draft, seen = make_edition(), 0
    for name in sorted(names()):
        if name.endswith(("_changelist", "_add", ":index")):
            page = client.get(reverse(name, args=arguments(name, draft)))
            if page.status_code == 200:
                seen += 1
                assert "logout" in page.content.decode(), name
    assert seen > 10


@pytest.mark.django_db
def test_keys_of_sessions_and_links_have_128_bits_or_more(client):
    client.force_login(make_user())
    key = Session.objects.get().session_key
    assert len(key) >= 32 and re.fullmatch(r"[0-9a-z]+", key)  # 5 bits and more each
    assert len({default_token_generator.make_token(make_user()) for _ in range(20)}) == 20
    source = ast.parse(Path(previews.__file__).read_text())
    [bytes_] = [
        ast.unparse(node.args[0])
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "secrets.token_urlsafe"
    ]
    assert int(bytes_) * 8 >= 128


@pytest.mark.django_db
def test_a_signed_link_counts_for_its_purpose_its_time_and_by_one_algorithm(settings):
    one, other = make_user(), make_user()
    token = default_token_generator.make_token(one)
    assert default_token_generator.algorithm == "sha256"
    assert default_token_generator.check_token(one, token)
    assert not default_token_generator.check_token(other, token)
    assert not default_token_generator.check_token(one, token[:-1] + ("0" if token[-1] != "0" else "1"))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert not default_token_generator.check_token(one, token)
    settings.PASSWORD_RESET_TIMEOUT = 3600
    User.objects.filter(pk=one.pk).update(last_login=timezone.now())
    assert not default_token_generator.check_token(User.objects.get(pk=one.pk), token)


def test_a_mail_server_without_a_good_certificate_gets_nothing():
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend", use_tls=True)
    assert connection.ssl_context.verify_mode == ssl.CERT_REQUIRED
    assert connection.ssl_context.check_hostname


def test_every_package_is_locked_with_its_hash():
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    files = [file for one in packages for file in [*one.get("wheels", ()), one.get("sdist")] if file]
    assert len(packages) > 50
    assert [file["url"] for file in files if not file["hash"].startswith("sha256:")] == []
    assert len({one["source"]["registry"] for one in packages if "virtual" not in one["source"]}) == 1


def test_what_only_developers_need_is_not_installed_to_serve():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    served = {re.match(r"[\w-]+", one)[0] for one in project["project"]["dependencies"]}
    assert served & {"pytest", "aiosmtpd", "ruff", "mypy", "pip-audit", "playwright"} == set()
    for page in ("run", "docs/operators.md"):
        assert "--no-dev" in (ROOT / page).read_text()
