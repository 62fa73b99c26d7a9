"""The second step of an import: what is to become of every post, settled over all of them before anything is
written."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from releases.content.extraction.bylines import Lexicon
from releases.content.files.links import FileIndex, TypedLink, resolve_annex_path, resolve_own_path
from releases.content.jekyll.layout import find_category, locate_section
from releases.content.jekyll.post import Post
from releases.content.text import permalinks
from releases.models import Address, Agency, Edition, Issuer, Source
from releases.services.jekyll.report import ImportReport
from releases.services.jekyll.site import Site
from releases.services.jekyll.survey import FailedPost, PostFacts, Survey

EXPORTED = ("_files/", "_images/")
"""Where an export puts files that are not public."""


@dataclass(frozen=True, slots=True)
class PlannedLink:
    """A link or picture of a post, and where it leads.

    `path` is root-relative and not empty where it leads to a file of this site; `file` is that file below the
    root of the site, empty where it is not in this copy.
    """

    link: TypedLink
    path: str
    file: str


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post with an address that nobody else has.

    `source` is what came in before of the same post, None when it is new, and `issued_by` has the keys of the
    agencies that its edition names, the lead first, None where people have changed that edition itself;
    `is_erased`: its release was erased here.
    """

    facts: PostFacts
    address: str
    source: Source | None
    issued_by: tuple[int, ...] | None
    is_erased: bool
    links: tuple[PlannedLink, ...]
    images: tuple[PlannedLink, ...]


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """An address that several posts claim, or that a post claims and a file has; `kept` is the path of who
    keeps it.

    `others` has the other addresses that the rest of the posts get, by their paths.
    """

    address: str
    kept: str
    posts: tuple[str, ...]
    others: Mapping[str, str]


class _Files:
    """Where links lead among some files of a site."""

    def __init__(self, site: Site, files: Sequence[str]) -> None:
        self.index = FileIndex(files)
        self.moved = {path: file for file in files if (path := site.settings.locate_file(file)) != f"/{file}"}

    def plan_link(self, link: TypedLink, path: str | None) -> PlannedLink:
        """A link with the root-relative path of this site that it names, if any."""
        file = (self.index.find(path)[1] or self.moved.get(unquote(path), "")) if path else ""
        return PlannedLink(link, path or "", file)


