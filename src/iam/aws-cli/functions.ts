import { commonFunctions } from './common-functions.ts';
import { entryFunctions } from './entry-functions.ts';

const iamFunctions = String.raw`
# What to make; whether it must be there already.
oidc_provider() {
  local arn=$1 want=$2 existing=$3 key found missing id
  key=$(jq -cn --arg arn "$arn" '{OpenIDConnectProviderArn: $arn}')
  found=$(ask iam get-open-id-connect-provider "$key")
  if [ -z "$found" ]; then
    [ "$existing" = no ] || refuse "OIDC provider $arn is not there; the fleet file says that it exists"
    say "OIDC provider $arn: made"
    change iam create-open-id-connect-provider "$want"
    return
  fi
  missing=$(jq -c --argjson want "$want" '$want.ClientIDList - .ClientIDList | .[]' <<<"$found")
  [ -n "$missing" ] || { say "OIDC provider $arn: unchanged"; return; }
  [ "$existing" = no ] || refuse "OIDC provider $arn lacks the client ids $missing"
  while IFS= read -r id; do
    say "OIDC provider $arn: client id added"
    change iam add-client-id-to-open-id-connect-provider \
      "$(jq -c --argjson id "$id" '. + {ClientID: $id}' <<<"$key")"
  done <<<"$missing"
}

# What to make but for its trust; the trust policy; what the Sids of ours look like.
own_role() {
  local want=$1 trust=$2 ours=$3 key name found others
  key=$(jq -c '{RoleName}' <<<"$want")
  name=$(jq -r .RoleName <<<"$want")
  found=$(ask iam get-role "$key")
  if [ -z "$found" ]; then
    say "role $name: made"
    change iam create-role "$(jq -c --arg trust "$trust" '. + {AssumeRolePolicyDocument: $trust}' <<<"$want")"
    return
  fi
  others=$(jq --arg ours "$ours" \
    '[.Role.AssumeRolePolicyDocument.Statement | if type == "array" then .[] else . end
      | select((.Sid // "") | test($ours) | not)] | length' <<<"$found")
  [ "$others" = 0 ] || refuse "role $name is someone else's: its trust policy has statements that are not of this fleet"
  [ "$(jq .Role.Path <<<"$found")" = "$(jq .Path <<<"$want")" ] ||
    refuse "role $name is there with the path $(jq .Role.Path <<<"$found"), which can't be changed"
  if differ "$(jq .Role.AssumeRolePolicyDocument <<<"$found")" "$trust"; then
    say "role $name: trust policy changed"
    show_difference "$(jq .Role.AssumeRolePolicyDocument <<<"$found")" "$trust"
    change iam update-assume-role-policy "$(jq -c --arg trust "$trust" '. + {PolicyDocument: $trust}' <<<"$key")"
  else say "role $name: unchanged"; fi
  [ "$(jq .Role.MaxSessionDuration <<<"$found")" = "$(jq .MaxSessionDuration <<<"$want")" ] ||
    change iam update-role "$(jq -c '{RoleName, MaxSessionDuration}' <<<"$want")"
  role_boundary "$want" "$(jq -r '.Role.PermissionsBoundary.PermissionsBoundaryArn // ""' <<<"$found")"
  if jq -e --argjson want "$want" '$want.Tags - (.Role.Tags // []) != []' <<<"$found" >/dev/null; then
    say "role $name: tagged"
    change iam tag-role "$(jq -c '{RoleName, Tags}' <<<"$want")"
  fi
}

# One that the fleet file does not name stays: an organisation may have put it there.
role_boundary() {
  local want=$1 has=$2 name wanted
  name=$(jq -r .RoleName <<<"$want")
  wanted=$(jq -r '.PermissionsBoundary // ""' <<<"$want")
  [ "$has" != "$wanted" ] || return 0
  if [ -z "$wanted" ]; then
    say "role $name has a boundary that the fleet file does not name: $has"
    return
  fi
  say "role $name: permissions boundary put"
  change iam put-role-permissions-boundary "$(jq -c '{RoleName, PermissionsBoundary}' <<<"$want")"
}

# A role that exists gets our statements in place of all that have Sids like ours, and keeps all others.
trust_statements() {
  local key=$1 statements=$2 ours=$3 seconds=$4 name found before after
  name=$(jq -r .RoleName <<<"$key")
  found=$(ask iam get-role "$key")
  [ -n "$found" ] || refuse "role $name is not there; the fleet file says that it exists"
  [ "$(jq .Role.MaxSessionDuration <<<"$found")" -ge "$seconds" ] ||
    refuse "role $name lets a session last $(jq .Role.MaxSessionDuration <<<"$found") seconds, and $seconds are needed: its owner can raise MaxSessionDuration"
  before=$(jq .Role.AssumeRolePolicyDocument <<<"$found")
  after=$(jq --argjson statements "$statements" --arg ours "$ours" \
    '.Statement = ([.Statement | if type == "array" then .[] else . end
      | select((.Sid // "") | test($ours) | not)] + $statements.Statement)' <<<"$before")
  differ "$before" "$after" || { say "role $name: unchanged"; return; }
  say "role $name: statements of its trust policy changed"
  show_difference "$before" "$after"
  change iam update-assume-role-policy \
    "$(jq -c --arg trust "$(jq -c . <<<"$after")" '. + {PolicyDocument: $trust}' <<<"$key")"
}

# An inline policy of ours, beside any others.
inline_policy() {
  local key=$1 document=$2 found
  found=$(ask iam get-role-policy "$key")
  if [ -n "$found" ] && ! differ "$(jq .PolicyDocument <<<"$found")" "$document"; then
    say "policy $(jq -c . <<<"$key"): unchanged"
    return
  fi
  say "policy $(jq -c . <<<"$key"): put"
  change iam put-role-policy "$(jq -c --arg document "$document" '. + {PolicyDocument: $document}' <<<"$key")"
}

# A managed policy of ours, attached to a role. Of five versions the oldest makes room for the new one.
managed_policy() {
  local arn=$1 want=$2 document=$3 role=$4 key found version versions oldest
  key=$(jq -cn --arg arn "$arn" '{PolicyArn: $arn}')
  found=$(ask iam get-policy "$key")
  if [ -z "$found" ]; then
    say "policy $arn: made"
    change iam create-policy "$(jq -c --arg document "$document" '. + {PolicyDocument: $document}' <<<"$want")"
  else
    version=$(ask iam get-policy-version "$(jq -c --argjson found "$found" '. + {VersionId: $found.Policy.DefaultVersionId}' <<<"$key")")
    if differ "$(jq .PolicyVersion.Document <<<"$version")" "$document"; then
      versions=$(ask iam list-policy-versions "$key")
      oldest=$(jq -c '.Versions | if length < 5 then empty else map(select(.IsDefaultVersion | not)) | min_by(.CreateDate) | {VersionId} end' <<<"$versions")
      [ -z "$oldest" ] || change iam delete-policy-version "$(jq -c --argjson oldest "$oldest" '. + $oldest' <<<"$key")"
      say "policy $arn: changed"
      change iam create-policy-version "$(jq -c --arg document "$document" '. + {PolicyDocument: $document, SetAsDefault: true}' <<<"$key")"
    else say "policy $arn: unchanged"; fi
  fi
  change iam attach-role-policy "$(jq -c --argjson role "$role" '. + $role' <<<"$key")"
}
`;

