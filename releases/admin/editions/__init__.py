"""The desk's pages of editions and releases."""
