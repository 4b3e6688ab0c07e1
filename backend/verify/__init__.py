"""How a customer checks a certificate: one Python file, one HTML page; neither needs anything of ours."""
