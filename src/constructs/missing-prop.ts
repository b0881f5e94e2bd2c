import type { PropRule } from './check-props.ts';

/** What stands at a prop, in a few words: for whoever has left it out. */
const whatIs: Partial<Readonly<Record<PropRule & string, string>>> = {
  dnsLabel: 'a name of your own',
  objectName: 'a name of your own',
  restartName: 'a name of your own',
  region: 'the code of a region, such as eu-west-1',
  image: 'an image, such as registry.example.com/rollcall:1.0.0',
  schedule: 'five cron fields, such as 15 2 * * 1',
  kubernetesUser: 'the user that the role is mapped to',
  roleArn: 'the ARN that `aws iam get-role` shows',
  flag: 'true or false',
  text: 'a text in quotes',
  map: 'an object in braces',
  list: 'a list in brackets',
};

/** The next step where a prop holds nothing: there is nothing to correct, and all to write. */
export function writeMissing(prop: string, rule: PropRule, optional?: 'optional'): string {
  const what = typeof rule === 'string' ? whatIs[rule] : 'one of these';
  return `Write ${prop}${what === undefined ? '' : `: ${what}`}.${optional ? ' Or leave it out.' : ''}`;
}
