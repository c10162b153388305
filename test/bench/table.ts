import { isMet, type Budget } from './budgets.ts'
import type { Figure } from './section.ts'

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const BOUNDS = { 'at least': '≥', 'at most': '≤', below: '<', exactly: '=' } as const

function worded(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Number.isInteger(value)) return value.toLocaleString('en')
  return Math.abs(value) < 100 ? value.toFixed(2) : Math.round(value).toLocaleString('en')
}

export const figuresTable = (figures: readonly Figure[]): string =>
  [
    line(['figure', 'median']),
    line(['---', '---:']),
    ...figures.map(({ name, value, unit }) => line([name, `${worded(value)} ${unit}`])),
  ].join('\n')

/** All budgets of a run in one table. */
export const budgetsTable = (
  sections: readonly { readonly name: string; readonly budgets: readonly Budget[] }[],
): string =>
  [
    line(['section', 'budget', 'measured', 'promised', 'met']),
    line(['---', '---', '---:', '---:', '---']),
    ...sections.flatMap(({ name, budgets }) =>
      budgets.map((budget) =>
        line([
          name,
          budget.name,
          `${worded(budget.measured)} ${budget.unit}`,
          `${BOUNDS[budget.bound]} ${budget.limit} ${budget.unit}`,
          isMet(budget) ? 'yes' : 'NO',
        ]),
      ),
    ),
  ].join('\n')
