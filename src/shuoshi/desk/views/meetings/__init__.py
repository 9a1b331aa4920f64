"""Pages of meetings on the desk (3.1.2): the lists, one meeting, its deeds, what is printed of it, calendars, decisions."""
