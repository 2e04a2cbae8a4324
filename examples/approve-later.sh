#!/usr/bin/env bash
# A release that a person approves days later, in processes that share nothing but the account: the pipeline's, the
# approver's, and a local cloud.
#
#   npm run example:approve-later
set -euo pipefail
cd "$(dirname "$0")/.."
export AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=local AWS_REGION=eu-west-1
run() { echo "\$ approve-later $*"; node --import tsx examples/approve-later.ts "$@"; echo; }

server="node examples/talk-service/server.mjs"
exec 3< <(exec node --import tsx src/bin/quayside-local.ts --port 0 --time-scale 100 \
  --run "talk-service:1=env VERSION=1 $server" --run "talk-service:2=env VERSION=2 $server")
cloud=$!
trap 'kill -INT "$cloud"; wait "$cloud" 2>/dev/null || true' EXIT
while read -r line <&3; do
  case $line in "export AWS_ENDPOINT_URL="*) export "${line#export }"; break ;; esac
done
: "${AWS_ENDPOINT_URL:?The local cloud did not start}"

# The local cloud forwards requests to its load balancers; on AWS, their names resolve.
answer() { curl --silent --fail --proxy "$AWS_ENDPOINT_URL" "$@" | sed 's/ by [^ ]*//'; }

deployed=$(run deploy 1)
echo "$deployed"
url=${deployed##* at }
run deploy 2 --hold
run look
echo "Users see:     $(answer "$url")"
echo "A person sees: $(answer --header "x-preview: talk-service" "$url")"
echo
run approve
echo "Users see:     $(answer "$url")"
run destroy
