#!/bin/sh
# The official image comes without bytecode, and nothing could write it where the root is read-only. What is compiled
# here is never compared with its source again.
set -eu
python -m compileall -q -j 0 --invalidation-mode unchecked-hash "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" \
    -x '/(test|tests|idlelib|tkinter|turtledemo|ensurepip|lib2to3|pydoc_data|site-packages|dist-packages)/'
