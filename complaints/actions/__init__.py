"""Every human write of the desk."""
