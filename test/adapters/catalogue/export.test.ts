import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exportCatalogue, yamlOf } from '../../../adapters/catalogue/export.ts'
import {
  catalogueSchema,
  readCatalogue,
  readCatalogueFile,
} from '../../../adapters/catalogue/file.ts'
import { derivedUuid } from '../../../adapters/secrets/derived-uuid.ts'
import type { FeatureDefinition } from '../../../domain/catalogue/catalogue.ts'
import { putFeature } from '../../../domain/catalogue/change-feature.ts'
import { putPlan } from '../../../domain/catalogue/change-plan.ts'
import { createDraft, publish } from '../../../domain/catalogue/change-version.ts'
import { stepsTo } from '../../../domain/catalogue/difference.ts'
import { createCatalogueDraft, type CatalogueState } from '../../../domain/catalogue/draft.ts'
import { PERIOD_UNITS, periodOf } from '../../../domain/catalogue/period.ts'
import { PLAN_KINDS } from '../../../domain/catalogue/plan-kind.ts'
import { FEATURE_TYPES, RESETS } from '../../../domain/catalogue/plan.ts'
import type { FeatureTerms, VersionTerms } from '../../../domain/catalogue/terms.ts'
import type { UsagePrice } from '../../../domain/catalogue/usage-price.ts'

const ACT = { at: new Date('2026-01-02T00:00:00Z'), by: 'test' }
const CURRENCIES = ['usd', 'eur', 'jpy', 'kwd'] as const

const slug = fc.stringMatching(/^[a-z][a-z0-9_]{0,11}$/)
/** Texts that YAML could read as something else, too. */
const name = fc.oneof(
  fc.constantFrom(
    'yes',
    'null',
    '1e3',
    '- a',
    '# no',
    "it's",
    '"quoted"',
    'a: b',
    '012',
    '{}',
    'Ünïcode',
  ),
  fc.stringMatching(/^[A-Za-z][ -~]{0,30}[A-Za-z]$/),
)
const feature: fc.Arbitrary<FeatureDefinition> = fc.record({
  code: fc.oneof(slug, fc.constantFrom('constructor', 'true', 'null')),
  name,
  type: fc.constantFrom(...FEATURE_TYPES),
  unit: fc.option(name),
  meterEventName: fc.option(fc.stringMatching(/^[a-z]{1,12}$/)),
})
const amount = fc.constantFrom('0', '0.5', '12', '0.000000000001', '100.25')
const usagePrice: fc.Arbitrary<UsagePrice> = fc.oneof(
  fc.record({ model: fc.constant('per_unit' as const), unitAmount: amount }),
  fc.record({
    model: fc.constant('package' as const),
    unitAmount: amount,
    packageSize: fc.integer({ min: 1, max: 1_000_000 }),
    round: fc.constantFrom('up' as const, 'down' as const),
  }),
  fc.record({
    model: fc.constantFrom('graduated' as const, 'volume' as const),
    tiers: fc
      .array(fc.tuple(fc.integer({ min: 1, max: 500 }), amount, fc.nat(500)), {
        minLength: 1,
        maxLength: 4,
      })
      .map((parts) => {
        let end = 0
        return parts.map(([size, unitAmount, flat], index) => ({
          upTo: index === parts.length - 1 ? null : (end += size),
          unitAmount,
          flatAmountMinor: index === 0 ? 0 : flat,
        }))
      }),
  }),
)

/** Valid terms of a feature in a paid version; one in a free version is never priced, nor counted per unit. */
const granted = ({ code, type }: FeatureDefinition, isFree: boolean): fc.Arbitrary<FeatureTerms> =>
  fc
    .record({
      quotaLimit: fc.option(fc.nat(1_000_000)),
      reset: fc.constantFrom(...RESETS),
      overage: fc.constantFrom('refuse' as const, 'allow' as const, 'bill' as const),
      rolloverMax: fc.option(fc.integer({ min: 1, max: 1_000 })),
      alertThresholds: fc.constantFrom([80, 100], [50], [], [1, 2, 1_000]),
      settle: fc.constantFrom(null, 'strict' as const, 'overflow' as const),
      perQuantity: fc.boolean(),
      usagePrice: fc.option(usagePrice),
    })
    .map((terms) => {
      const quotaLimit = type === 'boolean' ? null : terms.quotaLimit
      const reset = type === 'metered' ? terms.reset : 'never'
      const overage = quotaLimit === null ? 'refuse' : terms.overage
      const isPriced = type === 'metered' && overage === 'bill' && !isFree
      return {
        code,
        quotaLimit,
        reset,
        overage,
        rolloverMax: quotaLimit === null || reset === 'never' ? null : terms.rolloverMax,
        alertThresholds: terms.alertThresholds,
        settle: type === 'metered' || terms.settle !== 'overflow' ? terms.settle : null,
        perQuantity: quotaLimit !== null && !isFree && terms.perQuantity,
        usagePrice: isPriced ? terms.usagePrice : null,
      }
    })

