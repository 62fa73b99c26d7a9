"""Bodies per CPU second against Debian's kramdown in one run, and how time grows with hostile nesting.

    .venv/bin/python benchmarks/rendering.py SITE [--rounds 3]
    .venv/bin/python benchmarks/rendering.py --growth

SITE is the root of a Jekyll or Isomer site. Both sides render the same bodies and nothing else: kramdown as
Jekyll calls it, ours with the cleaning. `--growth` renders every pattern at growing sizes, each in a process
of its own.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from releases.content.jekyll.post import PostError, is_post_name, parse_post  # noqa: E402
from releases.content.markdown import BodyRefused, render  # noqa: E402

KRAMDOWN = """
require 'json'; require 'kramdown'; require 'kramdown-parser-gfm'
bodies = JSON.parse(STDIN.read)
options = { input: 'GFM', hard_wrap: false, auto_ids: true, syntax_highlighter: nil }
before = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
bodies.each { |body| Kramdown::Document.new(body, options).to_html }
puts Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) - before
"""
SIZES = (1_000, 4_000, 16_000, 64_000, 256_000)
REPEATED = (
    "[",
    "![",
    "[a](",
    "[a](b",
    "[](",
    "![](",
    "[[",
    "[]",
    "[^1]",
    "(",
    "*",
    "**",
    "***",
    "_",
    "__",
    "*a ",
    "**a ",
    "_a ",
    "*a_b ",
    "**a *b ",
    "`",
    "` ",
    "``a ",
    "~~",
    "~~a",
    "<",
    "<a",
    "<a ",
    "<a b",
    "<a b=",
    '<a b="',
    "<b>",
    "<i><b>",
    "<div>",
    "<div>\n",
    "</div>",
    "<p>a</p>",
    "<p>\n\n",
    "<span>",
    "<!--",
    "<!-- ",
    "<?",
    "<script>",
    "<style>",
    "<table><tr><td>",
    "<http://a",
    "&",
    "&amp",
    "&#",
    '"',
    "'",
    "\"'",
    "--",
    "...",
    "<<",
    "\\",
    "{:",
    "{:.a}",
    "*a*{:.b}",
    "> ",
    ">",
    "- ",
    "* a\n",
    "1. ",
    "- a\n  ",
    "- a\n\n",
    "+ \n",
    "#",
    "# a\n",
    "a\n---\n",
    "|",
    "|a",
    "a|b\n",
    "    a\n",
    "\t",
    "```\n",
    "~~~\n",
    "[^1]: a\n",
    "[a]: b\n",
    ": a\n",
    "a\n: b\n",
    "\n",
    "a ",
    "\u4e2d",
    "{::comment}\n\n",
    "~~~a\n",
    '[a](b "',
    "*a* _b_ ",
    "<b>*a</b>",
    '{: a="|"}\n',
    '<div markdown="1">',
    '<p markdown="1">a</p>\n',
)
BUILT = {
    "lists in lists": lambda size: "".join(" " * 2 * depth + "- a\n" for depth in range(int(size**0.5))),
    "quotations in quotations": lambda size: "".join("> " * depth + "a\n" for depth in range(int(size**0.5))),
    "open, then closed": lambda size: "<b>" * (size // 7) + "</b>" * (size // 7),
    "brackets, then closed": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "a heading of spaces": lambda size: f"# a{' ' * size}b",
    "an address of spaces": lambda size: f"[a]: b{' ' * size}'c",
    "an item of tabs": lambda size: f"- {chr(9) * size}a",
    "a long quotation": lambda size: "> " * 15 + "a\n" * (size // 2),
    "a long item": lambda size: "- " + "a\n" * (size // 2),
    "many terms": lambda size: "a\n" * (size // 2) + ": b",
    "many footnotes": lambda size: "".join(f"[^{note}]\n\n[^{note}]: a\n\n" for note in range(size // 20)),
    "many names of tags": lambda size: "".join(f"<x{name}>" for name in range(size // 8)),
    "longer and longer code": lambda size: "|" + "|".join("`" * length for length in range(int(size**0.5))),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("site", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--one", nargs=2, metavar=("PATTERN", "SIZE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print_one(asked.one[0], int(asked.one[1]))
    elif asked.growth:
        print_growth()
    else:
        print_ratio(asked.site, asked.rounds)


def print_ratio(site: Path, rounds: int) -> None:
    bodies = [
        body for path in sorted(site.rglob("_posts/*")) if is_post_name(path.name) and (body := body_of(path))
    ]
    rates: dict[str, list[float]] = {"kramdown": [], "ours": []}
    for _ in range(rounds):
        rates["kramdown"].append(len(bodies) / kramdown_seconds(bodies))
        rates["ours"].append(len(bodies) / our_seconds(bodies))
    for name, found in rates.items():
        print(
            f"{name}: {statistics.median(found):.0f} bodies per CPU second (median of {rounds}; {len(bodies)} bodies)"
        )
    print(f"ratio: {statistics.median(rates['ours']) / statistics.median(rates['kramdown']):.2f}")


def body_of(path: Path) -> str:
    try:
        return parse_post(path.read_bytes(), path.name).body
    except (PostError, OSError):
        return ""


def kramdown_seconds(bodies: list[str]) -> float:
    done = subprocess.run(
        ["ruby", "-e", KRAMDOWN], input=json.dumps(bodies), capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def our_seconds(bodies: list[str]) -> float:
    before = time.process_time()
    for body in bodies:
        render(body)
    return time.process_time() - before


def print_growth() -> None:
    slowest = largest = refused = 0.0
    patterns = [*map(repr, REPEATED), *BUILT]
    for pattern in patterns:
        row = [run_one(pattern, size) for size in SIZES]
        slowest = max(slowest, *(cell["seconds"] for cell in row))
        largest = max(largest, *(cell["megabytes"] for cell in row))
        refused += sum(cell["refused"] for cell in row)
        cells = (f"{'refused ' if cell['refused'] else ''}{cell['seconds']:.3f} s" for cell in row)
        print(f"{pattern:28}" + "".join(f"{cell:>17}" for cell in cells), flush=True)
    print(
        f"{len(patterns)} patterns; slowest {slowest:.2f} s, largest {largest:.0f} MB, {refused:.0f} refused"
    )


def run_one(pattern: str, size: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", pattern, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise SystemExit(f"{pattern} at {size} bytes: {done.stderr[-500:]}")
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def print_one(pattern: str, size: int) -> None:
    text = BUILT[pattern](size) if pattern in BUILT else repeated(eval(pattern), size)  # noqa: S307
    before, refused = time.process_time(), False
    try:
        render(text)
    except BodyRefused:
        refused = True
    seconds = time.process_time() - before
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "refused": refused}))


def repeated(pattern: str, size: int) -> str:
    return (pattern * (size // len(pattern.encode()) + 1)).encode()[:size].decode("utf-8", "ignore")


if __name__ == "__main__":
    main()
