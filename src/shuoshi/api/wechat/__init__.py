"""Where the platform of WeChat official accounts writes to: one address, entered there with our token."""
