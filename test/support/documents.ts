import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const NOT_OURS = /(^|\/)(node_modules|dist|\.perennial|\.git)(\/|$)/

/** @param path from the root of the project. */
export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/**
 * Files of the project whose name ends in `extension`.
 * @param folder from the root of the project; the whole project without it.
 * @returns paths from the root, sorted.
 */
export function filesOf(extension: string, folder = '.'): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith(extension) && !NOT_OURS.test(path))
    .sort()
}

/** The part of a document under one of its headings of the second level, up to the next one. */
export function section(text: string, heading: string): string {
  const after = text.split(`\n## ${heading}\n`)[1]
  if (after === undefined) throw new Error(`no section ${heading}`)
  return after.split('\n## ')[0]!
}

/** Rows of all tables whose first cell is code; each row as its cells. */
export const rowsOf = (text: string): string[][] =>
  [...text.matchAll(/^\| `[^\n]*\|$/gm)].map(([row]) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

/** The name in a cell such as `` `PORT` ``. */
export const codeIn = (cell = ''): string => /^`([^`]+)`/.exec(cell)?.[1] ?? ''

/** Fenced blocks of a language, in order. */
export const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(
    ([, block]) => block!,
  )
