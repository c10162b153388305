import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { askOperator } from './migrations.ts'
import { fieldsOf, type pagesOf } from './pages.ts'
import type { World } from './world.ts'

const CATALOGUE = '/console/catalogue'
const TERMS = {
  price: '12.50',
  currency: 'usd',
  every: '1',
  unit: 'month',
  trial_days: '0',
  has_messages_sent: 'yes',
  limit_messages_sent: '100',
}

type Submit = (
  path: string,
  form?: Record<string, string>,
) => ReturnType<ReturnType<typeof pagesOf>>

/** A plan that an operator adds in the console, with functions for its versions. */
export async function aPlanInConsole(
  world: World,
  submit: Submit,
  fields: Record<string, string> = {},
) {
  const slug = `plan_${randomUUID().replaceAll('-', '_')}`
  const added = await submit(`${CATALOGUE}/plans`, {
    slug,
    name: 'Own',
    rank: '7',
    product_line: '',
    ...fields,
  })
  expect(added.location).toBe(`${CATALOGUE}/${slug}?done=plan`)
  const path = `${CATALOGUE}/${slug}`
  const draft = (terms: Record<string, string> = {}) =>
    submit(`${path}/versions`, { ...TERMS, ...terms })
  const act = (version: number, name: string, form?: Record<string, string>) =>
    submit(`${path}/versions/${version}/${name}`, form)
  const publish = async (version: number) =>
    act(version, 'publish', fieldsOf((await act(version, 'publish')).text))
  const read = async () => (await askOperator(world, 'GET', `/plans/${slug}`)).body.versions
  return { slug, path, draft, act, publish, read }
}
