"""REST: orders and quotas."""
