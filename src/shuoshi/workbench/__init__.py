"""What one person of the staff keeps for the own work: phrases, matters that are watched, and reminders.

Nothing here changes a matter. A phrase is text until somebody sends it; who watches what, and is reminded of what, nobody
else learns; and each matter is looked for through `matters.scope.visible_to` whenever it is read, so that all of it ends
where sight ends.
"""
