/**
 * A text as a container's argument, character by character: Kubernetes fills `$(NAME)` in, and takes
 * `$$` for `$` (kubernetes.io, Pod v1 reference, `args`).
 */
export const literalArgument = (text: string): string => text.replace(/\$(?=[$(])/g, '$$$$');
