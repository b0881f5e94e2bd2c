/** The refusal as `CODE: text`, or `issued`. */
export function outcome(run: () => unknown): string {
  try {
    run();
    return 'issued';
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return `${code ?? 'no AWS error'}: ${message}`;
  }
}
