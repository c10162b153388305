import type { RevenueMovement } from '../../domain/operator/figures.ts'
import { FORMAT } from './layout.tsx'

/** In units of the drawing, which is as wide as its card. */
const HEIGHT = 180
const MONTH_WIDTH = 60
const BAR_WIDTH = 26
const LABEL_HEIGHT = 22
/** Half of the space for bars: gains above the line, losses below. */
const REACH = (HEIGHT - LABEL_HEIGHT) / 2 - 4

type Props = {
  /** Of one currency. */
  readonly movements: readonly RevenueMovement[]
  /** All months of the drawing, such as `2026-11`, the oldest first. */
  readonly months: readonly string[]
  readonly currency: string
}

/** Gains and losses of monthly revenue, month by month. The table beside it has the same figures. */
export const MovementChart = ({ movements, months, currency }: Props) => {
  const bars = months.map((month) => ({ month, ...changeOf(movements, month) }))
  const highest = Math.max(1, ...bars.flatMap(({ gained, lost }) => [gained, lost]))
  const scale = REACH / highest
  const middle = REACH + 4
  return (
    <figure class="movement">
      <svg
        viewBox={`0 0 ${months.length * MONTH_WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`MRR gained and lost by month, in ${currency.toUpperCase()}`}
      >
        <line x1="0" x2={months.length * MONTH_WIDTH} y1={middle} y2={middle} class="axis" />
        {bars.map(({ month, gained, lost }, index) => {
          const x = index * MONTH_WIDTH + (MONTH_WIDTH - BAR_WIDTH) / 2
          return (
            <g>
              <title>
                {`${nameOf(month)}: +${FORMAT.money(gained, currency)}, −${FORMAT.money(lost, currency)}`}
              </title>
              <rect
                class="gain"
                x={x}
                y={middle - gained * scale}
                width={BAR_WIDTH}
                height={gained * scale}
              />
              <rect class="loss" x={x} y={middle} width={BAR_WIDTH} height={lost * scale} />
              <text x={index * MONTH_WIDTH + MONTH_WIDTH / 2} y={HEIGHT - 5} text-anchor="middle">
                {nameOf(month)}
              </text>
            </g>
          )
        })}
      </svg>
      <figcaption class="muted small">
        {`${currency.toUpperCase()}: new and expansion above the line, contraction and ended below.`}
      </figcaption>
    </figure>
  )
}

/** @returns both as positive amounts, in minor units. */
function changeOf(movements: readonly RevenueMovement[], wanted: string) {
  const found = movements.find(({ month }) => month === wanted)
  const parts =
    found === undefined
      ? []
      : [found.newMinor, found.expansionMinor, found.contractionMinor, found.endedMinor]
  const sumOf = (sign: 1 | -1) => parts.reduce((sum, each) => sum + Math.max(0, each * sign), 0)
  return { gained: sumOf(1), lost: sumOf(-1) }
}

const SHORT = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' })
const nameOf = (month: string): string => SHORT.format(new Date(`${month}-01T00:00:00Z`))
