#!/bin/sh
# Installs what bench/peers compares walras with, outside the repository: a Python environment with pinned versions, and
# tcmalloc, which spares JAX page faults. Run again it does nothing. WALRAS_PEERS says where; default ~/.cache/walras-peers.
# With the argument tfjs also TensorFlow.js: tfjs-wasm, and tfjs-node over the library of Python's TensorFlow (270 MB).
set -eu

NUMPY=2.4.6
JAX=0.10.2
TFJS=4.22.0
TENSORFLOW=2.21.0

home="${WALRAS_PEERS:-$HOME/.cache/walras-peers}"
python="${WALRAS_PYTHON:-python3}"
mkdir -p "$home"

wanted="numpy==$NUMPY jax==$JAX jaxlib==$JAX"
if [ "$(cat "$home/venv/installed" 2>/dev/null)" != "$wanted" ]; then
  "$python" -m venv "$home/venv"
  # shellcheck disable=SC2086 # a list of words
  "$home/venv/bin/pip" install --quiet --disable-pip-version-check $wanted
  echo "$wanted" > "$home/venv/installed"
fi

# Debian's package, unpacked where nobody else sees it. Without apt the peers run without it, and the table says so.
library="$home/tcmalloc/libtcmalloc_minimal.so.4"
if [ ! -e "$library" ] && command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null; then
  mkdir -p "$home/tcmalloc"
  (
    cd "$home/tcmalloc"
    apt-get download libtcmalloc-minimal4 2> /dev/null &&
      dpkg-deb -x libtcmalloc-minimal4_*.deb . &&
      ln -sf usr/lib/*/libtcmalloc_minimal.so.4 libtcmalloc_minimal.so.4
  ) || echo "tcmalloc could not be had: JAX is measured without it" >&2
fi
if [ "${1:-}" = tfjs ] && [ ! -e "$home/tfjs/installed" ]; then
  mkdir -p "$home/tfjs" "$home/tensorflow"
  cd "$home/tfjs"
  echo '{ "private": true }' > package.json
  npm install --no-audit --no-fund --ignore-scripts "@tensorflow/tfjs-core@$TFJS" "@tensorflow/tfjs-backend-cpu@$TFJS" \
    "@tensorflow/tfjs-backend-wasm@$TFJS" "@tensorflow/tfjs-node@$TFJS"
  (
    cd "$home/tensorflow"
    "$home/venv/bin/pip" download --quiet --no-deps "tensorflow-cpu==$TENSORFLOW"
    "$home/venv/bin/python" - << 'PROGRAM'
import glob, zipfile
archive = zipfile.ZipFile(glob.glob("tensorflow_cpu-*.whl")[0])
libraries = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2")
archive.extractall(members=[n for n in archive.namelist() if n.startswith("tensorflow/include/") or n in libraries])
PROGRAM
    rm -f tensorflow_cpu-*.whl
  )
  tensorflow="$home/tensorflow/tensorflow"
  cd "$home/tfjs/node_modules/@tensorflow/tfjs-node"
  mkdir -p deps/lib
  ln -sfn "$tensorflow/include" deps/include
  for name in libtensorflow.so libtensorflow_cc.so.2; do ln -sf "$tensorflow/libtensorflow_cc.so.2" "deps/lib/$name"; done
  for name in libtensorflow_framework.so libtensorflow_framework.so.2; do
    ln -sf "$tensorflow/libtensorflow_framework.so.2" "deps/lib/$name"
  done
  npx node-pre-gyp install --build-from-source
  touch "$home/tfjs/installed"
fi
echo "$home"
