"""The desk's pages of agreements and of what is suggested for them."""
