from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0019_comment'),
    ]

    operations = [
        migrations.AddField(
            model_name='ledgerentry',
            name='edition',
            field=models.BigIntegerField(db_index=True, editable=False, help_text='The key of an edition, which may be gone: no other gets the same. None before format 2.', null=True),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='format',
            field=models.PositiveSmallIntegerField(default=1, editable=False, help_text='Which facts the digest is of.'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='verb',
            field=models.CharField(choices=[('add', 'add'), ('approve', 'approve'), ('change', 'change'), ('clear', 'clear'), ('remark', 'remark'), ('delete', 'delete'), ('discard', 'discard'), ('draft', 'draft'), ('erase', 'erase'), ('grant', 'grant'), ('hand-over', 'hand-over'), ('import', 'import'), ('invite', 'invite'), ('leave', 'leave'), ('move', 'move'), ('password', 'password'), ('preview-link', 'preview-link'), ('preview-revoked', 'preview-revoked'), ('reject', 'reject'), ('removed', 'removed'), ('render', 'render'), ('reopen', 'reopen'), ('restore', 'restore'), ('save', 'save'), ('sign-out', 'sign-out'), ('site file', 'site file'), ('submit', 'submit'), ('suggestion', 'suggestion'), ('take', 'take'), ('take-back', 'take-back'), ('unschedule', 'unschedule'), ('withdrawn', 'withdrawn')], max_length=40),
        ),
    ]
