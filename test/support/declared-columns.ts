import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const SCHEMA = fileURLToPath(new URL('../../adapters/database/tables/schema.ts', import.meta.url))

/** The columns that the code declares for each table: `table.column`, with ` null` behind nullable ones. */
export function declaredColumns(): string[] {
  const program = ts.createProgram([SCHEMA], {
    strict: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(SCHEMA)
  const module = source && checker.getSymbolAtLocation(source)
  const database =
    module && checker.getExportsOfModule(module).find(({ name }) => name === 'Database')
  if (database === undefined) throw new Error(`${SCHEMA} exports no Database`)
  return checker
    .getDeclaredTypeOfSymbol(database)
    .getProperties()
    .flatMap((table) =>
      checker
        .getTypeOfSymbol(table)
        .getProperties()
        .map((column) => {
          const type = checker.getTypeOfSymbol(column)
          return `${table.name}.${column.name}${isNullable(checker, type) ? ' null' : ''}`
        }),
    )
}

/** Columns that Postgres fills in, or that have different types for reads and writes, declare the read type in `__select__`. */
function isNullable(checker: ts.TypeChecker, type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type]
  return parts.some((part) => {
    const read = part.getProperty('__select__')
    return read === undefined
      ? (part.flags & ts.TypeFlags.Null) !== 0
      : isNullable(checker, checker.getTypeOfSymbol(read))
  })
}
