"""Files of sales: recognised by their headings, tried, then carried out (SAL-3, SAL-5, SAL-7, SAL-35)."""
