"""Routes of the doors for machines."""
