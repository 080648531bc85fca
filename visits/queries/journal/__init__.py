"""What the journal reads: check-in book, day logs, the review queue, special visits and their figures."""
