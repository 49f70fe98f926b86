"""The sea between network namespaces: a switch of TAP devices that delays, loses and cuts.

A kernel need not have netem for this; it needs /dev/net/tun, and root."""

import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time

TUNSETIFF = 0x400454CA
TAP_WITHOUT_HEADER = 0x0002 | 0x1000


def run(*command, **more):
    return subprocess.run(command, check=True, **more)


class Strait:
    """Carries frames between namespaces until it is closed."""

    def __init__(self, spaces):
        self.delay = self.jitter = self.loss = 0.0  # milliseconds, and a share from 0 to 1
        self.cut_off = set()
        self.lost = 0
        self.spaces = list(spaces)
        self.ports = [self.port(i, space) for i, space in enumerate(self.spaces)]
        self.is_closed = False
        self.thread = threading.Thread(target=self.carry, daemon=True)
        self.thread.start()

    @staticmethod
    def port(i, space):
        tap = f"sea{os.getpid() % 100000}x{i}"
        port = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(port, TUNSETIFF, struct.pack("16sH22x", tap.encode(), TAP_WITHOUT_HEADER))
        run("ip", "link", "set", tap, "netns", space)
        run("ip", "-n", space, "link", "set", tap, "name", "sea0")
        run("ip", "-n", space, "link", "set", "lo", "up")
        run("ip", "-n", space, "link", "set", "sea0", "up")
        return port

    def cut(self, space):
        self.cut_off.add(self.spaces.index(space))

    def heal(self):
        self.cut_off.clear()

    def carry(self):
        behind, due, turn = {}, [], 0
        while not self.is_closed:
            wait = max(0.0, min(0.05, due[0][0] - time.monotonic())) if due else 0.05
            ready, _, _ = select.select(self.ports, [], [], wait)
            now = time.monotonic()
            while due and due[0][0] <= now:
                _, _, to, frame = heapq.heappop(due)
                self.put(to, frame)
            for port in ready:
                here = self.ports.index(port)
                for frame in self.frames(port):
                    behind[frame[6:12]] = here
                    if here in self.cut_off:
                        continue
                    there = None if frame[0] & 1 else behind.get(frame[:6])
                    all_others = [i for i in range(len(self.ports)) if i != here]
                    for to in all_others if there is None else [there]:
                        if random.random() < self.loss:
                            self.lost += 1
                            continue
                        late = self.delay + self.jitter * random.uniform(-1, 1)
                        if late <= 0:
                            self.put(to, frame)
                        else:
                            turn += 1
                            heapq.heappush(due, (now + late / 1000, turn, to, frame))

    @staticmethod
    def frames(port):
        for _ in range(64):
            try:
                yield os.read(port, 2048)
            except OSError:
                return

    def put(self, to, frame):
        if to not in self.cut_off:
            try:
                os.write(self.ports[to], frame)
            except OSError:
                pass  # its queue is full: the frame is lost, as frames may be

    def close(self):
        self.is_closed = True
        self.thread.join()
        for port in self.ports:
            os.close(port)
