"""The rows behind figures of accounts (KPI-4), one module per subject."""
