"""A newsroom in Wagtail, with the same releases, to compare with: as its users build one."""
