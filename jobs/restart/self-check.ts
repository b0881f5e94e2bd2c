/**
 * What `--self-check` prints: `ok`, and the peak of this process's resident memory. Loading the job
 * with all its adapters is the check; nothing is read and nothing is sent.
 */
export function selfCheck(): string {
  // Kilobytes, on every system (libuv, uv_getrusage).
  const { maxRSS } = process.resourceUsage();
  return `ok, peak of resident memory ${(maxRSS / 1024).toFixed(1)} MiB\n`;
}
