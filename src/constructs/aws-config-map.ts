import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { AwsConfig, AwsProfile } from '../access/graph.ts';
import { recommendedLabels } from './labels.ts';

export interface AwsConfigMapProps {
  readonly namespace: string;
  readonly config: AwsConfig;
  readonly service: string;
  readonly fleet: string;
}

/**
 * AWS profiles as a file, `config`: mounted, and named by `AWS_CONFIG_FILE`, it lets any container of
 * the service choose a role by `AWS_PROFILE`. It holds no secret.
 */
export class AwsConfigMap extends Construct {
  constructor(scope: Construct, id: string, props: AwsConfigMapProps) {
    super(scope, id);
    new k8s.KubeConfigMap(this, 'ConfigMap', {
      metadata: {
        name: props.config.configMap,
        namespace: props.namespace,
        labels: recommendedLabels({
          name: 'rollcall',
          instance: props.service,
          component: 'aws-config',
          partOf: props.fleet,
        }),
      },
      data: { config: props.config.profiles.map(section).join('\n') },
    });
  }
}

/** A section of the file (AWS SDKs and tools reference guide, "Shared config and credentials files"). */
const section = (profile: AwsProfile): string =>
  [
    profile.name === 'default' ? '[default]' : `[profile ${profile.name}]`,
    `region = ${profile.region}`,
    ...(profile.roleArn === undefined ? [] : [`role_arn = ${profile.roleArn}`]),
    ...(profile.externalId === undefined ? [] : [`external_id = ${profile.externalId}`]),
    ...sourceOf(profile),
    '',
  ].join('\n');

function sourceOf({ source, sessionName, roleArn }: AwsProfile): readonly string[] {
  const named = roleArn === undefined ? [] : [`role_session_name = ${sessionName}`];
  switch (source.kind) {
    case 'profile':
      return [`source_profile = ${source.name}`, ...named];
    case 'web-identity':
      // A token without a role is of no use to a profile.
      return roleArn === undefined
        ? []
        : [`web_identity_token_file = ${source.tokenFile}`, ...named];
    // Without a role, what an agent answers is found without a word.
    case 'container':
      return roleArn === undefined ? [] : ['credential_source = EcsContainer', ...named];
    case 'metadata':
      return roleArn === undefined ? [] : ['credential_source = Ec2InstanceMetadata', ...named];
  }
}
