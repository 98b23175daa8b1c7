"""Answers each request over TLS with the words of a registry that has nothing.

Runs in a container of `python_image`, with `server.pem` beside it.
"""

from __future__ import annotations

import socket
import ssl

PORT = 443
BODY = b'{"errors": [{"code": "MANIFEST_UNKNOWN", "message": "nothing is here"}]}'


def serve() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("/server.pem")
    with socket.create_server(("", PORT)) as server:
        print("listens", flush=True)
        while True:
            connection, _ = server.accept()
            try:
                with context.wrap_socket(connection, server_side=True) as stream:
                    stream.recv(65536)
                    stream.sendall(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Type: application/json\r\n")
                    stream.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY))
            except OSError as error:
                print(error, flush=True)


if __name__ == "__main__":
    serve()
