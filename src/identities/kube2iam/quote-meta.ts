/** The text as a Go regular expression that matches it alone (RE2's metacharacters: Go, regexp.QuoteMeta). */
export const quoteMeta = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
