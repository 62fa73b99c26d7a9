
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0025_lists_of_the_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='edition',
            name='edition_live_from',
        ),
        migrations.RemoveIndex(
            model_name='edition',
            name='edition_waits',
        ),
        migrations.RemoveIndex(
            model_name='edition',
            name='edition_written_here',
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(condition=models.Q(('live_from__isnull', False)), fields=['live_from'], name='edition_live_from'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(condition=models.Q(('live_from__isnull', True)), fields=['state', 'updated_at'], name='edition_waits'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(condition=models.Q(('live_from__isnull', False)), fields=['origin', 'live_from'], name='edition_written_here'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(fields=['-updated_at', '-id'], name='edition_saved_last'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(fields=['-release_date', '-release'], name='edition_dated_last'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(fields=['language'], name='edition_language'),
        ),
    ]
