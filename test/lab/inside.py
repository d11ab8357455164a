"""An application that uses the features of uWSGI: caches, a spooler, a metric, locks.

/set/CACHE/KEY   adds an item to a cache
/get/CACHE/KEY   reads the item
/spool/WHAT      gives the spooler a task: "done" ends at once, "held" runs until the file "release" exists, "fails" raises;
                 /spool/WHAT/NUMBER gives the task that priority
/metric          adds 1 to the metric lab.asked
/hold/NAME       runs until the file "release" exists
/leak/BYTES      from now on, this process leaks this number of bytes per second; needs --enable-threads
/lock/NUMBER     as /hold, while it holds a lock
/websocket       answers the handshake of a WebSocket, sends "open", and then runs as /hold
/block/SECONDS   sleeps without a switch to other greenlets, even if time.sleep is patched
/gil/LENGTH      a regular expression that computes without releasing the GIL; each character doubles its time

Each response contains the process that sent it: worker:core pid.
"""

import ctypes
import os
import re
import threading
import time

import uwsgi

RELEASE = os.path.join(os.environ["LAB_FOLDER"], "release")
LONGEST_SECONDS = 30.0


def wait():
    end = time.monotonic() + LONGEST_SECONDS
    while not os.path.exists(RELEASE) and time.monotonic() < end:
        time.sleep(0.02)


def spooler(task):
    if task[b"what"] == b"held":
        wait()
    if task[b"what"] == b"fails":
        raise RuntimeError("the task fails on request")
    return uwsgi.SPOOL_OK


uwsgi.spooler = spooler


def spool(what, priority=None):
    task = {b"what": what.encode()}
    if priority is not None:
        task[b"priority"] = priority.encode()
    uwsgi.spool(task)


def lock(number):
    uwsgi.lock(int(number))
    try:
        wait()
    finally:
        uwsgi.unlock(int(number))


def websocket():
    uwsgi.websocket_handshake()
    uwsgi.websocket_send("open")
    wait()


def block(seconds):
    # gevent's patch replaces time.sleep, but not poll(2) of the C library.
    ctypes.CDLL(None).poll(None, 0, int(float(seconds) * 1000))


def gil(length):
    # No other thread of the worker runs Python code.
    re.match("(a+)+b", "a" * int(length))


KEPT = []


def leak(count):
    def keep():
        while True:
            KEPT.append(b"x" * int(count))
            time.sleep(1)

    threading.Thread(target=keep, daemon=True).start()


PATHS = {
    "set": lambda cache, key: uwsgi.cache_set(key, b"value", 0, cache),
    "get": lambda cache, key: uwsgi.cache_get(key, cache),
    "spool": spool,
    "metric": lambda: uwsgi.metric_inc("lab.asked", 1),
    "hold": lambda name: wait(),
    "leak": leak,
    "lock": lock,
    "websocket": websocket,
    "block": block,
    "gil": gil,
}


def application(environ, start_response):
    name, *arguments = environ["PATH_INFO"].strip("/").split("/")
    if name in PATHS:
        PATHS[name](*arguments)
    core = environ.get("uwsgi.core", 0)
    answer = f"{uwsgi.worker_id()}:{core} {os.getpid()}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
    return [answer]
