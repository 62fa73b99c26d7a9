import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("releases", "0032_consent")]

    operations = [
        migrations.RemoveField("signincount", "since"),
        migrations.AddField(
            "signincount",
            "until",
            models.DateTimeField(db_index=True, default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='verb',
            field=models.CharField(choices=[('add', 'add'), ('agree', 'agree'), ('approve', 'approve'), ('change', 'change'), ('clear', 'clear'), ('remark', 'remark'), ('confirm', 'confirm'), ('delete', 'delete'), ('derive', 'derive'), ('discard', 'discard'), ('draft', 'draft'), ('erase', 'erase'), ('grant', 'grant'), ('hand-over', 'hand-over'), ('import', 'import'), ('invite', 'invite'), ('keep', 'keep'), ('leave', 'leave'), ('move', 'move'), ('password', 'password'), ('preview-link', 'preview-link'), ('preview-revoked', 'preview-revoked'), ('propose', 'propose'), ('reject', 'reject'), ('removed', 'removed'), ('render', 'render'), ('reopen', 'reopen'), ('reschedule', 'reschedule'), ('reset-second-factor', 'reset-second-factor'), ('restore', 'restore'), ('save', 'save'), ('second-factor', 'second-factor'), ('sign-out', 'sign-out'), ('site file', 'site file'), ('submit', 'submit'), ('suggestion', 'suggestion'), ('take', 'take'), ('take-back', 'take-back'), ('unschedule', 'unschedule'), ('withdrawn', 'withdrawn')], max_length=40),
        ),
    ]
