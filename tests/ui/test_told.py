"""Words of the rooms without Qt, in Chinese: each sentence in their sources is known, nothing foreign is touched."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from desktop.core.errors import MachineError, SettingsError
from desktop.core.machine import State
from desktop.views.told import told, told_sentence
from desktop.views.told_words import BOUND, CARRIERS, KNOWN
from tests.helpers.said import GAP, Said, said, said_by_the_guest

SAMPLE = "zzz"
OURS = ("exit code 1", "fetching packages", "dockerd, which ended with status 1", "the data disk x cannot be mounted")
"""What some gaps are filled with, and with nothing else."""
WORD = re.compile(r"[A-Za-z]{2,}")
NAMES = re.compile(
    r"`[^`]+`|sudo usermod -aG kvm|docker context rm|e2fsck( -f)?|kernel panic|guest-[a-z-]+|/(_ping|version|info)\b"
    r"|packaging/run|manifest\.json"
    r"|\b(Moorage|moorage|MOORAGE_HOME|QEMU|KVM|TCG|TCP|UDP|IPv6|CPU|MiB|UUID|API|TOML|JSON|Docker|docker|Debian|apt|root|ext4|pty|ID|UTF-8|engine|data|shell"
    r"|containerd|dockerd|BuildKit|https?|file|pyghostty|timeout_s|virtiofsd|passt|slirp|ssh|gnupg)\b"
)
CALLS = {"status", "watch", "start", "stop", "restart", "suspend", "kill", "reset", "settings_changed", "trim", "quit"}
"""Names of calls, which the supervisor's client gives as a reason."""

FOREIGN = {
    "', '.join(missing)": "names",
    "(said or printed).decode('utf-8', 'replace').strip()[:4096]": "a program in a container",
    "'\\n'.join((found + rest).split('\\n')[:PANIC_LINES])": "the guest's kernel",
    "'\\n'.join((line for line in lines if ' starting: [' not in line))": "QEMU",
    "'\\n'.join((list(dict.fromkeys(errors)) or lines)[-4:])": "a build tool",
    "'\\n'.join(stream.read().decode(errors='replace').strip().splitlines()[-_LINES:])": "passt",
    "await _said(watch)": "the system",
    "call": "the name of a call",
    "done.words": "what a program in the guest printed",
    "error.strerror": "the system",
    "str(words)[:65536]": "the engine",
    "file.name": "a name",
    "found.get('error-desc', 'QEMU does not say why')": "QEMU",
    "message.strip()[:65536]": "the engine",
    "os.environ.get('MOORAGE_HOME', '')": "a path",
    "os.path.normpath(chosen or platformdirs.user_data_dir('moorage', appauthor=False))": "a path",
    "os.strerror(found.errno)": "the system",
    "repr(error)": "Python",
    "repr(timeout_s)": "a value",
    "str(error)": "the system, a library, or an error of ours",
    "text.strip()[:200]": "QEMU",
    "type(error).__name__": "Python",
    "visible(reply.error.desc, _WORDS)": "the guest agent",
}
SAID_BEFORE = {
    "' '.join(map(str, failures))",
    "'\\n'.join((f'{uri}: {fault}' for uri, fault in tried.items()))", "detail", "encodable(detail)", "error.next_step",
    "error.what",
    "error.why", "error.why.replace(f'{FOLDER}/', '/')",
    "failure.what", "failure.why", "fault", "late.what", "late.why", "next_step(why)", "self._problem",
    "problem.what", "problem.why",
    "process.exit_words", "rest",
    "self._publisher.status.detail", "status.detail", "status.detail.partition('\\n')[0]", "status.next_step",
    "self.failure", "self.read[kind]", "tool.next_step", "verdict.words", "was.accelerator_reason",
    "what_it_takes(error, type(settings))", "words",
    "judge(end, self._publisher.state, self._files, vm.record.log_starts)", "detail_of(found)",
    "await find_suspended(self._parts.console, self._files, self._publisher, left)", "found.next_step",
}  # fmt: skip
"""What passes on words that are read elsewhere in the sources."""


@pytest.fixture(scope="module")
def spoken() -> list[Said]:
    found = [*said(), *said_by_the_guest()]
    assert len(found) > 350
    return found


@pytest.fixture
def chinese(speak: Callable[[str], None]) -> None:
    speak("zh_CN")


def english_in(text: str) -> list[str]:
    """What is left in English when a text is told, whatever its gaps are filled with."""
    if not WORD.search(text):
        return []
    left = []
    for sample in (SAMPLE, *OURS, *State):
        # A gap before a new sentence is one itself.
        filled = re.sub(rf"{GAP}(?= [A-Z])", f"{sample}.", text).replace(GAP, sample)
        left.append(WORD.findall(NAMES.sub("", told(filled).replace(sample, ""))))
    return min(left, key=len)


def test_every_sentence_in_the_sources_is_known_in_chinese(spoken: list[Said], chinese: None) -> None:
    unknown = [
        f"{one.where}: {one.text!r} leaves {left}"
        for one in spoken if one.text not in CALLS and (left := english_in(one.text))
    ]  # fmt: skip
    assert not unknown, "\n".join(["they belong into desktop/views/told_words.py:", *unknown])


def test_what_is_no_text_in_the_sources_is_known_as_foreign_or_said_before(spoken: list[Said]) -> None:
    met = {one.code: one.where for one in spoken if one.code and not one.code.startswith("MachineError(")}
    assert not [f"{where}: {code}" for code, where in met.items() if code not in FOREIGN and code not in SAID_BEFORE]
    assert not (FOREIGN.keys() | SAID_BEFORE) - met.keys()


