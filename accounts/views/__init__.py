"""Pages of accounts."""

from .lists import customer_list

__all__ = ["customer_list"]
