/** Whom a token is for: an OIDC provider's client id (IAM API reference: at most 255), of plain characters. */
export const isAudience = (text: string): boolean => /^[\w.:/-]{1,255}$/.test(text);
