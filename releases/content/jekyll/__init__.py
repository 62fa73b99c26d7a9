"""A post of a Jekyll site: its front matter, its body, and what Press Room adds to it."""
