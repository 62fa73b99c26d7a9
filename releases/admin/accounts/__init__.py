"""How people sign in and prove who they are: django-allauth, in the desk's words and under its rules."""
