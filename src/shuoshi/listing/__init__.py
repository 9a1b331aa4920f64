"""Lists kept under a name: which list, and by what it is narrowed. What the parameters mean is for the face that shows it."""
