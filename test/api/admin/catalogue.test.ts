import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planCatalogue } from '../../../adapters/catalogue/apply.ts'
import { readCatalogueFile } from '../../../adapters/catalogue/file.ts'
import { subscribe } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const OPERATOR = { authorization: 'Bearer bk_dev_operator' }
const ask = (method: string, path: string, body?: unknown, key?: string) =>
  world.call(method, `/admin${path}`, { headers: OPERATOR, body, ...(key && { key }) })

const TERMS = {
  period: 'monthly',
  price: { amount_minor: 0, currency: 'usd' },
  features: [{ code: 'messages_sent', quota_limit: 7, overage: 'allow', alert_thresholds: [50] }],
}

async function aPlan(terms: object = TERMS) {
  const slug = `plan_${randomUUID().replaceAll('-', '_')}`
  await ask('PUT', `/plans/${slug}`, { name: 'Own', rank: 4 })
  await ask('POST', `/plans/${slug}/versions`, terms)
  return slug
}

describe('a whole catalogue', () => {
  const exported = async () => (await ask('GET', '/catalogue')).body
  const wanted = async (plan: object, slug = `plan_${randomUUID().replaceAll('-', '_')}`) => {
    const catalogue = await exported()
    return {
      slug,
      body: { catalogue: { ...catalogue, plans: { ...catalogue.plans, [slug]: plan } } },
    }
  }
  const OWN = {
    name: 'Own',
    rank: 4,
    period: { every: 2, unit: 'week' },
    price: { amount_minor: 700, currency: 'usd' },
    features: { messages_sent: { quota_limit: 7 } },
  }

  test('is exported as JSON and YAML, and shows no difference to itself', async () => {
    const answer = await ask('POST', '/catalogue/plan', {
      catalogue: await exported(),
      prune: true,
    })
    expect(answer).toMatchObject({ status: 200, body: { changes: [], left_alone: [] } })
    const yaml = await fetch(`${world.url}/api/v1/billing/admin/catalogue?format=yaml`, {
      headers: OPERATOR,
    })
    expect(yaml.headers.get('content-type')).toBe('application/yaml')
    const read = readCatalogueFile(await yaml.text(), [])
    if (read.kind === 'wrong') throw new Error(JSON.stringify(read.problems))
    expect(await planCatalogue(world.container.repositories.catalogue, read.file)).toEqual([])
  })

  test('is compared without a change, then published as it was shown, once', async () => {
    const { slug, body } = await wanted(OWN)
    const shown = await ask('POST', '/catalogue/plan', body)
    expect(shown.body.changes).toMatchObject([
      { kind: 'plan', subject: slug },
      { kind: 'version', subject: slug },
    ])
    expect((await ask('GET', `/plans/${slug}`)).status).toBe(404)
    const { fingerprint } = shown.body
    const applied = await ask('POST', '/catalogue/apply', { ...body, fingerprint })
    expect(applied).toMatchObject({ status: 200, body: { changes: shown.body.changes } })
    expect((await ask('GET', `/plans/${slug}`)).body.versions).toMatchObject([
      { state: 'published', on_sale: true, period: { every: 2, unit: 'week' } },
    ])
    // The answer was lost: the same request again finds nothing to change.
    const again = await ask('POST', '/catalogue/apply', { ...body, fingerprint })
    expect(again).toMatchObject({ status: 200, body: { changes: [] } })
  })

  test('is refused when the catalogue, or the request, differs from what was shown', async () => {
    const { slug, body } = await wanted(OWN)
    const { fingerprint } = (await ask('POST', '/catalogue/plan', body)).body
    const other = { catalogue: { plans: { [slug]: { ...OWN, rank: 5 } } } }
    expect(await ask('POST', '/catalogue/apply', { ...other, fingerprint })).toMatchObject({
      status: 409,
      body: { code: 'moved_on' },
    })
    await aPlan()
    expect(await ask('POST', '/catalogue/apply', { ...body, fingerprint })).toMatchObject({
      status: 409,
      body: { code: 'moved_on' },
    })
    expect((await ask('GET', `/plans/${slug}`)).status).toBe(404)
  })

  test('names each field that is wrong, and then changes nothing', async () => {
    const bad = { ...OWN, features: { none: {}, seats: { reset: 'day' } } }
    const { slug, body } = await wanted(bad)
    for (const path of ['/catalogue/plan', '/catalogue/apply']) {
      const answer = await ask('POST', path, body)
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request' } })
      expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual([
        `catalogue.plans.${slug}.features.none`,
        `catalogue.plans.${slug}.features.seats.reset`,
      ])
    }
    expect((await ask('GET', `/plans/${slug}`)).status).toBe(404)
    const typo = await ask('POST', '/catalogue/apply', { catalogue: { plan: {} } })
    expect(typo).toMatchObject({ status: 422 })
  })
})

