from django.db import migrations

LEAD = 80
FTS = "fts5(title, lead, words, tokenize=\"unicode61 categories 'L* N* M* Co'\")"
FIRST_WORDS = """
UPDATE releases_edition_words SET lead = COALESCE((
  SELECT string_agg(
    quote_literal(lexeme) || ':' || array_to_string(ARRAY(SELECT place FROM unnest(positions) place WHERE place <= %(lead)s), ','), ' '
  )::tsvector FROM unnest(words) WHERE positions[1] <= %(lead)s
), ''::tsvector)
"""


def add_lead(apps, editor):
    """The first words of an edition get a column of their own; FTS5 can only make a new table for it."""
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE releases_edition_words ADD COLUMN lead tsvector NOT NULL DEFAULT ''")
        editor.execute(FIRST_WORDS, {"lead": LEAD})
        editor.execute("CREATE INDEX releases_edition_words_lead ON releases_edition_words USING gin (lead)")
        return
    with editor.connection.cursor() as cursor:
        rows = cursor.execute("SELECT rowid, title, words FROM releases_edition_words").fetchall()
        cursor.execute("DROP TABLE releases_edition_words")
        cursor.execute(f"CREATE VIRTUAL TABLE releases_edition_words USING {FTS}")
        cursor.executemany(
            "INSERT INTO releases_edition_words (rowid, title, lead, words) VALUES (%s, %s, %s, %s)",
            [(row, title, " ".join(words.split()[:LEAD]), words) for row, title, words in rows],
        )


class Migration(migrations.Migration):
    dependencies = [("releases", "0009_remark_goes_with_its_draft")]
    operations = [migrations.RunPython(add_lead, migrations.RunPython.noop)]
