#!/usr/bin/env python3
"""A service that greets: nothing but the standard library."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


def greeting(path):
    name = path.strip("/") or "world"
    return {"greeting": "Hello, " + name + "!"}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(greeting(self.path)).encode() + b"\n"
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


if "--selftest" in sys.argv:
    assert greeting("/") == {"greeting": "Hello, world!"}
    assert greeting("/Ada") == {"greeting": "Hello, Ada!"}
    print("all is well")
else:
    port = int(os.environ["PORT"])
    server = HTTPServer(("", port), Handler)
    print(f"listening on port {port}", flush=True)
    server.serve_forever()
