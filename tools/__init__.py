"""What developers run, each a plain command: environment, tests, checks, catalogues, generated pages, pictures."""
