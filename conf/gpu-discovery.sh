#!/usr/bin/env bash
# Tells Spark which GPUs this machine has: {"name": "gpu", "addresses": ["0", "1"]}
set -euo pipefail
indices=$(nvidia-smi --query-gpu=index --format=csv,noheader)
addresses=
for index in $indices; do
  addresses="${addresses:+$addresses, }\"$index\""
done
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
