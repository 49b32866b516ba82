#!/bin/sh
# Installs what bench/peers compares walras with, outside the repository: a Python environment with pinned versions, and
# tcmalloc, which halves the time of JAX. Run again it does nothing. WALRAS_PEERS says where; default ~/.cache/walras-peers.
set -eu

NUMPY=2.4.6
JAX=0.10.2

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
echo "$home"
