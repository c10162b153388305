import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codeIn, rowsOf, section, textOf } from '../support/documents.ts'

const ROOT = join(import.meta.dirname, '../..')
const NOT_SOURCES = new Set(['node_modules', 'dist', 'coverage', 'lives-results', 'bench-results'])

test('docs/architecture.md lists every top-level folder, and no other', () => {
  const folders = readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .filter((name) => !NOT_SOURCES.has(name))
  const listed = rowsOf(section(textOf('docs/architecture.md'), 'Folders'))
  expect(listed.map(([cell]) => codeIn(cell).replace('/', '')).sort()).toEqual(folders.sort())
})
