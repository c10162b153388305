import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createWorld } from '../../support/world.ts'
import { GENERATED, generate } from './generation.ts'

test('the client’s types are those of the API that runs: `npm run generate-client` makes them anew', async () => {
  const world = await createWorld({ worker: false })
  const { types, operations } = await generate(
    await (await fetch(`${world.url}/openapi.json`)).text(),
  )
  expect(await readFile(GENERATED.operations, 'utf8')).toBe(operations)
  expect(await readFile(GENERATED.types, 'utf8')).toBe(types)
  await world.close()
})
