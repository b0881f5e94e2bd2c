import { validationError } from '../aws/aws-error.ts';

const always = ['Action', 'Version', 'DurationSeconds'];
const ofRoles = [...always, 'RoleArn', 'RoleSessionName'];
const mfa = ['SerialNumber', 'TokenCode'];
const lists = ['Tags.member.N.Key', 'Tags.member.N.Value', 'TransitiveTagKeys.member.N'];

/** The parameters that are simulated, a list's with `N` for its numbers. */
export const ofWebIdentity = [...ofRoles, 'WebIdentityToken'];
export const ofAssumeRole = [...ofRoles, 'ExternalId', 'SourceIdentity', ...mfa, ...lists];
export const ofGetSessionToken = [...always, ...mfa];

/** Session policies would narrow what is allowed, and are not simulated. */
export function requireKnown(parameters: URLSearchParams, known: readonly string[]): void {
  const unknown = [...parameters.keys()].find(
    (name) => !known.includes(name.replace(/\.member\.\d+/, '.member.N')),
  );
  if (unknown !== undefined) throw validationError(`The parameter ${unknown} is not simulated.`);
}

export const bounds = (parameters: URLSearchParams) => ({
  roleArn: required(parameters, 'RoleArn'),
  roleSessionName: required(parameters, 'RoleSessionName'),
  ...duration(parameters),
});

export function duration(parameters: URLSearchParams): { readonly durationSeconds?: number } {
  const seconds = parameters.get('DurationSeconds');
  return seconds === null ? {} : { durationSeconds: Number(seconds) };
}

export const mfaProof = (parameters: URLSearchParams) =>
  texts(parameters, { serialNumber: 'SerialNumber', tokenCode: 'TokenCode' });

/** The parameters that are there, by the names that they have in a request. */
export function texts<Name extends string>(
  parameters: URLSearchParams,
  named: Readonly<Record<Name, string>>,
): Readonly<Partial<Record<Name, string>>> {
  const entries = Object.entries<string>(named).flatMap(([name, parameter]) => {
    const value = parameters.get(parameter);
    return value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}

/** The query protocol's lists: `NAME.member.1`, and so on. */
export function membersOf(parameters: URLSearchParams, name: string): readonly string[] {
  const found: string[] = [];
  for (let number = 1; ; number++) {
    const value = parameters.get(`${name}.member.${number}`);
    if (value === null) return found;
    found.push(value);
  }
}

export function tagsOf(parameters: URLSearchParams): readonly { key: string; value: string }[] {
  const tags: { key: string; value: string }[] = [];
  for (let number = 1; ; number++) {
    const key = parameters.get(`Tags.member.${number}.Key`);
    if (key === null) return tags;
    tags.push({ key, value: parameters.get(`Tags.member.${number}.Value`) ?? '' });
  }
}

export function required(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (value !== null) return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw validationError(
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}
