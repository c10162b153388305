import { isScalar, isCollection, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { FITS_MAX, problemsOfAddon } from '../../domain/catalogue/addon.ts'
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
/** By feature. */
const usagePrices = z.record(slug, usagePriceField).default({})
const fileSchema = z.strictObject({
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
          ...termsFields,
          usage_prices: usagePrices,
          other_prices: z
            .array(termsFields.price.extend({ usage_prices: usagePrices }))
            .max(OTHER_PRICES_MAX)
            .default([]),
          features: z
            .record(slug, granted.nullable())
            .refine(
              (features) => Object.keys(features).length <= FEATURES_MAX,
              `at most ${FEATURES_MAX} features`,
            ),
        })
        .superRefine(({ features, usage_prices, other_prices }, context) => {
          const of = (path: readonly PropertyKey[], prices: object) => {
            for (const code of Object.keys(prices))
              if (!Object.hasOwn(features, code))
                context.addIssue({
                  code: 'custom',
                  path: [...path, 'usage_prices', code],
                  message: NOT_GRANTED,
                })
          }
          of([], usage_prices)
          for (const [index, other] of other_prices.entries())
            of(['other_prices', index], other.usage_prices)
        }),
    )
    .refine((plans) => Object.keys(plans).length <= PLANS_MAX, `at most ${PLANS_MAX} plans`)
    .default({}),
})

type Read =
  | { readonly kind: 'read'; readonly file: WantedCatalogue }
  | { readonly kind: 'wrong'; readonly problems: readonly FileProblem[] }

/**
 * Reads a catalogue from YAML.
 *
 * @param defined features that exist already; plans of the file may grant them too.
 * @returns the whole catalogue, or every problem with its field and line.
 */
export function readCatalogueFile(text: string, defined: readonly FeatureDefinition[]): Read {
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
  const parsed = fileSchema.safeParse(document.toJS() ?? {})
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
  const file = fileFrom(parsed.data, defined)
  const types = new Map([...defined, ...file.features].map((each) => [each.code, each.type]))
  const problems = file.plans.flatMap(({ plan, terms }) =>
    [
      ...problemsOfPrices(terms, (code) => types.get(code)),
      ...(plan.kind === 'addon' ? (terms[0] ? problemsOfAddon(terms[0]) : []) : []),
    ].map(({ field, detail }) => {
      const path = ['plans', plan.slug, ...field.split('.')]
      return { line: at(path), field: path.join('.'), detail }
    }),
  )
  return problems.length > 0 ? { kind: 'wrong', problems } : { kind: 'read', file }
}

function fileFrom(
  { features, plans }: z.infer<typeof fileSchema>,
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
      },
      terms: pricesOf(written).map(({ price, usage_prices }) => ({
        period: written.period,
        priceMinor: price.amount_minor,
        currency: price.currency,
        trialDays: written.trial_days,
        features: withUsagePrices(
          Object.entries(written.features).map(([code, given]) =>
            termsOfFeature(code, typeOf(code), given ?? granted.parse({})),
          ),
          new Map(Object.entries(usage_prices)),
        ),
      })),
    })),
  }
}

type WrittenPlan = z.infer<typeof fileSchema>['plans'][string]

/** Each price with the usage prices in its currency. */
const pricesOf = ({ price, usage_prices, other_prices }: WrittenPlan) => [
  { price, usage_prices },
  ...other_prices.map((other) => ({ price: other, usage_prices: other.usage_prices })),
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
