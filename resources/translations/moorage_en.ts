<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>PasteBar</name>
    <message numerus="yes">
        <source>Paste %n line(s)? The shell in the machine may run them at once.</source>
        <translation>
            <numerusform>Paste %n line? The shell in the machine may run it at once.</numerusform>
            <numerusform>Paste %n lines? The shell in the machine may run them at once.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message numerus="yes">
        <source>%n container(s) running</source>
        <translation>
            <numerusform>%n container running</numerusform>
            <numerusform>%n containers running</numerusform>
        </translation>
    </message>
</context>
</TS>
