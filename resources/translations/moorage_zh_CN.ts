<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Actions</name>
    <message>
        <source>Killing it is like pulling the plug: containers get no time to save what they hold.</source>
        <translation>强制终止就像直接拔掉电源：容器来不及保存其中的数据。</translation>
    </message>
    <message>
        <source>Keep waiting</source>
        <translation>继续等待</translation>
    </message>
    <message>
        <source>Kill</source>
        <translation>强制终止</translation>
    </message>
    <message>
        <source>Remove this image?</source>
        <translation>要删除此镜像吗？</translation>
    </message>
    <message>
        <source>Pulling or building again takes time.</source>
        <translation>重新拉取或构建需要时间。</translation>
    </message>
    <message>
        <source>Stop these containers? (%1)</source>
        <translation>要停止这些容器吗？（%1）</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Restart these containers? (%1)</source>
        <translation>要重启这些容器吗？（%1）</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Kill these containers? (%1)</source>
        <translation>要强制终止这些容器吗？（%1）</translation>
    </message>
    <message>
        <source>What they wrote outside volumes is lost.</source>
        <translation>它们写在卷以外的数据将会丢失。</translation>
    </message>
    <message>
        <source>Running ones are killed first (%1 of them).</source>
        <translation>其中 %1 个正在运行，会先被强制终止。</translation>
    </message>
    <message>
        <source>Volumes with a name stay; those without one can go along.</source>
        <translation>有名称的卷会保留；没有名称的卷可以一并删除。</translation>
    </message>
    <message>
        <source>The networks of the whole project go along: %1</source>
        <translation>整个项目的网络将一并删除：%1</translation>
    </message>
    <message>
        <source>Remove these containers? (%1)</source>
        <translation>要删除这 %1 个容器吗？</translation>
    </message>
    <message>
        <source>Remove this container?</source>
        <translation>要删除此容器吗？</translation>
    </message>
    <message>
        <source>It is running, and is killed first.</source>
        <translation>它正在运行，会先被强制终止。</translation>
    </message>
    <message>
        <source>What it wrote outside volumes is lost.</source>
        <translation>它写在卷以外的数据将会丢失。</translation>
    </message>
    <message>
        <source>Remove with volumes</source>
        <translation>连同卷一起删除</translation>
    </message>
    <message>
        <source>Rename %1</source>
        <translation>重命名 %1</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>新名称</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Make an image of %1</source>
        <translation>用 %1 制作镜像</translation>
    </message>
    <message>
        <source>Name of the image, such as team/app:1.0</source>
        <translation>镜像名称，例如 team/app:1.0</translation>
    </message>
    <message>
        <source>Make</source>
        <translation>制作</translation>
    </message>
    <message>
        <source>The docker run line was copied</source>
        <translation>已复制 docker run 命令行</translation>
    </message>
    <message>
        <source>Remove these images? (%1)</source>
        <translation>要删除这 %1 个镜像吗？</translation>
    </message>
    <message>
        <source>… and %1 more</source>
        <translation>……以及另外 %1 个</translation>
    </message>
    <message>
        <source>%1 of %2 failed</source>
        <translation>%2 个中有 %1 个失败</translation>
    </message>
    <message>
        <source>delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Type “%1” to confirm it</source>
        <translation>输入“%1”以确认</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Delete all containers, images, volumes and build caches?</source>
        <translation>要删除所有容器、镜像、卷和构建缓存吗？</translation>
    </message>
    <message>
        <source>The machine is switched off and its disk is thrown away. This cannot be undone.</source>
        <translation>虚拟机将被关闭，其磁盘将被删除。此操作无法撤销。</translation>
    </message>
    <message>
        <source>Delete everything in it</source>
        <translation>全部删除</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>Bell</name>
    <message>
        <source>The bell of a console rang: %1</source>
        <translation>控制台响铃：%1</translation>
    </message>
</context>
<context>
    <name>Cells</name>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟前</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时前</translation>
    </message>
    <message>
        <source>%1 days</source>
        <translation>%1 天前</translation>
    </message>
    <message>
        <source>%1 months</source>
        <translation>%1 个月前</translation>
    </message>
    <message>
        <source>%1 years</source>
        <translation>%1 年前</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Ctrl+%1 … and ? for help</source>
        <translation>Ctrl+%1 …，按 ? 查看帮助</translation>
    </message>
    <message>
        <source>No longer written to %1</source>
        <translation>已停止写入 %1</translation>
    </message>
    <message>
        <source>What is printed is written to %1</source>
        <translation>输出将写入 %1</translation>
    </message>
    <message>
        <source>The screen is written to %1</source>
        <translation>屏幕内容已写入 %1</translation>
    </message>
    <message>
        <source>The console cannot be written to a file: %1</source>
        <translation>无法将控制台写入文件：%1</translation>
    </message>
    <message>
        <source>Viewers: %1</source>
        <translation>查看者：%1</translation>
    </message>
    <message>
        <source>read only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>log on</source>
        <translation>正在记录</translation>
    </message>
    <message>
        <source>Copy mode: arrows move, Space marks and copies, / and ? find, n goes on, Esc leaves</source>
        <translation>复制模式：方向键移动，空格标记和复制，/ 和 ? 查找，n 找下一处，Esc 退出</translation>
    </message>
    <message>
        <source>Not found: %1</source>
        <translation>未找到：%1</translation>
    </message>
    <message>
        <source>types Ctrl+%1</source>
        <translation>输入 Ctrl+%1</translation>
    </message>
    <message>
        <source>opens a shell in the machine or in a container</source>
        <translation>在虚拟机或容器中打开 shell</translation>
    </message>
    <message>
        <source>next, previous, one of, all consoles</source>
        <translation>下一个、上一个、某一个、所有控制台</translation>
    </message>
    <message>
        <source>renames, closes a shell</source>
        <translation>重命名、关闭 shell</translation>
    </message>
    <message>
        <source>detaches</source>
        <translation>断开</translation>
    </message>
    <message>
        <source>copy mode, paste</source>
        <translation>复制模式、粘贴</translation>
    </message>
    <message>
        <source>log to a file, write the screen to a file</source>
        <translation>记录到文件、将屏幕写入文件</translation>
    </message>
    <message>
        <source>clears the screen</source>
        <translation>清屏</translation>
    </message>
    <message>
        <source>sends a break on the machine&apos;s line</source>
        <translation>在虚拟机的串口线上发送 break</translation>
    </message>
    <message>
        <source>says what this is</source>
        <translation>显示此控制台的信息</translation>
    </message>
    <message>
        <source>After Ctrl+%1:</source>
        <translation>按 Ctrl+%1 之后：</translation>
    </message>
</context>
<context>
    <name>ConnectCard</name>
    <message>
        <source>Use it from a terminal</source>
        <translation>在终端中使用</translation>
    </message>
    <message>
        <source>docker uses Moorage by default</source>
        <translation>docker 命令默认使用 Moorage</translation>
    </message>
    <message>
        <source>Socket</source>
        <translation>套接字</translation>
    </message>
    <message>
        <source>This shell only</source>
        <translation>仅当前 shell</translation>
    </message>
    <message>
        <source>For programs that know only the system&apos;s socket</source>
        <translation>仅支持系统套接字的程序</translation>
    </message>
    <message>
        <source>Something is at %1 already, such as the socket of another engine. This line leaves it as it is.</source>
        <translation>%1 处已有内容，例如另一个引擎的套接字。这行命令不会改动它。</translation>
    </message>
    <message>
        <source>%1 leads here already.</source>
        <translation>%1 已指向这里。</translation>
    </message>
</context>
<context>
    <name>ConsolePane</name>
    <message>
        <source>Console</source>
        <translation>控制台</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>虚拟机</translation>
    </message>
    <message>
        <source>You only look at this console. To type, untick Only look under the plus.</source>
        <translation>您只是在查看此控制台。要输入，请在加号菜单中取消勾选“只查看”。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>The machine boots and has printed nothing yet</source>
        <translation>机器正在启动，还没有打印任何内容</translation>
    </message>
    <message>
        <source>Detached. The console goes on.</source>
        <translation>已断开。控制台继续运行。</translation>
    </message>
    <message>
        <source>Connecting to the console…</source>
        <translation>正在连接控制台…</translation>
    </message>
    <message>
        <source>Its console shows everything from the moment it is switched on.</source>
        <translation>从开机那一刻起的所有输出都会显示在控制台中。</translation>
    </message>
    <message>
        <source>Its console goes on where it was.</source>
        <translation>控制台会从原处继续。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>The machine is stopped</source>
        <translation>虚拟机已停止</translation>
    </message>
    <message>
        <source>The machine failed</source>
        <translation>虚拟机发生故障</translation>
    </message>
</context>
<context>
    <name>ConsoleStrip</name>
    <message>
        <source>Open another console</source>
        <translation>打开另一个控制台</translation>
    </message>
    <message>
        <source>Name of the console</source>
        <translation>控制台名称</translation>
    </message>
    <message>
        <source>Consoles</source>
        <translation>控制台</translation>
    </message>
</context>
<context>
    <name>ConsoleTabs</name>
    <message>
        <source>Console</source>
        <translation>控制台</translation>
    </message>
    <message>
        <source>Only look at the machine&apos;s console</source>
        <translation>只查看虚拟机的控制台</translation>
    </message>
    <message>
        <source>A break does nothing here: only the machine&apos;s own console has a line.</source>
        <translation>在这里发送 break 不起作用：只有虚拟机自己的控制台有串口线。</translation>
    </message>
    <message>
        <source>Close the shell in %1</source>
        <translation>关闭 %1 中的 shell</translation>
    </message>
    <message>
        <source>Close the shell in the machine</source>
        <translation>关闭虚拟机中的 shell</translation>
    </message>
    <message>
        <source>Detach from %1</source>
        <translation>与 %1 断开</translation>
    </message>
    <message>
        <source>Let go of the console of %1</source>
        <translation>放开 %1 的控制台</translation>
    </message>
    <message>
        <source>Machine, shell</source>
        <translation>虚拟机 shell</translation>
    </message>
    <message>
        <source>%1, attached</source>
        <translation>%1（已连接）</translation>
    </message>
    <message>
        <source>A shell in the machine</source>
        <translation>在虚拟机中打开 shell</translation>
    </message>
    <message>
        <source>A shell in the machine: it does not run</source>
        <translation>在虚拟机中打开 shell：虚拟机未运行</translation>
    </message>
    <message>
        <source>A shell in:</source>
        <translation>打开 shell：</translation>
    </message>
    <message>
        <source>No container is running</source>
        <translation>没有正在运行的容器</translation>
    </message>
    <message>
        <source>Attach to</source>
        <translation>连接到</translation>
    </message>
    <message>
        <source>Other machines</source>
        <translation>其他虚拟机</translation>
    </message>
    <message>
        <source>The machine&apos;s own console is always there.</source>
        <translation>虚拟机自己的控制台始终保留。</translation>
    </message>
</context>
<context>
    <name>Containers</name>
    <message>
        <source>No project</source>
        <translation>无项目</translation>
    </message>
    <message>
        <source>%1 of %2 running</source>
        <translation>%1/%2 运行中</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Killed: out of memory</source>
        <translation>被终止：内存不足</translation>
    </message>
    <message>
        <source>Unhealthy</source>
        <translation>不健康</translation>
    </message>
    <message>
        <source>Out of memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>Not in a shared folder: %1. The container sees the machine&apos;s own folder there instead, usually an empty one.</source>
        <translation>不在任何共享文件夹中：%1。容器在那里看到的是虚拟机自己的文件夹，通常是空的。</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>已创建</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Restarting</source>
        <translation>正在重启</translation>
    </message>
    <message>
        <source>Removing</source>
        <translation>正在删除</translation>
    </message>
    <message>
        <source>Exited</source>
        <translation>已退出</translation>
    </message>
    <message>
        <source>Dead</source>
        <translation>已失效</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Restarting…</source>
        <translation>正在重启…</translation>
    </message>
    <message>
        <source>Killing…</source>
        <translation>正在强制终止…</translation>
    </message>
    <message>
        <source>Pausing…</source>
        <translation>正在暂停…</translation>
    </message>
    <message>
        <source>Resuming…</source>
        <translation>正在恢复…</translation>
    </message>
    <message>
        <source>Removing…</source>
        <translation>正在删除…</translation>
    </message>
    <message>
        <source>Signalling…</source>
        <translation>正在发送信号…</translation>
    </message>
    <message>
        <source>Renaming…</source>
        <translation>正在重命名…</translation>
    </message>
    <message>
        <source>Committing…</source>
        <translation>正在制作镜像…</translation>
    </message>
    <message>
        <source>Containers</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>Filter, or status:running</source>
        <translation>筛选，或 status:running</translation>
    </message>
    <message>
        <source>No containers yet</source>
        <translation>还没有容器</translation>
    </message>
    <message>
        <source>What you run from a terminal shows up here at once. For example:</source>
        <translation>在终端中运行的容器会立即显示在这里。例如：</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Send a signal</source>
        <translation>发送信号</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Kill</source>
        <translation>强制终止</translation>
    </message>
    <message>
        <source>Open a shell</source>
        <translation>打开 shell</translation>
    </message>
    <message>
        <source>Words that a row must hold, anywhere or in one of these:
name: image: status: label: project: port: id:</source>
        <translation>行中必须包含的词，可在任意位置，或在以下字段之一：
name: image: status: label: project: port: id:</translation>
    </message>
    <message>
        <source>Group by Compose project</source>
        <translation>按 Compose 项目分组</translation>
    </message>
    <message>
        <source>Run…</source>
        <translation>运行…</translation>
    </message>
    <message>
        <source>Run a container</source>
        <translation>运行容器</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Make an image…</source>
        <translation>制作镜像…</translation>
    </message>
    <message>
        <source>Copy docker run line</source>
        <translation>复制 docker run 命令行</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>ContextOffer</name>
    <message>
        <source>Shall the docker command use Moorage?</source>
        <translation>要让 docker 命令使用 Moorage 吗？</translation>
    </message>
    <message>
        <source>In every terminal it then talks to this machine. The switch is in Overview.</source>
        <translation>此后在任何终端中，它都会连接到这台虚拟机。可随时在“概览”中更改。</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>To install it: brew install docker</source>
        <translation>安装方法：brew install docker</translation>
    </message>
    <message>
        <source>To install it on Debian 13: sudo apt install docker-cli; Debian 12 and Ubuntu have it in docker.io</source>
        <translation>在 Debian 13 上安装：sudo apt install docker-cli；Debian 12 和 Ubuntu 中它在 docker.io 软件包里</translation>
    </message>
    <message>
        <source>There is no docker command on this host. Moorage brings the engine, not the command. %1.</source>
        <translation>此主机上没有 docker 命令。Moorage 提供引擎，但不提供该命令。%1。</translation>
    </message>
    <message>
        <source>DOCKER_HOST is set where Moorage was started, and outranks this switch.</source>
        <translation>启动 Moorage 的环境中设置了 DOCKER_HOST，其优先级高于此开关。</translation>
    </message>
    <message>
        <source>DOCKER_CONTEXT is set where Moorage was started, and outranks this switch.</source>
        <translation>启动 Moorage 的环境中设置了 DOCKER_CONTEXT，其优先级高于此开关。</translation>
    </message>
    <message>
        <source>The docker command&apos;s current context is %1.</source>
        <translation>docker 命令的当前上下文是 %1。</translation>
    </message>
</context>
<context>
    <name>CopyBar</name>
    <message>
        <source>C&amp;opy</source>
        <translation>复制(&amp;O)</translation>
    </message>
    <message>
        <source>Put this on the clipboard? A program in this console asks for it. Characters: %1</source>
        <translation>要把这段内容放到剪贴板吗？此控制台中的程序请求这样做。字符数：%1</translation>
    </message>
</context>
<context>
    <name>CopyField</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>DesktopNotices</name>
    <message>
        <source>%1 notices</source>
        <translation>%1 条通知</translation>
    </message>
</context>
<context>
    <name>Detail</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>The lines that were shown were saved</source>
        <translation>已保存所显示的各行</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>ended at %1</source>
        <translation>结束于 %1</translation>
    </message>
    <message>
        <source>Starting: not checked yet</source>
        <translation>正在启动：尚未检查</translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>Unhealthy</source>
        <translation>不健康</translation>
    </message>
    <message>
        <source>checks that failed in a row: %1</source>
        <translation>连续失败的检查：%1 次</translation>
    </message>
    <message>
        <source>never by itself</source>
        <translation>从不自动重启</translation>
    </message>
    <message>
        <source>always</source>
        <translation>总是</translation>
    </message>
    <message>
        <source>always, unless it was stopped</source>
        <translation>总是，除非被手动停止</translation>
    </message>
    <message>
        <source>when it fails</source>
        <translation>失败时</translation>
    </message>
    <message>
        <source>This is as it was last known.</source>
        <translation>此处为最后已知的内容。</translation>
    </message>
    <message>
        <source>The engine does not answer. This is as it was last known, and goes on by itself.</source>
        <translation>引擎没有响应。此处为最后已知的内容，恢复后会自动继续。</translation>
    </message>
    <message>
        <source>The container was removed. This is the last that was seen of it.</source>
        <translation>容器已被删除。此处为最后看到的内容。</translation>
    </message>
    <message>
        <source>All of them were removed. This is the last that was seen of them.</source>
        <translation>它们都已被删除。这是最后看到的内容。</translation>
    </message>
    <message>
        <source>The engine has no log to give: %1</source>
        <translation>引擎无法提供日志：%1</translation>
    </message>
    <message>
        <source>It has ended.</source>
        <translation>已结束。</translation>
    </message>
    <message>
        <source>It has not been started yet.</source>
        <translation>尚未启动过。</translation>
    </message>
    <message>
        <source>It is paused.</source>
        <translation>已暂停。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续运行</translation>
    </message>
    <message>
        <source>It has ended, and the engine starts it again.</source>
        <translation>已结束，引擎正在重新启动它。</translation>
    </message>
</context>
<context>
    <name>DetailPane</name>
    <message>
        <source>%1 containers</source>
        <translation>%1 个容器</translation>
    </message>
    <message>
        <source>Views of the container</source>
        <translation>容器的视图</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Stats</source>
        <translation>资源</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Terminal</source>
        <translation>终端</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Containers</source>
        <translation>容器</translation>
    </message>
