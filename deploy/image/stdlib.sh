#!/bin/sh
# Compile the standard library: the official image has no bytecode, and a read-only container can't write any.
# With unchecked-hash, Python uses the bytecode without comparing it with the source.
set -eu
python -m compileall -q -j 0 --invalidation-mode unchecked-hash "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" \
    -x '/(test|tests|idlelib|tkinter|turtledemo|ensurepip|lib2to3|pydoc_data|site-packages|dist-packages)/'
