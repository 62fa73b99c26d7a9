"""What people settle after they have read a report: pictures of other sites that they saved, and files that
they chose for links that lead to none. What was settled once stays so."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from releases.content.files.foreign_pictures import name_picture, replace_targets
from releases.content.files.links import is_foreign
from releases.content.files.media_types import identify_stream
from releases.content.jekyll.post import Post
from releases.content.text.permalinks import quote_path
from releases.models import Edition, Illustration
from releases.services.jekyll.plan import Plan
from releases.services.jekyll.report import Row
from releases.services.jekyll.site import Site
from releases.services.jekyll.survey import PostFacts, Survey, find_targets

FOLDER = "images/from-other-sites"
"""Where the pictures lie in the site, below its root."""
COLUMNS = ("post", "target", "file")


class NoTable(ValueError):
    """A file of candidates that can't be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """`pictures` is the folder with pictures under the names of the report; `candidates` has the files that
    were chosen, below the root of the site, by the path of a post and the target of a link as it stands
    there."""

    pictures: Path | None = None
    candidates: Mapping[tuple[str, str], str] = field(default_factory=dict)


NOTHING_SETTLED = Settlement()


def read_candidates(table: Path) -> dict[tuple[str, str], str]:
    """The rows that people left in a table as `write_candidates` writes it. Raises NoTable, and OSError."""
    try:
        with table.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NoTable(f"{table} is no table of comma-separated values in UTF-8.") from error
    if rows and not set(COLUMNS) <= set(rows[0]):
        raise NoTable(f"{table} lacks one of the columns {', '.join(COLUMNS)} in its first line.")
    return {(row["post"], row["target"]): row["file"] for row in rows if row["file"]}


def write_candidates(table: Path, unresolved: Iterable[Row]) -> bool:
    """Write a row for each link without a file for which there is exactly one candidate, for a person to
    read; returns whether there is any. Raises OSError."""
    rows = [(one["post"], one["target"], *_read_list(one)) for one in unresolved if len(_read_list(one)) == 1]
    if rows:
        with table.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([COLUMNS, *dict.fromkeys(rows)])
    return bool(rows)


def _read_list(row: Row) -> list[str]:
    found = row["candidates"]
    return found if isinstance(found, list) else []


@dataclass(frozen=True, slots=True)
class Settled:
    """A site and its posts as people settled them, and rows on what of that could not be done."""

    site: Site
    survey: Survey
    warnings: tuple[Row, ...]


def settle_targets(plan: Plan, survey: Survey, settlement: Settlement) -> Settled:
    """Let links and pictures of posts lead to what was settled, now or before. Writes nothing; raises
    OSError."""
    pictures, warnings = _find_pictures(plan, settlement.pictures)
    chosen = _find_earlier_choices(plan)
    given, problems = _check_candidates(plan, settlement.candidates)
    chosen |= given
    targets: dict[str, dict[str, str]] = defaultdict(dict)
    for post, picture in _list_foreign(plan):
        if name_picture(picture) in pictures:
            targets[post][picture] = quote_path(
                plan.site.settings.locate_file(pictures[name_picture(picture)][0])
            )
    for (post, target), file in chosen.items():
        targets[post][target] = quote_path(plan.site.settings.locate_file(file))
    if not targets:
        return Settled(plan.site, survey, (*warnings, *problems))
    added = {file: place for file, place in pictures.values() if file not in plan.site.files}
    site = replace(plan.site, files=(*plan.site.files, *added), elsewhere=added)
    posts = tuple(_lead(facts, targets.get(facts.post.path, {})) for facts in survey.posts)
    return Settled(site, replace(survey, posts=posts), (*warnings, *problems))


def _check_candidates(
    plan: Plan, candidates: Mapping[tuple[str, str], str]
) -> tuple[dict[tuple[str, str], str], list[Row]]:
    """The rows of a table whose link and file there are, and what to tell of the others."""
    known = {(planned.facts.post.path, link.link.target) for planned in plan.posts for link in planned.links}
    given: dict[tuple[str, str], str] = {}
    problems: list[Row] = []
    for (post, target), file in candidates.items():
        if (post, target) in known and file in plan.site.files:
            given[post, target] = file
        else:
            reason = (
                f"The table gives {file} for the link to {target}: there is no such file, or no such link."
            )
            problems.append({"post": post, "reason": reason})
    return given, problems


def _list_foreign(plan: Plan) -> Iterator[tuple[str, str]]:
    """(path of a post, address of a picture on another site)."""
    for planned in plan.posts:
        for image in planned.images:
            if not image.path and is_foreign(image.link.target, plan.hosts):
                yield planned.facts.post.path, image.link.target


def _find_pictures(plan: Plan, folder: Path | None) -> tuple[dict[str, tuple[str, Path]], list[Row]]:
    """(file of the site, where its bytes are) for each name of a picture that is wanted and was saved, and
    what to tell of the rest of `folder`."""
    wanted = {name_picture(picture) for _, picture in _list_foreign(plan)}
    pictures: dict[str, tuple[str, Path]] = {}
    warnings: list[Row] = []
    for name, place in _list_saved(plan, folder) if wanted or folder else ():
        key = next((one for one in (name, name.rpartition(".")[0]) if one in wanted), "")
        problem = (
            _why_no_picture(name, place) if key else "No release shows a picture that is to be saved so."
        )
        if not problem:
            pictures[key] = f"{FOLDER}/{name}", place
        elif place.parent == folder:
            warnings.append({"post": name, "reason": problem})
    return pictures, warnings


def _list_saved(plan: Plan, folder: Path | None) -> Iterator[tuple[str, Path]]:
    """(name, place) of pictures: those kept here, those in the site, as an export leaves them, and those in
    `folder`."""
    kept = Illustration.objects.filter(address__path__startswith=f"/{FOLDER}/")
    for row in kept.select_related("address", "blob").defer("blob__text"):
        yield row.address.path.rpartition("/")[2], row.blob.file
    for file in plan.site.files:
        if file.startswith(f"{FOLDER}/"):
            yield file.removeprefix(f"{FOLDER}/"), plan.site.root / file
    for place in sorted(folder.iterdir()) if folder else ():
        yield place.name, place


def _why_no_picture(name: str, place: Path) -> str:
    """Why a file is none that a page can show, "" when it is one. Raises OSError."""
    if place.is_symlink() or not place.is_file():
        return "It is not a file."
    with place.open("rb") as stream:
        found = identify_stream(stream, name)
    is_picture = found.inline and found.media_type.startswith("image/")
    return (
        ""
        if is_picture
        else "It is no picture that a browser shows; it may be a page that was saved in its place."
    )


def _find_earlier_choices(plan: Plan) -> dict[tuple[str, str], str]:
    """The only candidates of links without a file that the imported edition leads to already."""
    candidates = list(_list_candidates(plan))
    editions = {edition for _, _, _, edition in candidates}
    bodies = dict(Edition.objects.filter(pk__in=editions).values_list("pk", "body"))
    return {
        (post.path, target): file
        for post, target, file, edition in candidates
        if quote_path(plan.site.settings.locate_file(file)) in bodies[edition]
        if _has_target(post.body, target) and not _has_target(bodies[edition], target)
    }


def _list_candidates(plan: Plan) -> Iterator[tuple[Post, str, str, int]]:
    """(post, target, only candidate, edition that came of it before) of links without a file."""
    pairs = (
        (planned, link) for planned in plan.posts for link in planned.links if link.path and not link.file
    )
    for planned, link in pairs:
        files = plan.index.same_name(link.path)
        if planned.source and len(files) == 1:
            yield planned.facts.post, link.link.target, files[0], planned.source.edition_id


def _has_target(text: str, target: str) -> bool:
    return replace_targets(text, {target: ""}) != text


def _lead(facts: PostFacts, targets: Mapping[str, str]) -> PostFacts:
    """A post whose links and pictures lead to other targets."""
    if not targets:
        return facts
    post = facts.post
    led = replace(
        post,
        body=replace_targets(post.body, targets),
        image=targets.get(post.image, post.image),
        file_url=targets.get(post.file_url, post.file_url),
    )
    return find_targets(replace(facts, post=led, is_rewritten=True))
