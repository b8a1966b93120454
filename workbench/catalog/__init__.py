"""What can be made of a contract, without any I/O: merged contracts, step templates, atomic cases."""
