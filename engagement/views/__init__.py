"""The pages of service policies."""
