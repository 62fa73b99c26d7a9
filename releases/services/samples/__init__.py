"""A made-up newsroom of any size for trials and benchmarks: the same seed and number give the same
releases."""
