"""Who may do what, the people of the desk, and the count of failed sign-ins."""
