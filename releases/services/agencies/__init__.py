"""Facts about agencies for public pages, and the names by which a byline is read."""
