"""What people bring from elsewhere (Word, web pages, mails, plain text), read into the fields of a release."""
