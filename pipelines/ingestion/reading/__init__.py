"""One reader per format: bytes in, `Read` or `Rejected` out. A reader opens no file and starts no process."""