const associationFunction = String.raw`
# An empty target role takes one away.
pod_identity_association() {
  local region=$1 want=$2 key found id
  key=$(jq -c '{clusterName, namespace, serviceAccount}' <<<"$want")
  found=$(ask eks list-pod-identity-associations "$key" --region "$region")
  [ -n "$found" ] || refuse "cluster of $key is not there"
  id=$(jq -c '.associations[0] // empty | {associationId}' <<<"$found")
  if [ -z "$id" ]; then
    say "pod identity association $key: made"
    change eks create-pod-identity-association "$want" --region "$region"
    return
  fi
  id=$(jq -c --argjson id "$id" '{clusterName} + $id' <<<"$key")
  found=$(ask eks describe-pod-identity-association "$id" --region "$region")
  found=$(jq .association <<<"$found")
  if jq -e --argjson want "$want" '.roleArn == $want.roleArn and .targetRoleArn == $want.targetRoleArn
      and (.disableSessionTags // false) == $want.disableSessionTags' <<<"$found" >/dev/null; then
    say "pod identity association $key: unchanged"
    return
  fi
  is_ours "$found" || refuse "pod identity association $key is someone else's, with another role"
  say "pod identity association $key: changed"
  change eks update-pod-identity-association \
    "$(jq -c --argjson id "$id" '$id + {roleArn, disableSessionTags, targetRoleArn: (.targetRoleArn // "")}' <<<"$want")" --region "$region"
}
`;

/**
 * What a script does with one thing: looks for it, makes it where it is not there, changes it where
 * it is ours, and refuses where it is someone else's.
 */
export const functions = [commonFunctions, iamFunctions, entryFunctions, associationFunction].join(
  '',
);
