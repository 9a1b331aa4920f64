"""The pages of the desk, one module per page. Each parses, calls a query or an action, and answers; no rules."""
