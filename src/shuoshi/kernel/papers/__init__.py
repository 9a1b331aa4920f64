"""Papers: a .docx template filled, and the same set as PDF. Parents ask `press`; all work is done in its child process."""
