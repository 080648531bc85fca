"""The notices of conduct; loaded when the app is ready."""
