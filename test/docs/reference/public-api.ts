import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../markdown.ts';

/** The part of an API that is documented. */
export interface PublicApi {
  /** In the order of their names. */
  readonly constructs: readonly DocumentedClass[];
  /** Interfaces and unions that are no construct's own props. */
  readonly types: readonly (DocumentedInterface | DocumentedUnion)[];
  readonly program: ts.Program;
}

export interface DocumentedClass {
  readonly name: string;
  readonly text: string;
  readonly example: string;
  readonly props: readonly DocumentedProp[];
  readonly fields: readonly DocumentedProp[];
}

export interface DocumentedInterface {
  readonly kind: 'interface';
  readonly name: string;
  readonly text: string;
  readonly props: readonly DocumentedProp[];
}

export interface DocumentedUnion {
  readonly kind: 'union';
  readonly name: string;
  readonly text: string;
  readonly members: readonly string[];
}

export interface DocumentedProp {
  readonly name: string;
  /** As the source says it, without `readonly`. */
  readonly type: string;
  readonly text: string;
  readonly optional: boolean;
  /** What `@default` says. */
  readonly preset: string | undefined;
}

const indexFile = join(root, 'src/index.ts');

export function programOf(
  files: readonly string[],
  host?: ts.CompilerHost,
  oldProgram?: ts.Program,
): ts.Program {
  const file = join(root, 'tsconfig.json');
  const read = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, root);
  return ts.createProgram({
    rootNames: files,
    options,
    ...(host ? { host } : {}),
    ...(oldProgram ? { oldProgram } : {}),
  });
}

/** What src/index.ts exports, read from the source. */
export function readPublicApi(): PublicApi {
  const program = programOf([indexFile]);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(indexFile);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${indexFile} exports nothing`);
  const symbols = checker
    .getExportsOfModule(module)
    .map((symbol) =>
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const constructs = symbols.filter((symbol) => isConstruct(symbol, checker));
  const own = new Set(constructs.map(({ name }) => `${name}Props`));
  return {
    program,
    constructs: constructs.map((symbol) => classOf(symbol, checker)),
    types: symbols.flatMap((symbol) => (own.has(symbol.name) ? [] : typeOf(symbol, checker))),
  };
}

function isConstruct(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  if (!(symbol.flags & ts.SymbolFlags.Class)) return false;
  const bases = checker.getBaseTypes(checker.getDeclaredTypeOfSymbol(symbol) as ts.InterfaceType);
  return bases.some((base) => base.symbol.name === 'Construct');
}

function classOf(symbol: ts.Symbol, checker: ts.TypeChecker): DocumentedClass {
  const declaration = symbol.valueDeclaration;
  if (!declaration || !ts.isClassDeclaration(declaration))
    throw new Error(`no class ${symbol.name}`);
  const [constructor] = declaration.members.filter((member) => ts.isConstructorDeclaration(member));
  const props = constructor?.parameters[2];
  if (!props) throw new Error(`${symbol.name} has no props`);
  return {
    name: symbol.name,
    text: textOf(symbol, checker),
    example: tagOf(symbol, 'example', checker) ?? '',
    props: membersOf(checker.getTypeAtLocation(props), checker),
    fields: declaration.members
      .filter((member) => ts.isPropertyDeclaration(member))
      .flatMap((member) => {
        const field = checker.getSymbolAtLocation(member.name);
        return field ? [propOf(field, checker)] : [];
      }),
  };
}

function typeOf(
  symbol: ts.Symbol,
  checker: ts.TypeChecker,
): readonly (DocumentedInterface | DocumentedUnion)[] {
  const { name } = symbol;
  const [declaration] = symbol.declarations ?? [];
  const text = textOf(symbol, checker);
  if (declaration && ts.isInterfaceDeclaration(declaration)) {
    const props = membersOf(checker.getDeclaredTypeOfSymbol(symbol), checker);
    return [{ kind: 'interface', name, text, props }];
  }
  if (
    declaration &&
    ts.isTypeAliasDeclaration(declaration) &&
    ts.isUnionTypeNode(declaration.type)
  ) {
    const members = declaration.type.types.map((member) => member.getText());
    return [{ kind: 'union', name, text, members }];
  }
  return [];
}

const membersOf = (type: ts.Type, checker: ts.TypeChecker): readonly DocumentedProp[] =>
  checker.getPropertiesOfType(type).map((symbol) => propOf(symbol, checker));

function propOf(symbol: ts.Symbol, checker: ts.TypeChecker): DocumentedProp {
  const declaration = symbol.valueDeclaration;
  const node =
    declaration && (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration))
      ? declaration.type
      : undefined;
  return {
    name: symbol.name,
    type: (node?.getText() ?? '').replace(/\breadonly /g, '').replace(/^Readonly<(.*)>$/, '$1'),
    text: textOf(symbol, checker),
    optional: Boolean(symbol.flags & ts.SymbolFlags.Optional),
    preset: tagOf(symbol, 'default', checker),
  };
}

const textOf = (symbol: ts.Symbol, checker: ts.TypeChecker): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();

function tagOf(symbol: ts.Symbol, name: string, checker: ts.TypeChecker): string | undefined {
  const tag = symbol.getJsDocTags(checker).find((one) => one.name === name);
  return tag && ts.displayPartsToString(tag.text);
}
