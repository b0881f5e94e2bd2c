const name = /^[\w+=,.@-]{1,128}$/;

/**
 * IAM API reference, `Path`: `/`, or printable ASCII between two slashes, 512 at most. Here besides
 * none of `* ? $ { }`: in the ARNs of a policy they are wildcards and variables.
 */
export const isIamPath = (text: string): boolean =>
  text.length <= 512 && /^\/(?:[\x21-\x7e]+\/)?$/.test(text) && !/[*?${}]/.test(text);

/** A policy's name with its path before it, which has no slash in front: `team/boundary`. No ARN. */
export function isPolicyPath(text: string): boolean {
  const cut = text.lastIndexOf('/') + 1;
  return (
    !/^(?:\/|arn:)/.test(text) && isIamPath(`/${text.slice(0, cut)}`) && name.test(text.slice(cut))
  );
}

const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** IAM API reference, `Tag`: 1–128 characters, and not AWS’s own `aws:`. */
export const isTagKey = (text: string): boolean =>
  text.length > 0 && text.length <= 128 && tagText.test(text) && !/^aws:/i.test(text);

/** IAM API reference, `Tag`: at most 256 characters. */
export const isTagValue = (text: string): boolean => text.length <= 256 && tagText.test(text);
