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
        <source>What they wrote outside volumes is lost.</source>
        <translation>它们写在卷以外的数据将会丢失。</translation>
    </message>
    <message>
        <source>Running ones are killed first (%1 of them).</source>
        <translation>其中 %1 个正在运行，会先被强制终止。</translation>
    </message>
    <message>
        <source>Remove these containers? (%1)</source>
        <translation>要删除这 %1 个容器吗？</translation>
    </message>
    <message>
        <source>Remove these images? (%1)</source>
        <translation>要删除这 %1 个镜像吗？</translation>
    </message>
    <message>
        <source>Pulling or building them again takes time.</source>
        <translation>重新拉取或构建需要时间。</translation>
    </message>
    <message>
        <source>… and %1 more</source>
        <translation>……以及另外 %1 个</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
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
</context>
<context>
    <name>ConsolePane</name>
    <message>
        <source>Console</source>
        <translation>控制台</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
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
    <name>Containers</name>
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
        <source>Unhealthy</source>
        <translation>不健康</translation>
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
        <source>Containers</source>
        <translation>容器</translation>
    </message>
    <message>
        <source>Filter containers</source>
        <translation>筛选容器</translation>
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
        <source>Copy the command</source>
        <translation>复制命令</translation>
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
        <source>Kill</source>
        <translation>强制终止</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>1 container, %1 running</source>
        <translation>1 个容器，%1 个正在运行</translation>
    </message>
    <message>
        <source>%1 containers, %2 running</source>
        <translation>%1 个容器，%2 个正在运行</translation>
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
        <source>There is no docker command on this host. Moorage brings the engine; install the command to use it.</source>
        <translation>此主机上没有 docker 命令。Moorage 提供引擎，需要另行安装该命令才能使用。</translation>
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
    <name>Display</name>
    <message>
        <source>Console</source>
        <translation>控制台</translation>
    </message>
</context>
<context>
    <name>Faces</name>
    <message>
        <source>The machine is stopped</source>
        <translation>虚拟机已停止</translation>
    </message>
    <message>
        <source>Its containers and images are kept. Start it to see them.</source>
        <translation>其中的容器和镜像都会保留。启动后即可查看。</translation>
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
        <source>Start again</source>
        <translation>重新启动</translation>
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
</context>
<context>
    <name>FailureCard</name>
    <message>
        <source>Last lines of the log</source>
        <translation>日志的最后几行</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>The machine failed</source>
        <translation>虚拟机发生故障</translation>
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
    <name>Header</name>
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
        <source>1 image, %1</source>
        <translation>1 个镜像，%1</translation>
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
    <name>Links</name>
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
</context>
<context>
    <name>OverviewFeed</name>
    <message>
        <source>%1, pid %2: %3</source>
        <translation>%1，PID %2：%3</translation>
    </message>
</context>
<context>
    <name>PasteBar</name>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message numerus="yes">
        <source>Paste %n line(s)? The shell in the machine may run them at once.</source>
        <translation>
            <numerusform>要粘贴 %n 行吗？虚拟机中的 shell 可能会立即执行这些内容。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Quitting</name>
    <message>
        <source>The machine is running. Stop it?</source>
        <translation>虚拟机正在运行。要停止它吗？</translation>
    </message>
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
        <source>Stop it and quit</source>
        <translation>停止并退出</translation>
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
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
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
        <source>The disk file takes only what is used. It grows, and is never made smaller.</source>
        <translation>磁盘文件只占用实际使用的空间。它会增大，但不会缩小。</translation>
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
        <source>Console text size</source>
        <translation>控制台字号</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
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
        <source>Stops the machine</source>
        <translation>停止虚拟机</translation>
    </message>
    <message>
        <source>Leaves it running</source>
        <translation>让它继续运行</translation>
    </message>
    <message>
        <source>The machine still runs with its earlier settings.</source>
        <translation>虚拟机仍在按先前的设置运行。</translation>
    </message>
    <message>
        <source>Restart now</source>
        <translation>立即重启</translation>
    </message>
