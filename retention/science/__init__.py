"""The science of churn: files, splits, models, figures. NumPy and scikit-learn live here and nowhere else.

Imported by ``manage.py churn`` and by what trains in a process of its own; never by a web process (T11; decision 014).
"""
