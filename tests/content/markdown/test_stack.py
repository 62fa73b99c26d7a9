import sys
import threading

import pytest

from releases.content.markdown import BodyRefused, inline, limits, render, render_raw
from releases.content.markdown.stack import run_on_new_stack


def at_depth(depth, call):
    return call() if depth == 0 else at_depth(depth - 1, call)


def frames():
    frame, count = sys._getframe(), 0
    while frame := frame.f_back:
        count += 1
    return count


def test_calls_begin_anew_however_deep_the_caller_stands():
    depths = {at_depth(depth, lambda: run_on_new_stack(frames)) for depth in (0, 40, 300)}
    assert len(depths) == 1
    assert depths.pop() < 20


def test_it_gives_what_the_call_gives_and_raises_what_it_raises():
    assert run_on_new_stack(lambda: "given") == "given"
    with pytest.raises(BodyRefused, match="bytes"):
        run_on_new_stack(lambda: render("a" * 400_000))


def test_no_thread_is_left_over():
    before = threading.active_count()
    run_on_new_stack(frames)
    assert threading.active_count() == before


DEEP = "> " * 9 + "- " * 9 + "[*a **b <u>c ~~d ![e" * 50 + "\n\nA sentence." * 700
assert len(DEEP) > limits.LONG_BODY


@pytest.mark.parametrize("depth", [0, 40, 80, 300])
def test_a_body_is_shown_the_same_however_deep_the_calls_are(depth):
    assert at_depth(depth, lambda: render(DEEP)) == render(DEEP)


def test_a_body_is_shown_where_the_caller_has_few_calls_left():
    left = sys.getrecursionlimit() - frames() - 60
    assert at_depth(left, lambda: render_raw(DEEP)) == render_raw(DEEP)


def test_spans_in_spans_need_no_deeper_calls(monkeypatch):
    def deepest_call(body):
        seen, write = [], inline.write_text
        with monkeypatch.context() as patched:
            patched.setattr(inline, "write_text", lambda *given: seen.append(frames()) or write(*given))
            render_raw(body)
        return max(seen)

    assert deepest_call("<b>" * 18 + "*a*") == deepest_call("*a*")
