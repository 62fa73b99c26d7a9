"""What a reader sees of a rendered body, the numbers of its lists included."""

import re
from collections import Counter

from bs4 import BeautifulSoup


def visible_text(html):
    """The text in its order, blocks and cells apart."""
    soup = BeautifulSoup(html, "html.parser")
    for back in soup.select(".reversefootnote"):
        back.decompose()
    for ordered in soup.find_all("ol"):
        number = int(ordered.get("start", 1)) - 1
        for item in ordered.find_all("li", recursive=False):
            number = int(item.get("value", number + 1))
            item.insert(0, f"{number}. ")
    for block in soup.find_all(
        ["p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "br", "sup", "tr"]
    ):
        block.insert_before(" ")
        block.insert_after(" ")
    return soup.get_text()


def count_words(text):
    return Counter(re.findall(r"\w+", text.casefold()))
