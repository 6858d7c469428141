"""grpc.health.v1.Health on a port of 127.0.0.1: SERVING as a whole and for "up", NOT_SERVING for "down".

Prints the port. With a key and a certificate chain (PEM files) as arguments over TLS. Ends with standard input.
"""
import sys
from concurrent import futures

import grpc

STATUS = {b"": 1, b"\n\x02up": 1, b"\n\x04down": 2}


def check(request, context):
    if request not in STATUS:
        context.abort(grpc.StatusCode.NOT_FOUND, "unknown service")
    return bytes([8, STATUS[request]])


server = grpc.server(futures.ThreadPoolExecutor(2))
server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(
    "grpc.health.v1.Health", {"Check": grpc.unary_unary_rpc_method_handler(check)})])
if len(sys.argv) > 1:
    key, chain = (open(file, "rb").read() for file in sys.argv[1:])
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(key, chain)]))
else:
    port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
sys.stdin.read()
