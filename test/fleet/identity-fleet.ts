/** A sound fleet file that uses every key about identities, roles and users. */
export const identityFleet = `apiVersion: rollcall.dev/v1alpha1
kind: Fleet
name: identities
image: registry.example.com/rollcall:0.1.0
accounts: {tools: "000000000001", apple: "000000000002", berry: "000000000003"}
iam:
  path: /
  permissionsBoundary: team/boundary
  tags: {team: platform, "cost center": "12"}
  sourceIdentity: false
  forms: [json, terraform, cloudformation, aws-cli, eksctl]
clusters:
  - name: hub
    account: tools
    region: eu-west-1
    oidcIssuer: https://oidc.example.com/id/1
    existingOidcProvider: true
    podIdentity: irsa
    agents:
      kiam:
        existing: true
        version: v3
        namespace: agents
        serverRole: kiam-server
        existingServerRole: true
        nodeRole: kiam-node
        serverNodes: {role: kiam}
        issuer: cluster-issuer
        hostInterface: cali+
        sessionDuration: 30m
      kube2iam:
        existing: true
        namespace: agents
        nodeRoles: [node-a, node-b]
        hostInterface: "eth+"
        format: regexp
        sessionDuration: 20m
  - name: bare
    account: tools
    region: eu-west-1
    podIdentity: {eks-pod-identity: {sessionTags: false}}
  - name: apple-dev
    account: apple
    region: eu-west-1
    accessControl: access-entries
    labels: {env: dev, access: entries}
  - name: apple-prd
    account: apple
    region: eu-west-1
    accessControl: access-entries
    labels: {env: prd, access: entries}
  - name: berry-prd
    account: berry
    region: eu-west-1
    labels: {env: prod, access: auth}
services:
  - name: many
    envs: [dev, prd]
    cluster: hub
    namespace: many-{env}
    serviceAccount: runs-{env}
    podIdentity: {irsa: {hops: 2, audience: sts.amazonaws.com, tokenExpiration: 1h, regionalEndpoints: false, webhook: false, sessionDuration: 1h}}
    role: many-{env}
    existingRole: true
    awsConfig: true
    kubeconfig: true
    policies:
      - actions: ["s3:List*", s3:GetObject]
        resources: ["arn:{partition}:s3:::keys-{env}", "arn:{partition}:s3:::keys-{env}/\${aws:username}/*"]
        conditions: {StringEquals: {aws:SourceVpc: vpc-1, "s3:prefix": ["{env}/", x]}, Bool: {aws:SecureTransport: "true"}}
        reason: objects have many names
    reach:
      - clusters: {env: "{env}"}
        role: opened-{env}
        existing: true
        externalId: id:{env}
        kubernetesUser: many:{env}
        policies: [{actions: [eks:ListClusters], resources: ["*"]}]
    perEnv:
      prd: {podIdentity: kiam, namespace: production}
  - {name: straight, env: prd, cluster: hub, namespace: one, podIdentity: {irsa: {hops: 1, sessionDuration: 12h}}, reach: [{clusters: {env: prd}}]}
  - {name: carried, env: prd, cluster: bare, namespace: two, podIdentity: {eks-pod-identity: {targetRole: true}}, reach: [{clusters: {access: entries}}]}
  - {name: older, env: prd, cluster: hub, namespace: three, podIdentity: {kube2iam: {}}}
  - name: outside
    env: prd
    account: tools
    role: lambda-role
    reach: [{clusters: [berry-prd]}]
users:
  - {name: admin, arn: "arn:aws:iam::555555555555:user/team/admin", groups: ["system:masters"], breakGlass: true, clusters: {access: auth}}
  - {name: single, arn: "arn:aws:iam::555555555555:role/sso/single", username: "people:{{SessionName}}", clusters: {access: entries}, groups: [people], accessPolicies: [{policy: AmazonEKSViewPolicy, namespaces: [web]}, {policy: AmazonEKSEditPolicy}]}
  - name: operators
    role: {name: operators, trusted: ["arn:aws:iam::555555555555:role/people"], mfa: false, sessionDuration: 2h}
    username: operators:{{SessionNameRaw}}
    clusters: [apple-dev, berry-prd]
    rights:
      - {level: view, namespaces: [web, shop]}
      - {level: edit}
      - name: pods
        rules: [{groups: ["", apps], resources: [pods, pods/log], verbs: [get, "*"], names: ["a:b"]}]
        namespaces: [web]
restarts:
  - {name: again, service: many, env: dev, schedule: "15 2 * * 1", clusters: {env: dev}, workloads: [{namespace: x, names: [y]}]}
`;
