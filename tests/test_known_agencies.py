"""The agencies that `fixtures/agencies.json` brings along."""

import json
from pathlib import Path

from releases.content.extraction.bylines import Lexicon


def shipped():
    rows = json.loads((Path(__file__).parents[1] / "fixtures" / "agencies.json").read_text(encoding="utf-8"))
    agencies = {row["fields"]["slug"]: row["fields"] for row in rows if row["model"] == "releases.agency"}
    names = [row["fields"] for row in rows if row["model"] == "releases.agencyname"]
    return agencies, names


def test_no_two_shipped_agencies_share_a_name():
    agencies, names = shipped()
    spellings = {slug: [agency["acronym"], *agency["aliases"]] for slug, agency in agencies.items()}
    for name in names:
        spellings[name["agency"][0]] += [name["name"], name["acronym"]]
    lexicon = Lexicon.build(spellings.items())
    assert [name for name, key in lexicon.names.items() if not key] == []
    assert {name["agency"][0] for name in names} == set(agencies)


def test_shipped_parents_and_successors_exist_and_lead_to_an_end():
    agencies, _ = shipped()
    for relation in ("parent", "successor"):
        for slug in agencies:
            seen = {slug}
            while link := agencies[slug][relation]:
                slug = link[0]
                assert slug not in seen
                seen.add(slug)


def test_a_shipped_agency_shows_the_acronym_of_its_latest_name():
    agencies, names = shipped()
    latest = {}
    for name in sorted(names, key=lambda name: name["valid_from"] or ""):
        latest[name["agency"][0]] = name["acronym"]
    assert latest == {slug: agency["acronym"] for slug, agency in agencies.items()}


def test_shipped_hosts_belong_to_one_agency_each():
    agencies, _ = shipped()
    hosts = [host for agency in agencies.values() for host in agency["hosts"]]
    assert sorted(set(hosts)) == sorted(hosts)
    assert [host for host in hosts if host.startswith("www.") or host != host.lower()] == []
