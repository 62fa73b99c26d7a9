"""The response store: what a page's bytes were, given again for as long as nothing that is public changes."""
