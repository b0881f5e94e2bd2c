/** `metav1.Status` of a failure (Kubernetes API reference). */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string };
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly {
    readonly reason: string;
    readonly message: string;
    readonly field?: string;
  }[];
  readonly retryAfterSeconds?: number;
}

/** A resource as error texts name it: `deployments.apps`, `configmaps`. */
export interface GroupResource {
  readonly group: string;
  readonly plural: string;
}

/** What the API server refuses with. Texts: k8s.io/apimachinery pkg/api/errors/errors.go. */
export class StatusError extends Error {
  readonly status: Status;

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails,
    metadata: Status['metadata'] = {},
  ) {
    super(message);
    this.name = 'StatusError';
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata,
      status: 'Failure',
      message,
      reason,
      ...(details && { details }),
      code,
    };
  }
}

export const qualified = ({ group, plural }: GroupResource): string =>
  group === '' ? plural : `${plural}.${group}`;

const detailsOf = (type: GroupResource, name?: string): StatusDetails => ({
  ...(name !== undefined && { name }),
  ...(type.group !== '' && { group: type.group }),
  kind: type.plural,
});

export const unauthorized = (): StatusError => new StatusError(401, 'Unauthorized', 'Unauthorized');

export const badRequest = (message: string): StatusError =>
  new StatusError(400, 'BadRequest', message);

export const notFound = (type: GroupResource, name: string): StatusError =>
  new StatusError(404, 'NotFound', `${qualified(type)} "${name}" not found`, detailsOf(type, name));

export const noSuchResource = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

export const alreadyExists = (type: GroupResource, name: string): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${qualified(type)} "${name}" already exists`,
    detailsOf(type, name),
  );

export const notAcceptable = (): StatusError =>
  new StatusError(
    406,
    'NotAcceptable',
    '406: Not Acceptable\n\nAvailable representations: application/json',
    {},
  );

export const methodNotAllowed = (): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );

export const conflict = (type: GroupResource, name: string, why: string): StatusError =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(type)} "${name}": ${why}`,
    detailsOf(type, name),
  );

/** The object changed since the version that the request was made on. */
export const modified = (type: GroupResource, name: string): StatusError =>
  conflict(
    type,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

/** `token`: with which a list can go on all the same. */
export const expired = (message: string, token?: string): StatusError =>
  new StatusError(
    410,
    'Expired',
    message,
    undefined,
    token === undefined ? {} : { continue: token },
  );

/** 422 for a query parameter (apimachinery pkg/apis/meta/internalversion/validation). */
export const invalidOptions = (
  kind: 'ListOptions' | 'PatchOptions',
  field: string,
  problem: string,
): StatusError => invalid(kind, 'meta.k8s.io', '', field, problem);

export const unsupportedMediaType = (accepted: readonly string[]): StatusError =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

export const invalid = (
  kind: string,
  group: string,
  name: string,
  field: string,
  problem: string,
): StatusError =>
  new StatusError(
    422,
    'Invalid',
    `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${field}: ${problem}`,
    {
      ...(name !== '' && { name }),
      ...(group !== '' && { group }),
      kind,
      causes: [{ reason: causeOf(problem), message: problem, field }],
    },
  );

/** The machine's word for what a problem begins with (apimachinery pkg/util/validation/field/errors.go). */
function causeOf(problem: string): string {
  const [first = ''] = problem.split(/[ :]/);
  switch (first) {
    case 'Forbidden':
      return 'FieldValueForbidden';
    case 'Required':
      return 'FieldValueRequired';
    case 'Unsupported':
      return 'FieldValueNotSupported';
    default:
      return 'FieldValueInvalid';
  }
}

export const tooManyRequests = (retryAfterSeconds: number): StatusError =>
  new StatusError(429, 'TooManyRequests', 'Too many requests, please try again later.', {
    retryAfterSeconds,
  });

/** 403. `what` is the authorizer's sentence: `User "u" cannot patch resource …`. */
export const forbidden = (
  type: GroupResource,
  name: string | undefined,
  what: string,
): StatusError =>
  new StatusError(
    403,
    'Forbidden',
    type.plural === ''
      ? `forbidden: ${what}`
      : `${qualified(type)}${name === undefined ? '' : ` "${name}"`} is forbidden: ${what}`,
    type.plural === '' ? {} : detailsOf(type, name),
  );
