"""What keeps the service going while nobody looks: workers that live and die."""
