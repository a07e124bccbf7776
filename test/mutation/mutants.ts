import ts from 'typescript';

/** A small change of one place of a file, which a test ought to notice. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly before: string;
  readonly after: string;
}

const SWAPPED: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.AsteriskToken, '/'],
  [ts.SyntaxKind.SlashToken, '*'],
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
]);

const TURNED: Readonly<Record<string, string>> = { min: 'max', max: 'min', floor: 'ceil', ceil: 'floor' };

/** All mutants of a file: operators and bounds, conditions, numbers, truths, the smaller for the larger. Types and imports have none. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, after: string) => {
    const from = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(from).line + 1;
    mutants.push({ file, line, from, to: node.getEnd(), before: node.getText(source), after });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    const after = changed(node, source);
    if (after !== undefined) add(node, after);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}

function changed(node: ts.Node, source: ts.SourceFile): string | undefined {
  if (
    ts.isToken(node) &&
    node.parent &&
    ts.isBinaryExpression(node.parent) &&
    node.parent.operatorToken === node
  )
    return SWAPPED.get(node.kind);
  if (ts.isNumericLiteral(node)) return node.text === '0' ? '1' : `(${node.getText(source)} + 1)`;
  if (ts.isBigIntLiteral(node)) return node.text === '0n' ? '1n' : `(${node.text} + 1n)`;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return 'false';
  if (node.kind === ts.SyntaxKind.FalseKeyword) return 'true';
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return node.operand.getText(source);
  if (ts.isIdentifier(node) && ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)
    return node.parent.expression.getText(source) === 'Math' ? TURNED[node.text] : undefined;
  const { parent } = node as { parent?: ts.Node };
  if (parent && (ts.isIfStatement(parent) || ts.isConditionalExpression(parent))) {
    const condition = ts.isIfStatement(parent) ? parent.expression : parent.condition;
    if (condition === node && !ts.isBinaryExpression(node) && !ts.isPrefixUnaryExpression(node))
      return `!(${node.getText(source)})`;
  }
  return undefined;
}

export const mutated = (text: string, { from, to, after }: Mutant): string =>
  text.slice(0, from) + after + text.slice(to);
