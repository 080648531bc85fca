"""The parameters of conduct; loaded when the app is ready."""
