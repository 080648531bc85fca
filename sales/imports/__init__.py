"""Quotas and orders from a file: recognised by its headings, tried, then carried out (SAL-3, SAL-5, SAL-7)."""
