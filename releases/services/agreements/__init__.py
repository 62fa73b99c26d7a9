"""The register of agreements, what a release suggests for it, and what becomes public with a release."""
