import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@hey-api/openapi-ts'
import { z } from 'zod'
import { BASE_PATH } from '../../../api/app.ts'

/** Generated files of the client; do not edit them. */
export const GENERATED = {
  types: new URL('../../../packages/client/generated/types.ts', import.meta.url),
  operations: new URL('../../../packages/client/generated/operations.ts', import.meta.url),
}

const HEADER =
  '// Generated from the OpenAPI document by `npm run generate-client`; test/packages/client compares both.\n\n'

const document = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({ operationId: z.string(), responses: z.record(z.string(), z.unknown()) }),
    ),
  ),
})

/** Generates the client's types from the OpenAPI document. */
export async function generate(text: string): Promise<Record<keyof typeof GENERATED, string>> {
  const { paths, ...rest } = document.parse(JSON.parse(text))
  const own = Object.entries(paths)
    // The other endpoints are for machines: health checks, and Stripe's webhooks.
    .filter(([path]) => path.startsWith(`${BASE_PATH}/`) && !path.includes('/webhooks/'))
    .map(([path, methods]) => ({ path: path.slice(BASE_PATH.length), methods }))
  const types = await typesOf({
    ...rest,
    paths: Object.fromEntries(own.map(({ path, methods }) => [path, answersOf(methods)])),
  })
  const operations = own.flatMap(({ path, methods }) =>
    Object.entries(methods).map(([method, { operationId }]) => ({ path, method, id: operationId })),
  )
  return { types: HEADER + types, operations: HEADER + tableOf(operations) }
}

/** The methods of a path without their problems, which have one shared type. */
const answersOf = <Method extends { readonly responses: Record<string, unknown> }>(
  methods: Record<string, Method>,
) =>
  Object.fromEntries(
    Object.entries(methods).map(([method, operation]) => {
      const answers = Object.entries(operation.responses).filter(([status]) => status < '3')
      return [method, { ...operation, responses: Object.fromEntries(answers) }]
    }),
  )

const capital = (id: string) => id[0]!.toUpperCase() + id.slice(1)

async function typesOf(input: object): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'perennial-client-'))
  try {
    await createClient({
      input: { ...input },
      output: { path: directory, entryFile: false },
      plugins: ['@hey-api/typescript'],
      logs: { level: 'silent' },
    })
    const text = await readFile(join(directory, 'types.gen.ts'), 'utf8')
    return text.replace(/^\/\/.*\n\n/, '')
  } finally {
    await rm(directory, { recursive: true })
  }
}

type Operation = { readonly path: string; readonly method: string; readonly id: string }

function tableOf(operations: readonly Operation[]): string {
  const rows = operations.map(({ method, path, id }) => {
    const name = capital(id)
    return `  '${method.toUpperCase()} ${path}': { request: types.${name}Data; answers: types.${name}Responses }`
  })
  return `import type * as types from './types.ts'

/** Every operation of the API: its request, and its answers by status. */
export type Operations = {
${rows.join('\n')}
}
`
}
