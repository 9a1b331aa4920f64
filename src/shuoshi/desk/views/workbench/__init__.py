"""Pages of what one person keeps for the own work: phrases, watched matters, reminders, drafts."""
