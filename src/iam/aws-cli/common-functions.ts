/**
 * What a script asks and changes by. Every call has its arguments as one JSON (`--cli-input-json`), so
 * that no value is taken for an option, a file or a URL.
 */
export const commonFunctions = String.raw`
say() { printf '%s\n' "$*" >&2; }
refuse() { say "refused: $*"; exit 1; }

for program in aws jq; do
  command -v "$program" >/dev/null || refuse "$program is not installed"
done
pause=$(printenv ROLLCALL_RETRY_SECONDS || echo 5)
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# The answer to a question; nothing where AWS knows no such thing. Any other failure ends the script.
ask() {
  local service=$1 operation=$2 input=$3 answer
  shift 3
  if answer=$(aws "$service" "$operation" --cli-input-json "$input" --output json "$@" 2>"$said"); then
    printf '%s' "$answer"
  elif ! grep -Eq '\((NoSuchEntity|ResourceNotFoundException)\)' "$said"; then
    cat "$said" >&2
    return 1
  fi
}

# A change. A role that was made a moment ago may not be known as a principal yet: it is tried again.
change() {
  local service=$1 operation=$2 input=$3 attempt
  shift 3
  for attempt in 1 2 3 4 5 6; do
    if aws "$service" "$operation" --cli-input-json "$input" --output json "$@" >/dev/null 2>"$said"; then return; fi
    grep -Eqi 'invalid principal|principalArn.*invalid|(role|principal).*(not (be )?found|does not exist)' "$said" || break
    [ "$attempt" = 6 ] || sleep "$pause"
  done
  cat "$said" >&2
  return 1
}

sorted() { jq -S . <<<"$1"; }
differ() { [ "$(sorted "$1")" != "$(sorted "$2")" ]; }
show_difference() { diff -u <(sorted "$1") <(sorted "$2") >&2 || true; }
`;