describe('an operator', () => {
  test('creates a feature and a plan and publishes it, and a customer can subscribe', async () => {
    const feature = { name: 'Storage', type: 'metered', unit: 'GB', meter_event_name: 'gigabytes' }
    expect(await ask('PUT', '/features/storage', feature)).toMatchObject({
      status: 200,
      body: { code: 'storage', ...feature },
    })
    const slug = await aPlan({ ...TERMS, features: [{ code: 'storage', quota_limit: 5 }] })
    const before = await world.call('GET', '/plans')
    expect(before.body.plans.map((plan: { slug: string }) => plan.slug)).not.toContain(slug)
    const published = await ask('PUT', `/plans/${slug}/versions/1/publication`, {})
    expect(published).toMatchObject({
      status: 200,
      body: { state: 'published', on_sale: true, subscribers: 0 },
    })
    const who = await subscribe(world, slug)
    expect(await who.usage('storage')).toMatchObject({ quota_limit: 5, remaining: 5 })
    expect((await ask('GET', `/plans/${slug}`)).body.versions).toMatchObject([{ subscribers: 1 }])
  })

  test('publishes the next version: new customers get it, and the others keep theirs', async () => {
    const slug = await aPlan()
    await ask('PUT', `/plans/${slug}/versions/1/publication`, {})
    const early = await subscribe(world, slug)
    const features = [{ code: 'messages_sent', quota_limit: 70 }]
    const next = await ask('POST', `/plans/${slug}/versions`, { ...TERMS, features })
    expect(next).toMatchObject({ status: 201, body: { version: 2, state: 'draft' } })
    await ask('PUT', `/plans/${slug}/versions/2/publication`, {})
    const late = await subscribe(world, slug)
    expect((await early.read()).plan).toMatchObject({ version: 1, version_on_sale: 2 })
    expect((await late.read()).plan).toMatchObject({ version: 2, version_on_sale: 2 })
    expect(await early.usage()).toMatchObject({ quota_limit: 7 })
    expect(await late.usage()).toMatchObject({ quota_limit: 70 })
    const { client } = world.container.temporal
    for (const [who, version] of [
      [early, 1],
      [late, 2],
    ] as const) {
      const described = await client.workflow.getHandle(`subscription/${who.id}`).describe()
      expect(described.searchAttributes).toMatchObject({ Plan: [slug], PlanVersion: [version] })
    }
  })

  test('puts an older version on sale again', async () => {
    const slug = await aPlan()
    await ask('PUT', `/plans/${slug}/versions/1/publication`, {})
    await ask('POST', `/plans/${slug}/versions`, {
      ...TERMS,
      trial_days: 0,
      features: [{ code: 'seats' }],
    })
    await ask('PUT', `/plans/${slug}/versions/2/publication`, {})
    expect(await ask('PUT', `/plans/${slug}/versions/1/sale`)).toMatchObject({
      body: { on_sale: true },
    })
    await ask('PUT', `/plans/${slug}/versions/2/retirement`)
    const { body } = await ask('GET', `/plans/${slug}`)
    expect(body.versions).toMatchObject([
      { version: 2, state: 'retired', on_sale: false },
      { version: 1, state: 'published', on_sale: true },
    ])
  })

  test('sees the changes of the catalogue with their authors', async () => {
    const slug = await aPlan()
    const { body } = await ask('GET', '/catalogue/changes?limit=2')
    expect(body.changes).toMatchObject([
      { kind: 'version_created', subject: `${slug}/1`, before: null },
      { kind: 'plan_created', subject: slug },
    ])
  })

  test('creates one version per idempotency key', async () => {
    const slug = await aPlan()
    const key = randomUUID()
    const terms = { ...TERMS, price: { amount_minor: 5, currency: 'eur' } }
    const replies = await Promise.all(
      [1, 2, 3].map(() => ask('POST', `/plans/${slug}/versions`, terms, key)),
    )
    expect(replies.map(({ body }) => body.version)).toEqual([2, 2, 2])
    expect(await ask('POST', `/plans/${slug}/versions`, TERMS, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
  })
})

describe('an invalid request is refused with a code and a detail', () => {
  test('if a version is incomplete: names each missing field', async () => {
    const slug = await aPlan({})
    const reply = await ask('PUT', `/plans/${slug}/versions/1/publication`, {})
    expect(reply).toMatchObject({ status: 422, body: { code: 'plan_version_incomplete' } })
    expect(reply.body.errors.map((each: { field: string }) => each.field)).toEqual([
      'period',
      'price.amount_minor',
      'price.currency',
      'features',
    ])
  })

  test.each([
    [{ features: [{ code: 'nothing' }] }, 'plan_version_invalid', 'features.nothing'],
    [
      { features: [{ code: 'seats', reset: 'month' }] },
      'plan_version_invalid',
      'features.seats.reset',
    ],
    [{ price: { amount_minor: 1, currency: 'zzz' } }, 'plan_version_invalid', 'currency'],
    [{ price: { amount_minor: 1.5, currency: 'usd' } }, 'invalid_request', 'price.amount_minor'],
    [{ period: 'weekly' }, 'invalid_request', 'period'],
    [{ colour: 'red' }, 'invalid_request', 'colour'],
  ])('%j', async (terms, code, field) => {
    const slug = await aPlan()
    const reply = await ask('POST', `/plans/${slug}/versions`, terms)
    expect(reply).toMatchObject({ status: 422, body: { code, errors: [{ field }] } })
  })

  test('if the version or plan is published, in use or missing', async () => {
    const slug = await aPlan()
    const version = `/plans/${slug}/versions/1`
    await ask('PUT', `${version}/publication`, {})
    await subscribe(world, slug)
    for (const [method, path, body, status, code] of [
      ['PUT', version, TERMS, 409, 'plan_version_published'],
      ['DELETE', version, undefined, 409, 'plan_version_in_use'],
      ['DELETE', `/plans/${slug}`, undefined, 409, 'plan_in_use'],
      ['PUT', `/plans/${slug}`, { name: 'x', rank: 1, product_line: 'other' }, 409, 'plan_in_use'],
      ['DELETE', '/features/messages_sent', undefined, 409, 'feature_in_use'],
      ['PUT', '/features/seats', { name: 'Seats', type: 'metered' }, 409, 'feature_in_use'],
      ['GET', `/plans/${slug}/versions/9`, undefined, 404, 'plan_version_not_found'],
      ['PUT', '/plans/none/versions/1/retirement', undefined, 404, 'plan_not_found'],
    ] as const) {
      const reply = await ask(method, path, body)
      expect(reply, `${method} ${path}`).toMatchObject({ status, body: { code } })
      expect(reply.body.detail.length).toBeGreaterThan(20)
    }
  })

  test('without the scope operator', async () => {
    expect(await world.call('PUT', '/admin/plans/plan_x', { body: {} })).toMatchObject({
      status: 403,
    })
    expect(await world.call('GET', '/admin/plans')).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
  })
})
