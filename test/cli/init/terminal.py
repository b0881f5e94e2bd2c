"""Runs a command on a pseudo-terminal, and types. Prints all that the terminal shows, and the exit code.

Arguments: a JSON object with argv, cwd, env, columns, and steps: pairs of what to await and what to type.
"""

import fcntl
import json
import os
import pty
import struct
import sys
import termios

spec = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    size = struct.pack("HHHH", 24, spec["columns"], 0, 0)
    fcntl.ioctl(0, termios.TIOCSWINSZ, size)
    os.chdir(spec["cwd"])
    os.execvpe(spec["argv"][0], spec["argv"], {**os.environ, **spec["env"]})

shown = b""


def read():
    """What comes next; nothing at the end."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


for awaited, typed in spec["steps"]:
    before = len(shown)
    while awaited.encode() not in shown[before:]:
        more = read()
        if not more:
            break
        shown += more
    os.write(terminal, typed.encode())
while more := read():
    shown += more
_, status = os.waitpid(pid, 0)
print(json.dumps({"shown": shown.decode(), "code": os.waitstatus_to_exitcode(status)}))
