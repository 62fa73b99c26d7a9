import pytest

from releases.content.extraction import agreement_events, agreement_names, memoranda, release_agreements

CLAUSES = [
    *agreement_events.CLAUSES.values(),
    *agreement_names.CLAUSES,
    *memoranda.CLAUSES,
    *release_agreements.CLAUSES,
]


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.example)
def test_a_clause_finds_the_words_of_its_example(clause):
    before, _, rest = clause.example.partition("{")
    words, _, after = rest.partition("}")
    found = clause.pattern.search(before + words + after)
    assert found
    assert found[0] == words