def test_nothing_is_known_that_nobody_says(spoken: list[Said]) -> None:
    theirs = "\n".join([*(one.text for one in spoken), *State, "an input/output error", "QEMU ended without a word"])
    known = [str(source) for source in (*KNOWN, *CARRIERS, *BOUND)]
    of_a_mirror = re.compile(r"%\d: (?=only http|it has no|it does not answer|what it serves)")  # its address
    patterns = [re.sub(r"%\d", ".+", re.escape(of_a_mirror.sub("", source))) for source in known]
    assert not [pattern for pattern in patterns if not re.search(pattern, theirs)]
    assert not [source for source in known if source.endswith(".")]


def test_gaps_are_filled_with_what_was_there(chinese: None) -> None:
    assert told("KVM was chosen in Settings") == "已在设置中选择 KVM"
    assert told("Software emulation was chosen in Settings") == "已在设置中选择软件模拟"
    hostile = "KVM opens on this host, but QEMU cannot start with it: %1 <b>\\1"
    assert told(hostile) == "此主机上可以打开 KVM，但 QEMU 无法用它启动：%1 <b>\\1"
    assert told("no such words: %1") == "no such words: %1"
    assert told("") == ""


def test_the_form_that_says_most_wins(chinese: None) -> None:
    assert told("KVM was chosen in Settings and cannot be used") == "已在设置中选择 KVM，但它无法使用"
    assert told("its manifest.json cannot be read: no") == "无法读取其中的 manifest.json：no"
    assert told("it holds 'a', which its manifest does not name once").startswith("其中含有 'a'，而它在清单中")


def test_gaps_that_are_ours_are_told_too(chinese: None) -> None:
    assert told("guest: fetching packages") == "虚拟机镜像：正在下载软件包"
    assert told("QEMU exit code 1") == "QEMU：退出码 1"
    assert told(f"it is {State.SUSPENDING}") == "当前状态：正在挂起"
    assert told("zstd failed while unpacking the kernel") == "zstd 在解压内核时失败"


@pytest.mark.parametrize(
    "words",
    ["runtime: out of memory", "it is not running", "failed to create task", "QEMU knows no such device", "a, 3 times",
     "conflict: unable to remove. It needs force", "   ", "...", "\n\n"],
)  # fmt: skip
def test_foreign_words_stay(words: str, chinese: None) -> None:
    assert told(words) == words


def test_names_are_not_taken_for_words_of_ours(chinese: None) -> None:
    assert told("engine could not be stopped") == "无法停止 engine"
    assert told("network could not be removed") == "无法删除 network"


def test_joined_sentences_are_told_one_by_one(chinese: None) -> None:
    next_step = "Defaults are used for what it does not say. Your file /a.b is kept as c"
    error = SettingsError("The setting in line 3 is wrong", "cpus takes a whole number from 1 to 256", next_step)
    assert told(str(error)) == (
        "第 3 行的设置不正确。cpus 的值应为 1 至 256 的整数。其中未写明的项使用默认值。您的文件 /a.b 已保留为 c。"
    )
    foreign = MachineError("QEMU ended at once", "it said. So", "Start it again")
    assert told(str(foreign)) == "QEMU 刚启动就退出了。it said. So. 请重新启动。"
    assert told("/a. b cannot be read. Nothing was changed.") == "无法读取 /a. b。未作任何更改。"
    assert told("The docker context could not be written: /a cannot be read. Nothing was changed.") == (
        "无法写入 docker 上下文：无法读取 /a。未作任何更改。"
    )


def test_lines_of_a_log_stay(chinese: None) -> None:
    text = "The engine is not up in the guest\n180 s passed since power-on\ndockerd: x\nready\nStart it again."
    assert told(text) == "虚拟机中的引擎未能就绪\n开机后已过 180 秒\ndockerd: x\nready\nStart it again."


def test_a_reason_stands_alone_as_a_sentence(speak: Callable[[str], None]) -> None:
    assert told_sentence("its socket does not exist") == "Its socket does not exist."
    assert told_sentence("no such words?") == "No such words?"
    assert told_sentence(" ") == ""
    speak("zh_CN")
    assert told_sentence("its socket does not exist") == "其套接字不存在。"
    assert told_sentence("The machine is stopping. Start it with `moorage start`.") == (
        "虚拟机正在停止。可用 `moorage start` 启动。"
    )
    assert told_sentence("no such words") == "No such words."


def test_in_english_every_sentence_stays(spoken: list[Said]) -> None:
    for one in spoken:
        for text in (one.text, one.text.replace(GAP, "zzz. Zzz"), f"{one.text}. {one.text}."):
            assert told(text) == text


@pytest.mark.parametrize("piece", [
    "x", " ", ".", ". ", "\n", "%1", "a. ", "ready\n", "ready. ", "it is ", ": ", "QEMU ", "its disk reports: ",
    "The docker context could not be written: ", "line 1: ", " has  bytes, not ", "The machine is suspended. ", "…",
])  # fmt: skip
def test_a_huge_text_is_told_all_the_same(piece: str, chinese: None) -> None:
    huge = piece * (100_000 // len(piece))
    for text in (huge, f"The engine refused\n{huge}", f"QEMU ended at once. {huge}", f"{huge} is not a folder"):
        assert len(told(text)) > len(text) // 3
