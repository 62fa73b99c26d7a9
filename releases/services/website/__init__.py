"""What answers a path: the resolver, the page of a release, lists, history, redirects."""
