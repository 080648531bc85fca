"""Clock-driven writes of the doors for machines."""
