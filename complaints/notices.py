"""The words of the notices complaints writes; loaded when the app is ready."""
