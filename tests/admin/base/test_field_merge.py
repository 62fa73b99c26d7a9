"""What becomes of two people's changes to the fields of one form, without a form."""

import pytest

from releases.admin.base.field_merge import FieldKind, combine, merge_fields, read_base

PLAIN, PROSE, SEVERAL = FieldKind.PLAIN, FieldKind.PROSE, FieldKind.SEVERAL


@pytest.mark.parametrize(
    "kind, base, mine, theirs, expected",
    [
        (PLAIN, "a", "a", "b", ("b", True)),
        (PLAIN, "a", "b", "b", ("b", True)),
        (PLAIN, "a", "b", "c", ("b", False)),
        (PLAIN, None, "b", "b", ("b", True)),
        (PLAIN, None, "b", "c", ("b", False)),
        (PROSE, "1\n\n2", "one\n\n2", "1\n\ntwo", ("one\n\ntwo", True)),
        (PROSE, "1\n\n2", "one\n\n2", "uno\n\ntwo", ("one\n\ntwo", False)),
        (PROSE, None, "one", "two", ("one", False)),
        (SEVERAL, "1\n2", "1\n2\n3", "1\n2\n4", ("1\n2\n3\n4", True)),
        (SEVERAL, "1\n2", "1", "1\n2\n4", ("1\n4", True)),
        (SEVERAL, "1\n2", "1\n2\n3", "2", ("2\n3", True)),
        (SEVERAL, "1", "", "1\n2", ("2", True)),
        (SEVERAL, "", "1", "", ("1", True)),
        (SEVERAL, None, "1", "2", ("1", False)),
    ],
)
def test_a_field_takes_theirs_keeps_mine_has_both_or_is_asked_for(kind, base, mine, theirs, expected):
    assert combine(kind, base, mine, theirs) == expected


def test_what_others_changed_is_told_and_what_is_typed_stays_unless_both_changed_it():
    base = {"title": "a", "text": "1\n\n2", "lead": "x", "unread": None}
    stored = {"title": "b", "text": "1\n\ntwo", "lead": "x", "unread": "c", "new": "n", "refused": "r"}
    mine = {"title": "mine", "text": "one\n\n2", "lead": "y", "unread": "d", "new": "typed"}
    kinds = dict.fromkeys(stored, PLAIN) | {"text": PROSE}
    merged = merge_fields(base | {"refused": "old"}, mine, stored, kinds)
    assert merged.theirs == {"title": "b", "text": "1\n\ntwo", "unread": "c", "refused": "r"}
    assert merged.texts == {"text": "one\n\ntwo"}
    assert merged.conflicts == {"title": "mine", "unread": "d"}


@pytest.mark.parametrize(
    "text, base",
    [
        (
            '{"title": "a", "day": null, "number": 3, "list": ["x"]}',
            {"title": "a", "day": None, "number": None, "list": None},
        ),
        ("", {}),
        (None, {}),
        ("{", None),
        ("[]", None),
        ('"text"', None),
        ("[" * 200_000, None),
    ],
)
def test_a_base_is_texts_by_name_or_none(text, base):
    assert read_base(text) == base
