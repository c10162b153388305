import type { NoticeKind } from '../../domain/customer/letter.ts'

/** The values in a letter. Amounts and days are formatted in the customer's locale; empty if there are none. */
export type TextFacts = {
  readonly plan: string
  readonly price: string
  readonly periodEnd: string
  readonly trialEnd: string
  /** The name of a feature. */
  readonly feature: string
  /** The share of the quota that is used, in per cent. */
  readonly threshold: number
  readonly usedAmount: string
  readonly quotaLimit: string
  /** The day on which usage resets; empty for never. */
  readonly resetsAt: string
  /** The day of the next payment attempt; empty if Stripe does not try again. */
  readonly nextAttempt: string
}

/** `action` is the text of the link to the page where the invoice can be paid. */
export type Text = { readonly subject: string; readonly body: string; readonly action?: string }
type Texts = Record<NoticeKind, (facts: TextFacts) => Text>

const english: Texts = {
  subscription_confirmed: ({ plan, price, periodEnd }) => ({
    subject: `Your ${plan} subscription is active`,
    body: `Thank you. ${plan} is now active for ${price}. The current period ends on ${periodEnd}.`,
  }),
  trial_started: ({ plan, price, trialEnd }) => ({
    subject: `Your ${plan} trial has started`,
    body: `You can use all of ${plan} until ${trialEnd}. After that it costs ${price}.`,
  }),
  trial_ending: ({ plan, price, trialEnd }) => ({
    subject: `Your ${plan} trial ends soon`,
    body: `Your trial of ${plan} ends on ${trialEnd}. On that day we charge ${price}, unless you cancel before.`,
  }),
  subscription_renewed: ({ plan, price, periodEnd }) => ({
    subject: `Your ${plan} subscription was renewed`,
    body: `We received ${price}. ${plan} continues, and the new period ends on ${periodEnd}.`,
  }),
  payment_failed: ({ plan, price, nextAttempt }) => ({
    subject: `Your payment for ${plan} failed`,
    body:
      nextAttempt === ''
        ? `We could not collect ${price} for ${plan}, and we will not try again automatically. You can pay on the page below.`
        : `We could not collect ${price} for ${plan}. We will try again on ${nextAttempt}. You can also pay now or use another card.`,
    action: 'Pay now',
  }),
  payment_action_required: ({ plan, price }) => ({
    subject: `Please confirm your payment for ${plan}`,
    body: `Your bank asks you to confirm the payment of ${price} for ${plan}. The payment is not complete until you do.`,
    action: 'Confirm the payment',
  }),
  plan_changed: ({ plan, price, periodEnd }) => ({
    subject: `Your plan is now ${plan}`,
    body: `Your subscription was changed to ${plan} for ${price}. The current period ends on ${periodEnd}.`,
  }),
  subscription_paused: ({ plan }) => ({
    subject: `Your ${plan} subscription is paused`,
    body: `${plan} is paused and nothing is charged. You can resume it at any time.`,
  }),
  subscription_resumed: ({ plan, periodEnd }) => ({
    subject: `Your ${plan} subscription is active again`,
    body: `${plan} is resumed. The current period ends on ${periodEnd}.`,
  }),
  subscription_canceled: ({ plan }) => ({
    subject: `Your ${plan} subscription has ended`,
    body: `${plan} has ended and nothing more will be charged. You can subscribe again at any time.`,
  }),
  quota_threshold: ({ plan, feature, threshold, usedAmount, quotaLimit, resetsAt }) => ({
    subject: `You have used ${threshold}% of ${feature}`,
    body: `You have used ${usedAmount} of ${quotaLimit} in your ${plan} plan.${resetsAt === '' ? '' : ` Your usage resets on ${resetsAt}.`}`,
  }),
}

const portuguese: Texts = {
  subscription_confirmed: ({ plan, price, periodEnd }) => ({
    subject: `A sua assinatura ${plan} está ativa`,
    body: `Obrigado. ${plan} está ativo por ${price}. O período atual termina em ${periodEnd}.`,
  }),
  trial_started: ({ plan, price, trialEnd }) => ({
    subject: `O seu período de teste de ${plan} começou`,
    body: `Pode usar tudo de ${plan} até ${trialEnd}. Depois disso custa ${price}.`,
  }),
  trial_ending: ({ plan, price, trialEnd }) => ({
    subject: `O seu período de teste de ${plan} termina em breve`,
    body: `O seu período de teste de ${plan} termina em ${trialEnd}. Nesse dia cobramos ${price}, a menos que cancele antes.`,
  }),
  subscription_renewed: ({ plan, price, periodEnd }) => ({
    subject: `A sua assinatura ${plan} foi renovada`,
    body: `Recebemos ${price}. ${plan} continua, e o novo período termina em ${periodEnd}.`,
  }),
  payment_failed: ({ plan, price, nextAttempt }) => ({
    subject: `O pagamento de ${plan} falhou`,
    body:
      nextAttempt === ''
        ? `Não conseguimos cobrar ${price} por ${plan} e não voltaremos a tentar automaticamente. Pode pagar na página abaixo.`
        : `Não conseguimos cobrar ${price} por ${plan}. Vamos tentar de novo em ${nextAttempt}. Também pode pagar agora ou usar outro cartão.`,
    action: 'Pagar agora',
  }),
  payment_action_required: ({ plan, price }) => ({
    subject: `Confirme o pagamento de ${plan}`,
    body: `O seu banco pede que confirme o pagamento de ${price} por ${plan}. O pagamento só é concluído depois disso.`,
    action: 'Confirmar o pagamento',
  }),
  plan_changed: ({ plan, price, periodEnd }) => ({
    subject: `O seu plano agora é ${plan}`,
    body: `A sua assinatura mudou para ${plan} por ${price}. O período atual termina em ${periodEnd}.`,
  }),
  subscription_paused: ({ plan }) => ({
    subject: `A sua assinatura ${plan} está em pausa`,
    body: `${plan} está em pausa e nada é cobrado. Pode retomar a qualquer momento.`,
  }),
  subscription_resumed: ({ plan, periodEnd }) => ({
    subject: `A sua assinatura ${plan} está ativa de novo`,
    body: `${plan} foi retomado. O período atual termina em ${periodEnd}.`,
  }),
  subscription_canceled: ({ plan }) => ({
    subject: `A sua assinatura ${plan} terminou`,
    body: `${plan} terminou e nada mais será cobrado. Pode assinar de novo a qualquer momento.`,
  }),
  quota_threshold: ({ plan, feature, threshold, usedAmount, quotaLimit, resetsAt }) => ({
    subject: `Já usou ${threshold}% de ${feature}`,
    body: `Já usou ${usedAmount} de ${quotaLimit} do seu plano ${plan}.${resetsAt === '' ? '' : ` O uso reinicia em ${resetsAt}.`}`,
  }),
}

/** The texts in the language of a locale such as `pt-BR`; English for all languages but Portuguese. */
export const textsFor = (locale: string): Texts =>
  locale.toLowerCase().startsWith('pt') ? portuguese : english
