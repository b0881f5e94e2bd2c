/** A refusal as an AWS service words it. `code` is the query protocol's code, as in STS's XML. */
export class AwsError extends Error {
  readonly code: string;
  /** HTTP status. */
  readonly status: number;

  constructor(code: string, message: string, status = 400, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}

export const accessDenied = (message: string): AwsError =>
  new AwsError('AccessDenied', message, 403);

export const validationError = (message: string): AwsError =>
  new AwsError('ValidationError', message);

/** A parameter outside of its bounds, in the words of AWS's common validation. */
export const constraintError = (value: string, member: string, constraint: string): AwsError =>
  validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
