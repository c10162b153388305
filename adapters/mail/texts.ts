import type { NoticeKind } from '../../domain/notice.ts'

/** What a text may mention; amounts and days are already in the reader's own form. */
export type TextFacts = {
  readonly plan: string
  readonly price: string
  readonly periodEnd: string
  readonly trialEnd: string
  /** A feature by its name, and how far it is used up, in per cent. */
  readonly feature: string
  readonly threshold: number
  readonly usedAmount: string
  readonly quotaLimit: string
  /** The day on which counting begins anew; empty for never. */
  readonly resetsAt: string
}

type Text = { readonly subject: string; readonly body: string }
type Texts = Record<NoticeKind, (facts: TextFacts) => Text>

const english: Texts = {
  subscription_confirmed: ({ plan, price, periodEnd }) => ({
    subject: `Your ${plan} subscription is active`,
    body: `Thank you. ${plan} is active now, for ${price}. The current period ends on ${periodEnd}.`,
  }),
  trial_started: ({ plan, price, trialEnd }) => ({
    subject: `Your ${plan} trial has begun`,
    body: `You can use all of ${plan} until ${trialEnd}. After that it costs ${price}.`,
  }),
  subscription_renewed: ({ plan, price, periodEnd }) => ({
    subject: `Your ${plan} subscription was renewed`,
    body: `${plan} goes on, for ${price}. The new period ends on ${periodEnd}.`,
  }),
  payment_failed: ({ plan, price }) => ({
    subject: `Your payment for ${plan} did not go through`,
    body: `We could not collect ${price} for ${plan}. It is tried again in the next days; please check your card.`,
  }),
  subscription_canceled: ({ plan }) => ({
    subject: `Your ${plan} subscription has ended`,
    body: `${plan} has ended and nothing more will be charged. You are welcome back at any time.`,
  }),
  quota_threshold: ({ plan, feature, threshold, usedAmount, quotaLimit, resetsAt }) => ({
    subject: `You have used ${threshold} % of ${feature}`,
    body: `${usedAmount} of ${quotaLimit} in your ${plan} plan are used.${resetsAt === '' ? '' : ` Counting starts anew on ${resetsAt}.`}`,
  }),
}

const portuguese: Texts = {
  subscription_confirmed: ({ plan, price, periodEnd }) => ({
    subject: `A sua assinatura ${plan} está ativa`,
    body: `Obrigado. ${plan} está ativo, por ${price}. O período atual termina em ${periodEnd}.`,
  }),
  trial_started: ({ plan, price, trialEnd }) => ({
    subject: `O seu período de teste de ${plan} começou`,
    body: `Pode usar tudo de ${plan} até ${trialEnd}. Depois disso custa ${price}.`,
  }),
  subscription_renewed: ({ plan, price, periodEnd }) => ({
    subject: `A sua assinatura ${plan} foi renovada`,
    body: `${plan} continua, por ${price}. O novo período termina em ${periodEnd}.`,
  }),
  payment_failed: ({ plan, price }) => ({
    subject: `O pagamento de ${plan} não foi concluído`,
    body: `Não conseguimos cobrar ${price} por ${plan}. Vamos tentar de novo nos próximos dias; verifique o seu cartão.`,
  }),
  subscription_canceled: ({ plan }) => ({
    subject: `A sua assinatura ${plan} terminou`,
    body: `${plan} terminou e nada mais será cobrado. Será sempre bem-vindo de volta.`,
  }),
  quota_threshold: ({ plan, feature, threshold, usedAmount, quotaLimit, resetsAt }) => ({
    subject: `Já usou ${threshold} % de ${feature}`,
    body: `${usedAmount} de ${quotaLimit} do seu plano ${plan} estão usados.${resetsAt === '' ? '' : ` A contagem recomeça em ${resetsAt}.`}`,
  }),
}

/** The texts of a locale such as `pt-BR`; English where we have none of its language. */
export const textsFor = (locale: string): Texts =>
  locale.toLowerCase().startsWith('pt') ? portuguese : english
