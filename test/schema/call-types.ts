import { format } from 'prettier'
import type { Column, Operation, Result, Table } from './operations.ts'

/** Holds the generated files. */
export const GENERATED = new URL('../../adapters/database/generated/', import.meta.url)

const HEADER =
  '// Generated from the catalogue of the database by `npm run schema`; test/schema compares both.\n'

/** The types of `pg_type` that operations may use, as they are read and written. */
const TYPES: Record<string, string> = {
  bool: 'boolean',
  float8: 'number',
  int4: 'number',
  int8: 'number',
  jsonb: 'object',
  text: 'string',
  timestamptz: 'Date',
  uuid: 'string',
}

/** @returns the generated files, by name: one for the tables, one for each noun, and `operations.ts`, which has all. */
export async function callTypesOf(
  operations: readonly Operation[],
  tables: readonly Table[],
): Promise<ReadonlyMap<string, string>> {
  const nouns = [...new Set(operations.map(({ noun }) => noun))]
  const files = [
    ['tables.ts', textOfTables(tables)],
    ['operations.ts', textOfAll(nouns)],
    ...nouns.map((noun) => [
      `${noun}.ts`,
      textOfNoun(
        noun,
        operations.filter((each) => each.noun === noun),
      ),
    ]),
  ] as const
  const style = { parser: 'typescript', semi: false, singleQuote: true, printWidth: 100 } as const
  return new Map(
    await Promise.all(
      files.map(
        async ([name = '', text = '']) => [name, await format(HEADER + text, style)] as const,
      ),
    ),
  )
}

const textOfTables = (tables: readonly Table[]): string => `
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'

export const tableColumns = {
  ${tables.map(({ name, columns }) => `${name}: ${outsideJson(columns)}`).join(',\n')}
} satisfies Record<string, ColumnsOutsideJson>`

const textOfAll = (nouns: readonly string[]): string => `
import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'
${nouns.map((noun) => `import { ${noun}Columns, type ${typeNameOf(noun)} } from './${noun}.ts'`).join('\n')}

/** The arguments and the result of each operation. */
export type OperationTypes = ${nouns.map(typeNameOf).join(' & ')}

/** The columns of results that JSON has no type for, of the operations that have any. */
export const operationColumns: Readonly<Record<string, ColumnsOutsideJson | undefined>> = {
  ${nouns.map((noun) => `...${noun}Columns`).join(',\n')}
}`

function textOfNoun(noun: string, operations: readonly Operation[]): string {
  const types = operations.map(
    ({ name, given, result }) => `${name}: { ${givenType(given)}\n${resultType(result)} }`,
  )
  const columns = operations.flatMap(({ name, result }) => {
    const outside = columnsOutsideJson(result)
    return outside === undefined ? [] : `${name}: ${outside}`
  })
  const text = `export type ${typeNameOf(noun)} = { ${types.join('\n\n')} }

    export const ${noun}Columns = { ${columns.join(',\n')} } satisfies Record<string, ColumnsOutsideJson>`
  const imports = [
    ['Json', `import type { Json } from '../operations/json.ts'`],
    [
      'ColumnsOutsideJson',
      `import type { ColumnsOutsideJson } from '../operations/row-from-json.ts'`,
    ],
    ['Row', `import type { Row } from '../tables/schema.ts'`],
    ['tableColumns', `import { tableColumns } from './tables.ts'`],
  ] as const
  const used = imports.filter(([name]) => new RegExp(`\\b${name}\\b`).test(text))
  return `${used.map(([, line]) => line).join('\n')}\n\n${text}`
}

const typeNameOf = (noun: string): string => `${noun[0]?.toUpperCase()}${noun.slice(1)}Operations`

const givenType = (given: readonly Column[]): string =>
  given.length === 0
    ? ''
    : `given: { ${given.map((column) => `${column.name}: ${typeOf(column, 'Json')}`).join('\n')} }`

function resultType(result: Result): string {
  switch (result.kind) {
    case 'nothing':
      return ''
    case 'table':
      return `row: Row<'${result.table}'>`
    case 'row':
      return `row: { ${result.columns.map((column) => `${column.name}: ${typeOf(column)}`).join('\n')} }`
    case 'value':
    case 'values':
      return `${result.kind}: ${typeOf(result.column)}`
  }
}

/** @throws Error for a type that no operation uses yet. */
function typeOf({ name, type, isNullable, hasNullElements }: Column, json = 'object'): string {
  const element = TYPES[type.replace(/^_/, '')]
  if (element === undefined) throw new Error(`the type ${type} of ${name} is not known here`)
  const one = element === 'object' ? json : element
  const list = `readonly ${hasNullElements ? `(${one} | null)` : one}[]`
  return `${type.startsWith('_') ? list : one}${isNullable ? ' | null' : ''}`
}

function columnsOutsideJson(result: Result): string | undefined {
  switch (result.kind) {
    case 'nothing':
      return undefined
    case 'table':
      return `tableColumns.${result.table}`
    case 'row':
      return hasNone(result.columns) ? undefined : outsideJson(result.columns)
    case 'value':
    case 'values':
      return hasNone([result.column]) ? undefined : outsideJson([result.column])
  }
}

const namesOf = (columns: readonly Column[], type: string): string[] =>
  columns.filter((column) => column.type === type).map(({ name }) => name)

const hasNone = (columns: readonly Column[]): boolean =>
  namesOf(columns, 'timestamptz').length + namesOf(columns, 'int8').length === 0

const outsideJson = (columns: readonly Column[]): string =>
  `{ instants: ${listOf(namesOf(columns, 'timestamptz'))}, bigints: ${listOf(namesOf(columns, 'int8'))} }`

const listOf = (names: readonly string[]): string =>
  `[${names.map((name) => `'${name}'`).join(', ')}]`
