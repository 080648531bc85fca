"""`make bench`: CPU of the product against the bare SQL floor of the same rows, measured in the same run."""
