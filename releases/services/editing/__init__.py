"""Writing an edition: its draft, files, checks, comments and previews."""
