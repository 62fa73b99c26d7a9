"""The templates as they are written; `./test` has the formatters check the rest."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Engine
from django.template.utils import get_app_template_dirs
from django.views.defaults import ERROR_400_TEMPLATE_NAME

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
LONGEST_LINE = 110


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_line_is_too_long(path):
    """A text for translators that is longer is a `blocktranslate trimmed` of several lines."""
    assert [line for line in path.read_text().splitlines() if len(line) > LONGEST_LINE] == []


def test_every_template_is_shown_by_somebody():
    """Views, other templates, and tags name them; a letter is named by its kind, a part by its tag."""
    names = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*")}
    code = "".join(
        path.read_text() for path in [*ROOT.glob("releases/**/*.py"), *ROOT.glob("pressroom/*.py")]
    )
    named = code + "".join(path.read_text() for path in TEMPLATES.rglob("*.*"))
    parts = {name for name in names if f'"{Path(name).stem.removeprefix("_")}"' in code}
    parts = {name for name in parts if name.startswith(("mail/", "releases/_"))}
    unnamed = {name for name in names - parts - {ERROR_400_TEMPLATE_NAME} if name not in named}
    assert {name for name in unnamed if not replaces_that_of_a_package(name)} == set()


def replaces_that_of_a_package(name):
    """Django's desk looks for its own names in the folder of a model, too."""
    general = re.sub(r"^admin/releases/\w+/", "admin/", name)
    return any((Path(folder) / general).exists() for folder in get_app_template_dirs("templates"))


SHAPES = """{% load i18n %}
<p>
  {% if yes %}
    One
  {% endif %}
  two,
  {% if no %}three{% endif %}
  {% if yes %}four{% endif %}
  {% translate "five" %}
  {{ six }}
  {% for one in many %}
    {{ one }}{% if not forloop.last %},{% endif %}
  {% endfor %}
</p>
<textarea>
{{ typed }}</textarea>
"""


def written_by(loader, folder):
    engine = Engine(dirs=[folder], loaders=[loader], libraries={"i18n": "django.templatetags.i18n"})
    typed = {
        "yes": True,
        "no": False,
        "six": "six",
        "many": ["seven", "eight"],
        "typed": "\n  as it\n\n  stands",
    }
    return engine.get_template("shapes.html").render(Context(typed))


def test_what_is_sent_has_the_words_of_the_template_and_less_white_space(tmp_path):
    (tmp_path / "shapes.html").write_text(SHAPES)
    sent = written_by("pressroom.template_loader.Loader", tmp_path)
    whole = written_by("django.template.loaders.filesystem.Loader", tmp_path)
    assert sent.split() == whole.split()
    assert sent.count("\n") < whole.count("\n") and len(sent) < len(whole)
    assert "\n  as it\n\n  stands</textarea>" in sent


@pytest.mark.django_db
def test_the_pages_of_the_site_are_sent_without_the_indentation_of_their_templates(client):
    page = client.get("/").content
    assert "pressroom.template_loader.Loader" in str(settings.TEMPLATES)
    assert not [line for line in page.splitlines() if line.startswith(b"  ")]
