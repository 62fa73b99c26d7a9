"""Fourteen small Jekyll sites with settings that differ, which `addresses.py` has built by Jekyll and imported here.

A site is its files by their paths; `@1` stands for tomorrow and `@-1` for yesterday.
"""

from collections.abc import Mapping

PDF = "%PDF-1.4 a file of the site"


def post(front: str = "", body: str = "Words.\n") -> str:
    """A post with this front matter."""
    return f"---\n{front}\n---\n{body}"


NAMES = {
    "news/_posts/2021-03-04-Budget-reply.md": post("title: A"),
    "news/press/_posts/2021-12-31-last day of the year.md": post(
        "title: B\ncategories: [Ships, Ports and Piers]"
    ),
    "_posts/2020-02-29-全球数字能力排名.md": post("title: C\ncategory: Ships"),
    "_posts/2021-1-2-short.markdown": post("title: D\ncategories: one two"),
    "_posts/2021-01-02-what-s-up_.md": post("title: E\nslug: An Own Slug"),
    "_posts/2021-01-03-dots.and.more.md": post("title: F"),
    "_posts/2021-01-04-page.html": post("title: G"),
    "_posts/2021-01-05-own.md": post("title: H\npermalink: /Own/:year/:title"),
    "_posts/2021-01-06-whole.md": post("title: I\npermalink: /whole.html"),
    "_posts/2021-01-07-a%20b+c&d.md": post("title: J"),
}
INSTANTS = {
    "_posts/2022-05-10-plain.md": post("title: A"),
    "_posts/2022-05-10-late.md": post("title: B\ndate: 2022-05-10 23:30:00"),
    "_posts/2022-05-10-zone.md": post("title: C\ndate: 2022-05-10 23:30:00 +0000"),
    "_posts/2022-05-10-west.md": post("title: D\ndate: 2022-05-10 01:30:00 -1100"),
    "_posts/2022-05-10-iso.md": post("title: E\ndate: 2022-05-10T20:15:00Z"),
    "_posts/2022-05-10-text.md": post('title: F\ndate: "May 11, 2022"'),
    "_posts/2022-05-10-day.md": post("title: G\ndate: 2022-05-12"),
    "_posts/2022-05-10-mail.md": post('title: H\ndate: "Tue, 10 May 2022 21:00:00 +0300"'),
    "_posts/@-1-yesterday.md": post("title: I"),
    "_posts/@2-to-come.md": post("title: J"),
    "_posts/2022-05-10-by-its-date.md": post("title: K\ndate: @2 10:00:00"),
}
HIDDEN = {
    "_posts/2022-01-01-shown.md": post("title: A", "[a](/files/a.pdf)\n"),
    "_posts/2022-01-02-not.md": post("title: B\npublished: false"),
    "_posts/2022-01-03-empty.md": post("title: C\npublished:"),
    "_drafts/idea.md": post("title: D"),
    "news/_drafts/2022-01-04-idea.md": post("title: E"),
    "_attic/_posts/2022-01-05-old.md": post("title: F"),
    "~tmp/_posts/2022-01-06-old.md": post("title: G"),
    ".git/_posts/2022-01-07-old.md": post("title: H"),
    "news/_posts/_2022-01-08-under.md": post("title: I"),
    "news/_posts/2022-01-09-tilde.md~": post("title: J"),
    "news/_posts/deeper/2022-01-10-below.md": post("title: K"),
    "news/_posts/_deeper/2022-01-11-below.md": post("title: L"),
    "vendor/bundle/_posts/2022-01-12-gem.md": post("title: M"),
    "node_modules/x/_posts/2022-01-13-gem.md": post("title: N"),
    "files/a.pdf": PDF,
    "files/_b.pdf": PDF,
    "_files/c.pdf": PDF,
    "files/.d.pdf": PDF,
    "files/deep/~e/f.pdf": PDF,
    "files/g.pdf~": PDF,
    "a file at the root.pdf": PDF,
    "images/a b's (1).png": PDF,
}
DOCUMENTS = {
    "_reports/annual.md": post("title: A\ndate: 2022-03-04"),
    "_reports/2022/Mid Year.md": post("title: B\ndate: 2022-03-04"),
    "_reports/2022-07-08-dated.md": post("title: C"),
    "_reports/own.md": post("title: D\ndate: 2022-03-04\npermalink: /an/own/:title/"),
    "_reports/hidden.md": post("title: E\ndate: 2022-03-04\npublished: false"),
    "_reports/slug.md": post("title: F\ndate: 2022-03-04\nslug: other"),
    "_reports/to-come.md": post("title: G\ndate: @3"),
    "_reports/page.html": post("title: H\ndate: 2022-03-04"),
    "_reports/a.pdf": PDF,
    "_reports/2022/b.pdf": PDF,
    "_notes/one.md": post("title: I\ndate: 2022-03-04"),
    "_inside/one.md": post("title: J\ndate: 2022-03-04"),
    "_inside/c.pdf": PDF,
    "_posts/2022-01-01-post.md": post("title: K"),
}
WRITTEN = {
    "_posts/2022-01-01-crlf.md": "---\r\ntitle: A\r\npermalink: /crlf/\r\n---\r\nWords.\r\n",
    "_posts/2022-01-02-bom.md": "\ufeff---\ntitle: B\npermalink: /bom/\n---\nWords.\n",
    "_posts/2022-01-03-tab.md": "---\ntitle:\tC\npermalink: /tab/\n---\nWords.\n",
    "_posts/2022-01-04-twice.md": post("title: D\npermalink: /one/\npermalink: /two/"),
    "_posts/2022-01-05-blanks.md": "---   \ntitle: E\npermalink: /blanks/\n---  \nWords.\n",
    "_posts/2022-01-06-dots.md": "---\ntitle: F\npermalink: /dots/\n...\nWords.\n",
    "_posts/2022-01-07-late.md": "\n---\ntitle: G\npermalink: /late/\n---\nWords.\n",
    "_posts/2022-01-08-empty.md": "---\n---\nWords.\n",
    "_posts/2022-01-09-open.md": "---\ntitle: I\npermalink: /open/\n---",
}
UNPUBLISHED = {
    **{
        f"_posts/2022-01-{day:02}-{day}.md": post(f"title: A\n{line}")
        for day, line in enumerate(
            (
                "published: no",
                "published: False",
                "published: 0",
                "published: off",
                "published: ~",
                "published: n",
            ),
            1,
        )
    },
    "_posts/2022-01-09-capital.md": post("title: B\nPublished: false"),
    "news/_drafts/idea.md": post("title: C"),
    "news/_drafts/deep/idea.md": post("title: D"),
    "news/_drafts/_posts/2022-01-11-draft.md": post("title: E"),
    "_drafts/_posts/2022-01-12-draft.md": post("title: F"),
    "_posts/2022-01-13-plain.md": post("title: G\nlayout: null"),
}
FOLDERS = "news news/deep press press/2022 talks/2022 a/b a/d x new newest dot lead trail typed".split()
GLOBS = """permalink: pretty
defaults:
  - {scope: {path: 'news/**', type: posts}, values: {permalink: '/all-below/:title/'}}
  - {scope: {path: 'press/*/_posts'}, values: {permalink: '/star/:title/'}}
  - {scope: {path: 'talks/20??'}, values: {permalink: '/marks/:title/'}}
  - {scope: {path: 'a/[bc]/_posts'}, values: {permalink: '/set/:title/'}}
  - {scope: {path: 'x/*.md'}, values: {permalink: '/ending/:title/'}}
  - {scope: {path: 'new'}, values: {permalink: '/start/:title/'}}
  - {scope: {path: './dot'}, values: {permalink: '/dot/:title/'}}
  - {scope: {path: '/lead'}, values: {permalink: '/lead-slash/:title/'}}
  - {scope: {path: 'trail/'}, values: {permalink: '/trail-slash/:title/'}}
  - {scope: {type: pages}, values: {permalink: '/pages/:title/'}}
  - {scope: {path: 'typed', type: post}, values: {permalink: '/typed/:title/'}}
"""


