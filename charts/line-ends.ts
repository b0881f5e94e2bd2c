/**
 * A text by the line ends that it was written with: Git gives it out with CRLF where
 * `core.autocrlf` says so. What is generated has no CR.
 */
export const withLf = (text: string): string => text.replaceAll('\r\n', '\n');

/** The same for a file that need not be text. */
export const bytesWithLf = (content: Buffer): Buffer =>
  content.includes('\r\n') ? Buffer.from(withLf(content.toString('latin1')), 'latin1') : content;
