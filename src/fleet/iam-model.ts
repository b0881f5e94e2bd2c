/** In which forms IAM is written. */
export const iamForms = ['json', 'terraform', 'cloudformation', 'aws-cli', 'eksctl'] as const;
export type IamForm = (typeof iamForms)[number];

/** What holds for every role of Rollcall's own. */
export interface IamSettings {
  /** `/`, or `/team/`. Default: `/`. */
  readonly path: string;
  /** The name (with its path) of a policy in each account. Absent: none. */
  readonly permissionsBoundary?: string;
  /** Default: none. */
  readonly tags: Readonly<Record<string, string>>;
  /** Each hop into a target's role bears the service's name as its source identity. Default: false. */
  readonly sourceIdentity: boolean;
  /** Besides `json`, which is always written. Default: none besides. */
  readonly forms: readonly IamForm[];
}
