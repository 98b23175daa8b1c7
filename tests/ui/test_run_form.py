"""Running a container from the form, in the whole app against the fake: from each of its ways in to the new row."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QScrollArea, QWidget

from desktop.app import App
from desktop.core.engine import Container, Link
from desktop.core.paths import Home, MachineFiles
from desktop.views.run_form import RunForm
from tests.helpers import walk
from tests.helpers.fake import fake_machine, play
from tests.helpers.log_watch import LogWatch
from tests.helpers.shell_pty import until as until_painted

from .test_every_widget import running_app, until


class Hands:
    """What a user does with the form that is open."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def form(self) -> RunForm:
        found = self.app.window.findChild(RunForm)
        assert isinstance(found, RunForm)
        return found

    def fill(self, **fields: str) -> None:
        for key, text in fields.items():
            control = self.form.findChild(QWidget, f"run_{key}")
            match control:
                case QComboBox() if control.isEditable():
                    control.setCurrentText(text)
                case QComboBox():
                    control.setCurrentIndex(control.findData(text))
                case QPlainTextEdit():
                    control.setPlainText(text)
                case QLineEdit():
                    control.setText(text)
                case _:
                    raise AssertionError(key)

    def button(self, name: str) -> QPushButton:
        found = self.form.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        return found

    def words(self, name: str) -> str:
        found = self.form.findChild(QLabel, name)
        assert isinstance(found, QLabel)
        return found.text() if found.isVisible() else ""

    async def run(self) -> Container:
        """Presses Run, and waits until the form has gone: the selected container comes back."""
        self.button("run_ok").click()
        await until(lambda: self.app.window.findChild(RunForm) is None)
        (selected,) = self.app.containers.selected()
        return selected

    async def refused(self) -> str:
        self.button("run_ok").click()
        await until(lambda: self.words("run_refusal") != "")
        return self.words("run_refusal")


def test_no_field_is_cut_by_a_long_name_in_a_list() -> None:
    """The fields were as wide as the longest name of an image or a network, and the form showed their left part."""
    form = RunForm(None, ["registry.example/" + "x" * 200], "")
    form.show_networks(["n" * 200])
    form.show()
    area = form.findChild(QScrollArea, "run_fields")
    assert isinstance(area, QScrollArea)
    QTest.qWait(20)
    until_painted(lambda: area.widget().width() <= area.viewport().width())
    form.reject()


def press(app: App, name: str) -> None:
    found = app.window.findChild(QPushButton, name)
    assert isinstance(found, QPushButton) and found.isEnabled(), name
    found.click()


async def ready(app: App, files: MachineFiles) -> Hands:
    await play(files, "running")
    await play(files, "registry")
    await until(lambda: app.engine.link.link is Link.UP and len(app.engine.containers) > 0)
    app.window.show_page("containers")
    return Hands(app)


async def test_from_typing_to_the_selected_row(home: Home, logs: LogWatch) -> None:
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            hands = await ready(app, files)
            app.containers._bar._edit.setText("no such")  # the new one is seen all the same
            press(app, "containers_run")
            assert not hands.button("run_ok").isEnabled()
            hands.fill(image="busybox:latest", name="cache", ports="6379:80\n127.0.0.1:7001:81/udp")
            assert hands.words("run_name_problem").startswith("There is a container")
            assert hands.words("run_ports_problem") == "cache has port 6379 of this computer already."
            assert not hands.button("run_ok").isEnabled() and not hands.button("run_line_copy").isEnabled()
            hands.fill(
                name="mine", ports="7000:80\n127.0.0.1:7001:81/udp", volumes="mine-data:/data\n/own",
                environment="A=it's", restart="always", cpus="1.5", memory="64m", command="sleep 600",
            )  # fmt: skip
            await until(lambda: hands.form._network.findData("shop_default") > 0)
            hands.fill(network="shop_default")
            hands.button("run_line_copy").click()
            line = (
                "docker run -d --restart always --name mine -p 7000:80 -p 127.0.0.1:7001:81/udp -v /own "
                "-v mine-data:/data -e 'A=it'\"'\"'s' --network shop_default --memory 64m --cpus 1.5 "
                "busybox:latest sleep 600"
            )
            assert QGuiApplication.clipboard().text() == line
            assert walk.faults() == []
            made = await hands.run()
            assert (made.name, made.state, app.window.page()) == ("mine", "running", "containers")
            assert {(port.host_ip, port.host_port) for port in made.ports} >= {("127.0.0.1", 7001), ("0.0.0.0", 7000)}
            assert "mine-data" in made.volumes and len(made.volumes) == 2
            assert [place.network for place in made.attachments] == ["shop_default"]
            assert await app.engine.run_line(made.id) == line


