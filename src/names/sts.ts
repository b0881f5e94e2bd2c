const externalId = /^[\w+=,.@:/-]{2,1224}$/;

/** STS AssumeRole, `ExternalId`: 2–1224 of `[\w+=,.@:/-]`. */
export const isExternalId = (text: string): boolean => externalId.test(text);
