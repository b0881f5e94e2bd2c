/** IAM user guide, "Grammar of the IAM JSON policy language" and "Condition operators". */

const comparisons = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  ...['StringLike', 'StringNotLike', 'NumericEquals', 'NumericNotEquals', 'NumericLessThan'],
  ...['NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals', 'DateEquals'],
  ...['DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan'],
  ...['DateGreaterThanEquals', 'Bool', 'BinaryEquals', 'IpAddress', 'NotIpAddress', 'ArnEquals'],
  ...['ArnNotEquals', 'ArnLike', 'ArnNotLike'],
];
const operator = new RegExp(
  `^(?:(?:ForAnyValue:|ForAllValues:)?(?:${comparisons.join('|')})(?:IfExists)?|Null)$`,
);

/** `StringEquals`, with `IfExists` after it and `ForAnyValue:` or `ForAllValues:` before it or not; or `Null`. */
export const isConditionOperator = (text: string): boolean => operator.test(text);

/** `aws:SourceVpc`, `s3:prefix`, `aws:ResourceTag/cost center`. */
export const isConditionKey = (text: string): boolean =>
  /^[\w./-]{1,192}:[\w.:/+=@ -]{1,192}$/.test(text) && text.trim() === text;

/** `s3:GetObject`, `s3:Get*`, `*`: a service has no wildcard, IAM refuses one there. */
export const isAction = (text: string): boolean =>
  text === '*' || /^[a-z0-9-]{1,64}:[a-z0-9*?]{1,128}$/i.test(text);

/** Characters that a policy may hold (there, "Grammar notes"), on one line. */
export const isPolicyText = (text: string): boolean =>
  text.length <= 1024 && /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u00ff]*$/.test(text);

/** `*`, or an ARN; its parts may be placeholders or wildcards. */
export const isResource = (text: string): boolean =>
  text === '*' ||
  (isPolicyText(text) && /^arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S(?:.*\S)?$/.test(text));

/** What the access graph fills in where it stands in a resource or a condition's value. */
export const placeholders = [
  'account',
  'partition',
  'region',
  'service',
  'env',
  'cluster',
] as const;

/** IAM's own variables, such as `${aws:username}` or, with a default, `${aws:PrincipalTag/team, 'x'}`. */
const variable = /^\$\{(?:[*?$]|[\w./-]+:[\w.:/+=@-]+(?:, ?'[^'{}]*')?)\}$/;
export type Placeholder = (typeof placeholders)[number];

/** Outside of Kubernetes there is no cluster to take a region or a name from. */
export const placeholdersOutside = placeholders.filter(
  (name) => name !== 'region' && name !== 'cluster',
);

/** The first `{…}` of a text that is no placeholder and no variable of IAM's; a lone brace too. */
export const unknownPlaceholder = (
  text: string,
  known: readonly Placeholder[] = placeholders,
): string | undefined =>
  text
    .match(/\$?\{[^{}]*\}?|\}/g)
    ?.find((part) => !known.some((name) => part === `{${name}}`) && !variable.test(part));
