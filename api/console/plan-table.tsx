import type { Overview } from '../../domain/operator/figures.ts'
import { Card } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { FORMAT } from './layout.tsx'

type PlanFigures = Overview['plans'][number]

const COUNTS = [
  { name: 'Active', of: 'active' },
  { name: 'Trialing', of: 'trialing' },
  { name: 'Past due', of: 'pastDue' },
  { name: 'Other', of: 'other' },
] as const

/** Subscriptions and revenue of each plan in use. */
export const PlanTable = ({ overview: { plans, revenue } }: { readonly overview: Overview }) => {
  const totals = new Map(revenue.map(({ currency, mrrMinor }) => [currency, mrrMinor]))
  const shareOf = (mrrMinor: number, currency: string) => mrrMinor / (totals.get(currency) || 1)
  return (
    <Card title="By plan" id="plans">
      <Table
        rows={plans}
        empty="No subscriptions yet."
        columns={[
          {
            name: 'Plan',
            cell: ({ slug, name }) => (
              <a href={`/console/subscriptions?plan=${encodeURIComponent(slug)}`}>{name}</a>
            ),
          },
          ...COUNTS.map(({ name, of }) => ({
            name,
            kind: 'number' as const,
            class: (plan: PlanFigures) => (plan[of] === 0 ? 'zero' : ''),
            cell: (plan: PlanFigures) => FORMAT.number(plan[of]),
          })),
          {
            name: 'MRR',
            kind: 'number',
            cell: ({ mrrMinor, currency }) => FORMAT.money(mrrMinor, currency),
          },
          {
            name: 'Share',
            cell: ({ name, mrrMinor, currency }) => (
              <div class="share">
                <progress
                  aria-label={`${name}: share of revenue`}
                  max={1}
                  value={shareOf(mrrMinor, currency)}
                />
              </div>
            ),
          },
        ]}
      />
    </Card>
  )
}
