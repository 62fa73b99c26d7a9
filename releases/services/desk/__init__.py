"""What the desk tells people of their work: what waits for whom, what comes tomorrow, what will change."""
