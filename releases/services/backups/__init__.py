"""Copies of a whole newsroom, database and files as of one instant, and the way back from them."""
