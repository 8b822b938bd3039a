#!/bin/sh
# Installs the Debian packages of packages.txt. Needs root.
set -eu
packages=$(sed -e 's/#.*//' "$(dirname "$0")/packages.txt" | awk 'NF { print $1 }')
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a word for each package
apt-get install -qq -y --no-install-recommends $packages
