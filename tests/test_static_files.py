"""What `collectstatic` makes of the stylesheets and modules that are shipped."""

import re

import pytest
from django.contrib.staticfiles.finders import AppDirectoriesFinder

from pressroom.static_files import StaticFiles

IMPORT = re.compile(r"""import[^"';]*["']\./([\w.]+)["']""")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """(folder, {name: name with its hash}) of the app's own files."""
    folder = tmp_path_factory.mktemp("static")
    storage = StaticFiles(location=folder, base_url="/static/")
    files = AppDirectoriesFinder(app_names=["releases"]).list([])
    paths = {path: (source, path) for path, source in files if path.startswith("releases/")}
    for path, (source, _) in paths.items():
        with source.open(path) as file:
            storage.save(path, file)
    failures = [done for done in storage.post_process(paths) if isinstance(done[2], Exception)]
    assert failures == []
    return folder, storage.hashed_files


@pytest.mark.parametrize("name", ["site.css", "admin.css"])
def test_a_stylesheet_is_one_request_with_every_colour_in_it(collected, name):
    folder, hashed = collected
    for path in (f"releases/{name}", hashed[f"releases/{name}"]):
        sheet = (folder / path).read_text()
        assert "--link: var(--light, #0a4a8f)" in sheet and "var(--link)" in sheet
        assert "@import" not in sheet


def test_modules_import_each_other_by_names_that_change_with_them(collected):
    folder, hashed = collected
    modules = {name: path for name, path in hashed.items() if name.endswith(".js")}
    imported = {
        f"releases/admin/{name}"
        for path in modules.values()
        for name in IMPORT.findall((folder / path).read_text())
    }
    assert imported and imported <= set(modules.values())
