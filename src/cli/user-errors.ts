import { formatProblem, UserError } from '../../charts/user-error.ts';
import { exitCodes } from './exit-codes.ts';
import { printData, type CliIo, type OutputFormat } from './io.ts';

/** Runs a command; what the user can mend is shown, as data for machines, and gives its exit code. */
export async function showUserErrors(
  io: CliIo,
  format: OutputFormat,
  command: () => number | Promise<number>,
  errorCode: number = exitCodes.error,
): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (format !== 'table') printData(io, format, { errors: [error.problem] }, () => '');
    else io.stderr(formatProblem(error.problem));
    return errorCode;
  }
}
