import re
from pathlib import Path

from tests.test_settings import FROM_THE_ENVIRONMENT

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_every_command_is_named():
    commands = {path.stem for path in (ROOT / "releases/management/commands").glob("[a-z]*.py")}
    assert commands - set(re.findall(r"[a-z_]+", README)) == set()


def test_the_table_of_settings_is_the_settings():
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "pressroom/settings.py").read_text()))
    told = set(re.findall(r"^\| `([A-Z_]+)`", README, re.MULTILINE))
    assert read == told


def test_every_setting_of_the_table_is_used():
    """By our code, as `settings.NAME`, or by Django, as a test of tests/test_settings.py shows."""
    told = set(re.findall(r"^\| `([A-Z_]+)`", README, re.MULTILINE))
    modules = [*(ROOT / "releases").rglob("*.py"), *(ROOT / "pressroom").rglob("*.py")]
    used = {name for module in modules for name in re.findall(r"\bsettings\.([A-Z_]+)\b", module.read_text())}
    assert told - used - set(FROM_THE_ENVIRONMENT) == set()
    assert set(FROM_THE_ENVIRONMENT) <= told


def test_every_folder_and_page_that_is_named_exists():
    for name in re.findall(r"\]\(([\w./]+)\)|^ {4}([a-z]+/) ", README, re.MULTILINE):
        assert (ROOT / "".join(name)).exists()


def test_it_fits_on_one_screen():
    assert len(README.splitlines()) <= 75
