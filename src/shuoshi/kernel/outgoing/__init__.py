"""What leaves the machine: where a connection may go (places), and one https request (post)."""