class _Choices:
    """The files that a post may lead to: one that was kept back to what was too, and one that waits for its
    hour to what an export of ours lets wait with it."""

    def __init__(self, site: Site, at: dt.datetime, hosts: Collection[str]) -> None:
        self.at, self.hosts = at, hosts
        self.built = _Files(site, site.files)
        waiting = [file for file in site.unbuilt if file.startswith(EXPORTED)]
        self.scheduled, self.kept_back = (
            _Files(site, [*site.files, *more]) if more else self.built for more in (waiting, site.unbuilt)
        )

    def plan_targets(self, facts: PostFacts) -> tuple[tuple[PlannedLink, ...], tuple[PlannedLink, ...]]:
        """(links, pictures) of a post, with where they lead."""
        files = self._choose_files(facts.post)
        return (
            tuple(files.plan_link(link, resolve_annex_path(link.target, self.hosts)) for link in facts.links),
            tuple(files.plan_link(one, resolve_own_path(one.target, self.hosts)) for one in facts.images),
        )

    def _choose_files(self, post: Post) -> _Files:
        if post.kept_back:
            return self.kept_back
        return self.scheduled if post.at > self.at and post.waits else self.built


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import of `site` will do.

    `agencies` by slug; `owner` is the slug of the agency that issues what names nobody, empty when nobody
    knows whose site it is. `hosts` are the site's own, without www. `linked` are the files of the site that a
    post links to. `gone` are the paths of posts that came in before and are in the site no more.
    """

    site: Site
    posts: tuple[PlannedPost, ...]
    failed: tuple[FailedPost, ...]
    gone: tuple[str, ...]
    shared: tuple[SharedAddress, ...]
    agencies: Mapping[str, Agency]
    lexicon: Lexicon
    owner: str
    hosts: frozenset[str]
    index: FileIndex
    linked: frozenset[str]


def plan_import(
    site: Site, survey: Survey, agencies: Mapping[str, Agency], lexicon: Lexicon, owner: str, at: dt.datetime
) -> Plan:
    """Recognise posts that came in before, give every post an address of its own, and find its files.

    `owner` is the slug of the agency whose site it is, "" when nobody knows; `at` is the instant of the
    import.
    """
    sources = {source.path: source for source in Source.objects.defer("content")}
    addresses_of_posts = Address.objects.filter(kind=Address.Kind.RELEASE, release__source__isnull=False)
    owners = dict(addresses_of_posts.values_list("path_digest", "release__source__path"))
    read = {facts.post.path for facts in survey.posts} | {failed.path for failed in survey.failed}
    gone = {path for path in sources if path not in read}
    if not site.only:
        _follow_renames(survey.posts, sources, owners, gone)
    others = Address.objects.filter(kind__in=(Address.Kind.SECTION, Address.Kind.REDIRECT))
    held = {permalinks.digest_path(site.settings.locate_file(file)) for file in site.files}
    held.update(others.values_list("path_digest", flat=True))
    addresses, shared = _settle_addresses(survey.posts, held, owners)
    hosts = frozenset({site.settings.host, *(agencies[owner].hosts if owner else ())} - {""})
    choices = _Choices(site, at, hosts)
    posts = _plan_posts(survey.posts, addresses, sources, choices)
    return Plan(
        site=site,
        posts=posts,
        failed=survey.failed,
        gone=() if site.only else tuple(sorted(gone)),
        shared=tuple(shared),
        agencies=agencies,
        lexicon=lexicon,
        owner=owner,
        hosts=hosts,
        index=choices.built.index,
        linked=frozenset(link.file for post in posts for link in (*post.links, *post.images)) - {""},
    )


def _plan_posts(
    posts: Iterable[PostFacts],
    addresses: Mapping[str, str],
    sources: Mapping[str, Source],
    choices: _Choices,
) -> tuple[PlannedPost, ...]:
    """Each post with its address, what came in of it before (by path), and where its links lead."""
    erased = set(Edition.objects.filter(erased_at__isnull=False).values_list("release_id", flat=True))
    issued_by = _find_issued_by()
    planned = []
    for facts in posts:
        source = sources.get(facts.post.path)
        links, images = choices.plan_targets(facts)
        planned.append(
            PlannedPost(
                facts=facts,
                address=addresses[facts.post.path],
                source=source,
                issued_by=issued_by.get(source.edition_id) if source else (),
                is_erased=source is not None and source.release_id in erased,
                links=links,
                images=images,
            )
        )
    return tuple(planned)


def report_plan(plan: Plan) -> ImportReport:
    """The report of an import that has read everything and written nothing yet."""
    report = ImportReport(owner=plan.owner)
    for path in plan.site.posts:
        report.count("posts", locate_section(find_category(path)))
    for failed in plan.failed:
        section = locate_section(find_category(failed.path))
        report.add("failed", section, path=failed.path, reason=failed.reason)
    report.liquid.extend(
        {"path": one.facts.post.path, "tags": list(one.facts.unknown_liquid)}
        for one in plan.posts
        if one.facts.unknown_liquid
    )
    report.stray.extend(stray._asdict() for stray in plan.site.strays)
    report.gone.extend({"path": path} for path in plan.gone)
    report.shared_urls.extend(
        {"url": one.address, "posts": list(one.posts), "kept": one.kept, "alternatives": dict(one.others)}
        for one in plan.shared
    )
    return report


def propose_addresses(permalink: str, day: str) -> Iterator[str]:
    """Other addresses for a permalink that is taken, without end: with the day, then with the day and a
    number."""
    stem, slash = permalink.rstrip("/"), "/" if permalink.endswith("/") else ""
    stem, dot, extension = stem.rpartition(".") if stem.endswith((".html", ".md")) else (stem, "", "")
    number = 1
    while True:
        mark = f"-{day}" if number == 1 else f"-{day}-{number}"
        yield f"{stem}{mark}{dot}{extension}{slash}"
        number += 1


def _find_issued_by() -> dict[int, tuple[int, ...]]:
    """The agencies that imported editions name, by edition, but for editions that people have changed."""
    editions = Edition.objects.filter(pk__in=Source.objects.values("edition"), lock_version=0)
    found: dict[int, list[int]] = {pk: [] for pk in editions.values_list("pk", flat=True)}
    issuers = Issuer.objects.filter(edition__in=editions).order_by("position")
    for edition, agency in issuers.values_list("edition", "agency"):
        found[edition].append(agency)
    return {edition: tuple(agencies) for edition, agencies in found.items()}


def _follow_renames(
    posts: Iterable[PostFacts], sources: dict[str, Source], owners: dict[str, str], gone: set[str]
) -> None:
    """The same permalink under another file name is the same release: change `sources`, `owners` and `gone`
    so."""
    for facts in posts:
        key = permalinks.digest_path(facts.permalink)
        before = owners.get(key)
        if before in gone and facts.post.path not in sources:
            gone.remove(before)
            sources[facts.post.path] = sources[before]
            owners[key] = facts.post.path


def _settle_addresses(
    posts: Iterable[PostFacts], held: set[str], owners: Mapping[str, str]
) -> tuple[dict[str, str], list[SharedAddress]]:
    """The address of each post by its path, its own and nobody else's; and those that more than one claims.

    Of several claimants the one that holds it already keeps it (`owners`: digest of an address to path of a
    post), else the newest post that the old site showed does: Jekyll wrote it last, so its readers saw that
    one. Files, sections and redirects keep their paths (`held` has the digests) before any post; bytes have
    no other place.
    """
    claims: dict[str, list[PostFacts]] = defaultdict(list)
    for facts in sorted(posts, key=lambda facts: (facts.post.published, facts.post.at, facts.post.path)):
        claims[permalinks.digest_path(facts.permalink)].append(facts)
    taken = {*claims, *held}
    addresses: dict[str, str] = {}
    shared: list[SharedAddress] = []
    for key, claimants in claims.items():
        kept = None if key in held else _choose_claimant(claimants, owners.get(key))
        if kept:
            addresses[kept.post.path] = kept.permalink
        others = {
            facts.post.path: _find_free(facts, taken, owners) for facts in claimants if facts is not kept
        }
        addresses |= others
        if others:
            shared.append(_describe_shared(claimants, kept, others))
    return addresses, shared


def _choose_claimant(claimants: Sequence[PostFacts], owner: str | None) -> PostFacts:
    """Of claimants in the order in which Jekyll wrote them."""
    return next((facts for facts in claimants if facts.post.path == owner), claimants[-1])


def _find_free(facts: PostFacts, taken: set[str], owners: Mapping[str, str]) -> str:
    """Another address for a post, which is then taken too; `taken` has digests of addresses."""
    for path in propose_addresses(facts.permalink, str(facts.post.date)):
        key = permalinks.digest_path(path)
        if key not in taken and owners.get(key, facts.post.path) == facts.post.path:
            taken.add(key)
            return path
    raise AssertionError("the proposals never end")


def _describe_shared(
    claimants: Sequence[PostFacts], kept: PostFacts | None, others: Mapping[str, str]
) -> SharedAddress:
    """`kept` None: a file of the site, a section or a redirect has the address."""
    first = next(facts for facts in claimants if facts is not kept)
    return SharedAddress(
        address=first.permalink,
        kept=kept.post.path if kept else first.permalink.lstrip("/"),
        posts=tuple(sorted(facts.post.path for facts in claimants)),
        others=others,
    )
