"""What a text says: who issued it, which agreements it names, what happened to them."""
