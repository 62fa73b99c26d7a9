"""All tables at once, for a new database; one that has begun with the sixty before takes the rest of those."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import django_countries.fields
from django.conf import settings
from django.db import migrations, models

TOKENS = "tokenize=\"unicode61 categories 'L* N* M* Co'\""
SQLITE = (
    f"CREATE VIRTUAL TABLE releases_edition_words USING fts5(title, lead, words, {TOKENS})",
    f"CREATE VIRTUAL TABLE releases_page_words USING fts5(words, {TOKENS})",
)
POSTGRESQL = (
    "CREATE TABLE releases_edition_words (rowid bigint PRIMARY KEY, title tsvector NOT NULL, words tsvector NOT NULL,"
    " lead tsvector NOT NULL DEFAULT '')",
    "CREATE TABLE releases_page_words (rowid bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX releases_edition_words_title ON releases_edition_words USING gin (title)",
    "CREATE INDEX releases_edition_words_words ON releases_edition_words USING gin (words)",
    "CREATE INDEX releases_edition_words_lead ON releases_edition_words USING gin (lead)",
    "CREATE INDEX releases_page_words_words ON releases_page_words USING gin (words)",
)


def make_tables_of_words(apps, editor):
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def drop_tables_of_words(apps, editor):
    for table in ("releases_edition_words", "releases_page_words"):
        editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('releases', '0001_initial'),
        ('releases', '0002_agreement_record'),
        ('releases', '0003_page_text'),
        ('releases', '0004_suggestion'),
        ('releases', '0005_suggestion_parties'),
        ('releases', '0006_desk'),
        ('releases', '0007_party_actions_become_public'),
        ('releases', '0008_release_opened'),
        ('releases', '0009_remark_goes_with_its_draft'),
        ('releases', '0010_lead_words'),
        ('releases', '0011_agreement_sources'),
        ('releases', '0012_annexes_still_to_come'),
        ('releases', '0013_presence'),
        ('releases', '0014_sign_in_count'),
        ('releases', '0015_agency_succeeded_on'),
        ('releases', '0016_names_of_fields'),
        ('releases', '0017_page_of_the_old_site'),
        ('releases', '0018_blob_stored_at'),
        ('releases', '0019_comment'),
        ('releases', '0020_ledger_edition'),
        ('releases', '0021_edition_contributor'),
        ('releases', '0022_session'),
        ('releases', '0023_edition_listed_newest_first'),
        ('releases', '0024_content_version'),
        ('releases', '0025_lists_of_the_desk'),
        ('releases', '0026_flat_lists_of_the_desk'),
        ('releases', '0027_party_actions_in_suggestions'),
        ('releases', '0028_release_form'),
        ('releases', '0029_facts_by_rule'),
        ('releases', '0030_worker'),
        ('releases', '0031_editions_of_records'),
        ('releases', '0032_consent'),
        ('releases', '0033_second_factor'),
        ('releases', '0034_second_administrator'),
        ('releases', '0035_mail'),
        ('releases', '0036_clock'),
        ('releases', '0037_virus_scan'),
        ('releases', '0038_words_in_one_spelling'),
        ('releases', '0039_pinned_release'),
        ('releases', '0040_embargo'),
        ('releases', '0041_newsroom'),
        ('releases', '0042_standing_texts'),
        ('releases', '0043_mail_kinds'),
        ('releases', '0044_synonyms'),
        ('releases', '0045_comments_assignees_and_originals'),
        ('releases', '0046_copies_of_pictures'),
        ('releases', '0047_address_mail'),
        ('releases', '0048_desk_words'),
        ('releases', '0049_colour_of_the_newsroom'),
        ('releases', '0050_release_date_is_set'),
        ('releases', '0051_pictures_of_the_newsroom'),
        ('releases', '0052_outside_links'),
        ('releases', '0053_autosave'),
        ('releases', '0054_reminders_and_copies'),
        ('releases', '0055_session_seen_at'),
        ('releases', '0056_release_date_is_confirmed'),
        ('releases', '0057_presence_by_what_is_typed'),
        ('releases', '0058_superusers_are_confirmed'),
        ('releases', '0059_issuers_in_doubt'),
        ('releases', '0060_words_as_people_type_them'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(make_tables_of_words, drop_tables_of_words),
        migrations.CreateModel(
            name='ContentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(editable=False, max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='HostTurn',
            fields=[
                ('host', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('user_id', models.BigIntegerField(db_index=True, null=True)),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SignInCount',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(default=0)),
                ('until', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='SitePage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=420, unique=True)),
                ('content', models.BinaryField()),
            ],
            options={
                'verbose_name': 'page of the old site',
                'verbose_name_plural': 'pages of the old site',
            },
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(help_text='Words or names that mean the same, with commas between them: e-scooter, personal mobility device, PMD.', max_length=500, unique=True)),
            ],
            options={
                'ordering': ['words'],
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('worker_id', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField()),
                ('clock_offset', models.FloatField(help_text="Seconds by which its machine's clock is ahead; none where nobody compared it.", null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('acronym', models.CharField(blank=True, max_length=40)),
                ('kind', models.CharField(choices=[('ministry', 'Ministry'), ('statutory-board', 'Statutory board'), ('department', 'Department'), ('organ-of-state', 'Organ of state'), ('court', 'Court'), ('company', 'Company'), ('university', 'University'), ('association', 'Association'), ('foreign', 'Foreign body'), ('other', 'Other')], default='other', max_length=20)),
                ('succeeded_on', models.DateField(blank=True, help_text='The first day on which its successor acts for it. Empty: as soon as the successor is named.', null=True)),
                ('hosts', models.JSONField(blank=True, default=list, help_text='Its web hosts without www, old ones included.', verbose_name='web hosts')),
                ('aliases', models.JSONField(blank=True, default=list, help_text='Other spellings of its name.', verbose_name='other names')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='releases.agency')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='releases.agency')),
            ],
            options={
                'verbose_name_plural': 'agencies',
                'ordering': ['slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('successor__isnull', True), models.Q(('successor', models.F('pk')), _negated=True), _connector='OR'), name='agency_not_its_own_successor'), models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('pk')), _negated=True), _connector='OR'), name='agency_not_its_own_parent')],
            },
        ),
        migrations.CreateModel(
            name='AgencyContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As readers see it: “Media relations”, or a person with their office.', max_length=200)),
                ('phone', models.CharField(blank=True, max_length=100)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('hours', models.CharField(blank=True, help_text='Monday to Friday, 9:00 to 18:00', max_length=200, verbose_name='when')),
                ('valid_from', models.DateField(blank=True, help_text='Readers do not see it before this day. Empty: at once.', null=True, verbose_name='from')),
                ('valid_until', models.DateField(blank=True, help_text='The last day. Empty: no end.', null=True, verbose_name='until')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='releases.agency')),
            ],
            options={
                'verbose_name': 'media contact',
                'ordering': ['agency', 'name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='contact_ends_after_it_begins', violation_error_message='It ends before it begins.'), models.CheckConstraint(condition=models.Q(models.Q(('phone', ''), _negated=True), models.Q(('email', ''), _negated=True), _connector='OR'), name='contact_can_be_reached', violation_error_message='Type a phone number or an email address.')],
            },
        ),
        migrations.CreateModel(
            name='AgencyName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('acronym', models.CharField(blank=True, max_length=40)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='releases.agency')),
            ],
            options={
                'ordering': ['agency', models.OrderBy(models.F('valid_from'), nulls_first=True)],
                'constraints': [models.UniqueConstraint(fields=('agency', 'valid_from'), name='one_name_an_agency_and_day'), models.UniqueConstraint(condition=models.Q(('valid_from__isnull', True)), fields=('agency',), name='one_first_name_an_agency')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('title', models.CharField(max_length=500)),
                ('short_title', models.CharField(blank=True, max_length=200)),
                ('acronyms', models.JSONField(blank=True, default=list, help_text='As a list: ["KSDPA"]')),
                ('former_titles', models.JSONField(blank=True, default=list, help_text='Former and other titles, as a list.')),
                ('instrument_type', models.CharField(choices=[('treaty', 'Treaty'), ('free-trade-agreement', 'Free trade agreement'), ('digital-economy-agreement', 'Digital economy agreement'), ('digital-partnership-agreement', 'Digital partnership agreement'), ('partnership-agreement', 'Partnership agreement'), ('protocol', 'Protocol'), ('amendment', 'Amendment'), ('exchange-of-notes', 'Exchange of notes'), ('memorandum-of-understanding', 'Memorandum of understanding'), ('joint-declaration', 'Joint declaration'), ('principles', 'Principles'), ('arrangement', 'Arrangement'), ('convention', 'Convention'), ('other', 'Other')], default='other', max_length=60)),
                ('binding', models.CharField(choices=[('binding', 'Binding'), ('non-binding', 'Not binding'), ('not-stated', 'Not stated')], default='not-stated', max_length=11)),
                ('summary', models.TextField(blank=True)),
                ('subjects', models.JSONField(blank=True, default=list)),
                ('contact', models.TextField(blank=True)),
                ('depositary', models.CharField(blank=True, max_length=200)),
                ('registration', models.CharField(blank=True, help_text='Body, number and date.', max_length=200)),
                ('duration', models.CharField(blank=True, help_text='How long it runs.', max_length=200)),
                ('renewal', models.CharField(blank=True, help_text='How it is renewed, and by when notice must be given.', max_length=300)),
                ('expires_on', models.DateField(blank=True, null=True)),
                ('source_url', models.URLField(blank=True, help_text='Where its facts can be checked.', max_length=500, verbose_name='source address')),
                ('lead_agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='releases.agency')),
            ],
            options={
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='SHA-256')),
                ('size', models.PositiveBigIntegerField(help_text='Bytes.')),
                ('media_type', models.CharField(help_text='By content, not by name.', max_length=120, verbose_name='type')),
                ('stored_at', models.DateTimeField(default=django.utils.timezone.now, help_text='When somebody last brought it.')),
                ('inspected_at', models.DateTimeField(blank=True, help_text='When the worker read it; empty: not yet.', null=True, verbose_name='read at')),
                ('pages', models.PositiveIntegerField(blank=True, null=True)),
                ('text', models.TextField(blank=True, help_text='Extracted text, pages separated by form feeds.')),
                ('tagged', models.BooleanField(blank=True, null=True)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('encrypted', models.BooleanField(blank=True, null=True)),
                ('thumbnail_width', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('thumbnail_height', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('picture_width', models.PositiveIntegerField(blank=True, null=True)),
                ('picture_height', models.PositiveIntegerField(blank=True, null=True)),
                ('copy_widths', models.CharField(blank=True, help_text='Of a picture: how wide its smaller copies are, in pixels.', max_length=40)),
                ('scan', models.CharField(blank=True, choices=[('', 'not asked for'), ('waiting', 'Waiting'), ('clean', 'Clean'), ('infected', 'Infected')], default='', max_length=10, verbose_name='virus scan')),
                ('scan_finding', models.CharField(blank=True, help_text='What the virus scanner found, or why it gave no answer.', max_length=300)),
                ('problem', models.CharField(blank=True, help_text='Why it could not be read.', max_length=300)),
            ],
            options={
                'verbose_name': 'stored file',
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='blob_sha256_is_hex')],
            },
        ),
        migrations.CreateModel(
            name='AgreementText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('authentic', 'Authentic text'), ('copy', 'Certified true copy'), ('consolidated', 'Consolidated text'), ('translation', 'Courtesy translation'), ('summary', 'Summary'), ('side-letter', 'Side letter')], default='authentic', max_length=12)),
                ('language', models.CharField(default='en', max_length=35)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='releases.agreement')),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreement_texts', to='releases.blob')),
            ],
            options={
                'ordering': ['kind', 'language'],
            },
        ),
        migrations.CreateModel(
            name='Boilerplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='“About the Ministry of …”', max_length=200, verbose_name='heading')),
                ('text', models.TextField(help_text='Markdown, as in a release.')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='boilerplates', to='releases.agency')),
            ],
            options={
                'verbose_name': 'closing text',
                'ordering': ['agency', 'title', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'title'), name='one_boilerplate_a_heading')],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts', models.DateField()),
                ('ends', models.DateField(help_text='The last day.')),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deputations', to=settings.AUTH_USER_MODEL)),
                ('principal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delegations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['starts', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__gte', models.F('starts'))), name='delegation_ends_last'), models.CheckConstraint(condition=models.Q(('deputy', models.F('principal')), _negated=True), name='delegation_is_to_others')],
            },
        ),
        migrations.CreateModel(
            name='MailPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('waiting', 'Something waits for you'), ('sent-back', 'Your draft was sent back'), ('clearance-void', "Your agency's clearance is needed again"), ('comment', 'A colleague commented or replied'), ('published', 'A release that you worked on was published'), ('check-failed', 'Something stands in the way of an embargo'), ('notice', 'What others did with releases of your agency')], max_length=14)),
                ('frequency', models.CharField(choices=[('daily', 'Once a day'), ('never', 'Never')], max_length=5)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail_preferences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='one_preference_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('writer', 'Writer'), ('approver', 'Approver'), ('administrator', 'Administrator')], max_length=13)),
                ('urgent', models.BooleanField(default=False, help_text='Without a second person; a reason is recorded.', verbose_name='may publish urgently')),
                ('is_waiting', models.BooleanField(default=False, editable=False, help_text='It counts once a second administrator confirms it.')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='releases.agency')),
                ('confirmed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['user', 'agency', 'role'],
                'constraints': [models.UniqueConstraint(fields=('user', 'agency', 'role'), name='one_role_once'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(models.Q(('confirmed_by', models.F('given_by')), _negated=True), models.Q(('confirmed_by', models.F('user')), _negated=True), ('is_waiting', False)), _connector='OR'), name='role_confirmed_by_a_second_person')],
            },
        ),
        migrations.CreateModel(
            name='Newsroom',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, help_text='At the top of every page. Empty: the name that your operator set.', max_length=80)),
                ('line', models.CharField(blank=True, help_text='On the home page, and where it is shared.', max_length=200, verbose_name='one line about it')),
                ('colour', models.CharField(blank=True, help_text="Of links, buttons and the line at the top, such as #0a4a8f. One that can't be read is refused.", max_length=7)),
                ('logo_says_name', models.BooleanField(default=True, help_text='If not, it is written beside the logo.', verbose_name='the name stands in the logo')),
                ('email', models.EmailField(blank=True, help_text='Readers write to it for a file in another format, where the agency has no address of its own.', max_length=254, verbose_name='email address')),
                ('phone', models.CharField(blank=True, help_text='As readers should dial it: +65 6123 4567.', max_length=40)),
                ('security_contact', models.CharField(blank=True, help_text='An email address, or a page that begins with https://. It is told in /.well-known/security.txt.', max_length=400, verbose_name='where to report a hole in security')),
                ('about', models.TextField(blank=True, help_text='The page About, in Markdown. Empty: there is no such page.')),
                ('contact', models.TextField(blank=True, help_text='More for the page Contact, in Markdown: opening hours, a postal address, whom the media call.')),
                ('privacy', models.TextField(blank=True, help_text='The page Privacy, in Markdown. Empty: there is no such page.')),
                ('terms', models.TextField(blank=True, help_text='The page Terms of use, in Markdown: may others reuse what you publish?', verbose_name='terms of use')),
                ('licence', models.CharField(blank=True, help_text='Its name, at the foot of every page and in the data.', max_length=120)),
                ('licence_url', models.URLField(blank=True, max_length=400, verbose_name='address of the licence')),
                ('official_note', models.CharField(blank=True, help_text='Above every page, such as: An official website of the Government of Atlantis.', max_length=200, verbose_name='note that the site is official')),
                ('footer_links', models.TextField(blank=True, help_text='One a line: the words, then the address. Careers https://careers.example.gov', verbose_name='links at the foot of every page')),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='logos', to='releases.blob')),
                ('logo_dark', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dark_logos', to='releases.blob')),
                ('social_picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='social_pictures', to='releases.blob')),
            ],
            options={
                'verbose_name': 'newsroom',
                'verbose_name_plural': 'newsroom',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_newsroom')],
            },
        ),
        migrations.CreateModel(
            name='PageText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages_text', to='releases.blob')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('blob', 'number'), name='one_text_a_page')],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('kind', models.CharField(choices=[('state', 'State'), ('organisation', 'Organisation'), ('agency', 'Agency')], default='state', max_length=12)),
                ('country', django_countries.fields.CountryField(blank=True, help_text='Of a foreign agency: its state.', max_length=2)),
                ('name', models.CharField(blank=True, help_text='Empty for a state under its usual name, and for a known agency.', max_length=200)),
                ('agency', models.ForeignKey(blank=True, help_text='An agency that is known here; it is shown under its name of the day of signing.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='releases.agency')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='releases.agreement')),
            ],
            options={
                'verbose_name_plural': 'parties',
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('agency__isnull', True)), fields=('agreement', 'kind', 'country', 'name'), name='a_party_once'), models.UniqueConstraint(fields=('agreement', 'agency'), name='an_agency_once'), models.CheckConstraint(condition=models.Q(('agency__isnull', True), ('country', ''), ('name', ''), _negated=True), name='party_is_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='presence', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('implements', 'Implements'), ('amends', 'Amends'), ('supersedes', 'Supersedes'), ('related', 'Related to')], max_length=10)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='releases.agreement')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='related_by', to='releases.agreement')),
            ],
            options={
                'ordering': ['kind', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('agreement', 'kind', 'other'), name='one_relation_a_pair'), models.CheckConstraint(condition=models.Q(('agreement', models.F('other')), _negated=True), name='no_relation_to_itself')],
            },
        ),
        migrations.CreateModel(
            name='SecondFactorReset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('is_done', models.BooleanField(default=False)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='second_factor_resets', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['asked_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_by__isnull', True)), fields=('user',), name='one_reset_stands'), models.CheckConstraint(condition=models.Q(('is_done', False), models.Q(('ended_by__isnull', False), models.Q(('ended_by', models.F('asked_by')), _negated=True), models.Q(('ended_by', models.F('user')), _negated=True)), _connector='OR'), name='reset_done_by_a_second_person'), models.CheckConstraint(condition=models.Q(('asked_by', models.F('user')), _negated=True), name='reset_asked_by_another'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='reset_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('folder', models.CharField(help_text='The folder of its posts, without _posts.', max_length=400, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('press-release', 'Press release'), ('speech', 'Speech'), ('oral-reply', 'Oral parliamentary reply'), ('written-reply', 'Written parliamentary reply'), ('parliamentary-reply', 'Parliamentary reply'), ('forum-reply', 'Forum reply'), ('statement', 'Statement'), ('factsheet', 'Factsheet'), ('consultation', 'Public consultation'), ('notice', 'Notice'), ('newsletter', 'Newsletter'), ('publication', 'Publication'), ('release', 'Release')], default='release', help_text='What most of its releases are; what one says itself goes before.', max_length=20)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='releases.section')),
            ],
            options={
                'ordering': ['folder'],
            },
        ),
        migrations.CreateModel(
            name='Signatory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(max_length=200)),
                ('office', models.CharField(blank=True, max_length=300)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatories', to='releases.agreement')),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='signatories', to='releases.party')),
            ],
            options={
                'verbose_name_plural': 'signatories',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SuperuserGrant',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='superuser_grant', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('is_waiting', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField(help_text='When it was given, and once it counts, since when.')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-changed_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(models.Q(('confirmed_by', models.F('given_by')), _negated=True), models.Q(('confirmed_by', models.F('user')), _negated=True), ('is_waiting', False)), _connector='OR'), name='superuser_confirmed_by_a_second_person')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('text', 'Release'), ('file', 'PDF only'), ('link', 'Link to another site')], default='text', max_length=4)),
                ('translation_group', models.UUIDField(db_index=True, default=uuid.uuid4, help_text='Shared by its translations.')),
                ('pinned_until', models.DateTimeField(blank=True, help_text='Until then it stands first on the home page. Empty: where its date puts it.', null=True, verbose_name='in focus until')),
                ('original_digest', models.CharField(blank=True, editable=False, help_text='Of the text that was translated.', max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='begun')),
                ('opened', models.UUIDField(editable=False, help_text='The form that it was typed in, which makes one release only.', null=True, unique=True)),
                ('assignee', models.ForeignKey(blank=True, help_text='Who sees to it. Readers are never told.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='assigned_releases', to=settings.AUTH_USER_MODEL)),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='releases.section')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('pinned_until__isnull', False)), fields=['pinned_until'], name='release_pinned')],
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=1000)),
                ('path_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('folded_digest', models.CharField(db_index=True, editable=False, max_length=64)),
                ('kind', models.CharField(choices=[('release', 'Release'), ('section', 'Section'), ('file', 'File'), ('redirect', 'Redirect')], max_length=10)),
                ('source_path', models.CharField(blank=True, help_text='Where the file lay in its old site, if elsewhere than its path.', max_length=1000)),
                ('release', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='releases.release')),
                ('section', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='address', to='releases.section')),
            ],
            options={
                'verbose_name_plural': 'addresses',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'release'), ('release__isnull', False), ('section__isnull', True)), models.Q(('kind', 'section'), ('release__isnull', True), ('section__isnull', False)), models.Q(('kind__in', ['file', 'redirect']), ('release__isnull', True), ('section__isnull', True)), _connector='OR'), name='address_owner_fits_kind'), models.CheckConstraint(condition=models.Q(('path__startswith', '/')), name='address_starts_with_slash')],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=500)),
                ('summary', models.TextField(blank=True)),
                ('release_date', models.DateField()),
                ('release_date_is_set', models.BooleanField(default=True, editable=False, help_text='Whether somebody set the date on purpose; else it is the day of publication.')),
                ('release_date_is_confirmed', models.BooleanField(default=False, help_text='The page may say another day than that of its publication.')),
                ('body', models.TextField(blank=True, help_text='Markdown as typed.')),
                ('body_html', models.TextField(blank=True, editable=False)),
                ('renderer_version', models.PositiveIntegerField(default=0, editable=False)),
                ('link_url', models.CharField(blank=True, help_text='Where a link-only release leads.', max_length=2000, verbose_name='link')),
                ('language', models.CharField(default='en', max_length=35)),
                ('kind', models.CharField(choices=[('press-release', 'Press release'), ('speech', 'Speech'), ('oral-reply', 'Oral parliamentary reply'), ('written-reply', 'Written parliamentary reply'), ('parliamentary-reply', 'Parliamentary reply'), ('forum-reply', 'Forum reply'), ('statement', 'Statement'), ('factsheet', 'Factsheet'), ('consultation', 'Public consultation'), ('notice', 'Notice'), ('newsletter', 'Newsletter'), ('publication', 'Publication'), ('release', 'Release')], default='release', max_length=20)),
                ('kind_rule', models.CharField(blank=True, editable=False, max_length=40)),
                ('lead_text', models.TextField(blank=True, editable=False, help_text='How the text begins, for lists without a summary.')),
                ('lead_rule', models.CharField(blank=True, editable=False, max_length=40)),
                ('issuers_rule', models.CharField(blank=True, editable=False, max_length=40)),
                ('contacts', models.TextField(blank=True)),
                ('awaited', models.TextField(blank=True, help_text='One per line, until its file is attached.', verbose_name='annexes not yet attached')),
                ('embargo', models.TextField(blank=True, help_text='The words of the embargo in the text that was brought here.')),
                ('embargo_is_confirmed', models.BooleanField(default=False, verbose_name='“Publish at” keeps the embargo')),
                ('change_note', models.TextField(blank=True)),
                ('change_class', models.CharField(blank=True, choices=[('correction', 'Correction'), ('update', 'Update'), ('typography', 'Typing error')], max_length=10)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'For approval'), ('approved', 'Approved'), ('rejected', 'Sent back')], default='draft', max_length=9)),
                ('origin', models.CharField(choices=[('desk', 'Written here'), ('import', 'Imported'), ('record', 'Written in another newsroom')], default='desk', max_length=6)),
                ('wanted_from', models.DateTimeField(blank=True, help_text='When the author wants it public; empty: once approved.', null=True, verbose_name='publish at')),
                ('rejection', models.TextField(blank=True, help_text='Why it was sent back.')),
                ('urgent_reason', models.TextField(blank=True, help_text='Why it was published without a second person.')),
                ('digest', models.CharField(blank=True, help_text='What was approved: SHA-256 of its canonical form.', max_length=64)),
                ('live_from', models.DateTimeField(blank=True, null=True, verbose_name='public from')),
                ('live_until', models.DateTimeField(blank=True, null=True, verbose_name='public until')),
                ('first_live_at', models.DateTimeField(blank=True, help_text='When the release first went live.', null=True)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('digest_version', models.PositiveSmallIntegerField(default=2, editable=False)),
                ('lock_version', models.PositiveIntegerField(default=0, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='releases.address')),
                ('agreements', models.ManyToManyField(blank=True, related_name='editions', to='releases.agreement')),
                ('approver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('based_on', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='releases.edition')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='releases.release')),
            ],
            options={
                'ordering': ['release_id', 'number'],
                'indexes': [models.Index(condition=models.Q(('state', 'approved')), fields=['-release_date', '-first_live_at', '-release', 'live_from', 'live_until', 'erased_at', 'state', 'id'], name='edition_listed_newest_first'), models.Index(condition=models.Q(('live_from__isnull', False)), fields=['live_from'], name='edition_live_from'), models.Index(condition=models.Q(('live_from__isnull', True)), fields=['state', 'updated_at'], name='edition_waits'), models.Index(condition=models.Q(('live_from__isnull', False)), fields=['origin', 'live_from'], name='edition_written_here'), models.Index(fields=['-updated_at', '-id'], name='edition_saved_last'), models.Index(fields=['-release_date', '-release'], name='edition_dated_last'), models.Index(fields=['language'], name='edition_language'), models.Index(fields=['kind'], name='edition_kind'), models.Index(condition=models.Q(('live_until__isnull', False)), fields=['live_until'], name='edition_live_until')],
                'constraints': [models.UniqueConstraint(fields=('release', 'number'), name='one_edition_a_number'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'approved', 'rejected'])), name='edition_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('first_live_at__isnull', False), ('live_from__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('first_live_at__isnull', True), ('live_from__isnull', True), ('live_until__isnull', True)), _connector='OR'), name='approved_means_live_from'), models.CheckConstraint(condition=models.Q(('live_until__isnull', True), ('live_until__gt', models.F('live_from')), _connector='OR'), name='live_until_after_live_from'), models.CheckConstraint(condition=models.Q(('origin__in', ['import', 'record']), models.Q(('state', 'approved'), _negated=True), models.Q(('approver__isnull', False), models.Q(('author__isnull', True), models.Q(('author', models.F('approver')), _negated=True), models.Q(('urgent_reason', ''), _negated=True), _connector='OR')), _connector='OR'), name='approved_by_a_second_person'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('digest', ''), _negated=True), _connector='OR'), name='approved_means_digest')],
            },
        ),
        migrations.CreateModel(
            name='LinkReading',
            fields=[
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='link_reading', serialize=False, to='releases.edition')),
                ('read_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='OutsideLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=2500)),
                ('key', models.CharField(db_index=True, help_text='SHA-256 of the address.', max_length=64)),
                ('is_asked_for', models.BooleanField(default=False, help_text='Somebody wants it checked now.')),
                ('checked_at', models.DateTimeField(null=True)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('trouble', models.CharField(blank=True, choices=[('no-host', 'there is no host of that name'), ('not-public', 'it leads into a network that is not public'), ('silent', 'it gave no answer'), ('certificate', 'its certificate is not valid'), ('far', 'it leads on to other addresses more than three times'), ('unasked', 'addresses of this form are not asked')], max_length=11)),
                ('failing_since', models.DateTimeField(null=True)),
                ('reading', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='releases.linkreading')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['checked_at'], name='outside_link_checked'), models.Index(condition=models.Q(('is_asked_for', True)), fields=['is_asked_for'], name='outside_link_asked'), models.Index(condition=models.Q(('failing_since__isnull', False)), fields=['failing_since'], name='outside_link_failing')],
                'constraints': [models.UniqueConstraint(fields=('reading', 'key'), name='one_link_a_text')],
            },
        ),
        migrations.CreateModel(
            name='CommentReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='releases.edition')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'user'), name='one_reading_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Clearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('given_at', models.DateTimeField()),
                ('shown_from', models.DateTimeField(blank=True, help_text='The instant of publication that was shown; empty: once approved.', null=True)),
                ('note', models.TextField(blank=True, help_text='Who agreed and how, where the agency has no approver in this newsroom.')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='releases.agency')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clearances', to='releases.edition')),
            ],
            options={
                'ordering': ['given_at'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'agency'), name='one_clearance_an_agency')],
            },
        ),
        migrations.CreateModel(
            name='Autosave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form_token', models.UUIDField(help_text='Of the form that it was typed in.')),
                ('values', models.TextField(help_text='The names and values of the fields, as JSON.')),
                ('typed_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='autosaves', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(blank=True, help_text='Empty: the form of a new release.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='releases.edition')),
            ],
            options={
                'indexes': [models.Index(fields=['typed_at'], name='autosave_by_age')],
                'constraints': [models.UniqueConstraint(fields=('user', 'form_token'), name='one_autosave_a_form')],
            },
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('hour', 'hour'), ('minutes', 'minutes'), ('published', 'published'), ('reminder', 'reminder')], max_length=9)),
                ('instant', models.DateTimeField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='releases.edition')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'kind', 'instant'), name='one_announcement')],
            },
        ),
        migrations.CreateModel(
            name='Annex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('label', models.CharField(blank=True, help_text='"Annex A"', max_length=80)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annexes', to='releases.address')),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='annexes', to='releases.blob')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='annexes', to='releases.edition')),
            ],
            options={
                'verbose_name_plural': 'annexes',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'position'), name='one_annex_a_position'), models.UniqueConstraint(fields=('edition', 'address'), name='an_annex_is_listed_once'), models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='annex_position_from_one'), models.CheckConstraint(condition=models.Q(('label', ''), ('title', ''), _negated=True), name='annex_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='EditionContributor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contributors', to='releases.edition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'user'), name='one_contributor_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Illustration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alt_text', models.TextField(blank=True)),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='illustrations', to='releases.address')),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='illustrations', to='releases.blob')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='illustrations', to='releases.edition')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'address'), name='an_illustration_is_listed_once')],
            },
        ),
        migrations.CreateModel(
            name='Issuer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('acronym', models.CharField(blank=True, max_length=40)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issued', to='releases.agency')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='issuers', to='releases.edition')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'position'), name='one_issuer_a_position'), models.UniqueConstraint(fields=('edition', 'agency'), name='an_agency_issues_once'), models.CheckConstraint(condition=models.Q(('position__gte', 1)), name='issuer_position_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='releases.agency')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='releases.edition')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['agency', '-at'], name='notice_of_an_agency')],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('waiting', 'Something waits for you'), ('sent-back', 'Your draft was sent back'), ('clearance-void', "Your agency's clearance is needed again"), ('comment', 'A colleague commented or replied'), ('published', 'A release that you worked on was published'), ('check-failed', 'Something stands in the way of an embargo'), ('notice', 'What others did with releases of your agency'), ('invitation', 'Invitation'), ('password', 'New password'), ('address', 'Address to confirm'), ('second-factor', 'Second factor taken off'), ('superuser', 'Somebody may do everything'), ('digest', 'Daily summary')], max_length=14)),
                ('why', models.CharField(blank=True, choices=[('text', 'The text, the issuers or the files changed.'), ('time', 'It is now to be published earlier than the time that was cleared.'), ('hour', 'There is one hour left.'), ('minutes', 'There are ten minutes left.'), ('again', 'A colleague reminds you of it.')], max_length=7)),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Of its Message-ID: the same at each attempt.', unique=True)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='When it is tried next.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('given_up_at', models.DateTimeField(blank=True, null=True)),
                ('problem', models.CharField(blank=True, help_text='Why the last attempt failed.', max_length=300)),
                ('digest', models.ForeignKey(blank=True, help_text='The daily summary that it is a part of.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='releases.mail')),
                ('edition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='releases.edition')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='releases.notice')),
            ],
            options={
                'verbose_name': 'email',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('digest__isnull', True), ('given_up_at__isnull', True), ('sent_at__isnull', True)), fields=['due_at'], name='mail_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('given_up_at__isnull', True), _connector='OR'), name='mail_ends_once'), models.CheckConstraint(condition=models.Q(('kind', 'notice'), ('notice__isnull', True), _connector='OR'), name='mail_tells_of_a_notice')],
            },
        ),
        migrations.CreateModel(
            name='PastIssuer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('led', models.BooleanField(default=False, help_text='Whether it was the lead at such a state.')),
                ('imported', models.BooleanField(default=False, help_text='Whether only an import ever named it, and it cleared nothing of the release so far.')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='releases.agency')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='past_issuers', to='releases.edition')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'agency'), name='one_past_issuer_an_agency')],
            },
        ),
        migrations.CreateModel(
            name='PreviewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.CharField(help_text='Who gets it: one person, by name.', max_length=200)),
                ('token_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('may_comment', models.BooleanField(default=False, help_text='Lets this person write a comment or note consent.')),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preview_links', to='releases.edition')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField(blank=True)),
                ('consents', models.BooleanField(default=False)),
                ('digest', models.CharField(blank=True, help_text='Of what was seen.', max_length=64)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reply_to', models.ForeignKey(blank=True, help_text='Empty: to nobody.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='releases.comment')),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='releases.edition')),
                ('link', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='comments', to='releases.previewlink')),
            ],
            options={
                'db_table': 'releases_remark',
                'ordering': ['at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('consents', True), _connector='OR'), name='comment_says_something'), models.CheckConstraint(condition=models.Q(('author__isnull', False), ('link__isnull', False), _connector='OR'), name='comment_is_somebodys')],
            },
        ),
        migrations.CreateModel(
            name='PreviewVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('what', models.CharField(blank=True, help_text='The file; empty for the page.', max_length=1000)),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='releases.previewlink')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Redirect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(blank=True, help_text='A path or an https address. Leave empty if the page is gone for good (410).', max_length=2000)),
                ('valid_from', models.DateTimeField()),
                ('origin', models.CharField(choices=[('desk', 'Written here'), ('import', 'Imported')], default='desk', max_length=6)),
                ('address', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='redirect', to='releases.address')),
                ('agency', models.ForeignKey(blank=True, editable=False, help_text='For which it was written here: its administrators may change it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='releases.agency')),
                ('release', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='redirects', to='releases.release')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('release__isnull', True), ('target', ''), _connector='OR'), name='redirect_has_one_target'), models.CheckConstraint(condition=models.Q(('target', ''), models.Q(('target__startswith', '/'), models.Q(('target__startswith', '//'), _negated=True)), ('target__startswith', 'https://'), ('target__startswith', 'http://'), _connector='OR'), name='redirect_target_is_a_path_or_site')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('remove', 'Remove'), ('erase', 'Permanently erase (legal order)')], max_length=6)),
                ('reason', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('is_done', models.BooleanField(default=False)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='releases.release')),
            ],
            options={
                'ordering': ['made_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_by__isnull', True)), fields=('release', 'verb'), name='one_proposal_stands'), models.CheckConstraint(condition=models.Q(('is_done', False), models.Q(('ended_by__isnull', False), models.Q(('ended_by', models.F('made_by')), _negated=True)), _connector='OR'), name='proposal_done_by_a_second_person'), models.CheckConstraint(condition=models.Q(('verb__in', ['remove', 'erase'])), name='proposal_verb_is_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='proposal_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='PartyAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, help_text='Where no release reports it: the register, series or page that does.', max_length=300)),
                ('source_url', models.URLField(blank=True, help_text='The address of that source.', max_length=500, verbose_name='source address')),
                ('kind', models.CharField(choices=[('signature', 'Signature'), ('ratification', 'Ratification'), ('acceptance', 'Acceptance'), ('approval', 'Approval'), ('accession', 'Accession'), ('notification', 'Notification of completion'), ('provisional-application', 'Provisional application'), ('denunciation', 'Denunciation'), ('withdrawal', 'Withdrawal')], max_length=24)),
                ('action_on', models.DateField(help_text='When it signed, ratified, acceded …', verbose_name='done on')),
                ('effective_on', models.DateField(blank=True, help_text='From when that counts.', null=True, verbose_name='counts from')),
                ('statement', models.TextField(blank=True, help_text='Declaration or reservation.')),
                ('public_from', models.DateTimeField(blank=True, help_text='When it is public without a release. Leave both empty to keep it hidden.', null=True)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='releases.party')),
                ('release', models.ForeignKey(blank=True, help_text='The release that tells of it; the action becomes public with it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='party_actions', to='releases.release')),
            ],
            options={
                'ordering': ['action_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='releases.agreement')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='releases.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agreement', 'release'), name='one_mention_a_release')],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('edition', models.BigIntegerField(db_index=True, editable=False, help_text='The key of an edition, which may be gone: no other gets the same. None before format 2.', null=True)),
                ('verb', models.CharField(choices=[('add', 'add'), ('agree', 'agree'), ('approve', 'approve'), ('assign', 'assign'), ('change', 'change'), ('clear', 'clear'), ('remark', 'remark'), ('confirm', 'confirm'), ('delegate', 'delegate'), ('delete', 'delete'), ('derive', 'derive'), ('discard', 'discard'), ('draft', 'draft'), ('duplicate', 'duplicate'), ('erase', 'erase'), ('grant', 'grant'), ('hand-over', 'hand-over'), ('import', 'import'), ('invite', 'invite'), ('keep', 'keep'), ('leave', 'leave'), ('ask-links', 'ask-links'), ('move', 'move'), ('password', 'password'), ('preview-link', 'preview-link'), ('preview-revoked', 'preview-revoked'), ('propose', 'propose'), ('reject', 'reject'), ('removed', 'removed'), ('render', 'render'), ('reopen', 'reopen'), ('reschedule', 'reschedule'), ('reset-second-factor', 'reset-second-factor'), ('restore', 'restore'), ('save', 'save'), ('second-factor', 'second-factor'), ('sign-out', 'sign-out'), ('site file', 'site file'), ('submit', 'submit'), ('suggestion', 'suggestion'), ('take', 'take'), ('take-back', 'take-back'), ('unschedule', 'unschedule'), ('withdrawn', 'withdrawn')], max_length=40)),
                ('subject', models.CharField(blank=True, max_length=1000)),
                ('before', models.CharField(blank=True, max_length=64)),
                ('after', models.CharField(blank=True, max_length=64)),
                ('note', models.JSONField(blank=True, default=dict)),
                ('format', models.PositiveSmallIntegerField(editable=False, help_text='Which facts the digest is of.')),
                ('previous', models.CharField(max_length=64, unique=True)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='releases.release')),
            ],
            options={
                'verbose_name_plural': 'ledger entries',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='AgreementEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, help_text='Where no release reports it: the register, series or page that does.', max_length=300)),
                ('source_url', models.URLField(blank=True, help_text='The address of that source.', max_length=500, verbose_name='source address')),
                ('kind', models.CharField(choices=[('negotiations-launched', 'Negotiations launched'), ('concluded', 'Negotiations concluded'), ('initialled', 'Initialled'), ('signed', 'Signed'), ('approved', 'Approved'), ('provisional-application', 'Provisionally applied'), ('entry-into-force', 'Entered into force'), ('registered', 'Registered'), ('amended', 'Amended'), ('suspended', 'Suspended'), ('terminated', 'Terminated'), ('superseded', 'Superseded')], max_length=24)),
                ('date', models.DateField()),
                ('place', models.CharField(blank=True, max_length=200)),
                ('note', models.TextField(blank=True)),
                ('public_from', models.DateTimeField(blank=True, help_text='When it is public without a release. Leave both empty to keep it hidden.', null=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='releases.agreement')),
                ('release', models.ForeignKey(blank=True, help_text='The release that tells of it; the event becomes public with it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='releases.release')),
            ],
            options={
                'ordering': ['date', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('agreement', 'kind', 'date'), name='one_event_a_kind_and_day')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('withdrawn', 'Withdrawn'), ('removed', 'Removed')], max_length=10)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField()),
                ('begun_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to='releases.release')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='absence_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('ended_by__isnull', True), ('begun_by__isnull', True), models.Q(('ended_by', models.F('begun_by')), _negated=True), _connector='OR'), name='absence_ended_by_a_second_person'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='absence_has_a_reason'), models.CheckConstraint(condition=models.Q(('kind__in', ['withdrawn', 'removed'])), name='absence_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='SiteFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live_from', models.DateTimeField(verbose_name='public from')),
                ('live_until', models.DateTimeField(blank=True, null=True, verbose_name='public until')),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='site_files', to='releases.address')),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='site_files', to='releases.blob')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('live_until__isnull', True), ('live_until__gt', models.F('live_from')), _connector='OR'), name='site_file_until_after_from'), models.UniqueConstraint(condition=models.Q(('live_until__isnull', True)), fields=('address',), name='one_open_site_file_an_address')],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=1000)),
                ('path_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('content', models.BinaryField()),
                ('fingerprint', models.CharField(help_text="SHA-256 over the post's bytes and those of its files.", max_length=64)),
                ('edition', models.ForeignKey(help_text='The edition made of these bytes.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='releases.edition')),
                ('release', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='source', to='releases.release')),
            ],
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(choices=[('name', 'Names a known agreement'), ('new', 'Names an agreement that is not in the register'), ('event', 'Reports an event'), ('issuer', 'Seems to sign the release')], max_length=6)),
                ('title', models.CharField(blank=True, max_length=500)),
                ('acronym', models.CharField(blank=True, max_length=40)),
                ('event_kind', models.CharField(blank=True, choices=[('signature', 'Signature'), ('ratification', 'Ratification'), ('acceptance', 'Acceptance'), ('approval', 'Approval'), ('accession', 'Accession'), ('notification', 'Notification of completion'), ('provisional-application', 'Provisionally applied'), ('denunciation', 'Denunciation'), ('withdrawal', 'Withdrawal'), ('negotiations-launched', 'Negotiations launched'), ('concluded', 'Negotiations concluded'), ('initialled', 'Initialled'), ('signed', 'Signed'), ('approved', 'Approved'), ('entry-into-force', 'Entered into force'), ('registered', 'Registered'), ('amended', 'Amended'), ('suspended', 'Suspended'), ('terminated', 'Terminated'), ('superseded', 'Superseded')], help_text='Of an event of the agreement, or of what one of its parties did.', max_length=24)),
                ('event_date', models.DateField(blank=True, null=True)),
                ('parties', models.JSONField(blank=True, default=list, help_text='States that the name or the sentence names, as codes.')),
                ('people', models.JSONField(blank=True, default=list, help_text='Whom the sentence names as signatories.')),
                ('sentence', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('accepted', 'Accepted'), ('dismissed', 'Dismissed')], default='open', max_length=9)),
                ('key', models.CharField(editable=False, max_length=64, unique=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(blank=True, help_text='Who signs.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='releases.agency')),
                ('agreement', models.ForeignKey(blank=True, help_text='For a new name: choose an agreement to merge it into, or leave it empty to make one.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='releases.agreement')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='releases.release')),
            ],
            options={
                'ordering': ['-release', 'rule', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='upload', to='releases.address')),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='releases.blob')),
            ],
        ),
        migrations.AddField(
            model_name='release',
            name='original',
            field=models.ForeignKey(blank=True, help_text='The edition that this release was translated from.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='releases.edition'),
        ),
    ]
