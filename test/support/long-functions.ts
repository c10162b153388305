import ts from 'typescript'

/** The functions of a file that have more than `linesMax` lines, as `path name`. */
export function longFunctionsIn(path: string, text: string, linesMax: number): string[] {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind)
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line
  const long: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) {
      const lines = lineOf(node.getEnd()) - lineOf(node.getStart()) + 1
      if (lines > linesMax) long.push(`${path} ${nameOf(node)}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return long
}

/** The function's name, or that of the constant or property that holds it. */
function nameOf(node: ts.SignatureDeclaration): string {
  const holder = node.name === undefined ? node.parent : node
  return 'name' in holder && holder.name !== undefined
    ? (holder.name as ts.Node).getText()
    : 'anonymous'
}
