/** A string that has been checked to be a `Name`: made only by that name's parser. */
export type Branded<Name extends string> = string & { readonly __brand: Name };
