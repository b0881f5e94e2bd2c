/** How much of a foreign text a message carries. UTF-16 code units. */
const longestText = 1000;
/** How much of it is looked at: a body of megabytes is not worth the work. */
const longestInput = 16_384;

/**
 * What must never stand in a message, and what stands there instead. In order: the wider forms
 * first, so that a URL is removed as a whole before its parameters are looked at.
 */
const secrets: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/k8s-aws-v1\.[\w-]*/g, '[token removed]'],
  // A compact JWT, also without its signature (RFC 7519: the header is a JSON object, `{"` = eyJ).
  [/\beyJ[\w-]{6,}(?:\.[\w-]*){1,4}/g, '[token removed]'],
  [/https?:\/\/[^\s"'<>]*X-Amz-[^\s"'<>]*/gi, '[presigned URL removed]'],
  [
    /\bX-Amz-(?:Signature|Security-Token|Credential)\b[\\"']*\s*[=:]\s*[\\"']*[^&\s"'<>]+/gi,
    '[signature removed]',
  ],
  // SigV4's header: `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
  [/\bAWS4-HMAC-SHA256\b(?:\s*,?\s*\w+=[^\s,"'<>]+)*/g, '[authorization removed]'],
  [
    /\bauthorization\b[\\"']*\s*[=:]\s*[\\"']*(?:(?:Bearer|Basic)\s+)?[^\s"'<>,;]+/gi,
    '[authorization removed]',
  ],
  [/\bBearer\s+[^\s"'<>,;]+/gi, '[authorization removed]'],
  [/<(SecretAccessKey|SessionToken|WebIdentityToken)>[^<]*/gi, '<$1>[secret removed]'],
  [
    /\b(?:aws_?)?(?:secret_?access_?key|session_?token|web_?identity_?token|security_?token)\b[\\"']*\s*[=:]\s*[\\"']*[^\s"'<>&,;]+/gi,
    '[secret removed]',
  ],
  // Access key ids, long-lived and temporary (IAM, Reference identifiers).
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, '[access key removed]'],
  // A secret access key by its shape alone: forty of base64, mixed.
  [
    /(?<![\w/+=-])(?=[\w/+]*[A-Z])(?=[\w/+]*[a-z])(?=[\w/+]*\d)[A-Za-z0-9/+]{40}(?![\w/+=-])/g,
    '[secret removed]',
  ],
  // Any long run of mixed base64: a session token, wherever it stands. (No `-` and `_`: an ARN of an
  // assumed role is as long.)
  [
    /(?<![A-Za-z0-9+/=])(?=[a-z0-9+/=]*[A-Z])(?=[A-Z0-9+/=]*[a-z])(?=[A-Za-z+/=]*\d)[A-Za-z0-9+/=]{100,}/g,
    '[token removed]',
  ],
];

/**
 * A foreign text as it may stand in a message, a log or a report: without tokens, keys, presigned
 * URLs and control characters, on one line, at most a thousand characters. Every text that did not
 * originate in this program passes through here.
 */
export function safeText(text: string): string {
  let safe = printable(firstPart(text));
  for (const [pattern, instead] of secrets) safe = safe.replace(pattern, instead);
  return safe.length > longestText ? `${safe.slice(0, longestText - 1).toWellFormed()}…` : safe;
}

/** Cut between words only: half a token may not look like one any more. */
const firstPart = (text: string): string =>
  text.length > longestInput ? `${text.slice(0, longestInput).replace(/\S+$/, '')}…` : text;

/** Control and format characters rewrite terminals and logs, and can hide a token from a pattern. */
const printable = (text: string): string =>
  text
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