async def test_what_the_engine_refuses_stays_to_be_mended(home: Home, logs: LogWatch) -> None:
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            hands = await ready(app, files)
            before = len(app.engine.containers)
            app.runs.open(next(image.id for image in app.engine.images if "busybox:latest" in image.tags))
            assert hands.form.values()["image"] == "busybox:latest"
            hands.fill(name="mine", command="nosuchprogram", environment="A=1")
            assert "executable file not found in $PATH" in await hands.refused()
            assert hands.form.values()["environment"] == "A=1"
            assert walk.faults() == []
            await until(lambda: len(app.engine.containers) == before)  # so that its name is free again
            hands.fill(command="sleep 600")
            assert (await hands.run()).name == "mine"


async def test_an_image_that_is_not_here_is_pulled_and_closing_the_form_ends_that(home: Home, logs: LogWatch) -> None:
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            hands = await ready(app, files)
            app._on_containers("run", [])
            hands.fill(image="team/new:1", command="sleep 600")
            assert hands.words("run_note").startswith("The image is not here yet")
            await play(files, "registry=5")
            hands.button("run_ok").click()
            await until(lambda: len(app.jobs.running()) == 1)
            assert hands.words("run_note").startswith("team/new:1 is being pulled")
            QTest.keyClick(hands.form, Qt.Key.Key_Escape)
            await until(lambda: not app.jobs.running() and app.window.findChild(RunForm) is None)
            await play(files, "registry-login")
            app._on_containers("run", [])
            hands.fill(image="ghcr.io/team/new:1", command="sleep 600")
            assert "docker login ghcr.io" in await hands.refused()
            await play(files, "registry")
            assert (await hands.run()).image == "ghcr.io/team/new:1"


async def test_what_a_cancelled_form_began_is_taken_away_again(home: Home, logs: LogWatch) -> None:
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            hands = await ready(app, files)
            before = {container.id for container in app.engine.containers}
            await play(files, "engine-slow=0.5")
            app._on_containers("run", [])
            hands.fill(image="busybox:latest", name="mine", command="sleep 600")
            hands.button("run_ok").click()
            assert not hands.button("run_ok").isEnabled()  # a second click begins no second one
            QTest.keyClick(hands.form, Qt.Key.Key_Escape)
            await until(lambda: app.window.findChild(RunForm) is None)
            await until(lambda: not [task for task in app.tasks._tasks if task.get_name() == "run a container"])
            await play(files, "calm")
            assert app.engine.client is not None
            assert {container.id for container in await app.engine.client.containers()} == before


async def test_every_way_in_opens_one_form(home: Home, logs: LogWatch) -> None:
    with fake_machine(home, "--containers", "0") as files:
        async with running_app(home, logs) as app:
            await play(files, "running")
            await until(lambda: app.engine.link.link is Link.UP and len(app.engine.images) > 0)
            app.window.show_page("containers")
            hands = Hands(app)
            press(app, "containers_face_button")
            first = hands.form
            app.window.show_page("images")
            app.images.table.selectRow(0)
            press(app, "images_run")
            assert app.window.findChildren(RunForm) == [first]
            hands.button("run_cancel").click()
            await until(lambda: app.window.findChild(RunForm) is None)
            app._show_palette()
            assert app.palette is not None
            await until(lambda: app.palette is not None and app.palette._open is not None)
            finder = app.palette._open
            assert finder is not None
            line = finder.findChild(QLineEdit, "palette_line")
            assert isinstance(line, QLineEdit)
            line.setText("run busy")
            QTest.keyClick(line, Qt.Key.Key_Return)
            await until(lambda: app.window.findChild(RunForm) is not None)
            assert hands.form.values()["image"] == "busybox:latest"
            assert hands.form.focusWidget().objectName() == "run_name"
            hands.button("run_cancel").click()
