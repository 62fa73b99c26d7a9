from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0026_flat_lists_of_the_desk'),
    ]

    operations = [
        migrations.AlterField(
            model_name='suggestion',
            name='event_kind',
            field=models.CharField(blank=True, choices=[('signature', 'Signature'), ('ratification', 'Ratification'), ('acceptance', 'Acceptance'), ('approval', 'Approval'), ('accession', 'Accession'), ('notification', 'Notification of completion'), ('provisional-application', 'Provisionally applied'), ('denunciation', 'Denunciation'), ('withdrawal', 'Withdrawal'), ('negotiations-launched', 'Negotiations launched'), ('concluded', 'Negotiations concluded'), ('initialled', 'Initialled'), ('signed', 'Signed'), ('approved', 'Approved'), ('entry-into-force', 'Entered into force'), ('registered', 'Registered'), ('amended', 'Amended'), ('suspended', 'Suspended'), ('terminated', 'Terminated'), ('superseded', 'Superseded')], help_text='Of an event of the agreement, or of what one of its parties did.', max_length=24),
        ),
    ]
