import { spanOf, type Period, type PeriodUnit, type PeriodView } from './period.ts'

/** In English: `per month`, `every 3 months`. */
export function perPeriodInEnglish(period: Period | PeriodView): string {
  const { every, unit } = spanOf(period)
  return every === 1 ? `per ${unit}` : `every ${every} ${unit}s`
}

const PORTUGUESE: Readonly<Record<PeriodUnit, readonly [one: string, many: string]>> = {
  day: ['dia', 'dias'],
  week: ['semana', 'semanas'],
  month: ['mês', 'meses'],
  year: ['ano', 'anos'],
}

/** In Portuguese: `por mês`, `a cada 3 meses`. */
export function perPeriodInPortuguese(period: Period | PeriodView): string {
  const { every, unit } = spanOf(period)
  const [one, many] = PORTUGUESE[unit]
  return every === 1 ? `por ${one}` : `a cada ${every} ${many}`
}
