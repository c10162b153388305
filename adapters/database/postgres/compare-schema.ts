import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { describeSchema } from './describe-schema.ts'

/** The schema that this build expects: `npm run schema` writes it. */
export const SCHEMA_FILE = new URL('../../../migrations/schema.sql', import.meta.url)

/** An object of a schema: `of` is the table, type or function name that it is part of. */
type SchemaObject = { readonly of: string; readonly text: string }

/**
 * Compares a live database with what this build expects.
 *
 * Tables and functions that the application keeps in the same schema are ignored. Where the server lacks the roles of
 * PostgREST, so are their grants and policies.
 *
 * @returns a sentence for each table, column, constraint, index, trigger, policy, function or grant that differs.
 */
export async function schemaDifferences(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'perennial-doctor',
  })
  await client.connect()
  try {
    const { rows } = await client.query<{ has_roles: boolean }>(
      `select count(*) = 3 as has_roles from pg_roles where rolname in ('anon', 'authenticated', 'service_role')`,
    )
    const expected = objectsOf(await readFile(SCHEMA_FILE, 'utf8'))
    if (rows[0]?.has_roles !== true)
      for (const name of expected.keys()) if (/^(?:grant|policy) /.test(name)) expected.delete(name)
    return differencesBetween(expected, objectsOf(await describeSchema(client)))
  } finally {
    await client.end()
  }
}

function differencesBetween(
  expected: ReadonlyMap<string, SchemaObject>,
  actual: ReadonlyMap<string, SchemaObject>,
): string[] {
  const ours = new Set([...expected.values()].map(({ of }) => of))
  const there = new Set([...actual.values()].map(({ of }) => of))
  const missing = [...expected].flatMap(([name, { of, text }]) => {
    const found = actual.get(name)
    if (found !== undefined) return found.text === text ? [] : [`${name} differs`]
    // Of a table that is missing, its columns need no mention.
    return there.has(of) || /^(?:table|type|function) /.test(name) ? [`${name} is missing`] : []
  })
  const extra = [...actual].flatMap(([name, { of }]) =>
    ours.has(of) && !expected.has(name) ? [`${name} is not part of this build`] : [],
  )
  return [...missing, ...extra]
}

/** How each kind of statement names its object: its name, then what it is part of. */
const NAMES: readonly (readonly [RegExp, (of: string, name: string) => string])[] = [
  [/^create type (?<of>\S+)/, (of) => `type ${of}`],
  [/^create table (?<of>\S+)/, (of) => `table ${of}`],
  [
    /^CREATE (?:UNIQUE )?INDEX (?<name>\S+) ON (?:ONLY )?(?<of>\S+)/,
    (of, name) => `index ${name} of ${of}`,
  ],
  [
    /^CREATE (?:CONSTRAINT )?TRIGGER (?<name>\S+) .*? ON (?<of>\S+)/,
    (of, name) => `trigger ${name} of ${of}`,
  ],
  [/^create policy (?<name>\S+) on (?<of>\S+)/, (of, name) => `policy ${name} of ${of}`],
  [/^alter table (?<of>\S+) enable/, (of) => `row-level security of ${of}`],
  [
    /^grant \w+ \(.*\) on table (?<of>\S+) to (?<name>\w+)/,
    (of, name) => `grant on columns of ${of} to ${name}`,
  ],
  [
    /^grant .* on table (?<of>\S+) to (?<name>\w+)/,
    (of, name) => `grant on table ${of} to ${name}`,
  ],
  [
    /^grant execute on function (?<of>\w+)(?<name>\(.*\) to \w+)/,
    (of, name) => `grant on function ${of}${name}`,
  ],
  [/^create (?:function|aggregate) (?<of>\w+)(?<name>.*)/, (of, name) => `function ${of}${name}`],
]

/**
 * The objects of a description, by their names.
 * @throws Error for a statement that `describeSchema` does not write.
 */
function objectsOf(description: string): Map<string, SchemaObject> {
  const objects = new Map<string, SchemaObject>()
  // A statement begins at the margin. Empty lines and comments separate them.
  const statements = description.split(/\n(?=[^\s)])/).map((text) => text.trimEnd())
  for (const text of statements.filter((each) => each !== '' && !each.startsWith('--'))) {
    const rule = NAMES.find(([pattern]) => pattern.test(text))
    const { of, name = '' } = (rule && rule[0].exec(text)?.groups) ?? {}
    if (rule === undefined || of === undefined) throw new Error(`no name for: ${text}`)
    const [head, ...lines] = /^create (?:table|type)/.test(text) ? text.split('\n') : [text]
    const inside = lines.filter((line) => line.startsWith('  '))
    objects.set(rule[1](of, name), {
      of,
      text: [head, ...lines.filter((line) => !inside.includes(line))].join('\n'),
    })
    for (const line of inside) {
      const part = /^ {2}(?<constraint>constraint )?(?<name>\S+)/.exec(line)?.groups
      const named = part?.['constraint']
        ? `constraint ${part['name']} of ${of}`
        : `column ${of}.${part?.['name']}`
      objects.set(named, { of, text: line.replace(/,$/, '') })
    }
  }
  return objects
}
