"""档案: how long a matter is kept, who says when that is over, and what is left when it was destroyed; and its dossier."""
