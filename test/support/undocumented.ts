import ts from 'typescript'

const flags = (statement: ts.Statement) =>
  ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []

const nameOf = (statement: ts.Statement): string | undefined => {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations[0]?.name.getText()
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement)
  return isNamed ? statement.name?.text : undefined
}

const hasDocstring = (node: ts.Node) => ts.getJSDocCommentsAndTags(node).length > 0

/** The values that a type is derived from, as in `(typeof STEERS)[number]` or `z.infer<typeof schema>`. */
const sourcesOf = (node: ts.Node): string[] =>
  ts.isTypeQueryNode(node)
    ? [node.exprName.getText()]
    : node.getChildren().flatMap((child) => sourcesOf(child))

/**
 * @returns the exported names without a docstring, in the order of the file. A type that is derived from a documented value
 *   of the same file needs none, nor does a second signature of a documented function.
 */
export function undocumentedIn(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const documented = new Set(file.statements.filter(hasDocstring).map(nameOf))
  const isOverload = (each: ts.Statement) =>
    ts.isFunctionDeclaration(each) && documented.has(nameOf(each))
  return file.statements
    .filter((each) => flags(each).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .filter((each) => !hasDocstring(each) && !isOverload(each))
    .filter(
      (each) =>
        !ts.isTypeAliasDeclaration(each) ||
        !sourcesOf(each).some((source) => documented.has(source)),
    )
    .flatMap((each) => nameOf(each) ?? [])
}
