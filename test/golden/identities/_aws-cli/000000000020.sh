#!/usr/bin/env bash
# Fleet every-way, account 000000000020: written by Rollcall, and replaced by the next synth.
# To be run by bash with credentials of that account, as often as you like.
# After the scripts of these accounts, whose roles are trusted here: 000000000010.
# Of the roles and access entries that stand here it takes off what the fleet no longer asks for.
# What stands here no more it leaves alone: `rollcall plan` lists what is to be taken out.
set -euo pipefail
account='000000000020'
fleet='every-way'
export AWS_DEFAULT_REGION='us-east-1'
export AWS_REGION="$AWS_DEFAULT_REGION" AWS_PAGER=

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


caller=$(aws sts get-caller-identity --query Account --output text)
[ "$caller" = "$account" ] || refuse "these are credentials of account $caller, and the script is for $account"

oidc_provider 'arn:aws:iam::000000000020:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE0000000000000000000DIRECT' '{
  "Url": "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE0000000000000000000DIRECT",
  "ClientIDList": [
    "sts.amazonaws.com"
  ],
  "Tags": [
    {
      "Key": "rollcall.dev/fleet",
      "Value": "every-way"
    }
  ]
}' 'no'
own_role '{
  "RoleName": "eks-by-irsa-prd",
  "Path": "/rollcall/",
  "MaxSessionDuration": 3600,
  "Tags": [
    {
      "Key": "rollcall.dev/fleet",
      "Value": "every-way"
    }
  ]
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayTrustsEksByIrsaPrd",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::000000000010:role/rollcall/eks-by-irsa-prd"
      },
      "Action": "sts:AssumeRole"
    }
  ]
}' '^Rollcalle9d793EveryWay(Trusts.*|T[0-9]+)$'
own_role '{
  "RoleName": "eks-by-token-prd",
  "Path": "/rollcall/",
  "MaxSessionDuration": 43200,
  "Tags": [
    {
      "Key": "rollcall.dev/fleet",
      "Value": "every-way"
    }
  ]
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayTrustsRestartsByToken",
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::000000000020:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE0000000000000000000DIRECT"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE0000000000000000000DIRECT:aud": "sts.amazonaws.com",
          "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE0000000000000000000DIRECT:sub": "system:serviceaccount:restarts:by-token"
        }
      }
    }
  ]
}' '^Rollcalle9d793EveryWay(Trusts.*|T[0-9]+)$'
own_role '{
  "RoleName": "eks-by-pod-prd",
  "Path": "/rollcall/",
  "MaxSessionDuration": 3600,
  "Tags": [
    {
      "Key": "rollcall.dev/fleet",
      "Value": "every-way"
    }
  ]
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayTrustsEksByPodPrd",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::000000000010:role/rollcall/eks-by-pod-prd"
      },
      "Action": [
        "sts:AssumeRole",
        "sts:TagSession"
      ],
      "Condition": {
        "StringEquals": {
          "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-central-1:000000000010:cluster/hub-pod-identity",
          "aws:RequestTag/kubernetes-namespace": "restarts",
          "aws:RequestTag/kubernetes-service-account": "by-pod"
        }
      }
    }
  ]
}' '^Rollcalle9d793EveryWay(Trusts.*|T[0-9]+)$'
own_role '{
  "RoleName": "eks-by-target-prd",
  "Path": "/rollcall/",
  "MaxSessionDuration": 3600,
  "Tags": [
    {
      "Key": "rollcall.dev/fleet",
      "Value": "every-way"
    }
  ]
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayTrustsEksByTargetPrd",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::000000000010:role/rollcall/eks-by-target-prd"
      },
      "Action": [
        "sts:AssumeRole",
        "sts:TagSession"
      ],
      "Condition": {
        "StringEquals": {
          "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-central-1:000000000010:cluster/hub-target-role",
          "aws:RequestTag/kubernetes-namespace": "restarts",
          "aws:RequestTag/kubernetes-service-account": "by-target"
        }
      }
    }
  ]
}' '^Rollcalle9d793EveryWay(Trusts.*|T[0-9]+)$'
own_role '{
  "RoleName": "eks-by-kiam-prd",
  "Path": "/rollcall/",
  "MaxSessionDuration": 3600,
  "Tags": [
    {
      "Key": "rollcall.dev/fleet",
      "Value": "every-way"
    }
  ]
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayTrustsEksByKiamPrd",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::000000000010:role/rollcall/eks-by-kiam-prd"
      },
      "Action": "sts:AssumeRole"
    }
  ]
}' '^Rollcalle9d793EveryWay(Trusts.*|T[0-9]+)$'
own_role '{
  "RoleName": "eks-by-kube2iam-prd",
  "Path": "/rollcall/",
  "MaxSessionDuration": 3600,
  "Tags": [
    {
      "Key": "rollcall.dev/fleet",
      "Value": "every-way"
    }
  ]
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayTrustsEksByKube2iamPrd",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::000000000010:role/rollcall/eks-by-kube2iam-prd"
      },
      "Action": "sts:AssumeRole"
    }
  ]
}' '^Rollcalle9d793EveryWay(Trusts.*|T[0-9]+)$'
inline_policy '{
  "RoleName": "eks-by-irsa-prd",
  "PolicyName": "rollcall-every-way"
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayDescribeClusters",
      "Effect": "Allow",
      "Action": "eks:DescribeCluster",
      "Resource": [
        "arn:aws:eks:eu-central-1:000000000020:cluster/shop"
      ]
    }
  ]
}'
inline_policy '{
  "RoleName": "eks-by-token-prd",
  "PolicyName": "rollcall-every-way"
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayDescribeClusters",
      "Effect": "Allow",
      "Action": "eks:DescribeCluster",
      "Resource": [
        "arn:aws:eks:eu-central-1:000000000020:cluster/shop"
      ]
    }
  ]
}'
inline_policy '{
  "RoleName": "eks-by-pod-prd",
  "PolicyName": "rollcall-every-way"
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayDescribeClusters",
      "Effect": "Allow",
      "Action": "eks:DescribeCluster",
      "Resource": [
        "arn:aws:eks:eu-central-1:000000000020:cluster/shop"
      ]
    }
  ]
}'
inline_policy '{
  "RoleName": "eks-by-target-prd",
  "PolicyName": "rollcall-every-way"
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayDescribeClusters",
      "Effect": "Allow",
      "Action": "eks:DescribeCluster",
      "Resource": [
        "arn:aws:eks:eu-central-1:000000000020:cluster/shop"
      ]
    }
  ]
}'
inline_policy '{
  "RoleName": "eks-by-kiam-prd",
  "PolicyName": "rollcall-every-way"
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayDescribeClusters",
      "Effect": "Allow",
      "Action": "eks:DescribeCluster",
      "Resource": [
        "arn:aws:eks:eu-central-1:000000000020:cluster/shop"
      ]
    }
  ]
}'
inline_policy '{
  "RoleName": "eks-by-kube2iam-prd",
  "PolicyName": "rollcall-every-way"
}' '{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Rollcalle9d793EveryWayDescribeClusters",
      "Effect": "Allow",
      "Action": "eks:DescribeCluster",
      "Resource": [
        "arn:aws:eks:eu-central-1:000000000020:cluster/shop"
      ]
    }
  ]
}'
access_entry 'eu-central-1' '{
  "clusterName": "shop",
  "principalArn": "arn:aws:iam::000000000020:role/rollcall/eks-by-irsa-prd",
  "type": "STANDARD",
  "username": "rollcall:every-way:by-irsa-prd",
  "kubernetesGroups": [],
  "tags": {
    "rollcall.dev/fleet": "every-way"
  }
}' '[]'
access_entry 'eu-central-1' '{
  "clusterName": "shop",
  "principalArn": "arn:aws:iam::000000000020:role/rollcall/eks-by-kiam-prd",
  "type": "STANDARD",
  "username": "rollcall:every-way:by-kiam-prd",
  "kubernetesGroups": [],
  "tags": {
    "rollcall.dev/fleet": "every-way"
  }
}' '[]'
access_entry 'eu-central-1' '{
  "clusterName": "shop",
  "principalArn": "arn:aws:iam::000000000020:role/rollcall/eks-by-kube2iam-prd",
  "type": "STANDARD",
  "username": "rollcall:every-way:by-kube2iam-prd",
  "kubernetesGroups": [],
  "tags": {
    "rollcall.dev/fleet": "every-way"
  }
}' '[]'
access_entry 'eu-central-1' '{
  "clusterName": "shop",
  "principalArn": "arn:aws:iam::000000000020:role/rollcall/eks-by-pod-prd",
  "type": "STANDARD",
  "username": "rollcall:every-way:by-pod-prd",
  "kubernetesGroups": [],
  "tags": {
    "rollcall.dev/fleet": "every-way"
  }
}' '[]'
access_entry 'eu-central-1' '{
  "clusterName": "shop",
  "principalArn": "arn:aws:iam::000000000020:role/rollcall/eks-by-target-prd",
  "type": "STANDARD",
  "username": "rollcall:every-way:by-target-prd",
  "kubernetesGroups": [],
  "tags": {
    "rollcall.dev/fleet": "every-way"
  }
}' '[]'
access_entry 'eu-central-1' '{
  "clusterName": "shop",
  "principalArn": "arn:aws:iam::000000000020:role/rollcall/eks-by-token-prd",
  "type": "STANDARD",
  "username": "rollcall:every-way:by-token-prd",
  "kubernetesGroups": [],
  "tags": {
    "rollcall.dev/fleet": "every-way"
  }
}' '[]'
