"""Pages by the elements and roles that they hold, found by following the links of a newsroom."""

import re
from collections import deque
from urllib.parse import unquote

LINK = re.compile(r'<a\b[^<>]*?\shref="(/[^"?#]*)', re.DOTALL)
ELEMENT = re.compile(r'<([a-z][a-z0-9]*)\b(?:[^<>]*?\srole="([^"]*)")?')
OTHERS = ("/admin/", "/accounts/", "/language/", "/api/")


def crawl(client, start="/"):
    """{path of a page: what it holds}, without queries, in the order in which links lead to them."""
    waiting, seen, found = deque([start]), {start}, {}
    while waiting:
        path = waiting.popleft()
        response = client.get(path, follow=True)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        page = response.content.decode()
        found[path] = frozenset(ELEMENT.findall(page))
        for link in map(unquote, LINK.findall(page)):
            if link not in seen and not link.startswith(OTHERS):
                seen.add(link)
                waiting.append(link)
    return found


def choose_pages(found):
    """The first page of each set of elements and roles that is no part of another's."""
    first = {}
    for path, shape in found.items():
        first.setdefault(shape, path)
    return [path for shape, path in first.items() if not any(shape < other for other in first)]
