"""REST: service policies and enrolments."""
