"""Points where people are heard (3.1.1): fixed days, who sits there and who really did, numbers for those who wait, paper forms.

    DayRule → MatterDay … (drawn up for months, each changed with a reason) ┬ Sitting (who is to be there)
                                                                            └ Attendance (who was, and when that was written)
    Queue → Ticket 1 … n of a day → called → done or passed → matters
    Sheet (printed, with a serial number) → photographed → one matter

A plan is changed, never the past; who was there is written once and only struck out with a reason, both kept.
"""
