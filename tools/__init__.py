"""What `make` needs beside the product: setting up, Node, the browser, the lock, the audit and the icons."""
