"""What of an old site stays behind: pages, documents of collections, and what Jekyll knows and nothing here
does."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from releases.content.jekyll.config import CONFIGS
from releases.services.jekyll.plan import Plan
from releases.services.jekyll.report import ImportReport
from releases.services.jekyll.site import Site

# Keys of `_config.yml` that Jekyll or its usual plugins read.
UNHEEDED = (
    "source data_dir layouts_dir includes_dir plugins_dir keep_files encoding markdown_ext strict_front_matter"
    " limit_posts markdown highlighter excerpt_separator paginate paginate_path sass kramdown liquid theme remote_theme"
    " description author email twitter logo"
).split()
HEEDED_PLUGINS = {"jekyll-feed", "jekyll-sitemap", "jekyll-redirect-from"}

NO_CONFIG = (
    "There is no _config.yml in the folder: posts without a permalink have the address that Jekyll gives without settings,"
    " and days are those of the newsroom's zone. If the old site had one, put it there and run the import again."
)


def report_remains(plan: Plan, report: ImportReport) -> None:
    """Name what does not come along, and what Jekyll would have read and nothing here did."""
    site = plan.site
    for path in site.texts:
        label, _ = site.settings.split_collection(path)
        if path in site.pages or site.settings.why_not_built(path) or not _has_front_matter(site.root / path):
            continue
        if label:
            report.add("documents", "", path=path, collection=label)
        else:
            report.add("pages", "", path=path)
    for path, reason in site.unbuilt.items():
        report.add("kept_back", "", path=path, reason=reason)
    problems = site.problems if not site.pages.keys().isdisjoint(CONFIGS) else (NO_CONFIG,)
    for reason in problems:
        report.add("warnings", "", post=CONFIGS[0], reason=reason)
    for key, where in (*_list_unheeded_settings(site), *_list_unheeded_keys(plan)):
        report.not_honoured.append({"key": key, "where": where})


def _has_front_matter(page: Path) -> bool:
    try:
        with page.open("rb") as stream:
            return stream.readline(10).rstrip() == b"---"
    except OSError:
        return False


def _list_unheeded_settings(site: Site) -> Iterator[tuple[str, str]]:
    if site.settings.baseurl:
        yield (
            "baseurl",
            f"{CONFIGS[0]}: addresses come without {site.settings.baseurl}; let the web server lead there.",
        )
    for key in UNHEEDED:
        if site.config.get(key) not in (None, "", [], {}, False):
            yield key, CONFIGS[0]
    for key in ("plugins", "gems", "whitelist"):
        rows = site.config.get(key)
        plugins = {str(one) for one in rows} if isinstance(rows, list) else set()
        yield from ((f"{key}: {plugin}", CONFIGS[0]) for plugin in sorted(plugins - HEEDED_PLUGINS))


def _list_unheeded_keys(plan: Plan) -> Iterator[tuple[str, str]]:
    """Keys of front matter, each with the number of posts that have it and the first of them."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for planned in plan.posts:
        for key in planned.facts.post.unheeded:
            counts[key] += 1
            first.setdefault(key, planned.facts.post.path)
    for key, number in sorted(counts.items()):
        yield key, first[key] if number == 1 else f"{number} posts, the first is {first[key]}"
