#!/usr/bin/env bash
# Stands for the AWS CLI: writes down how it was called, and answers what $FAKE_AWS/answers.json says.
set -u
printf '%s\0' "$#" "$@" >>"$FAKE_AWS/calls"
echo "$1 $2" >>"$FAKE_AWS/operations"
if [ "$1 $2" = 'sts get-caller-identity' ]; then
  cat "$FAKE_AWS/account"
  exit
fi
times=$(grep -cx "$1 $2" "$FAKE_AWS/operations")
answer=$(jq -c --arg call "$1 $2" --argjson input "$4" --argjson times "$times" 'first(.[]
  | select(.call == $call and (.input == null or .input == $input) and (.times == null or $times <= .times)))' \
  "$FAKE_AWS/answers.json")
if [ -n "$answer" ]; then
  jq -e 'has("error")' <<<"$answer" >/dev/null || { jq .answer <<<"$answer"; exit; }
  echo "An error occurred $(jq -r .error <<<"$answer")" >&2
  exit 254
fi
case "$1 $2" in
  'eks list-pod-identity-associations') echo '{"associations": []}' ;;
  'iam get-'* | 'iam list-'*) echo 'An error occurred (NoSuchEntity) when calling it: none' >&2; exit 254 ;;
  'eks describe-'*) echo 'An error occurred (ResourceNotFoundException) when calling it: none' >&2; exit 254 ;;
esac
