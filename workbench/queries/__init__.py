"""Frozen page objects: what each page shows, ready for its template."""
