import sys

import pytest

from releases.content.markdown import BodyRefused, render
from releases.content.markdown.stack import with_room

PIECE = 16 * 1024


def at_depth(depth, call):
    return call() if depth == 0 else at_depth(depth - 1, call)


def test_its_frame_fits_into_no_piece_of_the_stack_with_others():
    assert with_room.__code__.co_stacksize * 8 > PIECE
    assert with_room(lambda: sys._getframe(1).f_code) is with_room.__code__


def test_it_gives_what_the_call_gives():
    assert with_room(lambda: "given") == "given"
    with pytest.raises(BodyRefused, match="bytes"):
        with_room(lambda: render("a" * 400_000))


@pytest.mark.parametrize("depth", [0, 40, 80, 300])
def test_a_body_is_shown_the_same_however_deep_the_calls_are(depth):
    body = "[*a **b <u>c ~~d ![e" * 50
    assert at_depth(depth, lambda: render(body)) == render(body)