def below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    """The same files in a folder."""
    return {f"{folder}/{path}": content for path, content in files.items()}


SITES: dict[str, dict[str, str]] = {
    "no settings but a title": {"_config.yml": "title: T\n", **NAMES, **HIDDEN},
    "pretty, in Singapore": {
        "_config.yml": "timezone: Asia/Singapore\npermalink: pretty\n",
        **INSTANTS,
        **NAMES,
    },
    "none, in New York, with the future": {
        "_config.yml": "timezone: America/New_York\npermalink: none\nfuture: true\nbaseurl: /office\n",
        **INSTANTS,
    },
    "ordinal, unpublished shown": {
        "_config.yml": "permalink: ordinal\nunpublished: true\n",
        **NAMES,
        **HIDDEN,
    },
    "weekdate": {"_config.yml": "timezone: Asia/Kathmandu\npermalink: weekdate\n", **INSTANTS, **NAMES},
    "every placeholder": {
        "_config.yml": "timezone: UTC\npermalink: /:collection/:categories/:short_year/:short_month/:i_month/:long_day/"
        ":i_day/:w_year/:hour-:minute-:second/:slugified_categories/:slug:output_ext\n",
        **INSTANTS,
        **NAMES,
    },
    "defaults": {
        "_config.yml": "permalink: none\n"
        "defaults:\n"
        "  - {scope: {path: '', type: posts}, values: {permalink: '/all/:title/', categories: [c]}}\n"
        "  - {scope: {path: news}, values: {permalink: '/news/:year/:title:output_ext'}}\n"
        "  - {scope: {path: 'news/*/_posts'}, values: {permalink: '/star/:title/'}}\n"
        "  - {scope: {path: _attic}, values: {published: true}}\n"
        "  - {scope: {path: news/_posts/deeper}, values: {published: false}}\n"
        "  - {scope: {path: files/deep}, values: {published: false}}\n",
        **NAMES,
        **HIDDEN,
        "files/deep/a.pdf": PDF,
    },
    "exclude and include": {
        "_config.yml": "permalink: /:year/:title\n"
        "include: [_attic, .git, _files, files/_b.pdf]\n"
        "exclude: [news/press, '*.png', a file]\n",
        **NAMES,
        **HIDDEN,
    },
    "collections": {
        "_config.yml": "permalink: pretty\n"
        "collections:\n"
        "  reports: {output: true}\n"
        "  notes: {output: true, permalink: '/:collection/n/:year/:month/:name:output_ext'}\n"
        "  inside: {output: false}\n"
        "defaults: [{scope: {path: '', type: reports}, values: {categories: [r]}}]\n",
        **DOCUMENTS,
    },
    "collections in a folder of theirs": {
        "_config.yml": "collections_dir: content\n"
        "collections:\n"
        "  posts: {output: true, permalink: '/said/:year/:title'}\n"
        "  reports: {output: true, permalink: '/:collection:path'}\n"
        "  notes: {output: true}\n"
        "defaults: [{scope: {path: content/_notes, type: notes}, values: {permalink: '/x/:title/'}}]\n",
        **below("content", DOCUMENTS),
        "_posts/2022-01-02-outside.md": post("title: L"),
        "files/a.pdf": PDF,
    },
    "as editors type front matter": {"_config.yml": "permalink: pretty\n", **WRITTEN},
    "every way to say that it is not published": {"_config.yml": "permalink: pretty\n", **UNPUBLISHED},
    "defaults by patterns": {
        "_config.yml": GLOBS,
        **{
            f"{folder}/_posts/2022-01-01-{folder.replace('/', '-')}.md": post("title: A")
            for folder in FOLDERS
        },
    },
    "categories of folders and of front matter": {
        "_config.yml": "permalink: /:categories/:title/\n",
        "News/_posts/2022-01-01-a.md": post("title: A\ncategories: Other"),
        "news/Press/_posts/2022-01-02-b.md": post('title: B\ncategory: "Ships and Ports"'),
        "news/_posts/2022-01-03-c.md": post("title: C\ncategories: [News, news]"),
        "news/_posts/2022-01-04-d.md": post('title: D\ncategories: ""'),
        "news/_posts/2022-01-05-e.md": post('title: E\ncategories: [a/b, "c d"]'),
        "_posts/2022-01-06-f.md": post("title: F\ncategories: [2022, true]"),
        "_posts/2022-01-07-g.md": post("title: G\ncategory: é à\ncategories: x"),
        "a b/_posts/2022-01-08-h.md": post("title: H"),
    },
}
