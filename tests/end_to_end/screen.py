"""Runs a command on a pseudo terminal and keeps what a person sees there, as lines of text.

screen.py COLUMNS ROWS [--resize COLUMNS] [--interrupt] [--cut FILE] COMMAND…: prints the screen at the end, after a line
"exit status N". With --cut, FILE gets the screen as it stood each time before it was redrawn, the last one only. --resize
makes the terminal narrower, and --interrupt types Ctrl-C, once the command has drawn five times.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios


class Screen:
    """The few things that a terminal does for infosweep: text, lines, up, clear to the end of line and screen."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.lines, self.row, self.column = [""], 0, 0
        self.rest = ""
        self.wrapped = self.block_wrapped = False

    def put(self, character):
        if self.column == self.columns:
            self.wrapped = True
            self.column = 0
            self.line_feed()
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[: self.column] + character + line[self.column + 1 :]
        self.column += 1

    def line_feed(self):
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")

    def feed(self, text):
        text = self.rest + text
        self.rest = ""
        at = 0
        while at < len(text):
            if text[at] == "\033":
                code = re.match(r"\033\[(\d*)([A-Z])", text[at:])
                if code is None:
                    if len(text) - at > 8:
                        raise SystemExit("an unknown escape sequence: %r" % text[at : at + 8])
                    self.rest = text[at:]
                    return
                self.obey(code.group(2), int(code.group(1) or 1))
                at += code.end()
                continue
            if text[at] == "\r":
                self.column = 0
            elif text[at] == "\n":
                self.line_feed()
            elif ord(text[at]) < 32:
                raise SystemExit("an unknown control character: %r" % text[at])
            else:
                self.put(text[at])
            at += 1

    def obey(self, letter, count):
        if letter == "A":
            self.row = max(self.row - count, len(self.lines) - self.rows, 0)
        elif letter == "K":
            self.lines[self.row] = self.lines[self.row][: self.column]
        elif letter == "J":
            self.block_wrapped = self.wrapped  # what is said after the last block may be long
            self.lines[self.row] = self.lines[self.row][: self.column]
            del self.lines[self.row + 1 :]
        else:
            raise SystemExit("an unknown escape sequence: %s" % letter)

    def narrow(self, columns):
        """As most terminals do: lines that are too long are broken, and the cursor stays where its line is."""
        lines = []
        for number, line in enumerate(self.lines):
            if number == self.row:
                row = len(lines)
            lines += [line[i : i + columns] for i in range(0, max(len(line), 1), columns)]
        self.lines, self.row, self.columns = lines, row, columns

    def text(self):
        return "\n".join(self.lines).rstrip("\n") + "\n"


def set_size(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def main(words):
    columns, rows = int(words[0]), int(words[1])
    words = words[2:]
    resize = cut = None
    interrupt = False
    while words[0].startswith("--"):
        if words[0] == "--interrupt":
            interrupt = True
            words = words[1:]
        elif words[0] == "--resize":
            resize, words = int(words[1]), words[2:]
        elif words[0] == "--cut":
            cut, words = words[1], words[2:]
    process, terminal = pty.fork()
    if process == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.environ["TERM"] = "xterm"
        # begin when the size is set
        sys.stdin.readline()
        os.execvp(words[0], words)
    set_size(terminal, columns, rows)
    os.write(terminal, b"\n")
    screen, drawn, raw = Screen(columns, rows), 0, b""
    screen.feed("$ status\r\n")  # what stood there before
    first = True
    while True:
        try:
            select.select([terminal], [], [])
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        if first:  # the echo of what began it
            piece, first = piece.replace(b"\r\n", b"", 1), False
        raw += piece
        try:
            text, raw = raw.decode(), b""
        except UnicodeDecodeError:
            continue
        if cut and "\033[" in text and len(screen.lines) > 4:
            with open(cut, "w") as to:
                to.write(screen.text())
        screen.feed(text)
        drawn += text.count("\033[J")
        if drawn >= 5 and resize:
            set_size(terminal, resize, rows)
            screen.narrow(resize)
            resize = None
        if drawn >= 5 and interrupt:
            os.write(terminal, b"\003")
            interrupt = False
    status = os.waitpid(process, 0)[1]
    print("exit status", os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
    if screen.block_wrapped:
        print("a line was longer than the terminal is wide")
    sys.stdout.write(screen.text())


main(sys.argv[1:])