const version = (features: readonly FeatureDefinition[], currency: string) =>
  fc
    .record({
      isFree: fc.boolean(),
      every: fc.integer({ min: 1, max: 3 }),
      unit: fc.constantFrom(...PERIOD_UNITS),
      priceMinor: fc.integer({ min: 1, max: 99_999_999 }),
      trialDays: fc.nat(730),
      granted: fc.subarray([...features], { minLength: 1 }),
    })
    .chain(({ isFree, every, unit, ...terms }) =>
      fc
        .tuple(...terms.granted.map((each) => granted(each, isFree)))
        .map((given): VersionTerms => ({
          period: periodOf(every, unit),
          priceMinor: isFree ? 0 : terms.priceMinor,
          currency,
          trialDays: isFree ? 0 : terms.trialDays,
          features: given,
        })),
    )

const catalogue = fc
  .uniqueArray(feature, { selector: ({ code }) => code, minLength: 1, maxLength: 5 })
  .chain((features) =>
    fc.record({
      features: fc.constant(features),
      plans: fc.uniqueArray(
        fc.record({
          plan: fc
            .record({
              slug,
              name,
              rank: fc.integer(),
              productLine: fc.constantFrom('main', 'side'),
              kind: fc.constantFrom(...PLAN_KINDS),
              fits: fc.option(fc.uniqueArray(slug, { maxLength: 2 })),
              // Rare: the rules refuse most versions of such a plan.
              autoAttach: fc.nat({ max: 7 }).map((chosen) => chosen === 0),
            })
            .map((plan) => (plan.kind === 'base' ? { ...plan, fits: null } : plan)),
          versions: fc
            .uniqueArray(fc.constantFrom(...CURRENCIES), { maxLength: 3 })
            .chain((currencies) => fc.tuple(...currencies.map((each) => version(features, each)))),
          draft: fc.option(version(features, 'usd')),
        }),
        { selector: ({ plan }) => plan.slug, maxLength: 4 },
      ),
    }),
  )

/** The catalogue as operators build it, step by step. Versions that a rule refuses stay drafts. */
function build({
  features,
  plans,
}: typeof catalogue extends fc.Arbitrary<infer T> ? T : never): CatalogueState {
  const draft = createCatalogueDraft({ features: [], plans: [] }, derivedUuid)
  for (const each of features) putFeature(draft, each, ACT)
  for (const { plan, versions, draft: unpublished } of plans) {
    putPlan(draft, plan, ACT)
    for (const terms of versions) {
      const made = createDraft(draft, plan.slug, terms, ACT)
      if (made.kind === 'saved') publish(draft, made.saved, true, ACT)
    }
    if (unpublished !== null) createDraft(draft, plan.slug, unpublished, ACT)
  }
  return draft.state()
}

test('a catalogue that is exported and read again shows no difference, as YAML and as JSON', () => {
  let published = 0
  fc.assert(
    fc.property(catalogue, (random) => {
      const present = build(random)
      published += present.plans
        .flatMap(({ versions }) => versions)
        .filter(({ active }) => active).length
      const exported = exportCatalogue(present.features, present.plans)
      const fromYaml = readCatalogueFile(yamlOf(exported), [])
      const fromJson = readCatalogue(
        catalogueSchema.parse(JSON.parse(JSON.stringify(exported))),
        [],
      )
      for (const read of [fromYaml, fromJson]) {
        if (read.kind === 'wrong') throw new Error(JSON.stringify(read.problems))
        expect(stepsTo({ ...read.file, prunes: true }, present)).toEqual([])
      }
    }),
    { numRuns: 300 },
  )
  // Otherwise the generator builds only what the rules refuse.
  expect(published).toBeGreaterThan(100)
})
