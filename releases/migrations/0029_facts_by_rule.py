from django.conf import settings
from django.db import migrations, models

from releases.content.extraction.leads import cut_lead

BATCH = 500
KINDS = {
    'press': 'press-release', 'media release': 'press-release', 'news release': 'press-release', 'speech': 'speech',
    'parliament': 'parliamentary-reply', 'forum': 'forum-reply', 'repl': 'forum-reply', 'consultation': 'consultation',
    'newsletter': 'newsletter', 'factsheet': 'factsheet', 'statement': 'statement', 'announcement': 'notice',
    'advisor': 'notice', 'notice': 'notice', 'publication': 'publication', 'report': 'publication',
}
# What was shown until now stays: the kind of the section, the lead of the text. Both are found anew in imports
# that nobody has touched; what was approved here is frozen as it is.
FILL = """
UPDATE releases_edition SET digest_version = 1, kind = (
  SELECT s.kind FROM releases_release r JOIN releases_section s ON s.id = r.section_id WHERE r.id = release_id
), kind_rule = CASE WHEN state = 'approved' AND (origin <> 'import' OR lock_version > 0) THEN '' ELSE 'section 0' END,
lead_rule = CASE WHEN state = 'approved' AND (origin <> 'import' OR lock_version > 0) THEN '' ELSE 'lead 0' END
"""


def fill_columns(apps, editor):
    for section in apps.get_model('releases', 'Section').objects.all():
        words = section.release_label.lower()
        section.kind = next((kind for part, kind in KINDS.items() if part in words), 'release')
        section.save(update_fields=['kind'])
    editor.execute(FILL)
    editions = apps.get_model('releases', 'Edition').objects.filter(erased_at=None).only('title', 'body_html')
    keys = list(editions.order_by('pk').values_list('pk', flat=True))
    for start in range(0, len(keys), BATCH):
        for edition in editions.filter(pk__in=keys[start : start + BATCH]):
            if lead := cut_lead(edition.body_html, edition.title):
                editor.execute('UPDATE releases_edition SET lead_text = %s WHERE id = %s', [lead, edition.pk])
    if editor.connection.vendor == 'postgresql':  # it alters no table that a deferred trigger still waits for
        editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0028_release_form'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='digest_version',
            field=models.PositiveSmallIntegerField(default=2, editable=False),
        ),
        migrations.AddField(
            model_name='edition',
            name='issuers_rule',
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name='edition',
            name='kind',
            field=models.CharField(choices=[('press-release', 'Press release'), ('speech', 'Speech'), ('oral-reply', 'Oral parliamentary reply'), ('written-reply', 'Written parliamentary reply'), ('parliamentary-reply', 'Parliamentary reply'), ('forum-reply', 'Forum reply'), ('statement', 'Statement'), ('factsheet', 'Factsheet'), ('consultation', 'Public consultation'), ('notice', 'Notice'), ('newsletter', 'Newsletter'), ('publication', 'Publication'), ('release', 'Release')], default='release', max_length=20),
        ),
        migrations.AddField(
            model_name='edition',
            name='kind_rule',
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name='edition',
            name='lead_text',
            field=models.TextField(blank=True, editable=False, help_text='How the text begins, for lists without a summary.'),
        ),
        migrations.AddField(
            model_name='edition',
            name='lead_rule',
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name='section',
            name='kind',
            field=models.CharField(choices=[('press-release', 'Press release'), ('speech', 'Speech'), ('oral-reply', 'Oral parliamentary reply'), ('written-reply', 'Written parliamentary reply'), ('parliamentary-reply', 'Parliamentary reply'), ('forum-reply', 'Forum reply'), ('statement', 'Statement'), ('factsheet', 'Factsheet'), ('consultation', 'Public consultation'), ('notice', 'Notice'), ('newsletter', 'Newsletter'), ('publication', 'Publication'), ('release', 'Release')], default='release', help_text='What most of its releases are; what one says itself goes before.', max_length=20),
        ),
        migrations.RunPython(fill_columns, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='section',
            name='release_label',
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='verb',
            field=models.CharField(choices=[('add', 'add'), ('approve', 'approve'), ('change', 'change'), ('clear', 'clear'), ('remark', 'remark'), ('delete', 'delete'), ('derive', 'derive'), ('discard', 'discard'), ('draft', 'draft'), ('erase', 'erase'), ('grant', 'grant'), ('hand-over', 'hand-over'), ('import', 'import'), ('invite', 'invite'), ('leave', 'leave'), ('move', 'move'), ('password', 'password'), ('preview-link', 'preview-link'), ('preview-revoked', 'preview-revoked'), ('reject', 'reject'), ('removed', 'removed'), ('render', 'render'), ('reopen', 'reopen'), ('restore', 'restore'), ('save', 'save'), ('sign-out', 'sign-out'), ('site file', 'site file'), ('submit', 'submit'), ('suggestion', 'suggestion'), ('take', 'take'), ('take-back', 'take-back'), ('unschedule', 'unschedule'), ('withdrawn', 'withdrawn')], max_length=40),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(fields=['kind'], name='edition_kind'),
        ),
    ]
