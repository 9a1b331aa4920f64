"""The knowledge base at the desk: its list, an entry with its history, writing one, what is missing, and what stands beside forms."""
