import { describe, expect, test } from 'vitest'
import { codeIn, filesOf, rowsOf, textOf } from '../support/documents.ts'

type Variable = { readonly name: string; readonly schema: string }

/** Schemas of the environment are the only ones with fields in capitals. */
const variables: readonly Variable[] = filesOf('.ts')
  .filter((path) => !/^(test|packages|examples)\//.test(path))
  .flatMap((path) => [
    ...textOf(path).matchAll(
      /^ {2}([A-Z][A-Z_]+): ((?:z|commaSeparated)\b[^]*?),\n(?= {2}(?:[A-Z]|\/\*\*|\.\.\.)|\})/gm,
    ),
  ])
  .map(([, name, schema]) => ({ name: name!, schema: schema! }))

const names = new Set(variables.map(({ name }) => name))
const documented = rowsOf(textOf('docs/configuration.md'))

describe('the configuration', () => {
  test('is in docs/configuration.md: every variable that is read, and no other', () => {
    expect(names.size).toBeGreaterThan(60)
    expect(documented.map(([cell]) => codeIn(cell)).sort()).toEqual([...names].sort())
  })

  test('has the defaults that docs/configuration.md lists', () => {
    const defaults = variables.flatMap(({ name, schema }) => {
      const [, text, number] = /\.default\((?:'([^']+)'|([\d_]+))\)/.exec(schema) ?? []
      const value = text ?? number?.replaceAll('_', '')
      return value === undefined ? [] : [[name, value] as const]
    })
    expect(defaults.length).toBeGreaterThan(25)
    const said = new Map(documented.map(([cell, , value]) => [codeIn(cell), codeIn(value)]))
    expect(defaults.filter(([name, value]) => said.get(name) !== value)).toEqual([])
  })

  test('is in .env.example, with the variables that only Compose needs', () => {
    const ofCompose = [...textOf('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(
      ([, name]) => name!,
    )
    const listed = [...textOf('.env.example').matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map(
      ([, name]) => name!,
    )
    expect(listed.sort()).toEqual([...new Set([...names, ...ofCompose])].sort())
  })
})
