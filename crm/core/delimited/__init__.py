"""Delimited files (CSV) as people and machines hand them in: opened, recognised, read in flat memory."""
