import type { CataloguePlan, CatalogueVersion } from '../../domain/catalogue/catalogue.ts'
import { CallFields, Card } from '../web/parts.tsx'
import { DifferenceTable } from './difference-table.tsx'
import { FORMAT } from './layout.tsx'
import { CONFIRMED } from './operator-actions.ts'
import { replacedBy, reviewedOf } from './reviewed-version.ts'

type Props = {
  readonly plan: CataloguePlan
  /** The plans that it fits, in words; undefined for a plan that is no add-on. */
  readonly addon: string | undefined
  readonly draft: CatalogueVersion
  readonly nameOf: (code: string) => string
  readonly csrf: string
}

/** The differences from the version on sale. Only the form of this page publishes the draft, and only as it is shown here. */
export const PublishReview = ({ plan, addon, draft, nameOf, csrf }: Props) => {
  const onSale = replacedBy(plan, draft)
  const path = `/console/catalogue/${plan.slug}`
  return (
    <>
      <div class="head">
        <div>
          <h1>
            Publish {plan.name}, version {draft.version}
          </h1>
          {addon !== undefined && <p>{addon}.</p>}
          <p>{inWords(onSale, addon === undefined ? 'plan' : 'add-on')}</p>
        </div>
      </div>
      <Card title="Differences" id="differences">
        <DifferenceTable onSale={onSale} draft={draft} nameOf={nameOf} />
        <form
          method="post"
          action={`${path}/versions/${draft.version}/publish`}
          class="fields review"
        >
          <CallFields token={csrf} />
          <input type="hidden" name="confirmed" value={CONFIRMED} />
          <input type="hidden" name="reviewed" value={reviewedOf(plan, draft)} />
          <p>
            {addon === undefined
              ? 'A published version never changes. New customers get it; existing customers keep their version until you migrate them.'
              : 'A published version never changes. Customers who add it from now on get it; an add-on that a customer has keeps its version.'}
          </p>
          <div class="buttons">
            <button class="primary">Publish version {draft.version}</button>
            <a class="button quiet" href={path}>
              Back
            </a>
          </div>
        </form>
      </Card>
    </>
  )
}

function inWords(onSale: CatalogueVersion | undefined, kind: string): string {
  if (onSale === undefined) return `The ${kind} is not yet on sale in this currency.`
  const { version, subscribers } = onSale
  const have = subscribers === 1 ? 'subscription has' : 'subscriptions have'
  return `It replaces version ${version}, which ${FORMAT.number(subscribers)} ${have}.`
}
