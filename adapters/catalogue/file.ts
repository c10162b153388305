import { isScalar, isCollection, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { FITS_MAX, problemsOfAddon } from '../../domain/catalogue/addon.ts'
import { problemsOfWantedAttach } from '../../domain/catalogue/auto-attach.ts'
import { PLAN_KINDS } from '../../domain/catalogue/plan-kind.ts'
import type { FeatureDefinition, WantedCatalogue } from '../../domain/catalogue/catalogue.ts'
import type { FieldProblem } from '../../domain/catalogue/field-problem.ts'
import { FEATURES_MAX, problemsOfPrices, SLUG, SLUG_RULE } from '../../domain/catalogue/terms.ts'
import { NOT_GRANTED, usagePriceField, withUsagePrices } from './usage-prices.ts'
import { featureFields, grantedFields, nameField, termsFields, termsOfFeature } from './terms.ts'

/** An invalid field of a file, and how to fix it. `line` counts from 1; null when the line is unknown. */
export type FileProblem = FieldProblem & { readonly line: number | null }

const OTHER_PRICES_MAX = 20
const PLANS_MAX = 500
const slug = z.string().regex(SLUG, SLUG_RULE)

const granted = z.strictObject(grantedFields)
const grantedFeatures = z
  .record(slug, granted.nullable())
  .refine(
    (features) => Object.keys(features).length <= FEATURES_MAX,
    `at most ${FEATURES_MAX} features`,
  )
/** By feature. */
const usagePrices = z.record(slug, usagePriceField).default({})
/** A price in another currency. The terms that it leaves out are those of the plan. */
const otherPrice = termsFields.price.extend({
  usage_prices: usagePrices,
  period: termsFields.period.optional(),
  trial_days: termsFields.trial_days.unwrap().optional(),
  features: grantedFeatures.optional(),
})

/** The form of a catalogue in a file and over HTTP. */
export const catalogueSchema = z.strictObject({
  features: z.record(slug, z.strictObject(featureFields)).default({}),
  plans: z
    .record(
      slug,
      z
        .strictObject({
          name: nameField,
          rank: z.int(),
          product_line: slug.default('main'),
          kind: z.enum(PLAN_KINDS).default('base'),
          fits: z.array(slug).max(FITS_MAX).nullable().default(null),
          auto_attach: z.boolean().default(false),
          ...termsFields,
          usage_prices: usagePrices,
          other_prices: z.array(otherPrice).max(OTHER_PRICES_MAX).default([]),
          features: grantedFeatures,
        })
        .superRefine(({ features, usage_prices, other_prices }, context) => {
          const of = (path: readonly PropertyKey[], prices: object, given: object) => {
            for (const code of Object.keys(prices))
              if (!Object.hasOwn(given, code))
                context.addIssue({
                  code: 'custom',
                  path: [...path, 'usage_prices', code],
                  message: NOT_GRANTED,
                })
          }
          of([], usage_prices, features)
          for (const [index, other] of other_prices.entries())
            of(['other_prices', index], other.usage_prices, other.features ?? features)
        }),
    )
    .refine((plans) => Object.keys(plans).length <= PLANS_MAX, `at most ${PLANS_MAX} plans`)
    .default({}),
})

type Read<Problem> =
  | { readonly kind: 'read'; readonly file: WantedCatalogue }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] }

/**
 * Reads a catalogue from YAML.
 *
 * @param defined features that exist already; plans of the file may grant them too.
 * @returns the whole catalogue, or every problem with its field and line.
 */
export function readCatalogueFile(
  text: string,
  defined: readonly FeatureDefinition[],
): Read<FileProblem> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0)
    return {
      kind: 'wrong',
      problems: document.errors.map(({ pos, message }) => ({
        line: lines.linePos(pos[0]).line,
        field: 'the file',
        detail: message,
      })),
    }
  const parsed = catalogueSchema.safeParse(document.toJS() ?? {})
  const at = (path: readonly PropertyKey[]) => lineOf(document, lines, path)
  if (!parsed.success)
    return {
      kind: 'wrong',
      problems: parsed.error.issues.map(({ path, message }) => ({
        line: at(path),
        field: path.map(String).join('.') || 'the file',
        detail: message,
      })),
    }
  const read = readCatalogue(parsed.data, defined)
  if (read.kind === 'read') return read
  const problems = read.problems.map((problem) => ({
    ...problem,
    line: at(problem.field.split('.')),
  }))
  return { kind: 'wrong', problems }
}

/**
 * Checks what the form alone does not say: that features exist, and that terms and prices fit together.
 *
 * @param written as `catalogueSchema` has parsed it.
 * @param defined features that exist already; plans of the file may grant them too.
 */
export function readCatalogue(
  written: z.infer<typeof catalogueSchema>,
  defined: readonly FeatureDefinition[],
): Read<FieldProblem> {
  const file = wantedFrom(written, defined)
  const types = new Map([...defined, ...file.features].map((each) => [each.code, each.type]))
  const problems = file.plans.flatMap(({ plan, terms }) =>
    [
      ...problemsOfPrices(terms, (code) => types.get(code)),
      ...problemsOfWantedAttach({ plan, terms }, file),
      ...(plan.kind === 'addon' && terms[0] !== undefined ? problemsOfAddon(terms[0]) : []),
    ].map(({ field, detail }) => ({ field: `plans.${plan.slug}.${field}`, detail })),
  )
  return problems.length > 0 ? { kind: 'wrong', problems } : { kind: 'read', file }
}

function wantedFrom(
  { features, plans }: z.infer<typeof catalogueSchema>,
  defined: readonly FeatureDefinition[],
): WantedCatalogue {
  const own = Object.entries(features).map(([code, { meter_event_name, ...feature }]) => ({
    code,
    ...feature,
    meterEventName: meter_event_name,
  }))
  const typeOf = (code: string) =>
    [...own, ...defined].find((each) => each.code === code)?.type ?? 'metered'
  return {
    features: own,
    plans: Object.entries(plans).map(([slugOfPlan, written]) => ({
      plan: {
        slug: slugOfPlan,
        name: written.name,
        rank: written.rank,
        productLine: written.product_line,
        kind: written.kind,
        fits: written.fits,
        autoAttach: written.auto_attach,
      },
      terms: pricesOf(written).map(({ price, usage_prices, ...differing }) => ({
        period: differing.period ?? written.period,
        priceMinor: price.amount_minor,
        currency: price.currency,
        trialDays: differing.trial_days ?? written.trial_days,
        features: withUsagePrices(
          Object.entries(differing.features ?? written.features).map(([code, given]) =>
            termsOfFeature(code, typeOf(code), given ?? granted.parse({})),
          ),
          new Map(Object.entries(usage_prices)),
        ),
      })),
    })),
  }
}

type WrittenPlan = z.infer<typeof catalogueSchema>['plans'][string]
type Priced = Pick<
  z.infer<typeof otherPrice>,
  'usage_prices' | 'period' | 'trial_days' | 'features'
> & {
  readonly price: WrittenPlan['price']
}

/** Each price with the terms of its own. */
const pricesOf = ({ price, usage_prices, other_prices }: WrittenPlan): Priced[] => [
  { price, usage_prices },
  ...other_prices.map((other) => ({ ...other, price: other })),
]

/** Finds the line of a path, or of its nearest parent that the file contains. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]) {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if ((isScalar(node) || isCollection(node)) && node.range)
      return lines.linePos(node.range[0]).line
  }
  return null
}
