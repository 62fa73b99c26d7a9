"""What all that has to do with an edition needs: its columns, digests, locks, and the order of lists."""
