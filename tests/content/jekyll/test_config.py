import pytest

from releases.content.jekyll.config import ConfigError, read_config


@pytest.mark.parametrize(
    "text, values",
    [
        ("", {}),
        ("# nothing\n", {}),
        ("\ufefftitle: T\r\nurl: x\r\n", {"title": "T", "url": "x"}),
        (
            "a: &a {published: false}\ndefaults: [{values: {<<: *a}}]\n",
            {"a": {"published": False}, "defaults": [{"values": {"published": False}}]},
        ),
        ("title: T\n" + "# a remark\n" * 2000 + "exclude: [x]\n", {"title": "T", "exclude": ["x"]}),
        ("1: one\n", {"1": "one"}),
    ],
)
def test_settings_are_read_with_what_front_matter_may_not_have(text, values):
    assert read_config(text.encode()) == (values, [])


def test_toml_is_read_too():
    text = 'title = "T"\n[[defaults]]\nscope = {path = ""}\nvalues = {published = false}\n'
    assert read_config(text.encode(), "_config.toml").values["defaults"][0]["values"] == {"published": False}


def test_a_setting_that_cannot_be_read_is_told_and_costs_no_other():
    found = read_config(b"title: a: b\nexclude: [x]\nother: !x y\n")
    assert found.values == {"exclude": ["x"]}
    assert [problem.split(" in ")[0] for problem in found.problems] == ["title", "other"]


@pytest.mark.parametrize(
    "text",
    [
        "title: a: b\nexclude: [x\n",
        "title: a: b\ndefaults: !ruby/x y\n",
        "title: a: b\ndefaults: &a [*a]\n",
        "title: a: b\ndefaults: " + "[" * 40 + "]" * 40,
        "a: &a 1\nb: !x y\nexclude: [" + "*a, " * 31 + "]\n",
        "title: a: b\nexclude: *unknown\n",
    ],
)
def test_nothing_is_guessed_of_what_decides_who_may_read(text):
    with pytest.raises(ConfigError, match=r"(exclude|defaults) in _config.yml can't be read"):
        read_config(text.encode())


def test_few_lines_cannot_stand_for_many():
    lines = [f"  a{n}: &a{n} [" + f"*a{n - 1}, " * 9 + "]" for n in range(1, 9)]
    found = read_config("\n".join(["a:", "  a0: &a0 [x, x, x]", *lines]).encode())
    assert "it names too many of its parts again" in found.problems[0]
