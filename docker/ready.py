"""Health check of the web container: asks the node whether it can work."""

import http.client
import os
import sys

host = os.environ["ALLOWED_HOSTS"].split(",")[0]
connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
connection.request("GET", "/readyz", headers={"Host": host})
sys.exit(connection.getresponse().status != 200)
