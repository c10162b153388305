#!/bin/sh
# A user's first day, with curl alone: subscribe, check, use the whole quota, read the usage. In a clone: npm start, then sh examples/usage.sh
set -eu
api="${PERENNIAL_URL:-http://localhost:3000}/api/v1/billing"
key="${PERENNIAL_API_KEY:-bk_dev_app}"
user="${1:-curl-$$}"

# Repeats a call without an answer, or with the answer "not now". Under one key that is safe: nothing counts twice.
call() {
  method=$1 path=$2 idempotency_key=$3
  shift 3
  curl --silent --show-error --fail-with-body --max-time 15 --retry 5 --retry-all-errors \
    -X "$method" "$api$path" -H "Authorization: Bearer $key" -H "X-User-Id: $user" \
    -H "Idempotency-Key: $idempotency_key" -H 'Content-Type: application/json' "$@"
  echo
}

call POST /subscriptions/checkout "$user/checkout" -d '{"plan_id": "plan_free"}'
call POST /usage/check "$user/check" -d '{"feature": "messages_sent", "amount": 100}'
call POST /usage/consume "$user/all" -d '{"feature": "messages_sent", "amount": 100}'
# The same key again: the same answer, and nothing more is counted.
call POST /usage/consume "$user/all" -d '{"feature": "messages_sent", "amount": 100}'
# One more than the plan has: `refused` is an answer, not an error.
call POST /usage/consume "$user/one-more" -d '{"feature": "messages_sent"}'
call GET /usage "$user/usage"
