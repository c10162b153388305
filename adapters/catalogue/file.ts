import { isScalar, isCollection, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import {
  FEATURES_MAX,
  problemsOfPublishing,
  problemsOfTerms,
  SLUG,
  type FeatureDefinition,
  type PlanDefinition,
  type VersionTerms,
} from '../../domain/catalogue/catalogue.ts'
import { featureFields, grantedFields, nameField, termsFields, termsOfFeature } from './terms.ts'

/** A catalogue as somebody wants it: what is not in it is left alone. */
export type CatalogueFile = {
  readonly features: readonly FeatureDefinition[]
  readonly plans: readonly {
    readonly plan: PlanDefinition
    readonly terms: readonly VersionTerms[]
  }[]
}

/** What is wrong with a file, where, and what mends it. */
export type FileProblem = {
  readonly line: number | null
  readonly field: string
  readonly detail: string
}

/** One for each currency beside the first. */
const OTHER_PRICES_MAX = 20
/** Nobody sells more plans than this. */
const PLANS_MAX = 500
const slug = z.string().regex(SLUG, 'a to z, 0 to 9 and _, beginning with a letter, at most 64')

const granted = z.strictObject(grantedFields)
const fileSchema = z.strictObject({
  features: z.record(slug, z.strictObject(featureFields)).default({}),
  plans: z
    .record(
      slug,
      z.strictObject({
        name: nameField,
        rank: z.int(),
        product_line: slug.default('main'),
        ...termsFields,
        other_prices: z.array(termsFields.price).max(OTHER_PRICES_MAX).default([]),
        features: z
          .record(slug, granted.nullable())
          .refine(
            (features) => Object.keys(features).length <= FEATURES_MAX,
            `at most ${FEATURES_MAX} features`,
          ),
      }),
    )
    .refine((plans) => Object.keys(plans).length <= PLANS_MAX, `at most ${PLANS_MAX} plans`)
    .default({}),
})

type Read =
  | { readonly kind: 'read'; readonly file: CatalogueFile }
  | { readonly kind: 'wrong'; readonly problems: readonly FileProblem[] }

/**
 * Reads a catalogue, the whole of it or nothing, and names each field that is wrong with its line. `defined` are the
 * features that exist already, which plans may grant too.
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
      ...terms.flatMap((each, index) => [
        ...problemsOfTerms(each, (code) => types.get(code)).map((problem) =>
          index > 0 && problem.field === 'currency'
            ? { ...problem, field: `other_prices.${index - 1}.currency` }
            : problem,
        ),
        ...problemsOfPublishing(each),
      ]),
      ...sameCurrencies(terms),
    ]
      // What is wrong with a feature is wrong in each currency, and said once.
      .filter(({ field }, index, all) => all.findIndex((each) => each.field === field) === index)
      .map(({ field, detail }) => {
        const path = ['plans', plan.slug, ...field.split('.')]
        return { line: at(path), field: path.join('.'), detail }
      }),
  )
  return problems.length > 0 ? { kind: 'wrong', problems } : { kind: 'read', file }
}

const sameCurrencies = (terms: readonly VersionTerms[]) =>
  terms.flatMap(({ currency }, index) =>
    terms.findIndex((each) => each.currency === currency) === index
      ? []
      : [
          {
            field: `other_prices.${index - 1}.currency`,
            detail: 'the plan has a price in it already',
          },
        ],
  )

function fileFrom(
  { features, plans }: z.infer<typeof fileSchema>,
  defined: readonly FeatureDefinition[],
): CatalogueFile {
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
      },
      terms: [written.price, ...written.other_prices].map((price) => ({
        period: written.period,
        priceMinor: price.amount_minor,
        currency: price.currency,
        trialDays: written.trial_days,
        features: Object.entries(written.features).map(([code, given]) =>
          termsOfFeature(code, typeOf(code), given ?? granted.parse({})),
        ),
      })),
    })),
  }
}

/** The line of the innermost part of a path that the file has. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]) {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if ((isScalar(node) || isCollection(node)) && node.range)
      return lines.linePos(node.range[0]).line
  }
  return null
}
