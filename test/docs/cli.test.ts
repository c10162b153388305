import { expect, test } from 'vitest'
import { codeIn, rowsOf, section, textOf } from '../support/documents.ts'

test('docs/cli.md lists the scripts of package.json, in its order', () => {
  const scripts = Object.keys(JSON.parse(textOf('package.json')).scripts)
  const commands = scripts.map((name) =>
    ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`,
  )
  const listed = rowsOf(section(textOf('docs/cli.md'), 'Scripts of this repository'))
  expect(listed.map(([cell]) => codeIn(cell))).toEqual(commands)
})
