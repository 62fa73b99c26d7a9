"""From a draft to the public and back: steps, approval, review, takedown, erasure."""
