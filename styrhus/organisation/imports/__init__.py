"""What may be loaded from files into the organisation: units, positions, people with their appointments.

A thing is found again by its code. What a file has no column for is never changed, and what is not in the file stays.
"""
