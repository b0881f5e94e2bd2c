import { format, resolveConfig } from 'prettier';
import { root } from '../markdown.ts';
import { exampleProgram } from './examples.ts';
import type { DocumentedProp, PublicApi } from './public-api.ts';
import { togetherSection } from './together.ts';

const head = `# Constructs

<!-- Written by test/docs/constructs.test.ts from the source: UPDATE_DOCS=1 npm run -s jest -- test/docs/constructs -->

What Rollcall makes of a fleet file, as constructs for your own cdk8s app. The package is not in a registry yet: \`npm pack\` here makes \`rollcall-VERSION.tgz\`, and \`npm install ./rollcall-VERSION.tgz\` there takes it in, with \`cdk8s\`, \`cdk8s-plus-27\` and \`constructs\` beside it. It has ES modules alone, and needs Node 22.19 or later. They are under the rules of [the fleet file](fleet-file.md), and make what it would make. What IAM is told, and what \`aws-auth\` says, they do not make: see [IAM](iam.md) and [clusters](clusters.md).

- **Errors.** Props that break a rule end the construction with a \`PropsError\`, whose \`problems\` each have a code, what was found, what was expected, and the next step ([errors](errors.md)). A prop that does not exist is one of them, in JavaScript too.
- **Names.** Objects have the names that you give, or names made of them; a hash is never added. Two objects of one kind and name in a chart fail when it is synthesised.
- **Charts.** A chart’s \`namespace\` is the default of each construct’s own, and its \`labels\` are on every object.
- **Escape hatches.** Each construct shows the objects that it has made, as cdk8s’ \`ApiObject\`: \`addJsonPatch\`, \`metadata.addAnnotation\`, \`addDependency\`. \`ApiObject.of(construct)\` is its main one, where it has one. What visits a tree (\`node.findAll()\`) finds them all.
`;

/** docs/constructs.md. */
export async function constructsPage(api: PublicApi): Promise<string> {
  const known = new Set(api.types.map(({ name }) => name));
  const text = [
    head,
    togetherSection(),
    ...api.constructs.flatMap(({ name, text, example, props, fields }) => [
      `## ${name}\n\n${paragraphs(text)}\n`,
      `\`\`\`ts\n${exampleProgram(api, example, 'rollcall')}\`\`\`\n`,
      `### Props of ${name}\n\n${propsTable(props, known)}`,
      `### Fields of ${name}\n\n${fieldsTable(fields, known)}`,
    ]),
    '## Types\n',
    ...api.types.flatMap((type) => {
      const title = `### ${type.name}\n\n${paragraphs(type.text)}\n`;
      switch (type.kind) {
        case 'interface':
          return [title, propsTable(type.props, known)];
        case 'union':
          return [title, `One of ${type.members.map((one) => linked(one, known)).join(', ')}.\n`];
      }
    }),
  ].join('\n');
  const options = await resolveConfig(`${root}docs/constructs.md`);
  return format(text, { ...options, parser: 'markdown' });
}

const propsTable = (props: readonly DocumentedProp[], known: ReadonlySet<string>): string =>
  table(
    ['prop', 'type', 'default', 'meaning'],
    [...props.filter(({ optional }) => !optional), ...props.filter(({ optional }) => optional)].map(
      (prop) => [
        `\`${prop.name}\``,
        linked(prop.type, known),
        prop.optional ? presetOf(prop.preset ?? '') : 'required',
        oneLine(prop.text),
      ],
    ),
  );

const fieldsTable = (fields: readonly DocumentedProp[], known: ReadonlySet<string>): string =>
  table(
    ['field', 'type', 'meaning'],
    fields.map(({ name, type, optional, text }) => [
      `\`${name}\`${optional ? ', where it is made' : ''}`,
      linked(type, known),
      oneLine(text),
    ]),
  );

const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [titles, titles.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`)
    .join('');

/** A value is code; anything else is said in words. */
const presetOf = (preset: string): string =>
  /^(?:'[^']*'|true|false|\d+)$/.test(preset) ? `\`${preset}\`` : oneLine(preset);

/** In code, and where it is one of the types below, a link to it. */
function linked(type: string, known: ReadonlySet<string>): string {
  const [name] = /\w+/.exec(type) ?? [];
  const code = `\`${type}\``;
  return name !== undefined && /^\w+(?:\[\])?$/.test(type) && known.has(name)
    ? `[${code}](#${name.toLowerCase()})`
    : code;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
const paragraphs = (text: string): string => text.split(/\n\n+/).map(oneLine).join('\n\n');