</context>
<context>
    <name>Display</name>
    <message>
        <source>Ctrl+click opens it</source>
        <translation>按住 Ctrl 点击即可打开</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>控制台</translation>
    </message>
</context>
<context>
    <name>Exit</name>
    <message>
        <source>killed, since its memory was used up</source>
        <translation>因内存耗尽而被强制终止</translation>
    </message>
    <message>
        <source>Exit code %1: %2</source>
        <translation>退出代码 %1：%2</translation>
    </message>
    <message>
        <source>Exit code %1</source>
        <translation>退出代码 %1</translation>
    </message>
    <message>
        <source>it ended by itself, without an error</source>
        <translation>自行结束，没有错误</translation>
    </message>
    <message>
        <source>the engine could not run it</source>
        <translation>引擎无法运行它</translation>
    </message>
    <message>
        <source>its command cannot be executed</source>
        <translation>其命令无法执行</translation>
    </message>
    <message>
        <source>its command was not found</source>
        <translation>找不到其命令</translation>
    </message>
    <message>
        <source>interrupted (SIGINT)</source>
        <translation>被中断（SIGINT）</translation>
    </message>
    <message>
        <source>it gave up by itself (SIGABRT)</source>
        <translation>自行中止（SIGABRT）</translation>
    </message>
    <message>
        <source>killed (SIGKILL): by hand, or for want of memory</source>
        <translation>被强制终止（SIGKILL）：由人操作，或因内存不足</translation>
    </message>
    <message>
        <source>it crashed (SIGSEGV)</source>
        <translation>崩溃（SIGSEGV）</translation>
    </message>
    <message>
        <source>stopped as it was asked to (SIGTERM)</source>
        <translation>应请求停止（SIGTERM）</translation>
    </message>
    <message>
        <source>ended by %1</source>
        <translation>被 %1 终止</translation>
    </message>
</context>
<context>
    <name>Faces</name>
    <message>
        <source>The machine is stopped</source>
        <translation>虚拟机已停止</translation>
    </message>
    <message>
        <source>All that is in it is kept. Start it to see it.</source>
        <translation>其中的一切都会保留。启动后即可查看。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>The machine is suspended</source>
        <translation>虚拟机已挂起</translation>
    </message>
    <message>
        <source>Its containers go on where they were when it resumes.</source>
        <translation>恢复后，容器会从挂起处继续运行。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>The machine failed</source>
        <translation>虚拟机发生故障</translation>
    </message>
    <message>
        <source>The machine is stopping</source>
        <translation>虚拟机正在停止</translation>
    </message>
    <message>
        <source>The machine is being suspended</source>
        <translation>虚拟机正在挂起</translation>
    </message>
    <message>
        <source>The machine resumes</source>
        <translation>虚拟机正在恢复</translation>
    </message>
    <message>
        <source>The machine is starting</source>
        <translation>虚拟机正在启动</translation>
    </message>
    <message>
        <source>What runs in it is shown as soon as its engine answers.</source>
        <translation>引擎就绪后，这里会立即显示其中运行的内容。</translation>
    </message>
    <message>
        <source>The engine does not answer</source>
        <translation>引擎没有响应</translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>Connecting to the engine</source>
        <translation>正在连接引擎</translation>
    </message>
    <message>
        <source>Open the console</source>
        <translation>打开控制台</translation>
    </message>
    <message>
        <source>Asking the engine</source>
        <translation>正在询问引擎</translation>
    </message>
    <message>
        <source>The engine refused to tell</source>
        <translation>引擎拒绝提供信息</translation>
    </message>
</context>
<context>
    <name>FailureCard</name>
    <message>
        <source>Last lines of the log</source>
        <translation>日志的最后几行</translation>
    </message>
    <message>
        <source>The machine failed</source>
        <translation>虚拟机发生故障</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Modified</source>
        <translation>修改时间</translation>
    </message>
    <message>
        <source>Against the image</source>
        <translation>与镜像相比</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>已更改</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>This is no file or folder, and cannot be opened.</source>
        <translation>这不是文件或文件夹，无法打开。</translation>
    </message>
    <message>
        <source>Delete %1?</source>
        <translation>要删除 %1 吗？</translation>
    </message>
    <message>
        <source>It is gone for good, with all that is in it.</source>
        <translation>它和其中的所有内容都将永久消失。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>It is there already. What it holds now is lost.</source>
        <translation>那里已经有它了。它现在的内容将会丢失。</translation>
    </message>
    <message>
        <source>Replace %1?</source>
        <translation>要替换 %1 吗？</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
</context>
<context>
    <name>FilesTab</name>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Which files were changed is not known: %1</source>
        <translation>无法得知哪些文件有改动：%1</translation>
    </message>
    <message>
        <source>This file is no text (%1). Save it to open it on this computer.</source>
        <translation>此文件不是文本（%1）。保存后可在本机打开。</translation>
    </message>
    <message>
        <source>The beginning of %1</source>
        <translation>%1 中的开头部分</translation>
    </message>
    <message>
        <source>The container was removed before its files were read.</source>
        <translation>容器在读取其文件之前已被删除。</translation>
    </message>
    <message>
        <source>The file&apos;s text</source>
        <translation>文件的文本</translation>
    </message>
    <message>
        <source>Up to the folder above</source>
        <translation>到上一级文件夹</translation>
    </message>
    <message>
        <source>Path in the container</source>
        <translation>容器中的路径</translation>
    </message>
    <message>
        <source>Path in the volume</source>
        <translation>卷中的路径</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Upload</source>
        <translation>上传</translation>
    </message>
    <message>
        <source>Files are deleted by the container&apos;s own rm: start or resume it for that</source>
        <translation>文件由容器自己的 rm 删除：请先启动或恢复容器</translation>
    </message>
    <message>
        <source>Upload into %1</source>
        <translation>上传到 %1</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Upload files…</source>
        <translation>上传文件…</translation>
    </message>
    <message>
        <source>Upload a folder…</source>
        <translation>上传文件夹…</translation>
    </message>
    <message>
        <source>1 entry</source>
        <translation>1 项</translation>
    </message>
    <message>
        <source>%1 entries</source>
        <translation>%1 项</translation>
    </message>
    <message>
        <source>Only a part: this folder holds too much to read all of it. A running container tells all.</source>
        <translation>仅一部分：此文件夹内容太多，无法全部读取。容器运行时可列出全部。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Save the folder as a tar archive</source>
        <translation>将文件夹保存为 tar 归档</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>保存文件</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>Nothing matches “%1”</source>
        <translation>没有与“%1”匹配的内容</translation>
    </message>
    <message>
        <source>The first %1 of %2</source>
        <translation>共 %2 项，显示前 %1 项</translation>
    </message>
</context>
<context>
    <name>FoldingRow</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Suspend</source>
        <translation>挂起</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Kill</source>
        <translation>强制终止</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>The virtual machine is being switched on</source>
        <translation>正在给虚拟机开机</translation>
    </message>
    <message>
        <source>The guest is up, its engine is coming</source>
        <translation>虚拟机已启动，正在等待引擎就绪</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>at most %1 s more</source>
        <translation>最多还需 %1 秒</translation>
    </message>
    <message>
        <source>Its containers wait; a docker call resumes it too</source>
        <translation>容器正在等待；docker 命令也会恢复它</translation>
    </message>
    <message>
        <source>The machine is off</source>
        <translation>虚拟机已关闭</translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>History of %1</source>
        <translation>%1 的历史</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>%1 layers, %2</source>
        <translation>%1 层，%2</translation>
    </message>
    <message>
        <source>1 layer, %2</source>
        <translation>1 层，%2</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>生成命令</translation>
    </message>
</context>
<context>
    <name>ImageActions</name>
    <message>
        <source>Push which of these tags?</source>
        <translation>要推送其中哪些标签？</translation>
    </message>
    <message>
        <source>Push</source>
        <translation>推送</translation>
    </message>
    <message>
        <source>Pull an image</source>
        <translation>拉取镜像</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>平台</translation>
    </message>
    <message>
        <source>the machine&apos;s own</source>
        <translation>与虚拟机相同</translation>
    </message>
    <message>
        <source>Pull</source>
        <translation>拉取</translation>
    </message>
    <message>
        <source>A registry that asks who you are takes your `docker login`.</source>
        <translation>需要身份验证的镜像仓库会使用你的 `docker login`。</translation>
    </message>
    <message>
        <source>Log in to a registry</source>
        <translation>登录镜像仓库</translation>
    </message>
    <message>
        <source>Registry</source>
        <translation>镜像仓库</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Password or token</source>
        <translation>密码或令牌</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>docker&apos;s credential helper keeps it, for `docker` too. Moorage stores nothing.</source>
        <translation>由 docker 的凭据助手保存，`docker` 也能使用。Moorage 不保存任何内容。</translation>
    </message>
    <message>
        <source>Build an image</source>
        <translation>构建虚拟机镜像</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Dockerfile</source>
        <translation>Dockerfile</translation>
    </message>
    <message>
        <source>Build</source>
        <translation>构建</translation>
    </message>
    <message>
        <source>What .dockerignore names stays here. The engine&apos;s classic builder is used.</source>
        <translation>.dockerignore 中列出的内容不会发送。使用引擎的经典构建器。</translation>
    </message>
    <message>
        <source>Add a tag</source>
        <translation>添加标签</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Save images</source>
        <translation>保存镜像</translation>
    </message>
    <message>
        <source>Load images</source>
        <translation>加载镜像</translation>
    </message>
</context>
<context>
    <name>Images</name>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>ID</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Shared</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>Layers that other images have too. Removing one image frees the rest.</source>
        <translation>其他镜像也有的层。删除镜像只会释放其余部分。</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用情况</translation>
    </message>
    <message>
        <source>(untagged)</source>
        <translation>（无标签）</translation>
    </message>
    <message>
        <source>Tagging…</source>
        <translation>正在添加标签…</translation>
    </message>
    <message>
        <source>Removing…</source>
        <translation>正在删除…</translation>
    </message>
    <message>
        <source>1 container</source>
        <translation>1 个容器</translation>
    </message>
    <message>
        <source>%1 containers</source>
        <translation>%1 个容器</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>There are no such images</source>
        <translation>没有这样的镜像</translation>
    </message>
    <message>
        <source>Pull…</source>
        <translation>拉取…</translation>
    </message>
    <message>
        <source>Build…</source>
        <translation>构建…</translation>
    </message>
    <message>
        <source>Load…</source>
        <translation>加载…</translation>
    </message>
    <message>
        <source>Clean up…</source>
        <translation>清理…</translation>
    </message>
    <message>
        <source>Which images</source>
        <translation>哪些镜像</translation>
    </message>
    <message>
        <source>All images</source>
        <translation>所有镜像</translation>
    </message>
    <message>
        <source>Not in use</source>
        <translation>未使用</translation>
    </message>
    <message>
        <source>Without a tag and a use</source>
        <translation>无标签且未使用</translation>
    </message>
    <message>
        <source>Log in…</source>
        <translation>登录…</translation>
    </message>
    <message>
        <source>Filter images</source>
        <translation>筛选镜像</translation>
    </message>
    <message>
        <source>No images yet</source>
        <translation>还没有镜像</translation>
    </message>
    <message>
        <source>What you pull or build from a terminal shows up here at once. For example:</source>
        <translation>在终端中拉取或构建的镜像会立即显示在这里。例如：</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Run…</source>
        <translation>运行…</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Push</source>
        <translation>推送</translation>
    </message>
    <message>
        <source>Add a tag…</source>
        <translation>添加标签…</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>1 image, at most %2</source>
        <translation>1 个镜像，最多 %2</translation>
    </message>
    <message>
        <source>%1 images, at most %2</source>
        <translation>%1 个镜像，最多 %2</translation>
    </message>
    <message>
        <source>1 image, %2</source>
        <translation>1 个镜像，%2</translation>
    </message>
    <message>
        <source>%1 images, %2</source>
        <translation>%1 个镜像，%2</translation>
    </message>
</context>
<context>
    <name>ImagesCard</name>
    <message>
        <source>Progress of the build</source>
        <translation>构建进度</translation>
    </message>
    <message>
        <source>Debian mirror</source>
        <translation>Debian 软件源镜像</translation>
    </message>
    <message>
        <source>Build</source>
        <translation>构建</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>It is built on this host from signed Debian packages. That takes some minutes, once.</source>
        <translation>将在此主机上用经过签名的 Debian 软件包构建，需要几分钟，只需一次。</translation>
    </message>
    <message>
        <source>The address of a Debian mirror, https://…</source>
        <translation>Debian 软件源镜像的地址，https://…</translation>
    </message>
    <message>
        <source>The one that this host uses</source>
        <translation>此主机所用的软件源</translation>
    </message>
    <message>
        <source>Rebuild</source>
        <translation>重新构建</translation>
    </message>
    <message>
        <source>Beginning</source>
        <translation>正在开始</translation>
    </message>
    <message>
        <source>Not looked at yet</source>
        <translation>尚未检查</translation>
    </message>
    <message>
        <source>Import guest image and runtime</source>
        <translation>导入虚拟机镜像和运行时</translation>
    </message>
    <message>
        <source>Export guest image and runtime</source>
        <translation>导出虚拟机镜像和运行时</translation>
    </message>
</context>
<context>
    <name>InspectTab</name>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Not read yet.</source>
        <translation>尚未读取。</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Last lines</source>
        <translation>最后几行</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>健康状况</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>重启次数</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Show environment</source>
        <translation>显示环境变量</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>全部复制</translation>
    </message>
    <message>
        <source>In short</source>
        <translation>概要</translation>
    </message>
    <message>
        <source>Copy value</source>
        <translation>复制值</translation>
    </message>
    <message>
        <source>Copy name</source>
        <translation>复制名称</translation>
    </message>
</context>
<context>
    <name>JobCard</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Nothing was said yet</source>
        <translation>暂无内容</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
</context>
<context>
    <name>JobFeed</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>%1 tasks have ended</source>
        <translation>%1 个任务已结束</translation>
    </message>
    <message>
        <source>%1 of them failed.</source>
        <translation>其中 %1 个失败。</translation>
    </message>
    <message>
        <source>%1: done</source>
        <translation>%1：完成</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 per second</source>
        <translation>每秒 %1</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Cancelled; what was deleted before that is gone</source>
        <translation>已取消；此前删除的内容不会恢复</translation>
    </message>
    <message>
        <source>the engine freed %1</source>
        <translation>引擎释放了 %1</translation>
    </message>
    <message>
        <source>this computer got %1 back</source>
        <translation>此电脑收回了 %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>waiting, %1 of %2 layers</source>
        <translation>等待中，%1 / %2 层</translation>
    </message>
    <message>
        <source>the connection was cut, trying again, %1 of %2 layers</source>
        <translation>连接中断，正在重试，%1 / %2 层</translation>
    </message>
    <message>
        <source>downloading, %1 of %2 layers</source>
        <translation>下载中，%1 / %2 层</translation>
    </message>
    <message>
        <source>extracting, %1 of %2 layers</source>
        <translation>解压中，%1 / %2 层</translation>
    </message>
    <message>
        <source>pushing, %1 of %2 layers</source>
        <translation>推送中，%1 / %2 层</translation>
    </message>
    <message>
        <source>loading, %1 of %2 layers</source>
        <translation>载入中，%1 / %2 层</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>packing the folder…</source>
        <translation>正在打包文件夹…</translation>
    </message>
    <message>
        <source>building…</source>
        <translation>正在构建…</translation>
    </message>
    <message>
        <source>deleting containers…</source>
        <translation>正在删除容器…</translation>
    </message>
    <message>
        <source>deleting images…</source>
        <translation>正在删除镜像…</translation>
    </message>
    <message>
        <source>deleting volumes…</source>
        <translation>正在删除卷…</translation>
    </message>
    <message>
        <source>deleting the build cache…</source>
        <translation>正在删除构建缓存…</translation>
    </message>
    <message>
        <source>giving the room back…</source>
        <translation>正在归还空间…</translation>
    </message>
    <message>
        <source>Pull %1</source>
        <translation>拉取 %1</translation>
    </message>
    <message>
        <source>Push %1</source>
        <translation>推送 %1</translation>
    </message>
    <message>
        <source>Build %1</source>
        <translation>构建 %1</translation>
    </message>
    <message>
        <source>Save %1</source>
        <translation>保存 %1</translation>
    </message>
    <message>
        <source>Save the log of %1</source>
        <translation>保存 %1 的日志</translation>
    </message>
    <message>
        <source>Load %1</source>
        <translation>加载 %1</translation>
    </message>
    <message>
        <source>Clean up %1</source>
        <translation>清理 %1</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>导出 %1</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>导入 %1</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <translation>复制 %1</translation>
    </message>
    <message>
        <source>Upload %1</source>
        <translation>上传 %1</translation>
    </message>
    <message>
        <source>Delete %1</source>
        <translation>删除 %1</translation>
    </message>
    <message>
        <source>Log in to %1</source>
        <translation>登录 %1</translation>
    </message>
</context>
<context>
    <name>JobsPage</name>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Remove all that ended</source>
        <translation>移除所有已结束的任务</translation>
    </message>
    <message>
        <source>Nothing is under way</source>
        <translation>没有正在进行的任务</translation>
    </message>
    <message>
        <source>What takes long, such as a pull, is listed here. It goes on with the window closed.</source>
        <translation>耗时的操作（例如拉取）会列在这里。关闭窗口后仍会继续。</translation>
    </message>
    <message>
        <source>Go to the images</source>
        <translation>前往镜像</translation>
    </message>
</context>
<context>
    <name>Links</name>
    <message>
        <source>Nothing here opens such a file. It is %1</source>
        <translation>此处没有可打开此类文件的程序。文件位于 %1</translation>
    </message>
    <message>
        <source>Open this address in the browser?</source>
        <translation>要在浏览器中打开此地址吗？</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
