"""Every rule of RFC 4287 (Atom), RFC 5005 (pages of a feed), JSON Feed 1.1 and the sitemap protocols that our
documents can break.

Each function returns the problems that it found, in words.
"""

import datetime as dt
import re
from collections import Counter
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
XML = "{http://www.w3.org/XML/1998/namespace}"
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
TAG = re.compile(r"tag:[a-z0-9][a-z0-9.-]*,\d{4}(-\d\d(-\d\d)?)?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
RELATIONS = {"alternate", "self", "enclosure", "related", "via", "first", "last", "previous", "next"}
# element: children that stand exactly once, at most once, any number of times; attributes
RULES = {
    "feed": (
        "id title updated",
        "generator icon logo rights subtitle",
        "author category contributor link entry",
        "",
    ),
    "entry": (
        "id title updated",
        "content published rights source summary",
        "author category contributor link",
        "",
    ),
    "author": ("name", "uri email", "", ""),
    "contributor": ("name", "uri email", "", ""),
    "link": ("", "", "", "href rel type hreflang title length"),
    "category": ("", "", "", "term scheme label"),
    **dict.fromkeys(("title", "subtitle", "summary", "rights"), ("", "", "", "type")),
    **dict.fromkeys(("id", "updated", "published", "name", "uri", "email", "icon", "logo"), ("", "", "", "")),
    "content": ("", "", "", "type src"),
    "generator": ("", "", "", "uri version"),
}


def atom_problems(document):
    root = ET.fromstring(document)
    if root.tag != f"{ATOM}feed":
        return [f"the root is {root.tag}"]
    problems = [problem for element in root.iter() for problem in _element(element)]
    entries = root.findall(f"{ATOM}entry")
    ids = Counter(entry.findtext(f"{ATOM}id") for entry in entries)
    problems += [f"two entries with the id {name}" for name, count in ids.items() if count > 1]
    for part in [root, *entries]:
        problems += _links(part)
    if root.find(f"{ATOM}author") is None:
        problems += ["an entry without author" for entry in entries if entry.find(f"{ATOM}author") is None]
    for entry in entries:
        alternate = [
            link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"
        ]
        if entry.find(f"{ATOM}content") is None and not alternate:
            problems.append("an entry without content and link")
    for rel in ("self", "first", "last", "previous", "next"):
        if sum(link.get("rel") == rel for link in root.findall(f"{ATOM}link")) > 1:
            problems.append(f"two links {rel}")
    return problems


def _element(element):
    name = element.tag.removeprefix(ATOM)
    if name not in RULES:
        return [f"an unknown element {element.tag}"]
    once, optional, repeated, attributes = (row.split() for row in RULES[name])
    children = Counter(child.tag.removeprefix(ATOM) for child in element)
    problems = [f"{name}: {children[child]} of {child}" for child in once if children[child] != 1]
    problems += [f"{name}: {children[child]} of {child}" for child in optional if children[child] > 1]
    problems += [f"{name}: holds {child}" for child in children if child not in [*once, *optional, *repeated]]
    allowed = {*attributes, f"{XML}lang", f"{XML}base"}
    problems += [f"{name}: attribute {key}" for key in element.attrib if key not in allowed]
    if f"{XML}lang" in element.attrib and not LANGUAGE.fullmatch(element.attrib[f"{XML}lang"]):
        problems.append(f"{name}: language {element.attrib[f'{XML}lang']}")
    return problems + _value(name, element)


def _value(name, element):
    text = element.text or ""
    match name:
        case "updated" | "published":
            right = is_instant(text)
        case "id" | "uri" | "icon" | "logo":
            right = IRI.fullmatch(text) and (not text.startswith("tag:") or TAG.fullmatch(text))
        case "email":
            right = re.fullmatch(r".+@.+", text)
        case "name":
            right = text.strip()
        case "title" | "subtitle" | "summary" | "rights":
            right = element.get("type", "text") in ("text", "html", "xhtml") and (
                name != "title" or text.strip()
            )
        case "category":
            right = element.get("term")
        case "link":
            right = _is_link(element)
        case _:
            right = True
    return [] if right else [f"{name}: {text or element.attrib}"]


def _is_link(element):
    rel = element.get("rel", "alternate")
    return (
        IRI.fullmatch(element.get("href", ""))
        and (rel in RELATIONS or IRI.fullmatch(rel))
        and MEDIA_TYPE.fullmatch(element.get("type", "text/html"))
        and LANGUAGE.fullmatch(element.get("hreflang", "en"))
        and element.get("length", "0").isdecimal()
        and (rel != "enclosure" or {"type", "length"} <= set(element.attrib))
    )


def _links(part):
    kinds = Counter(
        (link.get("type"), link.get("hreflang"))
        for link in part.findall(f"{ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    )
    return [f"two alternates {kind}" for kind, count in kinds.items() if count > 1]


def is_instant(text):
    """RFC 3339, with a date that exists."""
    try:
        return bool(INSTANT.fullmatch(text)) and dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


FEED_KEYS = {
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "description",
    "user_comment",
    "next_url",
    "icon",
    "favicon",
    "authors",
    "language",
    "expired",
    "hubs",
    "items",
}
ITEM_KEYS = {
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "authors",
    "tags",
    "language",
    "attachments",
}


def json_feed_problems(feed):
    problems = [f"key {key}" for key in feed if key not in FEED_KEYS and not key.startswith("_")]
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        problems.append(f"version {feed.get('version')}")
    if not feed.get("title") or not isinstance(feed.get("items"), list):
        problems.append("no title or no items")
    problems += [
        f"{key} {feed[key]}"
        for key in ("home_page_url", "feed_url", "next_url")
        if key in feed and not is_web(feed[key])
    ]
    if feed.get("next_url") == feed.get("feed_url"):
        problems.append("the next page is this one")
    if "language" in feed and not LANGUAGE.fullmatch(feed["language"]):
        problems.append(f"language {feed['language']}")
    ids = Counter(item.get("id") for item in feed.get("items", []))
    problems += [f"two items with the id {name}" for name, count in ids.items() if count > 1]
    return problems + [problem for item in feed.get("items", []) for problem in _item(item)]


def _item(item):
    problems = [f"item key {key}" for key in item if key not in ITEM_KEYS and not key.startswith("_")]
    if not isinstance(item.get("id"), str) or not item["id"]:
        problems.append("an item without id")
    if not {"content_html", "content_text"} & set(item):
        problems.append("an item without content")
    problems += [
        f"{key} {item[key]}"
        for key in ("url", "external_url", "image")
        if key in item and not is_web(item[key])
    ]
    problems += [
        f"{key} {item[key]}"
        for key in ("date_published", "date_modified")
        if key in item and not is_instant(item[key])
    ]
    if "language" in item and not LANGUAGE.fullmatch(item["language"]):
        problems.append(f"language {item['language']}")
    problems += [
        f"author {author}"
        for author in item.get("authors", [])
        if not {"name", "url", "avatar"} & set(author)
    ]
    problems += [f"tag {tag}" for tag in item.get("tags", []) if not isinstance(tag, str)]
    for attachment in item.get("attachments", []):
        whole = is_web(attachment.get("url", "")) and MEDIA_TYPE.fullmatch(attachment.get("mime_type", ""))
        if not whole or not isinstance(attachment.get("size_in_bytes", 0), int):
            problems.append(f"attachment {attachment}")
    return problems


def is_web(address):
    """An absolute web address, percent-encoded."""
    parts = urlsplit(address)
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and bool(IRI.fullmatch(address))
        and address.isascii()
    )


def sitemap_problems(document, *, host, now=None):
    """Of a sitemap, an index or (with `now`) a news sitemap."""
    root = ET.fromstring(document)
    child = {f"{SITEMAP}urlset": f"{SITEMAP}url", f"{SITEMAP}sitemapindex": f"{SITEMAP}sitemap"}.get(root.tag)
    if not child:
        return [f"the root is {root.tag}"]
    problems = [] if 1 <= len(root) <= (1_000 if now else 50_000) else [f"{len(root)} addresses"]
    problems += [f"holds {entry.tag}" for entry in root if entry.tag != child]
    places = Counter(entry.findtext(f"{SITEMAP}loc") for entry in root)
    problems += [f"{place} twice" for place, count in places.items() if count > 1]
    return problems + [problem for entry in root for problem in _address(entry, host, now)]


def _address(entry, host, now):
    tags = Counter(part.tag for part in entry)
    allowed = {
        f"{SITEMAP}loc",
        f"{SITEMAP}lastmod",
        f"{SITEMAP}changefreq",
        f"{SITEMAP}priority",
        f"{NEWS}news",
    }
    problems = [f"{tag} {count} times" for tag, count in tags.items() if tag not in allowed or count > 1]
    place, changed = entry.findtext(f"{SITEMAP}loc") or "", entry.findtext(f"{SITEMAP}lastmod")
    if not is_web(place) or urlsplit(place).hostname != host or not 12 <= len(place) < 2048:
        problems.append(f"loc {place}")
    if changed is not None and not is_instant(changed):
        problems.append(f"lastmod {changed}")
    for news in entry.findall(f"{NEWS}news"):
        problems += _news(news, now)
    return problems


def _news(news, now):
    names = [part.tag.removeprefix(NEWS) for part in news]
    publication = news.find(f"{NEWS}publication")
    problems = (
        [] if sorted(names) == ["publication", "publication_date", "title"] else [f"news holds {names}"]
    )
    if publication is None or [part.tag.removeprefix(NEWS) for part in publication] != ["name", "language"]:
        return [*problems, "publication"]
    language = publication.findtext(f"{NEWS}language") or ""
    if not re.fullmatch(r"[a-z]{2,3}|zh-cn|zh-tw", language) or language == "zh":
        problems.append(f"language {language}")
    published = news.findtext(f"{NEWS}publication_date") or ""
    if not is_instant(published) or now - dt.datetime.fromisoformat(published) > dt.timedelta(days=2):
        problems.append(f"publication_date {published}")
    return problems if news.findtext(f"{NEWS}title") else [*problems, "no title"]
