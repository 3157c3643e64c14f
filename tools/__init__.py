"""What `make` needs beside the product: Node, the browser, a command line for the test renderer."""
