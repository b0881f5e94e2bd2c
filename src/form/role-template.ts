const placeholder = /\{(?:service|env)\}/g;

/** `eks-{service}-{env}`: the characters of a role name, and no placeholder but these two. */
export const isRoleTemplate = (text: string): boolean =>
  text.length > 0 && text.length <= 128 && /^[\w+=,.@-]*$/.test(text.replace(placeholder, ''));

/** The template with the service's name and environment filled in: not yet checked to be a role name. */
export const fillRole = (template: string, names: { service: string; env: string }): string =>
  template.replace(placeholder, (found) => (found === '{env}' ? names.env : names.service));

export const defaultRoleTemplate = 'eks-{service}-{env}';

/** Any text of a service with its environment filled in. */
export const fillEnv = (template: string, env: string): string => template.replaceAll('{env}', env);
