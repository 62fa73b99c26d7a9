"""The report of an import as a page to read and to pass on: one file, without scripts or other files."""

from html import escape

from releases.services.jekyll.report import SENTENCES, ImportReport, Row, count_things

_HEAD = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Report of the import</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  td, th { border-bottom: 1px solid #888; padding: .25rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
</style>
<h1>Report of the import</h1>
"""


def format_page(report: ImportReport) -> str:
    """The summary, and below it a table for each list that has rows, in the order of the summary."""
    lines = "".join(f"<li>{escape(line)}</li>\n" for line in report.summary().split("\n"))
    parts = [_HEAD, f"<ul>\n{lines}</ul>\n"]
    headings = {
        "failed": "{n} post{|s} failed.",
        "unresolved": "{n} link{|s} to annexes {leads|lead} to no file.",
    }
    for key, words in (headings | SENTENCES).items():
        if rows := getattr(report, key):
            parts.append(f"<h2>{escape(count_things(words, len(rows)))}</h2>\n{_format_table(rows)}")
    return "".join(parts)


def _format_table(rows: list[Row]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    head = "".join(f'<th scope="col">{escape(key)}</th>' for key in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_format_value(row.get(key, ''))}</td>" for key in columns) + "</tr>\n"
        for row in rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _format_value(value: object) -> str:
    if isinstance(value, dict):
        value = [f"{key}: {one}" for key, one in value.items()]
    if isinstance(value, list | tuple):
        return "<br>".join(escape(str(one)) for one in value)
    return escape(str(value))
