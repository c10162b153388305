import ts from 'typescript'

/** The words of one source file. */
export type SourceProse = {
  /** Comments and texts, one paragraph a line, without code in backticks. */
  readonly prose: string
  /** The names that the file declares, and where: `name:line`. Empty for languages other than TypeScript. */
  readonly names: readonly string[]
}

/**
 * Comments, texts of several words, and declared names of a source file.
 * @param path decides the language by its extension. TypeScript and JavaScript are parsed, others read by patterns.
 */
export function sourceProse(path: string, text: string): SourceProse {
  if (/\.(?:tsx?|m?js)$/.test(path)) return ofTypeScript(path, text)
  return { prose: paragraphs(path.endsWith('.sql') ? ofSql(text) : ofLines(text)), names: [] }
}

const paragraphs = (texts: readonly string[]): string =>
  texts.map((text) => text.replaceAll(/`[^`]*`/g, '`')).join('\n')

/** The sentences of a comment: without its marks, lines joined, one line per paragraph, tag or item. */
const commentText = (comment: string): string =>
  comment
    .replaceAll(/^\/\*\*?|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\*(?!\/)|\/\/+|--|#+)? ?/, '').trim())
    .map((line) => (line === '' ? '\n' : line.replace(/^(?:@\w+|[-*]|\d+\.) ?/, '\n')))
    .join(' ')
    .replaceAll(/ *\n */g, '\n')

const hasWords = (text: string): boolean => /\p{L}\s+\S*\p{L}/u.test(text)

function ofTypeScript(path: string, text: string): SourceProse {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind)
  const comments = new Map<number, ts.TextRange>()
  const texts: string[] = []
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.JSDoc) return
    if (!ts.isJsxText(node))
      for (const comment of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [])
        comments.set(comment.pos, comment)
    if (isText(node)) texts.push(wordsOf(node))
    if (isDeclaredName(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart())
      names.add(`${node.text}:${line + 1}`)
    }
    // Tokens too, because a comment may stand before a bracket.
    for (const child of node.getChildren(file)) visit(child)
  }
  visit(file)
  const blocks = joined([...comments.values()], text)
  return { prose: paragraphs([...blocks.map(commentText), ...texts]), names: [...names] }
}

/** Line comments on consecutive lines are one comment. */
function joined(comments: readonly ts.TextRange[], text: string): string[] {
  const blocks: { pos: number; end: number }[] = []
  for (const { pos, end } of comments.toSorted((a, b) => a.pos - b.pos)) {
    const last = blocks.at(-1)
    const isNext = last !== undefined && /^\n[ \t]*$/.test(text.slice(last.end, pos))
    if (isNext && text.startsWith('//', last.pos) && text.startsWith('//', pos)) last.end = end
    else blocks.push({ pos, end })
  }
  return blocks.map(({ pos, end }) => text.slice(pos, end))
}

function isText(node: ts.Node): node is ts.JsxText | ts.TemplateExpression | ts.StringLiteralLike {
  if (ts.isJsxText(node) || ts.isTemplateExpression(node)) return hasWords(node.getText())
  return ts.isStringLiteralLike(node) && hasWords(node.text)
}

function wordsOf(node: ts.JsxText | ts.TemplateExpression | ts.StringLiteralLike): string {
  const text = ts.isTemplateExpression(node)
    ? node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')
    : node.text
  return text.replaceAll(/\s*\n\s*/g, ' ').trim()
}

const isDeclaredName = (node: ts.Node): node is ts.Identifier =>
  ts.isIdentifier(node) &&
  'name' in node.parent &&
  node.parent.name === node &&
  !ts.isPropertyAccessExpression(node.parent)

const SQL_TEXTS = /(?:^[ \t]*--[^\n]*\n?)+|--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'/gm

const ofSql = (text: string): string[] =>
  [...text.matchAll(SQL_TEXTS)]
    .map(([found]) => (found.startsWith("'") ? found.slice(1, -1) : commentText(found.trim())))
    .filter(hasWords)

/** In YAML, shell, Python, HTML and CSS: comments, quoted texts, and the rest of a line after a colon. */
const LINE_TEXTS =
  /(?:^[ \t]*#[^\n]*\n?)+|\s#[^\n]*|\/\*[^]*?\*\/|<!--[^]*?-->|"{3}[^]*?"{3}|"[^"\n]*"|'[^'\n]*'|: [^\n]*/gm

const ofLines = (text: string): string[] =>
  [...text.matchAll(LINE_TEXTS)]
    .map(([found]) =>
      /^\s*(?:#|\/\*)/.test(found)
        ? commentText(found.trim())
        : found.replaceAll(/^(?:"+|'|: )|["']+$/g, ''),
    )
    .filter(hasWords)
