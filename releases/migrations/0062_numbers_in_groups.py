from django.db import migrations

TABLES = ("releases_edition_words", "releases_page_words")


def forget_words(apps, editor):
    """The index is written anew once all migrations are through, with words as they are compared now."""
    for table in TABLES:
        editor.execute(f"DELETE FROM {table}")  # noqa: S608 (our own names)


class Migration(migrations.Migration):
    dependencies = [("releases", "0061_words_of_records")]
    operations = [migrations.RunPython(forget_words, migrations.RunPython.noop)]
