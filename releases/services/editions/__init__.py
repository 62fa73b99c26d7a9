"""What all that has to do with an edition needs: its columns, digests, locks, facts, stored HTML, and the order of lists."""
