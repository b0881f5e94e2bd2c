/** What a script does with an access entry; beside `commonFunctions`, and the fleet’s name in `fleet`. */
export const entryFunctions = String.raw`
# What EKS keeps of an entry or an association is ours if it is tagged so.
is_ours() { jq -e --arg fleet "$fleet" '.tags["rollcall.dev/fleet"] == $fleet' <<<"$1" >/dev/null; }

access_entry() {
  local region=$1 want=$2 policies=$3 key found policy listed
  key=$(jq -c '{clusterName, principalArn}' <<<"$want")
  found=$(ask eks describe-access-entry "$key" --region "$region")
  if [ -z "$found" ]; then
    say "access entry $key: made"
    change eks create-access-entry "$want" --region "$region"
  elif jq -e --argjson want "$want" '.accessEntry | .type == "STANDARD" and .username == $want.username
      and ((.kubernetesGroups // []) | sort) == ($want.kubernetesGroups | sort)' <<<"$found" >/dev/null; then
    say "access entry $key: unchanged"
  elif is_ours "$(jq .accessEntry <<<"$found")"; then
    say "access entry $key: changed"
    change eks update-access-entry "$(jq -c '{clusterName, principalArn, username, kubernetesGroups}' <<<"$want")" --region "$region"
  else
    refuse "access entry $key is someone else's, with another user or other groups"
  fi
  while IFS= read -r policy; do
    [ -z "$policy" ] || change eks associate-access-policy "$(jq -c --argjson policy "$policy" '. + $policy' <<<"$key")" --region "$region"
  done <<<"$(jq -c '.[]' <<<"$policies")"
  # Of what is ours nothing stays that is no longer asked for; of someone else's all.
  if [ -z "$found" ] || ! is_ours "$(jq .accessEntry <<<"$found")"; then return; fi
  listed=$(ask eks list-associated-access-policies "$key" --region "$region")
  while IFS= read -r policy; do
    [ -n "$policy" ] || continue
    say "access entry $key: access policy $policy taken off"
    change eks disassociate-access-policy "$(jq -c --argjson policy "$policy" '. + {policyArn: $policy}' <<<"$key")" --region "$region"
  done <<<"$(jq -c --argjson want "$policies" '.associatedAccessPolicies | map(.policyArn) - ($want | map(.policyArn)) | .[]' <<<"$listed")"
}
`;
