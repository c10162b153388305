import type { Period } from '../../domain/catalogue/period.ts'
import { spanOf } from '../../domain/catalogue/period.ts'
import { perPeriodInEnglish, perPeriodInPortuguese } from '../../domain/catalogue/period-words.ts'
import type { Reset } from '../../domain/catalogue/plan.ts'

/** All texts of the pricing page. Amounts are passed in as formatted text. */
export type PricingTexts = typeof english

const english = {
  title: 'Plans and prices',
  addons: 'Add-ons',
  nothing: 'No plan is on sale right now.',
  periods: 'Billing period',
  currencies: 'Currency',
  languages: 'Language',
  free: 'Free',
  per: perPeriodInEnglish,
  billed: (period: Period): string => {
    const { every, unit } = spanOf(period)
    const once = { day: 'Daily', week: 'Weekly', month: 'Monthly', year: 'Yearly' } as const
    return every === 1 ? once[unit] : `Every ${every} ${unit}s`
  },
  trial: (days: string) => `${days}-day free trial`,
  choose: 'Choose',
  unlimited: 'Unlimited',
  included: 'Included',
  perUnit: 'for each unit',
  resets: {
    hour: 'per hour',
    day: 'per day',
    week: 'per week',
    month: 'per month',
    period: 'per billing period',
    never: '',
  } satisfies Record<Reset, string> as Record<Reset, string>,
  softLimit: 'more is possible',
  beyond: 'Then',
  each: (amount: string) => `${amount} each`,
  perPackage: (amount: string, size: string, isBegun: boolean) =>
    `${amount} for each ${isBegun ? 'begun' : 'complete'} ${size}`,
  upTo: (count: string) => `up to ${count}`,
  after: (count: string) => `above ${count}`,
  any: 'each unit',
  plus: (amount: string) => `plus ${amount} once`,
  allAtLast: 'All units cost the price of the tier that is reached.',
  beyondLimit: 'beyond the limit',
}

const portuguese: PricingTexts = {
  title: 'Planos e preços',
  addons: 'Adicionais',
  nothing: 'Nenhum plano está à venda no momento.',
  periods: 'Período de cobrança',
  currencies: 'Moeda',
  languages: 'Idioma',
  free: 'Grátis',
  per: perPeriodInPortuguese,
  billed: (period) => {
    const { every, unit } = spanOf(period)
    const once = { day: 'Diário', week: 'Semanal', month: 'Mensal', year: 'Anual' } as const
    return every === 1 ? once[unit] : perPeriodInPortuguese(period).replace(/^a/, 'A')
  },
  trial: (days) => `${days} dias grátis`,
  choose: 'Escolher',
  unlimited: 'Ilimitado',
  included: 'Incluído',
  perUnit: 'por unidade',
  resets: {
    hour: 'por hora',
    day: 'por dia',
    week: 'por semana',
    month: 'por mês',
    period: 'por período de cobrança',
    never: '',
  },
  softLimit: 'é possível usar mais',
  beyond: 'Depois',
  each: (amount) => `${amount} cada`,
  perPackage: (amount, size, isBegun) =>
    `${amount} por ${isBegun ? 'cada pacote iniciado de' : 'cada pacote completo de'} ${size}`,
  upTo: (count) => `até ${count}`,
  after: (count) => `acima de ${count}`,
  any: 'cada unidade',
  plus: (amount) => `mais ${amount} uma vez`,
  allAtLast: 'Todas as unidades custam o preço da faixa alcançada.',
  beyondLimit: 'além do limite',
}

/** @param locale such as `pt-BR` */
export const textsOf = (locale: string): PricingTexts =>
  locale.startsWith('pt') ? portuguese : english
