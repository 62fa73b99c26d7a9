from collections import defaultdict

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TOGETHER = 1000


def fill(apps, editor):
    """Everybody who wrote in an edition as it is now, by the ledger, and its author.

    An edition is found by its release and number. An earlier draft of the same number was discarded before the present
    one was begun: what is told of it ends with the last "draft".
    """
    Edition, Contributor = apps.get_model("releases", "Edition"), apps.get_model("releases", "EditionContributor")
    people = _writers(apps.get_model("releases", "LedgerEntry"))
    made = []
    for edition in Edition.objects.only("pk", "release_id", "number", "author_id").order_by("pk").iterator():
        found = set(people.get((edition.release_id, f"edition {edition.number}"), ()))
        found |= {edition.author_id} - {None}
        made += [Contributor(edition_id=edition.pk, user_id=user) for user in sorted(found)]
    Contributor.objects.bulk_create(made, batch_size=TOGETHER)


def _writers(entries):
    """{(release, "edition 2"): the people who wrote since that was last begun}."""
    people = defaultdict(set)
    told = entries.objects.filter(verb__in=("draft", "save"), release__isnull=False).order_by("pk")
    for release, subject, verb, actor in told.values_list("release", "subject", "verb", "actor").iterator():
        if verb == "draft":
            people[release, subject] = set()
        if actor:
            people[release, subject].add(actor)
    return people


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0020_ledger_edition'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EditionContributor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contributors', to='releases.edition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='editioncontributor',
            constraint=models.UniqueConstraint(fields=('edition', 'user'), name='one_contributor_a_person'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