</context>
<context>
    <name>SideBar</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
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
        <source>Console</source>
        <translation>控制台</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
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
        <source>The machine does not stop</source>
        <translation>虚拟机没有停止</translation>
    </message>
    <message>
        <source>The guest has not powered off yet; `moorage kill` ends it by force</source>
        <translation>虚拟机尚未关机；用 `moorage kill` 可强制终止</translation>
    </message>
    <message>
        <source>Emulation (TCG) is slow and no security boundary: run only what you trust</source>
        <translation>软件模拟 (TCG) 速度慢，且不构成安全边界：请只运行您信任的内容</translation>
    </message>
    <message>
        <source>Moorage runs as root. It does not need to: any user can run it.</source>
        <translation>Moorage 正以 root 身份运行。这并无必要：任何用户都可以运行它。</translation>
    </message>
    <message>
        <source>The machine is paused: the disk of this computer is full (%1 MiB free). It goes on by itself when %2 MiB are free.</source>
        <translation>虚拟机已暂停：此电脑的磁盘已满（剩余 %1 MiB）。剩余空间达到 %2 MiB 时会自动继续。</translation>
    </message>
    <message>
        <source>The machine is paused: its disk %1 reports: %2. Check the disk of this computer, then kill the machine and start it again.</source>
        <translation>虚拟机已暂停：其磁盘 %1 报告：%2。请检查此电脑的磁盘，然后强制终止虚拟机并重新启动。</translation>
    </message>
    <message>
        <source>The docker context could not be written: %1</source>
        <translation>无法写入 docker 上下文：%1</translation>
    </message>
    <message>
        <source>%1 publishes %2, which %3 (process %4) has. It is opened as soon as it is free</source>
        <translation>%1 要发布 %2，但它已被 %3（进程 %4）占用。一旦空闲就会打开</translation>
    </message>
    <message>
        <source>%1 publishes %2, which a program of another user has. It is opened as soon as it is free</source>
        <translation>%1 要发布 %2，但它已被其他用户的程序占用。一旦空闲就会打开</translation>
    </message>
    <message>
        <source>%1 publishes %2, but here only root opens so low a port. To let everybody: `sudo sysctl net.ipv4.ip_unprivileged_port_start=%3`</source>
        <translation>%1 要发布 %2，但在本机只有 root 能打开这么小的端口号。要允许所有人打开：`sudo sysctl net.ipv4.ip_unprivileged_port_start=%3`</translation>
    </message>
    <message>
        <source>%1 publishes %2, but this computer does not have the address %3</source>
        <translation>%1 要发布 %2，但本机没有地址 %3</translation>
    </message>
    <message>
        <source>%1 publishes %2, but Moorage publishes nothing on IPv6 alone</source>
        <translation>%1 要发布 %2，但 Moorage 不会只在 IPv6 上发布</translation>
    </message>
    <message>
        <source>%1 publishes %2, but Moorage publishes TCP and UDP only</source>
        <translation>%1 要发布 %2，但 Moorage 只发布 TCP 和 UDP</translation>
    </message>
    <message>
        <source>%1 publishes %2, which could not be opened (%3). It is tried again</source>
        <translation>%1 要发布 %2，但无法打开（%3）。正在重试</translation>
    </message>
    <message>
        <source>The machine was suspended and not yet on disk when its supervisor ended: what its containers held in memory is lost, as after a power cut</source>
        <translation>虚拟机刚挂起、尚未写入磁盘时，其监督进程就结束了：容器保存在内存中的内容已丢失，如同断电</translation>
    </message>
    <message>
        <source>The suspended state could not be resumed, the machine boots. %1</source>
        <translation>无法恢复已挂起的状态，虚拟机将重新启动。%1</translation>
    </message>
    <message>
        <source>The suspended state could not be read. %1</source>
        <translation>无法读取已挂起的状态。%1</translation>
    </message>
    <message>
        <source>The suspended machine is in memory only, and would be lost with this computer&apos;s power. %1</source>
        <translation>挂起的虚拟机只在内存中，这台计算机断电后会丢失。%1</translation>
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
        <source>%1 opens on this host, but QEMU cannot start with it: %2</source>
        <translation>此主机上可以打开 %1，但 QEMU 无法用它启动：%2</translation>
    </message>
    <message>
        <source>This host has no KVM (%1 is missing): its kernel lacks it or the firmware has virtualization switched off</source>
        <translation>此主机没有 KVM（缺少 %1）：内核不支持，或固件中关闭了虚拟化</translation>
    </message>
    <message>
        <source>%1 may not use KVM (%2: permission denied). Join its group, log out and in again: sudo usermod -aG kvm %3</source>
        <translation>%1 无权使用 KVM（%2：权限不足）。请加入其用户组，注销后重新登录：sudo usermod -aG kvm %3</translation>
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
        <source>The guest does not take what is typed; it waits</source>
        <translation>虚拟机没有接收输入；输入内容正在等待</translation>
    </message>
    <message>
        <source>The supervisor ends. Attach again</source>
        <translation>管理进程已结束，请重新连接</translation>
    </message>
    <message>
        <source>This terminal reads too slowly and was let go. Attach again</source>
        <translation>此终端读取太慢，连接已断开，请重新连接</translation>
    </message>
</context>
<context>
    <name>Tray</name>
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
</context>
<context>
    <name>_Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
</TS>
