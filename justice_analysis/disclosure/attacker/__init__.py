"""What an attacker with everything can work out, and what is hidden so that he cannot."""