</context>
<context>
    <name>LogBar</name>
    <message>
        <source>Search the log</source>
        <translation>搜索日志</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Previous match</source>
        <translation>上一个匹配项</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>下一个匹配项</translation>
    </message>
    <message>
        <source>Shows only lines in which this regular expression is found, such as error|timeout</source>
        <translation>只显示与此正则表达式匹配的行，例如 error|timeout</translation>
    </message>
    <message>
        <source>Filter lines</source>
        <translation>筛选行</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Timestamps</source>
        <translation>时间戳</translation>
    </message>
    <message>
        <source>Wrap</source>
        <translation>自动换行</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>跟随</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清屏</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>From when on</source>
        <translation>起始时间</translation>
    </message>
    <message>
        <source>Newest lines</source>
        <translation>最新的行</translation>
    </message>
    <message>
        <source>Last 5 minutes</source>
        <translation>最近 5 分钟</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>最近 1 小时</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
</context>
<context>
    <name>LogTab</name>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Save the log</source>
        <translation>保存日志</translation>
    </message>
    <message>
        <source>This is no regular expression: it goes wrong at character %1.</source>
        <translation>这不是正则表达式：第 %1 个字符处有误。</translation>
    </message>
    <message>
        <source>To look for this takes too long: all lines are shown.</source>
        <translation>查找它耗时太久：现在显示所有行。</translation>
    </message>
    <message>
        <source>No match</source>
        <translation>没有匹配项</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>1 match</source>
        <translation>1 个匹配项</translation>
    </message>
    <message>
        <source>%2 matches</source>
        <translation>%2 个匹配项</translation>
    </message>
    <message>
        <source>No line passes the filter.</source>
        <translation>没有匹配筛选的行。</translation>
    </message>
    <message>
        <source>Cleared. What it writes from now on shows up here.</source>
        <translation>已清屏。此后写入的内容会显示在这里。</translation>
    </message>
    <message>
        <source>Not read yet.</source>
        <translation>尚未读取。</translation>
    </message>
    <message>
        <source>It has written nothing that the engine keeps.</source>
        <translation>引擎没有保存它写入的任何内容。</translation>
    </message>
    <message>
        <source>1 line</source>
        <translation>1 行</translation>
    </message>
    <message>
        <source>%1 lines</source>
        <translation>%1 行</translation>
    </message>
    <message>
        <source>%1 of %2 lines pass the filter</source>
        <translation>%2 行中有 %1 行匹配筛选</translation>
    </message>
    <message>
        <source>The newest %1 lines; Save writes all that the engine keeps</source>
        <translation>最新的 %1 行；“保存”会写出引擎保存的全部内容</translation>
    </message>
    <message>
        <source>containers whose logs wait to be read, since there are too many: %3</source>
        <translation>容器过多，日志等待读取的容器数：%3</translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message>
        <source>The container was started again</source>
        <translation>容器已重新启动</translation>
    </message>
    <message>
        <source>Lines are left out here: they came faster than can be shown</source>
        <translation>此处略去了若干行：写入速度超过了可显示的速度</translation>
    </message>
</context>
<context>
    <name>LostBar</name>
    <message>
        <source>Try again now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>The engine does not answer; these rows are as they were last known. %1</source>
        <translation>引擎没有响应；以下是最后一次获知的内容。%1</translation>
    </message>
</context>
<context>
    <name>MachineFailures</name>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>The machine failed</source>
        <translation>虚拟机发生故障</translation>
    </message>
</context>
<context>
    <name>NetworkActions</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Driver</source>
        <translation>驱动</translation>
    </message>
    <message>
        <source>Subnet</source>
        <translation>子网</translation>
    </message>
    <message>
        <source>chosen by the engine</source>
        <translation>由引擎选择</translation>
    </message>
    <message>
        <source>Internal: without a way out</source>
        <translation>内部：无法访问外部</translation>
    </message>
    <message>
        <source>Create a network</source>
        <translation>创建网络</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>Connect to %1</source>
        <translation>连接到 %1</translation>
    </message>
    <message>
        <source>Disconnect from %1</source>
        <translation>从 %1 断开</translation>
    </message>
    <message>
        <source>Remove these networks? (%1)</source>
        <translation>删除这些网络？（%1）</translation>
    </message>
    <message>
        <source>Remove this network?</source>
        <translation>要删除此网络吗？</translation>
    </message>
    <message>
        <source>The engine refuses while a running container is in it.</source>
        <translation>只要有运行中的容器在其中，引擎就会拒绝。</translation>
    </message>
    <message>
        <source>Every network is used by a container</source>
        <translation>每个网络都有容器在使用</translation>
    </message>
    <message>
        <source>Remove the networks that no container is in? (%1)</source>
        <translation>删除没有容器的网络？（%1）</translation>
    </message>
    <message>
        <source>The engine&apos;s own stay.</source>
        <translation>引擎自带的网络会保留。</translation>
    </message>
    <message>
        <source>There is a network of that name already.</source>
        <translation>已有同名的网络。</translation>
    </message>
    <message>
        <source>A subnet looks like 10.20.0.0/24.</source>
        <translation>子网的格式如 10.20.0.0/24。</translation>
    </message>
</context>
<context>
    <name>NetworkCard</name>
    <message>
        <source>With passt and no port allowed below, even privileged containers reach nothing on this computer&apos;s loopback; published ports are then TCP and for this computer only. Takes effect when the machine starts.</source>
        <translation>使用 passt 且下面未允许任何端口时，即使特权容器也访问不到本机回环地址上的任何服务；此时发布的端口仅限 TCP，且仅供本机使用。虚拟机启动时生效。</translation>
    </message>
    <message>
        <source>Way out of containers</source>
        <translation>容器的出口</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Of programs that listen at 127.0.0.1 of this computer, such as 5432, 6379. Containers find them at host.docker.internal.</source>
        <translation>本机上在 127.0.0.1 监听的程序的端口，例如 5432, 6379。容器通过 host.docker.internal 访问。</translation>
    </message>
    <message>
        <source>Ports that containers may reach</source>
        <translation>容器可访问的端口</translation>
    </message>
</context>
<context>
    <name>Networks</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Driver</source>
        <translation>驱动</translation>
    </message>
    <message>
        <source>Subnet</source>
        <translation>子网</translation>
    </message>
    <message>
        <source>Containers</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>%1, internal</source>
        <translation>%1，内部</translation>
    </message>
    <message>
        <source>Removing…</source>
        <translation>正在删除…</translation>
    </message>
    <message>
        <source>1 network</source>
        <translation>1 个网络</translation>
    </message>
    <message>
        <source>%1 networks</source>
        <translation>%1 个网络</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Filter networks</source>
        <translation>筛选网络</translation>
    </message>
    <message>
        <source>Create…</source>
        <translation>创建…</translation>
    </message>
    <message>
        <source>Remove unused…</source>
        <translation>删除未使用的…</translation>
    </message>
    <message>
        <source>Connect…</source>
        <translation>连接…</translation>
    </message>
    <message>
        <source>Disconnect…</source>
        <translation>断开…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>No networks</source>
        <translation>没有网络</translation>
    </message>
    <message>
        <source>An engine usually has three of its own.</source>
        <translation>引擎通常自带三个网络。</translation>
    </message>
    <message>
        <source>Create a network</source>
        <translation>创建网络</translation>
    </message>
</context>
<context>
    <name>NewWarnings</name>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
</context>
<context>
    <name>NoticeList</name>
    <message>
        <source>Notices</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>What fails or ends is told here, also while the window is hidden.</source>
        <translation>失败或结束的事情会在这里告知，窗口隐藏时也一样。</translation>
    </message>
    <message>
        <source>No notices</source>
        <translation>没有通知</translation>
    </message>
</context>
<context>
    <name>NoticeStack</name>
    <message>
        <source>Notices</source>
        <translation>通知</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>Something unexpected went wrong: %1</source>
        <translation>发生了意外错误：%1</translation>
    </message>
    <message>
        <source>The details are in the log crash.log. Going on may work.</source>
        <translation>详细信息见日志 crash.log。也许仍可继续使用。</translation>
    </message>
</context>
<context>
    <name>ObjectActions</name>
    <message>
        <source>Find a container</source>
        <translation>查找容器</translation>
    </message>
    <message>
        <source>Names have letters, digits and . _ - and begin with a letter or digit.</source>
        <translation>名称由字母、数字和 . _ - 组成，并以字母或数字开头。</translation>
    </message>
</context>
<context>
    <name>OlderLines</name>
    <message>
        <source>Older lines are in the log</source>
        <translation>更早的行在日志中</translation>
    </message>
    <message>
        <source>Older lines are not kept</source>
        <translation>更早的行没有保留</translation>
    </message>
    <message>
        <source>Open the log</source>
        <translation>打开日志</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Moorage needs its Linux first</source>
        <translation>Moorage 需要先准备好 Linux</translation>
    </message>
    <message>
        <source>Virtual machine</source>
        <translation>虚拟机</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Guest kernel</source>
        <translation>虚拟机内核</translation>
    </message>
    <message>
        <source>Host kernel</source>
        <translation>主机内核</translation>
    </message>
    <message>
        <source>Host system</source>
        <translation>主机系统</translation>
    </message>
    <message>
        <source>CPUs</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>Cold start</source>
        <translation>冷启动</translation>
    </message>
    <message>
        <source>Disk in use</source>
        <translation>磁盘使用情况</translation>
    </message>
    <message>
        <source>Hypervisor</source>
        <translation>虚拟机监控程序</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Accelerator</source>
        <translation>加速器</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>CPU in use</source>
        <translation>CPU 占用</translation>
    </message>
    <message>
        <source>Memory in use</source>
        <translation>内存占用</translation>
    </message>
    <message>
        <source>Supervisor</source>
        <translation>管理进程</translation>
    </message>
    <message>
        <source>Docker engine</source>
        <translation>Docker 引擎</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>API</source>
        <translation>API</translation>
    </message>
    <message>
        <source>Containers</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Other Docker VMs on this host</source>
        <translation>此主机上的其他 Docker 虚拟机</translation>
    </message>
    <message>
        <source>None is running.</source>
        <translation>没有正在运行的。</translation>
    </message>
    <message>
        <source>%1 since %2</source>
        <translation>%1（自 %2 起）</translation>
    </message>
    <message>
        <source>%1 used of at most %2</source>
        <translation>已用 %1，上限 %2</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>pid %1</source>
        <translation>PID %1</translation>
    </message>
    <message>
        <source>not running</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>%1 of one core</source>
        <translation>单个核心的 %1</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>响应正常</translation>
    </message>
    <message>
        <source>Does not answer yet</source>
        <translation>尚无响应</translation>
    </message>
    <message>
        <source>Answers while the machine runs</source>
        <translation>虚拟机运行时才会响应</translation>
    </message>
    <message>
        <source>%1 running</source>
        <translation>%1 个正在运行</translation>
    </message>
    <message>
        <source>%1, %2 in all</source>
        <translation>%1，共 %2 个</translation>
    </message>
    <message>
        <source>%1 by `docker system df`</source>
        <translation>%1（`docker system df`）</translation>
    </message>
</context>
<context>
    <name>OverviewFeed</name>
    <message>
        <source>%1, pid %2: %3</source>
        <translation>%1，PID %2：%3</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Show the notices</source>
        <translation>显示通知</translation>
    </message>
    <message>
        <source>Open a shell in the machine</source>
        <translation>在虚拟机中打开 shell</translation>
    </message>
    <message>
        <source>Quit Moorage</source>
        <translation>退出 Moorage</translation>
    </message>
    <message>
        <source>Do, or find</source>
        <translation>输入命令或名称</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>虚拟机</translation>
    </message>
    <message>
        <source>Resume the machine</source>
        <translation>恢复虚拟机</translation>
    </message>
    <message>
        <source>Start the machine</source>
        <translation>启动虚拟机</translation>
    </message>
    <message>
        <source>Suspend the machine</source>
        <translation>挂起虚拟机</translation>
    </message>
    <message>
        <source>Stop the machine</source>
        <translation>停止虚拟机</translation>
    </message>
    <message>
        <source>Restart the machine</source>
        <translation>重启虚拟机</translation>
    </message>
    <message>
        <source>Kill the machine</source>
        <translation>强制关闭虚拟机</translation>
    </message>
    <message>
        <source>Compose project</source>
        <translation>Compose 项目</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
</context>
<context>
    <name>PasteBar</name>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message numerus="yes">
        <source>Paste %n line(s)? The shell in the machine may run them at once.</source>
        <translation>
            <numerusform>要粘贴 %n 行吗？虚拟机中的 shell 可能会立即执行这些内容。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PruneDialog</name>
    <message>
        <source>Clean up</source>
        <translation>清理</translation>
    </message>
    <message>
        <source>The engine adds up what nothing uses…</source>
        <translation>引擎正在统计未使用的内容…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Gives back about %1</source>
        <translation>约可释放 %1</translation>
    </message>
    <message>
        <source>Containers that do not run, with what they wrote</source>
        <translation>未运行的容器及其写入的内容</translation>
    </message>
    <message>
        <source>Images without a tag that no container uses</source>
        <translation>没有标签且没有容器使用的镜像</translation>
    </message>
    <message>
        <source>All images that no container uses</source>
        <translation>没有容器使用的所有镜像</translation>
    </message>
    <message>
        <source>Unnamed volumes that no container uses, with their data</source>
        <translation>没有容器使用的未命名卷及其数据</translation>
    </message>
    <message>
        <source>Build cache</source>
        <translation>构建缓存</translation>
    </message>
    <message>
        <source>What is switched on is deleted for good. Then this computer gets the room back.</source>
        <translation>打开的项目将被永久删除，随后空间会归还给此电脑。</translation>
    </message>
</context>
<context>
    <name>QuestionBar</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Quitting</name>
    <message>
        <source>Left running, its containers and the docker command go on to work without this window.</source>
        <translation>如果让它继续运行，没有这个窗口，容器和 docker 命令也照常工作。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Leave it running</source>
        <translation>继续运行</translation>
    </message>
    <message>
        <source>Quitting suspends the machine</source>
        <translation>退出时将挂起虚拟机</translation>
    </message>
    <message>
        <source>Delete the machine and all that Moorage has?</source>
        <translation>删除虚拟机和 Moorage 的全部内容？</translation>
    </message>
    <message>
        <source>All containers, images and volumes, the guest image, the runtime, every setting and the docker context are deleted, and Moorage quits. This cannot be undone.</source>
        <translation>所有容器、镜像和卷、客户机镜像、运行时、全部设置以及 docker context 都会被删除，然后 Moorage 退出。此操作无法撤销。</translation>
    </message>
    <message>
        <source>Delete all and quit</source>
        <translation>全部删除并退出</translation>
    </message>
    <message>
        <source>Quitting cuts off what is under way</source>
        <translation>退出会中断正在进行的任务</translation>
    </message>
    <message>
        <source>It goes on where only the window is closed.</source>
        <translation>如果只关闭窗口，任务会继续。</translation>
    </message>
    <message>
        <source>Cut off and quit</source>
        <translation>中断并退出</translation>
    </message>
    <message>
        <source>Suspended, it takes no memory and no CPU, and its containers go on at the next docker call. Left running, all goes on without this window.</source>
        <translation>挂起后，虚拟机不占用内存和 CPU，下一次 docker 调用时容器会继续运行。保持运行则一切照常，只是没有此窗口。</translation>
    </message>
    <message>
        <source>Stop it</source>
        <translation>停止虚拟机</translation>
    </message>
    <message>
        <source>Suspend and quit</source>
        <translation>挂起并退出</translation>
    </message>
    <message>
        <source>Do this always, without asking</source>
        <translation>以后都这样做，不再询问</translation>
    </message>
    <message>
        <source>The machine could not be suspended. Stop it?</source>
        <translation>虚拟机无法挂起。要停止它吗？</translation>
    </message>
    <message>
        <source>Stop it and quit</source>
        <translation>停止并退出</translation>
    </message>
    <message>
        <source>Deleting all that Moorage has…</source>
        <translation>正在删除 Moorage 的全部内容…</translation>
    </message>
    <message>
        <source>The machine ends first, which can take a while.</source>
        <translation>先要结束虚拟机，可能需要一会儿。</translation>
    </message>
    <message>
        <source>Not everything could be deleted</source>
        <translation>未能删除全部内容</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>RecordActs</name>
    <message>
        <source>Copy name</source>
        <translation>复制名称</translation>
    </message>
    <message>
        <source>Copy ID</source>
        <translation>复制 ID</translation>
    </message>
</context>
<context>
    <name>RecordLinks</name>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
