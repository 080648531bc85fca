"""Pages of the ground: locked screen, language and theme, notices, jobs, errors."""
