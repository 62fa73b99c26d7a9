"""What all forms and lists of the desk share."""
