"""A shell session in a block of code: what was typed after prompts, and what was answered.

Blocks of `console` and the like may have every prompt; in those of a shell and in those that name
no language, `$ `, `user@host$ `, `PS C:\\>` and `C:\\>` make a session. In a block without prompts
everything is typed.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

SESSIONS = frozenset(
    {"console", "shell-session", "shellsession", "sh-session", "bash-session", "terminal"}
    | {"ps1con", "pwsh-session", "doscon"}
)
SHELLS = frozenset(
    {"", "bash", "sh", "shell", "zsh", "powershell", "ps1", "pwsh", "cmd", "bat"}
    | {"text", "txt", "plain", "plaintext", "none"}
)

_START = r"[ \t]*(?:\([\w.@/ -]{1,40}\)[ \t]+)?"  # a virtual environment
# not the `#` after an address, which is a comment
_PLACE = r"(?::[^\s$#%>]{0,200}|[: ][~/][^\s$#%>]{0,200}[ \t])?"
_HOST = rf"[\w.-]{{1,64}}@[\w.-]{{1,64}}{_PLACE}[$#%](?:[ \t]+|$)"
_BRACKETS = r"\[[^\]\s]{1,64}@[^\]\n]{1,120}\][ \t]?[$#%](?:[ \t]+|$)"
_VERSION = r"(?:ba|z|k|da)?sh-[0-9][0-9.]{0,8}[$#](?:[ \t]+|$)"
UNIX = re.compile(rf"{_START}(?:\$(?:[ \t]+|$)|{_HOST}|{_BRACKETS}|{_VERSION})")
POWERSHELL = re.compile(r"[ \t]*PS(?:[ \t]+[^>\n]{1,200})?>[ \t]*")
DOS = re.compile(r"[ \t]*[A-Za-z]:\\[\w .()\\~-]{0,200}(?<![ -])>[ \t]*")
# of programs that are no shell, and of shells whose prompt is a path
CLIENT = re.compile(
    r"[ \t]*(?:[A-Za-z][\w.-]{0,40}(?:=[>#]|>)|[0-9.]{7,15}:[0-9]{1,5}>|MariaDB \[[^\]\n]{1,60}\]>)"
    r"(?:[ \t]+|$)"
)
PATH = re.compile(r"[ \t]*(?:~|/[\w./-]{0,100}) [$#](?:[ \t]+|$)")
ROOT = re.compile(r"[ \t]*#[ \t]+")
ANGLE = re.compile(r"[ \t]*>[ \t]+")
GOES_ON = re.compile(r"[ \t]*>{1,2}(?:[ \t]|$)")
COMMENT = re.compile(r"[ \t]*#")

# `# mount /data` is typed, `# Mount the data` is a comment
PROGRAMS = frozenset(
    """
    apk apt apt-get aptitude awk bash cat cd ceph chmod chown cp crictl ctr curl date dd df dig
    dnf docker du echo etcdctl exit export find firewall-cmd fsck git gpg grep head helm htop ip
    iptables journalctl kill kubeadm kubectl less ln ls lsblk lsof lvextend lvs mkdir mkfs mount
    mv mysql mysqldump nft nginx nslookup openssl pg_ctl pg_dump ping podman ps psql pvs python
    python3 reboot redis-cli rm rsync scp sed service sh shutdown ss ssh su sudo swapoff swapon
    sysctl systemctl tail tar tcpdump tee top touch umount vgs vi vim virsh wget xfs_growfs yum
    zfs zpool
    """.split()  # noqa: SIM905  as a list it takes a page
)
SHELL_SIGNS = re.compile(r"^[^\s.]*/|\s--?\w|[|&;<>$=]|\s/\w")
PROSE = re.compile(r"^[A-Z]|[.:?!]$|(?:^|\s)(?:an?|the|all|and|if|is|are|of|this|to|your?)(?:\s|$)")

UNFINISHED = re.compile(r"(?:\\|\||&&|(?<=[ \t])[`^]|\{|\(|\b(?:do|then|else))[ \t]*$")
OPENS = re.compile(r"(?:^|[;&|]|\b(?:do|then|else)\b)[ \t]*(?:for|while|until|if|case)\b")
CLOSES = re.compile(r"(?:^|;)[ \t]*(?:done|fi|esac)\b")
SIGN = re.compile(r"\\.|'|\"|(?<!\S)#", re.DOTALL)
DOCUMENT = re.compile(r"(?<!<)<<-?[ \t]*[\"']?(\w+)")


class Piece(NamedTuple):
    """A line or a part of one: `what` is a prompt, typed, or answered."""

    start: int
    end: int
    what: str


PROMPT, TYPED, ANSWERED = "prompt", "typed", "answered"


class Session(NamedTuple):
    """The pieces of a text in their order, and the language of what was typed."""

    pieces: list[Piece]
    language: str

    def typed(self, text: str) -> str:
        """What somebody would type, line by line."""
        return "".join(text[start:end] for start, end, what in self.pieces if what == TYPED)


def read(text: str, language: str) -> Session | None:
    """The session that a block of this language shows; None where nothing is a prompt."""
    language = language.lower()
    if language not in SESSIONS | SHELLS:
        return None
    lines = text.splitlines(keepends=True)
    prompts = _prompts(lines, language)
    if not prompts:
        return None
    marks = [_mark(line, prompts) for line in lines]
    typed_in = _language({found.re for found in marks if found}, language)
    return Session(list(_pieces(lines, marks, _has_answers(lines, language))), typed_in)


def _prompts(lines: list[str], language: str) -> list[re.Pattern]:
    """The prompts that count in this block, from the certain to the doubtful."""
    strong: list[re.Pattern] = [UNIX, POWERSHELL, DOS]
    if language not in SESSIONS:
        return strong if any(map(UNIX.match, lines)) or _first(lines, strong) else []
    certain = [*strong, PATH, CLIENT]
    if any(_mark(line, certain) for line in lines):
        return [*certain, ROOT]
    if _is_of_root(lines):
        return [ROOT]
    return [ANGLE] if any(map(ANGLE.match, lines)) else []


def _first(lines: list[str], prompts: list[re.Pattern]) -> bool:
    """Whether the first line that is no comment begins with a prompt."""
    first = next((line for line in lines if line.strip() and not COMMENT.match(line)), "")
    return _mark(first, prompts) is not None


def _has_answers(lines: list[str], language: str) -> bool:
    """Whether lines without a prompt are answers: not in a script that has a prompt somewhere."""
    return not language or language in SESSIONS or _first(lines, [UNIX, POWERSHELL, DOS])


def _mark(line: str, prompts: list[re.Pattern]) -> re.Match | None:
    line = line.rstrip("\n")
    found = next((found for prompt in prompts if (found := prompt.match(line))), None)
    is_doubtful = found is not None and found.re is ROOT
    return None if found and is_doubtful and not _is_typed(line[found.end() :]) else found


def _is_of_root(lines: list[str]) -> bool:
    """Whether `# ` begins what was typed: every time, and no other line looks typed."""
    marked = [found.end() for line in lines if (found := ROOT.match(line))]
    others = [line for line in lines if not ROOT.match(line)]
    return (
        bool(marked)
        and all(_mark(line, [ROOT]) for line in lines if ROOT.match(line))
        and not any(_names_program(line) for line in others)
    )


def _is_typed(text: str) -> bool:
    text = text.strip()
    is_shell = _names_program(text) or SHELL_SIGNS.search(text) is not None
    return is_shell and not PROSE.search(text)


def _names_program(line: str) -> bool:
    return line.split(" ")[0].strip() in PROGRAMS and not PROSE.search(line.strip())


def _language(prompts: set[re.Pattern], language: str) -> str:
    if CLIENT in prompts:
        return ""  # of another program: nobody knows how it quotes
    if prompts == {POWERSHELL}:
        return "powershell"
    return "bat" if prompts == {DOS} else language


def _pieces(lines: list[str], marks: list[re.Match | None], has_answers: bool) -> Iterator[Piece]:
    """What follows each other and is the same is one piece."""
    found: Piece | None = None
    for piece in _parts(lines, marks, has_answers):
        if found and found.what == piece.what:
            found = Piece(found.start, piece.end, found.what)
            continue
        if found:
            yield found
        found = piece
    if found:
        yield found


def _parts(lines: list[str], marks: list[re.Match | None], has_answers: bool) -> Iterator[Piece]:
    notes = _notes(lines, marks)
    place, command = 0, Command()
    for number, (line, mark) in enumerate(zip(lines, marks, strict=True)):
        end, begin = place + len(line), place
        is_typed = mark is not None or command.goes_on or number in notes or not has_answers
        if mark:
            command, begin = Command(), place + mark.end()
        elif command.goes_on:
            begin = place + command.prompt(line)
        if mark or command.goes_on:
            command.take(line[begin - place :].rstrip("\n"))
        if begin > place:
            yield Piece(place, begin, PROMPT)
        yield Piece(begin, end, TYPED if is_typed else ANSWERED)
        place = end


def _notes(lines: list[str], marks: list[re.Match | None]) -> set[int]:
    """Comments just above what was typed, and empty lines above both: they belong to it.

    So does `# mount /data` in a block of a shell, typed by root or written off: as a comment.
    """
    notes: set[int] = set()
    for number in range(len(lines) - 2, -1, -1):
        below = number + 1
        is_above = marks[below] is not None or below in notes
        is_comment = COMMENT.match(lines[number]) and lines[below].strip()
        if is_above and not marks[number] and (is_comment or not lines[number].strip()):
            notes.add(number)
    return notes | {at for at, line in enumerate(lines) if not marks[at] and _mark(line, [ROOT])}


class Command:
    """One command that may take several lines; each is looked at once."""

    def __init__(self) -> None:
        self.goes_on = False
        self.quote, self.depth, self.document = "", 0, ""
        self.has_prompts: bool | None = None

    def prompt(self, line: str) -> int:
        """How long the `> ` is that begins the line, if the first further line has one."""
        found = GOES_ON.match(line.rstrip("\n"))
        if self.has_prompts is None:
            self.has_prompts = found is not None
        return found.end() if found and self.has_prompts else 0

    def take(self, line: str) -> None:
        """Take a line, and know whether another one belongs to it."""
        is_cut = False
        if self.document:
            self.document = "" if line.strip() == self.document else self.document
        else:
            self._read(line)
            is_cut = UNFINISHED.search(line) is not None
        self.goes_on = is_cut or bool(self.document or self.quote) or self.depth > 0

    def _read(self, line: str) -> None:
        was_quoted = bool(self.quote)
        self._read_quotes(line)
        if not self.quote and not was_quoted:
            self.depth += len(OPENS.findall(line)) - len(CLOSES.findall(line))
            document = DOCUMENT.search(line)
            self.document = document[1] if document else ""

    def _read_quotes(self, line: str) -> None:
        for found in SIGN.finditer(line):
            sign = found[0][-1] if self.quote == "'" else found[0]
            if sign == "#" and not self.quote:
                return
            if sign in ("'", '"'):
                self.quote = "" if self.quote == sign else self.quote or sign
