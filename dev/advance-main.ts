import { boundary, type Unit } from '../domain/calendar.ts'
import { readStackFile } from './stack-file.ts'
import { openStackTravel } from './stack-travel.ts'

const USAGE = 'Say how far: npm run advance -- 1 month (or 3 hours, 10 days, 2 weeks, 1 year)'
/** Ten years of renewals take minutes; more is a slip of the finger. */
const COUNT_MAX = 3_650

function parse(words: readonly string[]): { count: number; unit: Unit } | undefined {
  const [, count, unit] = /^(\d+) ?(hour|day|week|month|year)s?$/.exec(words.join(' ')) ?? []
  const known = (['hour', 'day', 'week', 'month', 'year'] as const).find((each) => each === unit)
  const many = Number(count)
  return known === undefined || many < 1 || many > COUNT_MAX
    ? undefined
    : { count: many, unit: known }
}

async function advance({ count, unit }: { count: number; unit: Unit }): Promise<void> {
  const travel = await openStackTravel(await readStackFile(), (line) => console.log(`  ${line}`))
  const from = travel.now()
  try {
    await travel.to(boundary(from, unit, count))
  } finally {
    await travel.close()
  }
  console.log(`It was ${from.toISOString()}, it is ${travel.now().toISOString()}.`)
}

const distance = parse(process.argv.slice(2))
if (distance === undefined) {
  console.error(USAGE)
  process.exit(1)
}
await advance(distance)
