import { InvalidArgumentError, Option } from 'commander';
import { outputFormats } from './io.ts';

/** As in kubectl, and of every command here: `-o` is how to print. */
export const printOption = (): Option =>
  new Option('-o, --output <format>', 'how to print').choices(outputFormats).default('table');

/** Of commands that write a folder, which `-o` is to cdk8s. */
export function printOptionBesideFolder(): Option {
  const option = printOption();
  const parse = option.parseArg;
  return option.argParser((value, previous) => {
    try {
      return parse?.(value, previous);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      throw new InvalidArgumentError(`${error.message} A folder is given by -d.`);
    }
  });
}
