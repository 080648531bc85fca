"""REST: losses."""