</context>
<context>
    <name>RecordPane</name>
    <message>
        <source>Nothing matches “%1”</source>
        <translation>没有与“%1”匹配的内容</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>%1 so far, more are being read</source>
        <translation>目前 %1 个，其余正在读取</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>RunForm</name>
    <message>
        <source>The image is not here yet: it is pulled first.</source>
        <translation>此镜像尚不在本机：会先拉取它。</translation>
    </message>
    <message>
        <source>The engine warns</source>
        <translation>引擎发出警告</translation>
    </message>
    <message>
        <source>%1 is being pulled; Tasks shows how far it is.</source>
        <translation>正在拉取 %1；进度见“任务”。</translation>
    </message>
    <message>
        <source>The pull of %1 was cancelled</source>
        <translation>%1 的拉取已取消</translation>
    </message>
    <message>
        <source>The container is being started…</source>
        <translation>正在启动容器…</translation>
    </message>
    <message>
        <source>There is a container of that name already.</source>
        <translation>已有同名容器。</translation>
    </message>
    <message>
        <source>In the network %1 nothing is published.</source>
        <translation>在网络 %1 中不会发布任何端口。</translation>
    </message>
    <message>
        <source>%1 has port %2 of this computer already.</source>
        <translation>%1 已占用本机端口 %2。</translation>
    </message>
    <message>
        <source>Names have two or more letters, digits and . _ - and begin with a letter or digit.</source>
        <translation>名称至少两个字符，由字母、数字和 . _ - 组成，并以字母或数字开头。</translation>
    </message>
    <message>
        <source>An image is written like nginx:1.27 or registry.example/team/app.</source>
        <translation>镜像的写法如 nginx:1.27 或 registry.example/team/app。</translation>
    </message>
    <message>
        <source>Port %1 of this computer stands there twice.</source>
        <translation>本机端口 %1 出现了两次。</translation>
    </message>
    <message>
        <source>%1 stands there twice as a place in the container.</source>
        <translation>容器中的位置 %1 出现了两次。</translation>
    </message>
    <message>
        <source>“%1” is not of the form NAME=value.</source>
        <translation>“%1”不符合 名称=值 的形式。</translation>
    </message>
    <message>
        <source>%1 stands there twice.</source>
        <translation>%1 出现了两次。</translation>
    </message>
    <message>
        <source>A number from 0.01 to %1, the machine&apos;s CPUs.</source>
        <translation>应为 0.01 到 %1（虚拟机的 CPU 数）之间的数。</translation>
    </message>
    <message>
        <source>A number from 0.01 on, such as 1.5.</source>
        <translation>应为不小于 0.01 的数，例如 1.5。</translation>
    </message>
    <message>
        <source>A size is written like 512m or 1.5g.</source>
        <translation>大小的写法如 512m 或 1.5g。</translation>
    </message>
    <message>
        <source>The engine wants at least 6m; a number alone is in bytes.</source>
        <translation>引擎要求至少 6m；只写数字时以字节计。</translation>
    </message>
    <message>
        <source>A quotation mark or what follows a \ is missing.</source>
        <translation>缺少引号，或 \ 之后没有字符。</translation>
    </message>
    <message>
        <source>“%1” is not of the form 8080:80.</source>
        <translation>“%1”不符合 8080:80 的形式。</translation>
    </message>
    <message>
        <source>%1 is no port: those go from 1 to 65535.</source>
        <translation>%1 不是端口：端口为 1 到 65535。</translation>
    </message>
    <message>
        <source>%1 is none of tcp, udp and sctp.</source>
        <translation>%1 不是 tcp、udp 或 sctp。</translation>
    </message>
    <message>
        <source>“%1” is no address, such as 127.0.0.1 or [::1].</source>
        <translation>“%1”不是地址，地址如 127.0.0.1 或 [::1]。</translation>
    </message>
    <message>
        <source>“%1” is not of the form name:/place.</source>
        <translation>“%1”不符合 名称:/位置 的形式。</translation>
    </message>
    <message>
        <source>“%1” is no whole path of a folder in the container.</source>
        <translation>“%1”不是容器中文件夹的完整路径。</translation>
    </message>
    <message>
        <source>“%1” is no way to mount: ro is read-only, rw is not.</source>
        <translation>“%1”不是挂载方式：ro 为只读，rw 为读写。</translation>
    </message>
    <message>
        <source>%1 is in no folder that is shared with the machine; see Settings.</source>
        <translation>%1 不在与虚拟机共享的文件夹中；见“设置”。</translation>
    </message>
    <message>
        <source>“%1” is not a whole path; a folder begins with /.</source>
        <translation>“%1”不是完整路径；文件夹以 / 开头。</translation>
    </message>
    <message>
        <source>“%1” is no name of a volume: letters, digits and . _ - are.</source>
        <translation>“%1”不是卷名：卷名由字母、数字和 . _ - 组成。</translation>
    </message>
    <message>
        <source>Run a container</source>
        <translation>运行容器</translation>
    </message>
    <message>
        <source>The same in a terminal</source>
        <translation>终端中的等效命令</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>The engine&apos;s usual one (bridge)</source>
        <translation>引擎的默认网络 (bridge)</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>made up by the engine</source>
        <translation>由引擎生成</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>8080:80 or 127.0.0.1:5353:53/udp, one a line</source>
        <translation>8080:80 或 127.0.0.1:5353:53/udp，每行一个</translation>
    </message>
    <message>
        <source>Volumes</source>
        <translation>卷</translation>
    </message>
    <message>
        <source>name:/data or /home/me/site:/srv:ro, one a line</source>
        <translation>name:/data 或 /home/me/site:/srv:ro，每行一个</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>NAME=value, one a line</source>
        <translation>名称=值，每行一个</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>When it fails</source>
        <translation>失败时</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>总是</translation>
    </message>
    <message>
        <source>Always, unless it was stopped</source>
        <translation>总是，除非已被停止</translation>
    </message>
    <message>
        <source>CPUs</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>no limit, or such as 1.5</source>
        <translation>不限，或例如 1.5</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>no limit, or such as 512m</source>
        <translation>不限，或例如 512m</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>what the image says</source>
        <translation>镜像中的设定</translation>
    </message>
    <message>
        <source>Give it a terminal, and keep its input open</source>
        <translation>分配终端，并保持其输入打开</translation>
    </message>
    <message>
        <source>Terminal</source>
        <translation>终端</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>What to run</source>
        <translation>要运行的内容</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Find on the screen and above it</source>
        <translation>在屏幕和回滚内容中查找</translation>
    </message>
    <message>
        <source>&amp;Older</source>
        <translation>较早(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Newer</source>
        <translation>较新(&amp;N)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Found: %1</source>
        <translation>找到：%1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在查找…</translation>
    </message>
</context>
<context>
    <name>SettingsFeed</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>SettingsPane</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Guest image and runtime</source>
        <translation>虚拟机镜像和运行时</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Shared folders</source>
        <translation>共享文件夹</translation>
    </message>
    <message>
        <source>This leaves little for the host.</source>
        <translation>留给主机的内存所剩不多。</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>虚拟机</translation>
    </message>
    <message>
        <source>Takes effect when the machine starts.</source>
        <translation>虚拟机下次启动时生效。</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source> GiB</source>
        <translation> GiB</translation>
    </message>
    <message>
        <source>CPUs</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Disk limit</source>
        <translation>磁盘上限</translation>
    </message>
    <message>
        <source>Accelerator</source>
        <translation>加速器</translation>
    </message>
    <message>
        <source>Automatic probes the hardware and falls back to emulation, which is slow.</source>
        <translation>“自动”会检测硬件，不可用时退回到速度较慢的软件模拟。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Emulation (TCG)</source>
        <translation>软件模拟 (TCG)</translation>
    </message>
    <message>
        <source>Hypervisor</source>
        <translation>虚拟机监控程序</translation>
    </message>
    <message>
        <source>The system&apos;s QEMU has to be 10.2 or newer.</source>
        <translation>系统的 QEMU 不能低于 10.2。</translation>
    </message>
    <message>
        <source>QEMU of Moorage</source>
        <translation>Moorage 自带的 QEMU</translation>
    </message>
    <message>
        <source>QEMU of the system</source>
        <translation>系统的 QEMU</translation>
    </message>
    <message>
        <source>Published ports</source>
        <translation>发布的端口</translation>
    </message>
    <message>
        <source>For ports of containers that name no address themselves. Every address lets your whole network in. Takes effect at once.</source>
        <translation>适用于容器未自行指定地址的端口。“所有地址”会让您网络中的所有人都能访问。立即生效。</translation>
    </message>
    <message>
        <source>This computer only</source>
        <translation>仅限本机</translation>
    </message>
    <message>
        <source>Every address</source>
        <translation>所有地址</translation>
    </message>
    <message>
        <source>Machines are suspended on Linux only, for now; elsewhere they run until they are stopped.</source>
        <translation>目前只有在 Linux 上才能挂起虚拟机；在其他系统上它会一直运行到被停止为止。</translation>
    </message>
    <message>
        <source>Suspend</source>
        <translation>挂起</translation>
    </message>
    <message>
        <source>A suspended machine takes no memory and no CPU.</source>
        <translation>挂起的虚拟机不占用内存和 CPU。</translation>
    </message>
    <message>
        <source>The disk file takes only what is used. A higher limit holds at once; a lower one does after “Delete engine data…”, below.</source>
        <translation>磁盘文件只占用实际使用的空间。上限调高立即生效；调低要在下方“删除引擎数据…”之后才生效。</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>When not used for</source>
        <translation>闲置多久后挂起</translation>
    </message>
    <message>
        <source>Docker calls and their output are use, and so is a console in view. The next call resumes it.</source>
        <translation>Docker 调用及其输出、正在查看的控制台都算作使用。下一次调用会恢复虚拟机。</translation>
    </message>
    <message>
        <source>Running containers</source>
        <translation>正在运行的容器</translation>
    </message>
    <message>
        <source>Keep it awake</source>
        <translation>使虚拟机保持运行</translation>
    </message>
    <message>
        <source>Are suspended too</source>
        <translation>一同挂起</translation>
    </message>
    <message>
        <source>App</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light, high contrast</source>
        <translation>浅色，高对比度</translation>
    </message>
    <message>
        <source>Dark, high contrast</source>
        <translation>深色，高对比度</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Changes when Moorage is started again.</source>
        <translation>重新启动 Moorage 后生效。</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局方向</translation>
    </message>
    <message>
        <source>As the language</source>
        <translation>随语言</translation>
    </message>
    <message>
        <source>Left to right</source>
        <translation>从左到右</translation>
    </message>
    <message>
        <source>Right to left</source>
        <translation>从右到左</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>控制台</translation>
    </message>
    <message>
        <source>Console text size</source>
        <translation>控制台字号</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>Console font</source>
        <translation>控制台字体</translation>
    </message>
    <message>
        <source>Fonts whose letters are all equally wide.</source>
        <translation>所有字母等宽的字体。</translation>
    </message>
    <message>
        <source>Console colours</source>
        <translation>控制台配色</translation>
    </message>
    <message>
        <source>Light or dark as the window is.</source>
        <translation>随窗口变亮或变暗。</translation>
    </message>
    <message>
        <source>Console keys of screen</source>
        <translation>控制台的 screen 按键</translation>
    </message>
    <message>
        <source>The key that begins them; then ? shows them all.</source>
        <translation>screen 按键的前缀；随后按 ? 显示全部。</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Console size</source>
        <translation>控制台大小</translation>
    </message>
    <message>
        <source>Where several look at the machine&apos;s console.</source>
        <translation>有多处查看虚拟机的控制台时。</translation>
    </message>
    <message>
        <source>Smallest viewer</source>
        <translation>以最小的查看者为准</translation>
    </message>
    <message>
        <source>Viewer that typed last</source>
        <translation>以最后输入的查看者为准</translation>
    </message>
    <message>
        <source>At login</source>
        <translation>登录时</translation>
    </message>
    <message>
        <source>Does not start</source>
        <translation>不启动</translation>
    </message>
    <message>
        <source>Starts in the tray</source>
        <translation>启动到系统托盘</translation>
    </message>
    <message>
        <source>Starts with its window</source>
        <translation>启动并显示窗口</translation>
    </message>
    <message>
        <source>Closing the window</source>
        <translation>关闭窗口时</translation>
    </message>
    <message>
        <source>Hides it to the tray</source>
        <translation>隐藏到托盘</translation>
    </message>
    <message>
        <source>Quits Moorage</source>
        <translation>退出 Moorage</translation>
    </message>
    <message>
        <source>Quitting while the machine runs</source>
        <translation>虚拟机运行时退出</translation>
    </message>
    <message>
        <source>Asks each time</source>
        <translation>每次询问</translation>
    </message>
    <message>
        <source>Suspends the machine</source>
        <translation>挂起虚拟机</translation>
    </message>
    <message>
        <source>Stops the machine</source>
        <translation>停止虚拟机</translation>
    </message>
    <message>
        <source>Leaves it running</source>
        <translation>让它继续运行</translation>
    </message>
    <message>
        <source>Engine data are all containers, images and volumes; everything is the guest image, the runtime and every setting too.</source>
        <translation>引擎数据指所有容器、镜像和卷；“全部”还包括客户机镜像、运行时和全部设置。</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Delete engine data…</source>
        <translation>删除引擎数据…</translation>
    </message>
    <message>
        <source>Delete everything…</source>
        <translation>删除全部…</translation>
    </message>
    <message>
        <source>The machine still has its earlier settings.</source>
        <translation>虚拟机仍在使用先前的设置。</translation>
    </message>
    <message>
        <source>Restart now</source>
        <translation>立即重启</translation>
    </message>
</context>
<context>
    <name>SharesCard</name>
    <message>
        <source>Containers can use these folders with `docker run -v`, at the same path. A container that mounts your home folder can read and change all that is in it, stored passwords and what starts at login included; .ssh, .gnupg and Moorage&apos;s own folder stay hidden. What a container&apos;s root writes there belongs to you. Its other users, such as a database&apos;s, have files of their own there where this computer gives you ids for them (newuidmap); elsewhere a database needs a volume. File watchers in containers do not see what changes on the host. Takes effect when the machine starts.</source>
        <translation>容器可以通过 `docker run -v` 以相同的路径使用这些文件夹。挂载了主文件夹的容器可以读取和更改其中的所有内容，包括已保存的密码和登录时启动的程序；.ssh、.gnupg 和 Moorage 自己的文件夹始终隐藏。容器的 root 在其中写入的内容属于您。如果此计算机为您分配了供其他用户使用的 ID（newuidmap），容器的其他用户（例如数据库的用户）可以在其中拥有自己的文件；否则数据库需要使用卷。容器中的文件监视程序看不到主机上的更改。在虚拟机启动时生效。</translation>
    </message>
    <message>
        <source>Containers can use these folders with `docker run -v`, at the same path. Nothing in a shared folder can be hidden on this system, so your home folder is not shared as a whole, for .ssh, .gnupg and Moorage&apos;s own folder are in it: add the folders in it that containers may use. What containers write there belongs to you, and `chown` succeeds without effect: a database needs a volume. File watchers in containers do not see what changes on the host. Takes effect when the machine starts.</source>
        <translation>容器可以通过 `docker run -v` 以相同的路径使用这些文件夹。在此系统上无法隐藏共享文件夹中的任何内容，而主文件夹中有 .ssh、.gnupg 和 Moorage 自己的文件夹，因此不会共享整个主文件夹：请添加其中可供容器使用的文件夹。容器在其中写入的内容属于您，`chown` 会成功但不起作用：数据库需要使用卷。容器中的文件监视程序看不到主机上的更改。在虚拟机启动时生效。</translation>
    </message>
    <message>
        <source>No folder is shared.</source>
        <translation>没有共享任何文件夹。</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Home folder (%1)</source>
        <translation>主文件夹（%1）</translation>
    </message>
    <message>
        <source>Stop sharing</source>
        <translation>停止共享</translation>
    </message>
    <message>
        <source>Share a folder with containers</source>
        <translation>与容器共享文件夹</translation>
    </message>
</context>
<context>
    <name>ShellPane</name>
    <message>
        <source>Shell in %1</source>
        <translation>%1 中的 shell</translation>
    </message>
    <message>
        <source>Shell in the machine</source>
        <translation>虚拟机中的 shell</translation>
    </message>
    <message>
        <source>Own terminal of %1</source>
        <translation>%1 自己的终端</translation>
    </message>
    <message>
        <source>Console of %1</source>
        <translation>%1 的控制台</translation>
    </message>
    <message>
        <source>Nothing was printed yet. Press Enter for a prompt. Where none comes, another program may have this console</source>
        <translation>还没有任何输出。按回车键可得到提示符；如果没有，可能另一个程序占用了此控制台</translation>
    </message>
    <message>
        <source>%1 was removed. This is the last that was seen of it.</source>
        <translation>%1 已被删除。这是它最后的画面。</translation>
    </message>
    <message>
        <source>Opening a shell in the machine…</source>
        <translation>正在虚拟机中打开 shell…</translation>
    </message>
    <message>
        <source>Opening a shell in %1…</source>
        <translation>正在 %1 中打开 shell…</translation>
    </message>
    <message>
        <source>%1 does not run any more, and its shell ended with it.</source>
        <translation>%1 已不再运行，其中的 shell 随之结束。</translation>
    </message>
    <message>
        <source>The shell has ended.</source>
        <translation>shell 已结束。</translation>
    </message>
    <message>
        <source>The machine was suspended, which cut off this shell.</source>
        <translation>虚拟机已挂起，此 shell 的连接因此中断。</translation>
    </message>
    <message>
        <source>The machine was stopped, and this shell ended with it.</source>
        <translation>虚拟机已停止，此 shell 随之结束。</translation>
    </message>
    <message>
        <source>The machine failed, and this shell ended with it.</source>
        <translation>虚拟机出现故障，此 shell 随之结束。</translation>
    </message>
    <message>
        <source>The connection to the engine was lost, which cut off this shell.</source>
        <translation>与引擎的连接已断开，此 shell 的连接因此中断。</translation>
    </message>
    <message>
        <source>Attaching to %1…</source>
        <translation>正在连接到 %1…</translation>
    </message>
    <message>
        <source>%1 does not run any more.</source>
        <translation>%1 已不再运行。</translation>
    </message>
    <message>
        <source>%1 goes on, but the engine let go of this terminal.</source>
        <translation>%1 仍在运行，但引擎断开了此终端。</translation>
    </message>
    <message>
        <source>The machine was suspended. %1 goes on where it was when it resumes.</source>
        <translation>虚拟机已挂起。恢复后 %1 会从原处继续。</translation>
    </message>
    <message>
        <source>The machine was stopped, and %1 with it.</source>
        <translation>虚拟机已停止，%1 也随之停止。</translation>
    </message>
    <message>
        <source>The machine failed, and %1 ended with it.</source>
        <translation>虚拟机出现故障，%1 也随之结束。</translation>
    </message>
    <message>
        <source>The connection to the engine was lost. This terminal is detached.</source>
        <translation>与引擎的连接已断开，此终端已脱离。</translation>
    </message>
    <message>
        <source>Opening the console of %1…</source>
        <translation>正在打开 %1 的控制台…</translation>
    </message>
    <message>
        <source>The console of %1 was closed from its side.</source>
        <translation>%1 的控制台已被对方关闭。</translation>
    </message>
</context>
<context>
    <name>Shells</name>
    <message>
        <source>Close the shell in %1?</source>
        <translation>关闭 %1 中的 shell？</translation>
    </message>
    <message>
        <source>What runs in it ends. The container and the machine go on.</source>
        <translation>其中运行的程序会结束。容器和虚拟机继续运行。</translation>
    </message>
    <message>
        <source>Close the shell in the machine?</source>
        <translation>关闭虚拟机中的 shell？</translation>
    </message>
    <message>
        <source>What runs in it ends. The machine and its console go on.</source>
        <translation>其中运行的程序会结束。虚拟机和它的控制台继续运行。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close it</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Send %1 to %2?</source>
        <translation>要把 %1 发送给 %2 吗？</translation>
    </message>
    <message>
        <source>This is the terminal of the container&apos;s own program. Where that ends, the container ends. To leave without ending anything, go to another tab or close this one.</source>
        <translation>这是容器自身程序的终端。该程序一结束，容器也就结束。若要离开而不结束任何东西，请切换到其他标签页或关闭此标签页。</translation>
    </message>
    <message>
        <source>Send it</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>It takes no input here: what it prints from now on is shown. What it printed before is in its log</source>
        <translation>这里不接受输入：只显示它从现在起的输出。之前的输出在日志中</translation>
    </message>
</context>
<context>
    <name>SideBar</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Containers</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Volumes</source>
        <translation>卷</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>控制台</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Notices</source>
        <translation>通知</translation>
    </message>
</context>
<context>
    <name>StatsTab</name>
    <message>
        <source>Stats</source>
        <translation>资源</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>接收</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>写入</translation>
    </message>
    <message>
        <source>1 process</source>
        <translation>1 个进程</translation>
    </message>
    <message>
        <source>%1 processes</source>
        <translation>%1 个进程</translation>
    </message>
    <message>
        <source>The engine lists no processes: %1</source>
        <translation>引擎没有列出进程：%1</translation>
    </message>
    <message>
        <source>No figures come just now: %1 It is tried again.</source>
        <translation>暂时没有数据：%1 正在重试。</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>StreamPane</name>
    <message>
        <source>Open again</source>
        <translation>重新打开</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>StreamTab</name>
    <message>
        <source>No terminal is open</source>
        <translation>没有打开的终端</translation>
    </message>
    <message>
        <source>It opens here when the container runs.</source>
        <translation>容器运行后会在这里打开。</translation>
    </message>
    <message>
        <source>Open a shell</source>
        <translation>打开 shell</translation>
    </message>
    <message>
        <source>The container goes on.</source>
        <translation>容器仍在运行。</translation>
    </message>
    <message>
        <source>Detached</source>
        <translation>已断开</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>连接</translation>
    </message>
</context>
<context>
    <name>TerminalWidget</name>
    <message>
        <source>Scrollback</source>
        <translation>回滚记录</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Find…</source>
        <translation>查找…</translation>
    </message>
    <message>
        <source>Nothing was printed yet. Press Enter for a prompt</source>
        <translation>还没有任何输出。按回车键可得到提示符</translation>
    </message>
</context>
<context>
    <name>Told</name>
    <message>
        <source>init</source>
        <translation>初始化</translation>
    </message>
    <message>
        <source>modules</source>
        <translation>内核模块</translation>
    </message>
    <message>
        <source>disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>containerd</source>
        <translation>containerd</translation>
    </message>
    <message>
        <source>engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>restarted %1, which ended with status %2</source>
        <translation>%1 已重新启动（它以状态 %2 退出）</translation>
    </message>
    <message>
        <source>no disk with the serial &quot;data&quot;</source>
        <translation>没有序列号为 &quot;data&quot; 的磁盘</translation>
    </message>
    <message>
        <source>the data disk has errors that need a person: e2fsck -f %1</source>
        <translation>数据磁盘有错误，需要人工处理：e2fsck -f %1</translation>
    </message>
    <message>
        <source>the data disk %1 cannot be mounted</source>
        <translation>无法挂载数据磁盘 %1</translation>
    </message>
    <message>
        <source>the data disk holds no ext4 file system that can be read; it was left alone</source>
        <translation>数据磁盘上没有可读取的 ext4 文件系统，未作任何改动</translation>
    </message>
    <message>
        <source>no file system could be made on the data disk</source>
        <translation>无法在数据磁盘上创建文件系统</translation>
    </message>
    <message>
        <source>The supervisor does not end</source>
        <translation>后台进程没有结束</translation>
    </message>
    <message>
        <source>%1 s passed since it was asked</source>
        <translation>请求后已过 %1 秒</translation>
    </message>
    <message>
        <source>Moorage keeps no password itself: `credsStore` in docker&apos;s configuration names the helper that does</source>
        <translation>Moorage 自己不保存密码：由 docker 配置中 `credsStore` 指定的助手保存</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>suspending</source>
        <translation>正在挂起</translation>
    </message>
    <message>
        <source>suspended</source>
        <translation>已挂起</translation>
    </message>
    <message>
        <source>resuming</source>
        <translation>正在恢复</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>The machine is still starting</source>
        <translation>虚拟机仍在启动</translation>
    </message>
    <message>
        <source>It goes on starting</source>
        <translation>启动仍在继续</translation>
    </message>
    <message>
        <source>The machine did not start</source>
        <translation>虚拟机未能启动</translation>
    </message>
    <message>
        <source>it was stopped</source>
        <translation>它被停止了</translation>
    </message>
    <message>
        <source>The machine runs already</source>
        <translation>虚拟机已在运行</translation>
    </message>
    <message>
        <source>%1 is held</source>
        <translation>%1 已被占用</translation>
    </message>
    <message>
        <source>See `moorage status`</source>
        <translation>请查看 `moorage status`</translation>
    </message>
    <message>
        <source>The guest cannot start</source>
        <translation>虚拟机无法启动</translation>
    </message>
    <message>
        <source>Its file is %1: repair it with e2fsck, or move it away to begin with an empty one</source>
        <translation>数据磁盘文件是 %1：请用 e2fsck 修复，或将其移走以便从空磁盘开始</translation>
    </message>
    <message>
        <source>`moorage logs console` tells more</source>
        <translation>详情见 `moorage logs console`</translation>
    </message>
    <message>
        <source>The engine is not up in the guest</source>
        <translation>虚拟机中的引擎未能就绪</translation>
    </message>
    <message>
        <source>%1 s passed since power-on</source>
        <translation>开机后已过 %1 秒</translation>
    </message>
    <message>
        <source>Start the machine again; `moorage logs engine` and `moorage logs console` tell more</source>
        <translation>请重新启动虚拟机；详情见 `moorage logs engine` 和 `moorage logs console`</translation>
    </message>
    <message>
        <source>The engine does not start in the guest</source>
        <translation>虚拟机中的引擎无法启动</translation>
    </message>
    <message>
        <source>%1, which ended with status %2</source>
        <translation>%1 以状态 %2 退出</translation>
    </message>
    <message>
        <source>If its settings are wrong, correct [engine] in %1</source>
        <translation>如果是引擎设置有误，请修改 %1 中的 [engine]</translation>
    </message>
    <message>
        <source>QEMU is missing</source>
        <translation>缺少 QEMU</translation>
    </message>
    <message>
        <source>nothing is built in %1</source>
        <translation>%1 中没有构建好的内容</translation>
    </message>
    <message>
        <source>Run `moorage guest build`</source>
        <translation>请运行 `moorage guest build`</translation>
    </message>
    <message>
        <source>There is no guest image</source>
        <translation>没有虚拟机镜像</translation>
    </message>
    <message>
        <source>QEMU is missing from %1</source>
        <translation>%1 中缺少 QEMU</translation>
    </message>
    <message>
        <source>This system has no %1</source>
        <translation>此系统没有 %1</translation>
    </message>
    <message>
        <source>Install QEMU 10.2 or newer, or choose Moorage&apos;s own runtime in Settings</source>
        <translation>请安装 QEMU 10.2 或更新版本，或在设置中选择 Moorage 自带的运行时</translation>
    </message>
    <message>
        <source>QEMU %1 is too old</source>
        <translation>QEMU %1 版本过旧</translation>
    </message>
    <message>
        <source>%1; Moorage needs %2 or newer</source>
        <translation>%1；Moorage 需要 %2 或更新版本</translation>
    </message>
    <message>
        <source>Choose Moorage&apos;s own runtime in Settings, or install a newer QEMU</source>
        <translation>请在设置中选择 Moorage 自带的运行时，或安装更新版本的 QEMU</translation>
    </message>
    <message>
        <source>Install it: `brew install qemu`</source>
        <translation>安装方法：`brew install qemu`</translation>
    </message>
    <message>
        <source>Install a newer one: `brew upgrade qemu`</source>
        <translation>安装新版本：`brew upgrade qemu`</translation>
    </message>
    <message>
        <source>%1 does not say its version</source>
        <translation>%1 没有报告版本</translation>
    </message>
    <message>
        <source>No answer in %1 s</source>
        <translation>%1 秒内没有响应</translation>
    </message>
    <message>
        <source>The disk of this computer is full</source>
        <translation>此电脑的磁盘已满</translation>
    </message>
    <message>
        <source>%1 has %2 MiB free, the machine needs %3 MiB</source>
        <translation>%1 剩余 %2 MiB，虚拟机需要 %3 MiB</translation>
    </message>
    <message>
        <source>Make room and start again</source>
        <translation>请腾出空间后重新启动</translation>
    </message>
    <message>
        <source>The data disk of %1 MiB cannot be made</source>
        <translation>无法创建 %1 MiB 的数据磁盘</translation>
    </message>
    <message>
        <source>Lower the disk limit in Settings, or move MOORAGE_HOME to a larger file system</source>
        <translation>请在设置中调低磁盘上限，或将 MOORAGE_HOME 移到更大的文件系统</translation>
    </message>
    <message>
        <source>%1 cannot be started</source>
        <translation>无法启动 %1</translation>
    </message>
    <message>
        <source>QEMU ended at once</source>
        <translation>QEMU 刚启动就退出了</translation>
    </message>
    <message>
        <source>killed by %1</source>
        <translation>被 %1 终止</translation>
    </message>
    <message>
        <source>exit code %1</source>
        <translation>退出码 %1</translation>
    </message>
    <message>
        <source>Waits for its containers to end</source>
        <translation>正在等待容器结束</translation>
    </message>
    <message>
        <source>The machine does not stop</source>
        <translation>虚拟机没有停止</translation>
    </message>
    <message>
        <source>The guest has not powered off yet; `moorage kill` ends it by force</source>
        <translation>虚拟机尚未关机；用 `moorage kill` 可强制终止</translation>
    </message>
    <message>
        <source>%1 s passed since the guest was asked</source>
        <translation>向虚拟机发出请求后已过 %1 秒</translation>
    </message>
    <message>
        <source>The VM runs</source>
        <translation>虚拟机正在运行</translation>
    </message>
    <message>
        <source>Stop the machine first</source>
        <translation>请先停止虚拟机</translation>
    </message>
    <message>
        <source>The guest&apos;s kernel panicked</source>
        <translation>虚拟机内核崩溃 (kernel panic)</translation>
    </message>
    <message>
        <source>Start the machine again</source>
        <translation>请重新启动虚拟机</translation>
    </message>
    <message>
        <source>The guest shut itself down</source>
        <translation>虚拟机自行关机</translation>
    </message>
    <message>
        <source>The guest restarted itself; Moorage starts it again when asked</source>
        <translation>虚拟机自行重启了；需要时 Moorage 会再次启动它</translation>
    </message>
    <message>
        <source>The machine stopped unexpectedly</source>
        <translation>虚拟机意外停止</translation>
    </message>
    <message>
        <source>QEMU was told to end by a signal</source>
        <translation>QEMU 收到信号而退出</translation>
    </message>
    <message>
        <source>QEMU is gone</source>
        <translation>QEMU 已不存在</translation>
    </message>
    <message>
        <source>Start it again</source>
        <translation>请重新启动</translation>
    </message>
    <message>
        <source>Moorage stumbled</source>
        <translation>Moorage 内部出错</translation>
    </message>
    <message>
        <source>Its log is %1</source>
        <translation>日志在 %1</translation>
    </message>
    <message>
        <source>Process %1 does not end</source>
        <translation>进程 %1 没有结束</translation>
    </message>
    <message>
        <source>it was killed %1 s ago</source>
        <translation>%1 秒前已强制终止它</translation>
    </message>
    <message>
        <source>The machine&apos;s files cannot be used</source>
        <translation>无法使用虚拟机的文件</translation>
    </message>
    <message>
        <source>A VM runs, and cannot be taken over</source>
        <translation>有虚拟机正在运行，但无法接管</translation>
    </message>
    <message>
        <source>A VM runs and does not answer</source>
        <translation>有虚拟机正在运行，但没有响应</translation>
    </message>
    <message>
        <source>A hypervisor that Moorage did not start holds the machine</source>
        <translation>虚拟机被并非由 Moorage 启动的虚拟机监控程序占用</translation>
    </message>
    <message>
        <source>its uuid is %1, not %2</source>
        <translation>其 UUID 是 %1，而不是 %2</translation>
    </message>
    <message>
        <source>its process is %1, not %2</source>
        <translation>其进程是 %1，而不是 %2</translation>
    </message>
    <message>
        <source>process %1 was started at another time</source>
        <translation>进程 %1 的启动时间不符</translation>
    </message>
    <message>
        <source>End it, then start the machine again</source>
        <translation>请结束它，然后重新启动虚拟机</translation>
    </message>
    <message>
        <source>The hypervisor has just ended</source>
        <translation>虚拟机监控程序刚刚结束</translation>
    </message>
    <message>
        <source>QEMU&apos;s monitor does not answer</source>
        <translation>QEMU 监控接口没有响应</translation>
    </message>
    <message>
        <source>QEMU&apos;s monitor cannot be used</source>
        <translation>QEMU 监控接口无法使用</translation>
    </message>
    <message>
        <source>QEMU&apos;s monitor is gone</source>
        <translation>QEMU 监控接口已断开</translation>
    </message>
    <message>
        <source>QEMU does not answer %1</source>
        <translation>QEMU 没有响应 %1</translation>
    </message>
    <message>
        <source>QEMU refused %1</source>
        <translation>QEMU 拒绝了 %1</translation>
    </message>
    <message>
        <source>%1 s passed</source>
        <translation>已过 %1 秒</translation>
    </message>
    <message>
        <source>%1: %2 s passed</source>
        <translation>%1：已过 %2 秒</translation>
    </message>
    <message>
        <source>%1 did not end in the guest</source>
        <translation>%1 在虚拟机中没有结束</translation>
    </message>
    <message>
        <source>The guest agent refused %1</source>
        <translation>虚拟机代理拒绝了 %1</translation>
    </message>
    <message>
        <source>The guest agent does not answer</source>
        <translation>虚拟机代理没有响应</translation>
    </message>
    <message>
        <source>The guest agent cannot be reached</source>
        <translation>无法连接虚拟机代理</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>The machine is suspended</source>
        <translation>虚拟机已挂起</translation>
    </message>
    <message>
        <source>Killing it drops what its containers hold in memory</source>
        <translation>强制终止会丢弃容器保存在内存中的内容</translation>
    </message>
    <message>
        <source>Its disk stays</source>
        <translation>其磁盘会保留</translation>
    </message>
    <message>
        <source>The machine cannot be suspended</source>
        <translation>无法挂起虚拟机</translation>
    </message>
    <message>
        <source>Start it first</source>
        <translation>请先启动它</translation>
    </message>
    <message>
        <source>This machine cannot be suspended</source>
        <translation>此虚拟机无法挂起</translation>
    </message>
    <message>
        <source>its memory is QEMU&apos;s own</source>
        <translation>其内存由 QEMU 自行管理</translation>
    </message>
    <message>
        <source>Stop it instead</source>
        <translation>请改为停止它</translation>
    </message>
    <message>
        <source>The machine could not be suspended</source>
        <translation>虚拟机未能挂起</translation>
    </message>
    <message>
        <source>It goes on as before</source>
        <translation>它会照常继续运行</translation>
    </message>
    <message>
        <source>The machine&apos;s state cannot be saved</source>
        <translation>无法保存虚拟机的状态</translation>
    </message>
    <message>
        <source>The machine&apos;s saved state cannot be read</source>
        <translation>无法读取虚拟机保存的状态</translation>
    </message>
    <message>
        <source>QEMU does not say why</source>
        <translation>QEMU 没有说明原因</translation>
    </message>
    <message>
        <source>The suspended state could not be resumed, the machine boots</source>
        <translation>无法恢复已挂起的状态，虚拟机将重新启动</translation>
    </message>
    <message>
        <source>The suspended state could not be read</source>
        <translation>无法读取已挂起的状态</translation>
    </message>
    <message>
        <source>It is kept in %1</source>
        <translation>该状态保留在 %1</translation>
    </message>
    <message>
        <source>It could not be kept</source>
        <translation>该状态未能保留</translation>
    </message>
    <message>
        <source>The suspended machine is in memory only, and would be lost with this computer&apos;s power</source>
        <translation>挂起的虚拟机只在内存中，此电脑断电后会丢失</translation>
    </message>
    <message>
        <source>The suspended machine is in memory only</source>
        <translation>挂起的虚拟机只在内存中</translation>
    </message>
    <message>
        <source>Make room on the disk, or resume it</source>
        <translation>请腾出磁盘空间，或恢复虚拟机</translation>
    </message>
    <message>
        <source>The saved state belongs to another machine</source>
        <translation>保存的状态属于另一台虚拟机</translation>
    </message>
    <message>
        <source>It was made with %1 CPUs, %2 MiB, %3, QEMU %4 and %5</source>
        <translation>它是用 %1 个 CPU、%2 MiB 内存、%3、QEMU %4 和 %5 保存的</translation>
    </message>
    <message>
        <source>QEMU does not take the saved state</source>
        <translation>QEMU 不接受保存的状态</translation>
    </message>
    <message>
        <source>The saved state is damaged</source>
        <translation>保存的状态已损坏</translation>
    </message>
    <message>
        <source>%1 is not what was written</source>
        <translation>%1 与写入时不一致</translation>
    </message>
    <message>
        <source>The saved memory is damaged</source>
        <translation>保存的内存已损坏</translation>
    </message>
    <message>
        <source>%1 has another size</source>
        <translation>%1 的大小不符</translation>
    </message>
    <message>
        <source>%1 differs at %2</source>
        <translation>%1 在 %2 处不一致</translation>
    </message>
    <message>
        <source>it ends early</source>
        <translation>内容不完整</translation>
    </message>
    <message>
        <source>Emulation (TCG) is slow and no security boundary: run only what you trust</source>
        <translation>软件模拟 (TCG) 速度慢，且不构成安全边界：请只运行您信任的内容</translation>
    </message>
    <message>
        <source>The setting in line %1 is wrong</source>
        <translation>第 %1 行的设置不正确</translation>
    </message>
    <message>
        <source>Defaults are used for what it does not say</source>
        <translation>其中未写明的项使用默认值</translation>
    </message>
    <message>
        <source>Defaults are used for what it does not say, but no folder is shared that it does not name</source>
        <translation>其中未写明的项使用默认值，但不会共享其中未列出的文件夹</translation>
    </message>
    <message>
        <source>The file %1 stays: %2</source>
        <translation>文件 %1 未改动：%2</translation>
    </message>
    <message>
        <source>The file %1 stays</source>
        <translation>文件 %1 未改动</translation>
    </message>
    <message>
        <source>Mend the machine&apos;s settings and resume it; it stays suspended</source>
        <translation>请修正虚拟机的设置后再恢复；虚拟机仍保持挂起状态</translation>
    </message>
    <message>
        <source>%1 publishes %2, but Moorage publishes no UDP on IPv6 alone</source>
        <translation>%1 要发布 %2，但 Moorage 不会只在 IPv6 上发布 UDP</translation>
    </message>
    <message>
        <source>The docker context could not be written: %1</source>
        <translation>无法写入 docker 上下文：%1</translation>
    </message>
    <message>
        <source>Not used for %1 min</source>
        <translation>已闲置 %1 分钟</translation>
    </message>
    <message>
        <source>The machine was suspended and not yet on disk when its supervisor ended: what its containers held in memory is lost, as after a power cut</source>
        <translation>虚拟机刚挂起、尚未写入磁盘时，其管理进程就结束了：容器保存在内存中的内容已丢失，如同断电</translation>
    </message>
    <message>
        <source>Software emulation was chosen in Settings</source>
        <translation>已在设置中选择软件模拟</translation>
    </message>
    <message>
        <source>%1 was chosen in Settings</source>
        <translation>已在设置中选择 %1</translation>
    </message>
    <message>
        <source>%1 works here: a test boot came up</source>
        <translation>%1 在此可用：试启动成功</translation>
    </message>
    <message>
        <source>%1 opens on this host, but a test boot stayed silent for %2 s</source>
        <translation>此主机上可以打开 %1，但试启动在 %2 秒内没有任何输出</translation>
    </message>
    <message>
        <source>%1 opens on this host, but refuses a processor register that QEMU sets: %2</source>
        <translation>此主机上可以打开 %1，但它拒绝 QEMU 设置的某个处理器寄存器：%2</translation>
    </message>
    <message>
        <source>The supervisor ends</source>
        <translation>管理进程已结束</translation>
    </message>
    <message>
        <source>This terminal reads too slowly and was let go</source>
        <translation>此终端读取太慢，连接已断开</translation>
    </message>
    <message>
        <source>Attach again</source>
        <translation>请重新连接</translation>
    </message>
    <message>
        <source>The console connection is garbled</source>
        <translation>控制台连接的数据有误</translation>
    </message>
    <message>
        <source>a frame of %1 bytes was announced</source>
        <translation>收到声明长度为 %1 字节的帧</translation>
    </message>
    <message>
        <source>Close the console and open it again</source>
        <translation>请关闭控制台后重新打开</translation>
    </message>
    <message>
        <source>The console connection broke</source>
        <translation>控制台连接中断</translation>
    </message>
    <message>
        <source>The VM&apos;s console cannot be reached</source>
        <translation>无法连接虚拟机的控制台</translation>
    </message>
    <message>
        <source>No pty is to be had for the console</source>
        <translation>无法为控制台分配 pty</translation>
    </message>
    <message>
        <source>The console&apos;s path %1 cannot be made</source>
        <translation>无法创建控制台路径 %1</translation>
    </message>
    <message>
        <source>The terminal failed (%1, %2)</source>
        <translation>终端出错（%1，%2）</translation>
    </message>
    <message>
        <source>Open the console again</source>
        <translation>请重新打开控制台</translation>
    </message>
    <message>
        <source>The console cannot be shown</source>
        <translation>无法显示控制台</translation>
    </message>
    <message>
        <source>the package pyghostty is not installed</source>
        <translation>未安装软件包 pyghostty</translation>
    </message>
    <message>
        <source>Run packaging/run again</source>
        <translation>请重新运行 packaging/run</translation>
    </message>
    <message>
        <source>The console&apos;s picture arrived damaged</source>
        <translation>收到的控制台画面已损坏</translation>
    </message>
    <message>
        <source>code %1</source>
        <translation>代码 %1</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>请重新打开</translation>
    </message>
    <message>
        <source>The machine is paused: its disk %1 reports: %2</source>
        <translation>虚拟机已暂停：其磁盘 %1 报告：%2</translation>
    </message>
    <message>
        <source>%1 opens on this host, but QEMU cannot start with it: %2</source>
        <translation>此主机上可以打开 %1，但 QEMU 无法用它启动：%2</translation>
    </message>
    <message>
        <source>This host has no KVM (%1 is missing): its kernel lacks it or the firmware has virtualization switched off</source>
        <translation>此主机没有 KVM（缺少 %1）：内核不支持，或固件中关闭了虚拟化</translation>
    </message>
    <message>
        <source>KVM cannot be used (%1: %2)</source>
        <translation>无法使用 KVM（%1：%2）</translation>
    </message>
    <message>
        <source>There is no guest image yet</source>
        <translation>还没有虚拟机镜像</translation>
    </message>
    <message>
        <source>There is no runtime yet</source>
        <translation>还没有运行时</translation>
    </message>
    <message>
        <source>failed %1</source>
        <translation>失败：%1</translation>
    </message>
    <message>
        <source>it is %1</source>
        <translation>当前状态：%1</translation>
    </message>
    <message>
        <source>%1, %2 times</source>
        <translation>%1，共 %2 次</translation>
    </message>
    <message>
        <source>QEMU %1</source>
        <translation>QEMU：%1</translation>
    </message>
    <message>
        <source>runtime: %1</source>
        <translation>运行时：%1</translation>
    </message>
    <message>
        <source>guest: %1</source>
        <translation>虚拟机镜像：%1</translation>
    </message>
    <message>
        <source>looking for a mirror</source>
        <translation>正在查找软件源镜像</translation>
    </message>
    <message>
        <source>check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>应答</translation>
    </message>
    <message>
        <source>shares</source>
        <translation>共享文件夹</translation>
    </message>
    <message>
        <source>unshared %1</source>
        <translation>未共享 %1</translation>
    </message>
    <message>
        <source>What needs BuildKit is built by `docker build` in a terminal</source>
        <translation>需要 BuildKit 的内容请在终端中用 `docker build` 构建</translation>
    </message>
    <message>
        <source>If a login is needed, type `%1` and try again</source>
        <translation>如果需要登录，请输入 `%1` 后重试</translation>
    </message>
    <message>
        <source>Moorage is deleted, but not all of it</source>
        <translation>Moorage 已删除，但仍有残留</translation>
    </message>
    <message>
        <source>%1 cannot be deleted</source>
        <translation>无法删除 %1</translation>
    </message>
    <message>
        <source>There is no login at %1</source>
        <translation>未能登录 %1</translation>
    </message>
    <message>
        <source>docker&apos;s credential helper failed: %1</source>
        <translation>docker 的凭据助手失败：%1</translation>
    </message>
    <message>
        <source>docker&apos;s configuration cannot be read: %1</source>
        <translation>无法读取 docker 的配置：%1</translation>
    </message>
    <message>
        <source>docker&apos;s configuration names no credential helper</source>
        <translation>docker 的配置没有指定凭据助手</translation>
    </message>
    <message>
        <source>the credential helper %1 is not installed</source>
        <translation>凭据助手 %1 没有安装</translation>
    </message>
    <message>
        <source>What can be freed is not known</source>
        <translation>无法得知可以释放多少空间</translation>
    </message>
    <message>
        <source>It could not be cleaned up</source>
        <translation>无法清理</translation>
    </message>
    <message>
        <source>%1 could not be pulled</source>
        <translation>无法拉取 %1</translation>
    </message>
    <message>
        <source>%1 could not be pushed</source>
        <translation>无法推送 %1</translation>
    </message>
    <message>
        <source>%1 could not be saved</source>
        <translation>无法保存 %1</translation>
    </message>
    <message>
        <source>%1 could not be loaded</source>
        <translation>无法加载 %1</translation>
    </message>
    <message>
        <source>%1 could not be built</source>
        <translation>无法构建 %1</translation>
    </message>
    <message>
        <source>%1 could not be tagged</source>
        <translation>无法给 %1 添加标签</translation>
    </message>
    <message>
        <source>The disk cannot be trimmed</source>
        <translation>无法回收磁盘空间</translation>
    </message>
    <message>
        <source>The container could not be created</source>
        <translation>无法创建容器</translation>
    </message>
    <message>
        <source>The container could not be started</source>
        <translation>无法启动容器</translation>
    </message>
    <message>
        <source>The container could not be removed</source>
        <translation>无法删除容器</translation>
    </message>
    <message>
        <source>It cannot be shared</source>
        <translation>它无法共享</translation>
    </message>
    <message>
        <source>virtiofsd cannot be started</source>
        <translation>无法启动 virtiofsd</translation>
    </message>
    <message>
        <source>it ended at once</source>
        <translation>它立即退出了</translation>
    </message>
    <message>
        <source>no answer in %1 s</source>
        <translation>%1 秒内没有应答</translation>
    </message>
    <message>
        <source>This host lets Moorage hide nothing in a shared folder (%1)</source>
        <translation>此主机不允许 Moorage 在共享文件夹中隐藏任何内容（%1）</translation>
    </message>
    <message>
        <source>Share folders in it one by one</source>
        <translation>请逐个共享其中的文件夹</translation>
    </message>
    <message>
        <source>The folder %1 cannot be shared</source>
        <translation>无法共享文件夹 %1</translation>
    </message>
    <message>
        <source>it is not a whole path</source>
        <translation>它不是完整的路径</translation>
    </message>
    <message>
        <source>the machine has a folder of its own there</source>
        <translation>虚拟机在那里有自己的文件夹</translation>
    </message>
    <message>
        <source>there is no such folder</source>
        <translation>没有这个文件夹</translation>
    </message>
    <message>
        <source>Moorage never shares its own folder, nor .ssh or .gnupg</source>
        <translation>Moorage 从不共享自己的文件夹，也不共享 .ssh 和 .gnupg</translation>
    </message>
    <message>
        <source>the machine could not mount it</source>
        <translation>虚拟机无法挂载它</translation>
    </message>
    <message>
        <source>this system has no virtiofsd</source>
        <translation>此系统没有 virtiofsd</translation>
    </message>
    <message>
        <source>this system has no virtiofsd, and its QEMU no 9p</source>
        <translation>此系统没有 virtiofsd，其 QEMU 也不支持 9p</translation>
    </message>
    <message>
        <source>by 9p, containers could make device files in it, as root may</source>
        <translation>通过 9p，容器可以像 root 一样在其中创建设备文件</translation>
    </message>
    <message>
        <source>Run Moorage as another user</source>
        <translation>请以其他用户身份运行 Moorage</translation>
    </message>
    <message>
        <source>its virtiofsd ended</source>
        <translation>它的 virtiofsd 已退出</translation>
    </message>
    <message>
        <source>The folder %1 is shared by 9p, and something in the machine uses it</source>
        <translation>文件夹 %1 通过 9p 共享，虚拟机中有程序正在使用它</translation>
    </message>
    <message>
        <source>The folder %1 is shared by 9p, and used by %2</source>
        <translation>文件夹 %1 通过 9p 共享，%2 正在使用它</translation>
    </message>
    <message>
        <source>Stop what uses it, or stop the machine instead</source>
        <translation>请停止使用它的容器或程序，或改为停止虚拟机</translation>
    </message>
    <message>
        <source>Restart the machine</source>
        <translation>请重新启动虚拟机</translation>
    </message>
    <message>
        <source>Start it with `moorage start`</source>
        <translation>可用 `moorage start` 启动</translation>
    </message>
    <message>
        <source>The data disk cannot be deleted</source>
        <translation>无法删除数据磁盘</translation>
    </message>
    <message>
        <source>The guest could not tell what is free on its disk</source>
        <translation>虚拟机未能报告其磁盘上的可用空间</translation>
    </message>
    <message>
        <source>The guest could not take the larger disk</source>
        <translation>虚拟机未能启用增大后的磁盘</translation>
    </message>
    <message>
        <source>It does at its next start</source>
        <translation>下次启动时将会启用</translation>
    </message>
    <message>
        <source>All containers, images, volumes and build caches of the machine will be deleted</source>
        <translation>虚拟机中的所有容器、镜像、卷和构建缓存都将被删除</translation>
    </message>
    <message>
        <source>Its disk and what is saved of its memory are thrown away; settings and guest image stay</source>
        <translation>其磁盘和已保存的内存将被删除；设置和虚拟机镜像会保留</translation>
    </message>
    <message>
        <source>This cannot be undone</source>
        <translation>此操作无法撤销</translation>
    </message>
    <message>
        <source>The folder is in no shared one: share it in Settings, and restart the machine</source>
        <translation>该文件夹不在任何共享文件夹中：请在设置中共享它，然后重启虚拟机</translation>
    </message>
    <message>
        <source>%1 in it leads in a circle</source>
        <translation>其中的 %1 是循环链接</translation>
    </message>
    <message>
        <source>A shared folder of the suspended machine cannot be shared now</source>
        <translation>已挂起的虚拟机所用的共享文件夹现在无法共享</translation>
    </message>
    <message>
        <source>Resume it again; with other shared folders in its settings it boots from its disk</source>
        <translation>请再次恢复；如果在设置中改用其他共享文件夹，它会从磁盘启动</translation>
    </message>
    <message>
        <source>The engine does without this computer&apos;s proxy, which the VM cannot reach: %1</source>
        <translation>引擎没有使用本机的代理，因为虚拟机无法访问它：%1</translation>
    </message>
    <message>
        <source>Allow its port in Settings and restart the machine, or name a proxy of your network under `engine.proxies`</source>
        <translation>请在设置中允许其端口并重启虚拟机，或在 `engine.proxies` 中填写您网络中的代理</translation>
    </message>
    <message>
        <source>The guest has not powered off yet, and is started again once it has; `moorage kill` ends it by force</source>
        <translation>虚拟机尚未关机，关机后会重新启动；用 `moorage kill` 可强制终止</translation>
    </message>
    <message>
        <source>The machine cannot be started</source>
        <translation>虚拟机无法启动</translation>
    </message>
    <message>
        <source>The machine cannot be resumed</source>
        <translation>虚拟机无法恢复</translation>
    </message>
    <message>
        <source>No break was sent</source>
        <translation>没有发送中断信号</translation>
    </message>
    <message>
        <source>The machine does not run</source>
        <translation>虚拟机没有运行</translation>
    </message>
    <message>
        <source>Correct that and start again</source>
        <translation>请解决此问题，然后重新启动</translation>
    </message>
    <message>
        <source>`kill -9 %1` ends it, and the next one takes the machine over. Its words are in %2</source>
        <translation>用 `kill -9 %1` 可将其结束，之后的管理进程会接管虚拟机。其日志在 %2</translation>
    </message>
    <message>
        <source>It ended together with its supervisor, as when this computer loses its power</source>
        <translation>它与其管理进程一同结束，如同此计算机断电</translation>
    </message>
    <message>
        <source>`moorage start` tries again, `moorage kill` ends it</source>
        <translation>`moorage start` 可再试一次，`moorage kill` 可结束它</translation>
    </message>
    <message>
        <source>End the process that holds %1</source>
        <translation>请结束占用 %1 的进程</translation>
    </message>
    <message>
        <source>The machine is not used, and could not be suspended</source>
        <translation>虚拟机处于闲置状态，但无法挂起</translation>
    </message>
    <message>
        <source>The machine is not started</source>
        <translation>虚拟机未启动</translation>
    </message>
    <message>
        <source>its supervisor is about to end</source>
        <translation>其管理进程即将结束</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>请重试</translation>
    </message>
    <message>
        <source>%1 has %2 MiB free, its memory needs %3 MiB</source>
        <translation>%1 剩余 %2 MiB，保存其内存需要 %3 MiB</translation>
    </message>
    <message>
        <source>The machine was suspended on %1, which cannot be used now</source>
        <translation>虚拟机是在 %1 上挂起的，而它现在无法使用</translation>
    </message>
    <message>
        <source>Resume it again once it can; `moorage kill` drops what its containers hold in memory, and it boots again</source>
        <translation>可用后请再次恢复；`moorage kill` 会丢弃容器在内存中的内容，之后虚拟机重新启动</translation>
    </message>
    <message>
        <source>The saved state cannot be read now</source>
        <translation>保存的状态现在无法读取</translation>
    </message>
    <message>
        <source>It is kept. Start again</source>
        <translation>它仍保留。请再次启动</translation>
    </message>
    <message>
        <source>Moorage runs as root</source>
        <translation>Moorage 正以 root 身份运行</translation>
    </message>
    <message>
        <source>It does not need to: any user can run it</source>
        <translation>这并无必要：任何用户都可以运行它</translation>
    </message>
    <message>
        <source>The machine is paused: the disk of this computer is full (%1 MiB free)</source>
        <translation>虚拟机已暂停：此电脑的磁盘已满（剩余 %1 MiB）</translation>
    </message>
    <message>
        <source>It goes on by itself when %1 MiB are free</source>
        <translation>剩余空间达到 %1 MiB 时会自动继续</translation>
    </message>
    <message>
        <source>The machine is paused: its disk gets no more room on this computer, though some is free</source>
        <translation>虚拟机已暂停：此电脑仍有剩余空间，但其磁盘无法获得更多空间</translation>
    </message>
    <message>
        <source>Look for a quota; it is tried again now and then</source>
        <translation>请检查是否有配额限制；系统会不时重试</translation>
    </message>
    <message>
        <source>an input/output error</source>
        <translation>输入/输出错误</translation>
    </message>
    <message>
        <source>Check the disk of this computer, then kill the machine and start it again</source>
        <translation>请检查此电脑的磁盘，然后强制终止虚拟机并重新启动</translation>
    </message>
    <message>
        <source>%1 was chosen in Settings and cannot be used</source>
        <translation>已在设置中选择 %1，但它无法使用</translation>
    </message>
    <message>
        <source>%1 does not exist on %2</source>
        <translation>%2 上没有 %1</translation>
    </message>
    <message>
        <source>Set the accelerator to auto</source>
        <translation>请将加速器设为自动</translation>
    </message>
    <message>
        <source>`moorage doctor` tries again</source>
        <translation>`moorage doctor` 会重新尝试</translation>
    </message>
    <message>
        <source>QEMU ended without a word</source>
        <translation>QEMU 没有任何提示就退出了</translation>
    </message>
    <message>
        <source>%1 may not use KVM (%2: permission denied)</source>
        <translation>%1 无权使用 KVM（%2：权限不足）</translation>
    </message>
    <message>
        <source>Join its group, log out and in again: sudo usermod -aG kvm %1</source>
        <translation>请加入其用户组，注销后重新登录：sudo usermod -aG kvm %1</translation>
    </message>
    <message>
        <source>fetching packages</source>
        <translation>正在下载软件包</translation>
    </message>
    <message>
        <source>putting it together</source>
        <translation>正在组装</translation>
    </message>
    <message>
        <source>writing it to the disk</source>
        <translation>正在写入磁盘</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>正在写入</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>正在读取</translation>
    </message>
    <message>
        <source>There is nothing to export</source>
        <translation>没有可导出的内容</translation>
    </message>
    <message>
        <source>neither runtime nor guest is built</source>
        <translation>运行时和虚拟机镜像都还没有构建</translation>
    </message>
    <message>
        <source>The hypervisor in %1 is damaged</source>
        <translation>%1 中的虚拟机监控程序已损坏</translation>
    </message>
    <message>
        <source>The guest image in %1 is damaged</source>
        <translation>%1 中的虚拟机镜像已损坏</translation>
    </message>
    <message>
        <source>its %1 cannot be read: %2</source>
        <translation>无法读取其中的 %1：%2</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>无法读取 %1：%2</translation>
    </message>
    <message>
        <source>%1 has %2 bytes, not %3</source>
        <translation>%1 的大小为 %2 字节，而不是 %3 字节</translation>
    </message>
    <message>
        <source>%1 is not as it was built</source>
        <translation>%1 与构建时不一致</translation>
    </message>
    <message>
        <source>Build it again with `moorage guest build`</source>
        <translation>请用 `moorage guest build` 重新构建</translation>
    </message>
    <message>
        <source>%1 was built by another version of Moorage</source>
        <translation>%1 由另一个版本的 Moorage 构建</translation>
    </message>
    <message>
        <source>format %1, this one reads %2</source>
        <translation>其格式为 %1，此版本读取的格式为 %2</translation>
    </message>
    <message>
        <source>%1 could not be written</source>
        <translation>无法写入 %1</translation>
    </message>
    <message>
        <source>%1 was not imported</source>
        <translation>未导入 %1</translation>
    </message>
    <message>
        <source>it is no archive</source>
        <translation>它不是归档文件</translation>
    </message>
    <message>
        <source>Export it again with `moorage guest export FILE`</source>
        <translation>请用 `moorage guest export FILE` 重新导出</translation>
    </message>
    <message>
        <source>it holds %1</source>
        <translation>其中含有 %1</translation>
    </message>
    <message>
        <source>it holds %1, which its manifest does not name once</source>
        <translation>其中含有 %1，而它在清单中并非恰好出现一次</translation>
    </message>
    <message>
        <source>it lacks %1</source>
        <translation>其中缺少 %1</translation>
    </message>
    <message>
        <source>it holds neither a runtime nor a guest</source>
        <translation>其中既没有运行时，也没有虚拟机镜像</translation>
    </message>
    <message>
        <source>%1 does not come first</source>
        <translation>%1 不在最前面</translation>
    </message>
    <message>
        <source>its manifest is that of the %1 %2</source>
        <translation>其清单属于 %1 %2</translation>
    </message>
    <message>
        <source>its manifest names %1</source>
        <translation>其清单列出了 %1</translation>
    </message>
    <message>
        <source>%1 in it is damaged</source>
        <translation>其中的 %1 已损坏</translation>
    </message>
    <message>
        <source>%1 is for %2 hosts</source>
        <translation>%1 适用于 %2 主机</translation>
    </message>
    <message>
        <source>This one is %1</source>
        <translation>此主机是 %1</translation>
    </message>
    <message>
        <source>No Debian mirror to build from</source>
        <translation>没有可用于构建的 Debian 软件源镜像</translation>
    </message>
    <message>
        <source>This host&apos;s apt configuration names no Debian mirror</source>
        <translation>此主机的 apt 配置中没有 Debian 软件源镜像</translation>
    </message>
    <message>
        <source>Name a Debian mirror: `moorage guest build --mirror URL`, or in Settings</source>
        <translation>请指定 Debian 软件源镜像：用 `moorage guest build --mirror URL`，或在设置中填写</translation>
    </message>
    <message>
        <source>only http, https and file addresses can be used</source>
        <translation>只能使用 http、https 和 file 地址</translation>
    </message>
    <message>
        <source>%1: only http, https and file addresses can be used</source>
        <translation>%1：只能使用 http、https 和 file 地址</translation>
    </message>
    <message>
        <source>it has no %1 (%2 %3)</source>
        <translation>其中没有 %1（%2 %3）</translation>
    </message>
    <message>
        <source>%1: it has no %2 (%3 %4)</source>
        <translation>%1：其中没有 %2（%3 %4）</translation>
    </message>
    <message>
        <source>it does not answer: %1</source>
        <translation>没有响应：%1</translation>
    </message>
    <message>
        <source>%1: it does not answer: %2</source>
        <translation>%1：没有响应：%2</translation>
    </message>
    <message>
        <source>what it serves as %1 is not Debian&apos;s</source>
        <translation>其提供的 %1 并非来自 Debian</translation>
    </message>
    <message>
        <source>%1: what it serves as %2 is not Debian&apos;s</source>
        <translation>%1：其提供的 %2 并非来自 Debian</translation>
    </message>
    <message>
        <source>Moorage has no guest for %1 hosts</source>
        <translation>Moorage 没有适用于 %1 主机的虚拟机镜像</translation>
    </message>
    <message>
        <source>It knows %1</source>
        <translation>支持的架构：%1</translation>
    </message>
    <message>
        <source>The guest&apos;s recipe cannot be read</source>
        <translation>无法读取虚拟机镜像的构建配方</translation>
    </message>
    <message>
        <source>Install Moorage again</source>
        <translation>请重新安装 Moorage</translation>
    </message>
    <message>
        <source>This host cannot build the guest yet</source>
        <translation>此主机还不能构建虚拟机镜像</translation>
    </message>
    <message>
        <source>It lacks %1</source>
        <translation>缺少 %1</translation>
    </message>
    <message>
        <source>Install %1, or bring a build from another host with `moorage guest import FILE`</source>
        <translation>请安装 %1，或用 `moorage guest import FILE` 导入其他主机上的构建结果</translation>
    </message>
    <message>
        <source>There is not enough room to build</source>
        <translation>空间不足，无法构建</translation>
    </message>
    <message>
        <source>It takes %1 MiB for a while, and %2 has %3 MiB</source>
        <translation>构建期间需要 %1 MiB，而 %2 只有 %3 MiB</translation>
    </message>
    <message>
        <source>Make room, or set MOORAGE_HOME to a folder on a larger disk</source>
        <translation>请腾出空间，或将 MOORAGE_HOME 设为更大磁盘上的文件夹</translation>
    </message>
    <message>
        <source>The program %1 is missing</source>
        <translation>缺少程序 %1</translation>
    </message>
    <message>
        <source>fetching Debian packages</source>
        <translation>下载 Debian 软件包</translation>
    </message>
    <message>
        <source>packing the guest&apos;s root</source>
        <translation>打包虚拟机的根文件系统</translation>
    </message>
    <message>
        <source>unpacking the kernel</source>
        <translation>解压内核</translation>
    </message>
    <message>
        <source>Look at the network and the mirror, then run `moorage guest build` again</source>
        <translation>请检查网络和软件源镜像，然后重新运行 `moorage guest build`</translation>
    </message>
    <message>
        <source>The package lists do not name what was fetched</source>
        <translation>软件包列表中没有所下载的软件包</translation>
    </message>
    <message>
        <source>%1 needs the library %2</source>
        <translation>%1 需要库 %2</translation>
    </message>
    <message>
        <source>No package of the recipe brings it</source>
        <translation>配方中没有提供它的软件包</translation>
    </message>
    <message>
        <source>The packages bring no %1</source>
        <translation>软件包中没有 %1</translation>
    </message>
    <message>
        <source>Debian builds them in another way than the recipe expects</source>
        <translation>Debian 构建这些软件包的方式与配方预期的不同</translation>
    </message>
    <message>
        <source>The kernel lacks modules that the guest needs</source>
        <translation>内核缺少虚拟机所需的模块</translation>
    </message>
    <message>
        <source>The kernel&apos;s modules are packed in an unknown way</source>
        <translation>内核模块的压缩方式未知</translation>
    </message>
    <message>
        <source>The engine does not answer</source>
        <translation>引擎没有响应</translation>
    </message>
    <message>
        <source>The engine cannot be reached</source>
        <translation>无法连接引擎</translation>
    </message>
    <message>
        <source>The engine answers with an error</source>
        <translation>引擎返回错误</translation>
    </message>
    <message>
        <source>The engine&apos;s answer makes no sense</source>
        <translation>引擎的响应无法理解</translation>
    </message>
    <message>
        <source>The engine refused</source>
        <translation>引擎拒绝了请求</translation>
    </message>
    <message>
        <source>The engine is too old for this</source>
        <translation>引擎版本过旧，不支持此操作</translation>
    </message>
    <message>
        <source>The engine ended its event stream</source>
        <translation>引擎结束了事件流</translation>
    </message>
    <message>
        <source>in the middle</source>
        <translation>事件流中途中断</translation>
    </message>
    <message>
        <source>The engine&apos;s event stream makes no sense</source>
        <translation>引擎的事件流无法理解</translation>
    </message>
    <message>
        <source>no JSON: %1</source>
        <translation>不是 JSON：%1</translation>
    </message>
    <message>
        <source>over %1 bytes a line</source>
        <translation>单行超过 %1 字节</translation>
    </message>
    <message>
        <source>What answers on the socket is no Docker engine</source>
        <translation>在该套接字上响应的不是 Docker 引擎</translation>
    </message>
    <message>
        <source>it tells no API version</source>
        <translation>它没有报告 API 版本</translation>
    </message>
    <message>
        <source>The Docker engine is too old</source>
        <translation>Docker 引擎版本过旧</translation>
    </message>
    <message>
        <source>it speaks API %1, %2 is needed</source>
        <translation>它支持 API %1，而需要 %2</translation>
    </message>
    <message>
        <source>it takes calls, but was silent too long</source>
        <translation>它接受了请求，但太久没有回应</translation>
    </message>
    <message>
        <source>its socket does not exist</source>
        <translation>其套接字不存在</translation>
    </message>
    <message>
        <source>nobody listens on its socket</source>
        <translation>其套接字上没有进程在监听</translation>
    </message>
    <message>
        <source>its queue of connections is full</source>
        <translation>其连接队列已满</translation>
    </message>
    <message>
        <source>its socket belongs to another user</source>
        <translation>其套接字属于另一个用户</translation>
    </message>
    <message>
        <source>it closed the connection</source>
        <translation>它关闭了连接</translation>
    </message>
    <message>
        <source>this process has too many files open</source>
        <translation>此进程打开的文件过多</translation>
    </message>
    <message>
        <source>it was silent too long</source>
        <translation>它太久没有回应</translation>
    </message>
    <message>
        <source>it was disconnected</source>
        <translation>连接已断开</translation>
    </message>
    <message>
        <source>the engine is not connected</source>
        <translation>尚未连接引擎</translation>
    </message>
    <message>
        <source>The file cannot be opened</source>
        <translation>无法打开文件</translation>
    </message>
    <message>
        <source>The files cannot be read</source>
        <translation>无法读取文件</translation>
    </message>
    <message>
        <source>their page was left</source>
        <translation>已离开其页面</translation>
    </message>
    <message>
        <source>its links lead round in a circle</source>
        <translation>其链接形成了循环</translation>
    </message>
    <message>
        <source>it is no plain file</source>
        <translation>它不是普通文件</translation>
    </message>
    <message>
        <source>it is a link that leads out of the volume</source>
        <translation>它是一个指向卷外的链接</translation>
    </message>
    <message>
        <source>It could not be deleted</source>
        <translation>无法删除</translation>
    </message>
    <message>
        <source>The container&apos;s programs cannot be given this name</source>
        <translation>无法把这个名称传给容器中的程序</translation>
    </message>
    <message>
        <source>it has bytes that are no text</source>
        <translation>其中含有不是文字的字节</translation>
    </message>
    <message>
        <source>there is no %1 in the container</source>
        <translation>容器中没有 %1</translation>
    </message>
    <message>
        <source>it became shorter meanwhile</source>
        <translation>它在此期间变短了</translation>
    </message>
    <message>
        <source>it does not tell what the file is</source>
        <translation>它没有说明该文件是什么</translation>
    </message>
    <message>
        <source>The folder has too many files to list</source>
        <translation>文件夹中的文件太多，无法列出</translation>
    </message>
    <message>
        <source>no `tar` archive: %1</source>
        <translation>不是 `tar` 归档：%1</translation>
    </message>
    <message>
        <source>it leads to another place</source>
        <translation>它指向了别处</translation>
    </message>
    <message>
        <source>the engine sent more than there can be to tell</source>
        <translation>引擎发来的内容多得不合常理</translation>
    </message>
    <message>
        <source>`rm` ended with code %1</source>
        <translation>`rm` 以代码 %1 结束</translation>
    </message>
    <message>
        <source>No shell can be opened in the machine</source>
        <translation>虚拟机中无法打开 shell</translation>
    </message>
    <message>
        <source>No shell can be opened in %1</source>
        <translation>无法在 %1 中打开 shell</translation>
    </message>
    <message>
        <source>%1 cannot be attached to</source>
        <translation>无法连接到 %1</translation>
    </message>
    <message>
        <source>The console %1 does not answer</source>
        <translation>控制台 %1 没有响应</translation>
    </message>
    <message>
        <source>The console %1 cannot be opened</source>
        <translation>无法打开控制台 %1</translation>
    </message>
    <message>
        <source>another program has it open</source>
        <translation>另一个程序正在使用它</translation>
    </message>
    <message>
        <source>No shell was found in the container</source>
        <translation>在容器中没有找到 shell</translation>
    </message>
    <message>
        <source>its image brings none</source>
        <translation>其镜像中没有 shell</translation>
    </message>
    <message>
        <source>The volume %1 could not be created</source>
        <translation>无法创建卷 %1</translation>
    </message>
    <message>
        <source>The volume %1 could not be removed</source>
        <translation>无法删除卷 %1</translation>
    </message>
    <message>
        <source>The volume %1 could not be exported</source>
        <translation>无法导出卷 %1</translation>
    </message>
    <message>
        <source>The volume %1 could not be imported</source>
        <translation>无法导入卷 %1</translation>
    </message>
    <message>
        <source>The volume %1 could not be cloned</source>
        <translation>无法克隆卷 %1</translation>
    </message>
    <message>
        <source>The network %1 could not be created</source>
        <translation>无法创建网络 %1</translation>
    </message>
    <message>
        <source>The network %1 could not be removed</source>
        <translation>无法删除网络 %1</translation>
    </message>
    <message>
        <source>%1 could not be connected to %2</source>
        <translation>无法将 %1 连接到 %2</translation>
    </message>
    <message>
        <source>%1 could not be disconnected from %2</source>
        <translation>无法将 %1 从 %2 断开</translation>
    </message>
    <message>
        <source>There is a volume %1 already</source>
        <translation>已有名为 %1 的卷</translation>
    </message>
    <message>
        <source>The transfer was cancelled</source>
        <translation>传输已取消</translation>
    </message>
    <message>
        <source>its tar has no end</source>
        <translation>归档没有结尾</translation>
    </message>
    <message>
        <source>The file cannot be read</source>
        <translation>无法读取文件</translation>
    </message>
    <message>
        <source>The log of %1 could not be saved</source>
        <translation>无法保存 %1 的日志</translation>
    </message>
    <message>
        <source>%1 could not be started</source>
        <translation>无法启动 %1</translation>
    </message>
    <message>
        <source>%1 could not be stopped</source>
        <translation>无法停止 %1</translation>
    </message>
    <message>
        <source>%1 could not be restarted</source>
        <translation>无法重启 %1</translation>
    </message>
    <message>
        <source>%1 could not be killed</source>
        <translation>无法强制终止 %1</translation>
    </message>
    <message>
        <source>%1 could not be paused</source>
        <translation>无法暂停 %1</translation>
    </message>
    <message>
        <source>%1 could not be resumed</source>
        <translation>无法恢复 %1</translation>
    </message>
    <message>
        <source>%1 could not be removed</source>
        <translation>无法删除 %1</translation>
    </message>
    <message>
        <source>%1 could not be signalled</source>
        <translation>无法向 %1 发送信号</translation>
    </message>
    <message>
        <source>%1 could not be renamed</source>
        <translation>无法重命名 %1</translation>
    </message>
    <message>
        <source>%1 could not be committed</source>
        <translation>无法用 %1 制作镜像</translation>
    </message>
    <message>
        <source>What %1 was started with could not be read</source>
        <translation>无法读取 %1 的启动参数</translation>
    </message>
    <message>
        <source>The settings are not valid TOML</source>
        <translation>设置不是有效的 TOML</translation>
    </message>
    <message>
        <source>A setting is wrong</source>
        <translation>有一项设置不正确</translation>
    </message>
    <message>
        <source>there is no setting %1</source>
        <translation>没有名为 %1 的设置</translation>
    </message>
    <message>
        <source>%1 takes one of: %2</source>
        <translation>%1 的值应为以下之一：%2</translation>
    </message>
    <message>
        <source>%1 takes a whole number from %2 to %3</source>
        <translation>%1 的值应为 %2 至 %3 的整数</translation>
    </message>
    <message>
        <source>%1 takes a list of at most %2 whole numbers from %3 to %4</source>
        <translation>%1 的值应为最多 %2 个整数的列表，每个在 %3 至 %4 之间</translation>
    </message>
    <message>
        <source>%1 takes a list of at most %2, such as %3</source>
        <translation>%1 的值应为最多 %2 项的列表，例如 %3</translation>
    </message>
    <message>
        <source>%1 takes text, such as %2</source>
        <translation>%1 的值应为文本，例如 %2</translation>
    </message>
    <message>
        <source>%1 takes text</source>
        <translation>%1 的值应为文本</translation>
    </message>
    <message>
        <source>%1 takes a table</source>
        <translation>%1 的值应为表</translation>
    </message>
    <message>
        <source>Your file %1 is kept as %2</source>
        <translation>您的文件 %1 已保留为 %2</translation>
    </message>
    <message>
        <source>The engine has not answered since the machine was resumed</source>
        <translation>虚拟机恢复后引擎一直没有应答</translation>
    </message>
    <message>
        <source>It is waited for, since its containers are as they were; `moorage kill` ends the machine by force</source>
        <translation>正在等待引擎，因为容器仍保持原样；用 `moorage kill` 可强制结束虚拟机</translation>
    </message>
    <message>
        <source>The machine was suspended with another disk</source>
        <translation>虚拟机挂起时使用的是另一个磁盘</translation>
    </message>
    <message>
        <source>%1 was changed</source>
        <translation>%1 已被更改</translation>
    </message>
    <message>
        <source>Put its own back and resume it; `moorage kill` drops what its containers hold in memory, and it boots from this</source>
        <translation>请放回原来的磁盘再恢复；`moorage kill` 会丢弃容器在内存中的内容，之后从现有磁盘启动</translation>
    </message>
    <message>
        <source>%1 cannot be read</source>
        <translation>无法读取 %1</translation>
    </message>
    <message>
        <source>%1 cannot be written</source>
        <translation>无法写入 %1</translation>
    </message>
    <message>
        <source>Nothing was changed</source>
        <translation>未作任何更改</translation>
    </message>
    <message>
        <source>There is no setting %1</source>
        <translation>没有名为 %1 的设置</translation>
    </message>
    <message>
        <source>`moorage config get` lists them</source>
        <translation>用 `moorage config get` 可列出所有设置</translation>
    </message>
    <message>
        <source>This setting was not taken</source>
        <translation>未采用此设置</translation>
    </message>
    <message>
        <source>The machine cannot have %1 CPUs</source>
        <translation>虚拟机无法使用 %1 个 CPU</translation>
    </message>
    <message>
        <source>The machine cannot have %1 MiB of memory</source>
        <translation>虚拟机无法使用 %1 MiB 内存</translation>
    </message>
    <message>
        <source>this computer has %1</source>
        <translation>此计算机有 %1 个</translation>
    </message>
    <message>
        <source>this computer has %1 MiB</source>
        <translation>此计算机有 %1 MiB</translation>
    </message>
    <message>
        <source>Change it in the machine&apos;s settings</source>
        <translation>请在虚拟机设置中更改</translation>
    </message>
    <message>
        <source>it holds no JSON object</source>
        <translation>其内容不是 JSON 对象</translation>
    </message>
    <message>
        <source>The docker context %1 was not made by Moorage</source>
        <translation>docker 上下文 %1 不是由 Moorage 创建的</translation>
    </message>
    <message>
        <source>it is left as it is</source>
        <translation>它会保持原样</translation>
    </message>
    <message>
        <source>If you do not need it: docker context rm %1</source>
        <translation>如果不需要它：docker context rm %1</translation>
    </message>
    <message>
        <source>No supervisor answers</source>
        <translation>没有管理进程响应</translation>
    </message>
    <message>
        <source>The supervisor did not start</source>
        <translation>管理进程未能启动</translation>
    </message>
    <message>
        <source>it ended with code %1</source>
        <translation>它以退出码 %1 结束</translation>
    </message>
    <message>
        <source>Its words are in %1</source>
        <translation>其输出在 %1</translation>
    </message>
    <message>
        <source>The supervisor does not answer</source>
        <translation>管理进程没有响应</translation>
    </message>
    <message>
        <source>%1 s passed since it was started</source>
        <translation>启动后已过 %1 秒</translation>
    </message>
    <message>
        <source>The supervisor does not take calls</source>
        <translation>管理进程不接受请求</translation>
    </message>
    <message>
        <source>The supervisor ended in the middle of a call</source>
        <translation>管理进程在处理请求时结束了</translation>
    </message>
    <message>
        <source>The supervisor&apos;s answer makes no sense</source>
        <translation>管理进程的响应无法理解</translation>
    </message>
    <message>
        <source>The supervisor gave no answer</source>
        <translation>管理进程没有给出响应</translation>
    </message>
    <message>
        <source>The supervisor stumbled</source>
        <translation>管理进程内部出错</translation>
    </message>
    <message>
        <source>There is no call %1</source>
        <translation>没有名为 %1 的调用</translation>
    </message>
    <message>
        <source>This is no request</source>
        <translation>这不是有效的请求</translation>
    </message>
    <message>
        <source>This is no way to attach</source>
        <translation>无法以这种方式连接</translation>
    </message>
    <message>
        <source>timeout_s is a number of seconds</source>
        <translation>timeout_s 应为秒数</translation>
    </message>
    <message>
        <source>%1 cannot be reached</source>
        <translation>无法连接 %1</translation>
    </message>
    <message>
        <source>%1 is not a folder</source>
        <translation>%1 不是文件夹</translation>
    </message>
    <message>
        <source>Moorage keeps its files there</source>
        <translation>Moorage 要在那里存放文件</translation>
    </message>
    <message>
        <source>Move it away</source>
        <translation>请将其移走</translation>
    </message>
    <message>
        <source>%1 cannot be used</source>
        <translation>%1 无法使用</translation>
    </message>
    <message>
        <source>The name of Moorage&apos;s folder is not UTF-8</source>
        <translation>Moorage 的文件夹名称不是 UTF-8</translation>
    </message>
    <message>
        <source>Set MOORAGE_HOME to a folder whose name is</source>
        <translation>请把 MOORAGE_HOME 设为名称是 UTF-8 的文件夹</translation>
    </message>
    <message>
        <source>%1 belongs to another user</source>
        <translation>%1 属于另一个用户</translation>
    </message>
    <message>
        <source>uid %1</source>
        <translation>用户 ID 为 %1</translation>
    </message>
    <message>
        <source>Set MOORAGE_HOME to a folder of your own</source>
        <translation>请将 MOORAGE_HOME 设为您自己的文件夹</translation>
    </message>
    <message>
        <source>MOORAGE_HOME is not an absolute path</source>
        <translation>MOORAGE_HOME 不是绝对路径</translation>
    </message>
    <message>
        <source>Set it to a full path or unset it</source>
        <translation>请将其设为完整路径，或取消设置</translation>
    </message>
    <message>
        <source>The socket path %1 is too long</source>
        <translation>套接字路径 %1 过长</translation>
    </message>
    <message>
        <source>the system allows %1 bytes</source>
        <translation>系统最多允许 %1 字节</translation>
    </message>
    <message>
        <source>Set MOORAGE_HOME to a shorter folder</source>
        <translation>请将 MOORAGE_HOME 设为路径更短的文件夹</translation>
    </message>
    <message>
        <source>The socket %1 cannot be opened</source>
        <translation>无法打开套接字 %1</translation>
    </message>
    <message>
        <source>%1 is not a socket</source>
        <translation>%1 不是套接字</translation>
    </message>
    <message>
        <source>Moorage would have to overwrite it</source>
        <translation>Moorage 将不得不覆盖它</translation>
    </message>
    <message>
        <source>The socket %1 is in use</source>
        <translation>套接字 %1 正在使用中</translation>
    </message>
    <message>
        <source>another process listens there</source>
        <translation>另一个进程正在监听</translation>
    </message>
    <message>
        <source>Stop it, then try again</source>
        <translation>请停止它，然后重试</translation>
    </message>
    <message>
        <source>The guest does not take what is typed; it waits</source>
        <translation>虚拟机没有接收输入；输入内容正在等待</translation>
    </message>
    <message>
        <source>%1 publishes %2, which %3 (process %4) has</source>
        <translation>%1 要发布 %2，但它已被 %3（进程 %4）占用</translation>
    </message>
    <message>
        <source>%1 publishes %2, which a program of another user has</source>
        <translation>%1 要发布 %2，但它已被其他用户的程序占用</translation>
    </message>
    <message>
        <source>It is opened as soon as it is free</source>
        <translation>一旦空闲就会打开</translation>
    </message>
    <message>
        <source>%1 publishes %2, but here only root opens so low a port</source>
        <translation>%1 要发布 %2，但在本机只有 root 能打开这么小的端口号</translation>
    </message>
    <message>
        <source>To let everybody: `sudo sysctl net.ipv4.ip_unprivileged_port_start=%1`</source>
        <translation>要允许所有人打开：`sudo sysctl net.ipv4.ip_unprivileged_port_start=%1`</translation>
    </message>
    <message>
        <source>%1 publishes %2, but this computer does not have the address %3</source>
        <translation>%1 要发布 %2，但本机没有地址 %3</translation>
    </message>
    <message>
        <source>%1 publishes %2, but Moorage publishes TCP and UDP only</source>
        <translation>%1 要发布 %2，但 Moorage 只发布 TCP 和 UDP</translation>
    </message>
    <message>
        <source>%1 publishes %2, but the guest does not take the address</source>
        <translation>%1 要发布 %2，但虚拟机没有接受该地址</translation>
    </message>
    <message>
        <source>%1 publishes %2, which QEMU could not open</source>
        <translation>%1 要发布 %2，但 QEMU 无法打开它</translation>
    </message>
    <message>
        <source>%1 publishes %2, which this system refuses: %3</source>
        <translation>%1 要发布 %2，但被本系统拒绝：%3</translation>
    </message>
    <message>
        <source>It is tried again</source>
        <translation>正在重试</translation>
    </message>
    <message>
        <source>%1 publishes %2, which passt keeps shut: only TCP on this computer&apos;s loopback is open beside it</source>
        <translation>%1 发布了 %2，但 passt 将其关闭：使用 passt 时只开放本机回环地址上的 TCP 端口</translation>
    </message>
    <message>
        <source>The guest does not tell how much memory it has</source>
        <translation>虚拟机没有说明它有多少内存</translation>
    </message>
    <message>
        <source>Containers have no way out: passt ended</source>
        <translation>容器没有出口：passt 已结束</translation>
    </message>
    <message>
        <source>passt cannot be started</source>
        <translation>无法启动 passt</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>没有应答</translation>
    </message>
    <message>
        <source>The guest did not take which ports of this computer containers may reach</source>
        <translation>客户机没有接受容器可访问的本机端口</translation>
    </message>
    <message>
        <source>this system has no passt</source>
        <translation>此系统没有 passt</translation>
    </message>
    <message>
        <source>This computer&apos;s name servers changed, and passt asks the one that was there before</source>
        <translation>此计算机的域名服务器已更改，而 passt 仍在询问原来的那个</translation>
    </message>
    <message>
        <source>Suspend and resume the machine</source>
        <translation>请挂起并恢复虚拟机</translation>
    </message>
    <message>
        <source>The suspended machine&apos;s passt cannot be started now</source>
        <translation>现在无法启动已挂起虚拟机的 passt</translation>
    </message>
    <message>
        <source>Resume it again; with slirp as network in its settings, stop it and start it again</source>
        <translation>请再次恢复；或在设置中将网络改为 slirp，停止后再启动</translation>
    </message>
    <message>
        <source>Containers reach the allowed ports of this computer after a restart: passt keeps them shut until then</source>
        <translation>重启虚拟机后，容器才能访问本机上允许的端口：在此之前 passt 使其保持关闭</translation>
    </message>
    <message>
        <source>Containers go out through slirp, since passt cannot be started: %1</source>
        <translation>容器改用 slirp 出口，因为无法启动 passt：%1</translation>
    </message>
    <message>
        <source>The folder %1 is not shared: %2</source>
        <translation>文件夹 %1 未共享：%2</translation>
    </message>
    <message>
        <source>The machine is %1</source>
        <translation>虚拟机%1</translation>
    </message>
    <message>
        <source>It is needed for %1</source>
        <translation>需要用它来%1</translation>
    </message>
    <message>
        <source>%1 failed while %2</source>
        <translation>%1 在%2时失败</translation>
    </message>
    <message>
        <source>%1.</source>
        <translation>%1。</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Suspend</source>
        <translation>挂起</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>Kill</source>
        <translation>强制终止</translation>
    </message>
    <message>
        <source>Open window</source>
        <translation>打开窗口</translation>
    </message>
    <message>
        <source>Open console</source>
        <translation>打开控制台</translation>
    </message>
    <message>
        <source>Containers</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message numerus="yes">
        <source>%n container(s) running</source>
        <translation>
            <numerusform>%n 个容器正在运行</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
</context>
<context>
    <name>UnsharedFolders</name>
    <message>
        <source>%1 was given a folder that is not shared</source>
        <translation>%1 得到的一个文件夹没有共享</translation>
    </message>
    <message>
        <source>Share it in Settings, and restart the machine.</source>
        <translation>请在设置中共享它，然后重启虚拟机。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>ViewMenu</name>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>排序方式</translation>
    </message>
    <message>
        <source>Ascending</source>
        <translation>升序</translation>
    </message>
    <message>
        <source>Descending</source>
        <translation>降序</translation>
    </message>
    <message>
        <source>Move a column left</source>
        <translation>将列左移</translation>
    </message>
    <message>
        <source>Move a column right</source>
        <translation>将列右移</translation>
    </message>
</context>
<context>
    <name>VolumeActions</name>
    <message>
        <source>Create a volume</source>
        <translation>创建卷</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>Import a volume from a tar</source>
        <translation>从 tar 导入卷</translation>
    </message>
    <message>
        <source>Import %1 as a new volume</source>
        <translation>将 %1 导入为新卷</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Export the volume %1</source>
        <translation>导出卷 %1</translation>
    </message>
    <message>
        <source>Clone the volume %1</source>
        <translation>克隆卷 %1</translation>
    </message>
    <message>
        <source>Clone</source>
        <translation>克隆</translation>
    </message>
    <message>
        <source>Remove these volumes? (%1)</source>
        <translation>删除这些卷？（%1）</translation>
    </message>
    <message>
        <source>Remove this volume?</source>
        <translation>要删除此卷吗？</translation>
    </message>
    <message>
        <source>What is in them is lost. This cannot be undone.</source>
        <translation>其中的数据将会丢失，且无法撤销。</translation>
    </message>
    <message>
        <source>What is in it is lost. This cannot be undone.</source>
        <translation>其中的数据将会丢失，且无法撤销。</translation>
    </message>
    <message>
        <source>Every volume is used by a container</source>
        <translation>每个卷都有容器在使用</translation>
    </message>
    <message>
        <source>%1 are freed. What they hold is lost; this cannot be undone.</source>
        <translation>将释放 %1。其中的内容将会丢失，且无法撤销。</translation>
    </message>
    <message>
        <source>Remove the volumes that no container uses? (%1)</source>
        <translation>删除没有容器使用的卷？（%1）</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>There is a volume of that name already.</source>
        <translation>已有同名的卷。</translation>
    </message>
</context>
<context>
    <name>Volumes</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Driver</source>
        <translation>驱动</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Used by</source>
        <translation>使用者</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Removing…</source>
        <translation>正在删除…</translation>
    </message>
    <message>
        <source>1 volume</source>
        <translation>1 个卷</translation>
    </message>
    <message>
        <source>%1 volumes</source>
        <translation>%1 个卷</translation>
    </message>
    <message>
        <source>%1, measuring…</source>
        <translation>%1，正在测量…</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Volumes</source>
        <translation>卷</translation>
    </message>
    <message>
        <source>Filter volumes</source>
        <translation>筛选卷</translation>
    </message>
    <message>
        <source>Create…</source>
        <translation>创建…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Remove unused…</source>
        <translation>删除未使用的…</translation>
    </message>
    <message>
        <source>Browse</source>
        <translation>浏览</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Clone…</source>
        <translation>克隆…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>No volumes yet</source>
        <translation>还没有卷</translation>
    </message>
    <message>
        <source>What containers keep in volumes stays when they go. New ones show up here at once.</source>
        <translation>容器存放在卷中的内容在容器删除后仍会保留。新的卷会立即显示在这里。</translation>
    </message>
    <message>
        <source>Create a volume</source>
        <translation>创建卷</translation>
    </message>
</context>
<context>
    <name>VolumesPage</name>
    <message>
        <source>Volumes</source>
        <translation>卷</translation>
    </message>
</context>
<context>
    <name>WarningList</name>
    <message>
        <source>Warnings</source>
        <translation>警告</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>Suspending</source>
        <translation>正在挂起</translation>
    </message>
    <message>
        <source>Suspended</source>
        <translation>已挂起</translation>
    </message>
    <message>
        <source>Resuming</source>
        <translation>正在恢复</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Kill</source>
        <translation>强制终止</translation>
    </message>
    <message>
        <source>Build images</source>
        <translation>构建虚拟机镜像</translation>
    </message>
    <message>
        <source>Open Settings</source>
        <translation>打开设置</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>KVM (hardware)</source>
        <translation>KVM（硬件加速）</translation>
    </message>
    <message>
        <source>Hypervisor.framework (hardware)</source>
        <translation>Hypervisor.framework（硬件加速）</translation>
    </message>
    <message>
        <source>TCG (software emulation)</source>
        <translation>TCG（软件模拟）</translation>
    </message>
    <message>
        <source>%1 MiB</source>
        <translation>%1 MiB</translation>
    </message>
    <message>
        <source>%1 GiB</source>
        <translation>%1 GiB</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
</context>
<context>
    <name>_Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>_Plot</name>
    <message>
        <source>10 min ago</source>
        <translation>10 分钟前</translation>
    </message>
</context>
</TS>
